"""The screen of a mobile app: its wireframes as elements of a document, in the order in which they are drawn.

Made from the published schemas (DataDog/rum-events-format) and the open source of the mobile SDKs; no recording of an
app was available. Where the schemas leave the order of changes open, this follows what the SDKs write: removals, then
additions one after another, then updates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Protocol

import attrs
import msgspec

from ...records import Number
from ...records._mobile import (
    CompositionTreeMutationData,
    ImageWireframe,
    MobileMutationData,
    MobileSnapshot,
    Wireframe,
)
from .._building.document import Document
from .._nodes import Node, NodeKind, Size
from .composition import Composition
from .drawer import Drawer, backwards
from .drawing import Area, Box, Drawing, pixels
from .wireframes import FRAMED, area_of, drawing_of, is_visible, place_style, problems_of
from .words import words_beside, words_on

__all__ = ["Frames", "Screen"]

_MAX_WIREFRAMES = 10_000
_MAX_SEARCHED = 2_000
"""Elements that are searched for the one at a point: a tap costs the same however many there are."""

_MAX_FRAMES = 8
"""Wireframes of one slot that are drawn anew when its page changes; only one of them shows it."""


class Frames(Protocol):
    """What the slots of wireframes recorded themselves."""

    def style(self, wireframe: Wireframe) -> str | None:
        """The style of the frame for it; None if there is nothing to show in it."""
        ...

    def attach(self, wireframe: Wireframe, frame: Node) -> None:
        """Show it in a frame, which is part of the document."""
        ...

    def detach(self, frame: Node) -> None:
        """The frame is about to be removed."""
        ...


@attrs.define(eq=False)
class _Shown:
    """A wireframe and the element that it is drawn as; None while no layer contains it."""

    wireframe: Wireframe
    node: Node | None = None
    area: Area | None = None
    """Where it can be tapped; None if it cannot, or if `is_area_known` is false."""

    is_area_known: bool = False


class Screen:
    """Applies mobile snapshots and mutations to a document."""

    def __init__(self, document: Document, frames: Frames) -> None:
        self._document = document
        self._frames = frames
        self._drawer = Drawer(document)
        self._composition = Composition(document, self._drawer, self)
        self._body: Node | None = None
        self._size: Size | None = None
        self._wireframes: dict[int, _Shown] = {}
        self._by_node: dict[int, _Shown] = {}
        self._by_slot: dict[str, dict[int, None]] = {}
        """The ids of wireframes that are drawn, by the slot that they show."""

        self._targets: list[tuple[Area, Node]] | None = None
        """What can be tapped, the topmost first; None if that may have changed."""

    def clear(self) -> None:
        """Forget everything; the document is about to be emptied."""
        self._body = self._targets = None
        self._wireframes.clear()
        self._by_node.clear()
        self._by_slot.clear()
        self._composition.clear()
        self._drawer.clear()

    def take(self, snapshot: MobileSnapshot, size: Size | None) -> Size | None:
        """Draw a snapshot, for which the document must be empty; returns the size of the screen, as far as known."""
        is_inner = self._document.base > 0  # What is in a slot is as large as that.
        if size is None and not is_inner and (size := _size_of_background(snapshot)) is not None:
            self._document.note_problem("a screen of unknown size, which is taken to be that of its background")
        self._body, self._size = self._empty_page(size), size
        for wireframe in snapshot.wireframes:
            if wireframe.id in self._wireframes:
                self._document.note_problem("a wireframe with the id of another")
            else:
                self._add(wireframe)
        if snapshot.composition_tree is not None:
            self._composition.take(snapshot.composition_tree, self._body)
            return size
        for wireframe_id in self._wireframes:
            self.draw(wireframe_id, self._body, None)
        return size

    def _empty_page(self, size: Size | None) -> Node:
        document = self._document
        root = Node(self._drawer.new_id(), NodeKind.DOCUMENT, "#document")
        html, head, body = (Node(self._drawer.new_id(), NodeKind.ELEMENT, name) for name in ("html", "head", "body"))
        body.any_attributes = {"style": _body_style(size)}
        document.add(root, None, None)
        document.add(Node(self._drawer.new_id(), NodeKind.DOCTYPE, "html"), root, None)
        document.add(html, root, None)
        document.add(head, html, None)
        document.add(body, html, None)
        return body

    def resize(self, size: Size) -> None:
        """The screen has a new size."""
        self._size = size
        if self._body is not None:
            self._document.set_attribute(self._body, "style", _body_style(size))

    def mutate(self, data: MobileMutationData) -> None:
        """Remove, add and update wireframes."""
        self._targets = None
        if self._body is None:
            self._document.note_problem(_TOO_EARLY)
            return
        for removal in data.removes:
            if removal.id in self._wireframes:
                self.erase(removal.id)
                del self._wireframes[removal.id]
            else:
                self._document.note_problem("a change to a wireframe that does not exist")
        layers: dict[int | None, None] = {}
        for addition in data.adds:
            wireframe = addition.wireframe
            self.erase(wireframe.id)
            if not self._add(wireframe):
                continue
            if self._composition.is_used:
                layers[self._composition.layer_with(wireframe.id)] = None
            else:
                self.draw(wireframe.id, self._body, self._after(addition.previous_id, self._body))
        for layer in layers:
            self._composition.rearrange(layer)
        for update in data.updates:
            self._update(update)

    def _add(self, wireframe: Wireframe) -> bool:
        """Add or replace a wireframe, which is not drawn yet; False if there are too many."""
        if len(self._wireframes) >= _MAX_WIREFRAMES and wireframe.id not in self._wireframes:
            self._document.note_problem("a wireframe of a screen with more than 10,000")
            return False
        self._wireframes[wireframe.id] = _Shown(wireframe)
        for problem in problems_of(wireframe):
            self._document.note_problem(problem)
        return True

    def _after(self, previous_id: int | None, body: Node) -> Node | None:
        """The element to draw a wireframe before that follows another one."""
        if previous_id is None:
            return body.first_child
        previous = self.node_of(previous_id)
        if previous is None:
            self._document.note_problem("a wireframe to draw after one that does not exist, drawn over all others")
            return None
        return previous.next_sibling

    def _update(self, update: Wireframe) -> None:
        shown = self._wireframes.get(update.id)
        if shown is None:
            self._document.note_problem("a change to a wireframe that does not exist")
        elif type(update) is not type(shown.wireframe):
            self._document.note_problem("a change to a wireframe of another type")
        else:
            stated = _stated(update)
            shown.wireframe = msgspec.structs.replace(shown.wireframe, **stated)
            shown.is_area_known = False
            if shown.node is not None and stated.keys() <= _PLACE:
                # As of everything on the screen while it is scrolled.
                _, *others = shown.node.attributes["style"].partition(";width:")
                style = "".join([place_style(shown.wireframe), *others])
                if style != shown.node.attributes["style"]:
                    self._document.set_attribute(shown.node, "style", style)
            else:
                for problem in problems_of(shown.wireframe) if not _STYLE.isdisjoint(stated) else ():
                    self._document.note_problem(problem)
                self.redraw(update.id)

    def mutate_layers(self, data: CompositionTreeMutationData) -> None:
        """Add, update and remove layers."""
        self._targets = None
        if self._body is None:
            self._document.note_problem(_TOO_EARLY)
        else:
            self._composition.mutate(data, self._body, self._erase_all)

    def _erase_all(self) -> None:
        for wireframe_id in self._wireframes:
            self.erase(wireframe_id)

    def node_at(self, x: Number, y: Number) -> Node | None:
        """The topmost wireframe that can be seen at a point of the screen, in pixels.

        What is in a layer without any opacity, or beyond its clip, cannot be seen.
        """
        found = (node for area, node in self._known_targets() if area.contains(x, y))
        return next((node for node in found if not self._composition.cuts_off(node, x, y)), None)

    def words_on(self, node: Node) -> str:
        """The text by which people know a wireframe that has none: what is written on it, as on a button."""
        return words_on(node, self._known_targets(), self._size)

    def words_beside(self, node: Node) -> str:
        """The text by which people know a wireframe on which nothing is written: its caption, or what is in its row."""
        return words_beside(node, self._known_targets(), self._size)

    def _known_targets(self) -> list[tuple[Area, Node]]:
        if self._targets is None:
            self._targets = [] if self._body is None else list(self._visible(self._body))
        return self._targets

    def _visible(self, body: Node) -> Iterator[tuple[Area, Node]]:
        hiding = self._composition.transparent_layers()
        for node in islice(backwards(body), _MAX_SEARCHED):
            shown = self._by_node.get(node.id)
            if shown is not None and not (hiding and _is_in(node, hiding)):
                if not shown.is_area_known:
                    shown.is_area_known = True
                    shown.area = area_of(shown.wireframe) if is_visible(shown.wireframe) else None
                if shown.area is not None:
                    yield shown.area, node

    def is_known(self, wireframe_id: int) -> bool:
        """Whether there is a wireframe with this id, drawn or not."""
        return wireframe_id in self._wireframes

    def node_of(self, wireframe_id: int) -> Node | None:
        """The element that a wireframe is drawn as."""
        shown = self._wireframes.get(wireframe_id)
        return None if shown is None else shown.node

    def of_node(self, node: Node) -> int | None:
        """The id of the wireframe that an element is; None for other elements."""
        shown = self._by_node.get(node.id)
        return None if shown is None else shown.wireframe.id

    def redraw_slot(self, slot_id: str) -> None:
        """Draw the wireframes that show what a slot recorded."""
        self._targets = None
        for wireframe_id in list(islice(self._by_slot.get(slot_id, ()), _MAX_FRAMES)):
            self.redraw(wireframe_id)

    def draw(self, wireframe_id: int, parent: Node, before: Node | None) -> None:
        """Draw a wireframe that is not drawn yet."""
        shown = self._wireframes[wireframe_id]
        shown.node = self._drawer.build(self._drawing(shown), parent, before, self._drawer.id_for(wireframe_id))
        if shown.node is not None:
            self._by_node[shown.node.id] = shown
            if isinstance(shown.wireframe, FRAMED) and shown.wireframe.slot_id is not None:
                self._by_slot.setdefault(shown.wireframe.slot_id, {})[wireframe_id] = None
            self._attach(shown)

    def redraw(self, wireframe_id: int) -> None:
        """Draw a wireframe as it is now, if it is drawn."""
        shown = self._wireframes[wireframe_id]
        node, drawing = shown.node, self._drawing(shown)
        if node is None or node.parent is None:
            return
        if _shown_slot(drawing.attributes, drawing.children) == _shown_slot(node.attributes, node.children):
            self._drawer.change(node, drawing)
            return
        parent, before = node.parent, node.next_sibling
        self.erase(wireframe_id)
        self.draw(wireframe_id, parent, before)

    def erase(self, wireframe_id: int) -> None:
        """Remove the element of a wireframe, if it is drawn."""
        node = self.node_of(wireframe_id)
        if node is not None:
            self.forget_node(node)
            self._document.remove(node)

    def forget_node(self, node: Node) -> None:
        """The element of a wireframe, if it is one, is about to be removed."""
        shown = self._by_node.pop(node.id, None)
        if shown is not None:
            shown.node = None
            if (slot := node.attributes.get("data-slot")) is not None:
                self._by_slot[slot].pop(shown.wireframe.id, None)
            if (frame := _frame_in(node)) is not None:
                self._frames.detach(frame)

    def _drawing(self, shown: _Shown) -> Drawing:
        wireframe = shown.wireframe
        return drawing_of(wireframe, frame=self._frames.style(wireframe) if isinstance(wireframe, FRAMED) else None)

    def _attach(self, shown: _Shown) -> None:
        frame = None if shown.node is None else _frame_in(shown.node)
        if frame is not None:
            self._frames.attach(shown.wireframe, frame)


def _is_in(node: Node, elements: set[Node]) -> bool:
    above = node.parent
    while above is not None and above not in elements:
        above = above.parent
    return above is not None


_STYLE = frozenset({"base64", "border", "shape_style", "text_style"})
_PLACE = frozenset({"id", "x", "y"})
_TOO_EARLY = "a change before the first snapshot of a screen"


def _size_of_background(snapshot: MobileSnapshot) -> Size | None:
    """The size of what fills a screen from its corner on, behind all else: the root layer, or the first wireframe."""
    if snapshot.composition_tree is not None:
        root = snapshot.composition_tree.root
        back, others = Box(root.x, root.y, pixels(root.width), pixels(root.height)), list[Box]()
    else:
        # Where it exceeds the screen, its clip cuts it off.
        seen = (area_of(wireframe).cut for wireframe in snapshot.wireframes)
        back, *others = [box for box in seen if not box.is_empty] or [Box(0, 0, 0, 0)]
    if back.is_empty or (back.left, back.top) != (0, 0):
        return None
    return Size(back.right, back.bottom) if all(back.contains(*box.middle) for box in others) else None


def _body_style(size: Size | None) -> str:
    style = "margin:0;position:relative;overflow:hidden;background:#ffffff"
    if size is None:
        return style
    return f"{style};width:{pixels(size.width):g}px;height:{pixels(size.height):g}px"


def _stated(update: Wireframe) -> dict[str, Any]:
    """The members that an update states."""
    stated: dict[str, Any] = {}
    for name in update.__struct_fields__:
        if (value := getattr(update, name)) is not None:
            stated[name] = value
    if isinstance(update, ImageWireframe) and (update.resource_id is not None or update.is_empty):
        # Another image is in the place of what was there, in whatever form that was, or none.
        return {"base64": None, "is_empty": None, **stated}
    return stated


def _shown_slot(attributes: Mapping[str, str], children: Iterable[Node | Drawing]) -> tuple[str | None, bool]:
    """The slot of an element, and whether it is shown in it."""
    return attributes.get("data-slot"), any(child.name == "iframe" for child in children)


def _frame_in(node: Node) -> Node | None:
    """The frame in the element of a wireframe."""
    child = node.first_child
    return child if child is not None and child.name == "iframe" else None
