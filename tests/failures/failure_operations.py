"""All operations in one table: how to call each, and what is known about it without any failure.

Methods, paths and kinds of answers come from `tests/data/operations.json`, which was taken from Datadog's public
documentation, not from the client under test.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import httpx
from attrs import frozen
from rum_replay_emulator import Assumptions, Emulator, ReceivedRequest

__all__ = [
    "DELETES",
    "DOCUMENTED",
    "ONE_OF_EACH_KIND",
    "OPERATIONS",
    "REQUEST_OF_ANOTHER_CLIENT",
    "STRICT",
    "Operation",
    "answer_to",
    "seeded",
    "state_of",
]

DOCUMENTED: dict[str, dict[str, Any]] = {
    facts["operation"]: facts
    for facts in json.loads((Path(__file__).parents[1] / "data" / "operations.json").read_text("utf-8"))["operations"]
}

PLAYLIST = "1"
SNAPSHOT = "00000001-0000-4000-8000-000000000000"
"""The ids that the emulator assigns to the first playlist and the first snapshot."""

SESSION = "5f2c1f0a-5d7e-4f50-9d54-2d3d7d2e9a11"
OTHER_SESSION = "c1a8b6de-0f43-4d0c-b7c5-3f1f2f7a6b02"
VIEW = "70ff591c-8a8e-4f0e-9d8c-3a0f4e6b7d21"
APPLICATION = "2f5e7c1a-6f1b-4bb0-8f0e-9f2b1d3c4e5f"
EVENT = "9c0f7a52-31c4-4f86-8c3a-7f6e5d4c3b2a"
TIMESTAMP = 1_782_900_000_000
SEGMENTS = (b"the first segment \x00\xff", b"the second segment \x00\xff")
"""Each fills a page: the operations on segments below request pages of one byte."""

_RUM_EVENT: dict[str, Any] = {
    "id": EVENT,
    "type": "rum",
    "attributes": {"timestamp": "2026-07-01T10:00:00Z", "attributes": {"type": "view", "view": {"id": VIEW}}},
}

AnswerKind = Literal["JSON", "bytes", "nothing"]


@frozen
class Operation:
    """One way to call an operation; `GetSegments` has two."""

    name: str
    operation_id: str
    call: Callable[[Any, Path], Any]
    """Takes a client of either kind and an empty directory; returns a value, an awaitable or an iterable."""

    requests_on_success: int = 1
    """How many requests a success takes; a list requests one more page, which is empty."""

    @property
    def method(self) -> str:
        return str(DOCUMENTED[self.operation_id]["method"])

    @property
    def url_template(self) -> str:
        return str(DOCUMENTED[self.operation_id]["path"])

    @property
    def only_reads(self) -> bool:
        return self.method == "GET" or self.operation_id == "SearchRUMEvents"

    @property
    def is_idempotent(self) -> bool:
        """Whether a client may repeat it without knowing whether it was applied, by RFC 9110 or since it only reads."""
        return self.only_reads or self.method in ("PUT", "DELETE")

    @property
    def answer(self) -> AnswerKind:
        """How the client reads a successful answer."""
        if self.operation_id == "GetSegments":
            return "bytes"
        return "nothing" if DOCUMENTED[self.operation_id]["response"] is None else "JSON"

    def __str__(self) -> str:
        return self.name


_SNAPSHOT_ARGUMENTS: dict[str, Any] = {
    "event_id": EVENT,
    "is_device_type_selected_by_user": True,
    "session_id": SESSION,
    "view_id": VIEW,
}

OPERATIONS = [
    Operation("list_playlists", "ListRumReplayPlaylists", lambda client, _: client.playlists.list(), 2),
    Operation(
        "create_playlist",
        "CreateRumReplayPlaylist",
        lambda client, _: client.playlists.create("Checkout bugs", description="rage clicks on /pay"),
    ),
    Operation("get_playlist", "GetRumReplayPlaylist", lambda client, _: client.playlists.get(PLAYLIST)),
    Operation(
        "update_playlist",
        "UpdateRumReplayPlaylist",
        lambda client, _: client.playlists.update(PLAYLIST, name="Renamed", description="and described"),
    ),
    Operation("delete_playlist", "DeleteRumReplayPlaylist", lambda client, _: client.playlists.delete(PLAYLIST)),
    Operation(
        "list_playlist_sessions",
        "ListRumReplayPlaylistSessions",
        lambda client, _: client.playlists.list_sessions(PLAYLIST),
        2,
    ),
    Operation(
        "add_playlist_session",
        "AddRumReplaySessionToPlaylist",
        lambda client, _: client.playlists.add_session(PLAYLIST, OTHER_SESSION),
    ),
    Operation(
        "remove_playlist_session",
        "RemoveRumReplaySessionFromPlaylist",
        lambda client, _: client.playlists.remove_session(PLAYLIST, SESSION),
    ),
    Operation(
        "remove_playlist_sessions",
        "BulkRemoveRumReplayPlaylistSessions",
        lambda client, _: client.playlists.remove_sessions(PLAYLIST, [SESSION]),
    ),
    Operation("list_heatmaps", "ListReplayHeatmapSnapshots", lambda client, _: client.heatmaps.list("/checkout")),
    Operation(
        "create_heatmap",
        "CreateReplayHeatmapSnapshot",
        lambda client, _: client.heatmaps.create(
            application_id=APPLICATION,
            device_type="desktop",
            snapshot_name="Second",
            start=12,
            view_name="/checkout",
            **_SNAPSHOT_ARGUMENTS,
        ),
    ),
    Operation(
        "update_heatmap",
        "UpdateReplayHeatmapSnapshot",
        lambda client, _: client.heatmaps.update(SNAPSHOT, start=4711, **_SNAPSHOT_ARGUMENTS),
    ),
    Operation("delete_heatmap", "DeleteReplayHeatmapSnapshot", lambda client, _: client.heatmaps.delete(SNAPSHOT)),
    Operation(
        "record_watch",
        "CreateRumReplaySessionWatch",
        lambda client, _: client.viewership.record_watch(
            SESSION, application_id=APPLICATION, event_id=EVENT, data_source="rum"
        ),
    ),
    Operation(
        "delete_watches",
        "DeleteRumReplaySessionWatch",
        lambda client, _: client.viewership.delete_watches(SESSION),
    ),
    Operation(
        "list_watchers",
        "ListRumReplaySessionWatchers",
        lambda client, _: client.viewership.list_watchers(SESSION),
        2,
    ),
    Operation(
        "list_history",
        "ListRumReplayViewershipHistorySessions",
        lambda client, _: client.viewership.list_history(),
        2,
    ),
    Operation(
        "iter_segments",
        "GetSegments",
        lambda client, _: client.sessions.iter_segments(SESSION, VIEW, max_list_size=1),
        2,
    ),
    Operation(
        "download_segments",
        "GetSegments",
        lambda client, directory: client.sessions.download_segments(SESSION, VIEW, directory, max_list_size=1),
        2,
    ),
    Operation(
        "search_events",
        "SearchRUMEvents",
        lambda client, _: client.events.search(start=TIMESTAMP, end=TIMESTAMP),
        2,
    ),
]

DELETES = [operation for operation in OPERATIONS if operation.method == "DELETE"]

ONE_OF_EACH_KIND = [
    operation
    for operation in OPERATIONS
    if operation.name in ("create_playlist", "list_playlists", "delete_playlist", "iter_segments", "download_segments")
]
"""One that may not be repeated, one that pages, one without an answer, and both that stream."""

STRICT = Assumptions(bulk_remove_ignores_missing=False, clearing_no_watches_is_404=True)
"""Every delete returns 404 the second time, so a repeated delete receives one."""


def _request(method: str, path: str, data: dict[str, Any] | None = None, content: bytes = b"") -> httpx.Request:
    """A request that is not sent by the client under test."""
    return httpx.Request(
        method,
        "https://emulator.example" + path,
        headers={"DD-API-KEY": "seed", "DD-APPLICATION-KEY": "seed"},
        content=content if data is None else json.dumps({"data": data}),
    )


# Built once, because each of thousands of cells uses both.
_SEED_REQUESTS = [
    _request(
        "POST",
        "/api/v2/rum/replay/playlists",
        {"type": "rum_replay_playlist", "attributes": {"name": "Seeded", "description": "before any failure"}},
    ),
    _request("PUT", f"/api/v2/rum/replay/playlists/{PLAYLIST}/sessions/{SESSION}?ts={TIMESTAMP}"),
    _request(
        "POST",
        "/api/v2/replay/heatmap/snapshots",
        {
            "type": "snapshots",
            "attributes": {
                "application_id": APPLICATION,
                "device_type": "desktop",
                "snapshot_name": "First",
                "start": 5,
                "view_name": "/checkout",
                **_SNAPSHOT_ARGUMENTS,
            },
        },
    ),
    _request(
        "POST",
        f"/api/v2/rum/replay/sessions/{SESSION}/watches",
        {
            "type": "rum_replay_watch",
            "attributes": {
                "application_id": APPLICATION,
                "event_id": EVENT,
                "timestamp": "2026-07-01T10:00:00Z",
                "data_source": "rum",
            },
        },
    ),
]

_STATE_REQUESTS = [
    _request("GET", "/api/v2/rum/replay/playlists"),
    _request("GET", f"/api/v2/rum/replay/playlists/{PLAYLIST}/sessions"),
    _request("GET", "/api/v2/replay/heatmap/snapshots?filter[view_name]=/checkout"),
    _request("GET", f"/api/v2/rum/replay/sessions/{SESSION}/watchers"),
    _request("GET", "/api/v2/rum/replay/viewership-history/sessions"),
]


REQUEST_OF_ANOTHER_CLIENT = _STATE_REQUESTS[0]
"""A request from another client."""


def seeded(emulator: Emulator) -> Emulator:
    """The emulator with one resource of each kind for the operations to work on, and no requests recorded."""
    transport = emulator.transport()
    for request in _SEED_REQUESTS:
        assert transport.handle_request(request).status_code in (200, 201)
    emulator.load_segments(SESSION, VIEW, SEGMENTS)
    emulator.load_events([_RUM_EVENT])
    emulator.requests.clear()
    return emulator


def state_of(emulator: Emulator) -> list[bytes]:
    """Everything on the server; equal states mean that nothing was created, changed or deleted twice."""
    emulator.faults.clear()
    emulator.rate_limit = None
    transport = emulator.transport()
    return [transport.handle_request(request).read() for request in _STATE_REQUESTS]


def answer_to(request: ReceivedRequest, emulator: Emulator) -> bytes:
    """The body of an emulator's answer to a request that another emulator received."""
    again = _request(request.method, f"{request.path}?{request.raw_query}", content=request.body)
    return emulator.transport().handle_request(again).read()
