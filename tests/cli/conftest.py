"""Fixtures of the command line's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import SampleSession, load_sample

from .bench import API_KEY, APP_KEY, RECORDED, CommandLine


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keys, and no other settings for Datadog and proxies."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-profiles"))
    monkeypatch.delenv("RUM_REPLAY_PROFILE", raising=False)
    for prefix in ("DD", "DATADOG"):
        for name in ("SITE", "API_KEY", "APP_KEY", "BEARER_TOKEN", "ACCESS_TOKEN"):
            monkeypatch.delenv(f"{prefix}_{name}", raising=False)
    monkeypatch.delenv("RUM_REPLAY_BASE_URL", raising=False)
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DD_API_KEY", API_KEY)
    monkeypatch.setenv("DD_APP_KEY", APP_KEY)


@pytest.fixture(scope="session")
def sample() -> SampleSession:
    return load_sample()


@pytest.fixture
def emulator(sample: SampleSession) -> Emulator:
    emulator = Emulator(api_key=API_KEY, app_key=APP_KEY)
    emulator.load_session(sample)
    return emulator


@pytest.fixture
def rum_replay(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[CommandLine]:
    with emulator.serve() as base_url:
        yield CommandLine(emulator, base_url, capsys, monkeypatch)


@pytest.fixture
def recorded(tmp_path: Path) -> str:
    """A folder with the segments of a recording of one view."""
    folder = tmp_path / "recorded"
    folder.mkdir()
    for file in RECORDED.glob("seg-*70ff591c*"):
        shutil.copy(file, folder)
    return str(folder)


@pytest.fixture
def prepared(
    rum_replay: CommandLine,
    sample: SampleSession,
    recorded: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Mapping[str, str]:
    """Two playlists, sessions, watches and a snapshot in the emulator; gives what the words of commands.py mean."""
    monkeypatch.chdir(tmp_path)
    for name in ("first", "second"):
        rum_replay("playlists", "create", name, "--description", "made by a test").succeeded()
    rum_replay("playlists", "add", "1", "s1", "s2").succeeded()
    for session_id in ("s1", "s2"):
        rum_replay("viewership", "record", session_id, "--application-id", "a", "--event-id", "e").succeeded()
    create = ("heatmaps", "create", "name", "--view-name", "/checkout", "--application-id", "a", "--session-id", "s1")
    details = ("--device-type", "desktop", "--event-id", "e", "--start", "1", "--view-id", "v1", "--json")
    (snapshot,) = rum_replay(*create, *details).succeeded().objects
    rum_replay.emulator.requests.clear()
    return {
        "SNAPSHOT": snapshot["id"],
        "SESSION": sample.session_id,
        "VIEW": sample.views[0].view_id,
        "RECORDED": recorded,
        "FOLDER": str(tmp_path / "out"),
    }
