"""Rage clicks and dead clicks, told from segments alone: heuristics, which need not agree with Datadog's own signals.

Datadog's SDKs look at network requests, errors and new windows as well, none of which segments hold.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Literal

import attrs

from ..records import Number

__all__ = ["DEAD_CLICK_RULE", "RAGE_CLICK_RULE", "Click", "DeadClicks", "RageClicks", "Signal"]

RAGE_CLICKS = 3
"""How many clicks make a rage click, at least."""

RAGE_WINDOW = 1_000
"""Milliseconds within which so many clicks fall, and between any two that follow each other."""

RAGE_DISTANCE = 100
"""Pixels between two clicks that follow each other, at most."""

DEAD_WINDOW = 1_000
"""Milliseconds that a page has to show a reaction."""

RAGE_CLICK_RULE = (
    f"rage click: a run of clicks on one node, each at most {RAGE_DISTANCE} px and {RAGE_WINDOW / 1000:g} s from the "
    f"one before, with {RAGE_CLICKS} of them within {RAGE_WINDOW / 1000:g} s; the run counts once"
)
DEAD_CLICK_RULE = (
    f"dead click: for {DEAD_WINDOW / 1000:g} s after the click nothing recorded changes (DOM, style sheets, form "
    "fields, scroll, size, media, view), and it is on no form field; each click counts; a link that opens another "
    "window, a download and a slow request look dead"
)

# Clicks at one moment are a handful; more come from damaged or hostile timestamps and are let go undecided.
_MOST_UNDECIDED = 1_000


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
    """The node that was clicked; None on mobile screens."""

    def is_near(self, earlier: Click, *, pixels: Number, ms: Number) -> bool:
        """Whether it is on the same node as an earlier click and so close to it, as far as places are known."""
        if self.node_id != earlier.node_id or not 0 <= self.time - earlier.time <= ms:
            return False
        if self.x is None or self.y is None or earlier.x is None or earlier.y is None:
            return True
        return math.hypot(self.x - earlier.x, self.y - earlier.y) <= pixels


@attrs.frozen(kw_only=True)
class Signal:
    """Something that looks like frustration; a heuristic."""

    kind: Literal["rage_click", "dead_click"]
    clicks: int
    """How many clicks it is made of: 1 of a dead click."""

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
        """Note a click; gives the rage click that is over by it, if any."""
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
        """The rage click that was going on, if any."""
        ended = None
        if self._in_rage and self._first is not None:
            ended = Signal(kind="rage_click", clicks=self._clicks, first=self._first)
        self._start_run()
        return ended


class DeadClicks:
    """Takes clicks and reactions in order and finds the clicks that none follows in time."""

    def __init__(self) -> None:
        self._undecided = deque[Click](maxlen=_MOST_UNDECIDED)

    def add(self, click: Click) -> None:
        """Note a click that should have an effect."""
        self._undecided.append(click)

    def pass_to(self, time: Number) -> list[Signal]:
        """The dead clicks known by this moment, before what happens at it is noted."""
        dead: list[Signal] = []
        while self._undecided and time - self._undecided[0].time > DEAD_WINDOW:
            dead.append(Signal(kind="dead_click", clicks=1, first=self._undecided.popleft()))
        return dead

    def react(self) -> None:
        """Note that something changed: no click that is still undecided is dead."""
        self._undecided.clear()
