"""Playlists updated by both clients, against an API that is newer than they are."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from typing import Any

import anyio
import attrs
import httpx
import pytest
from rum_replay import AsyncReplayClient, InvalidRequestError, Playlist, ReplayClient
from rum_replay_emulator import Assumptions, Emulator

NEWER = Assumptions(unknown_attributes_are_kept=True)
UNKNOWN: dict[str, Any] = {"color": "red", "labels": ["a", {"b": None}], "archived_at": None, "é": "ü\u0000"}


def new_emulator() -> Emulator:
    emulator = Emulator(assumptions=NEWER)
    with httpx.Client(transport=emulator.transport(), base_url="http://e") as client:
        attributes = {"name": "old", "description": "why", **UNKNOWN}
        body = {"data": {"type": "rum_replay_playlist", "attributes": attributes}}
        headers = {"DD-API-KEY": "a", "DD-APPLICATION-KEY": "b"}
        assert client.post("/api/v2/rum/replay/playlists", json=body, headers=headers).status_code == 201
    emulator.requests.clear()
    return emulator


def run_sync(emulator: Emulator, *steps: Callable[[Any, Any], Any]) -> Any:
    with (
        httpx.Client(transport=emulator.transport()) as http_client,
        ReplayClient(api_key="a", app_key="b", http_client=http_client) as client,
    ):
        value: Any = None
        for step in steps:
            value = step(client, value)
        return value


def run_async(emulator: Emulator, *steps: Callable[[Any, Any], Any]) -> Any:
    async def run() -> Any:
        async with (
            httpx.AsyncClient(transport=emulator.transport()) as http_client,
            AsyncReplayClient(api_key="a", app_key="b", http_client=http_client) as client,
        ):
            value: Any = None
            for step in steps:
                value = step(client, value)
                value = await value if inspect.isawaitable(value) else value
            return value

    return anyio.run(run)


Face = Callable[..., Any]


@pytest.fixture(params=[run_sync, run_async])
def face(request: pytest.FixtureRequest) -> Face:
    found: Face = request.param
    return found


def sent(emulator: Emulator) -> dict[str, Any]:
    """The attributes of the last request."""
    attributes: dict[str, Any] = json.loads(emulator.requests[-1].body)["data"]["attributes"]
    return attributes


def fetched(client: Any, _: Any) -> Any:
    return client.playlists.get(1)


def test_attributes_of_a_newer_api_survive_the_update_of_a_playlist_that_was_fetched(face: Face) -> None:
    emulator = new_emulator()
    updated = face(emulator, fetched, lambda client, playlist: client.playlists.update(playlist, name="new"))
    assert (updated.name, updated.description, updated.extra) == ("new", "why", UNKNOWN)
    assert sent(emulator) == {"name": "new", "description": "why", **UNKNOWN}
    again = face(emulator, fetched)
    assert again.extra == UNKNOWN


def test_attributes_of_a_newer_api_are_lost_by_an_update_by_id(face: Face) -> None:
    emulator = new_emulator()
    updated = face(emulator, lambda client, _: client.playlists.update("1", name="new"))
    assert (updated.name, updated.description, updated.extra) == ("new", None, {})
    assert sent(emulator) == {"name": "new"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"name": "old"}, ("old", "why")),
        ({"name": "old", "description": ""}, ("old", "")),
        ({"name": "new", "description": "because"}, ("new", "because")),
    ],
)
def test_what_is_left_out_stays_as_it_was_fetched(
    face: Face, arguments: dict[str, str], expected: tuple[str, str]
) -> None:
    emulator = new_emulator()
    updated = face(emulator, fetched, lambda client, playlist: client.playlists.update(playlist, **arguments))
    assert (updated.name, updated.description, updated.extra) == (*expected, UNKNOWN)


def test_changes_made_to_the_model_itself_are_sent(face: Face) -> None:
    emulator = new_emulator()

    def change(client: Any, playlist: Playlist) -> Any:
        changed = attrs.evolve(playlist, description="because", extra={**playlist.extra, "color": "blue"})
        return client.playlists.update(changed, name="new")

    updated = face(emulator, fetched, change)
    assert (updated.name, updated.description, updated.extra) == ("new", "because", {**UNKNOWN, "color": "blue"})


def test_a_playlist_made_by_hand_and_one_without_attributes_can_be_given(face: Face) -> None:
    emulator = new_emulator()
    by_hand = Playlist(id="1", type="rum_replay_playlist", name="by hand")
    face(emulator, lambda client, _: client.playlists.update(by_hand, name="new"))
    assert sent(emulator) == {"name": "new"}


def test_members_beside_the_attributes_are_not_sent(face: Face) -> None:
    emulator = new_emulator()
    resource = {
        "id": "1",
        "type": "rum_replay_playlist",
        "links": {"self": "/1"},
        "relationships": {"team": {}},
        "attributes": {"name": "old", "color": "red", "session_count": 3},
    }
    emulator.faults.add(status=200, body={"data": resource})
    face(emulator, fetched, lambda client, playlist: client.playlists.update(playlist, name="new"))
    assert sent(emulator) == {"name": "new", "color": "red"}
    assert set(json.loads(emulator.requests[-1].body)["data"]) == {"type", "attributes"}


@pytest.mark.parametrize(
    "value", [object(), float("nan"), {1, 2}, "\ud83d", b"bytes"], ids=lambda value: type(value).__name__
)
def test_what_json_cannot_express_is_refused_before_it_is_sent(face: Face, value: object) -> None:
    emulator = new_emulator()
    playlist = Playlist(id="1", type="rum_replay_playlist", name="n", extra={"color": [value]})
    with pytest.raises(InvalidRequestError, match="the playlist's extra holds what JSON cannot express") as caught:
        face(emulator, lambda client, _: client.playlists.update(playlist, name="n"))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert emulator.requests == []


@pytest.mark.parametrize("playlist_id", ["", "x", "-1", str(2**63)])
def test_the_id_of_a_given_playlist_is_checked(face: Face, playlist_id: str) -> None:
    playlist = Playlist(id=playlist_id, type="rum_replay_playlist", name="n")
    with pytest.raises(InvalidRequestError, match="id"):
        face(new_emulator(), lambda client, _: client.playlists.update(playlist, name="n"))


def test_an_emulator_of_the_documented_api_ignores_unknown_attributes(face: Face) -> None:
    emulator = Emulator()
    face(emulator, lambda client, _: client.playlists.create("n"))
    playlist = Playlist(id="1", type="rum_replay_playlist", name="n", extra={"color": "red"})
    updated = face(emulator, lambda client, _: client.playlists.update(playlist, name="n"))
    assert sent(emulator) == {"name": "n", "color": "red"}
    assert updated.extra == {}
