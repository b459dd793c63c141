"""Which popovers are shown, of which SDKs record nothing.

What a pointer or the focus is in is shown, and what scripts have opened as far as the page says so. A button that shows
a popover by its attributes does so when it is clicked, until it is clicked again or, unless the popover is a manual
one, something outside of both is pressed. After a click in a popover, which often hides it, only pointers and focus
show that it still is there.
Source: https://html.spec.whatwg.org/multipage/popover.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from ...records._interactions import BLUR, CLICK, FOCUS, MOUSE_DOWN, TOUCH_START
from .._css.matching import shown_around
from .._nodes import Node
from .._roles import MAX_DEPTH
from .scripted_popovers import Pressed, ScriptedPopovers, is_automatic, opener_of

__all__ = ["Popovers"]

_COMMANDS = {"hide-popover": "hide", "show-popover": "show", "toggle-popover": "toggle"}
_BUTTONS = frozenset({"button", "input"})
_MAX_POPOVERS = 10_000
_MAX_SAME = _MAX_SHOWN = 100


def _popovers_of(button: Node, nodes_by_id: Mapping[str, AbstractSet[Node]]) -> Iterator[tuple[Node, str]]:
    """The popovers that a click on an element shows, hides or toggles, and which of these."""
    attributes = button.attributes
    target, action = attributes.get("popovertarget"), attributes.get("popovertargetaction", "").lower()
    if target is None:
        target, action = attributes.get("commandfor"), _COMMANDS.get(attributes.get("command", "").lower(), "none")
    if target is not None and action != "none" and button.name in _BUTTONS:
        for node in islice(nodes_by_id.get(target, ()), _MAX_SAME):
            if "popover" in node.attributes:
                yield node, action


class Popovers:
    """The popovers of a page."""

    def __init__(self) -> None:
        self.all: dict[int, Node] = {}
        self._shown: dict[int, Node] = {}
        self._by_button: dict[int, Node] = {}
        """The buttons by which popovers are shown."""

        self.scripted = ScriptedPopovers()
        self._pointed_at: Node | None = None
        self._focused: Node | None = None

    def add(self, popover: Node, *, is_new: bool) -> None:
        """An element is a popover; `is_new` is whether a change of the page inserted it."""
        if len(self.all) < _MAX_POPOVERS:
            self.all[popover.id] = popover
            self.scripted.add(popover, is_new=is_new)

    def forget(self, id: int) -> None:
        """An element was removed, or is no popover any more."""
        self.scripted.remove(id)
        for known in (self.all, self._shown, self._by_button):
            known.pop(id, None)

    def use(
        self, node: Node | None, interaction: int | None, nodes_by_id: Mapping[str, AbstractSet[Node]]
    ) -> Iterator[tuple[Node, bool]]:
        """Something happened at a node, or a pointer moved there; the popovers that are shown or hidden since."""
        if interaction in (FOCUS, BLUR):
            self._focused = node if interaction == FOCUS else None
        else:
            self._pointed_at = node
        if not self.all:
            return
        self.scripted.leave(self._pointed_at, self._focused)
        around = list(islice(shown_around(node), MAX_DEPTH))
        if interaction in (MOUSE_DOWN, TOUCH_START):
            self._press(around)
            self.scripted.press(around)
        elif interaction == CLICK:
            yield from self.changes()
            self._click(around, nodes_by_id)
            self.scripted.click(around)
        yield from self.changes()

    def note_gap(self) -> Iterator[tuple[Node, bool]]:
        """Records are missing, in which those that were open may have closed; those that are hidden now."""
        self.scripted.clear()
        self._by_button.clear()
        self._pointed_at = self._focused = None
        yield from self.changes()

    def changes(self) -> Iterator[tuple[Node, bool]]:
        """The popovers that are shown or hidden since this was asked last."""
        opened = (self.all.get(number) for number in (*self._by_button, *islice(self.scripted, _MAX_SHOWN)))
        shown = {popover.id: popover for popover in opened if popover is not None} | self._in_use()
        before, self._shown = self._shown, shown
        yield from ((popover, False) for popover in before.values() if popover.id not in shown)
        yield from ((popover, True) for popover in shown.values() if popover.id not in before)

    def note_attribute(self, popover: Node, name: str, before: str | None) -> None:
        """An attribute of a popover changed."""
        if self.scripted.note_attribute(popover, name, before):
            self._leave(popover)

    def settle(
        self,
        pointed_at: Node | None,
        pressed: Pressed,
        nodes_by_id: Mapping[str, AbstractSet[Node]],
        added: Mapping[int, Node],
        *,
        is_scrolling: bool,
    ) -> Iterator[tuple[Node, bool]]:
        """A record was applied, which added these nodes; the popovers that are shown or hidden since."""
        opener = opener_of(pointed_at or self._pointed_at or self._focused, pressed)
        for popover in self.scripted.settle(opener, self.all, nodes_by_id, added, is_scrolling=is_scrolling):
            self._leave(popover)
        yield from self.changes()

    def _leave(self, popover: Node) -> None:
        """It is closed, though the pointer was in it, or a click on its button showed it."""
        self._by_button.pop(popover.id, None)
        if popover in islice(shown_around(self._pointed_at), MAX_DEPTH):
            self._pointed_at = None

    def _press(self, around: list[Node]) -> None:
        for number, button in list(self._by_button.items()):
            popover = self.all.get(number)
            if popover is not None and is_automatic(popover) and popover not in around and button not in around:
                del self._by_button[number]

    def _click(self, around: list[Node], nodes_by_id: Mapping[str, AbstractSet[Node]]) -> None:
        for node in around:
            if self._by_button.pop(node.id, None) is not None or node.id in self.all:
                self._pointed_at = None
        for button in around:
            for popover, action in _popovers_of(button, nodes_by_id):
                if action == "hide" or (popover.id in self._by_button and action != "show"):
                    self._by_button.pop(popover.id, None)
                    self._pointed_at = None
                elif len(self._by_button) < _MAX_SHOWN:
                    self._by_button[popover.id] = button

    def _in_use(self) -> dict[int, Node]:
        found: dict[int, Node] = {}
        for node in (self._pointed_at, self._focused):
            for one in islice(shown_around(node), MAX_DEPTH):
                if one.id in self.all and self.all[one.id] is one:
                    found[one.id] = one
        return found
