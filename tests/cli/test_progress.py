"""Long work on a terminal: one line that says how far it is, and of which nothing is left at the end."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from rum_replay import ReplayClient
from rum_replay._cli.app import run
from rum_replay._cli.progress import Task, line
from rum_replay_emulator import Emulator, ManualClock, RateLimit

from .bench import RECORDED, CommandLine
from .terminal import errors_on_terminal, on_terminal, screen, without_colors

SPINNING = re.compile(r"^[|/\\-] ")

WORK = [
    (("segments", "summary", "RECORDED"), ("reading", "summarizing")),
    (("segments", "tree", "RECORDED"), ("reading",)),
    (("segments", "play", "RECORDED"), ("reading", "writing")),
    (("segments", "heatmap", "RECORDED"), ("reading", "finding clicks", "drawing")),
    (("segments", "export", "RECORDED", "-o", "tables"), ("reading", "exporting")),
    (("segments", "download", "SESSION", "VIEW", "FOLDER", "--max-list-size", "1"), ("downloading page 2",)),
    (("segments", "pages", "SESSION", "VIEW", "--max-list-size", "1"), ("fetching page 2",)),
    (("playlists", "add", "1", "s3", "s4"), ("adding: 1 of 2 sessions",)),
]


@pytest.mark.parametrize("columns", [20, 80])
@pytest.mark.parametrize(("words", "shown"), WORK, ids=[" ".join(words) for words, _ in WORK])
def test_one_line_shows_progress_and_vanishes(
    rum_replay: CommandLine,
    prepared: Mapping[str, str],
    tmp_path: Path,
    words: tuple[str, ...],
    shown: tuple[str, ...],
    columns: int,
) -> None:
    arguments = [prepared.get(word, word) for word in words]
    written = on_terminal(*arguments, cwd=tmp_path, COLUMNS=str(columns), RUM_REPLAY_BASE_URL=rum_replay.base_url)
    plain = without_colors(written)
    assert all(text[: columns - 2] in plain for text in shown)
    assert not [text for text in screen(written, columns) if SPINNING.match(text)]
    assert written.count("\x1b[?25l") == written.count("\x1b[?25h")  # the cursor is back
    assert written.count("\x1b[1A") == written.count("\x1b[?25h")  # nothing but the one line was ever erased
    spinning = [text for text in re.split(r"[\r\n]+", plain) if SPINNING.match(text)]
    assert max(map(len, spinning)) <= columns


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_erase_shows_none(term: str, tmp_path: Path) -> None:
    shown = on_terminal("segments", "play", str(RECORDED), "-o", str(tmp_path / "replay.html"), TERM=term)
    assert len(shown.splitlines()) == 1
    assert "\x1b" not in shown


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_such_a_terminal_gets_a_line_for_each_wait(
    rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    monkeypatch.setenv("TERM", term)
    rum_replay.emulator.faults.add(operation="ListRumReplayPlaylists", status=503, headers={"Retry-After": "9"})
    arguments = ["--base-url", rum_replay.base_url, "playlists", "list", "--json"]
    shown = errors_on_terminal(monkeypatch.setattr, lambda: run(arguments, clock=ManualClock(0)))
    assert re.fullmatch(r"GET /api/v2/rum/replay/playlists: 503, retrying in [0-9.]+ s\n", shown)


def test_the_log_takes_its_place(rum_replay: CommandLine) -> None:
    shown = on_terminal("-v", "--base-url", rum_replay.base_url, "playlists", "add", "1", "s")
    assert "rum_replay: PUT" in shown
    assert "adding" not in shown


def test_no_color_leaves_only_what_erases(rum_replay: CommandLine, tmp_path: Path) -> None:
    shown = on_terminal("segments", "play", str(RECORDED), "-o", str(tmp_path / "replay.html"), NO_COLOR="1")
    assert "writing" in shown
    assert not re.search(r"\x1b\[[0-9;]*m", shown)


@pytest.mark.parametrize(
    ("headers", "status", "expected"),
    [
        ({"Retry-After": "12"}, 429, r"- rate limit: waiting 1[23] s"),
        ({"Retry-After": "9"}, 503, r"- 503: waiting (9|10) s"),
    ],
)
def test_a_wait_before_another_attempt_is_shown(
    rum_replay: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    status: int,
    expected: str,
) -> None:
    rum_replay.emulator.faults.add(operation="ListRumReplayPlaylists", status=status, headers=headers)
    arguments = ["--base-url", rum_replay.base_url, "playlists", "list", "--json"]
    shown = errors_on_terminal(monkeypatch.setattr, lambda: run(arguments, clock=ManualClock(0)))
    assert re.search(expected.replace("- ", r"[|/\\-] "), shown)
    assert screen(shown, 80) == ["", ""]


def test_a_wait_for_a_rate_limit_that_is_known_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ManualClock(0)
    with Emulator(clock=clock, rate_limit=RateLimit(3, 30)).serve() as base_url:
        with ReplayClient(base_url=base_url) as replay:
            replay.playlists.create("a")
        arguments = ["--base-url", base_url, "playlists", "add", "1", "a", "b", "c"]
        shown = errors_on_terminal(monkeypatch.setattr, lambda: run(arguments, clock=clock))
    assert "rate limit: waiting 30 s" in shown
    assert clock.time() >= 30
    assert "adding: 3 of 3 sessions" in shown
    assert screen(shown, 80) == ["", ""]


def test_progress_is_on_standard_error_only(
    rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdout", out := io.StringIO())
    arguments = ["segments", "play", str(RECORDED), "-o", str(tmp_path / "replay.html")]
    assert "writing" in errors_on_terminal(monkeypatch.setattr, lambda: run(arguments))
    written = tmp_path / "replay.html"
    assert out.getvalue() == f"{written}: 2 views, {written.stat().st_size} bytes\n"


@pytest.mark.parametrize(
    ("task", "seconds", "expected"),
    [
        (Task("reading", "replay", "bytes"), 9, "reading replay"),
        (Task("reading", "", "bytes"), 9, "reading"),
        (Task("reading", "replay", "bytes", 12_000_000), 0, "reading: 0 bytes of 12.0 MB (replay)"),
        (Task("reading", "", "bytes", 12_000_000, 3_100_000), 2, "reading: 3.1 MB of 12.0 MB, 1.6 MB/s"),
        (Task("reading", "", "bytes", None, 1_234_567_890_123), 0.5, "reading: 1,234.6 GB"),
        (Task("reading", "", "bytes", None, 2048), 0.5, "reading: 2.0 kB"),
        (Task("adding", "", "sessions", 40, 12), 5, "adding: 12 of 40 sessions, 2.4/s"),
        (Task("exporting", "a", "records", 50_000, 12_345), 1, "exporting: 12,345 of 50,000 records, 12,345/s (a)"),
        (Task("writing", "", "records", None, 30), 60, "writing: 30 records, 0.5/s"),
    ],
)
def test_the_line(task: Task, seconds: float, expected: str) -> None:
    assert line(task, seconds) == expected
