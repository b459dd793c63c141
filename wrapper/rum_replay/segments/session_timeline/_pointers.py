"""Clicks, and what caused them, and changes of fields."""

from __future__ import annotations

import math
from typing import Any, Generic, TypeVar

import attrs

from ..dom import Node
from ..dom._form_fields import form_of, submits
from ..dom._names.labels import labelled_by
from ..dom._roles import control_of, native_role_of, upwards
from ..records import Number
from ..records._incremental import MouseInteractionData
from ..records._interactions import CONTEXT_MENU, DOUBLE_CLICK, MOUSE_DOWN, MOUSE_UP, TOUCH_END, TOUCH_START
from ..summary._click_targets import is_unattributed
from ..summary._clicks import Click
from ..summary._gestures import is_added_by_label, is_at_corner, unrecorded_way
from ..summary._quantities import plausible_pixels
from ..summary._taps import Gesture
from ._drags import Drags
from ._editable import is_editable
from ._focus import Focus
from ._hover import Hover
from ._moment import Action, Moment

__all__ = ["TEXT_ROLES", "Pointers", "TimelineClick"]

_RECENT = 1_000
"""Milliseconds for which a field may change because it was clicked."""

_STILL = 3
"""Pixels that the mouse may move while its button is down, and click what it pressed."""

_HELD = 60_000
"""Milliseconds for which a button may be down."""

_AT_ONCE = 100
"""Milliseconds within which nobody clicks something and then uses something else."""

_RECORDED_WITHIN = 100
"""Milliseconds by which SDKs record changes of the page late."""

_MAX_INTERACTIONS = 10_000
TEXT_ROLES = frozenset({"searchbox", "spinbutton", "textbox"})

E = TypeVar("E")


@attrs.frozen(kw_only=True)
class TimelineClick(Click, Generic[E]):
    """A click with what a timeline says about it."""

    at: Number
    """Milliseconds of Unix time, by the clock of the player."""

    element: E | None

    unknown: str | None = None
    """Why the element is not known."""


@attrs.frozen(kw_only=True)
class _Press(Generic[E]):
    """The button of the mouse, or a finger, is down."""

    at: Click
    element: E | None
    """What is below, as it was then."""

    is_used: bool = False
    """Whether something was chosen by it already, so that a click says nothing more."""

    is_recorded: bool = True
    """Whether it is; a page may prevent what follows from `pointerdown`, and then only the release is recorded."""

    def is_of(self, click: Click) -> bool:
        """Whether it is what a click begins with, so that its element is what was clicked.

        Pages open and close something as soon as a button is down; browsers then click what is around both.
        """
        return self.element is not None and (not self.is_recorded or click.is_near(self.at, pixels=_STILL, ms=_HELD))


class Pointers(Generic[E]):
    """The pointers of a view."""

    def __init__(self, moment: Moment[E]) -> None:
        self.focus = Focus()
        self.hover = Hover(moment)
        self.drags = Drags(moment, self.hover)
        self.interactions: dict[int, tuple[Number, E | None]] = {}
        """When records were made to which frustration may refer, by their number, and on which element."""

        self._moment = moment
        self._pressed: _Press[E] | None = None
        self._released: Click | None = None
        """Where the button went up, if that made no click yet."""

        self._focused_at_press: int | None = None
        self._has_presses = self._is_released = False
        self._last: TimelineClick[E] | None = None

    def forget(self) -> None:
        """What ids refer to is not known any more."""
        self.focus.forget()
        self.hover.forget()
        self.drags.forget()
        self._pressed = self._focused_at_press = None

    def note_added(self, node: Node) -> None:
        """Note that a node was added to the page."""
        self.focus.note_added(node)
        self.hover.note_added(node, -math.inf if self._last is None else self._last.at)

    def note(self, data: MouseInteractionData, record_id: int | None) -> None:
        """Note an interaction, after the click that it may be."""
        moment = self._moment
        if data.type in (MOUSE_DOWN, TOUCH_START):
            x, y = plausible_pixels(data.x), plausible_pixels(data.y)
            at = Click(time=moment.now, x=x, y=y, node_id=data.id)
            self._pressed, self._has_presses = _Press(at=at, element=moment.element(data.id, {})), True
            self._is_released, self._focused_at_press = False, self.focus.node_id
            if data.type == TOUCH_START:
                self.hover.at = None  # Where the mouse was says nothing about fingers.
            self.drags.press(data)
        elif data.type in (MOUSE_UP, TOUCH_END):
            self._has_presses = True
            if data.type == MOUSE_UP:
                x, y = plausible_pixels(data.x), plausible_pixels(data.y)
                self._released = Click(time=moment.now, x=x, y=y, node_id=data.id)
                if self._pressed is None or self._is_released:
                    self._pressed = self._unrecorded_press(self._released)
            self.drags.release(data)
            self._is_released = True
        elif data.type == CONTEXT_MENU:
            self._pressed = None
            moment.add(moment.action("context_menu", data.id, x=data.x, y=data.y))
        elif data.type == DOUBLE_CLICK:
            moment.add(moment.action("double_click", data.id, x=data.x, y=data.y))
        if record_id is not None:
            if len(self.interactions) >= _MAX_INTERACTIONS:
                self.interactions.clear()
            self.interactions[record_id] = (moment.now, moment.element(data.id, {}))

    @property
    def is_just_pressed(self) -> bool:
        """Whether the button of the mouse, or a finger, went down on the page just now."""
        return self._pressed is not None and self._moment.now - self._pressed.at.time <= _AT_ONCE

    def use_press(self) -> None:
        """Something was chosen as soon as the button went down."""
        if self._pressed is not None:
            self._pressed = attrs.evolve(self._pressed, is_used=True)

    @property
    def used_at(self) -> Number:
        """When the mouse or a finger went down last, or clicked, in milliseconds of Unix time."""
        pressed = -math.inf if self._pressed is None else self._pressed.at.time
        return pressed if self._last is None else max(pressed, self._last.at)

    @property
    def are_in_use(self) -> bool:
        """Whether the mouse or a finger went down, or clicked, just now."""
        return self._moment.now - self.used_at <= _AT_ONCE

    def pressed_beside(self, field: Node) -> Number | None:
        """Since when the mouse was where a press was released now that is not recorded, if that is not in a field."""
        pressed, at = self._pressed, self.hover.at
        if pressed is None or pressed.is_recorded or at is None or self._is_part_of(pressed.at.node_id, field):
            return None
        return at.time

    def _unrecorded_press(self, at: Click) -> _Press[E] | None:
        """The press before a release or click of the mouse where it was last."""
        pressed = self.hover.at
        if pressed is None or not self._is_at_mouse(at):
            return None
        element = self._moment.element(pressed.node_id, {})
        return _Press(at=attrs.evolve(pressed, time=self._moment.now), element=element, is_recorded=False)

    def _is_at_mouse(self, click: Click) -> bool:
        """Whether a click, or the release before it, is where the mouse was last."""
        at = self.hover.at
        if at is None:
            return False
        pixels = unrecorded_way(self._moment.find(click.node_id), self._moment.find(at.node_id))
        return click.is_near(at, pixels=pixels, ms=_HELD)

    def click(self, click: Click) -> TimelineClick[E]:
        """Add a click."""
        moment, by = self._moment, self._cause_of(click)
        details: dict[str, Any] = {"x": click.x, "y": click.y} if by is None else {"x": click.x, "y": click.y, "by": by}
        pressed, released, self._pressed, self._released = self._pressed, self._released, None, None
        is_over = released is not None and moment.now - released.time > _AT_ONCE
        if by is None and (pressed is None or is_over):
            pressed = self._unrecorded_press(attrs.evolve(click, time=moment.now))
        is_begun = pressed is not None and (pressed.is_recorded or self._is_around(click, pressed.at))
        if is_begun and pressed is not None and pressed.is_of(attrs.evolve(click, time=moment.now)):
            action = attrs.evolve(moment.action("click", **details), element=pressed.element)
        else:
            action = moment.action("click", click.node_id, **details)
        opener = self.hover.opener_of(click.node_id)
        other = self.focus.node_id if by == "enter" else opener if by is None else None
        if other is not None:
            action = attrs.evolve(action, other=moment.element(other, {}))
        self.drags.click(action, click.node_id)
        is_said = is_begun and pressed is not None and pressed.is_used
        self._last = self._add(click, action, is_listed=by != "option" and not is_said)
        return self._last

    def tap(self, tap: Click, element: E | None) -> TimelineClick[E]:
        """Add a tap on the screen of a mobile app, on an element as it was when the finger was put down."""
        page, details = self._moment.page, dict[str, Any]()
        if element is None and is_unattributed(page, tap.node_id):
            details["unknown"] = page.uncertain_because
        action = self._moment.action("click", x=tap.x, y=tap.y, by="tap", **details)
        # Where only positions are recorded, a later record shows that it was a tap.
        return self._add(tap, attrs.evolve(action, at=min(action.at, tap.time), element=element))

    def add_gesture(self, gesture: Gesture[E]) -> None:
        """Add a swipe on the screen of a mobile app, or a finger that was held there."""
        down, up = gesture.down, gesture.up
        if gesture.is_still:
            details: dict[str, Any] = {"x": down.x, "y": down.y, "by": "hold", "held": gesture.held}
        else:
            details = {"from": [down.x, down.y], "to": [up.x, up.y], "by": "swipe"}
        if gesture.element is None and is_unattributed(self._moment.page, down.node_id):
            details["unknown"] = self._moment.page.uncertain_because
        action = self._moment.action("context_menu" if gesture.is_still else "drag", **details)
        self._moment.add(attrs.evolve(action, at=min(action.at, up.time), element=gesture.element))

    def _add(self, click: Click, action: Action[E], *, is_listed: bool = True) -> TimelineClick[E]:
        moment = self._moment
        if is_listed:
            moment.add(action)
        return TimelineClick(
            time=click.time,
            x=click.x,
            y=click.y,
            node_id=click.node_id,
            at=action.at,
            element=action.element,
            unknown=action.details.get("unknown"),
        )

    def cause_of_change(self, field: Node) -> dict[str, Any]:
        """What the details of an action say about the cause of a field's change: nothing if it may be somebody."""
        return {} if self._moment.is_lost or self._may_be_used(field) else {"by": "script"}

    def _may_be_used(self, field: Node) -> bool:
        """Whether a field has focus or was clicked, or has a label that was clicked, or that is not known.

        One with focus is not used while something else is clicked, such as a suggestion that a script puts into it.
        """
        if "readonly" in field.attributes:
            return False
        if field.attributes.get("type", "").lower() == "file":
            return True  # Only people choose files, also where a button shows the dialog for it.
        now, last, pressed, focus = self._moment.now, self._last, self._pressed, self.focus
        if not focus.is_known and native_role_of(field) in TEXT_ROLES:
            focus.node_id = field.id  # It had the focus before the recording began.
        if not focus.is_known or focus.goes_to_new(field, now):
            return True
        if focus.node_id == field.id:
            number, at = (None, now) if last is None else (last.node_id, last.at)
            if pressed is not None:
                number, at = pressed.at.node_id, pressed.at.time
            # Scripts may lead the focus to the field after the press or click, as to that beside a button to step on.
            is_text, is_typed = is_editable(field), native_role_of(field) in TEXT_ROLES
            is_led = (is_text or is_typed) and focus.since < at + _AT_ONCE
            had_focus = focus.since < at or self._focused_at_press == field.id or is_led
            is_held = pressed is not None and pressed.is_recorded and not self._is_released
            within = _HELD if is_held else _AT_ONCE + (_RECORDED_WITHIN if is_text else 0)
            is_at_once = had_focus and now - at <= within
            return not (is_at_once and number is not None and not self._is_part_of(number, field))
        if pressed is not None and now - pressed.at.time <= _HELD and self._is_part_of(pressed.at.node_id, field):
            return True  # A slider moves before it gets the focus, and in some browsers it never gets it.
        return last is not None and now - last.at <= _RECENT and self._is_part_of(last.node_id, field) is True

    def _is_around(self, click: Click, press: Click) -> bool:
        pressed = self._moment.find(press.node_id)
        return pressed is not None and any(one.id == click.node_id for one in upwards(pressed))

    def _is_part_of(self, node_id: int | None, field: Node | None) -> bool | None:
        """Whether what was clicked is a field, a part of it or its label; None if that is not known."""
        clicked = self._moment.find(node_id)
        if clicked is None:
            return None
        control = control_of(clicked)
        return field in (clicked, control, labelled_by(control, self._moment.page) if control.name == "label" else None)

    def _cause_of(self, click: Click) -> str | None:
        """What caused a click, unless it was a pointer: a label that was clicked, an option, keys, or a script.

        Chromium adds a click on a select after an option was chosen from the list that it opens, by pointer or key.
        """
        is_known = self._has_presses or is_at_corner(click)
        if self._pressed is not None or click.node_id is None or not is_known:
            return None
        if self._is_forwarded(click):
            return "label"
        now = attrs.evolve(click, time=self._moment.now)
        clicked, focused = self._moment.find(click.node_id), self._moment.find(self.focus.node_id)
        is_select = clicked is not None and clicked.name == "select"
        is_released = self._released is not None and now.is_near(self._released, pixels=_STILL, ms=_AT_ONCE)
        if is_released or (self._is_at_mouse(now) and not is_select):
            return None  # The page suppressed the press, or that and the release.
        if is_select:
            return "option"
        if clicked is not None and focused is not None:
            return _key_for(clicked, focused)
        return "script" if self._has_presses or self.focus.is_known else None

    def _is_forwarded(self, click: Click) -> bool:
        last = self._last
        if last is None or last.node_id == click.node_id or self._moment.now - last.at > _RECENT:
            return False
        if self._is_part_of(last.node_id, self._moment.find(click.node_id)):
            return True  # Slow pages take their time before browsers go on.
        label = self._moment.find(last.node_id)
        is_for_another = label is not None and control_of(label).name == "label"
        is_at_once = self._moment.now - last.at <= _AT_ONCE
        return (is_at_once and is_for_another) or is_added_by_label(click, last)


def _key_for(clicked: Node, focused: Node) -> str:
    """Whether a key that was pressed in what has the focus clicked something."""
    if control_of(focused) is control_of(clicked):
        return "keyboard"
    form = form_of(focused)
    sends = focused.name == "input" and form is not None and form is form_of(clicked)
    return "enter" if sends and submits(control_of(clicked)) else "script"
