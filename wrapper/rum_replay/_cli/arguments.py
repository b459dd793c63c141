"""Arguments and options that several commands take."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import click

__all__ = ["DATA_SOURCE_HELP", "TIME_HELP", "moment_option", "paging_options", "session_ids"]

F = TypeVar("F", bound=Callable[..., Any])

TIME_HELP = "ISO 8601 with an offset, such as 2026-07-01T12:00:00Z, or milliseconds of Unix time"
DATA_SOURCE_HELP = "`rum` (the server's default) or `product_analytics`."


def moment_option(name: str, help: str) -> Callable[[F], F]:
    """An option for a point in time; gives a datetime, or milliseconds."""
    return click.option(name, metavar="TIME", callback=_moment, help=f"{help}; {TIME_HELP}.")


def _moment(_: click.Context, __: click.Parameter, value: str | None) -> datetime | int | None:
    if value is None:
        return None
    if re.fullmatch(r"-?[0-9]{1,19}", value, re.ASCII):
        return int(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a time; use {TIME_HELP}") from None
    if moment.utcoffset() is None:
        raise click.BadParameter(f"{value!r} has no offset from UTC; add Z or one such as +02:00")
    return moment


def paging_options(function: F) -> F:
    """`--page-size`, `--start-page` and `--limit` of lists that come in pages."""
    options: tuple[Callable[[F], F], ...] = (
        click.option("--limit", type=int, metavar="N", help="The most to give; all by default."),
        click.option("--page-size", type=int, metavar="N", help="How many to fetch at once; the server's by default."),
        click.option("--start-page", type=int, default=0, metavar="N", help="The first page, counted from 0."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def session_ids(given: Iterable[str]) -> list[str]:
    """The ids given as arguments; `-` stands for those on standard input, one a line."""
    ids: list[str] = []
    for value in given:
        if value == "-":
            ids += filter(None, (line.strip() for line in sys.stdin))
        else:
            ids.append(value)
    if not ids:
        raise click.UsageError("no session ids on standard input")
    return ids
