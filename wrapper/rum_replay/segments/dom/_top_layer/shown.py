"""What a page shows above everything else: modal dialogs and popovers, as far as records show them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

from ...records import Number
from ...records._interactions import CLICK, FOCUS, MOUSE_DOWN, MOVES_FOCUS, TOUCH_START
from .._css.matching import shown_around
from .._effects import TopLayerSet
from .._nodes import Node
from .._roles import MAX_DEPTH
from .dialogs import Dialogs
from .popovers import Popovers
from .scripted_popovers import Pressed

__all__ = ["PRESSES", "TopLayer"]

PRESSES = frozenset({MOUSE_DOWN, CLICK, TOUCH_START})
"""Types of interactions by which people open something: a press, a click and the beginning of a touch."""

_OPENED_WITHIN = 2_000
"""Milliseconds after a press or click for which a dialog opens because of it."""

_FOCUSED_WITHIN = 200
"""Milliseconds before a dialog opens in which the focus moves into it, as scripts open modal ones; changes of the page
are recorded up to 0.1 s late.
"""

_BY_PRESS = 1_000
"""Milliseconds after a press or click for which a popover gets its place because of it."""

_SCROLLING = 200
"""Milliseconds after the page is scrolled for which a popover gets its place because of that."""

_NAMING = frozenset({"aria-controls", "aria-expanded"})


class TopLayer:
    """The top layer of a page."""

    def __init__(self, begun_at: Number = -math.inf) -> None:
        """`begun_at` is when the page began, if it did so while it was used."""
        self._dialogs = Dialogs()
        self._popovers = Popovers()
        self._begun_at = begun_at
        self._focused: Node | None = None
        self._focused_at: Number = -math.inf
        self._pressed: Node | None = None
        self._pressed_at: Number = -math.inf
        self.scrolled_at: Number = -math.inf
        """When the page was scrolled last."""
        # Looked at for each record.
        self.dialogs, self.popovers = self._dialogs.watched, self._popovers.all
        """What people do with these dialogs and popovers shows whether they are in it."""

    def add(self, node: Node, now: Number | None) -> None:
        """A node that may be in it, or says so of another, was added to the page at a time; None if it is written in a
        full snapshot.
        """
        attributes = node.attributes
        if "popover" in attributes:
            self._popovers.add(node, is_new=now is not None)
        if attributes.get("aria-expanded") == "true":
            self._popovers.scripted.add_expander(node)
        if "open" in attributes and node.name == "dialog":
            node.in_top_layer = self._opens(node, now)

    def remove(self, id: int) -> None:
        """A node was removed from the page."""
        self._dialogs.close(id)
        self._popovers.forget(id)

    def note_attribute(self, node: Node, name: str, now: Number, before: str | None) -> Iterator[TopLayerSet]:
        """An attribute was set at a time, or removed."""
        was_set, is_set = before is not None, name in node.attributes
        if name in _NAMING:
            self._popovers.scripted.add_expander(node)
        if node.id in self.popovers:
            self._popovers.note_attribute(node, name, before)
        if was_set is is_set:
            return
        if name == "popover":
            if not was_set:
                self._popovers.add(node, is_new=False)
                for popover, is_shown in self._popovers.changes():  # The focus may be in it already.
                    yield from _set(popover, is_in=is_shown)
            else:
                self._popovers.forget(node.id)
                yield from _set(node, is_in=False)
        elif name == "open" and node.name == "dialog":
            if was_set:
                self._dialogs.close(node.id)
            yield from _set(node, is_in=not was_set and self._opens(node, now))

    @property
    def is_unsettled(self) -> bool:
        """Whether the record that is being applied may have shown or hidden popovers."""
        return bool(self.popovers) and self._popovers.scripted.are_unsettled

    def settle(
        self,
        now: Number,
        pointed_at: Node | None,
        nodes_by_id: Mapping[str, AbstractSet[Node]],
        added: Mapping[int, Node],
    ) -> Iterator[TopLayerSet]:
        """A record was applied at a time, which added these nodes, while the mouse was on something."""
        is_pressed = 0 <= now - self._pressed_at <= _BY_PRESS
        pressed = Pressed(self._pressed, is_now=is_pressed)
        for popover, is_shown in self._popovers.settle(
            pointed_at, pressed, nodes_by_id, added, is_scrolling=0 <= now - self.scrolled_at <= _SCROLLING
        ):
            yield from _set(popover, is_in=is_shown)

    def note_gap(self) -> Iterator[TopLayerSet]:
        """Records are missing."""
        for popover, is_shown in self._popovers.note_gap():
            yield from _set(popover, is_in=is_shown)

    def _opens(self, dialog: Node, now: Number | None) -> bool:
        at = self._begun_at if now is None else now
        since = max(self._pressed_at, self._begun_at)
        is_expected = 0 <= at - since <= _OPENED_WITHIN or (
            0 <= at - self._focused_at <= _FOCUSED_WITHIN and dialog in islice(shown_around(self._focused), MAX_DEPTH)
        )
        return self._dialogs.open(dialog, is_expected=is_expected)

    def note_press(self, node: Node | None, now: Number) -> None:
        """Somebody pressed or clicked a node at a time; None if it is not known which."""
        self._pressed, self._pressed_at = node, now

    def note_use(
        self, node: Node | None, interaction: int | None, now: Number, nodes_by_id: Mapping[str, AbstractSet[Node]]
    ) -> Iterator[TopLayerSet]:
        """A pointer is on a node at a time, or it has the focus; `interaction` is None if the pointer only moved."""
        if interaction == FOCUS:
            self._focused, self._focused_at = node, now
        if node is not None and interaction not in MOVES_FOCUS:
            for dialog, is_modal in self._dialogs.use(node, now, is_press=interaction in PRESSES):
                yield from _set(dialog, is_in=is_modal)
        if self._popovers.all or interaction in MOVES_FOCUS:
            for popover, is_shown in self._popovers.use(node, interaction, nodes_by_id):
                yield from _set(popover, is_in=is_shown)


def _set(node: Node, *, is_in: bool) -> Iterator[TopLayerSet]:
    if node.in_top_layer != is_in:
        node.in_top_layer = is_in
        yield TopLayerSet(node.id, is_in)
