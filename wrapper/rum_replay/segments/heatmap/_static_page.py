"""A recorded page as markup that shows it in a frame as high as the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ..._errors import SegmentError
from ..dom import Node, NodeKind, Page, Size, StyleSheet, nodes_below, to_html
from ..dom._dictionaries import MAX_LENGTH
from ..player import _inert as inert

__all__ = ["static_markup"]

_VIEWPORT_UNIT = re.compile(
    r"(?<![\w.#])(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})[sld]?(vh|vw|vmin|vmax|vb|vi)\b", re.IGNORECASE
)
# Content that the recording lacks is a faint box, what moves has arrived, and carets do not blink.
_ADDED = (
    "<style>[data-replay-missing]{background:repeating-linear-gradient(45deg,#8882 0 4px,#8881 4px 8px)!important}"
    "*,*::before,*::after{animation-delay:0s!important;animation-duration:0s!important;transition:none!important;"
    "caret-color:transparent!important}</style>"
)


def static_markup(page: Page, layout: Size) -> str:
    """Inert markup that a browser shows without asking for anything.

    Lengths in shares of the viewport, such as `100vh`, become pixels: the frame that shows it is higher than the
    viewport was. Changes the page, which is not to be used afterwards. Raises SegmentError where there are more than
    64 Mi characters.
    """
    if page.root is None:
        return ""
    fixed = _viewport_units_in_pixels(layout)
    if sum(map(_length, nodes_below(page.root))) > MAX_LENGTH:
        raise SegmentError(f"the page is longer than {MAX_LENGTH:,} characters as HTML")
    for node in nodes_below(page.root):
        if node.kind is NodeKind.ELEMENT:
            _quieten(node, fixed)
        if node.style_sheets:
            node.style_sheets = tuple(
                StyleSheet(fixed(inert.css(sheet.text)), sheet.media, sheet.disabled) for sheet in node.style_sheets
            )
        elif node.kind in (NodeKind.TEXT, NodeKind.CDATA) and node.parent is not None and node.parent.name == "style":
            node.text = fixed(inert.css(node.text))
    return to_html(page) + _ADDED


def _length(node: Node) -> int:
    """Characters, about; a recording of a few bytes can repeat a string of its string table many times."""
    return len(node.text) + sum(map(len, node.attributes.values())) + sum(sheet.length for sheet in node.style_sheets)


def _quieten(node: Node, fixed: Callable[[str], str]) -> None:
    is_missing = inert.is_missing(node) or node.image_resource is not None or node.name == "canvas"
    attributes: dict[str, str] = {}
    for name, value in node.attributes.items():
        kept = inert.element_attribute(node, name, value)
        if kept is not None:
            attributes[name] = fixed(kept) if name.lower() == "style" else kept
    if is_missing:
        attributes["data-replay-missing"] = ""
    node.attributes = attributes


def _viewport_units_in_pixels(layout: Size) -> Callable[[str], str]:
    wide, high = layout.width / 100, layout.height / 100
    units = {"vw": wide, "vi": wide, "vh": high, "vb": high, "vmin": min(wide, high), "vmax": max(wide, high)}

    @lru_cache(maxsize=100)
    def fixed(css: str) -> str:
        return _VIEWPORT_UNIT.sub(lambda found: f"{float(found[1]) * units[found[2].lower()]:.10g}px", css)

    return fixed
