"""The area "viewership": who watched which session, and when."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any
from uuid import UUID

from attrs import frozen

from rum_replay_emulator.answer import NO_CONTENT, Answer, RefusedError, json_answer
from rum_replay_emulator.call import Call, Handler
from rum_replay_emulator.clock import instant, is_leap_second, rfc3339
from rum_replay_emulator.contract import attributes_of
from rum_replay_emulator.identity import User

__all__ = ["Viewership"]


@frozen
class _Watch:
    """`at` is in milliseconds since 1970-01-01 UTC; `timestamp` is the text used in answers."""

    user: User
    at: float
    timestamp: str
    application_id: str
    event_id: str
    data_source: str | None


class Viewership:
    """All watches, by session. `is_known_session`: whether segments of a session were loaded."""

    def __init__(self, is_known_session: Callable[[str], bool]) -> None:
        self._is_known_session = is_known_session
        self._watches: dict[str, list[_Watch]] = {}
        self._numbers = count(1)

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "CreateRumReplaySessionWatch": self._create,
            "DeleteRumReplaySessionWatch": self._delete,
            "ListRumReplaySessionWatchers": self._list_watchers,
            "ListRumReplayViewershipHistorySessions": self._list_history,
        }

    def _create(self, call: Call) -> Answer:
        session_id = call.path[0]
        if call.assumptions.sessions_must_be_known and not self._is_known_session(session_id):
            raise call.missing(f"session {session_id}")
        asked = call.attributes
        timestamp = asked.get("timestamp", call.timestamp)
        try:
            at = instant(timestamp)
            if is_leap_second(timestamp):
                # Clients whose calendar has no second 60 must be able to read answers.
                timestamp = rfc3339(at / 1000)
        except ValueError:
            raise RefusedError(400, "data.attributes.timestamp: is outside the years 1 to 9999") from None
        watch = _Watch(
            user=call.user,
            at=at,
            timestamp=timestamp,
            application_id=asked.get("application_id", ""),
            event_id=asked.get("event_id", ""),
            data_source=asked.get("data_source"),
        )
        self._watches.setdefault(session_id, []).append(watch)
        attributes = {name: asked[name] for name in attributes_of("WatchDataAttributes") if name in asked} | {
            "application_id": watch.application_id,
            "event_id": watch.event_id,
            "timestamp": watch.timestamp,
        }
        watch_id = str(UUID(int=next(self._numbers) << 96, version=4))
        return json_answer(201, {"data": {"id": watch_id, "type": "rum_replay_watch", "attributes": attributes}})

    def _delete(self, call: Call) -> Answer:
        watches = self._watches.pop(call.path[0], [])
        if not watches and call.assumptions.clearing_no_watches_is_404:
            raise call.missing(f"a watch of session {call.path[0]}")
        if call.assumptions.delete_watches_of == "caller":
            others = [watch for watch in watches if watch.user.uuid != call.user.uuid]
            if others:
                self._watches[call.path[0]] = others
        return NO_CONTENT

    def _list_watchers(self, call: Call) -> Answer:
        by_user: dict[str, list[_Watch]] = {}
        for watch in self._watches.get(call.path[0], []):
            by_user.setdefault(watch.user.uuid, []).append(watch)
        totals = [(max(watches, key=_at), len(watches)) for watches in by_user.values()]
        totals.sort(key=lambda total: total[0].at, reverse=True)
        return json_answer(200, {"data": [_watcher(latest, number) for latest, number in call.page(totals)]})

    def _list_history(self, call: Call) -> Answer:
        query = call.query
        user = query.get("filter[created_by]", call.user.uuid)
        start = query.get("filter[watched_at][start]", float("-inf"))
        end = query.get("filter[watched_at][end]", float("inf"))
        application = query.get("filter[application_id]")
        sessions = query.get("filter[session_ids]")
        wanted = None if sessions is None else {text.strip() for text in sessions.split(",")}
        found: list[tuple[str, _Watch]] = []
        for session_id, watches in self._watches.items():
            matching = [
                watch
                for watch in watches
                if watch.user.uuid == user
                and start <= watch.at <= end
                and (application is None or watch.application_id == application)
            ]
            if matching and (wanted is None or session_id in wanted):
                found.append((session_id, max(matching, key=_at)))
        found.sort(key=lambda entry: entry[1].at, reverse=True)
        return json_answer(200, {"data": [_history(*entry, call) for entry in call.page(found)]})


def _at(watch: _Watch) -> float:
    return watch.at


def _watcher(latest: _Watch, watch_count: int) -> dict[str, Any]:
    user = latest.user
    return {
        "id": user.uuid,
        "type": "rum_replay_watcher",
        "attributes": {
            "handle": user.handle,
            "icon": user.icon,
            "last_watched_at": latest.timestamp,
            "name": user.name,
            "watch_count": watch_count,
        },
    }


def _history(session_id: str, latest: _Watch, call: Call) -> dict[str, Any]:
    return {
        "id": session_id,
        "type": "rum_replay_session",
        "attributes": {
            "event_id": latest.event_id,
            "last_watched_at": latest.timestamp,
            "session_event": {
                "application": {"id": latest.application_id},
                "session": {"id": session_id, "type": "user"},
                "type": "session",
            },
            "track": latest.data_source or call.assumptions.session_track,
        },
    }
