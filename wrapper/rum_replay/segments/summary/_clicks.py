"""Rage clicks and dead clicks, inferred from segments by the rules of Datadog's SDK, as far as segments allow.

The SDK's rules are those of `@datadog/browser-rum-core` 7.16.2. They also consider network requests, errors and new
windows, which segments do not contain, so results need not agree.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from typing import Literal

import attrs

from ..records import Number
from ._click_targets import Target

__all__ = ["CLICK_DIFFERENCES", "DEAD_CLICK_RULE", "RAGE_CLICK_RULE", "Click", "ClickRuns", "Press", "Signal"]

RAGE_CLICKS = 3
"""Minimum number of clicks in a rage click."""

RAGE_WINDOW = 1_000
"""Maximum number of milliseconds for that many clicks, and between consecutive clicks of a run."""

RAGE_DISTANCE = 100
"""Maximum number of pixels between consecutive clicks of a run."""

DEAD_WINDOW = 1_000
"""Number of milliseconds after a click within which a page must react to it."""

SELECTION_DISTANCE = 3
"""Pixels that a pointer may move between press and click without selecting text; half a letter."""

RAGE_CLICK_RULE = (
    f"rage click: a run of clicks on one element, each at most {RAGE_DISTANCE} px and {RAGE_WINDOW / 1000:g} s from "
    f"the previous one, {RAGE_CLICKS} of them within {RAGE_WINDOW / 1000:g} s, during which nothing is scrolled and no "
    "text is selected; the run counts once"
)
DEAD_CLICK_RULE = (
    "dead click: a click without a reaction from the press of the pointer until "
    f"{DEAD_WINDOW / 1000:g} s after the click; reactions are changes of the DOM outside of shadow trees, input or "
    "scrolling before the next press, media that starts or stops, and a window whose size, address, or focus changes; "
    "never on text fields, selects, canvases, editable content, links with an href, and labels of such, nor where text "
    "is selected; a rage click in which a click is dead is one dead click"
)
CLICK_DIFFERENCES = (
    "differences of rage and dead clicks from Datadog's browser SDK: segments contain no requests, and record changes "
    f"late, so changes within {DEAD_WINDOW / 1000:g} s count instead of changes and requests within 0.1 s, and "
    "requests and downloads without a visible effect appear dead; they contain no windows that open, so lost focus, a "
    "resized window, media and new snapshots count; they contain no selections, so double clicks of a mouse (except "
    "on links, fields, buttons, images and media), dragging over text by more than "
    f"{SELECTION_DISTANCE} px, and the next press elsewhere count as such, whatever style sheets say; check boxes, "
    "radio buttons, sliders and options, and labels of them, are dead only if their state is known, since masked ones "
    "are not recorded; "
    "values that scripts set count as input; where a page prevents the record of a press, changes in the 0.2 s before "
    "its release count; presses that cause no click, such as those of other buttons or on "
    "disabled fields, do not count; where records are missing, clicks whose element is therefore not known are "
    "neither dead nor rage clicks, nor are clicks dead whose reaction may be missing"
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
    """The clicked node; on mobile screens, the element of the wireframe. None if it is not known."""

    def is_near(self, earlier: Click, *, pixels: Number, ms: Number) -> bool:
        """Whether it is this close to an earlier click; unknown positions count as close."""
        if not 0 <= self.time - earlier.time <= ms:
            return False
        if self.x is None or self.y is None or earlier.x is None or earlier.y is None:
            return True
        return math.hypot(self.x - earlier.x, self.y - earlier.y) <= pixels


@attrs.frozen(kw_only=True)
class Signal:
    """An apparent frustration; a heuristic."""

    kind: Literal["rage_click", "dead_click"]
    clicks: int
    """Number of clicks that it consists of; for a dead click 1, or those of the rage click that it is."""

    first: Click


@attrs.define(kw_only=True, eq=False)
class Press:
    """The pressing of a pointer, and what happened since."""

    x: Number | None = None
    y: Number | None = None
    is_touch: bool = False
    is_on_text: bool = False
    released: Number | None = None
    """When the pointer was lifted, in milliseconds of Unix time."""

    has_effect: bool = False
    has_scrolled: bool = False
    is_missing: bool = False
    """Whether it is among missing records, if there was one; `released` is until when these may be."""

    def selects_text(self, click: Click, target: Target) -> bool:
        """Whether the pointer was dragged over text, from one element to another perhaps: the click is around both."""
        if self.is_touch or not (target.has_text or self.is_on_text):
            return False
        if self.x is None or self.y is None or click.x is None or click.y is None:
            return False
        return math.hypot(click.x - self.x, click.y - self.y) > SELECTION_DISTANCE


@attrs.define(eq=False)
class _Run:
    """Clicks that are a rage click if they are fast enough, and each a click of its own otherwise."""

    target: Target
    first: Click
    last: Click
    clicks: int = 0
    times: deque[Number] = attrs.field(factory=lambda: deque(maxlen=RAGE_CLICKS))
    is_fast: bool = False
    is_by_touch: bool = False
    has_scrolled: bool = False
    has_selected: bool = False
    has_double_click: bool = False
    undecided: int = 0
    dead: list[Click] = attrs.field(factory=list[Click])

    def continues_with(self, click: Click, target: Target) -> bool:
        is_same = self.target.id == target.id and self.target.can_be_rage == target.can_be_rage
        return is_same and click.is_near(self.last, pixels=RAGE_DISTANCE, ms=RAGE_WINDOW)

    def add(self, click: Click) -> None:
        self.last = click
        self.clicks += 1
        self.times.append(click.time)
        if len(self.times) == RAGE_CLICKS and click.time - self.times[0] <= RAGE_WINDOW:
            self.is_fast = True

    def signals(self) -> Iterator[Signal]:
        if self.is_fast and self.target.can_be_rage and not self.has_selected and not self.has_scrolled:
            yield Signal(kind="rage_click", clicks=self.clicks, first=self.first)
            if self.dead:
                yield Signal(kind="dead_click", clicks=self.clicks, first=self.first)
        elif not self.has_selected:
            for click in self.dead:
                yield Signal(kind="dead_click", clicks=1, first=click)


@attrs.define(eq=False)
class _Undecided:
    """A click that is dead if nothing happens in time."""

    click: Click
    run: _Run
    has_effect: bool = False


class ClickRuns:
    """Takes clicks, and what happens after them, in order, and finds those that are rage or dead clicks."""

    def __init__(self) -> None:
        self._run: _Run | None = None
        self._ended = deque[_Run]()
        self._undecided = deque[_Undecided]()
        self._latest: _Undecided | None = None
        self._text_is_selected = False

    @property
    def are_open(self) -> bool:
        """Whether time makes anything certain."""
        return self._run is not None or bool(self._ended) or bool(self._undecided)

    @property
    def are_undecided(self) -> bool:
        """Whether a reaction would matter to any click."""
        return bool(self._undecided)

    def advance_to(self, time: Number) -> Iterator[Signal]:
        """What is certain by this time; to be called before the events at this time are added."""
        while self._undecided and time - self._undecided[0].click.time > DEAD_WINDOW:
            self._decide()
        if self._run is not None and time - self._run.last.time > RAGE_WINDOW:
            self._end_run()
        while self._ended and not self._ended[0].undecided:
            yield from self._ended.popleft().signals()

    def add(self, click: Click, target: Target, press: Press) -> None:
        """Add a click and the press that it ends."""
        run = self._run
        if run is None or not run.continues_with(click, target):
            self._end_run()
            run = self._run = _Run(target, click, click)
        run.add(click)
        run.is_by_touch = press.is_touch
        run.has_scrolled |= press.has_scrolled
        if press.selects_text(click, target):
            run.has_selected = self._text_is_selected = True
        elif self._text_is_selected and target.ends_selection and not press.is_touch:
            run.has_selected = True
            self._text_is_selected = run.has_double_click
        self._latest = None
        if target.can_be_dead and not press.has_effect:
            self._latest = _Undecided(click, run)
            self._undecided.append(self._latest)
            run.undecided += 1
            if len(self._undecided) > _MAX_UNDECIDED:
                self._undecided.popleft().run.undecided -= 1

    def add_double_click(self, node_id: int) -> None:
        """The latest click was the second of a double click on this node."""
        run = self._run
        if run is None or run.is_by_touch or run.last.node_id != node_id:
            return
        if run.target.selects_text:
            run.has_double_click = run.has_selected = self._text_is_selected = True

    def react(self) -> None:
        """The page changed: none of the undecided clicks is dead."""
        for undecided in self._undecided:
            undecided.run.undecided -= 1
        self._undecided.clear()

    def engage(self, *, by_scrolling: bool) -> None:
        """Something was entered or scrolled: the latest click is not dead."""
        if self._latest is not None:
            self._latest.has_effect = True
        if by_scrolling and self._run is not None:
            self._run.has_scrolled = True

    def end(self, time: Number) -> Iterator[Signal]:
        """What the end of the view at this time makes certain; of later reactions nothing is known."""
        yield from self.advance_to(time)
        self.react()
        self._end_run()
        yield from self.advance_to(time)

    def _decide(self) -> None:
        decided = self._undecided.popleft()
        run = decided.run
        run.undecided -= 1
        if not decided.has_effect and len(run.dead) < _MAX_UNDECIDED:
            run.dead.append(decided.click)

    def _end_run(self) -> None:
        if self._run is not None:
            self._ended.append(self._run)
        self._run = None
