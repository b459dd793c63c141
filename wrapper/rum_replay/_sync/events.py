# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""Events: the search that finds sessions and views."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from .._arguments import check_count, check_text
from .._calls import events as calls
from .._events import EventPage, MissingEvents, RumEvent, SearchWalk
from .._runtime import Lock
from .listing import Items
from .transport import Transport

__all__ = ["EventPages", "EventSearch", "Events"]


class Events:
    """The search for RUM events, which needs a permission of its own: `rum_apps_read`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def search(
        self,
        query: str = "*",
        *,
        start: datetime | int | timedelta,
        end: datetime | int | None,
        sort: Literal["timestamp", "-timestamp"] = "timestamp",
        page_size: int = 1000,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> EventSearch:
        """The events that match a query, by their time, fetched as they are iterated.

        `query` is in the syntax of the RUM Explorer, such as `@type:view @view.error.count:>0`; put values into it by
        the functions of `rum_replay.query`. `start` and `end` are aware datetimes or milliseconds of Unix time; a
        timedelta as `start` means that long before now, and None as `end` means now, which is fixed here, for all
        pages. `sort` is `timestamp` or `-timestamp`, `page_size` how many events to fetch at once (at most 1,000, and
        never more than `limit`), `limit` how many to return at most, and `cursor` that of a page of the same search, to
        continue after it.

        Only what a retention filter kept is found, for 30 days (resources and long tasks 15), even if a replay is kept
        longer. Finding nothing does not mean that nothing happened.

        Raises InvalidRequestError for arguments that make no search.
        """
        period = calls.search_period(start, end, now=self._transport.now())
        most = None if limit is None else check_count("limit", limit, least=0)
        return EventSearch(
            self._transport,
            calls.search_events(query, period=period, sort=sort, page_size=page_size, wanted=most),
            limit=most,
            cursor=None if cursor is None else check_text("cursor", cursor),
        )


class EventSearch:
    """The events of a search, fetched as they are needed; each iteration starts from the beginning.

    If the server says that it did not find everything, `partial` says why, and a PartialResultWarning is issued once
    for each iteration. Iterating raises a ReplayError if a page cannot be fetched: a PermissionDeniedError may mean
    that `rum_apps_read` is missing, which no other operation needs.
    """

    def __init__(self, transport: Transport, pages: calls.EventCalls, *, limit: int | None, cursor: str | None) -> None:
        self._transport = transport
        self._calls = pages
        self._limit = limit
        self._cursor = cursor
        self._partial: dict[str, None] = {}

    @property
    def partial(self) -> tuple[str, ...]:
        """Why events may be missing from the pages so far, each reason once; empty if none is known to be."""
        return tuple(self._partial)

    def pages(self) -> Iterator[EventPage]:
        """The same events a page at a time; with `limit`, the last page may be cut, and then has no cursor."""
        walk = SearchWalk(self._cursor, self._limit)
        return EventPages(self._transport, self._calls, walk, MissingEvents(self._partial))

    def __iter__(self) -> Iterator[RumEvent]:
        return Items(self.pages())


class EventPages:
    def __init__(self, transport: Transport, pages: calls.EventCalls, walk: SearchWalk, missing: MissingEvents) -> None:
        self._transport = transport
        self._calls = pages
        self._walk = walk
        self._missing = missing
        self._lock = Lock()

    def __iter__(self) -> Iterator[EventPage]:
        return self

    def __next__(self) -> EventPage:
        with self._lock:
            while not self._walk.has_ended:
                page = self._walk.take(self._transport.send(self._calls(self._walk.cursor)))
                if page is not None:
                    self._missing.note(page)
                    return page
        raise StopIteration
