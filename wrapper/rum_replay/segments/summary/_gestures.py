"""Which records are clicks or taps, which show that somebody is active, and which that the page reacted."""

from __future__ import annotations

from collections.abc import Sequence

from ..dom import Effect, FocusSet, MediaSet, Page, SnapshotTaken, UrlSet, ViewportResized
from ..records import (
    IncrementalSnapshotRecord,
    MobileFullSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Record,
    ViewEndRecord,
)
from ..records._incremental import (
    MouseInteractionData,
    MouseMoveData,
    PointerInteractionData,
    ScrollData,
    TouchMoveData,
    ViewportResizeData,
)
from ..records._mobile import CompositionTreeMutationData, MobileMutationData, TouchData
from ._click_targets import changes_what_the_sdk_observes
from ._clicks import Click
from ._quantities import plausible_pixels

__all__ = ["TAP_RULE", "Taps", "click_in", "is_interaction", "is_reaction"]

_CLICK = 2
_FOCUS_AND_BLUR = (5, 6)  # scripts cause these too

_TAP_TIME = 1_000
_TAP_DISTANCE = 20
TAP_RULE = (
    f"click on mobile: a pointer that is lifted at most {_TAP_TIME / 1000:g} s and {_TAP_DISTANCE} px from where "
    "it was put down"
)

_INTERACTION = (MouseMoveData, TouchMoveData, ScrollData, ViewportResizeData, PointerInteractionData)
_SCREEN_CHANGE = (MobileMutationData, CompositionTreeMutationData)
_NEW_SCREEN = (MobileFullSnapshotRecord, ViewEndRecord)
_REACTION = (SnapshotTaken, UrlSet, MediaSet, ViewportResized)
"""Effects that come with what the SDK observes and segments lack: new views, requests, windows."""

_MOBILE_INTERACTION = (TouchData, PointerInteractionData, ViewportResizeData)


def is_interaction(record: Record) -> bool:
    """Whether the record itself is an interaction; changes of form fields are recognized by their effects instead."""
    if isinstance(record, IncrementalSnapshotRecord):
        data = record.data
        if isinstance(data, MouseInteractionData):
            return data.type not in _FOCUS_AND_BLUR
        return isinstance(data, _INTERACTION)
    return isinstance(record, MobileIncrementalSnapshotRecord) and isinstance(record.data, _MOBILE_INTERACTION)


def is_reaction(record: Record, effects: Sequence[Effect], page: Page) -> bool:
    """Whether something happened that an earlier click may have caused, and that the SDK takes for a reaction."""
    if isinstance(record, MobileIncrementalSnapshotRecord):
        return isinstance(record.data, _SCREEN_CHANGE)
    if isinstance(record, _NEW_SCREEN):
        return True
    return any(
        isinstance(effect, _REACTION)
        or (isinstance(effect, FocusSet) and not effect.has_focus)
        or changes_what_the_sdk_observes(effect, page)
        for effect in effects
    )


def click_in(record: Record) -> Click | None:
    """The click that a record of a browser contains, if any."""
    if not isinstance(record, IncrementalSnapshotRecord):
        return None
    data = record.data
    if not isinstance(data, MouseInteractionData) or data.type != _CLICK:
        return None
    return Click(time=record.timestamp, x=plausible_pixels(data.x), y=plausible_pixels(data.y), node_id=data.id)


class Taps:
    """Finds the taps on a mobile screen, where only the pointers' downs and ups are recorded."""

    def __init__(self) -> None:
        self._down: tuple[int, Click] | None = None

    def tap_in(self, record: Record) -> Click | None:
        """The tap that this record completes, if any."""
        if not isinstance(record, MobileIncrementalSnapshotRecord):
            return None
        data = record.data
        if not isinstance(data, PointerInteractionData):
            return None
        x, y = plausible_pixels(data.x), plausible_pixels(data.y)
        end = Click(time=record.timestamp, x=x, y=y, node_id=None)
        if data.pointer_event_type == "down":
            self._down = data.pointer_id, end
        if data.pointer_event_type != "up" or self._down is None:
            return None
        (pointer, down), self._down = self._down, None
        is_tap = pointer == data.pointer_id and end.is_near(down, pixels=_TAP_DISTANCE, ms=_TAP_TIME)
        return end if is_tap else None
