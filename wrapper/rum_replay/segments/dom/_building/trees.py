"""Snapshots and mutations of format 0 hold the DOM as a tree: its nodes become nodes of the page."""

from __future__ import annotations

import re

from ... import records
from ...records import Number
from .._form_fields import FORM_FIELDS, take_initial_state
from .._nodes import CDATA, DOCTYPE, DOCUMENT, ELEMENT, FRAGMENT, SHADOW_ROOT, TEXT, Node
from .._style_sheets import StyleSheet
from .document import Document

__all__ = ["AttributeValue", "add_tree", "set_recorded_attribute"]

_STATE_ATTRIBUTES = frozenset({"_cssText", "rr_height", "rr_mediaState", "rr_scrollLeft", "rr_scrollTop", "rr_width"})
_PIXELS = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")

# SVG element names with capitals, which recorders up to browser SDK 6 write in lower case. From the table of adjusted
# SVG tag names in the HTML Standard: https://html.spec.whatwg.org/multipage/parsing.html
_WITH_CAPITALS = """
altGlyph altGlyphDef altGlyphItem animateColor animateMotion animateTransform clipPath feBlend feColorMatrix
feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood
feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
feSpecularLighting feSpotLight feTile feTurbulence foreignObject glyphRef linearGradient radialGradient textPath
"""
_SVG_NAMES = {name.lower(): name for name in _WITH_CAPITALS.split()}

AttributeValue = str | Number | bool | None
_WITH_CHILDREN = (records.ElementNode, records.DocumentNode, records.DocumentFragmentNode)


def add_tree(document: Document, tree: records.Node, parent: Node | None, before: Node | None) -> list[int]:
    """Add a recorded node and its descendants to the page, parents first, and return the ids of the added nodes.

    A node that cannot be added is skipped with its descendants.
    """
    added: list[int] = []
    pending: list[tuple[records.Node, Node | None, Node | None]] = [(tree, parent, before)]
    while pending:
        recorded, parent, before = pending.pop()
        node = _as_node(recorded, document.base + recorded.id)
        if not document.add(node, parent, before):
            continue
        added.append(node.id)
        if isinstance(recorded, records.ElementNode) and not _STATE_ATTRIBUTES.isdisjoint(recorded.attributes):
            for name, value in recorded.attributes.items():
                if name in _STATE_ATTRIBUTES:
                    set_recorded_attribute(document, node, name, value)
        if isinstance(recorded, _WITH_CHILDREN):
            pending += [(child, node, None) for child in reversed(recorded.child_nodes)]
    return added


def set_recorded_attribute(document: Document, node: Node, name: str, value: AttributeValue) -> None:
    """Set an attribute, or the state for which the SDK records an attribute that is not in the markup."""
    if name not in _STATE_ATTRIBUTES:
        document.set_attribute(node, name, _as_text(value))
    elif name == "_cssText":
        document.set_style_sheets(node, (StyleSheet(str(value)),) if value else ())
    elif name == "rr_mediaState":
        document.set_playing(node, value == "played")
    elif name == "rr_scrollLeft":
        document.set_scroll(node, _pixels(value), node.scroll.top if node.scroll else 0)
    elif name == "rr_scrollTop":
        document.set_scroll(node, node.scroll.left if node.scroll else 0, _pixels(value))
    elif name == "rr_width":
        document.set_size(node, _pixels(value), node.size.height if node.size else 0)
    else:
        document.set_size(node, node.size.width if node.size else 0, _pixels(value))


def _as_node(recorded: records.Node, id: int) -> Node:
    if isinstance(recorded, records.ElementNode):
        return _as_element(recorded, id)
    if isinstance(recorded, records.TextNode):
        return Node(id, TEXT, "#text", text=recorded.text_content)
    if isinstance(recorded, records.CdataNode):
        return Node(id, CDATA, "#cdata-section", text=recorded.text_content)
    if isinstance(recorded, records.DoctypeNode):
        doctype = Node(id, DOCTYPE, recorded.name)
        identifiers = {"publicId": recorded.public_id, "systemId": recorded.system_id}
        doctype.any_attributes = {key: value for key, value in identifiers.items() if value}
        return doctype
    if isinstance(recorded, records.DocumentNode):
        node = Node(id, DOCUMENT, "#document")
    elif recorded.is_shadow_root:
        node = Node(id, SHADOW_ROOT, "#shadow-root")
    else:
        node = Node(id, FRAGMENT, "#document-fragment")
    node.style_sheets = tuple(StyleSheet(s.css_rules, s.media, s.disabled) for s in recorded.adopted_style_sheets)
    return node


def _as_element(recorded: records.ElementNode, id: int) -> Node:
    name = _SVG_NAMES.get(recorded.tag_name, recorded.tag_name) if recorded.is_svg else recorded.tag_name.lower()
    attributes: dict[str, str] = {}
    for attribute, value in recorded.attributes.items():
        text = value if isinstance(value, str) else _as_text(value)
        if text is not None and attribute not in _STATE_ATTRIBUTES:
            attributes[attribute] = text
    node = Node(id, ELEMENT, name, is_svg=recorded.is_svg, any_attributes=attributes or None)
    if node.name in FORM_FIELDS:
        take_initial_state(node)
    return node


def _as_text(value: AttributeValue) -> str | None:
    """The value that an attribute has in markup; None if it is not in the markup."""
    if value is True:
        return ""
    return None if value is None or value is False else str(value)


def _pixels(value: AttributeValue) -> Number:
    number = _PIXELS.match(str(value))
    if number is None:
        return 0
    return float(number.group()) if "." in number.group() else int(number.group())
