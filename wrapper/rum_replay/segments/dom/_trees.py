"""Nodes of snapshots and mutations that hold the DOM as a tree (format 0), made into nodes of the page."""

from __future__ import annotations

import re

from ..records import _nodes as recorded
from ..records._base import Number
from ._document import Document
from ._form_fields import take_initial_state
from ._nodes import Node, NodeKind
from ._style_sheets import StyleSheet

__all__ = ["AttributeValue", "add_tree", "set_recorded_attribute"]

_VIRTUAL = frozenset({"_cssText", "rr_height", "rr_mediaState", "rr_scrollLeft", "rr_scrollTop", "rr_width"})
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


def add_tree(document: Document, tree: recorded.Node, parent: Node | None, before: Node | None) -> list[int]:
    """Put a recorded node and all below it into the page, parents first; at any depth. The ids of what was added.

    A node that cannot be added is left out with all that is below it.
    """
    added: list[int] = []
    waiting: list[tuple[recorded.Node, Node | None, Node | None]] = [(tree, parent, before)]
    while waiting:
        one, parent, before = waiting.pop()
        node = _as_node(one)
        if not document.add(node, parent, before):
            continue
        added.append(node.id)
        if isinstance(one, recorded.ElementNode):
            for name, value in one.attributes.items():
                if name in _VIRTUAL:
                    set_recorded_attribute(document, node, name, value)
        if isinstance(one, recorded.DocumentNode | recorded.ElementNode | recorded.DocumentFragmentNode):
            waiting.extend((child, node, None) for child in reversed(one.child_nodes))
    return added


def set_recorded_attribute(document: Document, node: Node, name: str, value: AttributeValue) -> None:
    """Set an attribute, or the state that a recorder writes as an attribute of its own making."""
    if name not in _VIRTUAL:
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


def _as_node(one: recorded.Node) -> Node:
    if isinstance(one, recorded.ElementNode):
        return _as_element(one)
    if isinstance(one, recorded.TextNode):
        return Node(one.id, NodeKind.TEXT, "#text", text=one.text_content)
    if isinstance(one, recorded.CdataNode):
        return Node(one.id, NodeKind.CDATA, "#cdata-section", text=one.text_content)
    if isinstance(one, recorded.DoctypeNode):
        doctype = Node(one.id, NodeKind.DOCTYPE, one.name)
        identifiers = {"publicId": one.public_id, "systemId": one.system_id}
        doctype.attributes = {key: value for key, value in identifiers.items() if value}
        return doctype
    if isinstance(one, recorded.DocumentNode):
        node = Node(one.id, NodeKind.DOCUMENT, "#document")
    elif one.is_shadow_root:
        node = Node(one.id, NodeKind.SHADOW_ROOT, "#shadow-root")
    else:
        node = Node(one.id, NodeKind.FRAGMENT, "#document-fragment")
    node.style_sheets = tuple(StyleSheet(s.css_rules, s.media, s.disabled) for s in one.adopted_style_sheets)
    return node


def _as_element(one: recorded.ElementNode) -> Node:
    name = _SVG_NAMES.get(one.tag_name, one.tag_name) if one.is_svg else one.tag_name.lower()
    node = Node(one.id, NodeKind.ELEMENT, name, is_svg=one.is_svg)
    for name, value in one.attributes.items():
        if name not in _VIRTUAL and (text := _as_text(value)) is not None:
            node.attributes[name] = text
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
