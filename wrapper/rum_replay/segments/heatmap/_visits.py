"""The pages of a view, each with its clicks in pixels of the page."""

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

_MAX_CLICKS = 1_000_000
"""Clicks kept of one page of a view; a person makes at most one a second, and a view lasts hours."""

_MAX_VISITS = 10_000
_MAX_SCROLL_BAR_WIDTH = 40
"""Pixels; a visual viewport that is narrower than the layout viewport by more is not explained by a scroll bar."""


@attrs.frozen(kw_only=True)
class PageClick:
    """A click, or a touch that the browser turned into one."""

    x: Number
    """Pixels from the left edge of the page: from that of the viewport, plus how far the page was scrolled then."""

    y: Number
    """Pixels from the top edge of the page."""

    session_id: str | None
    view_id: str | None
    time: Number
    """Milliseconds of Unix time."""


@attrs.define(kw_only=True, eq=False)
class Visit:
    """One page of one view, at one width of the viewport."""

    view: View
    url: str
    """Empty if it is not recorded."""

    width: Number
    """Width of the viewport, in pixels."""

    start: Number
    """When it was first seen, in milliseconds of Unix time."""

    end: Number = 0
    """When it was last seen."""

    records: int = 0
    """Number of records of the view up to when it was last seen."""

    bottom: Number = 0
    """The lowest edge of the page that was in the viewport, in pixels from the top of the page."""

    scrolled: Number = 0
    """The furthest that it was scrolled from its left edge, in pixels."""

    clicks: list[PageClick] = attrs.field(factory=list[PageClick])


def visits_of(view: View, left_out: Counter[str]) -> list[Visit]:
    """The pages of a view, in the order in which they were first seen; reads the view's records once.

    Clicks that cannot be placed on a page are counted in `left_out`, by reason.
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
        if visit is None and len(visits) < _MAX_VISITS and page.time is not None:
            visit = visits[key] = Visit(view=view, url=key[0], width=layout.width, start=page.time)
        if visit is not None and page.time is not None:
            visit.end, visit.records = page.time, number
            visit.bottom = max(visit.bottom, page.scroll.top + layout.height)
            visit.scrolled = max(visit.scrolled, page.scroll.left)
        if click is not None:
            reason = _add_click(click, visit, page, layout)
            if reason is not None:
                left_out[reason] += 1
    return list(visits.values())


def layout_of(page: Page) -> Size | None:
    """The size in which the page is laid out, in pixels; None if it is not recorded or makes no sense.

    This is the viewport without its scroll bar, if the visual viewport shows that there is one.
    """
    viewport = page.viewport
    if page.root is None or viewport is None:
        return None
    lengths = (viewport.width, viewport.height, page.scroll.left, page.scroll.top)
    known = (plausible_pixels(length) for length in lengths)
    width, height, left, top = known
    if width is None or height is None or left is None or top is None or width < 1 or height < 1:
        return None
    visual = page.visual_viewport
    inner = None if visual is None else plausible_pixels(visual.width * visual.scale)
    if inner is not None and width - _MAX_SCROLL_BAR_WIDTH <= round(inner) < width:
        width = max(1, round(inner))
    return Size(width, height)


def _add_click(click: Click, visit: Visit | None, page: Page, layout: Size) -> str | None:
    """Add a click to a visit, or return the reason why it is left out."""
    if click.x is None or click.y is None:
        return "recorded without a position"
    width = layout.width if page.viewport is None else page.viewport.width
    if not (0 <= click.x <= width and 0 <= click.y <= layout.height):
        return "outside the viewport"
    if visit is None or len(visit.clicks) >= _MAX_CLICKS:
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
