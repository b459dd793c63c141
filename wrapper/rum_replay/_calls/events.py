"""Calls of the area "RUM"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from rum_replay_api import api
from rum_replay_api.api import rum as generated
from rum_replay_api.models.rum_query_filter import RUMQueryFilter
from rum_replay_api.models.rum_query_page_options import RUMQueryPageOptions
from rum_replay_api.models.rum_search_events_request import RUMSearchEventsRequest
from rum_replay_api.models.rum_sort import RUMSort

from .._arguments import check_size, check_text, to_milliseconds
from .._decoding import decode_events
from .._errors import InvalidRequestError
from .._events import EventPage
from .._times import rfc3339
from . import Call, optional

__all__ = ["EventCalls", "Period", "search_events", "search_period"]

EventCalls = Callable[[str | None], Call[EventPage]]
"""Gives the call for the page after a cursor; None for the first page."""

_MOST = 1_000
"""Events of a page, by the documentation."""

Period = tuple[int, int]
"""Start and end of a search, in milliseconds of Unix time."""


def search_period(start: datetime | int | timedelta, end: datetime | int | None, *, now: int) -> Period:
    """Absolute times, since relative ones would move from page to page.

    Given are aware datetimes or such ms; a timedelta is that long before `now`, None is `now`.
    """
    until = now if end is None else to_milliseconds("end", end)
    since = _before(now, start) if isinstance(start, timedelta) else to_milliseconds("start", start)
    if until < since:
        raise InvalidRequestError(f"end ({rfc3339(until)}) is earlier than start ({rfc3339(since)})")
    return since, until


def _before(now: int, age: timedelta) -> int:
    since = now - age // timedelta(milliseconds=1)
    try:
        rfc3339(since)
    except OverflowError:
        pass  # answered below, so that no foreign exception is chained
    else:
        return since
    raise InvalidRequestError(f"start is not a date in the years 1 to 9999: {age} ago")


def search_events(
    query: str, *, period: Period, sort: str = "timestamp", page_size: int = _MOST, wanted: int | None = None
) -> EventCalls:
    """SearchRUMEvents; by default with pages as large as possible, but not larger than the number of events wanted."""
    text = check_text("query", query)
    if not text.strip():
        raise InvalidRequestError("query must not be empty; use * for every event")
    order = check_text("sort", sort)
    if order not in [one.value for one in RUMSort]:
        raise InvalidRequestError(f"sort must be timestamp or -timestamp, not {order!r}")
    size = check_size("page_size", page_size)
    if size > _MOST:
        raise InvalidRequestError(f"page_size must be at most {_MOST:,}, not {size:,}")
    size = min(size, wanted or size)
    since, until = period
    matching = RUMQueryFilter(query=text, from_=rfc3339(since), to=rfc3339(until))

    def call(cursor: str | None) -> Call[EventPage]:
        page = RUMQueryPageOptions(limit=size, cursor=optional(check_text, "cursor", cursor))
        request = generated.search_rum_events_kwargs(
            body=RUMSearchEventsRequest(filter_=matching, page=page, sort=RUMSort(order))
        )
        return Call(*api.SEARCH_RUM_EVENTS, request, decode_events, only_reads=True)

    return call
