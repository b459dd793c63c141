"""Sessions and views as a search finds them, and which sessions to look at next. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, cast

import attrs

from ._arguments import check_text, to_milliseconds
from ._events import RumEvent
from ._public import public
from ._resource import AwareDatetime
from ._times import EPOCH
from .query import any_of, attribute, every, excluded, session

__all__ = [
    "LONGEST_SESSION",
    "FoundSession",
    "FoundView",
    "SessionBatch",
    "SessionBatches",
    "around",
    "found_sessions",
    "found_views",
    "query_for_batch",
    "query_for_sessions",
    "query_for_views",
]

LONGEST_SESSION = timedelta(hours=4)
"""Datadog ends a session after this time, by its documentation of sessions."""

_FORGOTTEN_AFTER = 2 * LONGEST_SESSION
_FIRST_MOMENT, _LAST_MOMENT = -62_135_596_800_000, 253_402_300_799_999
"""Milliseconds of Unix time: the years 1 and 9999."""

_IDS_IN_QUERY = 20
"""How long a query may be is not documented."""

_NAMES_TYPE = re.compile(r"(?<![\w.-])@type:")
_QUOTED_OR_ESCAPED = re.compile(r'"(?:[^"\\]|\\.)*+"|\\.', re.DOTALL)


@attrs.frozen(kw_only=True)
class FoundView:
    """A view of a session. Only ids are certain: nothing else is documented as always there."""

    id: str
    session_id: str
    application_id: str | None
    started_at: AwareDatetime | None
    duration: float | None
    """Milliseconds that the view took, so far if its session is not completed."""

    name: str | None
    url: str | None = attrs.field(repr=False)
    """May contain personal data."""

    has_replay: bool | None
    """Whether the session has a replay; None if that is not known. A single view of it may have no segments."""

    segments: int | None
    """How many segments the SDK says that it uploaded; None if the event does not say."""

    event: RumEvent = attrs.field(hash=False, repr=False)
    """The event of the view."""


@attrs.frozen(kw_only=True)
class FoundSession:
    """A session with all of its views that a search finds. Only the id is certain."""

    id: str
    application_id: str | None
    started_at: AwareDatetime | None
    duration: float | None
    """Milliseconds, so far if it is not completed; None if its own event was not found or does not say."""

    completed: bool | None
    """Whether it has ended, as sessions of playlists must have; None if that is not known."""

    views: tuple[FoundView, ...]
    """In the order in which they began: all that are found, not only those that match the query."""

    event: RumEvent | None = attrs.field(hash=False, repr=False)
    """The event of the session; None if none was found."""


public(FoundSession, FoundView)


def query_for_sessions(query: str, has_replay: bool | None) -> str:
    """A query for events that lead to sessions: of views, unless it says itself of which type they are.

    Raises InvalidRequestError for a query whose quotes or groups do not end.
    """
    wanted = check_text("query", query)
    parts = [] if _NAMES_TYPE.search(_QUOTED_OR_ESCAPED.sub("", wanted)) else [attribute("type", "view")]
    if wanted.strip() != "*":
        parts.append(wanted)
    if has_replay is not None:
        replay = attribute("session.has_replay", True)
        # Events of sessions without a replay do not have the attribute at all.
        parts.append(replay if has_replay else excluded(replay))
    return every(*parts)


def query_for_views(session_id: str) -> str:
    """A query for the views of a session."""
    return every(attribute("type", "view"), session(session_id))


def query_for_batch(batch: SessionBatch) -> str:
    """A query for the events of some sessions themselves, and of all their views."""
    return every(any_of("type", ("session", "view")), any_of("session.id", batch.ids))


def found_views(events: Iterable[RumEvent]) -> list[FoundView]:
    """The views that events are about, in the order in which they began; each once, by its latest event."""
    latest: dict[str, RumEvent] = {}
    for event in events:
        if event.type == "view" and event.view_id is not None and event.session_id is not None:
            latest[event.view_id] = _later(latest.get(event.view_id), event)
    return sorted(map(_view, latest.values()), key=lambda view: _order(view.started_at))


def found_sessions(batch: SessionBatch, events: Iterable[RumEvent]) -> list[FoundSession]:
    """The sessions of a batch, from what was found first and what was then found of them."""
    by_session: dict[str, list[RumEvent]] = {session_id: [] for session_id in batch.ids}
    for event in chain(batch.events, events):
        if event.session_id in by_session:
            by_session[event.session_id].append(event)
    return [_session(session_id, events) for session_id, events in by_session.items()]


@attrs.frozen
class SessionBatch:
    """Some sessions, and what was found of them first."""

    ids: tuple[str, ...]
    events: tuple[RumEvent, ...]

    def window(self, start: int, end: int) -> tuple[int, int]:
        """From when to when all that is known of these sessions is found, in ms of Unix time.

        Sessions are as old as their first view, so each may have begun 4 hours before it was seen, and gone on as long
        after that. Events without a time are somewhere in the search, from `start` to `end`.
        """
        times = [None if event.timestamp is None else to_milliseconds("time", event.timestamp) for event in self.events]
        known = [time for time in times if time is not None]
        if len(known) < len(times):
            known += [start, end]
        return around(min(known), max(known))


def around(first: int, last: int) -> tuple[int, int]:
    """From when to when sessions may last that were seen between two times; all in ms of Unix time."""
    longest = LONGEST_SESSION // timedelta(milliseconds=1)
    return max(first - longest, _FIRST_MOMENT), min(last + longest, _LAST_MOMENT)


class SessionBatches:
    """Puts the sessions of events, each once, into batches that one query can be about.

    Only the sessions of the last 8 hours, by the times of the events, are remembered, since none lasts longer than 4.
    So memory does not grow with the time range; should a session come again later, it is found again.
    """

    def __init__(self, *, completed: bool | None = None, limit: int | None = None) -> None:
        self._completed = completed
        self._left = limit
        self._seen: dict[str, datetime] = {}
        self._latest = EPOCH
        self._ids: list[str] = []
        self._events: list[RumEvent] = []

    @property
    def is_full(self) -> bool:
        """Whether the next batch has as many sessions as it may have, or as are wanted."""
        is_enough = self._completed is None and self._left is not None and len(self._ids) >= self._left
        return is_enough or len(self._ids) >= _IDS_IN_QUERY

    @property
    def has_ended(self) -> bool:
        """Whether no more sessions are wanted."""
        return self._left == 0

    def add(self, event: RumEvent) -> None:
        """Note the session of an event. The events are expected in the order of their times."""
        if event.session_id is None:
            return
        if event.timestamp is not None and event.timestamp > self._latest:
            self._latest = event.timestamp
            self._forget()
        is_new = event.session_id not in self._seen
        if is_new:
            self._seen[event.session_id] = self._latest
            self._ids.append(event.session_id)
        if is_new or (event.type in ("session", "view") and event.session_id in self._ids):
            self._events.append(event)

    def _forget(self) -> None:
        while self._seen:
            session_id, seen = next(iter(self._seen.items()))
            if self._latest - seen <= _FORGOTTEN_AFTER:
                break
            del self._seen[session_id]

    def take(self) -> SessionBatch | None:
        """The next batch; None if there is no session for it."""
        batch = SessionBatch(tuple(self._ids), tuple(self._events))
        self._ids, self._events = [], []
        return batch if batch.ids else None

    def chosen(self, sessions: Iterable[FoundSession]) -> list[FoundSession]:
        """Those of a batch's sessions that are wanted."""
        fitting = [one for one in sessions if self._completed is None or one.completed is self._completed]
        if self._left is not None:
            fitting = fitting[: self._left]
            self._left -= len(fitting)
        return fitting


def _session(session_id: str, events: list[RumEvent]) -> FoundSession:
    views = found_views(events)
    own: RumEvent | None = None
    for event in events:
        if event.type == "session":
            own = _later(own, event)
    starts = [view.started_at for view in views if view.started_at is not None]
    if own is not None and own.timestamp is not None:
        starts.append(own.timestamp)
    is_active = None if own is None else _in(own, "session").get("is_active")
    return FoundSession(
        id=session_id,
        application_id=next((event.application_id for event in events if event.application_id is not None), None),
        started_at=min(starts, default=None),
        duration=None if own is None else _duration(own, "session"),
        completed=not is_active if isinstance(is_active, bool) else None,
        views=tuple(views),
        event=own,
    )


def _view(event: RumEvent) -> FoundView:
    view, has_replay = _in(event, "view"), _in(event, "session").get("has_replay")
    segments = _object(_in(event, "_dd").get("replay_stats")).get("segments_count")
    return FoundView(
        id=cast("str", event.view_id),
        session_id=cast("str", event.session_id),
        application_id=event.application_id,
        started_at=event.timestamp,
        duration=_duration(event, "view"),
        name=_text(view.get("name")),
        url=_text(view.get("url")),
        has_replay=has_replay if isinstance(has_replay, bool) else None,
        segments=segments if isinstance(segments, int) and not isinstance(segments, bool) else None,
        event=event,
    )


def _later(known: RumEvent | None, other: RumEvent) -> RumEvent:
    """Of two events of one view or session, the one that was sent later: both have the same time, when it began."""
    if known is None:
        return other
    kind = "session" if other.type == "session" else "view"
    return known if (_duration(known, kind) or 0) > (_duration(other, kind) or 0) else other


def _duration(event: RumEvent, kind: str) -> float | None:
    spent = _in(event, kind).get("time_spent")
    return spent / 1_000_000 if isinstance(spent, int | float) and not isinstance(spent, bool) else None


def _order(time: datetime | None) -> tuple[bool, datetime]:
    return time is None, time or EPOCH


def _in(event: RumEvent, name: str) -> dict[str, Any]:
    return _object(event.attributes.get(name))


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
