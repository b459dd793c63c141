"""Names for elements: a CSS selector to find one again, and the text to recognise it by."""

from __future__ import annotations

import re

from ._nodes import Node, NodeKind, nodes_below

__all__ = ["css_path", "text_of"]

_MAX_STEPS = 32
_MAX_SAME_IDS = 16  # Looked at, to see whether an id is unique within its document or shadow root.
_MAX_CLASSES = 2
_MAX_LENGTH = 100  # Of ids and classes; longer ones name nothing.
_TOP = frozenset({"html", "head", "body"})
_NO_TEXT = frozenset({"head", "noscript", "option", "script", "style", "template", "textarea"})
_BUTTONS = frozenset({"button", "reset", "submit"})
_WITHIN_WORDS = frozenset(
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
_SPECIAL = re.compile(r"(^-?)(\d)|^-$|[^\w\u0080-\U0010ffff-]", re.ASCII)


def css_path(node: Node) -> str:
    """A CSS selector of an element; of a text that of its parent, of the document an empty one.

    It begins at the nearest element with a unique id and goes down by tag, classes and position among siblings of
    the same tag. ` >>> ` leads into a shadow root: what stands before finds the host, what stands behind the element
    in the host's shadow root. Of elements nested very deeply only the last 32 steps are given.
    """
    element: Node | None = node
    while element is not None and element.kind is not NodeKind.ELEMENT:
        element = element.parent
    path = ""
    for _ in range(_MAX_STEPS):
        if element is None:
            break
        step = _by_id(element)
        above = element.parent
        if step is not None:
            above = _scope(element)
        elif _is_top(element):
            step, above = _by_position(element), None
        else:
            step = _by_position(element)
        path = step + path
        if above is None or above.kind in (NodeKind.DOCUMENT, NodeKind.FRAGMENT):
            break
        is_shadow = above.kind is NodeKind.SHADOW_ROOT
        path = (" >>> " if is_shadow else " > ") + path
        element = above.parent if is_shadow else above
    return path.lstrip(" >")


def text_of(node: Node, limit: int = 80) -> str:
    """What is written on a node, in one line of at most so many characters; an ellipsis stands for the rest.

    That is the text below it, shadow roots included, the value of buttons and the alternative text of images. What
    people typed or chose is no part of it.
    """
    pieces: list[str] = []
    length = 0
    for one in nodes_below(node, _NO_TEXT):
        if one.kind is NodeKind.TEXT:
            pieces.append(one.text if _goes_on(one) else f" {one.text}")
        elif one.kind is NodeKind.ELEMENT:
            pieces.append(_own_text(one))
        else:
            continue
        length += len(pieces[-1].strip())
        if length > limit:
            break
    text = " ".join("".join(pieces).split())
    return text if len(text) <= limit else text[: max(0, limit - 1)].rstrip() + "…"


def _goes_on(text: Node) -> bool:
    """Whether it may go on with the word that stands before it."""
    if text.previous_sibling is not None:
        return text.previous_sibling.name in _WITHIN_WORDS
    return text.parent is None or text.parent.shadow_root is None


def _own_text(element: Node) -> str:
    if element.name == "input" and element.attributes.get("type", "").lower() in _BUTTONS:
        return f" {element.attributes.get('value', '')} "
    if element.name in ("img", "area"):
        return f" {element.attributes.get('alt', '')} "
    return "" if element.name in _WITHIN_WORDS else " "


def _by_id(element: Node) -> str | None:
    """Its id as a selector, where no other element of the same document or shadow root has it."""
    attribute_id = element.attributes.get("id", "")
    if element.same_ids is None or len(element.same_ids) > _MAX_SAME_IDS or len(attribute_id) > _MAX_LENGTH:
        return None
    scope = _scope(element)
    if any(other is not element and _scope(other) is scope for other in element.same_ids):
        return None
    return f"#{_escaped(attribute_id)}"


def _by_position(element: Node) -> str:
    """Its tag and classes, with its position where a sibling has the same."""
    classes = [name for name in element.attributes.get("class", "").split() if len(name) <= _MAX_LENGTH][:_MAX_CLASSES]
    position, is_alone = 0, True
    sibling = element.parent.first_child if element.parent is not None else element
    passed = False
    while sibling is not None:
        if sibling.kind is NodeKind.ELEMENT and sibling.name == element.name:
            position += not passed
            passed = passed or sibling is element
            same = sibling is not element and set(classes).issubset(sibling.attributes.get("class", "").split())
            is_alone = is_alone and not same
        sibling = sibling.next_sibling
    step = _escaped(element.name) + "".join(f".{_escaped(name)}" for name in classes)
    return step if is_alone else f"{step}:nth-of-type({position})"


def _scope(node: Node) -> Node:
    """The document or shadow root that it is in."""
    while node.kind is not NodeKind.SHADOW_ROOT and node.parent is not None:
        node = node.parent
    return node


def _is_top(element: Node) -> bool:
    above = element.parent
    if element.name != "html" and above is not None and above.name == "html":
        above = above.parent
    return element.name in _TOP and above is not None and above.kind is NodeKind.DOCUMENT


def _escaped(name: str) -> str:
    """An identifier as CSS writes it: https://drafts.csswg.org/cssom/#serialize-an-identifier"""
    return _SPECIAL.sub(_escape, name)


def _escape(match: re.Match[str]) -> str:
    if match[2]:
        return f"{match[1]}\\{ord(match[2]):x} "
    character = match[0]
    if character == "\0":
        return "\ufffd"
    return f"\\{ord(character):x} " if character < " " or character == "\x7f" else f"\\{character}"
