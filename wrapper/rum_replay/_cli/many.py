"""Work on many things: some requests at a time, a line of progress, and the names of those that failed, and why.

The client spreads the requests over the windows of its rate limits in the order in which they are made, so all of them
share one budget. Results are printed in the order in which the ids were given.
"""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import attrs

from .._errors import AuthenticationError, ReplayError
from .commands import CommandError, Settings, on_interrupt
from .dry_run import NotSentError, dry_client, show

if TYPE_CHECKING:
    from .. import AsyncReplayClient
    from .progress import Task

__all__ = ["CONCURRENCY", "Many"]

T = TypeVar("T")
R = TypeVar("R")

CONCURRENCY = 8
"""Requests under way at a time."""

_NAMES_SHOWN = 20
"""More ids than this are not repeated in a message or a suggested command."""


@attrs.define(kw_only=True)
class Many(Generic[T, R]):
    """What is to be done to each of many things, and how far it is."""

    items: Sequence[T]
    send: Callable[[AsyncReplayClient, Sequence[T]], Awaitable[Sequence[R | ReplayError]]]
    """Do it to some of them, at most `at_once`; gives what came of each, or raises what happened to all of these."""

    show: Callable[[T, R], None]
    """Print that it is done."""

    doing: str
    """Such as `adding`."""

    unit: str
    """What the items are, in the plural."""

    state: Callable[[str], str] | None = None
    """What is true of so many when it is done, such as `2 of 3 sessions are in playlist 1`; None for mere reading, of
    which `show` prints nothing."""

    again: Sequence[str] = ()
    """The command for those that are left, up to their ids; empty if running the same command is right."""

    name: Callable[[T], str] = str
    at_once: int = 1

    _outcomes: dict[int, R | ReplayError | NotSentError | None] = attrs.field(
        factory=dict[int, "R | ReplayError | NotSentError | None"], init=False
    )
    """By the number of the item; those that are shown are no longer here."""

    _shown: int = attrs.field(default=0, init=False)
    done: set[int] = attrs.field(factory=set[int], init=False)
    failed: dict[int, ReplayError] = attrs.field(factory=dict[int, ReplayError], init=False)
    _under_way: set[int] = attrs.field(factory=set[int], init=False)
    _refused: bool = attrs.field(default=False, init=False)
    """The credentials are, so that there is no use in going on."""

    _trouble: Exception | None = attrs.field(default=None, init=False)
    """What made it impossible to go on, such as a closed pipe."""

    def run(self, settings: Settings, *, dry_run: bool = False) -> None:
        """Do all of it.

        Raises the error of a single item, and CommandError, which names those that failed, if there were several.
        """
        self.work(settings, dry_run=dry_run)
        if dry_run:
            settings.output.note("dry run: nothing was sent")
        else:
            self.conclude(settings)

    def work(self, settings: Settings, *, dry_run: bool = False) -> None:
        """The same without the conclusion."""
        import anyio

        with (
            on_interrupt(self._interrupted),
            settings.progress.work(self.doing, unit=self.unit, total=len(self.items)) as task,
        ):
            try:
                anyio.run(self._run, settings, task, dry_run)
            finally:
                for number in sorted(self._outcomes):
                    self._print(settings, number)
        if self._trouble is not None:
            raise self._trouble

    async def _run(self, settings: Settings, task: Task, dry_run: bool) -> None:
        import anyio

        numbers = iter(range(len(self.items)))
        workers = 1 if dry_run else CONCURRENCY
        async with (
            dry_client(settings) if dry_run else settings.async_client() as replay,
            anyio.create_task_group() as group,
        ):
            for _ in range(workers):
                group.start_soon(self._work, settings, replay, numbers, task)

    async def _work(self, settings: Settings, replay: AsyncReplayClient, numbers: Iterator[int], task: Task) -> None:
        while (chunk := list(islice(numbers, self.at_once))) and not self._refused and self._trouble is None:
            self._under_way.update(chunk)
            try:
                outcomes = await self.send(replay, [self.items[number] for number in chunk])
            except NotSentError as request:
                self._outcomes |= dict.fromkeys(chunk) | {chunk[0]: request}
            except ReplayError as error:
                self._take(chunk, [error] * len(chunk))
            else:
                self._take(chunk, outcomes)
            self._under_way.difference_update(chunk)
            task.advance(len(chunk))
            try:
                self._print_what_is_next(settings)
            except Exception as error:  # noqa: BLE001 - raised once the others have ended
                self._trouble = error

    def _take(self, chunk: Sequence[int], outcomes: Sequence[R | ReplayError]) -> None:
        for number, outcome in zip(chunk, outcomes, strict=True):
            self._outcomes[number] = outcome
            if isinstance(outcome, ReplayError):
                self.failed[number] = outcome
                self._refused = self._refused or isinstance(outcome, AuthenticationError)
            else:
                self.done.add(number)

    def _print_what_is_next(self, settings: Settings) -> None:
        while self._shown in self._outcomes:
            self._print(settings, self._shown)
            self._shown += 1

    def _print(self, settings: Settings, number: int) -> None:
        outcome, item = self._outcomes.pop(number), self.items[number]
        if self.state is None and number in self.done:
            self.show(item, cast("R", outcome))
            return
        with settings.progress.paused():
            if isinstance(outcome, NotSentError):
                show(settings, outcome)
            elif isinstance(outcome, ReplayError):
                if len(self.items) > 1:
                    from .failures import report_one

                    report_one(outcome, settings, self.name(item))
            elif number in self.done:
                self.show(item, cast("R", outcome))

    def conclude(self, settings: Settings) -> None:
        """Print a summary; raises what `run` raises."""
        if len(self.items) == 1:
            for error in self.failed.values():
                raise error
            return
        summary = self._summary()
        if not self.failed:
            if self.state is not None:
                settings.output.say(summary)
            return
        left = len(self.items) - len(self.done) - len(self.failed)
        untried = f"; the credentials are refused, so {left} were not tried" if left else ""
        raise CommandError(f"{summary}; failed: {self._names(sorted(self.failed))}{untried}")

    def _summary(self) -> str:
        amount = f"{len(self.done)} of {len(self.items)} {self.unit}"
        return f"{self.doing}: {amount}" if self.state is None else self.state(amount)

    def _names(self, numbers: Sequence[int]) -> str:
        shown = ", ".join(self.name(self.items[number]) for number in numbers[:_NAMES_SHOWN])
        return f"{shown} and {len(numbers) - _NAMES_SHOWN} more" if len(numbers) > _NAMES_SHOWN else shown

    def _interrupted(self) -> str:
        """What is done after an interrupt, and the command for the rest."""
        parts = [self._summary()]
        if self._under_way:
            parts.append(f"under way, so not known: {self._names(sorted(self._under_way))}")
        if self.failed:
            parts.append(f"failed: {self._names(sorted(self.failed))}")
        rest = [number for number in range(len(self.items)) if number not in self.done]
        if rest and self.again:
            parts.append(self._how_to_go_on(rest))
        elif rest and self.state is not None:
            parts.append("run the same command again to go on")
        return "; ".join(parts)

    def _how_to_go_on(self, rest: Sequence[int]) -> str:
        if len(rest) <= _NAMES_SHOWN:
            return f"for the rest: {shlex.join([*self.again, *(self.name(self.items[number]) for number in rest)])}"
        first = self.name(self.items[rest[0]])
        count = len(self.items) - rest[0]
        return f"give the {count} ids from {first} on, one per line, to: {shlex.join([*self.again, '-'])}"
