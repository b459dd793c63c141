"""Names for elements: a CSS selector that finds an element again, and the text that people recognize it by."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from ...._arguments import check_instance, check_size
from .._child_order import ChildOrder, class_names
from .._nodes import DOCUMENT, ELEMENT, FRAGMENT, SHADOW_ROOT, TEXT, Node, walk

__all__ = ["HIDES", "INLINE", "css_path", "is_hidden_by_markup", "short_text", "text_of"]

_MAX_STEPS = 32
_MAX_SAME_IDS = 16  # Elements to compare, to see whether an id is unique within its document or shadow root.
_MAX_COMPARED = 64
"""Siblings to compare; more are kept in order."""

_MAX_DEPTH = 512
_MAX_CLASSES = 2
_MAX_LENGTH = 100  # Characters in an id or class; longer ones identify nothing to people.
_UNIQUE_ELEMENTS = frozenset({"html", "head", "body"})
_WITHOUT_TEXT = frozenset(
    {"head", "iframe", "mobile-note", "noscript", "option", "script", "style", "template", "textarea"}
)
_BUTTONS = frozenset({"button", "reset", "submit"})
INLINE = frozenset(
    [
        "#text",
        "a",
        "abbr",
        "b",
        "code",
        "em",
        "font",
        "i",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
    ]
)
HIDES = r"display\s*+:\s*+none|visibility\s*+:\s*+(?:hidden|collapse)"
"""A pattern for declarations that hide an element."""

_HIDING = re.compile(rf"(?<![-\w])(?:{HIDES})", re.IGNORECASE)
_MAX_STYLE = 1_000  # Characters.
_SPECIAL = re.compile(r"(^-?)(\d)|^-$|[^\w\u0080-\U0010ffff-]", re.ASCII)


def css_path(node: Node) -> str:
    """A CSS selector for an element; for a text, that of its parent; for the document, an empty string.

    It starts at the nearest element with a unique id and descends by tag, classes, and position among siblings with
    the same tag. ` >>> ` enters a shadow root, or the page of a web view on a mobile screen: the part before it selects
    the host, the part after it an element in the host's shadow root. For deeply nested elements, the selector has only
    the last 32 steps, and no ids below 512 levels. Among more than 64 siblings, it may contain a position that is not
    needed.

    Raises InvalidRequestError if `node` is not a Node.
    """
    element: Node | None = check_instance("node", node, Node, "a Node")
    while element is not None and element.kind is not ELEMENT:
        element = element.parent
    path = ""
    for _ in range(_MAX_STEPS):
        if element is None:
            break
        step = _by_id(element)
        above = element.parent
        if step is not None:
            above = _scope(element)
        elif _is_unique(element):
            step, above = _by_position(element), _scope(element)
        else:
            step = _by_position(element)
        path = step + path
        if above is None or above.kind is FRAGMENT or (above.kind is DOCUMENT and not above.parent):
            break
        is_other_tree = above.kind in (SHADOW_ROOT, DOCUMENT)
        path = (" >>> " if is_other_tree else " > ") + path
        element = above.parent if is_other_tree else above
    return path.lstrip(" >")


def text_of(node: Node, limit: int = 80) -> str:
    """The text that people see on a node, in one line of at most `limit` characters; an ellipsis replaces the rest.

    It consists of the text below the node, including shadow roots, the labels of buttons, and the alternative text of
    images. It does not contain what people typed or selected, nor what the markup itself hides: by `hidden`, or by an
    inline style.

    Raises InvalidRequestError if `node` is not a Node or `limit` is not a whole number of at least 1.
    """
    check_instance("node", node, Node, "a Node")
    check_size("limit", limit)
    return short_text(node, limit, None)


def is_hidden_by_markup(node: Node) -> bool:
    """Whether an attribute of an element hides it from everybody."""
    attributes, only = node.any_attributes, node.only_attribute
    if attributes is None:
        # Not `node.attributes`, which would take memory for every node that is looked at.
        return only is not None and (only[0] == "hidden" or (only[0] == "style" and _hides(only[1])))
    return "hidden" in attributes or ("style" in attributes and _hides(attributes["style"]))


def _hides(style: str) -> bool:
    return _HIDING.search(style, 0, _MAX_STYLE) is not None


def short_text(node: Node, limit: int, most_nodes: int | None, is_hidden: Callable[[Node], bool] | None = None) -> str:
    """`text_of`, as far as that many nodes hold it, and as many characters of each, without what else is hidden."""
    pieces: list[str] = []
    length = 0

    def is_left_out(one: Node) -> bool:
        hides = is_hidden is not None and one.kind is ELEMENT and is_hidden(one)
        return hides or is_hidden_by_markup(one)

    skips = is_hidden_by_markup if is_hidden is None else is_left_out
    for descendant in islice(walk(node, _WITHOUT_TEXT, skips), most_nodes):
        if descendant.kind is TEXT:
            text = descendant.text[:most_nodes]
            pieces.append(text if _may_continue_word(descendant) else f" {text}")
        elif descendant.kind is ELEMENT:
            pieces.append(_own_text(descendant, most_nodes))
        else:
            continue
        length += len(pieces[-1].strip())
        if length > limit:
            break
    text = " ".join("".join(pieces).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _may_continue_word(text: Node) -> bool:
    """Whether a text can be the continuation of a word before it."""
    if text.previous_sibling is not None:
        return text.previous_sibling.name in INLINE
    return text.parent is None or text.parent.shadow_root is None


def _own_text(element: Node, limit: int | None) -> str:
    if element.name == "input" and element.attributes.get("type", "")[:20].lower() in _BUTTONS:
        return f" {element.attributes.get('value', '')[:limit]} "
    if element.name in ("img", "area"):
        return f" {element.attributes.get('alt', '')[:limit]} "
    return "" if element.name in INLINE else " "


def _by_id(element: Node) -> str | None:
    """The id of an element as a selector; None if others in the same document or shadow root may have it too."""
    attribute_id = element.attributes.get("id", "")
    if element.same_ids is None or len(element.same_ids) > _MAX_SAME_IDS or len(attribute_id) > _MAX_LENGTH:
        return None
    scope = _scope(element)
    if scope is None or any(other is not element and _scope(other) in (scope, None) for other in element.same_ids):
        return None
    return f"#{_escaped(attribute_id)}"


def _by_position(element: Node) -> str:
    """The tag and classes of an element, with its position if a sibling has the same."""
    classes = [name for name in class_names(element) or () if len(name) <= _MAX_LENGTH][:_MAX_CLASSES]
    step = _escaped(element.name) + "".join(f".{_escaped(name)}" for name in classes)
    position = _position(element, classes)
    return step if position is None else f"{step}:nth-of-type({position})"


def _position(element: Node, classes: list[str]) -> int | None:
    """Its position among siblings of the same name, from 1; None if no other one has these classes."""
    parent = element.parent
    if parent is None:
        return None
    siblings: list[Node] = []
    sibling = parent.first_child
    while sibling is not None and len(siblings) <= _MAX_COMPARED and parent.child_order is None:
        siblings.append(sibling)
        sibling = sibling.next_sibling
    if sibling is not None and parent.child_order is None:
        parent.child_order = ChildOrder(parent.children)
    if parent.child_order is not None:
        return None if parent.child_order.is_unique(element, classes) else parent.child_order.position(element)
    same = [sibling for sibling in siblings if sibling.kind is ELEMENT and sibling.name == element.name]
    if any(sibling is not element and _may_have(sibling, classes) for sibling in same):
        return next(position for position, sibling in enumerate(same, 1) if sibling is element)
    return None


def _may_have(element: Node, classes: list[str]) -> bool:
    """Whether it has all of these classes, as far as they are read."""
    names = class_names(element)
    return names is None or set(classes).issubset(names)


def _scope(node: Node) -> Node | None:
    """The document or shadow root that contains a node; None if it is nested deeper in it than browsers parse."""
    for _ in range(_MAX_DEPTH):
        if node.kind in (SHADOW_ROOT, DOCUMENT) or node.parent is None:
            return node
        node = node.parent
    return None


def _is_unique(element: Node) -> bool:
    """Whether an element is the `<html>`, `<head>` or `<body>` of the document."""
    above = element.parent
    if element.name != "html" and above is not None and above.name == "html":
        above = above.parent
    return element.name in _UNIQUE_ELEMENTS and above is not None and above.kind is DOCUMENT


def _escaped(name: str) -> str:
    """An identifier, escaped as in https://drafts.csswg.org/cssom/#serialize-an-identifier"""
    return _SPECIAL.sub(_escape, name)


def _escape(match: re.Match[str]) -> str:
    if match[2]:
        return f"{match[1]}\\{ord(match[2]):x} "
    character = match[0]
    if character == "\0":
        return "\ufffd"
    return f"\\{ord(character):x} " if character < " " or character == "\x7f" else f"\\{character}"
