"""Nodes of the page in the form that rrweb's player builds: single nodes, or a whole document as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from .. import _inert as inert
from ..dom import Node, nodes_below
from ..dom._doctypes import LayoutMode, layout_mode
from ..dom._document import IDS_OF_SLOT
from ..dom._drawings import Drawings
from ..dom._form_fields import is_value_of_list, written_value
from ..dom._inert_attributes import inert_attributes, is_unsized, place_in_top_layer, rule_for, style_with_size
from ..dom._missing_sheets import missing_sheets
from ..dom._nodes import CDATA, DOCTYPE, DOCUMENT, ELEMENT, SHADOW_ROOT, TEXT
from ..dom._plugins import is_plugin_box, shows_fallback
from ._events import shifted
from ._names import Traits, as_kept, has_sheet, is_closed_name, is_style, style_text, tag_name, text_to_show, traits_of
from ._shadow_hosts import can_host_shadow
from ._style_notes import StyleNotes

__all__ = ["Serializer"]

_MAX_DEPTH = 512
"""Levels of elements, as in browsers' parsers; the player recurses, and more levels would exhaust its stack."""

_NOT_RECORDED = "data-replay-missing"
_HIDDEN = "data-replay-hidden"
_DRAWING = "drawings on a <canvas>, which are not in the recording"
_OF_APP = "content that the app does not record, as placeholders"
_UNSIZED = "images of unknown size: as style sheets size them, or else as images that failed to load"
_MAX_LENGTH = 32 << 20
"""Bytes of a document as JSON, which is in memory several times while it is written."""

_TOO_MANY = "nodes beyond 32 MiB of one page, with everything in them"
_CANNOT_BE_BUILT = "nodes in places where the player cannot build them"
# The ids of nodes that the recording lacks; in a web view, they are as far from the first id of its page.
_DOCUMENT_ID, _HTML_ID, _BODY_ID = (1 << 31) - 3, (1 << 31) - 2, (1 << 31) - 1
_XHTML = "http://www.w3.org/1999/xhtml"
_encode = msgspec.json.Encoder().encode


class Serializer:
    """Converts nodes of a page to those of the player, and keeps track of the nodes that it omits."""

    def __init__(self, drawings: Drawings) -> None:
        self._drawings = drawings
        self._undrawn: set[int] = set()
        self.notes: Counter[str] = Counter()
        """Everything that could not be shown: a description of each kind, and how many."""
        self._style_notes = StyleNotes()
        self._omitted: set[int] = set()
        self._hosts: dict[int, int] = {}
        self._boxes: set[int] = set()
        self._fallbacks: set[int] = set()
        """Objects that are built with what is in them."""
        self.plugins: set[int] = set()
        """The ids of all objects and embeds."""
        self._inner_roots: dict[int, int] = {}
        """The player's id of the document of each web view on a mobile screen, by the first id of its nodes."""
        self.with_rules: list[Node] = []
        """Elements that need a rule of ours, see `rule_for`, and were converted since this was cleared."""

        self.marks: dict[int, dict[str, str]] = {}
        """Further attributes that elements have in the player, by their ids."""

        self.is_cut = False
        """Whether the last document was too long to be written as a whole."""
        self._is_again = False

    @contextmanager
    def again(self) -> Generator[None]:
        """Within this, documents are written once more, as the player has them by now: nothing is noted again."""
        notes, with_rules, undrawn = self.notes, self.with_rules, set(self._undrawn)
        self.notes, self.with_rules, self._is_again = Counter(), [], True
        try:
            yield
        finally:
            self.notes, self.with_rules, self._is_again = notes, with_rules, False
            self._undrawn = undrawn

    def is_shown(self, id: int) -> bool:
        """Whether the player has the node."""
        return id not in self._omitted

    def is_outdated(self, plugin: Node) -> bool:
        """Whether a plugin is built as a box, or as what is in it, and would now be built in another way."""
        is_box, is_fallback = plugin.id in self._boxes, plugin.id in self._fallbacks
        return (is_box, is_fallback) != (is_plugin_box(plugin), shows_fallback(plugin))

    def document(self, root: Node) -> bytes:
        """The whole document as JSON, always with an `<html>` element, because the player builds no other."""
        self.is_cut = False
        if not self._is_again:
            self.count_canvases()
            self.marks = {}
            self._omitted.clear()
            self._hosts.clear()
            self._boxes.clear()
            self._fallbacks.clear()
            self.plugins.clear()
            self._inner_roots.clear()
            self.with_rules.clear()
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

    def attribute(self, element: Node, name: str, value: str | None) -> dict[str, Any]:
        """The attributes to set for an attribute that was set or removed; None removes one."""
        if name == "style" and element.size is not None:
            value = style_with_size(element)
        is_box = element.id in self._boxes
        is_fallback = element.id in self._fallbacks
        written = inert.BOX if is_box else inert.FALLBACK if is_fallback else element.name
        changes: dict[str, Any] = {as_kept(element, name): inert.attribute(written, name, value)}
        if is_box:
            # The style of a box has what other attributes say.
            recorded = {**element.attributes, "style": style_with_size(element)}
            changes["style"] = inert.box_attributes(element.name, recorded).get("style")
        if name in inert.SELECTED and (is_box or is_fallback or not inert.is_left_out(element.name)):
            recorded = {} if value is None else {name: value}
            kept = {key: one for key, one in changes.items() if one is not None}
            changes[inert.recorded_name(name)] = None
            changes |= inert.recorded_attributes(recorded, kept)
        if _is_canvas(element) and name in ("height", "style", "width"):
            changes |= self.drawing(element)
        if inert.shows_content_of(element.name, name) and (is_box or not inert.is_left_out(element.name)):
            changes[_NOT_RECORDED] = "" if inert.lacks_content(element.name, element.attributes) else None
        if name in inert.SIZING and not element.is_svg:
            changes |= (shown := inert.changed_substitute(element.name, element.attributes, _parent_name(element)))
            if shown:
                changes[inert.ADDED] = "" if inert.added(element.attributes, shown) else None
            if is_unsized(element):
                self.with_rules.append(element)
        return changes

    def drawing(self, canvas: Node) -> dict[str, Any]:
        """The attributes to set for a canvas, whose style has what it shows and how large it is."""
        own = self._drawings.style(canvas)
        style = inert.attribute(canvas.name, "style", style_with_size(canvas))
        lacks = self._drawings.lacks(canvas)
        if canvas.image_resource is None:
            self._undrawn.add(canvas.id)
        else:
            self._undrawn.discard(canvas.id)
        return {"style": f"{own};{style}" if style else own, _NOT_RECORDED: "" if lacks else None}

    def count_canvases(self) -> None:
        """Note the canvases for which no image was recorded, up to here."""
        if self._undrawn:
            self.notes[_DRAWING] += len(self._undrawn)
        self._undrawn.clear()

    def note_css(self, css: str) -> None:
        """Note what a style sheet lacks."""
        self.notes += self._style_notes.of_sheet(css)

    def top_layer(self, node: Node, *, is_in: bool) -> dict[str, Any]:
        """The attributes to set for a dialog or popover that is in the top layer, or no longer."""
        place = place_in_top_layer(node) if is_in else None
        if place == inert.POPOVER:
            self.with_rules.append(node)
        mode = "modal" if place == inert.MODAL else "non-modal" if "open" in node.attributes else None
        return {"rr_open_mode": mode, inert.TOP_LAYER: place} if node.name == "dialog" else {inert.TOP_LAYER: place}

    def size(self, element: Node) -> dict[str, Any]:
        """The attributes to set for an element that is hidden for privacy.

        The style is whole, because the player reads CSS in another way than browsers to add parts to it.
        """
        return {**self.attribute(element, "style", None), _HIDDEN: ""}

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
        if traits.is_plugin and not self._is_again:
            self._note_plugin(node)
        is_box, is_fallback = node.id in self._boxes, node.id in self._fallbacks
        name = tag_name(node) if node.is_mathml else traits.tag_name
        element: dict[str, Any] = {
            "type": 2,
            "id": shifted(node.id),
            "tagName": inert.BOX if is_box else inert.FALLBACK if is_fallback else name,
            "attributes": self._attributes(node, traits, is_box=is_box),
            "childNodes": [],
        }
        if node.is_svg:
            element["isSVG"] = True
        if node.shadow_root is not None and can_host_shadow(node):
            element["isShadowHost"] = True
        return element

    def _note_plugin(self, node: Node) -> None:
        self.plugins.add(node.id)
        for ids, is_one in ((self._boxes, is_plugin_box(node)), (self._fallbacks, shows_fallback(node))):
            if is_one:
                ids.add(node.id)
            else:
                ids.discard(node.id)

    def _attributes(self, node: Node, traits: Traits, *, is_box: bool) -> dict[str, Any]:
        recorded = node.attributes
        if node.size is not None:
            recorded = {**recorded, "style": style_with_size(node)}
        written = inert_attributes(node, recorded, is_box=is_box)
        attributes: dict[str, Any] = (
            written if node.is_svg else {name.lower(): value for name, value in written.items()}
        )
        if node.name == "html" and node.parent is not None:
            attributes |= _namespace(node, node.parent)
        if "style" in attributes:
            self.notes += self._style_notes.of_attribute(attributes["style"])
        if node.id in self.marks:
            attributes |= self.marks[node.id]
        if traits.may_need_note or node.image_resource is not None:
            self._add_content(node, attributes)
        has_state = node.value is not None or node.checked or node.scroll is not None or node.size is not None
        if has_state or node.style_sheets or node.in_top_layer or node.name == "option":
            self._add_state(node, attributes)
        return attributes

    def _add_content(self, node: Node, attributes: dict[str, Any]) -> None:
        """What is shown in the place of content, and notes of content that is not there."""
        is_without = self._is_again and inert.is_left_out(node.name) and node.id not in self._boxes  # See `attribute`.
        is_without = is_without or node.id in self._fallbacks
        if inert.lacks_content(node.name, node.attributes) and not is_without:
            attributes[_NOT_RECORDED] = ""
            self.notes[
                f"<{inert.local_name(node.name)}> whose content comes from a server and is not in the recording"
            ] += 1
        elif node.name == "mobile-placeholder":
            attributes[_NOT_RECORDED] = ""
            self.notes[_OF_APP] += 1
        elif _is_canvas(node):
            attributes |= {name: value for name, value in self.drawing(node).items() if value is not None}
        elif node.image_resource is not None:  # SDKs know only canvases with one.
            attributes[_NOT_RECORDED] = ""
            self._drawings.missing.add(node.image_resource)
        if rule_for(node) is not None:
            self.with_rules.append(node)
        if is_unsized(node):
            attributes[inert.UNSIZED] = ""
            self.notes[_UNSIZED] += 1
        if missing := missing_sheets(node):
            self.notes["style sheets that are not in the recording"] += missing

    def _add_state(self, node: Node, attributes: dict[str, Any]) -> None:
        value = written_value(node)
        if value is not None and node.attributes.get("type", "").lower() != "file" and node.name != "select":
            attributes["value"] = value
        if node.checked or (self._is_again and is_value_of_list(node)):
            attributes["selected" if node.name == "option" else "checked"] = ""
        if node.scroll is not None:
            attributes |= {"rr_scrollLeft": node.scroll.left, "rr_scrollTop": node.scroll.top}
        if node.size is not None:
            attributes[_HIDDEN] = ""
            self.notes["elements that are hidden for privacy"] += 1
        if node.in_top_layer:
            attributes |= self.top_layer(node, is_in=True)
        if has_sheet(node):
            attributes["_cssText"] = css = style_text(node.style_sheets)
            self.note_css(css)

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
                        self.notes[_TOO_MANY] += 1
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
            self.notes[_CANNOT_BE_BUILT] += 1

    def _is_closed(self, parent: Node) -> bool:
        """Whether nothing is built below it: a text area shows its value, placeholders and frames are empty."""
        return parent.kind is ELEMENT and is_closed_name(parent.name) and parent.id not in self._fallbacks

    def _omit(self, node: Node) -> None:
        if self._is_again:  # The page of a web view is written apart.
            return
        self._omitted.update(omitted.id for omitted in nodes_below(node))


_BUILDABLE = frozenset({ELEMENT, TEXT, CDATA, SHADOW_ROOT})


def _is_canvas(node: Node) -> bool:
    return node.name == "canvas" and not node.is_svg


def _parent_name(node: Node) -> str:
    return "" if node.parent is None else node.parent.name


def _namespace(html: Node, document: Node) -> dict[str, Any]:
    """The attribute by which the player tells modes other than the standard one apart."""
    mode = layout_mode(document) if document.kind is DOCUMENT else LayoutMode.STANDARD
    if mode is LayoutMode.LIMITED_QUIRKS:
        return {"xmlns": _XHTML}
    return {"xmlns": ""} if mode is LayoutMode.QUIRKS and "xmlns" in html.attributes else {}


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
