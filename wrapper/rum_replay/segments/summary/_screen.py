"""The size of the screen, the pages on it, and how far down they were seen."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ..dom import Effect, Node, Page, Scrolled
from ..dom._nodes import ELEMENT
from ..dom._page import MAX_URL_LENGTH, is_inner
from ..records import IncrementalSnapshotRecord, MetaRecord, MobileIncrementalSnapshotRecord, Number, Record
from ..records._incremental import ViewportResizeData
from ._quantities import plausible_pixels

__all__ = ["Screen", "Viewport"]

_INCREMENTAL = (IncrementalSnapshotRecord, MobileIncrementalSnapshotRecord)
_MAX_PAGES, _MAX_CHARACTERS = 1_000, 4 << 20
_MAX_BEFORE_ROOT = 10
"""Nodes before the root element; there is a document type, if anything."""


@attrs.frozen
class Viewport:
    """Size of the layout viewport, or of a mobile screen, in pixels."""

    width: Number
    height: Number


class Screen:
    """Takes the records of a view in order."""

    def __init__(self) -> None:
        self.viewport: Viewport | None = None
        self.resizes = 0
        self.scrolls = 0
        self.scroll_depth: Number | None = None
        self.document_height: Number | None = None
        self._size: tuple[Number, Number] | None = None
        self._pages: dict[str, None] = {}
        self._characters = 0

    @property
    def pages(self) -> tuple[str, ...]:
        """Distinct URLs, in order; the first 1,000."""
        return tuple(self._pages)

    def add(self, record: Record, effects: Sequence[Effect], page: Page) -> bool:
        """Add a record and its effects on the page; returns whether it is about another size of the viewport."""
        if page.is_mobile and is_inner(page, record):
            return False
        is_resized = False
        if type(record) is MetaRecord:
            self._note_viewport(record.data.width, record.data.height)
            self._note_page(record.data.href)
        elif isinstance(record, _INCREMENTAL) and isinstance(record.data, ViewportResizeData):
            is_resized = self._note_viewport(record.data.width, record.data.height)
            self.resizes += is_resized
        if effects and not page.is_mobile and (root := page.root) is not None:
            self.scrolls += any(type(effect) is Scrolled and effect.id == root.id for effect in effects)
            self._note_depth(page, root)
        return is_resized

    def _note_page(self, url: str | None) -> None:
        if url is None or url in self._pages or len(self._pages) >= _MAX_PAGES:
            return
        self._characters += min(len(url), MAX_URL_LENGTH)
        if self._characters <= _MAX_CHARACTERS:
            self._pages.setdefault(url[:MAX_URL_LENGTH])

    def _note_viewport(self, width: Number, height: Number) -> bool:
        """Take the size of the viewport; returns whether it is another one than before."""
        before, self._size = self._size, (width, height)
        wide, high = plausible_pixels(width), plausible_pixels(height)
        if self.viewport is None and wide is not None and high is not None:
            self.viewport = Viewport(wide, high)
        return self._size != before

    def _note_depth(self, page: Page, root: Node) -> None:
        viewport = page.viewport
        top = plausible_pixels(page.scroll.top)
        height = None if viewport is None else plausible_pixels(viewport.height)
        if top is not None and height is not None:
            self.scroll_depth = max(self.scroll_depth or 0, top + height)
        known = _document_height(root)
        if known is not None:
            self.document_height = max(self.document_height or 0, known)


def _document_height(root: Node) -> Number | None:
    """The height of the root element, if recorded: sizes are recorded only for elements hidden for privacy."""
    child = root.first_child
    for _ in range(_MAX_BEFORE_ROOT):
        if child is None or child.kind is ELEMENT:
            break
        child = child.next_sibling
    return None if child is None or child.size is None else plausible_pixels(child.size.height)
