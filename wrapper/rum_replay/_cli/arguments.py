"""Arguments and options that several commands take, and what their values become."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .._times import parse_rfc3339
from .commands import CommandError

if TYPE_CHECKING:
    from ..segments._recording import Recording

__all__ = [
    "DATA_SOURCE_HELP",
    "TIME_HELP",
    "open_recording",
    "paging_options",
    "session_ids",
    "sources_argument",
    "time_option",
]

F = TypeVar("F", bound=Callable[..., Any])

TIME_HELP = "ISO 8601 with an offset, such as 2026-07-01T12:00:00Z, or milliseconds of Unix time"
DATA_SOURCE_HELP = "`rum` or `product_analytics`; the server assumes `rum`."


def time_option(name: str, help: str) -> Callable[[F], F]:
    """An option for a point in time; its value is an aware datetime or an integer of milliseconds."""
    return click.option(name, metavar="TIME", callback=_parse_time, help=f"{help}. {TIME_HELP}.")


def _parse_time(_: click.Context, __: click.Parameter, value: str | None) -> datetime | int | None:
    if value is None:
        return None
    if re.fullmatch(r"-?[0-9]{1,19}", value, re.ASCII):
        return int(value)
    try:
        return parse_rfc3339(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}; use {TIME_HELP}") from None


def paging_options(function: F) -> F:
    """`--limit`, `--page-size` and `--start-page` of lists that the API returns in pages."""
    options: tuple[Callable[[F], F], ...] = (
        click.option("--limit", type=int, metavar="N", help="List at most N; all by default."),
        click.option("--page-size", type=int, metavar="N", help="Items per request; the server decides by default."),
        click.option(
            "--start-page",
            type=int,
            default=0,
            show_default=True,
            metavar="N",
            help="The page to start with, counted from 0.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def session_ids(given: Iterable[str]) -> list[str]:
    """The ids given as arguments; `-` is replaced by the ids on standard input, one per line."""
    ids: list[str] = []
    for value in given:
        if value == "-":
            ids += filter(None, (line.strip() for line in sys.stdin))
        else:
            ids.append(value)
    if not ids:
        raise click.UsageError("no session ids on standard input")
    return ids


def sources_argument(function: F) -> F:
    """One or more sources of segments."""
    return click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)(function)


def open_recording(*sources: str) -> Recording:
    """The recording in these files and folders, or in standard input for `-`; CommandError if they have no segments."""
    from ..segments import open as open_sources

    recording = open_sources([sys.stdin.buffer if source == "-" else source for source in sources])
    if not recording.views:
        reason = f": {recording.unreadable[0].reason}" if recording.unreadable else ""
        raise CommandError(f"no segments in {', '.join(sources)}{reason}")
    return recording
