"""Clicks, and what caused them; what has focus."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import attrs

from ..dom import Node
from ..dom._accessible_names import labelled_by
from ..dom._roles import control_of
from ..records import Number
from ..records._incremental import MouseInteractionData, MouseMoveData
from ..summary._clicks import Click
from ._moment import Action, Moment

__all__ = ["Pointers", "TimelineClick"]

_FORWARDING_DELAY = 100
"""Milliseconds between the click on a label and the one on its field, which the browser adds."""

_RECENT = 1_000
"""Milliseconds for which a field may change because it was clicked."""

_MAX_INTERACTIONS = 10_000
_MAX_TYPE = 20
_MAX_DEPTH = 100
_UP, _DOWN, _CONTEXT_MENU, _DOUBLE_CLICK, _FOCUS, _BLUR, _TOUCH_START, _TOUCH_END = 0, 1, 3, 4, 5, 6, 7, 9

E = TypeVar("E")


@attrs.frozen(kw_only=True)
class TimelineClick(Click, Generic[E]):
    """A click with what a timeline says about it."""

    at: Number
    """Milliseconds of Unix time, by the clock of the player."""

    element: E | None

    unknown: str | None = None
    """Why the element is not known."""


class Pointers(Generic[E]):
    """The pointers and the focus of a view."""

    def __init__(self, moment: Moment[E]) -> None:
        self.interactions: dict[int, tuple[Number, E | None]] = {}
        """When records were made to which frustration may refer, by their number, and on which element."""

        self.focused: int | None = None
        self._moment = moment
        self._focus_is_known = False
        self._pressed: int | None = None
        self._has_presses = False
        self._over: int | None = None
        self._last: TimelineClick[E] | None = None

    def forget(self) -> None:
        """What nodes the pointers and the focus are on is not known any more."""
        self.focused, self._focus_is_known, self._pressed, self._over = None, False, None, None

    def move(self, data: MouseMoveData) -> None:
        """The mouse moved."""
        self._over = data.positions[-1].id if data.positions else None

    def frame_below(self) -> int | None:
        """The frame that the mouse is over: clicks in it take the focus, and are not recorded."""
        node = self._moment.find(self._over)
        return node.id if node is not None and node.name == "iframe" else None

    def note(self, data: MouseInteractionData, record_id: int | None) -> None:
        """Note an interaction, after the click that it may be."""
        moment = self._moment
        if data.type in (_FOCUS, _BLUR):
            self.focused = data.id if data.type == _FOCUS else None
            self._focus_is_known = True
            return
        if data.type in (_DOWN, _TOUCH_START):
            self._pressed, self._has_presses = data.id, True
        elif data.type in (_UP, _TOUCH_END):
            self._has_presses = True
        elif data.type == _CONTEXT_MENU:
            self._pressed = None
            moment.add(moment.action("context_menu", data.id, x=data.x, y=data.y))
        elif data.type == _DOUBLE_CLICK:
            moment.add(moment.action("double_click", data.id, x=data.x, y=data.y))
        if record_id is not None:
            if len(self.interactions) >= _MAX_INTERACTIONS:
                self.interactions.clear()
            self.interactions[record_id] = (moment.now, moment.element(data.id, {}))

    def click(self, click: Click) -> TimelineClick[E]:
        """Add a click."""
        moment, by = self._moment, self._cause_of(click)
        details: dict[str, Any] = {"x": click.x, "y": click.y} if by is None else {"x": click.x, "y": click.y, "by": by}
        action = moment.action("click", click.node_id, **details)
        if by == "enter":
            action = attrs.evolve(action, other=moment.element(self.focused, {}))
        self._pressed = None
        self._last = self._add(click, action)
        return self._last

    def tap(self, tap: Click, element: E | None) -> TimelineClick[E]:
        """Add a tap on the screen of a mobile app, on an element as it was when the finger was put down."""
        action = self._moment.action("click", x=tap.x, y=tap.y, by="tap")
        return self._add(tap, attrs.evolve(action, element=element))

    def _add(self, click: Click, action: Action[E]) -> TimelineClick[E]:
        moment = self._moment
        moment.add(action)
        return TimelineClick(
            time=click.time,
            x=click.x,
            y=click.y,
            node_id=click.node_id,
            at=moment.now,
            element=action.element,
            unknown=action.details.get("unknown"),
        )

    def has_used(self, field: Node) -> bool:
        """Whether a field has focus or was clicked, or has a label that was clicked, or that is not known."""
        if not self._focus_is_known or self.focused == field.id:
            return True
        last = self._last
        clicked = None if last is None or self._moment.now - last.at > _RECENT else self._moment.find(last.node_id)
        if clicked is None:
            return False
        control = control_of(clicked)
        return field in (clicked, control, labelled_by(control, self._moment.page) if control.name == "label" else None)

    def _cause_of(self, click: Click) -> str | None:
        """What caused a click, unless it was a pointer: the browser, for a label that was clicked; keys; a script."""
        if self._pressed is not None or not self._has_presses or click.node_id is None:
            return None
        if self._is_forwarded(click):
            return "label"
        clicked, focused = self._moment.find(click.node_id), self._moment.find(self.focused)
        if clicked is None or focused is None:
            return "script"
        if control_of(focused) is control_of(clicked):
            return "keyboard"
        form = _form_of(focused)
        sends = focused.name == "input" and form is not None and form is _form_of(clicked)
        return "enter" if sends and _submits(control_of(clicked)) else "script"

    def _is_forwarded(self, click: Click) -> bool:
        last = self._last
        if last is None or last.node_id == click.node_id or self._moment.now - last.at > _FORWARDING_DELAY:
            return False
        label = self._moment.find(last.node_id)
        return (last.x, last.y) == (click.x, click.y) or (label is not None and control_of(label).name == "label")


def _form_of(node: Node) -> Node | None:
    ancestor: Node | None = node
    for _ in range(_MAX_DEPTH):
        if ancestor is None or ancestor.name == "form":
            return ancestor
        ancestor = ancestor.parent
    return None


def _submits(control: Node) -> bool:
    kind = control.attributes.get("type", "")[:_MAX_TYPE].lower()
    if control.name == "input":
        return kind in ("submit", "image")
    return control.name == "button" and kind not in ("button", "reset")
