"""What has the focus in a page and what the mouse is on, and the attributes by which style sheets find them.

Source: https://drafts.csswg.org/selectors-4/#focus-pseudo, and for when `:focus-visible` matches,
https://html.spec.whatwg.org/multipage/interaction.html#focusing-steps
"""

from __future__ import annotations

import math
from itertools import islice

from ... import _inert as inert
from ...records import MouseInteractionData, MouseMoveData, Number
from ...records._interactions import BLUR, FOCUS, MOUSE_DOWN, TOUCH_START
from .._css.matching import shown_around
from .._nodes import ELEMENT, Node

__all__ = ["Focus"]

_PRESSES = frozenset({MOUSE_DOWN, TOUCH_START})
_BY_POINTER = 1_000
"""Milliseconds after a press in which what gets the focus, also by a script, gets it because of the pointer."""

_MAX_DEPTH = 200
_NOT_FOR_TEXT = frozenset(
    {"button", "checkbox", "color", "file", "hidden", "image", "radio", "range", "reset", "submit"}
)


class Focus:
    """The focus and the mouse in a page, as far as they are recorded."""

    def __init__(self) -> None:
        self._element: Node | None = None
        self._is_by_pointer = self._uses_pointer = False
        self._pressed_at: Number = -math.inf
        self.movement: MouseMoveData | None = None
        """The last one of the mouse, which shows what it is on."""

    def note(self, data: MouseInteractionData, target: Node | None, at: Number) -> None:
        """Note what was done to an element."""
        if data.type in _PRESSES:
            self._pressed_at = at
            self._uses_pointer = True
        elif data.type == FOCUS:
            self._element = target
            # What keys do not reach got it from a script: browsers show that if keys were used since the last press.
            if not 0 <= at - self._pressed_at <= _BY_POINTER and not _is_beyond_keys(target):
                self._uses_pointer = False
            self._is_by_pointer = self._uses_pointer
        elif data.type == BLUR:
            self._element = None

    @property
    def is_used(self) -> bool:
        """Whether anybody has used the page, as far as that is recorded."""
        return self.movement is not None or self._element is not None or self._pressed_at > -math.inf

    def pointed_at(self, nodes: dict[int, Node]) -> Node | None:
        """What the mouse is on, given the nodes of the page."""
        positions = self.movement.positions if self.movement is not None else ()
        return nodes.get(positions[-1].id) if positions else None

    def clear(self) -> None:
        """The page is another one, or what has the focus is not known."""
        self._element = self.movement = None

    def marks(self, nodes: dict[int, Node], *, with_mouse: bool) -> dict[Node, dict[str, str]]:
        """Attributes for elements of a page, given its nodes."""
        marks = self._marks_of_focus(nodes)
        below = self.pointed_at(nodes) if with_mouse else None
        for one in islice(shown_around(below), _MAX_DEPTH):
            marks.setdefault(one, {})[inert.HOVER] = ""
        return marks

    def _marks_of_focus(self, nodes: dict[int, Node]) -> dict[Node, dict[str, str]]:
        focused = self._element
        if focused is None or nodes.get(focused.id) is not focused or focused.kind is not ELEMENT:
            return {}
        marks = {one: {inert.FOCUS_WITHIN: ""} for one in islice(shown_around(focused), _MAX_DEPTH)}
        is_visible = not self._is_by_pointer or _is_for_text(focused)
        marks[focused][inert.FOCUS] = inert.FOCUS_VISIBLE if is_visible else ""
        return marks


def _is_beyond_keys(element: Node | None) -> bool:
    """Whether the Tab key does not reach it, such as a dialog or a heading that scripts give the focus."""
    return element is not None and element.attributes.get("tabindex", "").strip().startswith("-")


def _is_for_text(element: Node) -> bool:
    """Whether people type into it, so that browsers show that it has the focus also if it was clicked."""
    if element.name == "input":
        return element.attributes.get("type", "").lower() not in _NOT_FOR_TEXT
    return element.name == "textarea" or element.attributes.get("contenteditable", "false").lower() != "false"
