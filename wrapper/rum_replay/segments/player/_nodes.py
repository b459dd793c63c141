"""Nodes of the page in the form that rrweb's player builds: single nodes, or a whole document as JSON."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from .. import _inert as inert
from ..dom import Node, nodes_below
from ..dom._building.document import IDS_OF_SLOT
from ..dom._markup.doctypes import LayoutMode, layout_mode
from ..dom._markup.drawings import Drawings
from ..dom._nodes import CDATA, DOCTYPE, DOCUMENT, ELEMENT, SHADOW_ROOT, TEXT
from ._attributes import Attributes
from ._events import shifted
from ._names import has_sheet, is_closed_name, is_style, tag_name, text_to_show, traits_of
from ._shadow_hosts import can_host_shadow

__all__ = ["Serializer"]

_MAX_DEPTH = 512
"""Levels of elements, as in browsers' parsers; the player recurses, and more levels would exhaust its stack."""

_MAX_LENGTH = 32 << 20
"""Bytes of a document as JSON, which is in memory several times while it is written."""

_TOO_MANY = "nodes beyond 32 MiB of one page, with everything in them"
_CANNOT_BE_BUILT = "nodes in places where the player cannot build them"
# The ids of nodes that the recording lacks; in a web view, they are as far from the first id of its page.
_DOCUMENT_ID, _HTML_ID, _BODY_ID = (1 << 31) - 3, (1 << 31) - 2, (1 << 31) - 1
_encode = msgspec.json.Encoder().encode


class Serializer:
    """Converts nodes of a page to those of the player, and keeps track of the nodes that it omits."""

    def __init__(self, drawings: Drawings) -> None:
        self.attributes = Attributes(drawings)
        self._omitted: set[int] = set()
        self._hosts: dict[int, int] = {}
        self._inner_roots: dict[int, int] = {}
        """The player's id of the document of each web view on a mobile screen, by the first id of its nodes."""

        self.is_cut = False
        """Whether the last document was too long to be written as a whole."""
        self._is_again = False

    @contextmanager
    def again(self) -> Generator[None]:
        """Within this, documents are written once more, as the player has them by now: nothing is noted again."""
        self._is_again = True
        try:
            with self.attributes.again():
                yield
        finally:
            self._is_again = False

    def is_shown(self, id: int) -> bool:
        """Whether the player has the node."""
        return id not in self._omitted

    def document(self, root: Node) -> bytes:
        """The whole document as JSON, always with an `<html>` element, because the player builds no other."""
        self.is_cut = False
        if not self._is_again:
            self.attributes.start()
            self._omitted.clear()
            self._hosts.clear()
            self._inner_roots.clear()
        return self._document(root, 0)

    def inner_document(self, root: Node) -> bytes:
        """The page of a web view on a mobile screen as JSON, with everything in it."""
        first_id = root.id // IDS_OF_SLOT * IDS_OF_SLOT
        self._inner_roots[first_id] = shifted(root.id)
        if not self._is_again:
            self._omitted.difference_update(node.id for node in nodes_below(root))
        return self._document(root, first_id)

    def is_inner_document(self, id: int) -> bool:
        """Whether a node is the page of a web view, or was one before it was removed."""
        return shifted(id) in self._inner_roots.values()

    def _document(self, root: Node, first_id: int) -> bytes:
        text = bytearray()
        top_level = root.children if root.kind is DOCUMENT else [root]
        doctype = next((node for node in top_level if node.kind is DOCTYPE), None)
        # Another document, such as an SVG document, is shown in the body of an HTML document.
        shown = next(filter(_is_html, top_level), None) or next(filter(_is_element, top_level), None)
        document_id = shifted(root.id) if root.kind is DOCUMENT else first_id + _DOCUMENT_ID
        is_standard = layout_mode(root) is LayoutMode.STANDARD
        head = {"type": 0, "id": document_id, "compatMode": "CSS1Compat" if is_standard else "BackCompat"}
        text += _open(head)
        # In other modes the player writes a document type of its own, if there is none.
        if doctype is not None and is_standard:
            text += _encode(self._doctype(doctype)) + b","
        around = () if shown is not None and _is_html(shown) else ((_HTML_ID, "html"), (_BODY_ID, "body"))
        for element_id, name in around:
            element: dict[str, Any] = {"type": 2, "id": first_id + element_id, "tagName": name, "attributes": {}}
            text += _open(element | self._root_id(root.id))
        if shown is not None:
            self._write(shown, len(around) + 1, text)
        text += b"]}" * (len(around) + 1)
        for node in top_level:
            if node is not shown and not (node is doctype and is_standard):
                self._omit(node)
        return bytes(text)

    def addition(self, node: Node, parent: Node) -> tuple[int, dict[str, Any]] | None:
        """For a node that was added, the player's id of its parent, and the node without children; None to omit it."""
        if not self.is_shown(parent.id) or not self._can_contain(parent, node) or _depth(parent) >= _MAX_DEPTH:
            if self.is_shown(parent.id):
                self._note_omission(node, parent)
            self._omitted.add(node.id)
            return None
        self._omitted.discard(node.id)
        if node.kind is SHADOW_ROOT:
            self._hosts[node.id] = parent.id
            return None
        return self.parent_id(parent.id), self._without_children(node, parent)

    def parent_id(self, id: int) -> int:
        """The player's id of a parent; for a shadow root, that of its host."""
        return shifted(self._hosts.get(id, id))

    def is_shadow_root(self, id: int) -> bool:
        """Whether a node is a shadow root, or was one before it was removed."""
        return id in self._hosts

    def _without_children(self, node: Node, parent: Node | None) -> dict[str, Any]:
        serialized = self._doctype(node) if node.kind is DOCTYPE else self._element_or_text(node, parent)
        host = parent.parent if parent is not None and parent.kind is SHADOW_ROOT else None
        if host is not None and can_host_shadow(host):
            serialized["isShadow"] = True
        if self._inner_roots:
            serialized |= self._root_id(node.id)
        return serialized

    def _root_id(self, id: int) -> dict[str, int]:
        """The document that a node is in, if it is the page of a web view."""
        root_id = self._inner_roots.get(id // IDS_OF_SLOT * IDS_OF_SLOT) if self._inner_roots else None
        return {} if root_id is None else {"rootId": root_id}

    def _doctype(self, node: Node) -> dict[str, Any]:
        identifiers = {name: node.attributes.get(name, "") for name in ("publicId", "systemId")}
        name = node.name if inert.is_name(node.name) else "html"
        return {"type": 1, "id": shifted(node.id), "name": name, **identifiers}

    def _element_or_text(self, node: Node, parent: Node | None) -> dict[str, Any]:
        if node.kind is not ELEMENT:
            # HTML documents cannot contain CDATA sections, so these become texts.
            text = {"type": 3, "id": shifted(node.id), "textContent": node.text}
            if is_style(parent):
                text["textContent"] = text_to_show(node.text, parent)
                if not has_sheet(parent):
                    text["isStyle"] = True
            return text
        traits = traits_of(node.name, node.is_svg)
        name = tag_name(node) if node.is_mathml else traits.tag_name
        if traits.is_plugin:
            self.attributes.note_plugin(node)
            name = self.attributes.built_as(node) or name
        element: dict[str, Any] = {
            "type": 2,
            "id": shifted(node.id),
            "tagName": name,
            "attributes": self.attributes.of(node, traits),
            "childNodes": [],
        }
        if node.is_svg:
            element["isSVG"] = True
        if node.shadow_root is not None and can_host_shadow(node):
            element["isShadowHost"] = True
        return element

    def _write(self, top: Node, depth: int, text: bytearray) -> None:
        """Append a node and its descendants, without recursion."""
        start = len(text)
        text += _open(self._without_children(top, None))
        levels = [self._children(top)]
        is_first = True
        while levels:
            for child, parent in levels[-1]:
                if self._is_again and child.id in self._omitted:
                    continue
                is_too_long = len(text) - start > _MAX_LENGTH
                if is_too_long or not self._can_contain(parent, child) or depth + len(levels) > _MAX_DEPTH:
                    if is_too_long:
                        self.is_cut = True
                        self.attributes.notes[_TOO_MANY] += 1
                    else:
                        self._note_omission(child, parent)
                    self._omit(child)
                    continue
                if not is_first:
                    text += b","
                serialized = self._without_children(child, parent)
                is_first = child.kind is ELEMENT
                text += _open(serialized) if is_first else _encode(serialized)
                if is_first:
                    levels.append(self._children(child))
                    break
            else:
                text += b"]}"
                levels.pop()
                is_first = False

    def _children(self, node: Node) -> Iterator[tuple[Node, Node]]:
        shadow = node.shadow_root
        children = [(child, node) for child in node.children]
        if shadow is not None:
            self._hosts[shadow.id] = node.id
            children = [(child, shadow) for child in shadow.children] + children
        return iter(children)

    def _can_contain(self, parent: Node, child: Node) -> bool:
        if parent.kind is DOCUMENT:
            return child.kind is DOCTYPE or _is_html(child)
        return child.kind in _BUILDABLE and not self._is_closed(parent)

    def _note_omission(self, node: Node, parent: Node) -> None:
        is_page = node.kind is DOCUMENT
        if not (inert.is_frame(parent.name) if is_page else self._is_closed(parent)):
            self.attributes.notes[_CANNOT_BE_BUILT] += 1

    def _is_closed(self, parent: Node) -> bool:
        """Whether nothing is built below it: a text area shows its value, placeholders and frames are empty."""
        return (
            parent.kind is ELEMENT
            and is_closed_name(parent.name)
            and self.attributes.built_as(parent) != inert.FALLBACK
        )

    def _omit(self, node: Node) -> None:
        if self._is_again:  # The page of a web view is written apart.
            return
        self._omitted.update(omitted.id for omitted in nodes_below(node))


_BUILDABLE = frozenset({ELEMENT, TEXT, CDATA, SHADOW_ROOT})


def _is_html(node: Node) -> bool:
    return node.kind is ELEMENT and node.name == "html" and not node.is_svg


def _is_element(node: Node) -> bool:
    return node.kind is ELEMENT


def _depth(node: Node | None) -> int:
    """The level of an element, or of the host of a shadow root; at most `_MAX_DEPTH`."""
    depth = 0
    while node is not None and depth < _MAX_DEPTH:
        depth += node.kind is ELEMENT
        node = node.parent
    return depth


def _open(serialized: dict[str, Any]) -> bytes:
    """The JSON of a node up to its children, which it must not have yet."""
    serialized.pop("childNodes", None)
    return _encode(serialized)[:-1] + b',"childNodes":['
