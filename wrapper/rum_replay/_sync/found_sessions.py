# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""Sessions and views, found by searching for events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from .._calls import events as calls
from .._events import MissingEvents, RumEvent, SearchWalk
from .._found_sessions import (
    FoundSession,
    FoundView,
    SessionBatch,
    SessionBatches,
    found_sessions,
    found_views,
    query_for_batch,
)
from .._runtime import Lock
from .events import EventPages
from .transport import Transport

__all__ = ["SessionSearch", "ViewSearch"]


class SessionSearch:
    """The sessions of a search, found as they are needed; each iteration starts from the beginning.

    In memory are one page of events, the ids of the sessions of 8 hours, and at most 20 sessions with their views.

    If the server says that it did not find everything, `partial` says why, and a PartialResultWarning is issued once
    for each iteration. Iterating raises a ReplayError if a page of events cannot be fetched.
    """

    def __init__(
        self,
        transport: Transport,
        query: str,
        period: calls.Period,
        *,
        completed: bool | None,
        limit: int | None,
    ) -> None:
        self._transport = transport
        self._call = calls.search_events(query, period=period)
        self._period = period
        self._completed = completed
        self._limit = limit
        self._partial: dict[str, None] = {}

    @property
    def partial(self) -> tuple[str, ...]:
        """Why sessions or views may be missing from what was found so far; empty if none is known to be."""
        return tuple(self._partial)

    def __iter__(self) -> Iterator[FoundSession]:
        batches = SessionBatches(completed=self._completed, limit=self._limit)
        return FoundSessions(self._transport, self._call, self._period, batches, MissingEvents(self._partial))


class FoundSessions:
    def __init__(
        self,
        transport: Transport,
        call: calls.EventCalls,
        period: calls.Period,
        batches: SessionBatches,
        missing: MissingEvents,
    ) -> None:
        self._transport = transport
        self._period = period
        self._batches = batches
        self._missing = missing
        self._pages = EventPages(transport, call, SearchWalk(None, None), missing)
        self._events = deque[RumEvent]()
        self._batch: SessionBatch | None = None
        self._found = deque[FoundSession]()
        self._lock = Lock()

    def __iter__(self) -> Iterator[FoundSession]:
        return self

    def __next__(self) -> FoundSession:
        with self._lock:
            while not self._found and not self._batches.has_ended:
                # Kept until its sessions are complete: after an error, iterating goes on with it.
                self._batch = self._batch or self._next_batch()
                if self._batch is None:
                    break
                self._found.extend(self._batches.chosen(self._completed(self._batch)))
                self._batch = None
            if self._found:
                return self._found.popleft()
        raise StopIteration

    def _next_batch(self) -> SessionBatch | None:
        while not self._batches.is_full:
            if self._events:
                self._batches.add(self._events.popleft())
                continue
            try:
                self._events.extend(self._pages.__next__())
            except StopIteration:
                break
        return self._batches.take()

    def _completed(self, batch: SessionBatch) -> list[FoundSession]:
        call = calls.search_events(query_for_batch(batch), period=batch.window(*self._period))
        pages = EventPages(self._transport, call, SearchWalk(None, None), self._missing)
        return found_sessions(batch, [event for page in pages for event in page])


class ViewSearch:
    """The views of a session, in the order in which they began, each once.

    They are fetched, all of them, when the first one is needed; each iteration does so again. If the server says that
    it did not find everything, `partial` says why, and a PartialResultWarning is issued. Iterating raises a ReplayError
    if a page of events cannot be fetched.
    """

    def __init__(self, transport: Transport, call: calls.EventCalls) -> None:
        self._transport = transport
        self._call = call
        self._partial: dict[str, None] = {}

    @property
    def partial(self) -> tuple[str, ...]:
        """Why views may be missing from what was found so far; empty if none is known to be."""
        return tuple(self._partial)

    def __iter__(self) -> Iterator[FoundView]:
        missing = MissingEvents(self._partial)
        return FoundViews(EventPages(self._transport, self._call, SearchWalk(None, None), missing))


class FoundViews:
    def __init__(self, pages: EventPages) -> None:
        self._pages = pages
        self._events: list[RumEvent] = []
        self._views: deque[FoundView] | None = None
        self._lock = Lock()

    def __iter__(self) -> Iterator[FoundView]:
        return self

    def __next__(self) -> FoundView:
        with self._lock:
            if self._views is None:
                for page in self._pages:
                    self._events.extend(page)
                self._views = deque(found_views(self._events))
            if self._views:
                return self._views.popleft()
        raise StopIteration
