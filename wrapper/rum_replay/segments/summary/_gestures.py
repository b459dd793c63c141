"""Which records are a click or a tap, which tell that somebody is there, and which that the page reacted."""

from __future__ import annotations

from collections.abc import Sequence

from ..dom import Effect, FocusSet, Node, VisualViewportSet
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
from ._clicks import Click
from ._quantities import plausible_pixels

__all__ = ["TAP_RULE", "Taps", "click_in", "is_interaction", "is_reaction", "takes_input"]

_CLICK = 2
_FOCUS_AND_BLUR = (5, 6)  # which scripts cause too

_TAP_TIME = 1_000
_TAP_DISTANCE = 20
TAP_RULE = (
    f"click on mobile: a pointer that goes up at most {_TAP_TIME / 1000:g} s and {_TAP_DISTANCE} px from where it "
    "went down"
)

_BY_SOMEBODY = MouseMoveData | TouchMoveData | ScrollData | ViewportResizeData | PointerInteractionData
_SCREEN_CHANGED = MobileMutationData | CompositionTreeMutationData
_ANOTHER_SCREEN = MobileFullSnapshotRecord | ViewEndRecord
_NO_REACTION = FocusSet | VisualViewportSet
_BY_SOMEBODY_ON_MOBILE = TouchData | PointerInteractionData | ViewportResizeData


def is_interaction(record: Record) -> bool:
    """Whether the record itself says that somebody did something; changes of form fields are told by effects."""
    if isinstance(record, MobileIncrementalSnapshotRecord):
        return isinstance(record.data, _BY_SOMEBODY_ON_MOBILE)
    if not isinstance(record, IncrementalSnapshotRecord):
        return False
    if isinstance(record.data, MouseInteractionData):
        return record.data.type not in _FOCUS_AND_BLUR
    return isinstance(record.data, _BY_SOMEBODY)


def is_reaction(record: Record, effects: Sequence[Effect]) -> bool:
    """Whether something changed, that a click before may have caused."""
    if isinstance(record, MobileIncrementalSnapshotRecord):
        return isinstance(record.data, _SCREEN_CHANGED)
    if isinstance(record, _ANOTHER_SCREEN):
        return True
    return any(not isinstance(effect, _NO_REACTION) for effect in effects)


def click_in(record: Record) -> Click | None:
    """The click that a browser recorded."""
    if not isinstance(record, IncrementalSnapshotRecord):
        return None
    data = record.data
    if not isinstance(data, MouseInteractionData) or data.type != _CLICK:
        return None
    return Click(time=record.timestamp, x=plausible_pixels(data.x), y=plausible_pixels(data.y), node_id=data.id)


class Taps:
    """Finds the taps on a mobile screen, where only the ups and downs of pointers are recorded."""

    def __init__(self) -> None:
        self._down: tuple[int, Click] | None = None

    def tap_in(self, record: Record) -> Click | None:
        """The tap that ends with this record."""
        if not isinstance(record, MobileIncrementalSnapshotRecord):
            return None
        data = record.data
        if not isinstance(data, PointerInteractionData):
            return None
        x, y = plausible_pixels(data.x), plausible_pixels(data.y)
        here = Click(time=record.timestamp, x=x, y=y, node_id=None)
        if data.pointer_event_type == "down":
            self._down = data.pointer_id, here
        if data.pointer_event_type != "up" or self._down is None:
            return None
        (pointer, down), self._down = self._down, None
        is_tap = pointer == data.pointer_id and here.is_near(down, pixels=_TAP_DISTANCE, ms=_TAP_TIME)
        return here if is_tap else None


_BUTTONS = frozenset({"button", "submit", "reset", "image"})
_DEEPEST = 100


def takes_input(node: Node | None) -> bool:
    """Whether a click on the node is there to get ready for input, and so need not change anything.

    A form field but for buttons, a label, or what can be edited, or something within them.
    """
    for _ in range(_DEEPEST):
        if node is None:
            return False
        if node.name in ("textarea", "select", "option", "label") or "contenteditable" in node.attributes:
            return True
        if node.name == "input":
            return node.attributes.get("type", "").lower() not in _BUTTONS
        node = node.parent
    return False
