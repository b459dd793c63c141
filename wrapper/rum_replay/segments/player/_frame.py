"""How large the frame is in which the player shows a page."""

from __future__ import annotations

from collections.abc import Iterator

from ..dom import Page, ViewportResized, VisualViewportSet
from ..records import Number
from ._events import Source, incremental, pixels

__all__ = ["Frame"]

_DEFAULT_VIEWPORT = (1280, 720)  # Pixels; for recordings that do not state it.
_MAX_SCROLL_BAR_WIDTH = 40
"""Pixels; a visual viewport that differs by more from the recorded width has other reasons."""


class Frame:
    """As wide as what a page is laid out in.

    SDKs record its width without a scroll bar, and not that the bar goes, as it does while a dialog is open that keeps
    the page from scrolling. But then the visual viewport becomes wider.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._width: Number | None = None
        """What the visual viewport shows, if that is another width than the recorded one."""

    @property
    def size(self) -> tuple[Number, Number]:
        """Its size in pixels."""
        viewport = self._page.viewport
        if viewport is None:
            return _DEFAULT_VIEWPORT
        return pixels(viewport.width if self._width is None else self._width), pixels(viewport.height)

    def events(self, effect: ViewportResized | VisualViewportSet, now: Number) -> Iterator[bytes]:
        """The events for what a record did to the viewport."""
        before = self._width
        self._width = None if isinstance(effect, ViewportResized) else self._seen(effect)
        if isinstance(effect, ViewportResized) or self._width != before:
            width, height = self.size
            yield incremental(now, Source.VIEWPORT_RESIZE, width=width, height=height)

    def _seen(self, effect: VisualViewportSet) -> Number | None:
        viewport, visual = self._page.viewport, effect.viewport
        width = visual.width * visual.scale
        if viewport is None or not 1 <= abs(width - viewport.width) <= _MAX_SCROLL_BAR_WIDTH:
            return None
        return round(width)
