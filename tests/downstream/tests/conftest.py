"""Shared fixtures: a team that watched some sessions, and the API for recording cassettes."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from pytest_rum_replay.cassettes import Cassette
from replay_triage.connection import API_VARIABLE
from rum_replay import ReplayClient
from rum_replay_emulator import Emulator, ManualClock, User

JULY = datetime(2026, 7, 1, tzinfo=UTC)
CREDENTIALS = {"DD_API_KEY": "0c3dd27d3a5f41c2b8f1", "DD_APP_KEY": "f77a5be1c2d04e4f9d30a1b2c3d4e5f6"}
"""Invented, for recording without credentials in the environment."""

TEAM = {
    "ana": User(handle="ana@shop.example", name="Ana Ruiz", icon="https://shop.example/a.png", uuid="a-1", id=1),
    "ben": User(handle="ben@shop.example", name="Ben Osei", icon="https://shop.example/b.png", uuid="b-2", id=2),
}
WATCHES = [
    ("session-1", "ben", 2),
    ("session-1", "ana", 4),
    ("session-2", "ana", 5),
    ("session-3", "ana", 6),
    ("session-3", "ben", 7),
    ("session-3", "ben", 8),
]
"""Session, watcher, and day of July."""


def record_watches(emulator: Emulator, api_key: str, app_key: str) -> None:
    """Fill an emulator with watches; then make Ana its user."""
    with httpx.Client(transport=emulator.transport()) as http_client:
        replay = ReplayClient(api_key=api_key, app_key=app_key, http_client=http_client)
        for number, (session_id, name, day) in enumerate(WATCHES):
            emulator.user = TEAM[name]
            replay.viewership.record_watch(
                session_id, application_id="shop", event_id=f"event-{number}", timestamp=JULY.replace(day=day)
            )
    emulator.user = TEAM["ana"]
    emulator.requests.clear()


@pytest.fixture
def api(rum_replay_environment: Emulator) -> Emulator:
    """The emulator that the app's clients connect to, with the team's watches."""
    record_watches(rum_replay_environment, os.environ["DD_API_KEY"], os.environ["DD_APP_KEY"])
    return rum_replay_environment


@pytest.fixture
def recorded_api(rum_replay_cassette: Cassette, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cassette]:
    """The app's requests go to its cassette; while recording, to an emulator on loopback that checks credentials.

    An app that records the live API needs none of this: `ReplayClient()` is enough.
    """
    if rum_replay_cassette.replaying:
        # Matching ignores loopback ports, and nothing listens on this one.
        monkeypatch.setenv(API_VARIABLE, "http://127.0.0.1:9")
        yield rum_replay_cassette
        return
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, os.environ.get(name, value))
    api_key, app_key = os.environ["DD_API_KEY"], os.environ["DD_APP_KEY"]
    emulator = Emulator(api_key=api_key, app_key=app_key, clock=ManualClock())
    record_watches(emulator, api_key, app_key)
    with emulator.serve() as url:
        monkeypatch.setenv(API_VARIABLE, url)
        yield rum_replay_cassette
