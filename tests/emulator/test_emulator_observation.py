"""The callback `on_answer`, and the answers that the contract documents."""

from __future__ import annotations

from rum_replay_emulator import Answer, Emulator, ReceivedRequest
from rum_replay_emulator.contract import contract

from .emulator_api import Api


def test_on_answer_receives_every_answer_except_those_of_scripted_faults() -> None:
    observed: list[tuple[str | None, int]] = []

    def observe(request: ReceivedRequest, answer: Answer) -> None:
        observed.append((request.operation, answer.status))

    emulator = Emulator(on_answer=observe)
    emulator.faults.add(operation="DeleteRumReplayPlaylist", status=503)
    api = Api(emulator)
    with api.client:
        api.client.get("/api/v2/rum/replay/playlists")
        api.client.get("/api/v2/rum/replay/playlists/1")
        api.client.delete("/api/v2/rum/replay/playlists/1")
        emulator.reset()
        api.client.get("/nowhere")
    assert observed == [("ListRumReplayPlaylists", 200), ("GetRumReplayPlaylist", 404), (None, 404)]


def test_each_documented_status_has_its_media_types() -> None:
    operations = contract().operations
    assert set(operations["CreateRumReplayPlaylist"].answers) == {201, 400, 401, 403, 409, 422, 429}
    assert operations["DeleteRumReplayPlaylist"].answers[204] == {}
    assert operations["GetSegments"].answers[200] == {"application/octet-stream": None}
    stored = operations["GetRumReplayPlaylist"].answers[200]["application/json"]
    assert stored is not None
    assert stored.is_valid({"data": {"type": "rum_replay_playlist"}})
    assert not stored.is_valid({"data": {}})
    assert set(operations["GetRumReplayPlaylist"].answers[404]) == {
        "application/json",
        "application/vnd.api+json",
        "text/html",
        "text/plain",
    }
