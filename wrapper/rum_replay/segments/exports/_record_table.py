"""The table `records`: one row per record, with the place and the element that it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter

import msgspec

from .._recording import View
from ..dom import Node, Page, Size
from ..dom._names.element_names import Element, Elements
from ..dom._page import own_id
from ..dom._visual_viewport import visible_from
from ..records import (
    FrustrationRecord,
    IncrementalSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Number,
    Record,
    UnknownRecord,
)
from ..summary._quantities import plausible_pixels
from ..summary._summarizer import ViewSummarizer
from ._columns import Column, ColumnType, Table, Value
from ._event_details import EventDetails, event_details
from ._kinds import KINDS, kind_of

__all__ = ["RECORDS", "RecordRow", "record_rows"]

# Movements are many, and the elements that they pass over say little.
_WITHOUT_ELEMENT = frozenset({"mouse_move", "touch_move"})
_ON_SCREENS = frozenset({"pointer_down", "pointer_up"})
_MAX_URL_LENGTH = 8_192  # Each row has one.
_MOST_ROWS, _MOST_BYTES = 256, 1 << 18
"""Rows at a time, and bytes of their records; decoded, records take several times as much."""
_INCREMENTAL = (IncrementalSnapshotRecord, MobileIncrementalSnapshotRecord)


class RecordRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record and everything that the table states about it."""

    view: View
    index_in_view: int | None
    position: int
    record: Record
    kind: str
    details: EventDetails
    element: Element | None
    gap: str | None
    """What is missing since the last full snapshot."""

    url: str | None
    viewport: Size | None
    visible_from: tuple[Number, Number] | None
    """The top left corner of what is visible of the page, in pixels; None before there is a page."""


def record_rows(view: View, summarizer: ViewSummarizer) -> Iterator[list[RecordRow]]:
    """The rows of a view in order, some at a time, from one pass over its records, which also go to `summarizer`."""
    page, elements = Page(), Elements()
    rows: list[RecordRow] = []
    size = 0
    url: str | None = None
    cut: str | None = None
    for placed in view.placed_records():
        record, gap = placed.record, placed.gap
        effects = page.apply(record, gap)
        elements.note(effects)
        summarizer.add(record, effects, page, gap)
        kind = kind_of(record, effects)
        details = event_details(record, kind, effects)
        touched = _touched(details, page) if kind in _ON_SCREENS else None
        if touched is not None:
            details = msgspec.structs.replace(details, node_id=int(touched.attributes["data-wireframe"]))
        elif details.node_id is not None and page.is_mobile:
            details = msgspec.structs.replace(details, node_id=own_id(page, record, details.node_id))
        if page.url is not url:
            url = page.url
            cut = url and url[:_MAX_URL_LENGTH]
        node_id = details.node_id if kind != "click" or summarizer.clicked is None else summarizer.clicked
        named = None if kind in _WITHOUT_ELEMENT else node_id if touched is None else touched.id
        rows.append(
            RecordRow(
                view=view,
                index_in_view=placed.segment.metadata.index_in_view,
                position=placed.position,
                record=record,
                kind=kind,
                details=details,
                element=None if named is None else elements.find(page, named),
                gap=page.uncertain_because,
                url=cut,
                viewport=page.viewport,
                visible_from=_visible_from(page),
            )
        )
        size += len(record.raw)
        if len(rows) >= _MOST_ROWS or size >= _MOST_BYTES:
            yield rows
            rows, size = [], 0
    yield rows


def _touched(details: EventDetails, page: Page) -> Node | None:
    """The wireframe under a finger, on the screen of a mobile app; browsers record no node with these kinds."""
    x, y = plausible_pixels(details.x), plausible_pixels(details.y)
    return None if x is None or y is None else page.node_at(x, y)


def _record_source(row: RecordRow) -> int | None:
    record = row.record
    if isinstance(record, UnknownRecord):
        return record.source
    if isinstance(record, _INCREMENTAL):
        source = record.data.__struct_config__.tag
        return source if isinstance(source, int) else None
    return None


def _on_page(place: Number | None, scrolled: Number | None) -> Number | None:
    if place is None:  # as in most rows
        return None
    place, scrolled = plausible_pixels(place), plausible_pixels(scrolled)
    return None if place is None or scrolled is None else place + scrolled


def _visible_from(page: Page) -> tuple[Number, Number] | None:
    if page.root is None:
        return None
    left, top = visible_from(page)
    return page.scroll.left + left, page.scroll.top + top


def _page_x(row: RecordRow) -> Number | None:
    return None if row.visible_from is None else _on_page(row.details.x, row.visible_from[0])


def _page_y(row: RecordRow) -> Number | None:
    return None if row.visible_from is None else _on_page(row.details.y, row.visible_from[1])


def _width(row: RecordRow) -> Number | None:
    return None if row.viewport is None else row.viewport.width


def _height(row: RecordRow) -> Number | None:
    return None if row.viewport is None else row.viewport.height


def _element(row: RecordRow) -> str | None:
    return None if row.element is None else row.element.selector


def _element_text(row: RecordRow) -> str | None:
    return None if row.element is None else row.element.text


def _slot_id(row: RecordRow) -> str | None:
    return None if isinstance(row.record, UnknownRecord) else row.record.slot_id


def _frustration_types(row: RecordRow) -> Sequence[str] | None:
    return row.record.data.frustration_types if isinstance(row.record, FrustrationRecord) else None


def _raw(row: RecordRow) -> str:
    return row.record.raw.decode(errors="replace")


def _column(
    name: str, type: ColumnType, get: str | Callable[[RecordRow], Value], meaning: str, unit: str | None = None
) -> Column[RecordRow]:
    return Column(name, type, attrgetter(get) if isinstance(get, str) else get, meaning, unit)


RECORDS = Table[RecordRow](
    "records",
    (
        _column("session_id", ColumnType.TEXT, "view.session_id", "id of the session"),
        _column("view_id", ColumnType.TEXT, "view.id", "id of the view"),
        _column("index_in_view", ColumnType.INTEGER, "index_in_view", "number of the segment in its view, from 0"),
        _column("position", ColumnType.INTEGER, "position", "number of the record in its segment, from 0"),
        _column("timestamp", ColumnType.MOMENT, "record.timestamp", "time of the record, mended if clocks jump"),
        _column("type", ColumnType.INTEGER, "record.type", "type of the record, as recorded"),
        _column("source", ColumnType.INTEGER, _record_source, "source in its data, as recorded; of types 3 and 11"),
        _column("kind", ColumnType.TEXT, "kind", "the same name for all versions of the SDK: " + ", ".join(KINDS)),
        _column("slot_id", ColumnType.TEXT, _slot_id, "web view on a mobile screen"),
        _column("url", ColumnType.TEXT, "url", "URL of the page, its first 8,192 characters"),
        _column("viewport_width", ColumnType.REAL, _width, "width of the layout viewport", "px"),
        _column("viewport_height", ColumnType.REAL, _height, "height of the layout viewport", "px"),
        _column("x", ColumnType.REAL, "details.x", "from the left edge of the visible part of the viewport", "px"),
        _column("y", ColumnType.REAL, "details.y", "from the top edge of that part", "px"),
        _column(
            "page_x",
            ColumnType.REAL,
            _page_x,
            "x plus how far the document, or the visible part of the viewport, was scrolled at that time",
            "px",
        ),
        _column("page_y", ColumnType.REAL, _page_y, "y plus that, downwards", "px"),
        _column(
            "node_id",
            ColumnType.INTEGER,
            "details.node_id",
            "id of the node, differs from view to view",
        ),
        _column(
            "element",
            ColumnType.TEXT,
            _element,
            "CSS selector of the element, or of the wireframe under the finger, at that time; of clicks, what was "
            "there when the button went down; empty for moves",
        ),
        _column("element_text", ColumnType.TEXT, _element_text, "text of the element, shortened"),
        _column("value", ColumnType.TEXT, "details.value", "new content of a form field; *** if masked"),
        _column(
            "checked", ColumnType.BOOLEAN, "details.checked", "whether a check box, radio button or option is now on"
        ),
        _column(
            "scroll_left",
            ColumnType.REAL,
            "details.scroll_left",
            "how far the node is scrolled from its left edge",
            "px",
        ),
        _column(
            "scroll_top", ColumnType.REAL, "details.scroll_top", "how far the node is scrolled from its top edge", "px"
        ),
        _column(
            "frustration_types",
            ColumnType.TEXTS,
            _frustration_types,
            "frustrations detected by the SDK itself; up to 6.31",
        ),
        _column(
            "gap",
            ColumnType.TEXT,
            "gap",
            "what is missing before the record, since the last full snapshot: `element` is then empty if ids of nodes "
            "are implicit, as in change records, and may be out of date otherwise, as scroll positions may",
        ),
        _column("raw", ColumnType.TEXT, _raw, "the record as JSON"),
    ),
)
