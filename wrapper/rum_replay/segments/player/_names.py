"""What the player builds elements, attributes and texts as, as far as their names and style sheets decide it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from .. import _inert as inert
from ..dom import Node, StyleSheet
from ..dom._nodes import ELEMENT

__all__ = [
    "Traits",
    "as_kept",
    "css_to_show",
    "has_sheet",
    "is_closed_name",
    "is_style",
    "style_text",
    "tag_name",
    "text_to_show",
    "traits_of",
]

_WITH_NOTES = frozenset({"canvas", "link", "mobile-placeholder", "style"})
"""Elements whose content, if any, does not come from an attribute."""

_FILLED = frozenset({"selectedcontent", "textarea"})
"""Elements whose content browsers make from what is elsewhere: a field's value, or the chosen option of a select."""


def style_text(sheets: tuple[StyleSheet, ...]) -> str:
    """The CSS of an element's style sheets, except disabled ones."""
    return css_to_show("\n".join(sheet.text for sheet in sheets if not sheet.disabled))


def css_to_show(css: str) -> str:
    """A style sheet or rule as the player needs it."""
    return inert.css(css, hovered=inert.HOVERED_IN_PLAYER)


def text_to_show(text: str, parent: Node | None) -> str:
    """The text to show for a text node of a parent."""
    if is_style(parent):
        return "" if has_sheet(parent) else inert.css_piece(text, hovered=inert.HOVERED_IN_PLAYER)
    return text


@lru_cache(maxsize=1_000)
def is_closed_name(name: str) -> bool:
    return name in _FILLED or inert.is_left_out(name) or inert.is_frame(name)


def is_style(node: Node | None) -> bool:
    return node is not None and node.kind is ELEMENT and traits_of(node.name, node.is_svg).is_style


class Traits(NamedTuple):
    """What the name of an element decides."""

    tag_name: str
    """What to create it as, except in the namespace of MathML."""
    is_style: bool
    is_plugin: bool
    may_need_note: bool


@lru_cache(maxsize=1_000)
def traits_of(name: str, is_svg: bool) -> Traits:
    written, has_content = inert.element_name(name, is_svg=is_svg), inert.has_content(name)
    # The player itself changes the case of names in SVG.
    is_plugin = name in ("embed", "object") and not is_svg
    return Traits(written, written.lower() == "style", is_plugin, has_content or name in _WITH_NOTES)


def as_kept(element: Node, attribute: str) -> str:
    """The name under which browsers keep an attribute; while it seeks, the player takes another for a second one."""
    return attribute if element.is_svg else attribute.lower()


def tag_name(element: Node) -> str:
    """The name to create an element with; the prefix lets our page put it into the namespace of MathML."""
    name = inert.element_name(element.name, is_svg=element.is_svg)
    return f"mathml:{name}" if element.is_mathml and name == element.name and inert.local_name(name) == name else name


def has_sheet(node: Node | None) -> bool:
    """Whether a node is a `<style>` or `<link>` whose style sheet was recorded separately from its text."""
    return node is not None and bool(node.style_sheets) and (node.name == "link" or is_style(node))
