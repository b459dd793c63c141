"""The clicks of many sessions on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..._errors import SegmentError
from .._recording import Recording, View
from ..records import Number
from ._clicks import PageClick, Visit, layout_of, visits_of
from ._heatmap import Heatmap
from ._layouts import SamePage, page_last_seen, page_seen_at
from ._static_page import static_markup

__all__ = ["TOLERANCE", "heatmap_of"]

TOLERANCE = 20
"""Pixels that the viewports of clicks may be wider or narrower than that of the page shown: scroll bars' width."""

_MAX_WIDTH, _MAX_HEIGHT = 8_000, 16_000  # Chromium draws no more than 16,384 pixels of height.
_MAX_AREA = 24_000_000  # Four bytes each, some times over.


def heatmap_of(
    recordings: Recording | Iterable[Recording],
    *,
    url: str | None = None,
    at: Number | None = None,
    width: Number | None = None,
    height: int | None = None,
    tolerance: Number = TOLERANCE,
) -> Heatmap:
    """The clicks on one page, of all sessions in the recordings.

    `url` says which URLs are the same page: a pattern in which `*` stands for anything, compared with the whole URL
    and with the URL up to its query or fragment. By default it is one URL without query and fragment: that of the
    page shown at `at`, or the one with the most clicks.

    Layouts differ with the viewport's width in pixels, so clicks in viewports that are more than `tolerance` wider or
    narrower than that of the page shown are left out and counted. `width` chooses a layout; by default it is the one
    that takes in the most clicks. The page is shown as it was last seen in that layout; or, in whatever layout it had,
    at `at`, in milliseconds of Unix time, in the view that began last before. `height` cuts the page after so many
    pixels.

    Elements that scroll by themselves are shown unscrolled; what is fixed to the viewport stands where it would in a
    viewport as high as the page. A view that comes twice counts as it came last. Reads all records once, and those of
    the view shown twice.

    Raises SegmentError where there is nothing to show, where `at` and `width` contradict each other or the
    recordings, and where the page is too large for a picture.
    """
    if at is not None and width is not None:
        raise SegmentError("give `at` or `width`: at a time the page had one width")
    left_out = Counter[str]()
    visits = [visit for view in _views(recordings) for visit in visits_of(view, left_out)]
    if not visits:
        raise SegmentError("there is nothing to show: no view of a web page with a full snapshot was found")
    same = SamePage.as_given(url, visits, at)
    matching = [visit for visit in visits if same.has(visit.url)]
    page = page_last_seen(matching, width, tolerance) if at is None else page_seen_at(matching, at, same)
    layout = layout_of(page)
    if layout is None or page.time is None:
        raise SegmentError("there is nothing to show: no page is recorded at that time")
    left_out["on other pages"] += sum(len(visit.clicks) for visit in visits if not same.has(visit.url))
    pool = [visit for visit in matching if abs(visit.width - layout.width) <= tolerance]
    left_out[f"in viewports more than {tolerance:g} px wider or narrower"] += sum(
        len(visit.clicks) for visit in matching if abs(visit.width - layout.width) > tolerance
    )
    size = _picture_size(layout.width, pool, height)
    clicks = _clicks_within(pool, size, left_out)
    if not clicks:
        reasons = "".join(f"; {count} {reason}" for reason, count in left_out.items() if count)
        raise SegmentError(f"there is nothing to show: no clicks are recorded on {same.pattern!r}{reasons}")
    return Heatmap(
        clicks=clicks,
        left_out={reason: count for reason, count in left_out.items() if count},
        url=page.url or "",
        pattern=same.pattern,
        time=page.time,
        viewport=layout,
        width=size[0],
        height=size[1],
        markup=static_markup(page, layout),
    )


def _views(recordings: Recording | Iterable[Recording]) -> list[View]:
    views: dict[object, View] = {}
    for recording in (recordings,) if isinstance(recordings, Recording) else recordings:
        for view in recording.views:
            views[id(view) if view.id is None else (view.session_id, view.id)] = view
    return list(views.values())


def _clicks_within(pool: Iterable[Visit], size: tuple[int, int], left_out: Counter[str]) -> tuple[PageClick, ...]:
    width, height = size
    clicks = [click for visit in pool for click in visit.clicks]
    inside = tuple(click for click in clicks if 0 <= click.x < width and 0 <= click.y < height)
    left_out["outside the part of the page that is shown"] += len(clicks) - len(inside)
    return inside


def _picture_size(layout_width: Number, pool: list[Visit], height: int | None) -> tuple[int, int]:
    """Width and height in pixels."""
    wide = max(1, round(layout_width + max((visit.scrolled for visit in pool), default=0)))
    high = max(1, round(max((visit.bottom for visit in pool), default=1)))
    if height is not None:
        high = max(1, min(height, high))
    if wide > _MAX_WIDTH or high > _MAX_HEIGHT or wide * high > _MAX_AREA:
        raise SegmentError(
            f"the page is {wide:,} × {high:,} px; pictures are at most {_MAX_WIDTH:,} wide, {_MAX_HEIGHT:,} high and "
            f"{_MAX_AREA:,} px in all: give a height to show its upper part only"
        )
    return wide, high
