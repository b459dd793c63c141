"""The details of an event that a record holds, under the same names for all versions of the SDK."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..dom import CheckedSet, Effect, MediaSet, Scrolled, ValueSet
from ..records import ChangeRecord, IncrementalSnapshotRecord, MobileIncrementalSnapshotRecord, Number, Record
from ..records._incremental import (
    IncrementalData,
    InputData,
    MediaInteractionData,
    MouseInteractionData,
    MouseMoveData,
    MutationData,
    PointerInteractionData,
    ScrollData,
    TouchMoveData,
)
from ..records._mobile import MobileIncrementalData, TouchData

__all__ = ["EventDetails", "event_details"]

_INCREMENTAL = (IncrementalSnapshotRecord, MobileIncrementalSnapshotRecord)


class EventDetails(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where and on what an event occurred, and its result; None if the record does not state it."""

    node_id: int | None = None
    """The node concerned; the first of several."""

    x: Number | None = None
    """Pixels from the left edge of the viewport; for a movement, where it ended."""

    y: Number | None = None
    """Pixels from its top edge."""

    value: str | None = None
    """The new content of a form field."""

    checked: bool | None = None
    """Whether a check box, radio button or option is now on."""

    scroll_left: Number | None = None
    """Pixels by which the node is scrolled from its left edge."""

    scroll_top: Number | None = None
    """Pixels by which it is scrolled from its top edge."""


_NOTHING = EventDetails()
_KINDS_OF_CHANGES = frozenset({"input", "scroll", "media"})


def event_details(record: Record, kind: str, effects: Sequence[Effect]) -> EventDetails:
    """The details of a record of a kind; `effects` are its effects on the page, as `Page.apply` returned them."""
    if isinstance(record, _INCREMENTAL):
        return _from_data(record.data)
    if kind in _KINDS_OF_CHANGES and isinstance(record, ChangeRecord):
        return _from_effects(effects)
    return _NOTHING


def _from_data(data: IncrementalData | MobileIncrementalData) -> EventDetails:
    found = _NOTHING
    match data:
        case MouseMoveData() | TouchMoveData() if data.positions:
            last = data.positions[-1]
            found = EventDetails(node_id=last.id, x=last.x, y=last.y)
        case ScrollData():
            found = EventDetails(node_id=data.id, scroll_left=data.x, scroll_top=data.y)
        case MutationData():
            pass  # The most frequent ones are first.
        case MouseInteractionData():
            found = EventDetails(node_id=data.id, x=data.x, y=data.y)
        case TouchData() if data.positions:
            found = EventDetails(x=data.positions[-1].x, y=data.positions[-1].y)
        case PointerInteractionData():
            found = EventDetails(x=data.x, y=data.y)
        case InputData():
            found = EventDetails(node_id=data.id, value=data.text, checked=data.is_checked)
        case MediaInteractionData():
            found = EventDetails(node_id=data.id)
        case _:
            pass
    return found


def _from_effects(effects: Sequence[Effect]) -> EventDetails:
    for effect in effects:
        match effect:
            case ValueSet():
                return EventDetails(node_id=effect.id, value=effect.value)
            case CheckedSet():
                return EventDetails(node_id=effect.id, checked=effect.checked)
            case Scrolled():
                return EventDetails(node_id=effect.id, scroll_left=effect.left, scroll_top=effect.top)
            case MediaSet():
                return EventDetails(node_id=effect.id)
            case _:
                continue
    return _NOTHING
