"""Arguments and options that several commands take, and what their values become."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from .._arguments import to_milliseconds
from .._errors import InvalidRequestError
from .commands import GLOBAL_OPTIONS, Settings
from .output import ALL_COLUMNS, Columns, column_name
from .times import TimeOption, parse_time

__all__ = [
    "columns_option",
    "complete_folder",
    "complete_path",
    "data_source_option",
    "paging_options",
    "require_one_option",
    "sources_argument",
    "suggest",
    "time_option",
]

F = TypeVar("F", bound=Callable[..., Any])

_Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def suggest(*words: str) -> _Completer:
    """Completion for an option that takes other words as well, because the server decides."""
    return lambda _, __, incomplete: [CompletionItem(word) for word in words if word.startswith(incomplete)]


def complete_folder(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completion by the shell, with the names of folders."""
    return [CompletionItem(incomplete, type="dir")]


def complete_path(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completion by the shell, with the names of files and folders."""
    return [CompletionItem(incomplete, type="file")]


def data_source_option(function: F) -> F:
    """`--data-source`, where the session comes from."""
    return click.option(
        "--data-source",
        metavar="NAME",
        shell_complete=suggest("rum", "product_analytics"),
        help="`rum` or `product_analytics`; the server assumes `rum`.",
    )(function)


class _ColumnNames:
    """Names of columns, separated by commas, and the headings that they mean."""

    def __init__(self, *tables: Columns[Any]) -> None:
        columns = {heading: column for table in tables for heading, column in table.items()}
        self.names = [column_name(heading, column) for heading, column in columns.items()]
        self._headings = dict(zip(map(_squeezed, self.names), columns, strict=True))
        self._headings |= {_squeezed(heading): heading for heading in columns}  # without its unit

    def headings(self, _: click.Context, __: click.Parameter, value: str | None) -> list[str] | None:
        """The headings in the given order, or ALL_COLUMNS alone."""
        if value is None:
            return None
        given = [name.strip() for name in value.split(",")]
        if given == [ALL_COLUMNS]:
            return given
        for name in given:
            if _squeezed(name) not in self._headings:
                known = ", ".join(self.names)
                raise click.BadParameter(f"there is no column {name!r}; there are {known}, or `{ALL_COLUMNS}`")
        return list(dict.fromkeys(self._headings[_squeezed(name)] for name in given))

    def complete(self, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names that are not in the list yet, each after the list so far."""
        before, comma, name = incomplete.rpartition(",")
        names = [*self.names, *(() if comma else (ALL_COLUMNS,))]
        return [
            CompletionItem(f"{before}{comma}{one}")
            for one in names
            if one.startswith(name) and one not in before.split(",")
        ]


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def columns_option(*tables: Columns[Any]) -> Callable[[F], F]:
    """`--columns` of a command that prints these tables; its value is a list of headings, or None."""
    known = _ColumnNames(*tables)
    return click.option(
        "--columns",
        metavar="NAMES",
        callback=known.headings,
        shell_complete=known.complete,
        help=f"The columns of tables and CSV, such as {','.join(known.names[:2])}, or `{ALL_COLUMNS}`; by default what "
        "a terminal has room for.",
    )


def time_option(name: str, help: str, *others: str) -> Callable[[F], F]:
    """An option for a point in time; its value is an aware datetime or an integer of milliseconds."""
    return click.option(name, *others, cls=TimeOption, metavar="TIME", callback=_parse_time, help=f"{help}.")


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


def require_one_option() -> None:
    """Raise a usage error if the present command has none of its options that take a text or a number."""
    context = click.get_current_context()
    own = [each for each in context.command.params if isinstance(each, click.Option) and each not in GLOBAL_OPTIONS]
    names = [each.opts[0] for each in own if not each.is_flag]
    if all(context.params.get(str(each.name)) is None for each in own if not each.is_flag):
        listed = " or both" if len(names) == 2 else " or several of them"
        raise click.UsageError(f"give {', '.join(names)}{listed}")


def sources_argument(function: F) -> F:
    """One or more sources of segments."""
    return click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, shell_complete=complete_path)(
        function
    )
