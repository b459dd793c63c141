"""`rum-replay emulator`, as a process that clients talk to."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from rum_replay import ReplayClient, RetryPolicy
from rum_replay_emulator.sample import SampleSession

from .bench import CommandLine, process_environment, run_process
from .commands import COMMANDS


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "rum_replay", "emulator", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=process_environment({}),
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_object(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    printed: dict[str, str] = json.loads(process.stdout.readline())
    return printed


def test_it_serves_the_recorded_session_until_interrupted(sample: SampleSession) -> None:
    with running("--json") as process:
        known = first_object(process)
        assert known.keys() == set(COMMANDS["emulator"].keys[""].split())
        assert known["session_id"] == sample.session_id
        with ReplayClient(base_url=known["base_url"], api_key="any", app_key="any") as replay:
            for view in sample.views:
                pages = list(replay.sessions.iter_segments(sample.session_id, view.view_id, max_list_size=1))
                assert [page.content for page in pages] == list(view.segments)
            assert replay.playlists.create("a").id == "1"
            assert process.stderr is not None
            while "CreateRumReplayPlaylist" not in (line := process.stderr.readline()):
                assert line.startswith("GET ")
            replay.playlists.get("1")
            # What was reported is not reported again.
            assert process.stderr.readline() == "GET /api/v2/rum/replay/playlists/1 (GetRumReplayPlaylist)\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err.strip()) == (0, "the emulator has ended")


def test_it_never_prints_a_query() -> None:
    with running("--json") as process:
        base_url = first_object(process)["base_url"]
        httpx.get(f"{base_url}/api/v2/nothing", params={"api_key": "hush"}, trust_env=False)
        assert process.stderr is not None
        assert process.stderr.readline() == "GET /api/v2/nothing (not part of the API)\n"


def test_the_suggested_commands_work(sample: SampleSession) -> None:
    with running() as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or "ReplayClient(" not in lines[-1]:
            lines.append(process.stdout.readline().strip())
        commands = [line.split() for line in lines if line.startswith("rum-replay --base-url")]
        assert len(commands) == 5
        done = run_process(*commands[0][1:], environment={"DD_API_KEY": "anything", "DD_APP_KEY": "anything"})
        assert done.succeeded().lines[-1].startswith("online")


def test_port_envelope_and_rate_limit_are_options(sample: SampleSession) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    options = ["--port", str(port), "--segment-envelope", "json", "--rate-limit", "1", "--rate-period", "600"]
    with running("--json", *options) as process:
        base_url = first_object(process)["base_url"]
        assert base_url == f"http://127.0.0.1:{port}"
        with (
            ReplayClient(base_url=base_url, api_key="any", app_key="any", retry=RetryPolicy(attempts=1)) as replay,
            httpx.Client(trust_env=False) as bare,
        ):
            (page,) = replay.sessions.iter_segments(sample.session_id, sample.views[1].view_id)
            assert page.content_type == "application/json"
            keys = {"DD-API-KEY": "any", "DD-APPLICATION-KEY": "any"}
            answer = bare.get(f"{base_url}/api/v2/rum/replay/playlists", headers=keys)
            assert answer.status_code == 429
            assert answer.headers["x-ratelimit-period"] == "600"


def test_a_port_that_is_taken_is_one_line(rum_replay: CommandLine) -> None:
    port = rum_replay.base_url.rpartition(":")[2]
    assert f"127.0.0.1:{port} cannot be used" in rum_replay.bare("emulator", "--port", port).failed()
