"""What the commands that search have in common: the query, from when to when, and what is said of missing events."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol, TypeVar

import click

from .arguments import suggest, time_option
from .commands import Settings

__all__ = ["SINCE", "complete_query", "missing_noted", "period_options", "query_argument", "searched"]

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

SINCE = timedelta(days=7)
"""How far a search looks back if nothing is said."""

complete_query = suggest(
    "@type:view",
    "@type:session",
    "@type:action",
    "@type:error",
    "@view.url_path:",
    "@view.name:",
    "@view.error.count:>0",
    "@view.frustration.count:>0",
    "@session.error.count:>0",
    "@session.type:user",
    "@action.frustration.type:",
    "@usr.id:",
    "service:",
    "env:",
    "version:",
)

query_argument = click.argument("query", default="*", shell_complete=complete_query)


def period_options(look_back: str) -> Callable[[F], F]:
    """`--since`, or `--start`, and `--end`; the values are None where one was not given."""
    options: tuple[Callable[[F], F], ...] = (
        time_option("--since", f"From when on; by default {look_back}", "--start", "start"),
        time_option("--end", "Until when; by default now"),
    )

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


class _Search(Protocol[T_co]):
    @property
    def partial(self) -> tuple[str, ...]: ...

    def __iter__(self) -> Iterator[T_co]: ...


@contextmanager
def searched(settings: Settings, search: _Search[T], unit: str) -> Generator[Iterator[T]]:
    """What a search finds, counted while it is used; at the end, the last line says if something is missing."""
    with missing_noted(settings, lambda: search.partial):
        yield _counted(settings, search, unit)


@contextmanager
def missing_noted(settings: Settings, reasons: Callable[[], tuple[str, ...]]) -> Generator[None]:
    """Let the last line say why events may be missing, where Python would show warnings with lines of code."""
    from .. import PartialResultWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PartialResultWarning)
        yield
    if found := reasons():
        settings.output.note(f"not everything was found: {'; '.join(found)}")


def _counted(settings: Settings, search: _Search[T], unit: str) -> Iterator[T]:
    with settings.progress.work("searching", unit=unit) as task:
        for one in search:
            task.advance()
            with settings.progress.paused():
                yield one
