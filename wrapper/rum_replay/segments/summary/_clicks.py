"""Rage clicks and dead clicks, inferred from segments alone: heuristics, which need not agree with Datadog's signals.

Datadog's SDKs also consider network requests, errors and new windows, which segments do not contain.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Literal

import attrs

from ..records import Number

__all__ = ["DEAD_CLICK_RULE", "RAGE_CLICK_RULE", "Click", "DeadClicks", "RageClicks", "Signal"]

RAGE_CLICKS = 3
"""Minimum number of clicks in a rage click."""

RAGE_WINDOW = 1_000
"""Maximum number of milliseconds for that many clicks, and between consecutive clicks of a run."""

RAGE_DISTANCE = 100
"""Maximum number of pixels between consecutive clicks of a run."""

DEAD_WINDOW = 1_000
"""Number of milliseconds within which a page must react to a click."""

RAGE_CLICK_RULE = (
    f"rage click: a run of clicks on one node, each at most {RAGE_DISTANCE} px and {RAGE_WINDOW / 1000:g} s from the "
    f"previous one, {RAGE_CLICKS} of them within {RAGE_WINDOW / 1000:g} s; the run counts once"
)
DEAD_CLICK_RULE = (
    "dead click: a click that is not on a form field, and after which nothing that is recorded (DOM, style sheets, "
    f"form fields, scrolling, size, media, view) changes for {DEAD_WINDOW / 1000:g} s; each click counts; links that "
    "open another window, downloads and slow requests appear dead"
)

# Only a handful of clicks occur at one time. More come from damaged or hostile timestamps, and the oldest are dropped.
_MAX_UNDECIDED = 1_000


@attrs.frozen(kw_only=True)
class Click:
    """A click, or a tap on the screen of a mobile app."""

    time: Number
    """Milliseconds of Unix time."""

    x: Number | None
    """Pixels from the left edge of the viewport."""

    y: Number | None
    """Pixels from its top edge."""

    node_id: int | None
    """The clicked node; None on mobile screens."""

    def is_near(self, earlier: Click, *, pixels: Number, ms: Number) -> bool:
        """Whether it is on the same node as an earlier click and this close to it; unknown positions count as close."""
        if self.node_id != earlier.node_id or not 0 <= self.time - earlier.time <= ms:
            return False
        if self.x is None or self.y is None or earlier.x is None or earlier.y is None:
            return True
        return math.hypot(self.x - earlier.x, self.y - earlier.y) <= pixels


@attrs.frozen(kw_only=True)
class Signal:
    """An apparent frustration; a heuristic."""

    kind: Literal["rage_click", "dead_click"]
    clicks: int
    """Number of clicks that it consists of; 1 for a dead click."""

    first: Click


class RageClicks:
    """Takes clicks in order and finds the runs that are rage clicks."""

    def __init__(self) -> None:
        self._start_run()

    def _start_run(self) -> None:
        self._clicks = 0
        self._first: Click | None = None
        self._latest = deque[Click](maxlen=RAGE_CLICKS)
        self._in_rage = False

    def add(self, click: Click) -> Signal | None:
        """Add a click; returns the rage click that it ends, if any."""
        ended = None
        if self._latest and not click.is_near(self._latest[-1], pixels=RAGE_DISTANCE, ms=RAGE_WINDOW):
            ended = self.end()
        self._first = self._first or click
        self._clicks += 1
        self._latest.append(click)
        if len(self._latest) == RAGE_CLICKS and click.time - self._latest[0].time <= RAGE_WINDOW:
            self._in_rage = True
        return ended

    def end(self) -> Signal | None:
        """End the current run; returns it if it is a rage click."""
        ended = None
        if self._in_rage and self._first is not None:
            ended = Signal(kind="rage_click", clicks=self._clicks, first=self._first)
        self._start_run()
        return ended


class DeadClicks:
    """Takes clicks and reactions in order and finds the clicks without a reaction in time."""

    def __init__(self) -> None:
        self._undecided = deque[Click](maxlen=_MAX_UNDECIDED)

    def add(self, click: Click) -> None:
        """Add a click that should have an effect."""
        self._undecided.append(click)

    def advance_to(self, time: Number) -> list[Signal]:
        """The clicks that are known to be dead by this time; to be called before the events at this time are added."""
        dead: list[Signal] = []
        while self._undecided and time - self._undecided[0].time > DEAD_WINDOW:
            dead.append(Signal(kind="dead_click", clicks=1, first=self._undecided.popleft()))
        return dead

    def react(self) -> None:
        """Add a reaction: none of the undecided clicks is dead."""
        self._undecided.clear()
