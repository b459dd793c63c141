"""Elements where scripts may put them, but no HTML parser does, such as a `<div>` within a `<p>`.

Parsers close elements, move or drop others, and there is no markup for such a page. So an element in the way is written
by another name, `replay-p`, which parsers treat like any that they do not know; `_inert/renames.py` has the style that
it needs and the selectors that select it. Everything else stays: order, parents, attributes, what is within it.

Source: https://html.spec.whatwg.org/multipage/parsing.html#tree-construction
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import attrs

from .. import _inert as inert
from ._nodes import Node, NodeKind

__all__ = ["Nesting", "written_name"]

_MAX_ROUNDS = 4
"""Rounds after which every element counts as renamed that may be: nothing new comes up after that."""

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TERMS = frozenset({"dd", "dt"})
_RUBY = frozenset({"rb", "rp", "rt", "rtc"})
# They end by themselves where another one, or the end of what is around them, comes.
_IMPLIED = _TERMS | _RUBY | {"li", "optgroup", "option", "p"}
# Their start closes a <p>.
_CLOSES_P = (
    _HEADINGS
    | _TERMS
    | frozenset(
        "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form "
        "header hgroup hr li listing main menu nav ol p pre search section summary table ul".split()
    )
)
# Within them, a <li> does not close one that is outside.
_SPECIAL = _HEADINGS | frozenset(
    "applet area article aside blockquote body br button center col colgroup details dir dl embed fieldset "
    "figcaption figure footer form frame frameset head header hgroup hr html iframe img input keygen link listing "
    "main marquee menu meta nav object ol param pre search section select source style summary table tbody td "
    "template textarea tfoot th thead title tr track ul wbr".split()
)
_CELLS = frozenset({"td", "th"})
_SECTIONS = frozenset({"tbody", "tfoot", "thead"})
_TABLE_PARTS = {
    "caption": frozenset({"table"}),
    "col": frozenset({"colgroup", "table"}),
    "colgroup": frozenset({"table"}),
    "tbody": frozenset({"table"}),
    "td": _SECTIONS | {"table", "tr"},
    "tfoot": frozenset({"table"}),
    "th": _SECTIONS | {"table", "tr"},
    "thead": frozenset({"table"}),
    "tr": _SECTIONS | {"table"},
}
"""Parts of tables, and where parsers keep them, if need be within what they add."""

_TABLE_CONTENT = {
    "colgroup": frozenset({"col", "template"}),
    "table": frozenset({"caption", "colgroup", "style", "tbody", "template", "tfoot", "thead"}),
    "tbody": frozenset({"style", "template", "tr"}),
    "tfoot": frozenset({"style", "template", "tr"}),
    "thead": frozenset({"style", "template", "tr"}),
    "tr": frozenset({"style", "td", "template", "th"}),
}
_IN_HEAD = frozenset({"style", "template", "title"})
_NOT_IN_SELECT = _IMPLIED - {"optgroup", "option"} | {"input", "keygen", "select", "textarea"}
# Parsers make something else of them, or leave them without content.
_NEVER = frozenset({"basefont", "bgsound", "image", "keygen"})
_ONCE = frozenset({"body", "head", "html"})
# The start of one of these ends everything that is SVG or MathML around it.
_ENDS_FOREIGN = _HEADINGS | frozenset(
    "b big blockquote body br center code dd div dl dt em embed font head hr i img li listing menu meta nobr ol p pre "
    "ruby s small span strike strong sub sup table tt u ul var".split()
)
_HTML_IN_SVG = frozenset({"desc", "foreignobject", "title"})
_HTML_IN_MATH = frozenset({"annotation-xml", "mi", "mn", "mo", "ms", "mtext"})
_KEPT_ANYWHERE = frozenset({"style", "template"})
# Nothing that is within them is written.
_CLOSED = _KEPT_ANYWHERE | frozenset("area br col hr iframe img input portal source textarea track wbr".split())


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
    """`svg`, where elements are those of SVG; `mixed`, where they are those of MathML, or of SVG that does not say so."""

    is_head: bool = False
    is_select: bool = False
    is_template: bool = False


@attrs.define
class Nesting:
    """The elements below a node that are written in another way than others."""

    renamed: set[Node] = attrs.field(factory=set[Node])
    """They are written by another name."""

    unwrapped: set[Node] = attrs.field(factory=set[Node])
    """Elements within a `<head>` that would end it: nothing is shown of them, only styles within them have an effect."""

    unrendered: set[Node] = attrs.field(factory=set[Node])
    """Those among `renamed` that no browser shows: parts of SVG outside of it, and elements of HTML within it."""

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
            if node.kind is NodeKind.ELEMENT:
                inner, name = self._enter(node, around, parent, is_top=node is root)
                if name in _CLOSED:
                    continue
                if node.shadow_root is not None:
                    waiting.append((node.shadow_root, inner, name))
            elif node.kind is NodeKind.SHADOW_ROOT:
                inner, name = _Open(is_template=True), "template"
            child = node.last_child
            while child is not None:
                if child.kind is not NodeKind.TEXT:
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
                if child.name == name and child.kind is NodeKind.ELEMENT and child.is_svg == node.is_svg:
                    self.renamed.add(child)
                child = child.next_sibling

    def _enter(self, node: Node, around: _Open, parent: str, *, is_top: bool) -> tuple[_Open, str]:
        """Note what an element closes; returns what is open within it, and its name, empty if it is another one."""
        name = written_name(node)
        if around.is_head:
            if name not in _IN_HEAD:
                self.unwrapped.add(node)
            return around, "" if name in _CLOSED and name not in _KEPT_ANYWHERE else name
        if name in _KEPT_ANYWHERE:
            return around, name
        if node in self.renamed:
            return around, ""
        if not is_top and self._must_rename(node, name, around, parent):
            self.renamed.add(node)
            return around, ""
        if around.foreign:
            return _within_foreign(node, name, around), name
        if name in ("svg", "math"):
            return around._replace(foreign="svg" if node.is_svg else "mixed"), name
        self._close(node, name, around, parent)
        return self._opened(node, name, around), name

    def _must_rename(self, node: Node, name: str, around: _Open, parent: str) -> bool:
        """Whether parsers do not keep it where it is, whatever it is called otherwise."""
        if around.foreign:
            is_unrendered = around.foreign == "svg" and (not node.is_svg or name in _ENDS_FOREIGN)
            if is_unrendered:
                self.unrendered.add(node)
            return is_unrendered or name in _ENDS_FOREIGN
        if node.is_svg and name != "svg":
            self.unrendered.add(node)
            return True
        if name in _ONCE:
            above = node.parent
            if name == "html":
                return above is None or above.kind is not NodeKind.DOCUMENT
            return parent != "html" or above is None or above.parent is None
        if name in _TABLE_PARTS:
            return parent not in _TABLE_PARTS[name]
        if name == "table":
            return not _is_kept(node)
        if name in ("option", "optgroup") and parent in ("option", name if name == "optgroup" else "option"):
            return True
        return name in _NEVER or (around.is_select and name in _NOT_IN_SELECT)

    def _close(self, node: Node, name: str, around: _Open, parent: str) -> None:
        """Rename what the start of an element would close."""
        closed: list[Node | None] = []
        if name in _CLOSES_P:
            closed.append(around.p)
        if name in _HEADINGS:
            closed.append(node.parent if parent in _HEADINGS else None)
        elif name in _TERMS:
            closed.append(around.term)
        elif name in _RUBY:
            closed.append(node.parent if parent in _IMPLIED else None)
        elif name == "li":
            closed.append(around.li)
        elif name == "form":
            closed.append(None if around.is_template else around.form)
        elif name == "a":
            closed.append(around.a)
        elif name == "button":
            closed.append(around.button)
        elif name == "nobr":
            closed.append(around.nobr)
        self.renamed.update(one for one in closed if one is not None)

    def _opened(self, node: Node, name: str, around: _Open) -> _Open:
        if name in _SIMPLE:
            return around
        if name == "p":
            return around._replace(p=node)
        if name == "a":
            return around._replace(a=node)
        if name == "nobr":
            return around._replace(nobr=node)
        if name == "head":
            return around._replace(is_head=True)
        if self._counts_all:
            # What may be renamed holds nothing back.
            if name in ("button", "form", "li"):
                return around._replace(**{name: node})
            if name in _TERMS:
                return around._replace(term=node)
            if name in _HEADINGS:
                return around
        if name == "li":
            return around._replace(li=node, term=None)
        if name in _TERMS:
            return around._replace(term=node, li=None)
        if name not in _SPECIAL and name != "caption":
            return around
        inner = around._replace(li=None, term=None)
        if name == "form":
            return inner._replace(form=node)
        if name == "button":
            return inner._replace(button=node, p=None)
        if name == "select":
            return inner._replace(is_select=True)
        if name == "table":
            return inner._replace(button=None, nobr=None, p=None)
        if name in _CELLS or name in ("caption", "marquee"):
            return inner._replace(a=None, button=None, nobr=None, p=None)
        return inner


_SIMPLE = frozenset({"address", "div", "span"})


def _within_foreign(node: Node, name: str, around: _Open) -> _Open:
    is_html = name in _HTML_IN_SVG or (name in _HTML_IN_MATH and around.foreign != "svg")
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
    return _written(node.name, node.is_svg)


def _is_kept(table: Node) -> bool:
    """Whether parsers keep what is in a table, apart from rows and cells around which they add what is missing.

    These are kept for the sake of cells that span others: no style says that.
    """
    has_spans = is_incomplete = False
    waiting = [(table, "table")]
    while waiting:
        part, name = waiting.pop()
        child = part.first_child
        while child is not None:
            if child.kind is NodeKind.ELEMENT:
                inner = written_name(child)
                if inner not in _TABLE_CONTENT[name]:
                    if name in _TABLE_PARTS.get(inner, ()):
                        is_incomplete = True
                    elif not _may_be_in_table(child, inner):
                        return False
                if inner in _TABLE_CONTENT:
                    waiting.append((child, inner))
                has_spans = has_spans or (inner in _CELLS and _spans(child))
            elif child.text.strip(" \t\r\n\f"):
                return False
            child = child.next_sibling
    return has_spans or not is_incomplete


def _may_be_in_table(element: Node, name: str) -> bool:
    if name == "input":
        return element.attributes.get("type", "").lower() == "hidden"
    return name == "form" and element.first_child is None


def _spans(cell: Node) -> bool:
    return any(cell.attributes.get(name, "1") not in ("", "1") for name in ("colspan", "rowspan"))
