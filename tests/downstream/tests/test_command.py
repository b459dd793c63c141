"""The command, in its own process, against the emulator on loopback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CREDENTIALS, record_watches
from pytest_rum_replay.emulators.server import EmulatorServer
from replay_triage.connection import API_VARIABLE

APP = Path(__file__).resolve().parents[1]


def command(server: EmulatorServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "replay_triage", *arguments],
        env={**os.environ, **CREDENTIALS, API_VARIABLE: server.url},
        cwd=APP,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_it_prints_the_collected_sessions(rum_replay_server: EmulatorServer) -> None:
    record_watches(rum_replay_server.emulator, *CREDENTIALS.values())
    finished = command(rum_replay_server, "Watched most", "--since=2026-07-01", "--top=2")
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines() == [
        "1. session-3: 3 watches by ben@shop.example, ana@shop.example",
        "2. session-1: 2 watches by ana@shop.example, ben@shop.example",
    ]
    kept = [request for request in rum_replay_server.emulator.requests if request.method in ("POST", "PUT")]
    assert [request.operation for request in kept] == [
        "CreateRumReplayPlaylist",
        "AddRumReplaySessionToPlaylist",
        "AddRumReplaySessionToPlaylist",
    ]


def test_each_test_starts_with_an_empty_api(rum_replay_server: EmulatorServer) -> None:
    finished = command(rum_replay_server, "Watched most", "--since=2026-07-01T00:00+02:00")
    assert (finished.returncode, finished.stdout) == (0, "nothing was watched\n")


@pytest.mark.rum_replay_fault(status=403, body={"errors": ["Forbidden for this key"]})
def test_a_failure_prints_the_reason(rum_replay_server: EmulatorServer) -> None:
    finished = command(rum_replay_server, "Watched most", "--since=2026-07-01")
    assert finished.returncode == 1
    assert "Forbidden for this key" in finished.stderr
    assert CREDENTIALS["DD_API_KEY"] not in finished.stderr
