"""Calls of the area "Rum Replay Viewership"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from rum_replay_api import api
from rum_replay_api.api import rum_replay_viewership as generated
from rum_replay_api.models.watch import Watch as WatchBody
from rum_replay_api.models.watch_data import WatchData
from rum_replay_api.models.watch_data_attributes import WatchDataAttributes
from rum_replay_api.models.watch_data_type import WatchDataType
from rum_replay_api.types import Unset

from .._arguments import check_id, check_ids, check_size, check_text, check_user_uuid, to_datetime, to_milliseconds
from .._decoding import decode_list, decode_nothing, decode_one
from .._errors import InvalidRequestError
from .._models import Watch, WatchedSession, Watcher
from .._times import rfc3339
from . import Call, PageCalls, optional

_watch = decode_one(Watch)
_watchers = decode_list(Watcher)
_watched_sessions = decode_list(WatchedSession)


def record_watch(
    session_id: str, *, application_id: str, event_id: str, timestamp: datetime | int, data_source: str | None
) -> Call[Watch]:
    """CreateRumReplaySessionWatch; `timestamp` is an aware datetime or ms of Unix time."""
    attributes = WatchDataAttributes(
        application_id=check_text("application_id", application_id),
        event_id=check_text("event_id", event_id),
        timestamp=to_datetime("timestamp", timestamp),
        data_source=optional(check_text, "data_source", data_source),
    )
    body = WatchBody(data=WatchData(type_=WatchDataType.RUM_REPLAY_WATCH, attributes=attributes))
    request = generated.create_rum_replay_session_watch_kwargs(check_id("session_id", session_id), body=body)
    names = {"application_id": attributes.application_id, "event_id": attributes.event_id}
    return Call(*api.CREATE_RUM_REPLAY_SESSION_WATCH, request, _watch, names)


def delete_watches(session_id: str) -> Call[None]:
    """DeleteRumReplaySessionWatch."""
    request = generated.delete_rum_replay_session_watch_kwargs(check_id("session_id", session_id))
    return Call(*api.DELETE_RUM_REPLAY_SESSION_WATCH, request, decode_nothing)


def list_watcher_pages(session_id: str, *, page_size: int | None) -> PageCalls[Watcher]:
    """ListRumReplaySessionWatchers."""
    request = partial(
        generated.list_rum_replay_session_watchers_kwargs,
        check_id("session_id", session_id),
        page_size=optional(check_size, "page_size", page_size),
    )
    return lambda number: Call(*api.LIST_RUM_REPLAY_SESSION_WATCHERS, request(page_number=number), _watchers)


def list_history_pages(
    *,
    page_size: int | None,
    watched_after: datetime | int | None,
    watched_before: datetime | int | None,
    created_by: str | None,
    session_ids: Iterable[str] | None,
    application_id: str | None,
) -> PageCalls[WatchedSession]:
    """ListRumReplayViewershipHistorySessions; moments are aware datetimes or ms of Unix time."""
    after = optional(to_milliseconds, "watched_after", watched_after)
    before = optional(to_milliseconds, "watched_before", watched_before)
    if not isinstance(after, Unset) and not isinstance(before, Unset) and before < after:
        raise InvalidRequestError(
            f"watched_before ({rfc3339(before)}) is earlier than watched_after ({rfc3339(after)})"
        )
    creator = optional(check_user_uuid, "created_by", created_by)
    joined = optional(_comma_separated, "session_ids", session_ids)
    application = optional(check_text, "application_id", application_id)
    request = partial(
        generated.list_rum_replay_viewership_history_sessions_kwargs,
        filter_watched_at_start=after,
        filter_watched_at_end=before,
        filter_created_by=creator,
        filter_session_ids=joined,
        filter_application_id=application,
        page_size=optional(check_size, "page_size", page_size),
    )
    names = {"created_by": creator, "session_ids": joined, "application_id": application}
    return lambda number: Call(
        *api.LIST_RUM_REPLAY_VIEWERSHIP_HISTORY_SESSIONS, request(page_number=number), _watched_sessions, names
    )


def _comma_separated(name: str, values: Iterable[str]) -> str:
    ids = check_ids(name, values)
    for index, value in enumerate(ids):
        if "," in value:
            raise InvalidRequestError(f"{name}[{index}] holds a comma, which the API reads as the end of an id")
    return ",".join(ids)
