"""Requests used by many of the emulator's tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from rum_replay_emulator import Emulator

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"
API_KEY = "api-key-of-the-tests"
APP_KEY = "app-key-of-the-tests"
KEYS = {"DD-API-KEY": API_KEY, "DD-APPLICATION-KEY": APP_KEY}
PLAYLISTS = "/api/v2/rum/replay/playlists"
SNAPSHOTS = "/api/v2/replay/heatmap/snapshots"
SESSIONS = "/api/v2/rum/replay/sessions"
HISTORY = "/api/v2/rum/replay/viewership-history/sessions"


class Api:
    """An in-process httpx client, with the requests that many tests need."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.client = httpx.Client(transport=emulator.transport(), headers=KEYS, base_url="https://api.datadoghq.com")
        self.get = self.client.get
        self.put = self.client.put
        self.post = self.client.post
        self.patch = self.client.patch
        self.delete = self.client.delete

    def create_playlist(self, name: str, **attributes: Any) -> dict[str, Any]:
        data = {"type": "rum_replay_playlist", "attributes": {"name": name, **attributes}}
        return self.created(PLAYLISTS, data)

    def playlists(self, **query: str | int) -> list[str]:
        return [playlist["attributes"]["name"] for playlist in self.listed(PLAYLISTS, **query)]

    def add_session(self, playlist: str, session: str, **query: str | int) -> httpx.Response:
        return self.put(f"{PLAYLISTS}/{playlist}/sessions/{session}", params={"ts": 1_782_907_200_000, **query})

    def sessions(self, playlist: str, **query: str | int) -> list[str]:
        return [session["id"] for session in self.listed(f"{PLAYLISTS}/{playlist}/sessions", **query)]

    def create_snapshot(self, name: str = "Home", **attributes: Any) -> dict[str, Any]:
        return self.created(SNAPSHOTS, snapshot(name, **attributes))

    def snapshots(self, view_name: str = "/home", /, **query: str | int) -> list[str]:
        found = self.listed(SNAPSHOTS, **{"filter[view_name]": view_name, **query})
        return [snapshot["attributes"]["snapshot_name"] for snapshot in found]

    def watch(self, session: str, timestamp: str, **attributes: Any) -> dict[str, Any]:
        attributes = {"application_id": "shop", "event_id": "event", "timestamp": timestamp, **attributes}
        data = {"type": "rum_replay_watch", "attributes": attributes}
        return self.created(f"{SESSIONS}/{session}/watches", data)

    def history(self, **query: str | int) -> list[str]:
        return [session["id"] for session in self.listed(HISTORY, **query)]

    def created(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        response = self.post(path, json={"data": data})
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()["data"]
        return created

    def listed(self, path: str, /, **query: str | int) -> list[dict[str, Any]]:
        response = self.get(path, params=query)
        assert response.status_code == 200, response.text
        listed: list[dict[str, Any]] = response.json()["data"]
        return listed


ApiOf = Callable[[Emulator], Api]


def snapshot(name: str, **attributes: Any) -> dict[str, Any]:
    complete = {
        "application_id": "shop",
        "device_type": "desktop",
        "event_id": "event",
        "is_device_type_selected_by_user": False,
        "snapshot_name": name,
        "start": 0,
        "view_name": "/home",
    }
    return {"type": "snapshots", "attributes": {**complete, **attributes}}
