"""The clicks of a view in pixels of its pages."""

from __future__ import annotations

from collections import Counter

import attrs

from .._recording import View
from ..dom import Page, Size
from ..records import Number
from ..summary._clicks import Click
from ..summary._gestures import click_in
from ..summary._quantities import plausible_pixels

__all__ = ["PageClick", "Visit", "layout_of", "visits_of"]

MOST_CLICKS = 1_000_000
"""Clicks that are kept of a view; a person makes one a second at most, and a view lasts hours."""

_MOST_VISITS = 10_000
_WIDEST_SCROLL_BAR = 40


@attrs.frozen(kw_only=True)
class PageClick:
    """A click, or a touch that the browser made into one."""

    x: Number
    """Pixels from the left edge of the page: the place in the viewport, and how far the page was scrolled then."""

    y: Number
    """Pixels from its top edge."""

    session_id: str | None
    view_id: str | None
    time: Number
    """Milliseconds of Unix time."""


@attrs.define(kw_only=True, eq=False)
class Visit:
    """One page in one width of the viewport, within one view."""

    view: View
    url: str
    """Empty where it is not recorded."""

    width: Number
    """Of the viewport, in pixels."""

    start: Number
    """When it was first seen, in milliseconds of Unix time."""

    end: Number = 0
    """When it was last seen."""

    records: int = 0
    """How many records of the view lead up to when it was last seen."""

    bottom: Number = 0
    """The lowest edge of the page that was in the viewport, in pixels from the top of the page."""

    scrolled: Number = 0
    """How far it was scrolled from its left edge at most, in pixels."""

    clicks: list[PageClick] = attrs.field(factory=list[PageClick])


def visits_of(view: View, left_out: Counter[str]) -> list[Visit]:
    """The pages of a view, in the order in which they were first seen; reads its records once.

    Clicks whose place in a page is not known are counted in `left_out`, by reason.
    """
    page = Page()
    visits: dict[tuple[str, Number], Visit] = {}
    for number, record in enumerate(view.records(), 1):
        page.apply(record)
        click = click_in(record)
        layout = layout_of(page)
        if layout is None:
            if click is not None:
                left_out["made before the page or the size of its viewport is recorded"] += 1
            continue
        key = (page.url or "", layout.width)
        visit = visits.get(key)
        if visit is None and len(visits) < _MOST_VISITS and page.time is not None:
            visit = visits[key] = Visit(view=view, url=key[0], width=layout.width, start=page.time)
        if visit is not None and page.time is not None:
            visit.end, visit.records = page.time, number
            visit.bottom = max(visit.bottom, max(0, page.scroll.top) + layout.height)
            visit.scrolled = max(visit.scrolled, page.scroll.left)
        if click is not None:
            reason = _note(click, visit, page, layout)
            if reason is not None:
                left_out[reason] += 1
    return list(visits.values())


def layout_of(page: Page) -> Size | None:
    """What the page is laid out in, in pixels; None where that is not recorded or makes no sense.

    The viewport without its scroll bar, as far as that can be told from the visual viewport.
    """
    viewport = page.viewport
    if page.root is None or viewport is None:
        return None
    known = (plausible_pixels(length) for length in (viewport.width, viewport.height, *_scroll(page)))
    width, height, left, top = known
    if width is None or height is None or left is None or top is None or width < 1 or height < 1:
        return None
    visual = page.visual_viewport
    inner = None if visual is None else plausible_pixels(visual.width * visual.scale)
    if inner is not None and width - _WIDEST_SCROLL_BAR <= round(inner) < width:
        width = max(1, round(inner))
    return Size(width, height)


def _scroll(page: Page) -> tuple[Number, Number]:
    return page.scroll.left, page.scroll.top


def _note(click: Click, visit: Visit | None, page: Page, layout: Size) -> str | None:
    """Keep a click, or say why not."""
    if click.x is None or click.y is None:
        return "recorded without a place"
    width = layout.width if page.viewport is None else page.viewport.width
    if not (0 <= click.x <= width and 0 <= click.y <= layout.height):
        return "outside the viewport"
    if visit is None or len(visit.clicks) >= MOST_CLICKS:
        return "more than are kept of a view"
    visit.clicks.append(
        PageClick(
            x=click.x + page.scroll.left,
            y=click.y + page.scroll.top,
            session_id=visit.view.session_id,
            view_id=visit.view.id,
            time=click.time,
        )
    )
    return None
