"""Where and to what a record happened, in the same words for all eras of the SDK."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ..dom import CheckedSet, Effect, MediaSet, Scrolled, ValueSet
from ..records import ChangeRecord, IncrementalSnapshotRecord, MobileIncrementalSnapshotRecord, Number, Record
from ..records._incremental import (
    IncrementalData,
    InputData,
    MediaInteractionData,
    MouseInteractionData,
    MouseMoveData,
    PointerInteractionData,
    ScrollData,
    TouchMoveData,
)
from ..records._mobile import MobileIncrementalData, TouchData
from ._kinds import kind_of

__all__ = ["Happening", "happening_of"]

_INCREMENTAL = IncrementalSnapshotRecord | MobileIncrementalSnapshotRecord


@attrs.frozen(kw_only=True)
class Happening:
    """What a record's data say; None where they do not."""

    node_id: int | None = None
    """The node it happened to; of several, the first."""

    x: Number | None = None
    """Pixels from the left edge of the viewport; of a movement, where it ended."""

    y: Number | None = None
    """Pixels from its top edge."""

    value: str | None = None
    """What a form field holds now."""

    checked: bool | None = None
    """Whether a check box, a radio button or an option is on now."""

    scroll_left: Number | None = None
    """Pixels that the node is scrolled from its left edge."""

    scroll_top: Number | None = None
    """Pixels from its top edge."""


_NOTHING = Happening()


def happening_of(record: Record, effects: Sequence[Effect]) -> Happening:
    """Where a record happened; `effects` are what it did to the page."""
    if isinstance(record, ChangeRecord) and kind_of(record, effects) in ("input", "scroll", "media"):
        return _of_effects(effects)
    if isinstance(record, _INCREMENTAL):
        return _of_data(record.data)
    return _NOTHING


def _of_data(data: IncrementalData | MobileIncrementalData) -> Happening:
    found = _NOTHING
    match data:
        case MouseInteractionData():
            found = Happening(node_id=data.id, x=data.x, y=data.y)
        case MouseMoveData() | TouchMoveData() if data.positions:
            last = data.positions[-1]
            found = Happening(node_id=last.id, x=last.x, y=last.y)
        case TouchData() if data.positions:
            found = Happening(x=data.positions[-1].x, y=data.positions[-1].y)
        case PointerInteractionData():
            found = Happening(x=data.x, y=data.y)
        case ScrollData():
            found = Happening(node_id=data.id, scroll_left=data.x, scroll_top=data.y)
        case InputData():
            found = Happening(node_id=data.id, value=data.text, checked=data.is_checked)
        case MediaInteractionData():
            found = Happening(node_id=data.id)
        case _:
            pass
    return found


def _of_effects(effects: Sequence[Effect]) -> Happening:
    for effect in effects:
        match effect:
            case ValueSet():
                return Happening(node_id=effect.id, value=effect.value)
            case CheckedSet():
                return Happening(node_id=effect.id, checked=effect.checked)
            case Scrolled():
                return Happening(node_id=effect.id, scroll_left=effect.left, scroll_top=effect.top)
            case MediaSet():
                return Happening(node_id=effect.id)
            case _:
                continue
    return _NOTHING
