"""The clicks of many sessions on one page, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import cast

import attrs

from ..._arguments import check_hook, check_number, check_size, check_text, to_timestamp
from ..._errors import InvalidRequestError, SegmentError
from .._recording import Recording
from .._work.by_session import FailedSource, Recordings, SessionPlan, SessionProgress, check_executor, items_in
from .._work.jobs import OpenedSource, ViewPlace, places_of, view_again
from ..dom import Size
from ..records import Number
from ._heatmap import Heatmap
from ._page_choice import PagePattern, page_last_seen, page_seen_at
from ._placement import Placement
from ._static_page import static_markup
from ._sticky import Sticking, unstuck
from ._visits import PageClick, ViewVisits, Visit, layout_of, session_visits, visits_in

__all__ = ["TOLERANCE", "heatmap_of"]

TOLERANCE = 20
"""Pixels by which the viewports of clicks may be wider or narrower than that of the page shown: a scroll bar."""

_MAX_WIDTH, _MAX_HEIGHT = 8_000, 16_000  # pixels; Chromium draws a height of 16,384 at most
_MAX_AREA = 24_000_000  # pixels; drawing needs several copies of four bytes each


def heatmap_of(
    recordings: Recordings,
    *,
    url: str | None = None,
    at: datetime | float | None = None,
    width: Number | None = None,
    height: int | None = None,
    tolerance: Number = TOLERANCE,
    executor: Executor | None = None,
    progress: Callable[[SessionProgress], object] | None = None,
) -> Heatmap:
    """The clicks on one page, from all sessions in the recordings.

    `url` defines which URLs are the same page: a pattern in which `*` matches anything, compared with the whole URL
    and with the URL up to its query or fragment. By default it is one URL without query and fragment, unless an app
    names its pages by fragments such as `#/cart`: that of the page shown at `at`, or the one with the most clicks.

    Layouts depend on the viewport's width in pixels, so clicks in viewports that are more than `tolerance` pixels wider
    or narrower than that of the page shown are left out and counted. `width` chooses a layout; by default it is the one
    that includes the most clicks. The page is shown as it was last seen in that layout, or as it was at `at` (an aware
    datetime or milliseconds of Unix time) in the latest view that had begun by then, in the layout that it had then.
    `height` is the maximum height of the picture, in pixels.

    Nothing is shown scrolled, and each click is where its element is then, as far as the recorded CSS says how that
    moves: see `Placement`. Elements around clicks that were scrolled are shown whole, beyond their edges; what is fixed
    to the viewport is shown in one at the top of the page. Of a view that occurs twice, the last occurrence counts.
    Reads all records once, and those of the view shown twice.

    Give sources instead of recordings, such as paths of folders, and each session is opened when its turn comes. What
    cannot be read is listed in `failed`, and the rest is shown. With an `executor`, of threads, processes or a Dask
    cluster (`Client.get_executor()`), workers do this session by session, with the same result; see `export` about what
    they open, and about workers that die. `progress` is called after each session of sources, or of an executor.

    Raises SegmentError if there is nothing to show or the page is too wide for a picture; InvalidRequestError for
    wrong arguments: `at` and `width` together, a `url` or `width` that no page has, an `at` before the recordings, an
    executor that was shut down; ConfigurationError if the workers of the executor cannot do any work. If no source can
    be read, the error of the first is raised.
    """
    if at is not None and width is not None:
        raise InvalidRequestError("give `at` or `width`, not both: at any time the page had one width")
    url = None if url is None else check_text("url", url)
    at = None if at is None else to_timestamp("at", at)
    width = None if width is None else check_number("width", width, least=1)
    height = None if height is None else check_size("height", height)
    tolerance = check_number("tolerance", tolerance, least=0)
    check_executor(executor)
    check_hook("progress", progress)
    found, failed = _found(recordings, executor, progress)
    left_out = Counter[str]()
    for view in found:
        left_out.update(view.left_out)
    visits = [visit for view in found for visit in view.visits]
    if not visits:
        raise SegmentError(
            "there is nothing to show: no view with a full snapshot and the size of its viewport was found"
        )
    pattern = PagePattern.choose(url, visits, at)
    matching = [visit for visit in visits if pattern.matches(visit.url)]
    page, address = page_last_seen(matching, width, tolerance) if at is None else page_seen_at(matching, at, pattern)
    layout = layout_of(page)
    if layout is None or page.time is None:
        raise SegmentError("there is nothing to show: no page is recorded at that time")
    left_out["on other pages"] += sum(len(visit.clicks) for visit in visits if not pattern.matches(visit.url))
    pool = [visit for visit in matching if abs(visit.width - layout.width) <= tolerance]
    left_out[f"in viewports more than {tolerance:g} px wider or narrower"] += sum(
        len(visit.clicks) for visit in matching if abs(visit.width - layout.width) > tolerance
    )
    page_width = _width_of(layout.width, pool)
    size, origin = _picture_of(page_width, pool, height)
    placed, edges = _clicks_of(pool, layout)
    clicks = _clicks_within(placed, size, origin, left_out)
    if not clicks:
        reasons = "".join(f"; {count} {reason}" for reason, count in left_out.items() if count)
        raise SegmentError(f"there is nothing to show: no clicks are recorded on {pattern.pattern!r}{reasons}")
    return Heatmap(
        clicks=clicks,
        left_out={reason: count for reason, count in left_out.items() if count},
        url=address,
        is_mobile=page.is_mobile,
        pattern=pattern.pattern,
        time=page.time,
        uncertain_because=page.uncertain_because,
        viewport=layout,
        width=size[0],
        height=size[1],
        origin=origin,
        page_width=page_width,
        markup=static_markup(
            page,
            layout,
            shown_whole={selector for visit in pool for selector in visit.scrollers},
            edges={
                selector: (edge, distance + (origin[1] if edge == "top" else size[1] - origin[1] - layout.height))
                for selector, (edge, distance) in edges.items()
            },
            is_cropped=any(click.placement is Placement.VIEWPORT for click in clicks),
            beyond=max(0, size[0] - layout.width),
            origin=origin,
        ),
        failed=failed,
    )


def _found(
    recordings: Recordings, executor: Executor | None, progress: Callable[[SessionProgress], object] | None
) -> tuple[list[ViewVisits], tuple[FailedSource, ...]]:
    """The pages of all views, each view once, and what could not be read."""
    items, are_recordings = items_in(recordings)
    if executor is None and are_recordings:
        opened = enumerate(cast("Iterable[Recording]", items))
        views = {
            _identity(place, (view.session_id, view.id)): (place, view)
            for number, recording in opened
            for place, view in places_of(OpenedSource(number, 0, recording))
        }
        return [visits_in(place, view) for place, view in views.values()], ()
    plan = SessionPlan(items, executor, keeps_opened=True)
    found: list[ViewVisits] = []
    for job, result in plan.results(session_visits, progress=progress):
        images = [path for position in job.positions for path in plan.images.get(position, ())]
        for view in result.views:
            found.append(view)
            for visit in view.visits:
                visit.open_view = partial(view_again, job, view.place, images)
    found.sort(key=attrgetter("place"))
    return list({_identity(view.place, view.ids): view for view in found}.values()), tuple(plan.failed)


def _identity(place: ViewPlace, ids: tuple[str | None, str | None]) -> object:
    """What a view has in common with its other occurrences; nothing, if it does not state its id."""
    return place if ids[1] is None else ids


def _clicks_of(pool: Iterable[Visit], layout: Size) -> tuple[list[PageClick], Mapping[str, tuple[str, Number]]]:
    """All clicks, where they are on the page shown, and what sticks to edges there."""
    clicks: list[PageClick] = []
    stuck: list[tuple[int, Sticking]] = []
    for visit in pool:
        start = len(clicks)
        clicks += visit.clicks
        for number, moves in visit.moves.items():
            click = clicks[start + number]
            if isinstance(moves, Sticking):
                stuck.append((start + number, moves))
            else:
                x, y = moves.in_viewport(click.x, click.y, layout)
                clicks[start + number] = attrs.evolve(click, x=x, y=y)
    placed = [(clicks[number].selector, (clicks[number].x, clicks[number].y), one) for number, one in stuck]
    found = unstuck(placed, layout.height)
    for (number, _), (x, y) in zip(stuck, found.places, strict=True):
        clicks[number] = attrs.evolve(clicks[number], x=x, y=y)
    return clicks, found.edges


def _clicks_within(
    clicks: Sequence[PageClick], size: tuple[int, int], origin: tuple[int, int], left_out: Counter[str]
) -> tuple[PageClick, ...]:
    """The clicks in the picture, and where they are there."""
    (width, height), (left, top) = size, origin
    if left or top:
        clicks = [attrs.evolve(click, x=click.x + left, y=click.y + top) for click in clicks]
    inside = tuple(click for click in clicks if 0 <= click.x < width and 0 <= click.y < height)
    left_out["outside the part of the page that is shown"] += len(clicks) - len(inside)
    return inside


def _width_of(layout_width: Number, pool: list[Visit]) -> int:
    """The width of the page, in pixels."""
    width = max(1, round(layout_width + max((visit.scrolled for visit in pool), default=0)))
    if width > _MAX_WIDTH:
        raise SegmentError(
            f"the page is {width:,} px wide; pictures are at most {_MAX_WIDTH:,}: if it was also shown in a narrower "
            "viewport, give its width"
        )
    return width


def _picture_of(width: int, pool: list[Visit], height: int | None) -> tuple[tuple[int, int], tuple[int, int]]:
    """Width and height of the picture, and where the top left corner of the page is in it, in pixels.

    Of a page that is too high, as much is shown as there is room for. `width` is that of the page.
    """
    seen = max(1, round(max((visit.bottom for visit in pool), default=1)))
    shown = min(seen, _MAX_HEIGHT, _MAX_AREA // width, *(() if height is None else (height,)))
    # What scrolls in the page may be of any length: as much of it is shown as there is room for.
    right = round(max((visit.inner_right for visit in pool), default=0))
    width = max(width, min(right, _MAX_WIDTH, _MAX_AREA // shown))
    left = min(round(max((visit.before[0] for visit in pool), default=0)), min(_MAX_WIDTH, _MAX_AREA // shown) - width)
    room = min(_MAX_HEIGHT, _MAX_AREA // (width + left))
    room = room if height is None else min(height, room)
    lowest = round(max((visit.inner_bottom for visit in pool), default=0))
    shown = max(shown, min(lowest, room))
    top = min(round(max((visit.before[1] for visit in pool), default=0)), room - shown)
    return (width + left, shown + top), (left, top)
