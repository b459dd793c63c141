"""Dialogs, menus and lists that open over a page, and how they close where nobody clicks: a key was pressed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

import attrs

from ..dom import AttributeSet, Effect, Node, NodeAdded, NodeKind, TextSet, ValueSet, nodes_below
from ..dom._matching import shown_around
from ..dom._nodes import walk
from ..dom._roles import FIELDS, MAX_DEPTH, control_of, is_control, upwards
from ..dom._selectors import short_text
from ..records import Number
from ._moment import Moment
from ._pointers import Pointers
from ._secrets import Secrets

__all__ = ["Layers"]

_LAYERS = frozenset({"alertdialog", "dialog", "listbox", "menu"})
_ITEMS = frozenset({"menuitem", "menuitemcheckbox", "menuitemradio", "option", "treeitem"})
_LISTS = frozenset({"combobox", "listbox"})
_OF_FIELDS = frozenset({"listbox", "menu"})
"""Layers that may be open while what opened them has the focus."""

_HIDING = frozenset({"aria-hidden", "hidden", "style"})
_SHOWING = _HIDING | {"aria-expanded", "open", "role"}
_NOT_SHOWN = re.compile(r"display\s*+:\s*+none")

_AT_ONCE = 500
"""Milliseconds between a key and what it causes: the focus goes, and the layer closes."""

_BY_CLICK = 400
"""Milliseconds after a click for which it may have closed a layer."""

_BY_BUTTON = 10_000
"""The same after a click on a button in it, which may wait for an answer."""

_HOVERED = 250
"""Milliseconds after the mouse moved for which an item is active because of that."""

_MAX_OPEN = 50
_MAX_TEXT = 100
_MAX_STYLE = 1_000
_MAX_ABOVE = 4
_MAX_BELOW = 20
_MAX_TEXTS = 100
_MAX_OPTIONS = 1_000

E = TypeVar("E")


@attrs.frozen
class _Layer(Generic[E]):
    node_id: int
    element: E | None
    role: str
    since: Number
    opener: int | None
    """What had the focus when it opened."""


@attrs.frozen
class _Item(Generic[E]):
    """An item of a layer that a key would choose, or that was pressed."""

    layers: frozenset[int]
    element: E | None
    text: str
    at: Number
    is_pressed: bool = False
    is_hovered: bool = False


class Layers(Generic[E]):
    """What is open over the page of a view."""

    def __init__(self, moment: Moment[E], pointers: Pointers[E], secrets: Secrets) -> None:
        self.chosen: tuple[int, str] | None = None
        """The field into which the choice of an item is about to put a text, and that."""

        self._moment = moment
        self._pointers = pointers
        self._secrets = secrets
        self._open: dict[int, _Layer[E]] = {}
        self._item: _Item[E] | None = None
        self._left: Number | None = None
        """Since when no item is active any more."""

        self._options: dict[int, str] = {}
        """The options that came last, and their texts."""

        self._focused: frozenset[int] = frozenset()
        """The layers in which the focus is, or was last."""

        self._focus_left: Number | None = None
        self._clicked: tuple[Number, frozenset[int]] | None = None
        """When somebody clicked last, and in which layers that was, if on a button."""

        self._closed_at: Number | None = None
        self._texts: deque[tuple[Number, str]] = deque(maxlen=_MAX_TEXTS)
        """What was written on the page last."""

    def forget(self) -> None:
        """What ids refer to is not known any more."""
        self._open.clear()
        self._options.clear()
        self._texts.clear()
        self._item = self._focus_left = self._clicked = None
        self._focused = frozenset()

    def start(self, root: Node) -> None:
        """A new page, on which something may be open already."""
        for node in nodes_below(root):
            self._look_at(node, {})

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page, before changes of fields are looked at."""
        self.chosen = None
        page = self._moment.page
        closed: dict[int, _Layer[E]] = {}
        for effect in effects:
            if isinstance(effect, NodeAdded | AttributeSet):
                node = effect.node if isinstance(effect, NodeAdded) else page.find(effect.id)
                if node is not None and isinstance(effect, NodeAdded):
                    self._note_option(node)
                if node is not None and (isinstance(effect, NodeAdded) or effect.name in _SHOWING):
                    self._look_at(node, closed)
                if node is not None and isinstance(effect, AttributeSet) and effect.name in _HIDING:
                    for below in islice(walk(node), 1, _MAX_BELOW):
                        self._look_at(below, closed)
                if isinstance(effect, AttributeSet) and effect.name == "aria-activedescendant" and node is not None:
                    self._point_at(node, effect.value)
            self._note_text(effect)
        for number in [number for number in self._open if page.find(number) is None]:
            closed[number] = self._open.pop(number)
        if closed and not self._moment.is_lost:
            self._close(closed)

    def focus(self, node_id: int, *, is_lost: bool) -> None:
        """Something got or lost the focus."""
        node = self._moment.find(node_id)
        if node is None or not self._open:
            return
        around = self._around(node)
        if around:
            self._focused, self._focus_left = around, self._moment.now if is_lost else None
        elif self._focus_left is None:
            self._focus_left = self._moment.now
        if not is_lost and (item := _item_around(node)) is not None and around:
            self._activate(item, around)

    def press(self, node_id: int) -> None:
        """The button of the mouse went down."""
        node = self._moment.find(node_id) if self._open else None
        item = None if node is None else _item_around(node)
        if item is not None and (around := self._around(item)):
            self._activate(item, around, is_pressed=True)

    def click(self, node_id: int | None) -> None:
        """Somebody clicked."""
        node = self._moment.find(node_id) if self._open else None
        around = frozenset[int]() if node is None else self._around(node)
        control = None if node is None else control_of(node)
        if control is not None and control.name in FIELDS and around:
            return  # Fields in it do not close it.
        is_button = control is not None and is_control(control) and control.attributes.get("role") not in _ITEMS
        self._clicked = self._moment.now, around if is_button else frozenset()
        if self._item is not None and self._item.is_pressed:
            self._item = None

    # What is open

    def _look_at(self, node: Node, closed: dict[int, _Layer[E]]) -> None:
        role = _open_as(node)
        if role is None:
            if node.id in self._open:
                closed[node.id] = self._open.pop(node.id)
        elif node.id not in self._open and len(self._open) < _MAX_OPEN and not self._moment.is_lost:
            opener = self._pointers.focus.node_id
            self._open[node.id] = _Layer(node.id, self._moment.element(node.id, {}), role, self._moment.now, opener)
            focused = self._moment.find(opener)
            if focused is not None and (around := self._around(focused)):
                self._focused, self._focus_left = around, None  # Changes are recorded later than the focus.

    def _around(self, node: Node) -> frozenset[int]:
        """The layers that contain a node, or that it opens."""
        return frozenset(one.id for one in islice(shown_around(node), MAX_DEPTH) if one.id in self._open)

    def _point_at(self, control: Node, item_id: str | None) -> None:
        """A field with focus names the item that a key would choose."""
        page = self._moment.page
        item = next(iter(page.nodes_by_id_attribute.get(item_id or "", ())), None)
        if item is not None and not self._moment.is_lost:
            self._activate(item, self._around(item) | self._around(control))
        elif self._item is not None and self._left is None:
            self._left = self._moment.now

    def _note_option(self, node: Node) -> None:
        if not _may_say(node, "role") or node.attributes.get("role") != "option":
            return
        if len(self._options) >= _MAX_OPTIONS:
            self._options.clear()
        text = short_text(node, _MAX_TEXT, _MAX_TEXT)
        if text and not self._secrets.is_masked(node, text):
            self._options[node.id] = text

    def _activate(self, item: Node, layers: frozenset[int], *, is_pressed: bool = False) -> None:
        text = short_text(item, _MAX_TEXT, _MAX_TEXT)
        at, self._left = self._pointers.hover.at, None
        self._item = _Item(
            layers,
            self._moment.element(item.id, {}),
            "" if self._secrets.is_masked(item, text) else text,
            self._moment.now,
            is_pressed,
            at is not None and self._moment.now - at.time <= _HOVERED,
        )

    def _note_text(self, effect: Effect) -> None:
        if isinstance(effect, ValueSet):
            self._texts.append((self._moment.now, effect.value[:_MAX_TEXT]))
        elif isinstance(effect, TextSet):
            self._texts.append((self._moment.now, effect.text[:_MAX_TEXT]))
        elif isinstance(effect, NodeAdded) and effect.node.kind is NodeKind.TEXT:
            self._texts.append((self._moment.now, effect.node.text[:_MAX_TEXT]))

    # How it closes

    def _close(self, closed: dict[int, _Layer[E]]) -> None:
        moment, item = self._moment, self._item
        before, self._closed_at = self._closed_at, moment.now
        if before is not None and moment.now - before <= _AT_ONCE:
            return  # A list, and what showed it.
        if item is not None and not (item.layers & closed.keys() and self._is_recent(self._left)):
            item = None
        if item is not None and item.is_pressed and moment.now - item.at <= _AT_ONCE:
            self._choose(item, closed, {})
            return
        if self._is_by_pointer(closed) or not self._had_focus(closed) or self._has_moved_on(closed):
            return
        if item is None or item.is_pressed or not self._is_chosen(item, closed):
            item = self._written_option(closed)
        if item is not None:
            self._choose(item, closed, {"by": "keyboard"})
            return
        layer = min(closed.values(), key=lambda one: (one.role not in _LAYERS, one.node_id))
        if layer.role in _LAYERS or not self._has_just_typed():
            action = moment.action("close", layer=layer.role)
            moment.add(attrs.evolve(action, element=layer.element))

    def _choose(self, item: _Item[E], closed: dict[int, _Layer[E]], details: dict[str, Any]) -> None:
        """Somebody chose an item: in the field or button that showed the list, or in the layer."""
        layer = min(closed.values(), key=lambda one: (one.role in _LAYERS, one.node_id))
        details |= {"labels": [item.text]} if item.text else {"is_masked": True}
        action = self._moment.action("select", layer=layer.role, **details)
        self._moment.add(attrs.evolve(action, element=layer.element, other=item.element))
        self._item = None
        field = self._moment.find(layer.node_id)
        if field is not None and field.name in FIELDS and item.text:
            self.chosen = field.id, item.text

    def _is_by_pointer(self, closed: dict[int, _Layer[E]]) -> bool:
        """Whether the last click may have closed a layer."""
        if self._clicked is None:
            return False
        at, layers = self._clicked
        passed = self._moment.now - at
        if at < max(layer.since for layer in closed.values()):
            return False  # It opened one.
        return passed <= _BY_CLICK or (passed <= _BY_BUTTON and bool(layers & closed.keys()))

    def _had_focus(self, closed: dict[int, _Layer[E]]) -> bool:
        """Whether the focus was in a layer, or on what opened it, until it closed."""
        focus = self._pointers.focus.node_id
        showing = {number for one in closed.values() for number in _shown_by(one)}
        if focus is not None and focus in showing:
            return True
        return bool(self._focused & closed.keys()) and self._is_recent(self._focus_left)

    def _has_moved_on(self, closed: dict[int, _Layer[E]]) -> bool:
        """Whether the focus has gone to another field, as by Tab, which closes lists too."""
        focus = self._pointers.focus
        node = self._moment.find(focus.node_id)
        is_new = node is not None and node.name in FIELDS and self._moment.now - focus.since <= _AT_ONCE
        return is_new and all(focus.node_id not in (layer.node_id, layer.opener) for layer in closed.values())

    def _is_chosen(self, item: _Item[E], closed: dict[int, _Layer[E]]) -> bool:
        """Whether a key chose an item: what is written on it is written elsewhere then; menus need not do that."""
        if all(layer.role == "menu" or layer.role not in _LAYERS | _LISTS for layer in closed.values()):
            return not item.is_hovered
        return item.text in self._written()

    def _written_option(self, closed: dict[int, _Layer[E]]) -> _Item[E] | None:
        """The option that a list had which is written elsewhere now, where no item is said to be active."""
        is_list = any(layer.role in _LISTS for layer in closed.values())
        written = self._written() if is_list else frozenset[str]()
        text = next((text for text in reversed(self._options.values()) if text in written), None)
        return None if text is None else _Item(frozenset(), None, text, self._moment.now)

    def _written(self) -> frozenset[str]:
        """What was written on the page just now."""
        return frozenset(text for at, text in self._texts if text and self._is_recent(at))

    def _is_recent(self, at: Number | None) -> bool:
        return at is None or self._moment.now - at <= _AT_ONCE

    def _has_just_typed(self) -> bool:
        return bool(self._texts) and self._moment.now - self._texts[-1][0] <= _AT_ONCE


def _shown_by(layer: _Layer[Any]) -> tuple[int | None, ...]:
    """What may have the focus while a layer is open, besides what is in it."""
    return (layer.node_id, layer.opener) if layer.role in _OF_FIELDS else (layer.node_id,)


def _open_as(node: Node) -> str | None:
    """The role of a layer, or of what shows one, if it is open."""
    if not _may_say(node, "open", "role"):
        return None
    attributes = node.attributes
    role = (attributes.get("role", "")[:_MAX_TEXT].lower().split() or [""])[0]
    if attributes.get("aria-expanded") == "true" and (role == "combobox" or "aria-haspopup" in attributes):
        return role or "button"
    if node.name == "dialog":
        return "dialog" if "open" in attributes else None
    is_shown = role in _LAYERS and not any(map(_is_hidden, islice(upwards(node), _MAX_ABOVE)))
    return role if is_shown else None


def _may_say(node: Node, *names: str) -> bool:
    """Whether a node has several attributes, or one of these names: most nodes of a page have none."""
    only = node.only_attribute
    return node.any_attributes is not None or (only is not None and only[0] in names)


def _is_hidden(node: Node) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return _NOT_SHOWN.search(attributes.get("style", "")[:_MAX_STYLE].lower()) is not None


def _item_around(node: Node) -> Node | None:
    return next((one for one in upwards(node) if one.attributes.get("role") in _ITEMS), None)
