"""The composition tree of a mobile screen: layers, in which wireframes and other layers are drawn in their order.

A change of a layer draws its own children anew and leaves everything else in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import attrs
import msgspec

from ...records import Number
from ...records._mobile import CompositionLayer, CompositionLayerUpdate, CompositionTree, CompositionTreeMutationData
from .._building.document import Document
from .._nodes import Node
from .drawer import Drawer, backwards
from .drawing import Drawing, pixels
from .layers import LayerBoxes, boxes_of, clips_of, is_transparent
from .paths import is_within

__all__ = ["Composition", "Wireframes"]

_MAX_LEVELS = 32
"""Layers within layers."""

_MAX_LAYERS = 5_000
_MAX_CHILDREN = 2_000
"""Wireframes and layers of one layer."""

_MAX_POINTS = 10_000_000
"""Points of clips that are compared with where the screen is touched; after that, clips hide nothing."""

# Characters that a child counts for when it is looked at, and when it is drawn: a few bytes of a recording can ask for
# that again and again.
_CHILD_SIZE, _ELEMENT_SIZE = 16, 500

_Name = tuple[str, int]
"""What a child is, `wireframe` or `layer`, and its id."""


class Wireframes(Protocol):
    """The wireframes of the screen, each of which is drawn at most once."""

    def is_known(self, wireframe_id: int) -> bool: ...

    def draw(self, wireframe_id: int, parent: Node, before: Node | None) -> None: ...

    def erase(self, wireframe_id: int) -> None: ...

    def of_node(self, node: Node) -> int | None: ...

    def forget_node(self, node: Node) -> None:
        """The element of a wireframe, if it is one, is about to be removed with an element that contains it."""
        ...


@attrs.define(eq=False)
class _ShownLayer:
    """A layer that is drawn: its outermost element, and the one that its content is in."""

    boxes: LayerBoxes
    outer: Node
    content: Node


class Composition:
    """The layers of one screen."""

    def __init__(self, document: Document, drawer: Drawer, wireframes: Wireframes) -> None:
        self._document = document
        self._drawer = drawer
        self._wireframes = wireframes
        self._points_left = _MAX_POINTS
        self.clear()

    def clear(self) -> None:
        """Start over, without layers."""
        self._root: int | None = None
        self._layers: dict[int, CompositionLayer] = {}
        self._shown: dict[int, _ShownLayer] = {}
        self._by_node: dict[int, int] = {}
        self._layer_of: dict[_Name, int] = {}
        """The layer that contains a wireframe or layer, as its list of children states."""

    @property
    def is_used(self) -> bool:
        """Whether layers decide what is drawn and in which order."""
        return self._root is not None

    def take(self, tree: CompositionTree, screen: Node) -> None:
        """Draw a whole tree on an empty screen."""
        for layer in (*tree.layers, tree.root):
            self._define(layer)
        self._draw_root(tree.root.id, screen)

    def mutate(self, data: CompositionTreeMutationData, screen: Node, clear_screen: Callable[[], None]) -> None:
        """Add, update and remove layers, or replace the root."""
        changed: dict[int, None] = {}
        for layer in (*data.adds, *(() if data.root is None else (data.root,))):
            self._define(layer)
            changed[layer.id] = None
        for update in data.updates:
            known = self._layers.get(update.id)
            if known is None:
                self._document.note_problem("a change to a layer that does not exist")
                continue
            self._define(_updated(known, update))
            changed[update.id] = None
        for layer_id in data.removes:
            self._forget(layer_id)
        for layer_id in changed:
            if layer_id in self._shown:
                self._redraw(layer_id)
            else:
                self.rearrange(self._layer_of.get(("layer", layer_id)))
        if data.root is not None and data.root.id != self._root:
            if self._root in self._shown:
                self._erase(self._root)
            if self._root is None:
                clear_screen()
            self._draw_root(data.root.id, screen)

    def rearrange(self, layer_id: int | None) -> None:
        """Draw the children of a layer that have no place yet, if the layer is drawn."""
        if layer_id in self._shown:
            self._arrange(layer_id, self._above(layer_id))

    def transparent_layers(self) -> set[Node]:
        """The elements of the drawn layers of which nothing can be seen because they have no opacity."""
        return {shown.outer for layer, shown in self._shown.items() if is_transparent(self._layers[layer])}

    def cuts_off(self, node: Node, x: Number, y: Number) -> bool:
        """Whether the clip of a layer around the element of a wireframe hides a point of it."""
        above = node.parent
        while above is not None:
            layer = self._by_node.get(above.id)
            if layer is not None and self._clips(self._layers[layer], x, y):
                return True
            above = above.parent
        return False

    def _clips(self, layer: CompositionLayer, x: Number, y: Number) -> bool:
        point = complex(x - pixels(layer.x), y - pixels(layer.y))
        for polygons, is_evenodd in clips_of(layer):
            self._points_left -= sum(map(len, polygons))
            if self._points_left >= 0 and not is_within(polygons, point, is_evenodd=is_evenodd):
                return True
        return False

    def layer_with(self, wireframe_id: int) -> int | None:
        """The layer that contains a wireframe."""
        return self._layer_of.get(("wireframe", wireframe_id))

    def _define(self, layer: CompositionLayer) -> None:
        if len(layer.children) > _MAX_CHILDREN:
            excess = len(layer.children) - _MAX_CHILDREN
            self._document.note_problem("a child of a layer with more than 2,000", excess)
            layer = msgspec.structs.replace(layer, children=layer.children[:_MAX_CHILDREN])
        if len(self._layers) >= _MAX_LAYERS and layer.id not in self._layers:
            self._document.note_problem("a layer of a screen with more than 5,000")
            return
        known = self._layers.get(layer.id)
        if known is None or known.children is not layer.children:
            self._release_children(layer.id)
            for child in layer.children:
                self._layer_of[child.type, child.id] = layer.id
        self._layers[layer.id] = layer

    def _release_children(self, layer_id: int) -> None:
        known = self._layers.get(layer_id)
        for child in () if known is None else known.children:
            if self._layer_of.get((child.type, child.id)) == layer_id:
                del self._layer_of[child.type, child.id]

    def _forget(self, layer_id: int) -> None:
        if layer_id not in self._layers:
            self._document.note_problem("a change to a layer that does not exist")
            return
        self._release_children(layer_id)
        if layer_id in self._shown:
            self._erase(layer_id)
        del self._layers[layer_id]

    def _draw_root(self, layer_id: int, screen: Node) -> None:
        self._root = layer_id
        if layer_id in self._layers:
            self._draw(layer_id, screen, None, ())

    def _draw(self, layer_id: int, parent: Node, before: Node | None, above: tuple[int, ...]) -> None:
        """Draw a layer and what is in it; `above` are the layers that contain it."""
        boxes = boxes_of(self._layers[layer_id])
        for problem in boxes.problems:
            self._document.note_problem(problem)
        if not boxes.is_drawn:
            return
        if len(above) >= _MAX_LEVELS:
            self._document.note_problem("a layer within 32 others, which is left out")
            return
        if not self._document.may_repeat(_ELEMENT_SIZE):
            return
        elements: list[Node] = []
        for box in boxes.boxes:
            inner = self._drawer.build(box, elements[-1] if elements else parent, None if elements else before)
            if inner is None:
                break
            elements.append(inner)
        if not elements:
            return
        self._shown[layer_id] = _ShownLayer(boxes, elements[0], elements[-1])
        self._by_node[elements[0].id] = layer_id
        if len(elements) == len(boxes.boxes):
            self._arrange(layer_id, above)

    def _arrange(self, layer_id: int, above: tuple[int, ...]) -> None:
        """Draw the children of a layer in their order; those that are in place stay."""
        content = self._shown[layer_id].content
        wanted = [name for name in self._children(layer_id) if self._exists(name)]
        if not self._document.may_repeat(_CHILD_SIZE * len(wanted)):
            return
        names = set(wanted)
        at = content.first_child
        for name in wanted:
            while at is not None and self._name(at) not in names:
                at = self._remove(at)
            if at is not None and self._name(at) == name:
                at = at.next_sibling
            else:
                self._place(name, content, at, (*above, layer_id))
        while at is not None:
            at = self._remove(at)

    def _children(self, layer_id: int) -> list[_Name]:
        """What a layer contains; what several layers contain is in the last one that says so."""
        names = dict.fromkeys((child.type, child.id) for child in self._layers[layer_id].children)
        return [name for name in names if self._layer_of.get(name) == layer_id]

    def _place(self, name: _Name, content: Node, before: Node | None, above: tuple[int, ...]) -> None:
        kind, one = name
        if one in above and kind == "layer":
            self._document.note_problem("a layer that contains itself")
            return
        if kind == "wireframe":
            if self._document.may_repeat(_ELEMENT_SIZE):
                self._wireframes.erase(one)
                self._wireframes.draw(one, content, before)
            return
        if one in self._shown:
            self._erase(one)
        self._draw(one, content, before, above)

    def _redraw(self, layer_id: int) -> None:
        """Draw a layer that was changed."""
        shown = self._shown[layer_id]
        boxes = boxes_of(self._layers[layer_id])
        above = self._above(layer_id)
        if boxes.is_drawn and list(map(_structure, boxes.boxes)) == list(map(_structure, shown.boxes.boxes)):
            self._change_boxes(shown, boxes)
            self._arrange(layer_id, above)
            return
        parent, before = shown.outer.parent, shown.outer.next_sibling
        if parent is not None:
            self._erase(layer_id)
            self._draw(layer_id, parent, before, above)

    def _change_boxes(self, shown: _ShownLayer, boxes: LayerBoxes) -> None:
        node: Node | None = shown.outer
        for box in boxes.boxes:
            if node is None:
                break
            self._drawer.change_attributes(node, box)
            for child, drawn in zip(node.children, box.children, strict=False):
                self._drawer.change(child, drawn)
            node = node.last_child
        shown.boxes = boxes

    def _erase(self, layer_id: int) -> None:
        outer = self._shown[layer_id].outer
        for node in backwards(outer, with_itself=True):
            self._wireframes.forget_node(node)
            if (inner := self._by_node.pop(node.id, None)) is not None:
                del self._shown[inner]
        self._document.remove(outer)

    def _remove(self, node: Node) -> Node | None:
        """Remove the element of a child, and return the one after it."""
        following = node.next_sibling
        kind, one = self._name(node) or ("", 0)
        if kind == "wireframe":
            self._wireframes.erase(one)
        elif kind == "layer":
            self._erase(one)
        return following

    def _exists(self, name: _Name) -> bool:
        kind, one = name
        return self._wireframes.is_known(one) if kind == "wireframe" else one in self._layers

    def _name(self, node: Node) -> _Name | None:
        if (wireframe := self._wireframes.of_node(node)) is not None:
            return "wireframe", wireframe
        layer = self._by_node.get(node.id)
        return None if layer is None else ("layer", layer)

    def _above(self, layer_id: int) -> tuple[int, ...]:
        """The layers that a drawn layer is in, the outermost first."""
        above: list[int] = []
        node = self._shown[layer_id].outer.parent
        while node is not None:
            if (layer := self._by_node.get(node.id)) is not None:
                above.append(layer)
            node = node.parent
        return tuple(reversed(above))


def _updated(layer: CompositionLayer, update: CompositionLayerUpdate) -> CompositionLayer:
    stated: dict[str, Any] = {}
    for name in update.__struct_fields__:
        if (value := getattr(update, name)) is not None:
            stated[name] = value
    return msgspec.structs.replace(layer, **stated)


def _structure(box: Drawing) -> tuple[str, ...]:
    return box.name, *(child.name + str(len(child.children)) for child in box.children)
