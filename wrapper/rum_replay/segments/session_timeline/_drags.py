"""What is dragged: the button of the mouse goes down in one place and up in another, and something there changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

import attrs

from ..dom import AttributeSet, Effect, Node, NodeAdded, NodeRemoved
from ..dom._roles import FIELDS, upwards
from ..records import Number
from ..records._incremental import MouseInteractionData
from ..summary._clicks import Click
from ..summary._quantities import plausible_pixels
from ._editable import is_editable
from ._moment import Action, Moment

__all__ = ["Drags"]

_FAR = 5
"""Pixels between where the button goes down and where it goes up."""

_LATE = 200
"""Milliseconds after the button went up for which a change may be because of that."""

_AROUND = 4
"""What is pressed and elements around it, of which one may move with the mouse; and as many around what changes."""

_PAGE = frozenset({"body", "html"})

E = TypeVar("E")


@attrs.define
class _Drag(Generic[E]):
    action: Action[E]
    pressed: Click
    around: frozenset[int]
    can_be_dropped: bool
    """Whether the page lets the browser drag it, which records neither the way nor the end."""

    released: Click | None = None
    has_changed: bool = False
    click: Action[E] | None = None
    """The click that the browser made of it."""


class Drags(Generic[E]):
    """What is dragged in a view."""

    def __init__(self, moment: Moment[E]) -> None:
        self._moment = moment
        self._drag: _Drag[E] | None = None

    def forget(self) -> None:
        """What ids refer to is not known any more."""
        self._drag = None

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page."""
        drag = self._drag
        if drag is None:
            return
        if drag.released is not None and self._moment.now - drag.released.time > _LATE:
            self.end()
        elif not drag.has_changed:
            drag.has_changed = any(self._is_around(effect, drag.around) for effect in effects)

    def press(self, data: MouseInteractionData) -> None:
        """The button went down."""
        self.end()
        node = self._moment.find(data.id)
        around = [] if node is None else [one for one in islice(upwards(node), _AROUND) if one.name not in _PAGE]
        if any(one.name in FIELDS or is_editable(one) for one in around):
            return  # Somebody selects text, or what a field holds is recorded.
        at = _place(data, self._moment.now)
        action = self._moment.action("drag", data.id, **{"from": [at.x, at.y], "to": None})
        can_be_dropped = any(one.attributes.get("draggable") == "true" for one in around)
        self._drag = _Drag(action, at, frozenset(one.id for one in around), can_be_dropped)

    def release(self, data: MouseInteractionData) -> None:
        """The button went up."""
        drag, at = self._drag, _place(data, self._moment.now)
        if drag is None or drag.released is not None:
            return
        if at.is_near(drag.pressed, pixels=_FAR, ms=self._moment.now):
            self._drag = None
        drag.released = at
        drag.action.details["to"] = [at.x, at.y]

    def click(self, action: Action[E]) -> None:
        """The browser makes a click of it."""
        if self._drag is not None and self._drag.released is not None:
            self._drag.click = action

    def end(self) -> None:
        """Nothing that follows is because of it."""
        drag, self._drag = self._drag, None
        if drag is None or not (drag.has_changed if drag.released is not None else drag.can_be_dropped):
            return
        self._moment.add(drag.action)
        if drag.click is not None:
            drag.click.details["by"] = "drag"

    def _is_around(self, effect: Effect, around: frozenset[int]) -> bool:
        return any(one.id in around for node in self._changed(effect) for one in islice(upwards(node), _AROUND))

    def _changed(self, effect: Effect) -> Iterator[Node]:
        number: Any = None
        if isinstance(effect, AttributeSet):
            number = effect.id
        elif isinstance(effect, NodeAdded | NodeRemoved):
            number = effect.parent_id
        node = self._moment.find(number)
        if node is not None:
            yield node


def _place(data: MouseInteractionData, now: Number) -> Click:
    return Click(time=now, x=plausible_pixels(data.x), y=plausible_pixels(data.y), node_id=data.id)
