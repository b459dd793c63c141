"""A recorded page as markup that shows it in a frame as high as the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from ..dom import Page, Size
from ..dom._html import Markup

__all__ = ["static_markup"]

_VIEWPORT_UNIT = re.compile(
    r"(?<![\w.#])(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})[sld]?(vh|vw|vmin|vmax|vb|vi)\b", re.IGNORECASE
)
_MARK = "data-replay-missing"
# Content that the recording does not contain is a faint box, animations have ended, and carets do not blink.
_ADDED = (
    f"<style>[{_MARK}]"
    "{background:repeating-linear-gradient(45deg,#8882 0 4px,#8881 4px 8px)!important}"
    "*,*::before,*::after{animation-delay:0s!important;animation-duration:0s!important;transition:none!important;"
    "caret-color:transparent!important}</style>"
)


def static_markup(page: Page, layout: Size) -> str:
    """Inert markup that a browser shows without requests.

    Lengths relative to the viewport, such as `100vh`, become pixels: the frame that shows the markup is higher than the
    viewport was. Raises SegmentError if there are more than 64 Mi characters.
    """
    if page.root is None:
        return ""
    return Markup(restyle=_viewport_units_in_pixels(layout), mark=_MARK).of(page.root) + _ADDED


def _viewport_units_in_pixels(layout: Size) -> Callable[[str], str]:
    wide, high = layout.width / 100, layout.height / 100
    units = {"vw": wide, "vi": wide, "vh": high, "vb": high, "vmin": min(wide, high), "vmax": max(wide, high)}

    @lru_cache(maxsize=100)
    def fixed(css: str) -> str:
        return _VIEWPORT_UNIT.sub(lambda found: f"{float(found[1]) * units[found[2].lower()]:.10g}px", css)

    return fixed
