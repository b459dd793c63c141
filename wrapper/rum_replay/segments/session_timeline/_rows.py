"""What a button in a row, card or the like belongs to, where others have one that looks the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from ..dom import Node, NodeKind
from ..dom._child_order import class_names
from ..dom._names.element_names import is_in_masked_part, is_masked_text
from ..dom._names.selectors import short_text
from ..dom._nodes import elements_beside, walk
from ..dom._roles import FIELDS, control_of, is_control, role_of, upwards

__all__ = ["text_beside"]

_ROWS = frozenset({"article", "li", "tr"})
_MAX_DEPTH = 12
_MAX_BELOW = 100
_MAX_AROUND = 500
"""Nodes before, and as many after, a row that are looked at for the same text."""

_MAX_TEXT = 60
_UNREAD = FIELDS | {"head", "noscript", "script", "style", "template"}
_SAYS_SOMETHING = re.compile(r"\w")


def text_beside(control: Node, name: str, may_hide: Callable[[Node], bool]) -> str | None:
    """A text that only the row of what was clicked has, such as a button.

    None if it is part of its name, or if no row beside that has something that looks the same.
    """
    for row in islice(upwards(control), 1, _MAX_DEPTH):
        if row.kind is NodeKind.ELEMENT:
            for other in filter(partial(_are_alike, row), elements_beside(row)):
                below = list(islice(walk(other), _MAX_BELOW))
                if len(below) == _MAX_BELOW and not is_control(control):
                    continue  # Large parts of a page, such as calendars, are no rows of the text that is clicked.
                if any(_look_the_same(node, control) for node in below if node.name == control.name):
                    text = _text_of(row, control, set(map(_text, below)), may_hide)
                    return None if text is None or f" {text} " in f" {name} " else text
    return None


def _are_alike(one: Node, other: Node) -> bool:
    if one.name != other.name or one.attributes.get("role") != other.attributes.get("role"):
        return False
    return (
        one.name in _ROWS
        or "role" in one.attributes
        or bool({*(class_names(one) or ())} & {*(class_names(other) or ())})
    )


def _look_the_same(one: Node, other: Node) -> bool:
    if any(one.attributes.get(name) != other.attributes.get(name) for name in ("aria-label", "role", "title", "type")):
        return False
    return short_text(one, _MAX_TEXT, _MAX_BELOW) == short_text(other, _MAX_TEXT, _MAX_BELOW)


def _text_of(row: Node, control: Node, others: set[str], may_hide: Callable[[Node], bool]) -> str | None:
    """The heading of a row, or else its first text, that the other row does not have, and at best none around it."""
    found: list[tuple[Node, str]] = []
    for node in islice(walk(row, _UNREAD), _MAX_BELOW):
        text = _text(node)
        says_something = _SAYS_SOMETHING.search(text) is not None and not is_masked_text(text) and text != "x"
        if node.parent is not None and says_something and text not in others and len(text) <= _MAX_TEXT:
            found.append((node.parent, text))
    often = set(_texts_around(row)) if len(found) > 1 else ()
    found.sort(key=lambda one: (one[1] in often, role_of(one[0]) != "heading"))
    around = set(upwards(control))
    for element, text in found:
        if _is_usable(element, row, control, may_hide):
            return text if element in around else short_text(element, _MAX_TEXT, _MAX_BELOW)
    return None


def _texts_around(row: Node) -> Iterator[str]:
    """The texts of the rows before and after a row."""
    for is_before in (True, False):
        room, other = _MAX_AROUND, row
        while room > 0 and (beside := other.previous_sibling if is_before else other.next_sibling) is not None:
            other, room = beside, room - 1
            if other.kind is NodeKind.ELEMENT and _are_alike(row, other):
                for node in islice(walk(other), min(_MAX_BELOW, room)):
                    room -= 1
                    if text := _text(node):
                        yield text


def _text(node: Node) -> str:
    return " ".join(node.text[: _MAX_TEXT * 4].split()) if node.kind is NodeKind.TEXT else ""


def _is_usable(element: Node, row: Node, control: Node, may_hide: Callable[[Node], bool]) -> bool:
    around = list(upwards(element))
    around = around[: around.index(row) + 1]
    if control in around or role_of(control_of(element)) == "button" or is_in_masked_part(element):
        return False
    return not any(map(may_hide, around))
