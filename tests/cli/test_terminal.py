"""On a real terminal: colors, wrapping instead of cutting, and a question before anything is deleted."""

from __future__ import annotations

import re
from pathlib import Path

from rum_replay_emulator.sample import SampleSession

from .bench import CommandLine
from .terminal import on_terminal, without_colors


def test_tables_are_colored_and_wrapped_without_losing_a_character(rum_replay: CommandLine) -> None:
    for _ in range(4):
        rum_replay("playlists", "create", "Q" * 100)
    shown = on_terminal("--base-url", rum_replay.base_url, "playlists", "list", COLUMNS="70")
    assert "\x1b[1mname" in shown
    plain = without_colors(shown)
    assert plain.count("Q") == 400
    note = plain.index("not shown")
    assert all(len(line.rstrip()) <= 70 for line in plain[:note].splitlines())
    assert "not shown, for lack of space: created at, created by" in plain


def test_no_color_is_respected(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a")
    assert "\x1b[3" not in on_terminal("--base-url", rum_replay.base_url, "playlists", "list", NO_COLOR="1")


def test_one_thing_is_shown_as_fields(rum_replay: CommandLine) -> None:
    shown = on_terminal("--base-url", rum_replay.base_url, "playlists", "create", "Checkout bugs")
    assert re.search(r"^name +Checkout bugs", without_colors(shown), re.MULTILINE)


def test_a_deletion_asks_and_respects_the_answer(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a")
    delete = ["--base-url", rum_replay.base_url, "playlists", "delete", "1"]
    assert "not confirmed" in on_terminal(*delete, typed="n\n")
    assert "deleted playlist 1" in on_terminal(*delete, typed="y\n")


def test_a_download_shows_its_progress(rum_replay: CommandLine, sample: SampleSession, tmp_path: Path) -> None:
    view = sample.views[0]
    arguments = ["segments", "download", sample.session_id, view.view_id, str(tmp_path), "--max-list-size", "1"]
    plain = without_colors(on_terminal("--base-url", rum_replay.base_url, *arguments))
    assert "page 2" in plain
    assert "ended at: no token found" in plain


def test_the_demo_fits_into_80_columns() -> None:
    plain = without_colors(on_terminal("demo"))
    assert [line for line in plain.splitlines() if len(line) > 80 and "PATH=" not in line] == []
    assert "All checks passed" in plain
