# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""Viewership: who watched which session."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .._calls import viewership as calls
from .._models import Watch, WatchedSession, Watcher
from .listing import Listing
from .transport import Transport

__all__ = ["Viewership"]


class Viewership:
    """The operations on watches: records of who watched a session."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def record_watch(
        self,
        session_id: str,
        *,
        application_id: str,
        event_id: str,
        timestamp: datetime | int | None = None,
        data_source: str | None = None,
    ) -> Watch:
        """Record that the caller watched a session.

        `event_id` is the RUM event that was watched, `timestamp` an aware datetime or milliseconds of Unix time, by
        default now. The request is not repeated if it may have arrived: see RetryPolicy.
        """
        call = calls.record_watch(
            session_id,
            application_id=application_id,
            event_id=event_id,
            timestamp=self._transport.now() if timestamp is None else timestamp,
            data_source=data_source,
        )
        return self._transport.send(call)

    def delete_watches(self, session_id: str) -> None:
        """Delete a session's watches; whether only the caller's or everyone's is not documented."""
        self._transport.send(calls.delete_watches(session_id))

    def list_watchers(
        self, session_id: str, *, page_size: int | None = None, start_page: int = 0, limit: int | None = None
    ) -> Listing[Watcher]:
        """Who watched a session, with totals for each user; fetched as they are iterated.

        `page_size` is how many to fetch at once (default and maximum are the server's), `start_page` the first page,
        counted from 0, and `limit` how many items to return at most.
        """
        pages = calls.list_watcher_pages(session_id, page_size=page_size)
        return Listing(self._transport, pages, start_page=start_page, limit=limit)

    def list_history(
        self,
        *,
        watched_after: datetime | int | None = None,
        watched_before: datetime | int | None = None,
        created_by: str | None = None,
        session_ids: Iterable[str] | None = None,
        application_id: str | None = None,
        page_size: int | None = None,
        start_page: int = 0,
        limit: int | None = None,
    ) -> Listing[WatchedSession]:
        """Sessions that were watched, fetched as they are iterated.

        `watched_after` and `watched_before` are aware datetimes or milliseconds of Unix time, where 0 means from the
        beginning. `created_by` is the UUID of the user who watched, by default the caller. The paging arguments are
        those of `list_watchers`.

        Raises InvalidRequestError for a range that ends before it begins, for numbers that are seconds, microseconds or
        nanoseconds by their size, and if `created_by` is not a UUID: for a handle, the API would find nothing.
        """
        pages = calls.list_history_pages(
            page_size=page_size,
            watched_after=watched_after,
            watched_before=watched_before,
            created_by=created_by,
            session_ids=session_ids,
            application_id=application_id,
        )
        return Listing(self._transport, pages, start_page=start_page, limit=limit)
