"""What the slots of a mobile screen recorded themselves: web views, and views of other frameworks.

Each slot has a page of its own, which is shown in the frames of all wireframes with its slot id. Its nodes have ids
that no other page has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import attrs

from ..._gaps import Gap
from ...records import Number, Record, Wireframe
from .._building.document import Document
from .._effects import (
    Effect,
    FocusSet,
    NodeAdded,
    NodeRemoved,
    SnapshotTaken,
    UrlSet,
    ViewportResized,
    VisualViewportSet,
)
from .._nodes import Node, Size, walk
from .drawing import extent, number, pixels
from .wireframes import FRAMED

__all__ = ["SlotPage", "Slots"]

_MAX_SLOTS = 16
_OF_ITS_WINDOW = ViewportResized | VisualViewportSet | UrlSet | FocusSet


class SlotPage(Protocol):
    """The page of one slot."""

    @property
    def viewport(self) -> Size | None: ...

    @property
    def root(self) -> Node | None: ...

    @property
    def uncertain_since(self) -> Number | None: ...

    @property
    def uncertain_because(self) -> str | None: ...

    @property
    def knows_elements(self) -> bool: ...

    def apply(self, record: Record, gap: Gap | None) -> tuple[Effect, ...]: ...


@attrs.define(eq=False)
class _Slot:
    page: SlotPage
    document: Document
    frame: Node | None = None
    """The frame in which it is shown now."""

    size: int = 0
    """The bytes of the records that its page is made of."""


class Slots:
    """The pages of all slots of one screen."""

    def __init__(self, document: Document, new_page: Callable[[Document], SlotPage]) -> None:
        self._document = document
        self._new_page = new_page
        self._slots: dict[str, _Slot] = {}

    def apply(self, slot_id: str, record: Record, gap: Gap | None, redraw: Callable[[], None]) -> None:
        """Apply a record of a slot, before which records of the slot may be missing; `redraw` draws its wireframes."""
        slot = self._slots.get(slot_id)
        if slot is None:
            if len(self._slots) >= _MAX_SLOTS:
                self._document.note_problem("a record of a web view, of which a screen has more than 16")
                return
            document = self._document.of_slot(len(self._slots) + 1)
            slot = self._slots[slot_id] = _Slot(self._new_page(document), document)
        before, had_root = slot.page.viewport, slot.page.root
        effects = slot.page.apply(record, gap)
        slot.size = len(record.raw) + (0 if any(isinstance(effect, SnapshotTaken) for effect in effects) else slot.size)
        if slot.frame is not None:
            self._document.effects.extend(_shown(effects, slot.frame, had_root, slot.page.root))
            _link(slot.frame, slot.page.root)
        self._document.problems.update(slot.document.problems)
        slot.document.problems.clear()
        if slot.page.viewport != before or (slot.page.root is None) != (had_root is None):
            redraw()

    def base_of(self, slot_id: str | None) -> int:
        """What is added to the ids in the records of a slot."""
        slot = None if slot_id is None else self._slots.get(slot_id)
        return 0 if slot is None else slot.document.base

    @property
    def documents(self) -> list[Document]:
        """The documents of all slots."""
        return [slot.document for slot in self._slots.values()]

    @property
    def pages(self) -> list[SlotPage]:
        """The pages of all slots."""
        return [slot.page for slot in self._slots.values()]

    def style(self, wireframe: Wireframe) -> str | None:
        """The style of the frame for a wireframe; None if its slot has nothing to show.

        A page that was laid out in another width than its wireframe has is scaled, as in a web view.
        """
        slot = self._slot_of(wireframe)
        if slot is None or slot.page.root is None:
            return None
        width, height = extent(wireframe.width), extent(wireframe.height)
        style = "display:block;border:0"
        viewport = slot.page.viewport
        if viewport is not None and 1 <= viewport.width <= pixels(viewport.width) and width > 0:
            scale = width / viewport.width
            if abs(scale - 1) * viewport.width >= 1:
                size = f"width:{number(viewport.width)}px;height:{number(height / scale)}px"
                return f"{style};{size};transform:scale({number(scale)});transform-origin:0 0"
        return f"{style};width:{number(width)}px;height:{number(height)}px"

    def _slot_of(self, wireframe: Wireframe) -> _Slot | None:
        slot_id = wireframe.slot_id if isinstance(wireframe, FRAMED) else None
        return None if slot_id is None else self._slots.get(slot_id)

    def attach(self, wireframe: Wireframe, frame: Node) -> None:
        """Show the page of a slot in a frame; a page is shown in one frame at a time."""
        slot = self._slot_of(wireframe)
        # Bounded, because a recording can ask for it with a few bytes.
        if slot is None or slot.frame is not None or not self._document.may_repeat(slot.size):
            return
        root = slot.page.root
        slot.frame = frame
        _link(frame, root)
        if root is not None:
            self._document.effects.extend(_additions(root, frame))

    def detach(self, frame: Node) -> None:
        """A frame is about to be removed; the page of its slot goes on without one."""
        for slot in self._slots.values():
            if slot.frame is frame:
                slot.frame = None
                _unlink(frame)

    def detach_all(self) -> None:
        """All frames are gone."""
        for slot in self._slots.values():
            if slot.frame is not None:
                _unlink(slot.frame)
                slot.frame = None


def _link(frame: Node, root: Node | None) -> None:
    frame.first_child = frame.last_child = root
    if root is not None:
        root.parent = frame


def _unlink(frame: Node) -> None:
    if frame.first_child is not None:
        frame.first_child.parent = None
    frame.first_child = frame.last_child = None


def _shown(effects: Iterable[Effect], frame: Node, before: Node | None, after: Node | None) -> Iterator[Effect]:
    """The effects of a slot's record on the page that the slot is part of."""
    for effect in effects:
        if isinstance(effect, SnapshotTaken):
            if before is not None:
                yield NodeRemoved(before.id, frame.id)
            if after is not None:
                yield from _additions(after, frame)
        elif isinstance(effect, NodeAdded) and effect.parent_id is None:
            yield NodeAdded(effect.node, frame.id, effect.before_id)
        elif isinstance(effect, NodeRemoved) and effect.parent_id is None:
            yield NodeRemoved(effect.id, frame.id)
        elif not isinstance(effect, _OF_ITS_WINDOW):
            yield effect


def _additions(root: Node, frame: Node) -> Iterator[Effect]:
    """Everything in a document, as if it was added to a frame."""
    yield NodeAdded(root, frame.id, None)
    for node in walk(root):
        if node.parent is not None and node is not root:
            yield NodeAdded(node, node.parent.id, None)
