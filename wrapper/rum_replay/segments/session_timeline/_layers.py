"""Dialogs, menus and lists that open over a page, and how they close where nobody clicks: a key was pressed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

import attrs

from ..dom import AttributeSet, Effect, Node, NodeAdded, nodes_below
from ..dom._css.matching import shown_around
from ..dom._names.selectors import short_text
from ..dom._nodes import walk
from ..dom._roles import FIELDS, MAX_DEPTH
from ..records import Number
from ..summary._clicks import Click
from ._causes import AT_ONCE, OtherCauses
from ._moment import Action, Moment
from ._open_layers import DIALOGS, HIDING, LAYERS, MAX_BELOW_DIALOG, SHOWING, Item, Layer, ShownLayers
from ._pointers import Pointers
from ._secrets import Secrets
from ._writing import MAX_TEXT, Writing, item_around

__all__ = ["Layers"]

_LISTS = frozenset({"combobox", "listbox"})
_OF_FIELDS = frozenset({"listbox", "menu"})
"""Layers that may be open while what opened them has the focus."""

_SHOWN_BY = frozenset({"aria-controls", "aria-expanded", "aria-haspopup"})
"""What elements have that show a menu or list."""

_HOVERED = 250
"""Milliseconds after the mouse moved for which an item is active because of that."""

_FILTERED_WITHIN = 1_500
"""Milliseconds after somebody typed for which a list may close because of that."""

_MAX_OPEN = 50
_MAX_BELOW = 20

E = TypeVar("E")


@attrs.frozen(kw_only=True)
class _Closed(Generic[E]):
    """What closed without a click."""

    layers: dict[int, Layer[E]]
    item: Item[E] | None
    """What a key would have chosen."""

    action: Action[E]
    is_list: bool
    """Whether it shows options of a field, in which what is chosen is written."""

    is_said: bool
    """Whether it is said that it closed, if nothing was chosen."""


class Layers(Generic[E]):
    """What is open over the page of a view."""

    def __init__(self, moment: Moment[E], pointers: Pointers[E], secrets: Secrets) -> None:
        self.chosen: tuple[int, str, frozenset[str]] | None = None
        """The field into which the choice of an item is about to put a text, that, and the texts of all items."""

        self._moment = moment
        self._pointers = pointers
        self._secrets = secrets
        self._shown = ShownLayers()
        self._open: dict[int, Layer[E]] = {}
        self._item: Item[E] | None = None
        self._left: Number | None = None
        """Since when no item is active any more."""

        self._focused: frozenset[int] = frozenset()
        """The layers in which the focus is, or was last."""

        self._focus_left: Number | None = None
        self._causes = OtherCauses(moment)
        self._writing = Writing(moment, secrets)
        self._closed_at: Number | None = None
        self._closed: _Closed[E] | None = None
        """What closed last, until it is known why."""

    @property
    def have_just_closed(self) -> bool:
        """Whether something closed just now, perhaps because of a key."""
        return self._closed_at is not None and self._moment.now - self._closed_at <= AT_ONCE

    def forget(self) -> None:
        """What ids refer to is not known any more."""
        self.end()
        self._open.clear()
        self._writing.forget()
        self._causes.forget()
        self._item = self._focus_left = None
        self._focused = frozenset()

    def end(self) -> None:
        """Nothing that follows shows why something closed."""
        if self._closed is not None and self._closed.is_said:
            self._moment.add(self._closed.action)
        self._closed = None

    def leave(self) -> None:
        """The view ends: what closed just before may have closed because another address is shown."""
        if self._closed is not None and self._moment.now - self._closed.action.at <= AT_ONCE:
            self._closed = None

    def start(self, root: Node) -> None:
        """A new page, on which something may be open already."""
        self._causes.navigated = self._moment.now
        for node in nodes_below(root):
            self._look_at(node, {})

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page, before changes of fields are looked at."""
        self.chosen = None
        self._shown.note(effects)
        if self._open or self._closed is not None:
            self._causes.note(effects, self._open.keys())
        page = self._moment.page
        closed: dict[int, Layer[E]] = {}
        for effect in effects:
            if isinstance(effect, NodeAdded | AttributeSet):
                node = effect.node if isinstance(effect, NodeAdded) else page.find(effect.id)
                if node is not None and (isinstance(effect, NodeAdded) or effect.name in SHOWING):
                    self._look_at(node, closed)
                if node is not None and isinstance(effect, AttributeSet) and effect.name in HIDING:
                    for below in islice(walk(node), 1, _MAX_BELOW):
                        self._look_at(below, closed)
                if isinstance(effect, AttributeSet) and effect.name == "aria-activedescendant" and node is not None:
                    self._point_at(node, effect.value)
            self._writing.note(effect)
        if gone := [number for number in self._open if page.find(number) is None]:
            removed = {number: self._open.pop(number) for number in gone}
            if any(one.role in LAYERS for one in (*closed.values(), *removed.values())):
                closed |= removed  # Keys close what a button shows, and do not remove the button.
        if self._item is not None and self._item.layers <= self._open.keys():
            self._renew(self._item)
        if self._closed is not None:
            self._settle(self._closed)
        if closed and not self._moment.is_lost:
            self._close(closed)

    def focus(self, node_id: int, *, is_lost: bool) -> None:
        """Something got or lost the focus."""
        self._writing.focus()
        node = self._moment.find(node_id)
        if node is None or not self._open:
            return
        around = self._around(node)
        if around:
            self._focused, self._focus_left = around, self._moment.now if is_lost else None
        elif self._focus_left is None:
            self._focus_left = self._moment.now
        if not is_lost and (item := item_around(node)) is not None and around:
            if within := around - {item.id}:
                self._activate(item, within)
            elif self._left is None:
                self._left = self._moment.now  # Back to the item of a menu bar that shows the menu.

    def press(self, at: Click, *, is_mouse: bool) -> None:
        """The button of the mouse or a finger went down."""
        self.end()
        self._writing.use()
        node = self._moment.find(at.node_id)
        around = frozenset[int]() if node is None else self._around(node)
        self._causes.press(at, node, around)
        item = None if node is None else item_around(node)
        if item is not None and around and is_mouse:
            self._activate(item, self._around(item), is_pressed=True)

    def release(self, at: Click) -> None:
        """The button of the mouse or a finger went up."""
        node = self._moment.find(at.node_id)
        self._causes.release(at, node, frozenset() if node is None else self._around(node))

    def click(self, node_id: int | None) -> None:
        """Somebody clicked."""
        self.end()
        self._writing.use()
        node = self._moment.find(node_id)
        self._causes.click(node, frozenset() if node is None else self._around(node))
        if self._item is not None and self._item.is_pressed:
            self._item = None

    # What is open

    def _look_at(self, node: Node, closed: dict[int, Layer[E]]) -> None:
        role = self._shown.open_as(node, self._moment.page)
        if role is None:
            if node.id in self._open:
                closed[node.id] = self._open.pop(node.id)
        elif node.id not in self._open and len(self._open) < _MAX_OPEN and not self._moment.is_lost:
            now = self._moment.now
            is_by_mouse, focused = self._is_by_mouse(), self._moment.find(self._pointers.focus.node_id)
            if is_by_mouse or (role == "menu" and focused is not None and focused.name in FIELDS):
                focused = None  # Fields show no menus, and the mouse opens some.
            opener = None if focused is None else focused.id
            shows = node if role in _LISTS - LAYERS else focused
            text = "" if shows is None else short_text(shows, MAX_TEXT, MAX_TEXT)
            self._open[node.id] = Layer(
                node, self._moment.element(node.id, {}), role, now, opener, self._causes.used_on, text, is_by_mouse
            )
            if focused is not None and (around := self._around(focused)):
                self._focused, self._focus_left = around, None  # Changes are recorded later than the focus.

    def _is_by_mouse(self) -> bool:
        """Whether what opens now may open because the mouse has just come onto something."""
        entered = self._pointers.hover.just_entered
        return not (entered is None or self._causes.is_used_since(entered) or self._writing.has_just_begun())

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

    def _activate(self, item: Node, layers: frozenset[int], *, is_pressed: bool = False) -> None:
        now, at, self._left = self._moment.now, self._pointers.hover.at, None
        is_hovered = at is not None and now - at.time <= _HOVERED
        self._item = Item(
            layers, at=now, node_id=item.id, is_pressed=is_pressed, is_hovered=is_hovered, **self._described(item)
        )

    def _renew(self, active: Item[E]) -> None:
        """The active item may have another text now, or be gone: lists that are filtered draw some anew.

        Where it is gone, the selected item is the active one: fields may still name the one before.
        """
        node = self._moment.find(active.node_id)
        if node is not None:
            if short_text(node, MAX_TEXT, MAX_TEXT) != active.text:
                self._item = attrs.evolve(active, **self._described(node))
            return
        below = (node for number in active.layers for node in islice(walk(self._open[number].node), MAX_BELOW_DIALOG))
        selected = {node.id: node for node in below if node.attributes.get("aria-selected") == "true"}
        self._item = None
        if len(selected) == 1:
            (item,) = selected.values()
            self._activate(item, active.layers)

    def _described(self, item: Node) -> dict[str, Any]:
        """What an item is now."""
        text = short_text(item, MAX_TEXT, MAX_TEXT)
        return {
            "element": self._moment.element(item.id, {}),
            "text": "" if self._secrets.is_masked(item, text) else text,
        }

    # How it closes

    def _close(self, closed: dict[int, Layer[E]]) -> None:
        moment, item = self._moment, self._item
        roles = {layer.role for layer in closed.values()}
        if any(layer.role in roles and layer.since == moment.now for layer in self._open.values()):
            return  # It was drawn anew, or the next step is shown.
        before, self._closed_at = self._closed_at, moment.now
        if before is not None and moment.now - before <= AT_ONCE:
            return  # A list, and what showed it.
        if item is not None and not (item.layers & closed.keys() and self._is_recent(self._left)):
            item = None
        if item is not None and item.is_pressed and moment.now - item.at <= AT_ONCE:
            self._choose(item, closed, {}, moment.now)
            self._pointers.use_press()
            return
        since, is_dialog = max(layer.since for layer in closed.values()), _is_dialog(closed.values())
        if self._causes.may_have_closed(closed.keys(), since, is_dialog=is_dialog):
            return
        if not self._had_focus(closed) or (self._is_left_by_mouse(closed) and not is_dialog):
            return
        is_list = not is_dialog and any(one.role in _LISTS for one in closed.values())
        has_moved_on = self._has_moved_on(closed, is_dialog=is_dialog)
        used = self._causes.used_in
        is_clicked = item is not None and used is not None and item.at <= used
        if item is None or item.is_pressed or item.is_hovered or is_clicked or (has_moved_on and not is_list):
            item = None
        layer = min(closed.values(), key=lambda one: (one.role not in LAYERS, one.node_id))
        action = attrs.evolve(moment.action("close", layer=layer.role), element=layer.element)
        if is_dialog and self._writing.ends_by_enter([*(one.node for one in closed.values()), *self._fields(closed)]):
            action.details["perhaps"] = "enter"
        # SDKs do not record every value that a script puts into a field.
        if item is not None and (not is_list or self._fields(closed) or not item.text):
            action.details.update(item.details)
        is_said = (
            not has_moved_on and layer.may_be_left() and (item is not None or not self._is_filtered(closed, layer))
        )
        self._closed = _Closed(layers=closed, item=item, action=action, is_list=is_list, is_said=is_said)
        self._settle(self._closed)

    def _settle(self, closed: _Closed[E]) -> None:
        """Find out whether a key chose something: pages write at once what was chosen, or something about it."""
        item, at = closed.item, closed.action.at
        if closed.is_list:
            item = self._written_option(closed)
        elif item is not None and not self._is_answered(at, max(one.since for one in closed.layers.values())):
            item = None
        if item is not None:
            self._closed = None
            self._choose(item, closed.layers, {"by": "keyboard"}, at)
        elif (self._causes.navigated or 0) >= at:
            self._closed = None
        elif self._moment.now - at > AT_ONCE:
            self.end()

    def _choose(self, item: Item[E], closed: dict[int, Layer[E]], details: dict[str, Any], at: Number) -> None:
        """Somebody chose an item: in the field or button that showed the list, or in the layer."""
        layer = min(closed.values(), key=lambda one: (one.role in LAYERS, one.node_id))
        details |= item.details
        action = self._moment.action("select", layer=layer.role, **details)
        self._moment.add(attrs.evolve(action, at=at, element=layer.element, other=item.element))
        self._item = None
        field = self._moment.find(layer.node_id)
        if field is not None and field.name in FIELDS and item.text:
            self.chosen = field.id, item.text, self._writing.options | {item.text}

    def _had_focus(self, closed: dict[int, Layer[E]]) -> bool:
        """Whether the focus was in a layer, or on what opened it, until it closed."""
        focus = self._pointers.focus
        number = focus.left if focus.node_id is None and self._is_recent(focus.since) else focus.node_id
        showing = {number for one in closed.values() for number in _shown_by(one)}
        if number is not None and number in showing:
            return True
        return bool(self._focused & closed.keys()) and self._is_recent(self._focus_left)

    def _is_left_by_mouse(self, closed: dict[int, Layer[E]]) -> bool:
        """Whether the mouse opened layers by going there, and has just gone elsewhere."""
        entered = self._pointers.hover.just_entered
        return entered is not None and all(one.is_by_mouse and one.since < entered for one in closed.values())

    def _has_moved_on(self, closed: dict[int, Layer[E]], *, is_dialog: bool) -> bool:
        """Whether the focus has gone to something else, as by Tab, which closes lists and menus too.

        Escape leads it back to what showed them, or had it before a dialog.
        """
        focus = self._pointers.focus
        node = self._moment.find(focus.node_id)
        if node is None or self._moment.now - focus.since > AT_ONCE:
            return False
        is_another = node.name in FIELDS or not (is_dialog or _SHOWN_BY & node.attributes.keys())
        return is_another and all(focus.node_id not in (one.node_id, one.opener, one.used) for one in closed.values())

    def _values(self, closed: dict[int, Layer[E]]) -> set[str | None]:
        """What is in the fields whose list closed."""
        return {node.value for node in self._fields(closed)} - {None, ""}

    def _is_filtered(self, closed: dict[int, Layer[E]], layer: Layer[E]) -> bool:
        """Whether a list closes because of what was typed: no option is left, perhaps only after a server answers."""
        fields = [node.id for node in self._fields(closed)]
        is_list = layer.role not in DIALOGS and self._writing.has_changed(fields, _FILTERED_WITHIN)
        return is_list or (layer.role not in LAYERS and self._writing.has_just_begun())

    def _fields(self, closed: dict[int, Layer[E]]) -> list[Node]:
        around = (self._moment.find(number) for one in closed.values() for number in (one.node_id, one.opener))
        return [node for node in around if node is not None and node.name in FIELDS]

    def _is_answered(self, at: Number, opened: Number) -> bool:
        """Whether the page shows something else since a menu or dialog closed than while it was open."""
        is_open = any(layer.since >= at for layer in self._open.values())
        return is_open or (self._causes.navigated or 0) >= at or self._writing.is_new_since(at, opened)

    def _written_option(self, closed: _Closed[E]) -> Item[E] | None:
        """The option that a list had which is written elsewhere now, and was not before it opened."""
        shown = {layer.text for layer in closed.layers.values()}
        # What is written soon after a click in a list that stays open says what was clicked.
        used = self._causes.used_in
        since = max(self._moment.now - AT_ONCE, -math.inf if used is None else used + AT_ONCE)
        written = frozenset(self._writing.since(since).values()) - shown
        item = closed.item
        if item is not None and (
            item.text in written | self._values(closed.layers) or any(item.is_named_in(text) for text in written)
        ):
            return item
        text = self._writing.option_in(written)
        return None if text is None else Item(frozenset(), None, text, self._moment.now)

    def _is_recent(self, at: Number | None) -> bool:
        return at is None or self._moment.now - at <= AT_ONCE


def _is_dialog(layers: Iterable[Layer[Any]]) -> bool:
    return any(layer.role in DIALOGS for layer in layers)


def _shown_by(layer: Layer[Any]) -> tuple[int | None, ...]:
    """What may have the focus while a layer is open, besides what is in it: of dialogs, a field that was clicked."""
    is_of_field = layer.role in _OF_FIELDS or (layer.opener is not None and layer.opener == layer.used)
    return (layer.node_id, layer.opener) if is_of_field else (layer.node_id,)
