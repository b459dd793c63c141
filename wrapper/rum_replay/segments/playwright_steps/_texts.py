"""The texts by which Playwright finds elements, and the rows that elements are in.

It compares all text in an element, whatever is hidden in it, and takes the innermost elements that have all of it
(https://playwright.dev/python/docs/api/class-page#page-get-by-text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import attrs

from ..dom import Node, NodeKind
from ..dom._child_order import class_names
from ..dom._names.element_names import is_in_masked_part, is_masked_text
from ..dom._nodes import elements_beside, walk
from ..dom._roles import control_of, role_of, upwards
from ._python import PAGE, Call, literal

__all__ = ["Row", "Texts", "by_text", "containing"]

_ROWS = {"article": "article", "li": "listitem", "tr": "row"}
_ROW_ROLES = frozenset(_ROWS.values())
_CELLS = frozenset({"td", "th"})
_BUTTONS = frozenset({"button", "reset", "submit"})
_UNREAD = frozenset({"head", "noscript", "script", "style", "template"})
_LEAST, _MOST = 2, 60
_MAX_PIECE = 1_000
_MAX_BELOW = 300
_MAX_SAME = 100
_MAX_TYPE = 20
_SPACE = re.compile(r"[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]++")
_REMOVED = re.compile(r"[\u00ad\u200b]")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PLAIN_TAG = re.compile(r"[a-z]++(?>-[a-z]++)*+", re.ASCII)
_PLAIN_CLASS = re.compile(r"[a-z]{3,}+(?>[-_]++[a-z]++)*+", re.ASCII | re.IGNORECASE)
_SAYS_NOTHING = re.compile(r"\W*+")


@attrs.frozen
class _Kind:
    """What rows have in common."""

    tag: str
    class_name: str | None = None
    role: str | None = None

    @property
    def selector(self) -> str:
        """The rows, in CSS."""
        return self.tag if self.class_name is None else f"{self.tag}.{self.class_name}"

    def fits(self, node: Node) -> bool:
        """Whether Playwright finds this element as well."""
        if self.role is not None:
            return (node.attributes.get("role", "")[:_MAX_TYPE] or _ROWS.get(node.name)) == self.role
        return node.name == self.tag and (self.class_name is None or self.class_name in (class_names(node) or ()))


@attrs.frozen
class Row:
    """A row around an element: a part of a table or list, of which pages have many with the same buttons in them.

    Cards and the like are also rows, which have siblings with the same name and, if possible, class.
    """

    selector: str
    role: str | None
    text: str
    """What is written in it."""

    same: frozenset[Node]
    """All rows of the same kind with that text, maybe one around the other."""

    @property
    def locator(self) -> Call:
        """What finds these."""
        role, selector = self.role, self.selector
        rows = Call("locator", (literal(selector),)) if role is None else Call("get_by_role", (literal(role),))
        return containing(rows, self.text)


def by_text(text: str, on: Call | None = None) -> Call:
    """What finds an element by its text, in another one."""
    return Call("get_by_text", (literal(text), "exact=True"), on=on)


def containing(elements: Call, text: str) -> Call:
    """Those of some elements that contain one with a text."""
    return Call("filter", (f"has={PAGE}.{by_text(text)}",), on=elements)


class Texts:
    """The texts of the elements of a page."""

    def __init__(self, elements: Sequence[Node]) -> None:
        self._texts: dict[Node, str] = {}
        """Of the elements that have one that is short."""

        self._innermost: dict[str, list[Node]] = {}
        joined: dict[Node, str | None] = {}
        for element in reversed(elements):  # So what is in an element comes before it.
            joined[element] = text = _joined(element, joined)
            text = "" if text is None else text.strip()
            is_unread = element.name in _UNREAD or (element.parent is not None and element.parent.name == "head")
            if _LEAST <= len(text) <= _MOST and not is_unread:
                self._texts[element] = text
                if not any((joined.get(child) or "").strip() == text for child in _children(element)):
                    self._innermost.setdefault(text, []).append(element)

    def text_of(self, element: Node) -> tuple[str, bool] | None:
        """The text that finds this element and no other, and whether, as in labels, something in it has that text."""
        text = self._texts.get(element)
        found = () if text is None else self._innermost.get(text, ())
        if text is None or len(found) != 1 or not _is_usable(element, text):
            return None
        if not _has_own_text(found[0]):
            return None
        is_within = element.name == "label" and element in upwards(found[0])
        return (text, found[0] is not element) if found[0] is element or is_within else None

    def text_within(self, row: Row, element: Node) -> str | None:
        """The text that finds this element in a row, and no other."""
        text = self._texts.get(element)
        found = [] if text is None else self._innermost.get(text, [])[:_MAX_SAME]
        is_only = [one for one in found if not row.same.isdisjoint(upwards(one))] == [element]
        if text is None or not is_only or len(found) == _MAX_SAME or not _has_own_text(element):
            return None
        return text if _is_usable(element, text) else None

    def rows_around(self, element: Node) -> Iterator[Row]:
        """The rows around an element, by each text in them that is not on a button."""
        around_element = set(upwards(element))
        for row in islice(upwards(element), 1, None):
            kind = _kind_of(row)
            below = () if kind is None else islice(walk(row, _UNREAD), _MAX_BELOW)
            texts = [one for one in below if one in self._texts and one not in around_element and _has_own_text(one)]
            for node in sorted(texts, key=lambda node: node.name not in _HEADINGS):
                text = self._texts[node]
                found = self._innermost.get(text, ())
                if node not in found[:_MAX_SAME] or len(found) > _MAX_SAME or not _is_usable(node, text):
                    continue
                if kind is not None and role_of(control_of(node)) != "button" and element not in upwards(node):
                    around = (above for same in found for above in upwards(same))
                    yield Row(kind.selector, kind.role, text, frozenset(filter(kind.fits, around)))


def _joined(element: Node, joined: dict[Node, str | None]) -> str | None:
    """All text in an element, with single spaces; None if it is long, or what it is is not recorded."""
    if element.name == "textarea":
        return None
    if element.name == "input":
        is_button = element.attributes.get("type", "")[:_MAX_TYPE].lower() in _BUTTONS
        return element.attributes.get("value", "")[:_MAX_PIECE] if is_button else ""
    pieces: list[str] = []
    left = _MOST
    for child in _children(element) if element.name not in _UNREAD else ():
        text = child.text[:_MAX_PIECE] if child.kind is NodeKind.TEXT else joined.get(child, "")
        left -= len("" if text is None else text.strip())
        if text is None or left < 0:
            return None
        pieces.append(text)
    return _REMOVED.sub("", _SPACE.sub(" ", "".join(pieces)))


def _has_own_text(element: Node) -> bool:
    """Whether not all of its text is in elements in it, of which other pages may have others."""
    return any(one.kind is NodeKind.TEXT and one.text.strip() for one in _children(element))


def _children(element: Node) -> Iterator[Node]:
    """The children of an element, and then those of its shadow root."""
    for parent in (element, element.shadow_root):
        child = None if parent is None else parent.first_child
        while child is not None:
            yield child
            child = child.next_sibling


def _kind_of(node: Node) -> _Kind | None:
    """What an element has in common with other rows; None if it is not a row."""
    if node.kind is not NodeKind.ELEMENT:
        return None
    role = node.attributes.get("role", "")[:_MAX_TYPE]
    if role:
        return _Kind(role, role=role) if role in _ROW_ROLES else None
    if node.name in _ROWS:
        return _Kind(node.name)
    beside = [one for one in elements_beside(node) if one.name == node.name]
    if not beside or node.name in _CELLS or not _PLAIN_TAG.fullmatch(node.name):
        return None
    plain = (name for name in class_names(node) or () if _PLAIN_CLASS.fullmatch(name))
    shared = (name for name in plain if any(name in (class_names(one) or ()) for one in beside))
    return _Kind(node.name, class_name=next(shared, None))


def _is_usable(element: Node, text: str) -> bool:
    return _SAYS_NOTHING.fullmatch(text) is None and not is_masked_text(text) and not is_in_masked_part(element)
