"""Calls of the area "Rum Replay Sessions"."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlencode

from rum_replay_api import api
from rum_replay_api.api import rum_replay_sessions as generated

from .._arguments import check_id, check_size, check_text, to_milliseconds
from .._sites import app_url
from . import Call, optional

__all__ = ["get_segments", "link"]


def get_segments(
    session_id: str,
    view_id: str,
    *,
    source: str | None,
    ts: datetime | int | None,
    max_list_size: int | None,
    paging: str | None,
    max_page_size: int,
) -> Call[bytes]:
    """GetSegments; `ts` is an aware datetime or ms of Unix time, `max_list_size` and `max_page_size` are bytes."""
    request = generated.get_segments_kwargs(
        check_id("session_id", session_id),
        check_id("view_id", view_id),
        source=optional(check_text, "source", source),
        ts=optional(to_milliseconds, "ts", ts),
        max_list_size=optional(check_size, "max_list_size", max_list_size),
        paging=optional(check_text, "paging", paging),
    )
    # The bytes come as the server keeps them: a manifest's hash is then that of what was stored.
    request["headers"] = {"Accept": "*/*", "Accept-Encoding": "identity"}
    return Call(*api.GET_SEGMENTS, request, bytes, max_page_size=check_size("max_page_size", max_page_size))


def link(base_url: str, session_id: str, *, view_id: str | None, at: datetime | int | None) -> str:
    """Where the web application shows a replay; `at` is an aware datetime or ms of Unix time.

    Raises ConfigurationError if it is not known where the application is.
    """
    place = f"/rum/replay/sessions/{quote(check_id('session_id', session_id), safe='')}"
    query: dict[str, str | int] = {}
    if view_id is not None:
        query["seed"] = check_id("view_id", view_id)
    if at is not None:
        query["from"] = to_milliseconds("at", at)
    return f"{app_url(base_url)}{place}{f'?{urlencode(query)}' if query else ''}"
