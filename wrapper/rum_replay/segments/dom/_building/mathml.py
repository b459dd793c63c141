"""Which elements are MathML: recordings state the namespace of SVG only, so it is inferred as HTML parsers do.

In change records, elements of HTML documents have names in upper case, and others do not; what is recorded like that is
not asked here. Elsewhere, scripts may have put an element into another namespace than a parser would have.

Source: https://html.spec.whatwg.org/multipage/parsing.html#tree-construction (integration points, foreign content)
"""

from __future__ import annotations

from .._nodes import Node

__all__ = ["is_mathml"]

_HOLD_HTML = frozenset({"mi", "mn", "mo", "ms", "mtext"})
_IN_THESE = frozenset({"malignmark", "mglyph"})
_HTML_TYPES = frozenset({"application/xhtml+xml", "text/html"})
# With these, a parser ends the formula.
_ENDING = """
b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol
p pre ruby s small span strike strong sub sup table tt u ul var
"""
_HTML = frozenset(_ENDING.split())


def is_mathml(element: Node, parent: Node | None) -> bool:
    """Whether an element with this parent is MathML."""
    if element.is_svg or element.name == "math":
        return not element.is_svg
    if parent is None or not parent.is_mathml:
        return False
    if parent.name in _HOLD_HTML:
        return element.name in _IN_THESE
    holds_html = parent.name == "annotation-xml" and parent.attributes.get("encoding", "").lower() in _HTML_TYPES
    return not holds_html and element.name not in _HTML
