"""A failure is one line and an exit status, without a traceback and without a secret."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rum_replay_emulator import Emulator, RateLimit

from .bench import API_KEY, APP_KEY, CommandLine, process_environment


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 500, 520])
def test_an_error_answer_is_one_line(rum_replay: CommandLine, status: int) -> None:
    body = b'{"errors":["first\\nsecond \\u001b[31mred"]}'
    rum_replay.emulator.faults.add(operation="CreateRumReplayPlaylist", status=status, body=body)
    line = rum_replay("playlists", "create", "a").failed()
    assert str(status) in line
    assert "first second \\x1b[31mred" in line


def test_wrong_credentials_come_with_a_hint(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_APP_KEY", "another")
    assert "do the credentials belong to the site behind" in rum_replay("playlists", "list").failed()


def test_missing_credentials_name_the_variables(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DD_APP_KEY")
    assert "DD_APP_KEY" in rum_replay("playlists", "list").failed()


def test_an_exhausted_rate_limit_shows_its_numbers(rum_replay: CommandLine) -> None:
    rum_replay.emulator.rate_limit = RateLimit(0, 3600)
    assert "limit 0" in rum_replay("playlists", "create", "a").failed()


def test_a_key_that_the_server_echoes_is_redacted(rum_replay: CommandLine) -> None:
    body = f'{{"errors":["bad key {API_KEY} with {APP_KEY}"]}}'.encode()
    rum_replay.emulator.faults.add(operation="CreateRumReplayPlaylist", status=403, body=body)
    assert "bad key [redacted] with [redacted]" in rum_replay("playlists", "create", "a").failed()


@pytest.mark.parametrize(
    "arguments",
    [
        ("playlists", "get", "not-a-number"),
        ("playlists", "list", "--page-size", "0"),
        ("playlists", "list", "--limit", "-1"),
        ("playlists", "add", "1", ".."),
    ],
)
def test_invalid_arguments_are_refused_before_anything_is_sent(
    rum_replay: CommandLine, arguments: tuple[str, ...]
) -> None:
    rum_replay(*arguments).failed()
    assert rum_replay.operations == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("playlists", "nonsense"),
        ("playlists", "get"),
        ("playlists", "get", "1", "2"),
        ("playlists", "list", "--limit", "many"),
        ("playlists", "list", "--api-key", "x"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(rum_replay: CommandLine, arguments: tuple[str, ...]) -> None:
    rum_replay.bare(*arguments).failed(status=2)


def test_an_unreachable_server_is_one_line(rum_replay: CommandLine) -> None:
    with Emulator().serve() as gone:
        pass
    line = rum_replay.bare("--base-url", gone, "--timeout", "1", "doctor", "--online")
    assert "ConnectError" in line.err
    assert line.status == 1


def test_text_from_a_server_cannot_control_the_terminal(rum_replay: CommandLine) -> None:
    name = "\x1b]0;title\x07 \x9b31m [red]x[/red] \u202eabc\nnext line"
    rum_replay("playlists", "create", name).succeeded()
    lines = rum_replay("playlists", "list").succeeded().lines
    assert len(lines) == 2
    assert r"\x1b]0;title\x07 \x9b31m [red]x[/red] \u202eabc\nnext line" in lines[1]


@contextmanager
def spawned(base_url: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "rum_replay", "--base-url", base_url, *arguments]
    environment = process_environment({"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY})
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def test_an_interrupt_is_one_line_and_status_130(rum_replay: CommandLine) -> None:
    rum_replay.emulator.faults.add(operation="ListRumReplayPlaylists", delay=30)
    with spawned(rum_replay.base_url, "playlists", "list") as process:
        deadline = time.monotonic() + 30
        while not rum_replay.operations and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == b""
    assert err.split() == [b"error:", b"interrupted"]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_reader_that_closes_the_pipe_early_ends_the_command_silently(
    rum_replay: CommandLine, options: tuple[str, ...]
) -> None:
    rum_replay("playlists", "create", "a")
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = subprocess.run(
        [sys.executable, "-m", "rum_replay", "--base-url", rum_replay.base_url, "playlists", "list", *options],
        stdout=write_end,
        stderr=subprocess.PIPE,
        env=process_environment({"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY}),
        check=False,
        timeout=60,
    )
    os.close(write_end)
    assert (process.returncode, process.stderr) == (1, b"")


def test_a_character_that_the_locale_lacks_is_escaped(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "Bügel 字幕").succeeded()
    process = subprocess.run(
        [sys.executable, "-m", "rum_replay", "--base-url", rum_replay.base_url, "playlists", "get", "1"],
        capture_output=True,
        env={
            **process_environment({"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY}),
            "PYTHONUTF8": "0",
            "PYTHONIOENCODING": "latin-1",
        },
        check=True,
        timeout=60,
    )
    assert b"B\xfcgel \\u5b57\\u5e55" in process.stdout


@pytest.mark.parametrize(
    ("redirection", "arguments", "message"),
    [
        ("<&-", ["playlists", "add", "1", "-"], "no session ids"),
        (">&-", ["--version"], ""),
        ("2>&-", ["--version"], ""),
        ("<odd", ["playlists", "add", "1", "-"], "half of a surrogate pair"),
    ],
)
def test_closed_or_undecodable_standard_streams_cause_no_traceback(
    redirection: str, arguments: list[str], message: str, tmp_path: Path
) -> None:
    (tmp_path / "odd").write_bytes(b"\xff\n")
    finished = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-m", "rum_replay", *arguments],
        cwd=tmp_path,
        env=process_environment(
            {"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY, "PYTHONUTF8": "0", "PYTHONIOENCODING": "utf-8:strict"}
        ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in finished.stderr
    assert message in finished.stderr
