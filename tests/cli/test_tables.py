"""Tables on terminals of all widths: nothing is cut off, and headings are never broken within a word."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len
from rum_replay._cli.tables import Grid, print_grid, wrap

from .bench import RECORDED, CommandLine, Result, TerminalOutput, without_colors
from .commands import COMMANDS

WIDTHS = (60, 80, 100, 120, 160, 200)
TABLES = [name for name, row in COMMANDS.items() if row.headings]
RECORDINGS = [str(folder) for folder in sorted(RECORDED.parent.glob("browser-sdk-7.[019]*"))]
SESSIONS = [f"1f0d7a52-0000-4000-8000-00000000000{number}" for number in range(6)]
UUID = "70ff591c-e788-45b6-8bd8-b5d40a933709"
LONG_NAME = "Checkout bugs that somebody should look at before the next release, " + "W" * 45


@pytest.fixture(params=["few rows", "many rows"])
def words(rum_replay: CommandLine, prepared: Mapping[str, str], request: pytest.FixtureRequest) -> Mapping[str, str]:
    """What the words of commands.py mean, with one or two rows in each table, or with six or more."""
    if request.param == "few rows":
        return prepared
    user = rum_replay.emulator.user
    for number, session_id in enumerate(SESSIONS):
        rum_replay("playlists", "create", LONG_NAME).succeeded()
        rum_replay("playlists", "add", "1", session_id).succeeded()
        create = ("heatmaps", "create", LONG_NAME, "--view-name", "/checkout", "--application-id", "a")
        rum_replay(*create, "--device-type", "desktop", "--event-id", "e", "--start", "1").succeeded()
        record = ("viewership", "record", "--application-id", "a", "--event-id", session_id)
        rum_replay(*record, session_id).succeeded()
        rum_replay.emulator.user = type(user)(handle=f"somebody.{number}@example.com", uuid=session_id)
        rum_replay(*record, "s1").succeeded()
    rum_replay.emulator.user = user
    segments = [b"%d" % number * 50 for number in range(6)]
    rum_replay.emulator.load_segments(prepared["SESSION"], prepared["VIEW"], segments)
    return {**prepared, "RECORDED": " ".join(RECORDINGS)}


def command(name: str, rum_replay: CommandLine, words: Mapping[str, str]) -> list[str]:
    row = COMMANDS[name]
    target = ["--base-url", rum_replay.base_url] if row.runs_on_emulator else []
    given = [words.get(word, word) for part in (*row.required, row.runs[0]) for word in part]
    arguments = [word for one in given for word in (one.split(" ") if one == words["RECORDED"] else [one])]
    paging = ["--max-list-size", "1"] if name in ("segments pages", "segments download") else []
    return [*target, *name.split(), *arguments, *paging]


def left_out(result: Result) -> list[str]:
    """The headings for which there was no room."""
    notes = re.findall(r"^not shown, for lack of space: (.*); choose with", result.err, re.MULTILINE)
    return [heading for note in notes for heading in note.split(", ")]


@pytest.mark.parametrize("name", TABLES)
def test_lines_fit_and_the_words_of_headings_are_whole(
    rum_replay: CommandLine, words: Mapping[str, str], name: str
) -> None:
    for width in WIDTHS:
        result = rum_replay.on_terminal(width, *command(name, rum_replay, words))
        assert result.status == 0, result.err
        rows = [line for line in result.lines if not re.search(r"ended at: |\d bytes of ", line)]
        assert [line for line in rows if len(line) > width] == []
        shown = [heading for heading in COMMANDS[name].headings if heading not in left_out(result)]
        missing = {word for heading in shown for word in heading.split()} - set(result.out.split())
        assert not missing, f"{width} columns:\n{result.out}"
        assert "…" not in result.out


GRID = Grid(
    ["id", "a long heading", "address", "name", "watched at"],
    [
        [UUID, "yes", "http://127.0.0.1:44033/checkout/second?step=3&of=7", LONG_NAME, "2026-11-21T02:59:57.735Z"],
        [UUID[::-1], "-", "字幕" * 30, "W" * 80, "-"],
    ],
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("repeated", [1, 3], ids=["few rows", "many rows"])
@pytest.mark.parametrize("keep_all", [True, False])
def test_no_character_of_a_cell_is_lost(
    monkeypatch: pytest.MonkeyPatch, width: int, repeated: int, keep_all: bool
) -> None:
    terminal = TerminalOutput()
    monkeypatch.setattr(sys, "stdout", terminal)
    for name, value in {"COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    grid = Grid(GRID.headings, [*GRID.rows] * repeated)
    lacking = print_grid(grid, pytest.fail, first=["watched at", "name"], keep_all=keep_all)
    shown = without_colors(terminal.getvalue())
    assert [line for line in shown.splitlines() if cell_len(line) > width] == []
    assert not lacking or (repeated == 3 and not keep_all)
    part = grid.part([number for number, heading in enumerate(grid.headings) if heading not in lacking])
    are_fields = bool(re.search("^watched at +2026", shown, re.MULTILINE))  # then each row repeats the headings
    headings = "".join(part.headings) * (len(grid.rows) if are_fields else 1)
    expected = headings + "".join(cell for row in part.rows for cell in row)
    assert Counter(squeezed(shown)) == Counter(squeezed(expected))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_few_sessions_and_views_are_shown_as_fields(rum_replay: CommandLine) -> None:
    lines = rum_replay.on_terminal(80, "segments", "summary", str(RECORDED)).lines
    assert lines[0] == "session                55cef32f-9fce-475f-b62d-f34b38c1640c"
    assert "rage clicks*           1" in lines
    assert lines.count("") == 3  # after the session, between two views, before the rules


def test_many_views_are_a_table_of_the_columns_that_matter_and_the_others_are_named(rum_replay: CommandLine) -> None:
    result = rum_replay.on_terminal(80, "segments", "summary", *RECORDINGS, "--table", "views")
    assert result.lines[:3] == [
        "view                                  duration  clicks  rage clicks*  dead",
        "                                                                      clicks*",
        "4e39b739-d3f4-498c-aa42-e4e070cae240  12.6 s    14      1             3",
    ]
    assert left_out(result)[:2] == ["started at", "active*"]


def test_chosen_columns_are_all_shown_in_the_given_order(rum_replay: CommandLine) -> None:
    options = ["--table", "views", "--columns", "clicks,view,started_at,pages"]
    result = rum_replay.on_terminal(80, "segments", "summary", *RECORDINGS, *options)
    assert result.lines[0].split() == ["clicks", "view", "started", "at", "pages"]
    assert "not shown" not in result.err
    piped = rum_replay.bare("segments", "summary", *RECORDINGS, *options).lines
    assert re.split("  +", piped[0]) == ["clicks", "view", "started at", "pages"]


def test_all_columns_can_be_chosen(rum_replay: CommandLine) -> None:
    result = rum_replay.on_terminal(80, "segments", "summary", *RECORDINGS, "--columns", "all")
    missing = {word for heading in COMMANDS["segments summary"].headings for word in heading.split()}
    assert missing - set(result.out.split()) == set()
    assert "not shown" not in result.err


@pytest.mark.parametrize("given", ["duration", "duration_ms", "Duration MS"])
def test_columns_are_named_with_or_without_their_unit(rum_replay: CommandLine, recorded: str, given: str) -> None:
    lines = rum_replay.bare("segments", "summary", recorded, "--columns", given).succeeded().lines
    assert lines[0] == "duration"


def test_a_table_without_any_chosen_column_is_left_out(rum_replay: CommandLine, recorded: str) -> None:
    lines = rum_replay.bare("segments", "summary", recorded, "--columns", "viewport").succeeded().lines
    assert lines[:3] == ["viewport", "1000x700", ""]


def test_the_size_of_a_viewport_is_rounded(rum_replay: CommandLine, tmp_path: Path) -> None:
    meta = {"type": 4, "timestamp": 1, "data": {"href": "http://shop/", "width": 980.5714, "height": 1743.25}}
    (tmp_path / "segment.json").write_text(json.dumps({"records": [meta]}))
    result = rum_replay.bare("segments", "summary", str(tmp_path), "--columns", "viewport")
    assert result.out.splitlines()[:2] == ["viewport", "981x1743"]


@pytest.mark.parametrize("given", ["nonsense", "", "id,", "all,id"])
def test_an_unknown_column_is_a_usage_error_that_lists_the_known_ones(rum_replay: CommandLine, given: str) -> None:
    line = rum_replay("playlists", "list", "--columns", given).failed(status=2)
    assert "there are id, name, sessions, created_at, created_by, or `all`" in line
    assert rum_replay.operations == []


@pytest.mark.parametrize("form", [["--json"], ["-o", "json"], ["-o", "yaml"]])
def test_objects_have_no_columns_to_choose(rum_replay: CommandLine, form: list[str]) -> None:
    result = rum_replay("playlists", "list", "--columns", "id", *form)
    assert result.status == 2
    assert "--columns is for tables and CSV" in result.err
    assert rum_replay.operations == []


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("short", 10, ["short"]),
        ("two words", 8, ["two", "words"]),
        ("70ff591c-e788-45b6-8bd8-b5d40a933709", 20, ["70ff591c-e788-45b6-", "8bd8-b5d40a933709"]),
        ("a 70ff591c-e788-45b6", 10, ["a", "70ff591c-", "e788-45b6"]),
        ("http://127.0.0.1:44033/second", 24, ["http://127.0.0.1:44033/", "second"]),
        ("W" * 25, 10, ["W" * 10, "W" * 10, "W" * 5]),
        ("-" + "W" * 15, 10, ["-" + "W" * 9, "W" * 6]),  # not after the first character
        ("字" * 6, 5, ["字字", "字字", "字字"]),
        ("", 5, [""]),
    ],
)
def test_wrapping(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines
