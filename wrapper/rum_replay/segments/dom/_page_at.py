"""The page of a view, at its beginning and at a given time."""

from __future__ import annotations

from datetime import datetime

from ..._arguments import check_instance, to_timestamp
from ..._errors import InvalidRequestError
from .._recording import View
from .._web_views import records_with_inner
from ..records import FrustrationRecord, UnknownRecord
from ._page import Page

__all__ = ["page_at", "page_of"]

_UNITS = {"seconds": 1e3, "microseconds": 1e-3, "nanoseconds": 1e-6}
"""What else Unix times are in, and the milliseconds of each."""

_DAY = 86_400_000
"""Milliseconds."""


def _check_unit(time: float, view: View) -> None:
    if view.start is None or view.end is None:
        return
    first, last = view.start - _DAY, view.end + _DAY
    if first <= time <= last:
        return
    for unit, milliseconds in _UNITS.items():
        if first <= time * milliseconds <= last:
            raise InvalidRequestError(
                f"time is in milliseconds: {time} is far from the view, but not if it is meant as {unit}; "
                f"then give {time * milliseconds:.0f}"
            )


def page_of(view: View) -> Page:
    """The page of a view, to which none of its records was applied yet."""
    first = view.segments[0].metadata if view.segments else None
    is_route = first is not None and first.index_in_view == 0 and first.creation_reason == "view_change"
    return Page(view.resources, is_route=is_route)


def page_at(view: View, time: datetime | float | None = None) -> Page:
    """The page at a given time.

    `time` is an aware datetime or milliseconds of Unix time; None means the end of the view. Records are applied in
    order, up to the first one with a later timestamp, because each builds on those before it. The view is decoded from
    its beginning, in constant memory. Where records are missing before that time, since the last full snapshot, the
    page is a guess: see `Page.uncertain_since`.

    Raises InvalidRequestError if an argument has the wrong type, or if the time lies in the view only when it is read
    as seconds, microseconds or nanoseconds; SegmentError or FileError if the source cannot be read again.
    """
    check_instance("view", view, View, "a View")
    end = None if time is None else to_timestamp("time", time)
    if end is not None:
        _check_unit(end, view)
    page = page_of(view)
    for placed in records_with_inner(view):
        record, gap = placed.record, placed.gap
        if end is not None and not isinstance(record, FrustrationRecord | UnknownRecord) and record.timestamp > end:
            missing = None if gap is None else gap.before
            break
        page.apply(record, gap)
    else:
        missing = view.gap_at_end
    if missing is not None and (end is None or page.time is None or end > page.time):
        page.note_gap(missing)
    return page
