"""Draws elements into a document, and changes those that are drawn."""

from __future__ import annotations

from collections.abc import Iterator

from .._building.document import Document
from .._nodes import Node, NodeKind
from .drawing import Drawing

__all__ = ["Drawer", "backwards"]

_FIRST_OWN_ID = 1 << 32
"""Elements that are not wireframes have ids from here on."""

_LAST_WIREFRAME_ID = (1 << 31) - 16


class Drawer:
    """Draws into one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.clear()

    def clear(self) -> None:
        """The document is empty again."""
        self._next_id = self._document.base + _FIRST_OWN_ID

    def new_id(self) -> int:
        """An id that no wireframe has."""
        self._next_id += 1
        return self._next_id

    def id_for(self, wireframe_id: int) -> int:
        """The id for the element of a wireframe: the wireframe's own one, if it can be that of an element."""
        is_free = 0 <= wireframe_id <= _LAST_WIREFRAME_ID and self._document.known(wireframe_id) is None
        return self._document.base + wireframe_id if is_free else self.new_id()

    def build(self, drawing: Drawing, parent: Node, before: Node | None, id: int | None = None) -> Node | None:
        """Add an element with everything in it; None if the document cannot hold it."""
        node = Node(self.new_id() if id is None else id, NodeKind.ELEMENT, drawing.name, is_svg=drawing.is_svg)
        node.any_attributes = dict(drawing.attributes)
        if not self._document.add(node, parent, before):
            return None
        if drawing.resource is not None:
            self._document.set_image(node, drawing.resource)
        self._fill(node, drawing)
        return node

    def _fill(self, node: Node, drawing: Drawing) -> None:
        for child in drawing.children:
            self.build(child, node, None)
        if drawing.text is not None:
            self._document.add(Node(self.new_id(), NodeKind.TEXT, "#text", text=drawing.text), node, None)

    def change(self, node: Node, drawing: Drawing) -> None:
        """Change an element to another drawing with the same name."""
        self.change_attributes(node, drawing)
        if node.name == "iframe":
            return
        text = node.first_child
        if drawing.text is not None and text is not None and text.kind is NodeKind.TEXT:
            if text.text != drawing.text:
                self._document.set_text(text, drawing.text)
            return
        children = node.children
        if drawing.text is None and [one.name for one in children] == [one.name for one in drawing.children]:
            for child, drawn in zip(children, drawing.children, strict=True):
                self.change(child, drawn)
            return
        for child in children:
            self._document.remove(child)
        self._fill(node, drawing)

    def change_attributes(self, node: Node, drawing: Drawing) -> None:
        """Change the attributes alone."""
        for name, value in drawing.attributes.items():
            if node.attributes.get(name) != value:
                self._document.set_attribute(node, name, value)
        for name in [name for name in node.attributes if name not in drawing.attributes]:
            self._document.set_attribute(node, name, None)
        if drawing.resource is not None and drawing.resource != node.image_resource:
            self._document.set_image(node, drawing.resource)


def backwards(root: Node, *, with_itself: bool = False) -> Iterator[Node]:
    """The elements below one that are not part of another document: the last one first, and parents last."""
    node = root
    while True:
        while node.last_child is not None and node.last_child.kind is NodeKind.ELEMENT:
            node = node.last_child
        while True:
            previous, parent = node.previous_sibling, node.parent
            if node is root:
                if with_itself:
                    yield node
                return
            yield node
            if previous is not None:
                node = previous
                break
            if parent is None:
                return
            node = parent
