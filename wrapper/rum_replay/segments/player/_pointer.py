"""Where the pointer or fingers are, and what they do, as events of the player."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from ..records import MouseInteractionData, MouseMoveData, Number, PointerInteractionData, TouchData, TouchMoveData
from ..records._interactions import TOUCH_END, TOUCH_START
from ._events import Source, incremental, shifted

__all__ = ["finger_events", "is_interaction", "pointer_events"]

_INTERACTIONS = frozenset(range(11))
_MOVEMENTS = (MouseMoveData, TouchMoveData)


def is_interaction(data: object) -> TypeGuard[MouseInteractionData]:
    """Whether it is one that the player knows."""
    return isinstance(data, MouseInteractionData) and data.type in _INTERACTIONS


def pointer_events(
    data: object, at: Number, page_id: int | None, visible_from: tuple[Number, Number] = (0, 0)
) -> Iterator[bytes]:
    """What the pointer does; `page_id` is the element that it is on, if what is recorded is not to be trusted.

    Positions are recorded relative to `visible_from`.
    """
    left, top = visible_from
    if isinstance(data, _MOVEMENTS):
        source = Source.MOUSE_MOVE if isinstance(data, MouseMoveData) else Source.TOUCH_MOVE
        positions = [
            {
                "x": p.x + left,
                "y": p.y + top,
                "id": shifted(p.id if page_id is None else page_id),
                "timeOffset": min(0, p.time_offset),
            }
            for p in data.positions
        ]
        if positions:  # The player relies on there being a last one.
            yield incremental(at, source, positions=positions)
    elif is_interaction(data):
        point = {} if data.x is None or data.y is None else {"x": data.x + left, "y": data.y + top}
        target = shifted(data.id if page_id is None else page_id)
        yield incremental(at, Source.MOUSE_INTERACTION, type=data.type, id=target, **point)


def finger_events(data: object, at: Number, page_id: int) -> Iterator[bytes]:
    """Where fingers are, at the screen as a whole: the player only needs some node."""
    target = shifted(page_id)
    if isinstance(data, TouchData) and data.positions:
        positions = [{"x": one.x, "y": one.y, "id": target, "timeOffset": 0} for one in data.positions]
        yield incremental(at, Source.TOUCH_MOVE, positions=positions)
    elif isinstance(data, PointerInteractionData):
        if data.pointer_event_type == "move":
            position = {"x": data.x, "y": data.y, "id": target, "timeOffset": 0}
            yield incremental(at, Source.TOUCH_MOVE, positions=[position])
            return
        kind = TOUCH_START if data.pointer_event_type == "down" else TOUCH_END
        yield incremental(at, Source.MOUSE_INTERACTION, type=kind, id=target, x=data.x, y=data.y)
