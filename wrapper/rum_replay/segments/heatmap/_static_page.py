"""A recorded page as markup that shows it in a frame as high as the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from .. import _inert as inert
from ..dom import Page, Size
from ..dom._html import Markup

__all__ = ["count_unsized", "count_without_drawing", "is_hatched", "static_markup"]

_VIEWPORT_UNIT = re.compile(
    r"(?<![\w.#])(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})[sld]?(vh|vw|vmin|vmax|vb|vi)\b", re.IGNORECASE
)
_MISSING = "data-replay-missing"
_HIDDEN = "data-replay-hidden"
_MARK = f'(?:{_MISSING}|{_HIDDEN})=""'
_HATCHED = re.compile(f"<(?:[^<> ]++| (?!{_MARK}))*+ {_MARK}")  # in a tag: texts may contain the same
_UNSIZED = re.compile(f'<(?:[^<> ]++| (?!{inert.UNSIZED}=""))*+ {inert.UNSIZED}=""')
_UNDRAWN = re.compile(f'<canvas(?:[^<> ]++| (?!{_MISSING}=""))*+ {_MISSING}=""')
_INLINE = ":where(a,abbr,b,code,em,i,label,small,span,strong)"
# What the recording does not contain is hatched as in the player, and carets do not blink.
_ADDED = (
    f"<style>{_INLINE}[{_HIDDEN}]{{display:inline-block}}[{_MISSING}],[{_HIDDEN}]"
    "{background:repeating-linear-gradient(45deg,#8882 0 6px,#8884 6px 12px)!important}"
    "*{caret-color:transparent!important}</style>"
)


def static_markup(page: Page, layout: Size) -> str:
    """Inert markup that a browser shows without requests.

    Lengths relative to the viewport, such as `100vh`, become pixels: the frame that shows the markup is higher than the
    viewport was. Raises SegmentError if there are more than 64 Mi characters.
    """
    if page.root is None:
        return ""
    return Markup(restyle=_viewport_units_in_pixels(layout), mark=_MISSING, hidden_mark=_HIDDEN).of(page.root) + _ADDED


def is_hatched(markup: str) -> bool:
    """Whether anything in the markup of a page is hatched."""
    return _HATCHED.search(markup) is not None


def count_unsized(markup: str) -> int:
    """How many images in the markup of a page have no recorded size."""
    return sum(1 for _ in _UNSIZED.finditer(markup))


def count_without_drawing(markup: str) -> int:
    """How many canvases in the markup of a page lack what was drawn on them."""
    return sum(1 for _ in _UNDRAWN.finditer(markup))


def _viewport_units_in_pixels(layout: Size) -> Callable[[str], str]:
    wide, high = layout.width / 100, layout.height / 100
    units = {"vw": wide, "vi": wide, "vh": high, "vb": high, "vmin": min(wide, high), "vmax": max(wide, high)}

    @lru_cache(maxsize=100)
    def fixed(css: str) -> str:
        return _VIEWPORT_UNIT.sub(lambda found: f"{float(found[1]) * units[found[2].lower()]:.10g}px", css)

    return fixed
