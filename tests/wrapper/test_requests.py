"""The request that each method sends, and the type that it returns."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from types import NoneType
from typing import Any

import attrs
import httpx
import pytest
from rum_replay import (
    HeatmapSnapshot,
    Playlist,
    PlaylistSession,
    ReplayClient,
    RumEvent,
    SegmentPage,
    Watch,
    WatchedSession,
    Watcher,
)

from .replay_driver import Driver
from .replay_samples import (
    EXAMPLES,
    PLAYLIST,
    PLAYLIST_SESSION,
    SNAPSHOT,
    WATCH,
    WATCHED_SESSION,
    WATCHER,
    item_response,
    list_response,
    operations,
    parameters,
)

NOW = 1_782_907_200_000
BERLIN = timezone(timedelta(hours=2))
PLAYLISTS, SESSIONS = "/api/v2/rum/replay/playlists", "/api/v2/rum/replay/sessions"
SNAPSHOTS = "/api/v2/replay/heatmap/snapshots"
MOMENT_IN_SESSION: dict[str, Any] = {"event_id": "e", "is_device_type_selected_by_user": False, "start": 42}
NEW_SNAPSHOT: dict[str, Any] = {
    **MOMENT_IN_SESSION,
    "application_id": "a",
    "device_type": "mobile",
    "snapshot_name": "n",
    "view_name": "/v",
}


@attrs.frozen
class Case:
    operation: str
    call: Callable[[ReplayClient], Any]
    response: Callable[[], httpx.Response]
    path: str
    query: dict[str, str] = attrs.field(factory=dict[str, str])
    body: dict[str, Any] | None = None
    returns: type[Any] = NoneType


def resource(type_: str, attributes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"data": {"type": type_, "attributes": attributes, **more}}


def no_content() -> httpx.Response:
    return httpx.Response(204)


UUID = "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b"
CASES: dict[str, Case] = {
    "list playlists": Case(
        "ListRumReplayPlaylists",
        lambda c: next(iter(c.playlists.list())),
        lambda: list_response(PLAYLIST),
        PLAYLISTS,
        {"page[number]": "0"},
        returns=Playlist,
    ),
    "list playlists with all arguments": Case(
        "ListRumReplayPlaylists",
        lambda c: next(iter(c.playlists.list(query="a&b", created_by=UUID, page_size=7, start_page=3))),
        lambda: list_response(PLAYLIST),
        PLAYLISTS,
        {"filter[query]": "a&b", "filter[created_by_uuid]": UUID, "page[size]": "7", "page[number]": "3"},
        returns=Playlist,
    ),
    "create playlist": Case(
        "CreateRumReplayPlaylist",
        lambda c: c.playlists.create("n"),
        lambda: item_response(status=201),
        PLAYLISTS,
        body=resource("rum_replay_playlist", {"name": "n"}),
        returns=Playlist,
    ),
    "create playlist with all arguments": Case(
        "CreateRumReplayPlaylist",
        lambda c: c.playlists.create("n", description=""),
        item_response,
        PLAYLISTS,
        body=resource("rum_replay_playlist", {"name": "n", "description": ""}),
        returns=Playlist,
    ),
    "get playlist": Case(
        "GetRumReplayPlaylist",
        lambda c: c.playlists.get("48213"),
        item_response,
        f"{PLAYLISTS}/48213",
        returns=Playlist,
    ),
    "update playlist": Case(
        "UpdateRumReplayPlaylist",
        lambda c: c.playlists.update(48213, name="n", description="d"),
        item_response,
        f"{PLAYLISTS}/48213",
        body=resource("rum_replay_playlist", {"name": "n", "description": "d"}),
        returns=Playlist,
    ),
    "delete playlist": Case(
        "DeleteRumReplayPlaylist", lambda c: c.playlists.delete(48213), no_content, f"{PLAYLISTS}/48213"
    ),
    "list playlist sessions": Case(
        "ListRumReplayPlaylistSessions",
        lambda c: next(iter(c.playlists.list_sessions("5", page_size=2))),
        lambda: list_response(PLAYLIST_SESSION),
        f"{PLAYLISTS}/5/sessions",
        {"page[number]": "0", "page[size]": "2"},
        returns=PlaylistSession,
    ),
    "add session now": Case(
        "AddRumReplaySessionToPlaylist",
        lambda c: c.playlists.add_session(5, "s/1"),
        lambda: item_response(PLAYLIST_SESSION, 201),
        f"{PLAYLISTS}/5/sessions/s%2F1",
        {"ts": str(NOW)},
        returns=PlaylistSession,
    ),
    "add session with all arguments": Case(
        "AddRumReplaySessionToPlaylist",
        lambda c: c.playlists.add_session(
            5, "s", ts=datetime(2026, 7, 1, 14, 0, 1, tzinfo=BERLIN), data_source="product_analytics"
        ),
        lambda: item_response(PLAYLIST_SESSION),
        f"{PLAYLISTS}/5/sessions/s",
        {"ts": str(NOW + 1000), "data_source": "product_analytics"},
        returns=PlaylistSession,
    ),
    "add session at the epoch": Case(
        "AddRumReplaySessionToPlaylist",
        lambda c: c.playlists.add_session(5, "s", ts=0),
        lambda: item_response(PLAYLIST_SESSION),
        f"{PLAYLISTS}/5/sessions/s",
        {"ts": "0"},
        returns=PlaylistSession,
    ),
    "remove session": Case(
        "RemoveRumReplaySessionFromPlaylist",
        lambda c: c.playlists.remove_session("5", "s"),
        no_content,
        f"{PLAYLISTS}/5/sessions/s",
    ),
    "remove sessions": Case(
        "BulkRemoveRumReplayPlaylistSessions",
        lambda c: c.playlists.remove_sessions(5, iter(["s", "t"])),
        no_content,
        f"{PLAYLISTS}/5/sessions",
        body={"data": [{"type": "rum_replay_session", "id": "s"}, {"type": "rum_replay_session", "id": "t"}]},
    ),
    "list snapshots": Case(
        "ListReplayHeatmapSnapshots",
        lambda c: next(iter(c.heatmaps.list("/v", device_type="mobile", application_id="a", limit=3))),
        lambda: list_response(SNAPSHOT),
        SNAPSHOTS,
        {
            "filter[view_name]": "/v",
            "filter[device_type]": "mobile",
            "filter[application_id]": "a",
            "page[limit]": "3",
        },
        returns=HeatmapSnapshot,
    ),
    "create snapshot": Case(
        "CreateReplayHeatmapSnapshot",
        lambda c: c.heatmaps.create(**NEW_SNAPSHOT),
        lambda: item_response(SNAPSHOT, 201),
        SNAPSHOTS,
        body=resource("snapshots", NEW_SNAPSHOT),
        returns=HeatmapSnapshot,
    ),
    "create snapshot with all arguments": Case(
        "CreateReplayHeatmapSnapshot",
        lambda c: c.heatmaps.create(**NEW_SNAPSHOT, session_id="s", view_id="v"),
        lambda: item_response(SNAPSHOT, 201),
        SNAPSHOTS,
        body=resource("snapshots", {**NEW_SNAPSHOT, "session_id": "s", "view_id": "v"}),
        returns=HeatmapSnapshot,
    ),
    "update snapshot": Case(
        "UpdateReplayHeatmapSnapshot",
        lambda c: c.heatmaps.update("i", **MOMENT_IN_SESSION),
        lambda: item_response(SNAPSHOT),
        f"{SNAPSHOTS}/i",
        body=resource("snapshots", MOMENT_IN_SESSION, id="i"),
        returns=HeatmapSnapshot,
    ),
    "update snapshot with all arguments": Case(
        "UpdateReplayHeatmapSnapshot",
        lambda c: c.heatmaps.update("i", **MOMENT_IN_SESSION, session_id="s", view_id="v"),
        lambda: item_response(SNAPSHOT),
        f"{SNAPSHOTS}/i",
        body=resource("snapshots", {**MOMENT_IN_SESSION, "session_id": "s", "view_id": "v"}, id="i"),
        returns=HeatmapSnapshot,
    ),
    "delete snapshot": Case(
        "DeleteReplayHeatmapSnapshot", lambda c: c.heatmaps.delete("i"), no_content, f"{SNAPSHOTS}/i"
    ),
    "record watch now": Case(
        "CreateRumReplaySessionWatch",
        lambda c: c.viewership.record_watch("s", application_id="a", event_id="e"),
        lambda: item_response(WATCH, 201),
        f"{SESSIONS}/s/watches",
        body=resource(
            "rum_replay_watch", {"application_id": "a", "event_id": "e", "timestamp": "2026-07-01T12:00:00+00:00"}
        ),
        returns=Watch,
    ),
    "record watch with all arguments": Case(
        "CreateRumReplaySessionWatch",
        lambda c: c.viewership.record_watch(
            "s", application_id="a", event_id="e", timestamp=datetime(2026, 1, 1, tzinfo=BERLIN), data_source="rum"
        ),
        lambda: item_response(WATCH, 201),
        f"{SESSIONS}/s/watches",
        body=resource(
            "rum_replay_watch",
            {"application_id": "a", "event_id": "e", "timestamp": "2026-01-01T00:00:00+02:00", "data_source": "rum"},
        ),
        returns=Watch,
    ),
    "delete watches": Case(
        "DeleteRumReplaySessionWatch", lambda c: c.viewership.delete_watches("s"), no_content, f"{SESSIONS}/s/watches"
    ),
    "list watchers": Case(
        "ListRumReplaySessionWatchers",
        lambda c: next(iter(c.viewership.list_watchers("s", page_size=2))),
        lambda: list_response(WATCHER),
        f"{SESSIONS}/s/watchers",
        {"page[number]": "0", "page[size]": "2"},
        returns=Watcher,
    ),
    "list history": Case(
        "ListRumReplayViewershipHistorySessions",
        lambda c: next(
            iter(
                c.viewership.list_history(
                    watched_after=5,
                    watched_before=datetime(2026, 7, 1, 12, tzinfo=UTC),
                    created_by=UUID,
                    session_ids=("s", "t"),
                    application_id="a",
                    page_size=9,
                    start_page=1,
                )
            )
        ),
        lambda: list_response(WATCHED_SESSION),
        "/api/v2/rum/replay/viewership-history/sessions",
        {
            "filter[watched_at][start]": "5",
            "filter[watched_at][end]": str(NOW),
            "filter[created_by]": UUID,
            "filter[session_ids]": "s,t",
            "filter[application_id]": "a",
            "page[size]": "9",
            "page[number]": "1",
        },
        returns=WatchedSession,
    ),
    "get segments": Case(
        "GetSegments",
        lambda c: next(iter(c.sessions.iter_segments("s", "v"))),
        lambda: httpx.Response(200, content=b"x"),
        f"{SESSIONS}/s/views/v/segments",
        returns=SegmentPage,
    ),
    "get segments with all arguments": Case(
        "GetSegments",
        lambda c: next(
            iter(
                c.sessions.iter_segments(
                    "s", "v", source="blob", ts=datetime(2026, 7, 1, 12, tzinfo=UTC), max_list_size=9, paging="p"
                )
            )
        ),
        lambda: httpx.Response(200, content=b"x"),
        f"{SESSIONS}/s/views/v/segments",
        {"source": "blob", "ts": str(NOW), "max_list_size": "9", "paging": "p"},
        returns=SegmentPage,
    ),
    "search events": Case(
        "SearchRUMEvents",
        lambda c: next(iter(c.events.search(start=NOW - 60_000, end=None))),
        lambda: httpx.Response(200, json=EXAMPLES["EventPage"]),
        "/api/v2/rum/events/search",
        body={
            "filter": {"query": "*", "from": "2026-07-01T11:59:00.000Z", "to": "2026-07-01T12:00:00.000Z"},
            "page": {"limit": 1000},
            "sort": "timestamp",
        },
        returns=RumEvent,
    ),
    "search events with all arguments": Case(
        "SearchRUMEvents",
        lambda c: next(
            iter(
                c.events.search(
                    "@type:view",
                    start=datetime(2026, 7, 1, 14, tzinfo=BERLIN),
                    end=NOW + 1,
                    sort="-timestamp",
                    page_size=1,
                    limit=3,
                    cursor="c",
                )
            )
        ),
        lambda: httpx.Response(200, json=EXAMPLES["EventPage"]),
        "/api/v2/rum/events/search",
        body={
            "filter": {"query": "@type:view", "from": "2026-07-01T12:00:00.000Z", "to": "2026-07-01T12:00:00.001Z"},
            "page": {"limit": 1, "cursor": "c"},
            "sort": "-timestamp",
        },
        returns=RumEvent,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_method_sends_the_request_of_the_contract(driver: Driver, name: str) -> None:
    case = CASES[name]
    requests: list[httpx.Request] = []

    def peer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return case.response()

    returned = case.call(driver.open(peer))
    assert isinstance(returned, case.returns)
    (request,) = requests
    method, path, operation = next(row for row in operations() if row[2]["operationId"] == case.operation)
    assert request.method == method
    assert request.url.raw_path.decode().partition("?")[0] == case.path
    assert re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), case.path)
    assert dict(request.url.params) == case.query
    known = {parameter["name"] for parameter in parameters(operation) if parameter["in"] == "query"}
    assert set(case.query) <= known
    assert (json.loads(request.content) if request.content else None) == case.body
    if case.body is not None:
        assert request.headers["content-type"] == "application/json"
    assert "requestBody" in operation or case.body is None


def test_every_operation_of_the_contract_has_a_method() -> None:
    assert {case.operation for case in CASES.values()} == {operation["operationId"] for _, _, operation in operations()}


def test_every_query_parameter_of_the_contract_can_be_sent() -> None:
    for _, _, operation in operations():
        sent = {name for case in CASES.values() if case.operation == operation["operationId"] for name in case.query}
        assert sent == {parameter["name"] for parameter in parameters(operation) if parameter["in"] == "query"}


def test_listed_playlist_can_be_fetched_by_its_id(driver: Driver) -> None:
    client = driver.open(lambda request: list_response(PLAYLIST) if request.url.path == PLAYLISTS else item_response())
    listed = next(iter(client.playlists.list()))
    assert client.playlists.get(listed.id) == listed
    assert client.playlists.get(int(listed.id)) == listed


def test_current_time_is_sent_in_milliseconds(driver: Driver) -> None:
    sent: list[httpx.Request] = []

    def peer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return item_response(WATCH if "watches" in request.url.path else PLAYLIST_SESSION, 201)

    driver.clock.advance(0.25)
    client = driver.open(peer)
    client.viewership.record_watch("s", application_id="a", event_id="e")
    client.playlists.add_session(1, "s")
    assert json.loads(sent[0].content)["data"]["attributes"]["timestamp"] == "2026-07-01T12:00:00.250000+00:00"
    assert sent[1].url.params["ts"] == "1782907200250"
