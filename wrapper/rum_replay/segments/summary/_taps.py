"""The taps and other gestures of fingers on the screens of mobile apps."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Generic, TypeVar

import attrs

from ..dom import Page
from ..records import MobileIncrementalSnapshotRecord, Number, Record
from ..records._incremental import PointerInteractionData
from ..records._mobile import TouchData
from ._clicks import Click
from ._quantities import plausible_pixels

__all__ = ["MOBILE_RULE", "TAP_RULE", "Gesture", "Taps"]

_TAP_TIME = 1_000
_TAP_DISTANCE = 20
_TOUCH_PAUSE = 300
_MAX_FINGERS = 10
TAP_RULE = (
    "click on mobile: a tap, that is, one finger that is lifted, or after which the next screen begins, at most "
    f"{_TAP_TIME / 1000:g} s after it was put down, was never more than {_TAP_DISTANCE} px (density-independent) from "
    "there, and was alone on the screen; what is tapped is the topmost visible wireframe there when it was put down; "
    f"where only positions of fingers are recorded (source 2), a finger is lifted when {_TOUCH_PAUSE / 1000:g} s pass "
    "without one"
)
MOBILE_RULE = (
    "mobile apps: taps are no rage or dead clicks, since Datadog publishes rules for browsers only; everything about "
    "mobile recordings is made from the published schemas and was never seen with a recording of an app; segments "
    "are not numbered there, so whether some are missing is not known"
)

E = TypeVar("E")


@attrs.frozen
class Gesture(Generic[E]):
    """A swipe on the screen, or a finger that was held there."""

    down: Click
    up: Click
    element: E | None
    """What the finger was put down on."""

    is_still: bool
    held: Number
    """How long it was on the screen, in milliseconds."""


@attrs.define(eq=False)
class _Touch(Generic[E]):
    """A finger on the screen."""

    down: Click
    last: Number
    """When it was last on the screen."""

    recorded: Number
    """The time of the last record of it."""

    element: E | None
    """What it was put down on."""

    at: Click
    """Where it was last."""

    is_alone: bool = True
    is_still: bool = True

    @property
    def is_tap(self) -> bool:
        return self.is_alone and self.is_still and self.last - self.down.time <= _TAP_TIME

    def move(self, time: Number, x: Number | None, y: Number | None) -> None:
        self.last = max(self.last, time)
        self.at = Click(time=time, x=x, y=y, node_id=None)
        self.is_still &= self._is_at(self.down)

    def _is_at(self, place: Click) -> bool:
        return self.at.is_near(place, pixels=_TAP_DISTANCE, ms=math.inf)

    def gesture(self) -> Gesture[E] | None:
        """What it did when it is lifted, if that was no tap; not where other fingers were there, or it came back."""
        if not self.is_alone or (not self.is_still and self._is_at(self.down)):
            return None
        up = attrs.evolve(self.at, time=self.recorded)
        # Positions have times of their own: how long it was held is the difference of two of a kind.
        return Gesture(self.down, up, self.element, self.is_still, held=self.last - self.down.time)


class Taps(Generic[E]):
    """Finds the taps on a mobile screen, and what else a finger does there: only positions of fingers are recorded."""

    def __init__(self, describe: Callable[[Page, int], E | None] | None = None) -> None:
        self.element: E | None = None
        """What was tapped last, as `describe` described it when the finger was put down; None without that."""
        self.gesture: Gesture[E] | None = None
        """What a finger that was lifted by the last record, or the end of the view, did, if that was no tap."""

        self._describe = describe
        self._touches: dict[int, _Touch[E]] = {}
        self._positions: dict[int, _Touch[E]] = {}
        """Of source 2, by finger: nothing states when one is lifted."""

    def tap_in(self, record: Record, page: Page) -> Click | None:
        """The tap that is certain by this record, if any."""
        self.gesture = None
        if not isinstance(record, MobileIncrementalSnapshotRecord):
            return None
        data = record.data
        if isinstance(data, PointerInteractionData):
            return self._tap_of_pointer(data, record.timestamp, page)
        ended = self._ended(None if isinstance(data, TouchData) else record.timestamp)
        if isinstance(data, TouchData):
            ended = self._add_positions(data, record.timestamp, page) or ended
        return ended

    def end(self, followed_at: Number | None) -> Click | None:
        """The tap that the end of the view makes certain, or that opened the next screen, which began at that time.

        A swipe may open it, too, such as one that goes back.
        """
        self.gesture = None
        for touch in self._touches.values():
            since = touch.down.time if touch.is_still else touch.last
            has_opened = followed_at is not None and 0 <= followed_at - since <= _TAP_TIME
            if has_opened and (touch.is_tap or not touch.is_still):
                touch.recorded = since
                return self._tap(touch)
        return self._ended(None, is_end=True)

    def _tap_of_pointer(self, data: PointerInteractionData, time: Number, page: Page) -> Click | None:
        x, y = plausible_pixels(data.x), plausible_pixels(data.y)
        if data.pointer_event_type == "down":
            self._put_down(self._touches, data.pointer_id, Click(time=time, x=x, y=y, node_id=None), page, time)
            return None
        touch = self._touches.get(data.pointer_id)
        if touch is None:
            return None
        touch.move(time, x, y)
        if data.pointer_event_type != "up":
            return None
        del self._touches[data.pointer_id]
        touch.recorded = time
        return self._tap(touch)

    def _tap(self, touch: _Touch[E] | None) -> Click | None:
        """The tap that a finger made, if it did."""
        if touch is None:
            return None
        if not touch.is_tap:
            self.gesture = touch.gesture()
            return None
        self.element = touch.element
        return attrs.evolve(touch.down, time=touch.recorded)

    def _put_down(self, touches: dict[int, _Touch[E]], finger: int, down: Click, page: Page, time: Number) -> None:
        """Add a finger, recorded at a time; several that are down at the same time tap nothing."""
        node = None if down.x is None or down.y is None else page.node_at(down.x, down.y)
        element: E | None = None
        if node is not None:
            down = attrs.evolve(down, node_id=node.id)
            element = None if self._describe is None else self._describe(page, node.id)
        touch = _Touch(down, down.time, time, element, down)
        if len(touches) >= _MAX_FINGERS:
            touches.clear()
        touches.pop(finger, None)
        for other in touches.values():
            # SDKs do not record every lifted finger; one that was not heard of for long is gone.
            if 0 <= down.time - other.last <= _TAP_TIME:
                other.is_alone = touch.is_alone = False
        touches[finger] = touch

    def _add_positions(self, data: TouchData, time: Number, page: Page) -> Click | None:
        ended = None
        for position in data.positions:
            x, y = plausible_pixels(position.x), plausible_pixels(position.y)
            touch = self._positions.get(position.id)
            if touch is not None and 0 <= position.timestamp - touch.last <= _TOUCH_PAUSE:
                touch.move(position.timestamp, x, y)
                touch.recorded = time
                continue
            ended = self._tap(touch) or ended
            # Positions have times of their own, which are not mended: the tap has that of its record.
            down = Click(time=position.timestamp, x=x, y=y, node_id=None)
            self._put_down(self._positions, position.id, down, page, time)
        return ended

    def _ended(self, now: Number | None, *, is_end: bool = False) -> Click | None:
        """The last finger that was lifted by now, if that was a tap."""
        ended = None
        for finger, touch in list(self._positions.items()):
            if is_end or (now is not None and now - touch.last > _TOUCH_PAUSE):
                del self._positions[finger]
                ended = self._tap(touch) or ended
        return ended
