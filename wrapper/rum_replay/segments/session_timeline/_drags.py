"""What is dragged: the button of the mouse goes down in one place and up in another, and something there changes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

import attrs

from ..dom import AttributeSet, Effect, Node, NodeAdded, NodeKind, NodeRemoved, Scrolled
from ..dom._roles import FIELDS, control_of, is_control, upwards
from ..records import Number
from ..records._incremental import MouseInteractionData
from ..records._interactions import TOUCH_START
from ..summary._clicks import Click
from ..summary._quantities import plausible_pixels
from ._editable import is_editable
from ._hover import Hover
from ._moment import Action, Moment

__all__ = ["Drags"]

_FAR = 5
"""Pixels between where the button goes down and where it goes up."""

_FAR_ON_CONTROL = 15
"""The same where the browser makes a click on the same button or the like of it: hands tremble."""

_FAR_BY_FINGER = 20

_SECOND = 300
"""Milliseconds from one finger to the second one, where two are put down."""

_LATE = 200
"""Milliseconds after the button went up for which a change may be because of that."""

_AROUND = 4
"""What is pressed and elements around it, of which one may move with the mouse; and as many around what changes."""

_PAGE = frozenset({"body", "html"})
_MOVING = frozenset(
    {
        "aria-valuenow",
        "cx",
        "cy",
        "d",
        "height",
        "points",
        "style",
        "transform",
        "width",
        "x",
        "x1",
        "x2",
        "y",
        "y1",
        "y2",
    }
)
"""Attributes that change while something moves; others, such as classes, also show that a button is pressed."""


E = TypeVar("E")


@attrs.define
class _Drag(Generic[E]):
    action: Action[E]
    pressed: Click
    around: frozenset[int]
    control: int | None
    """The button or the like that was pressed."""

    can_be_dropped: bool
    """Whether the page lets the browser drag it, which records neither the way nor the end."""

    is_touch: bool = False
    released: Click | None = None
    has_changed: bool = False
    click: Action[E] | None = None
    """The click that the browser made of it."""

    is_clicked_around: bool = False
    """Whether that is on what is around both ends, as where text is selected."""


class Drags(Generic[E]):
    """What is dragged in a view."""

    def __init__(self, moment: Moment[E], hover: Hover) -> None:
        self._moment = moment
        self._hover = hover
        self._drag: _Drag[E] | None = None
        self._moved: tuple[Click, Number] | None = None
        """Where the mouse was when something moved below it, and when, if no press is recorded."""

    def forget(self) -> None:
        """What ids refer to is not known any more."""
        self._drag = self._moved = None

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page."""
        drag = self._drag
        if drag is None:
            if effects and self._hover.at is not None:
                self._note_unrecorded(effects, self._hover.at)
        elif drag.released is not None and self._moment.now - drag.released.time > _LATE:
            self.end()
        elif drag.is_touch and any(isinstance(effect, Scrolled) for effect in effects):
            self._drag = None  # The finger scrolls.
        elif not drag.has_changed:
            drag.has_changed = any(self._has_moved(effect, drag.around, drag.control) for effect in effects)
            drag.can_be_dropped |= any(_lets_drag(effect, drag.around) for effect in effects)

    def press(self, data: MouseInteractionData) -> None:
        """The button, or a finger, went down."""
        at, last = _place(data, self._moment.now), self._drag
        if last is not None and last.is_touch and last.released is None and at.time - last.pressed.time <= _SECOND:
            self._drag = None  # Two fingers pinch.
            return
        self.end()
        self._moved, self._drag = None, self._from(at)
        drag = self._drag
        if drag is not None and data.type == TOUCH_START:
            drag.is_touch, drag.can_be_dropped = True, False
            drag.action.details["by"] = "touch"

    def _note_unrecorded(self, effects: Sequence[Effect], at: Click) -> None:
        """Something moves: if that is below the mouse, its button may be down.

        Pages can prevent the records of that, and of all movements up to the release.
        """
        moved = [one for one in effects if isinstance(one, AttributeSet) and one.name in _MOVING]
        if not moved or (self._moved is not None and self._moved[0] is at):
            return
        around = frozenset(one.id for one in self._around(at))
        if any(self._has_moved(effect, around, None) for effect in moved):
            self._moved = at, self._moment.now

    def _unrecorded(self) -> _Drag[E] | None:
        """The drag that ends now without a press, if the mouse has not moved on until now."""
        place, time = self._moved or (None, 0)
        if place is None or place is not self._hover.at or self._moment.find(place.node_id) is None:
            return None
        drag = self._from(place)
        if drag is not None:
            drag.action, drag.has_changed, drag.can_be_dropped = attrs.evolve(drag.action, at=time), True, False
        return drag

    def _around(self, at: Click) -> list[Node]:
        """What is pressed at a place, and around it."""
        node = self._moment.find(at.node_id)
        return [] if node is None else [one for one in islice(upwards(node), _AROUND) if _is_part_of_page(one)]

    def _from(self, at: Click) -> _Drag[E] | None:
        """What may begin with the button going down at a place."""
        around = self._around(at)
        if any(one.name in FIELDS or is_editable(one) for one in around):
            return None  # Somebody selects text, or what a field holds is recorded.
        action = self._moment.action("drag", at.node_id, **{"from": [at.x, at.y], "to": None})
        can_be_dropped = any(one.attributes.get("draggable") == "true" for one in around)
        node = self._moment.find(at.node_id)
        control = None if node is None else control_of(node)
        number = control.id if control is not None and is_control(control) else None
        return _Drag(action, at, frozenset(one.id for one in around), number, can_be_dropped)

    def release(self, data: MouseInteractionData) -> None:
        """The button went up."""
        self._drag = drag = self._unrecorded() if self._drag is None else self._drag
        self._moved, at = None, _place(data, self._moment.now)
        if drag is None or drag.released is not None:
            return
        if at.is_near(drag.pressed, pixels=_FAR_BY_FINGER if drag.is_touch else _FAR, ms=self._moment.now):
            self._drag = None
        drag.released = at
        drag.action.details["to"] = [at.x, at.y]

    def click(self, action: Action[E], node_id: int | None) -> None:
        """The browser makes a click of it."""
        drag, node = self._drag, self._moment.find(node_id)
        if drag is None or drag.released is None:
            self._drag = None  # A finger, for which SDKs record that the mouse goes up before it goes down.
            return
        is_on_control = node is not None and control_of(node).id == drag.control
        is_near = drag.released.is_near(drag.pressed, pixels=_FAR_ON_CONTROL, ms=self._moment.now)
        if is_on_control and is_near:
            self._drag = None
        drag.click, drag.is_clicked_around = action, node_id != drag.pressed.node_id and not is_near

    def end(self) -> None:
        """Nothing that follows is because of it."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        is_said = drag.has_changed if drag.released is not None else drag.can_be_dropped
        if is_said:
            self._moment.add(drag.action)
        if drag.click is not None and (is_said or drag.is_clicked_around):
            drag.click.details["by"] = "drag"

    def _has_moved(self, effect: Effect, pressed: frozenset[int], control: int | None) -> bool:
        """Whether something that was pressed, or is beside it, may have moved; what comes in a button is its own."""
        number: Any = None
        if isinstance(effect, AttributeSet) and effect.name in _MOVING:
            number = effect.id
        elif isinstance(effect, NodeAdded | NodeRemoved):
            number = effect.parent_id
        changed = self._moment.find(number)
        around = [] if changed is None else [one.id for one in islice(upwards(changed), _AROUND)]
        if control in around and not isinstance(effect, AttributeSet):
            return False
        return not pressed.isdisjoint(around)


def _is_part_of_page(node: Node) -> bool:
    return node.kind is NodeKind.ELEMENT and node.name not in _PAGE


def _lets_drag(effect: Effect, around: frozenset[int]) -> bool:
    """Whether a page lets the browser drag what is pressed only now."""
    return (
        isinstance(effect, AttributeSet)
        and effect.name == "draggable"
        and effect.value == "true"
        and effect.id in around
    )


def _place(data: MouseInteractionData, now: Number) -> Click:
    return Click(time=now, x=plausible_pixels(data.x), y=plausible_pixels(data.y), node_id=data.id)
