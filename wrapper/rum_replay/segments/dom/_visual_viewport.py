"""Where the visible part of a page is, which pinch zoom and keyboards on the screen move.

SDKs record positions of pointers relative to that part, and everything else relative to the viewport in which the page
is laid out. Source: `convertMouseEventToLayoutCoordinates` in Datadog's browser SDK.
"""

from __future__ import annotations

from ..records import Number
from ._page import Page

__all__ = ["visible_from"]

_MOST = 10_000_000
"""Pixels; nothing visible is further away."""


def visible_from(page: Page) -> tuple[Number, Number]:
    """The top left corner of the visible part in the viewport, in pixels, to add to recorded positions of pointers.

    SDKs record it every 0.2 s, without what follows the last time, so it may be somewhat out of date.
    """
    visual = page.visual_viewport
    if visual is None or page.is_mobile:
        return 0, 0
    left, top = visual.offset_left, visual.offset_top
    return (left, top) if 0 <= left <= _MOST and 0 <= top <= _MOST else (0, 0)
