"""`rum-replay emulator` and `python -m rum_replay_emulator`, as processes that clients talk to."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from rum_replay import ReplayClient, RetryPolicy
from rum_replay_emulator.limits import LIMITS
from rum_replay_emulator.sample import SampleSession

from .bench import CommandLine, process_environment, run_process
from .commands import COMMANDS

COMMAND = ("-m", "rum_replay", "emulator")
MODULE = ("-m", "rum_replay_emulator")
both = pytest.mark.parametrize("python", [COMMAND, MODULE], ids=" ".join)


@contextmanager
def running(*arguments: str, python: Sequence[str] = COMMAND) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *python, *arguments],
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


@both
def test_it_serves_the_recorded_session_until_interrupted(sample: SampleSession, python: Sequence[str]) -> None:
    with running("--json", python=python) as process:
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


@both
def test_sigterm_ends_it_like_an_interrupt(python: Sequence[str]) -> None:
    with running("--json", python=python) as process:
        first_object(process)
        process.terminate()
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err.strip()) == (0, "the emulator has ended")


@both
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_full_standard_output_is_one_line(options: list[str], python: Sequence[str]) -> None:
    command = [sys.executable, *python, *options]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "standard output cannot be written: No space left on device" in done.stderr


@both
def test_it_never_prints_a_query(python: Sequence[str]) -> None:
    with running("--json", python=python) as process:
        base_url = first_object(process)["base_url"]
        httpx.get(f"{base_url}/api/v2/nothing", params={"api_key": "hush"}, trust_env=False)
        assert process.stderr is not None
        assert process.stderr.readline() == "GET /api/v2/nothing (not part of the API)\n"


def instructions(process: subprocess.Popen[str]) -> list[str]:
    """The indented lines: what may be pasted, and what is Python."""
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or "ReplayClient(base_url" not in lines[-1]:
        lines.append(process.stdout.readline())
    return [line.strip() for line in lines if line.startswith("  ")]


def test_the_suggested_commands_run_as_they_are_when_pasted(tmp_path: Path) -> None:
    with running() as process:
        lines = instructions(process)
        pasted = "\n".join(line for line in lines if not line.startswith("ReplayClient"))
        done = subprocess.run(
            ["sh", "-e", "-c", pasted],
            cwd=tmp_path,
            env={**process_environment({}), "PATH": os.environ["PATH"]},  # the one by which commands are suggested
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    assert pasted.count("rum-replay ") == 5
    assert pasted.startswith('export RUM_REPLAY_BASE_URL="http://127.0.0.1:')
    assert "the credentials work" in done.stdout
    assert len(list(tmp_path.glob("replay/*/manifest.json"))) == 2


@both
def test_the_suggested_variables_are_enough_for_python(python: Sequence[str]) -> None:
    with running(python=python) as process:
        lines = instructions(process)
        exports = "\n".join(line for line in lines if line.startswith("export "))
        program = "from rum_replay import ReplayClient\nprint(ReplayClient().playlists.create('a').id)\n"
        program += lines[-1].replace("ReplayClient(base", "print(ReplayClient(base") + ".playlists.get('1').name)"
        done = subprocess.run(
            ["sh", "-e", "-c", f'{exports}\nexec "$@"', "sh", sys.executable, "-c", program],
            env=process_environment({}),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    assert done.stdout.split() == ["1", "a"]


@both
def test_port_envelope_and_rate_limit_are_options(sample: SampleSession, python: Sequence[str]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    options = ["--port", str(port), "--segment-envelope", "json", "--rate-limit", "1", "--rate-period", "600"]
    with running("--json", *options, python=python) as process:
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


@both
def test_a_port_that_is_taken_is_one_line(rum_replay: CommandLine, python: Sequence[str]) -> None:
    port = rum_replay.base_url.rpartition(":")[2]
    assert f"127.0.0.1:{port} cannot be used" in run_process("--port", port, python=python).failed()


@both
@pytest.mark.parametrize("host", ["192.0.2.1", "nonsense.invalid"])
def test_a_host_that_is_not_this_machine_is_one_line(host: str, python: Sequence[str]) -> None:
    assert f"{host}:0 cannot be used" in run_process("--host", host, python=python).failed()


@both
@pytest.mark.parametrize(("host", "reached_at"), [("0.0.0.0", "http://127.0.0.1:"), ("::1", "http://[::1]:")])
def test_another_address_to_serve_on(host: str, reached_at: str, python: Sequence[str]) -> None:
    with running("--json", "--host", host, python=python) as process:
        base_url = first_object(process)["base_url"]
        assert base_url.startswith(reached_at)
        with ReplayClient(base_url=base_url, api_key="any", app_key="any") as replay:
            assert list(replay.playlists.list()) == []


@both
def test_further_hosts_are_answered_if_named(python: Sequence[str]) -> None:
    options = ["--allow-host", "emulator", "--allow-host=*.shop.example"]
    with running("--json", *options, python=python) as process:
        base_url = first_object(process)["base_url"]
        keys = {"DD-API-KEY": "any", "DD-APPLICATION-KEY": "any"}
        with httpx.Client(base_url=base_url, headers=keys, trust_env=False) as client:
            answers = [
                client.get("/api/v2/rum/replay/playlists", headers={"Host": host})
                for host in ("localhost", "emulator:8080", "api.shop.example", "shop.example")
            ]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 421]
        assert "`--allow-host shop.example`" in answers[-1].text
        # Only those that were answered are listed.
        assert process.stderr is not None
        assert {process.stderr.readline().split()[0] for _ in range(3)} == {"GET"}
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        assert err.strip() == "the emulator has ended"


@both
def test_help_states_the_limits(python: Sequence[str]) -> None:
    help_text = run_process("--help", python=python).succeeded().out
    assert " ".join(str(LIMITS).split()) in " ".join(help_text.split())


WRONG_OPTIONS = [
    ("--port", "-1"),
    ("--port", "65536"),
    ("--port", "x"),
    ("--rate-limit", "-1"),
    ("--rate-period", "0"),
    ("--rate-period", "nan"),
    ("--segment-envelope", "zip"),
    ("--allow-host", "emulator:8080"),
    ("--allow-host", "*"),
]


@pytest.mark.parametrize("arguments", WRONG_OPTIONS)
def test_wrong_options_are_refused(arguments: tuple[str, ...], rum_replay: CommandLine) -> None:
    assert arguments[0] in rum_replay.bare("emulator", *arguments).failed(status=2)
    result = run_process(*arguments, python=MODULE)
    assert (result.status, result.out) == (2, "")
    assert arguments[0] in result.err


def test_both_have_the_same_options() -> None:
    options = [set(re.findall(r"--[a-z-]+", run_process("--help", python=python).out)) for python in (COMMAND, MODULE)]
    assert options[0] == options[1] == {f"--{name}" for name in OPTIONS.split()}


OPTIONS = "allow-host help host json port rate-limit rate-period segment-envelope"
