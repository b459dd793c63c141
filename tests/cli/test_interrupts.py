"""Ctrl-C and SIGTERM: one line that says what is done and how to go on, and status 130."""

from __future__ import annotations

import io
import json
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rum_replay_emulator.sample import SampleSession

from .bench import API_KEY, APP_KEY, CommandLine, process_environment
from .terminal import terminal


def interrupted(
    rum_replay: CommandLine,
    requests: int,
    *arguments: str,
    lines: int = 0,
    stdin: str = "",
    number: int = signal.SIGINT,
) -> tuple[str, str]:
    """Output and errors of a command that is interrupted after so many requests and lines of output."""
    before = len(rum_replay.operations)
    with subprocess.Popen(
        [sys.executable, "-m", "rum_replay", "--base-url", rum_replay.base_url, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=process_environment({"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY}),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        process.stdin = None
        deadline = time.monotonic() + 60
        while len(rum_replay.operations) < before + requests and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.stdout is not None
        printed = "".join(process.stdout.readline() for _ in range(lines))
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.count("\n") == 1
    return printed + out, err


def delay_after(rum_replay: CommandLine, operation: str, answered: int) -> None:
    """Answer so many requests of an operation, and the next ones never in time."""
    if answered:
        rum_replay.emulator.faults.add(operation=operation, headers={"X-Undelayed": "yes"}, times=answered)
    rum_replay.emulator.faults.add(operation=operation, status=503, delay=60, times=None)


def test_a_bulk_addition_gives_the_command_for_the_rest(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a").succeeded()
    delay_after(rum_replay, "AddRumReplaySessionToPlaylist", 1)  # while no rate limit is known, one goes ahead
    options = ["--ts", "2026-07-01T14:00:00+02:00", "--data-source", "rum"]
    out, err = interrupted(rum_replay, 4, "playlists", "add", "1", "s1", "s 2", "s3", "s4", *options, "--json", lines=1)
    assert out.count("\n") == 1
    message = json.loads(err)["message"]
    state = "1 of 4 sessions are in playlist 1; under way, so not known: s 2, s3, s4; for the rest: rum-replay "
    assert f"interrupted: {state}" in message
    command = shlex.split(message.partition("for the rest: rum-replay ")[2])
    rum_replay.emulator.faults.clear()
    rum_replay.bare(*command).succeeded()
    assert rum_replay.emulator.requests[-1].query["ts"] == "1782907200000"
    assert rum_replay.emulator.requests[-1].query["data_source"] == "rum"
    listed = rum_replay("playlists", "sessions", "1", "--json").succeeded().objects
    assert {session["id"] for session in listed} == {"s1", "s 2", "s3", "s4"}


def test_many_ids_are_not_repeated_in_the_command(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a").succeeded()
    delay_after(rum_replay, "AddRumReplaySessionToPlaylist", 1)
    ids = [f"s{number}" for number in range(100)]
    _, err = interrupted(rum_replay, 9, "playlists", "add", "1", "-", stdin="\n".join(ids))
    state = "1 of 100 sessions are in playlist 1; under way, so not known: s1, s2, s3, s4, s5, s6, s7, s8"
    assert f"{state}; give the 99 ids from s1 on, one per line, to: " in err
    command = shlex.split(err.partition("one per line, to: rum-replay ")[2])
    rum_replay.emulator.faults.clear()
    rum_replay.bare(*command, stdin=io.StringIO("\n".join(ids[1:]))).succeeded()
    listed = rum_replay("playlists", "sessions", "1", "--json").succeeded().objects
    assert {session["id"] for session in listed} == set(ids)


def test_downloads_of_several_views_are_resumed_by_the_same_command(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    delay_after(rum_replay, "GetSegments", 1)
    views = [f"s{number}/v" for number in range(2)]
    for number in range(2):
        rum_replay.emulator.load_segments(f"s{number}", "v", sample.views[0].segments)
    arguments = ["segments", "download", *views, str(tmp_path), "--max-list-size", "1"]
    _, err = interrupted(rum_replay, 3, *arguments, number=signal.SIGTERM)
    assert not [path for path in tmp_path.rglob("*") if ".part" in path.name]
    assert f"interrupted: 0 of 2 views are in {tmp_path}; under way, so not known: {', '.join(views)}; run the" in err
    rum_replay.emulator.faults.clear()
    rum_replay.emulator.requests.clear()
    rum_replay(*arguments).succeeded()
    assert len(rum_replay.operations) == 2 * len(sample.views[0].segments) - 1


IN_A_TASK = """
import asyncio, os, signal
from rum_replay import _cli

async def work():
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(60)

async def run():
    async with asyncio.TaskGroup() as group:
        group.create_task(work())

_cli._on_interrupts(signal.default_int_handler, _cli._as_ctrl_c)
try:
    asyncio.run(run())
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends processes at once there")
def test_sigterm_in_the_middle_of_a_task_cancels_what_is_under_way() -> None:
    """An exception there would be printed by asyncio, with a traceback."""
    done = subprocess.run([sys.executable, "-c", IN_A_TASK], check=False, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("interrupted\n", "")


def test_a_command_that_leaves_nothing_to_go_on_with_just_ends(rum_replay: CommandLine) -> None:
    delay_after(rum_replay, "ListRumReplayPlaylists", 0)
    out, err = interrupted(rum_replay, 1, "playlists", "list")
    assert (out, err) == ("", "error: interrupted\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_download_is_resumed_by_the_same_command(
    number: int, rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    delay_after(rum_replay, "GetSegments", 1)
    arguments = ["segments", "download", sample.session_id, sample.views[0].view_id, str(tmp_path / "replay")]
    arguments += ["--max-list-size", "1"]
    _, err = interrupted(rum_replay, 2, *arguments, number=number)
    assert not [path for path in (tmp_path / "replay").iterdir() if ".part" in path.name]
    assert f"interrupted: whole pages stay in {tmp_path / 'replay'}; run the same command again to go on" in err
    rum_replay.emulator.faults.clear()
    rum_replay.emulator.requests.clear()
    rum_replay(*arguments).succeeded()
    assert len(rum_replay.operations) == len(sample.views[0].segments) - 1


def test_an_archive_is_gone_on_with_by_the_same_command(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    delay_after(rum_replay, "GetSegments", 1)
    arguments = ["archive", "*", str(tmp_path), "--concurrency", "1"]
    _, err = interrupted(rum_replay, 4 + 2, *arguments)
    assert err == f"error: interrupted: whole pages stay in {tmp_path}; run the same command again to go on\n"
    rum_replay.emulator.faults.clear()
    rum_replay.emulator.requests.clear()
    rum_replay(*arguments).succeeded()
    assert rum_replay.operations.count("GetSegments") == len(sample.views) - 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("play", "-"), "replay.html was not written; run the same command again"),
        (("play", "-", "-o", "old.html"), "old.html is as it was before; run the same command again"),
        (("heatmap", "-"), "heat.html was not written; run the same command again"),
        (("export", "-", "-o", "tables"), "files in tables are whole, but not all of them; run the same command again"),
        (("summary", "-"), ""),
        (("tree", "-"), ""),
    ],
)
def test_work_on_files_is_begun_again(arguments: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    (tmp_path / "old.html").write_text("old")
    with terminal("segments", *arguments, cwd=tmp_path) as run:
        run.read_until("reading")
        run.shown = b""
        run.read_until("reading")  # the next frame, when the thread that draws it has started
        run.process.send_signal(signal.SIGINT)
        lines = run.read_to_end().splitlines()
    assert run.process.returncode == 130
    message = f"interrupted: {expected}" if expected else "interrupted"
    assert lines[-1].removeprefix("\x1b[?25h\r\x1b[1A\x1b[2K") == f"error: {message}"
    assert (tmp_path / "old.html").read_text() == "old"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("module", ["click", "rich", "rum_replay._cli.commands", "rum_replay._cli.playlists"])
def test_an_interrupt_during_imports_is_one_line_too(module: str, number: int) -> None:
    program = f"""
import os, sys
from rum_replay._cli import main

class Interrupting:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), {int(number)})

sys.argv = ["rum-replay", "playlists", "list"]
sys.meta_path.insert(0, Interrupting())
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "error: interrupted\n")


def test_a_command_that_is_to_ignore_interrupts_does(rum_replay: CommandLine) -> None:
    program = f"""
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
from rum_replay._cli import main
sys.argv = ["rum-replay", "--base-url", {rum_replay.base_url!r}, "playlists", "list", "--json"]
sys.meta_path.insert(0, type("Interrupting", (), {{"find_spec": lambda *_: os.kill(os.getpid(), signal.SIGINT)}}))
main()
"""
    environment = process_environment({"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY})
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
