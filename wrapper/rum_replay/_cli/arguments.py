"""Arguments and options that several commands take, and what their values become."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import click

from .._arguments import to_milliseconds
from .._errors import InvalidRequestError
from .commands import Settings
from .times import TimeOption, parse_time

__all__ = [
    "DATA_SOURCE_HELP",
    "paging_options",
    "session_ids",
    "sources_argument",
    "time_option",
]

F = TypeVar("F", bound=Callable[..., Any])

DATA_SOURCE_HELP = "`rum` or `product_analytics`; the server assumes `rum`."


def time_option(name: str, help: str) -> Callable[[F], F]:
    """An option for a point in time; its value is an aware datetime or an integer of milliseconds."""
    return click.option(name, cls=TimeOption, metavar="TIME", callback=_parse_time, help=f"{help}.")


def _parse_time(ctx: click.Context, _: click.Parameter, value: str | None) -> datetime | int | None:
    if value is None:
        return None
    try:
        time = parse_time(value, ctx.ensure_object(Settings).now())
        return to_milliseconds("it", time) if isinstance(time, int) else time
    except (ValueError, InvalidRequestError) as error:
        raise click.BadParameter(str(error)) from None


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
