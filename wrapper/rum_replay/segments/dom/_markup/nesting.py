"""Elements where scripts may put them, but no HTML parser does, such as a `<div>` within a `<p>`.

Parsers close elements, move or drop others, and there is no markup for such a page. So an element in the way is written
by another name, `replay-p`, which parsers treat like any that they do not know; `_inert/renames.py` has the style that
it needs, `_inert/selectors.py` the selectors that select it. All else stays: order, parents, attributes, content.

Source: https://html.spec.whatwg.org/multipage/parsing.html#tree-construction
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import attrs

from ... import _inert as inert
from .._nodes import DOCUMENT, ELEMENT, SHADOW_ROOT, TEXT, Node
from .plugins import shows_fallback

__all__ = ["Nesting", "written_name"]

_MAX_ROUNDS = 4
"""Rounds after which every element counts as renamed that may be: nothing new comes up after that."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_RUBY = frozenset({"rb", "rp", "rt", "rtc"})
# They end by themselves where another one, or the end of what is around them, comes.
_IMPLIED = _RUBY | {"dd", "dt", "li", "optgroup", "option", "p"}
_BLOCKS = """
address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form header
hgroup hr li listing main menu nav ol p pre search section summary table ul
"""
# Their start closes a <p>.
_CLOSES_P = _HEADINGS | frozenset(_BLOCKS.split())
_OTHERS = """
applet area body br button caption col colgroup embed frame frameset head html iframe img input keygen link marquee meta
object param select source style tbody td template textarea tfoot th thead title tr track wbr
"""
# Within them, a <li> does not close one that is outside.
_SPECIAL = (_CLOSES_P | frozenset(_OTHERS.split())) - {"address", "dialog", "div", "p"}
# What is open once they have begun, and what was open around them that nothing within them closes.
_OPENS = {
    "a": "a",
    "button": "button",
    "dd": "term",
    "dt": "term",
    "form": "form",
    "li": "li",
    "nobr": "nobr",
    "p": "p",
}
_SHIELDS = {
    "button": ("p",),
    "caption": ("a", "button", "nobr", "p"),
    "marquee": ("a", "button", "nobr", "p"),
    "table": ("button", "nobr", "p"),
    "td": ("a", "button", "nobr", "p"),
    "th": ("a", "button", "nobr", "p"),
}
_MAY_BE_RENAMED = _HEADINGS | {"button", "dd", "dt", "form", "li"}

_CELLS = frozenset({"td", "th"})
_SECTIONS = frozenset({"tbody", "tfoot", "thead"})
_TABLE = frozenset({"table"})
_TABLE_PARTS = {
    "caption": _TABLE,
    "col": _TABLE | {"colgroup"},
    "colgroup": _TABLE,
    "td": _SECTIONS | {"table", "tr"},
    "th": _SECTIONS | {"table", "tr"},
    "tr": _SECTIONS | _TABLE,
    **dict.fromkeys(_SECTIONS, _TABLE),
}
"""Parts of tables, and where parsers keep them, if need be within what they add."""

_KEPT_ANYWHERE = frozenset({"style", "template"})
_TABLE_CONTENT = {
    "colgroup": frozenset({"col", "template"}),
    "table": _KEPT_ANYWHERE | _SECTIONS | {"caption", "colgroup"},
    "tr": _KEPT_ANYWHERE | _CELLS,
    **dict.fromkeys(_SECTIONS, _KEPT_ANYWHERE | {"tr"}),
}
_STYLING = """
align background bgcolor border bordercolor cellpadding cellspacing frame height nowrap rules valign width
"""
_STYLING_ATTRIBUTES = frozenset(_STYLING.split())
"""Of tables and their parts; as HTML defines them."""
_IN_HEAD = _KEPT_ANYWHERE | {"title"}
_OPTIONS = {"optgroup": frozenset({"optgroup", "option"}), "option": frozenset({"option"})}
_NOT_IN_SELECT = _IMPLIED - _OPTIONS.keys() | {"input", "keygen", "select", "textarea"}
# Parsers make something else of them, or leave them without content.
_NEVER = frozenset({"basefont", "bgsound", "image", "keygen"})
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})
# Parsers leave them without content, but browsers show what scripts put into them.
_HOLLOW = frozenset({"area", "col", "hr", "source", "track"})
# Nothing that is within them is written.
_CLOSED = _KEPT_ANYWHERE | _VOID | {"iframe", "portal", "textarea"}
_HTML_ONLY = """
b big blockquote body br center code dd div dl dt em embed font head hr i img li listing menu meta nobr ol p pre ruby s
small span strike strong sub sup table tt u ul var
"""
# The start of one of these ends everything that is SVG or MathML around it.
_ENDS_FOREIGN = _HEADINGS | frozenset(_HTML_ONLY.split())
# Most elements; without a <p> around them they close nothing, and they shield from nothing.
_PLAIN = frozenset({"b", "div", "em", "i", "label", "span", "strong"})
_HTML_IN_SVG = frozenset({"desc", "foreignobject", "title"})
_HTML_IN_MATH = frozenset({"annotation-xml", "mi", "mn", "mo", "ms", "mtext"})


class _Open(NamedTuple):
    """What a parser has open around an element, as far as the element could close it."""

    a: Node | None = None
    button: Node | None = None
    form: Node | None = None
    li: Node | None = None
    nobr: Node | None = None
    p: Node | None = None
    term: Node | None = None
    foreign: str = ""
    """`svg` where elements are those of SVG; `svg by name`, `math by name` where the recording does not say so."""

    is_head: bool = False
    is_select: bool = False
    is_template: bool = False

    def is_plain(self) -> bool:
        """Whether most elements are kept in it."""
        return self.p is None and not (self.foreign or self.is_head or self.is_select)


@attrs.define
class Nesting:
    """The elements below a node that are written in another way than others."""

    renamed: set[Node] = attrs.field(factory=set[Node])
    """They are written by another name."""

    unwrapped: set[Node] = attrs.field(factory=set[Node])
    """Elements within a `<head>` that would end it: only styles within them have an effect."""

    unrendered: set[Node] = attrs.field(factory=set[Node])
    """Those among `renamed` that no browser shows: parts of SVG outside of it, and HTML within SVG or MathML."""

    _counts_all: bool = False

    @classmethod
    def of(cls, root: Node) -> Nesting:
        """Find them."""
        nesting = cls()
        for number in range(_MAX_ROUNDS + 2):
            before = len(nesting.renamed)
            nesting._counts_all = number >= _MAX_ROUNDS
            nesting._look(root)
            nesting._add_siblings()
            if len(nesting.renamed) == before:
                break
        return nesting

    def names(self) -> frozenset[str]:
        """The names of the renamed elements, in lower case."""
        return frozenset(written_name(node) for node in self.renamed)

    def _look(self, root: Node) -> None:
        waiting: list[tuple[Node, _Open, str]] = [(root, _Open(), "")]
        while waiting:
            node, around, parent = waiting.pop()
            inner, name = around, parent
            if node.name in _PLAIN and around.is_plain() and not node.is_svg and node.shadow_root is None:
                name = node.name
            elif node.kind is ELEMENT:
                inner, name = self._enter(node, around, parent, is_top=node is root)
                if name in _CLOSED:
                    continue
                if node.shadow_root is not None:
                    waiting.append((node.shadow_root, inner, name))
            elif node.kind is SHADOW_ROOT:
                # Within SVG and MathML, a <template> is one of their elements, and makes no shadow root.
                inner, name = around if around.foreign else _Open(is_template=True), "template"
            child = node.last_child
            while child is not None:
                if child.kind is not TEXT:
                    waiting.append((child, inner, name))
                child = child.previous_sibling

    def _add_siblings(self) -> None:
        """Rename those that have the same name and parent too, which `:nth-of-type` counts together."""
        done: set[tuple[Node, str]] = set()
        for node in list(self.renamed):
            parent, name = node.parent, node.name
            if parent is None or name in _TABLE_PARTS or name in ("button", "table") or (parent, name) in done:
                continue
            done.add((parent, name))
            child = parent.first_child
            while child is not None:
                if child.name == name and child.kind is ELEMENT and child.is_svg == node.is_svg:
                    self.renamed.add(child)
                child = child.next_sibling

    def _enter(self, node: Node, around: _Open, parent: str, *, is_top: bool) -> tuple[_Open, str]:
        """Note what an element closes; returns what is open within it, and its name, empty if it is another one."""
        name = written_name(node)
        if around.is_head:
            if name not in _IN_HEAD:
                self.unwrapped.add(node)
            return around, name if name in _KEPT_ANYWHERE else ""
        if name in _KEPT_ANYWHERE:
            return around, name
        if node not in self.renamed and not is_top and self._must_rename(node, name, around, parent):
            self.renamed.add(node)
        if node in self.renamed:
            return around, ""
        if around.foreign:
            return _within_foreign(node, name, around), name
        if name in ("svg", "math"):
            return around._replace(foreign="svg" if node.is_svg else f"{name} by name"), name
        self._close(node, name, around, parent)
        return self._opened(node, name, around), name

    def _must_rename(self, node: Node, name: str, around: _Open, parent: str) -> bool:
        """Whether parsers do not keep it where it is, whatever comes after it."""
        if name in inert.RAW:
            return True
        if around.foreign.startswith("math"):
            is_part_of_svg = name != "svg" and not (node.parent is not None and node.parent.is_svg)
            is_unrendered = is_part_of_svg if node.is_svg else not node.is_mathml
        elif around.foreign:
            is_unrendered = around.foreign == "svg" and (not node.is_svg or name in _ENDS_FOREIGN)
        else:
            is_unrendered = node.is_svg and name != "svg"
        if is_unrendered:
            self.unrendered.add(node)
            return True
        if around.foreign:
            return name in _ENDS_FOREIGN or name in _VOID
        if name in ("body", "head", "html"):
            return not _is_in_its_place(node, name)
        if name in _TABLE_PARTS and parent not in _TABLE_PARTS[name]:
            return True
        return (
            name in _NEVER
            or (name in _HOLLOW and _has_content(node))
            or (name == "table" and not _is_kept(node))
            or parent in _OPTIONS.get(name, ())
            or (around.is_select and (name in _NOT_IN_SELECT or (name == "hr" and parent in _IMPLIED)))
            # Parsers take what is in a title for text.
            or (name == "title" and any(child.kind is ELEMENT for child in node.children))
        )

    def _close(self, node: Node, name: str, around: _Open, parent: str) -> None:
        """Rename what the start of an element would close."""
        closed: list[Node | None] = []
        if name in _CLOSES_P:
            closed.append(around.p)
        if name in _OPENS and not (name == "form" and around.is_template):
            closed.append(None if name == "p" else getattr(around, _OPENS[name]))
        if (name in _HEADINGS and parent in _HEADINGS) or (name in _RUBY and parent in _IMPLIED):
            closed.append(node.parent)
        self.renamed.update(one for one in closed if one is not None)

    def _opened(self, node: Node, name: str, around: _Open) -> _Open:
        changes: dict[str, Any] = {}
        # What may be renamed shields from nothing, once all of it counts as renamed.
        if name in _SPECIAL and not (self._counts_all and name in _MAY_BE_RENAMED):
            changes = dict.fromkeys(("li", "term", *_SHIELDS.get(name, ())))
        if name in _OPENS:
            changes[_OPENS[name]] = node
        elif name in ("head", "select"):
            changes[f"is_{name}"] = True
        return around._replace(**changes) if changes else around


def _within_foreign(node: Node, name: str, around: _Open) -> _Open:
    is_html = name in (_HTML_IN_SVG if around.foreign.startswith("svg") else _HTML_IN_MATH)
    if name == "annotation-xml":
        is_html = node.attributes.get("encoding", "").lower() in ("application/xhtml+xml", "text/html")
    return around._replace(foreign="", button=None, li=None, nobr=None, p=None, term=None) if is_html else around


@lru_cache(maxsize=1_000)
def _written(name: str, is_svg: bool) -> str:
    return inert.element_name(name, is_svg=is_svg).lower()


def written_name(node: Node) -> str:
    """The name that an element, or what is in its place, is written with unless it is renamed, in lower case."""
    if node.name == "link":
        return "style" if node.style_sheets else "template"
    if node.name == "object" and shows_fallback(node):
        return inert.FALLBACK
    return _written(node.name, node.is_svg)


def _has_content(node: Node) -> bool:
    return any(child.kind is ELEMENT or child.text.strip(" \t\r\n\f") for child in node.children)


def _is_in_its_place(node: Node, name: str) -> bool:
    """Whether an `<html>`, `<head>` or `<body>` is the one of the document."""
    above = node.parent
    if name != "html" and above is not None and above.name == "html":
        above = above.parent
    return above is not None and above.kind is DOCUMENT


def _is_kept(table: Node) -> bool:
    """Whether parsers keep what is in a table, apart from rows and cells around which they add what is missing.

    These are kept for the sake of cells that span others, which no style says, and of attributes such as `border`,
    which style elements of these names only.
    """
    is_bound_to_name = _is_styled_by_attributes(table)
    is_incomplete = False
    waiting = [(table, "table")]
    while waiting:
        part, name = waiting.pop()
        child = part.first_child
        while child is not None:
            if child.kind is ELEMENT:
                inner = written_name(child)
                if inner not in _TABLE_CONTENT[name]:
                    if name in _TABLE_PARTS.get(inner, ()):
                        is_incomplete = True
                    elif not _may_be_in_table(child, inner):
                        return False
                if inner in _TABLE_CONTENT:
                    waiting.append((child, inner))
                if inner in _TABLE_PARTS and not is_bound_to_name:
                    is_bound_to_name = _is_styled_by_attributes(child) or (inner in _CELLS and _spans(child))
            elif child.text.strip(" \t\r\n\f"):
                return False
            child = child.next_sibling
    return is_bound_to_name or not is_incomplete


def _may_be_in_table(element: Node, name: str) -> bool:
    if name == "input":
        return element.attributes.get("type", "").lower() == "hidden"
    return name == "form" and element.first_child is None


def _is_styled_by_attributes(element: Node) -> bool:
    return not _STYLING_ATTRIBUTES.isdisjoint(element.attributes)


def _spans(cell: Node) -> bool:
    return any(cell.attributes.get(name, "1") not in ("", "1") for name in ("colspan", "rowspan"))
