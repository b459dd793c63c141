"""What a terminal shows of long work: one line, which is erased when the work ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from math import ceil
from typing import TYPE_CHECKING

import attrs

from .._printable import printable

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

    from .. import Clock

__all__ = ["Progress", "ShownWaits", "Task", "line"]

_SPINNER = "|/-\\"  # in ASCII, which every locale can write
_FRAMES = 5
"""Per second."""

_SHORTEST_WAIT = 1.0
"""Seconds; nobody wonders about shorter ones."""


@attrs.define
class Task:
    """Work in progress. The code that does it counts in it, and does not care whether that is shown."""

    doing: str
    """Such as `reading`."""

    name: str
    """What it is done to, such as a file; may be empty."""

    unit: str
    """`bytes`, or what else is counted, in the plural."""

    total: int | None = None
    completed: int = 0
    is_long: bool = False
    """Whether people want to know how long the rest takes."""

    def advance(self, count: int = 1) -> None:
        """So much more is done."""
        self.completed += count


def line(task: Task, seconds: float) -> str:
    """The task as one line, such as `reading: 3.1 MB of 12.0 MB, 1.5 MB/s (replay)`, after so many seconds.

    What is cut off in narrow terminals comes last.
    """
    if not task.completed and not task.total:
        return f"{task.doing} {task.name}".rstrip()
    counted = _amount(task.completed, task.unit)
    if task.total:
        counted += f" of {_amount(task.total, task.unit)}"
    if task.unit != "bytes":
        counted += f" {task.unit}"
    speed = f", {_amount(task.completed / seconds, task.unit)}/s" if task.completed and seconds >= 1 else ""
    left = f", {_left(task, task.total, seconds)} left" if speed and task.total and task.is_long else ""
    return f"{task.doing}: {counted}{speed}{left}" + (f" ({task.name})" if task.name else "")


def _left(task: Task, total: int, seconds: float) -> str:
    """How long the rest takes at the speed so far."""
    rest = max(0.0, total - task.completed) * seconds / task.completed
    for size, unit in ((3_600, "h"), (60, "min")):
        if rest >= 2 * size:
            return f"{rest / size:.0f} {unit}"
    return f"{rest:.0f} s"


def _amount(count: float, unit: str) -> str:
    if unit != "bytes":
        return f"{count:,.0f}" if count >= 10 or count == int(count) else f"{count:.1f}"
    for size, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= size:
            return f"{count / size:,.1f} {name}"
    return f"{count:.0f} bytes"


class Progress:
    """The line about the work in progress, on standard error; where that is not a terminal, nothing is shown."""

    def __init__(self, clock: Clock | None = None, *, shown: bool = True) -> None:
        self._given_clock = clock
        self.is_shown = shown and sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
        self.retry_reason: str | None = None
        """Why the next wait is before another attempt; None if it is for a rate limit."""
        self._task: Task | None = None
        self._started = 0.0
        self._waits: list[tuple[str, float]] = []
        """Those that go on at present, each with its reason and its end; several calls may wait at a time."""
        self._live: Live | None = None

    @property
    def _clock(self) -> Clock:
        from .. import SystemClock  # not at the top: completion of commands needs no clock

        return self._given_clock or SystemClock()

    @contextmanager
    def work(self, doing: str, name: str = "", *, unit: str = "bytes", total: int | None = None) -> Generator[Task]:
        """Show work while it lasts; yields the task to count in. Work within other work is shown instead of that."""
        task = Task(doing, printable(name), unit, total)
        around = self._task, self._started
        self._task, self._started = task, self._clock.monotonic()
        try:
            with self._shown() if self._live is None else nullcontext():
                yield task
        finally:
            self._task, self._started = around

    def begin(self, task: Task, doing: str, *, unit: str, total: int | None) -> None:
        """Go on with something else, which has a speed of its own."""
        task.doing, task.unit, task.total, task.completed = doing, unit, total, 0
        self._started = self._clock.monotonic()

    @contextmanager
    def paused(self) -> Generator[None]:
        """Show nothing while something is printed."""
        was_live = self._live is not None
        self._stop()
        try:
            yield
        finally:
            if was_live:
                self._start()

    @contextmanager
    def waiting(self, seconds: float) -> Generator[None]:
        """Show that nothing happens for so long, and why."""
        reason, self.retry_reason = self.retry_reason, None
        if seconds < _SHORTEST_WAIT:
            yield
            return
        wait = ("rate limit" if reason in (None, "429") else reason, self._clock.monotonic() + seconds)
        self._waits.append(wait)
        try:
            if self._live is None:
                with self._shown():
                    yield
            else:
                self._live.refresh()
                yield
        finally:
            self._waits.remove(wait)

    @contextmanager
    def _shown(self) -> Generator[None]:
        if self.is_shown:
            self._start()
        try:
            yield
        finally:
            self._stop()

    def _start(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self._live = Live(
            get_renderable=self._text,
            console=Console(stderr=True, highlight=False, markup=False, emoji=False),
            refresh_per_second=_FRAMES,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start(refresh=True)

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _text(self) -> Text:
        from rich.text import Text

        now = self._clock.monotonic()
        work = line(self._task, now - self._started) if self._task is not None else ""
        if self._waits:
            why, ends_at = self._waits[-1]
            wait = f"{why}: waiting {max(0, ceil(ends_at - now))} s"
            shown = f"{wait}; {work}" if work else wait
        else:
            shown = work
        return Text(f"{_SPINNER[int(now * _FRAMES) % len(_SPINNER)]} {shown}", no_wrap=True, overflow="crop", end="")


@attrs.frozen
class ShownWaits:
    """A clock that shows the waits of a client."""

    clock: Clock
    progress: Progress

    def time(self) -> float:
        """The Unix time in seconds."""
        return self.clock.time()

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        return self.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait, and show it."""
        with self.progress.waiting(seconds):
            self.clock.sleep(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Wait, and show it."""
        with self.progress.waiting(seconds):
            await self.clock.async_sleep(seconds)
