"""`-o table|json|yaml|csv`: rows for people, documents for programs, and CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml
from rum_replay._cli.output import Column, Output, column_name, counted
from rum_replay._extras import install_command

from .bench import CommandLine, Result, TerminalInput, run_process
from .commands import COMMANDS
from .test_output import BIDIRECTIONAL, CONTROLS, OTHERS

ROW_COMMANDS = {
    "sessions search": "list",
    "sessions views": "list",
    "sessions link": "one",
    "sessions download": "one",
    "events search": "list",
    "archive": "list",
    "open": "one",
    "playlists list": "list",
    "playlists create": "one",
    "playlists get": "one",
    "playlists update": "one",
    "playlists delete": "one",
    "playlists sessions": "list",
    "playlists add": "list",
    "playlists remove": "list",
    "heatmaps list": "list",
    "heatmaps create": "one",
    "heatmaps update": "one",
    "heatmaps delete": "one",
    "viewership record": "one",
    "viewership delete": "one",
    "viewership watchers": "list",
    "viewership history": "list",
    "segments download": "one",
    "segments pages": "list",
    "segments summary": "list",
    "segments timeline": "list",
    "audit watches": "list",
    "doctor": "one",
}
"""The commands that take --output, and whether their document is a list."""

OTHER_COMMANDS = [
    "segments steps",
    "segments tree",
    "segments play",
    "segments heatmap",
    "segments export",
    "emulator",
    "demo",
    "completion",
]

CSV_NAMES = {
    "sessions search": "session started_at duration_ms views completed first_page application",
    "sessions views": "view started_at duration_ms segments page name application",
    "sessions download": "view pages bytes",
    "events search": "time type session view path view_name application id",
    "playlists list": "id name sessions created_at created_by",
    "playlists get": "id name sessions created_at created_by updated_at description user_uuid",
    "playlists sessions": "session track",
    "playlists remove": "type id playlist_id removed",
    "heatmaps list": "id name view device start_ms modified_at",
    "viewership record": "id watched_at application event data_source",
    "viewership watchers": "user name uuid watches last_watched_at",
    "viewership history": "session last_watched_at track event",
    "segments download": "file bytes sha_256",
    "segments pages": "page bytes sha_256 content_type next_paging",
    "audit watches": "session user name uuid watches last_watched_at event track found_in",
    "segments timeline": """
        time_ms kind what_happened fragment role name selector tab session view timestamp_ms
    """,
    "segments summary": """
        session view started_at duration_ms active_ms records bytes uploaded_bytes viewport resizes clicks key_inputs
        selections scrolls seen_down_to_px rage_clicks dead_clicks frustrations_recorded segments_missing pages
    """,
}


def run(rum_replay: CommandLine, words: Mapping[str, str], name: str, *options: str) -> Result:
    row = COMMANDS[name]
    arguments = [words.get(word, word) for part in (*row.required, row.runs[0]) for word in part]
    execute = rum_replay if row.runs_on_emulator else rum_replay.bare
    return execute(*name.split(), *arguments, *options)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_command_is_in_one_of_the_lists() -> None:
    assert {*ROW_COMMANDS, *OTHER_COMMANDS} == COMMANDS.keys()


@pytest.mark.parametrize("name", ROW_COMMANDS)
@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_document_has_the_objects_of_json_lines(
    rum_replay: CommandLine, prepared: Mapping[str, str], name: str, form: str
) -> None:
    printed = run(rum_replay, prepared, name, "--output", form).succeeded().out
    document = json.loads(printed) if form == "json" else yaml.safe_load(printed)
    assert isinstance(document, list) == (ROW_COMMANDS[name] == "list")
    objects = document if isinstance(document, list) else [document]
    kinds = {one.get("type", "") for one in objects}
    assert kinds == set(COMMANDS[name].keys)
    if form == "yaml":
        assert not printed.lstrip("- ").startswith(("{", "["))


@pytest.mark.parametrize("name", CSV_NAMES)
def test_csv_has_a_header_and_all_columns(rum_replay: CommandLine, prepared: Mapping[str, str], name: str) -> None:
    result = run(rum_replay, prepared, name, "-o", "csv")
    assert result.status == 0
    assert result.err.startswith("what the API cannot know" if name == "audit watches" else "")
    printed = result.out
    header, *rows = csv.reader(io.StringIO(printed, newline=""))
    assert header == CSV_NAMES[name].split()
    assert rows
    assert {len(row) for row in rows} == {len(header)}


@pytest.mark.parametrize("name", [name for name in ROW_COMMANDS if name not in CSV_NAMES])
def test_other_commands_that_print_one_thing_have_csv_too(
    rum_replay: CommandLine, prepared: Mapping[str, str], name: str
) -> None:
    assert len(rows_of(run(rum_replay, prepared, name, "-o", "csv").succeeded().out)) == 1


@pytest.mark.parametrize("name", ROW_COMMANDS)
def test_tables_are_the_default(rum_replay: CommandLine, prepared: Mapping[str, str], name: str) -> None:
    if name.rsplit(maxsplit=1)[-1] in ("create", "update", "record", "delete", "remove", "archive"):
        words = {**prepared, "1": "2"} if name == "playlists delete" else prepared
        assert run(rum_replay, words, name, "-o", "table").status == 0
    else:
        assert run(rum_replay, prepared, name, "-o", "table").out == run(rum_replay, prepared, name).out


@pytest.mark.parametrize("name", OTHER_COMMANDS)
def test_commands_without_rows_refuse_the_format(rum_replay: CommandLine, name: str) -> None:
    required = [word for part in COMMANDS[name].required for word in part]
    line = rum_replay.bare("-o", "yaml", *name.split(), *required).failed(status=2)
    assert f"--output does not apply to `rum-replay {name}`, which prints no rows" in line
    has_output = name.rsplit(maxsplit=1)[-1] in ("play", "heatmap", "export", "steps")
    assert ("its own --output goes after it" in line) == has_output


@pytest.mark.parametrize("position", [0, 1, 2])
def test_the_format_can_be_given_anywhere(rum_replay: CommandLine, position: int) -> None:
    rum_replay("playlists", "create", "a").succeeded()
    arguments = ["playlists", "list"]
    arguments[position:position] = ["-o", "json"]
    assert [one["id"] for one in json.loads(rum_replay(*arguments).succeeded().out)] == ["1"]


def test_json_lines_and_a_format_exclude_each_other(rum_replay: CommandLine) -> None:
    assert "exclude each other" in rum_replay("playlists", "list", "--json", "-o", "csv").failure(2)["message"]
    assert rum_replay.operations == []


@pytest.mark.parametrize(("form", "nothing"), [("json", "[]\n"), ("yaml", "[]\n")])
def test_an_empty_list_is_an_empty_document(rum_replay: CommandLine, form: str, nothing: str) -> None:
    assert rum_replay("playlists", "list", "-o", form).succeeded().out == nothing


def test_an_empty_list_is_a_header_in_csv(rum_replay: CommandLine) -> None:
    assert rum_replay("playlists", "list", "-o", "csv").succeeded().lines == [
        '"id","name","sessions","created_at","created_by"'
    ]


@pytest.mark.parametrize("form", ["json", "yaml", "csv"])
def test_a_list_that_fails_at_once_prints_nothing(rum_replay: CommandLine, form: str) -> None:
    rum_replay.emulator.faults.add(operation="ListRumReplayPlaylists", status=400)
    assert rum_replay("playlists", "list", "-o", form).out == ""


@pytest.mark.parametrize("form", ["json", "yaml", "csv"])
def test_what_was_done_before_a_failure_is_printed(rum_replay: CommandLine, form: str) -> None:
    rum_replay("playlists", "create", "a").succeeded()
    rum_replay.emulator.faults.add(operation="AddRumReplaySessionToPlaylist", headers={"X": "y"}, times=2)
    rum_replay.emulator.faults.add(operation="AddRumReplaySessionToPlaylist", status=404)
    result = rum_replay("playlists", "add", "1", "s1", "s2", "s3", "-o", form)
    assert result.status == 1
    read: dict[str, Callable[[str], Any]] = {"json": json.loads, "yaml": yaml.safe_load, "csv": rows_of}
    printed = [one["id"] for one in read[form](result.out)]
    assert "s1" in printed
    assert len(printed) == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''-"])
def test_csv_does_not_run_in_spreadsheets(rum_replay: CommandLine, text: str) -> None:
    rum_replay("playlists", "create", "--description", text, "--", text).succeeded()
    (row,) = rows_of(rum_replay("playlists", "get", "1", "-o", "csv").succeeded().out)
    assert (row["name"], row["description"]) == (f"'{text}", f"'{text}")


def test_csv_keeps_quotes_commas_line_feeds_and_letters(rum_replay: CommandLine) -> None:
    text = 'Bügel, "字幕"\nsecond line'
    rum_replay("playlists", "create", text).succeeded()
    (row,) = rows_of(rum_replay("playlists", "list", "-o", "csv").succeeded().out)
    assert row["name"] == text


def test_csv_has_plain_numbers_and_times_and_empty_cells(rum_replay: CommandLine, recorded: str) -> None:
    rum_replay("playlists", "create", "a").succeeded()
    (line,) = rum_replay("playlists", "get", "1", "-o", "csv").succeeded().lines[1:]
    cells = line.split(",")
    assert cells[:3] == ['"1"', '"a"', "0"]
    assert cells[3].endswith("Z")
    assert cells[6] == ""
    (view,) = rows_of(rum_replay.bare("segments", "summary", recorded, "-o", "csv").succeeded().out)
    assert (view["duration_ms"], view["seen_down_to_px"]) == ("12524", "1300")
    assert view["started_at"] == "2026-11-21T02:59:57.735Z"


def test_csv_has_the_chosen_columns(rum_replay: CommandLine, recorded: str) -> None:
    options = ["-o", "csv", "--columns", "clicks,session"]
    assert rum_replay.bare("segments", "summary", recorded, *options).succeeded().lines == [
        '"clicks","session"',
        '14,"55cef32f-9fce-475f-b62d-f34b38c1640c"',
    ]


def test_csv_of_sessions(rum_replay: CommandLine, recorded: str) -> None:
    (row,) = rows_of(
        rum_replay.bare("segments", "summary", recorded, "-o", "csv", "--table", "sessions").succeeded().out
    )
    assert (row["views"], row["clicks"]) == ("1", "14")


@pytest.mark.parametrize("form", ["json", "yaml", "csv"])
def test_no_form_prints_an_unsafe_character(rum_replay: CommandLine, form: str) -> None:
    unsafe = "".join([*CONTROLS, *BIDIRECTIONAL, *OTHERS[:-4]])
    rum_replay("playlists", "create", "name", "--description", unsafe).succeeded()
    printed = rum_replay("playlists", "get", "1", "-o", form).succeeded().out
    assert "u202e" in printed.lower()
    assert set(printed) & set(unsafe) == {"\n"}
    if form != "csv":
        read = json.loads if form == "json" else yaml.safe_load
        assert read(printed)["attributes"]["description"] == unsafe


def test_yaml_looks_like_yaml(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "Bügel: yes", "--description", "no").succeeded()
    lines = rum_replay("playlists", "list", "-o", "yaml").succeeded().lines
    assert lines[0] == "- id: '1'"
    assert "    name: 'Bügel: yes'" in lines
    assert "    description: 'no'" in lines


def test_yaml_is_escaped_where_the_locale_lacks_a_character(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "字幕").succeeded()
    done = run_process(
        *("--base-url", rum_replay.base_url, "playlists", "list", "-o", "yaml"),
        environment={"DD_API_KEY": "secret-api-key-0c1d2e3f", "DD_APP_KEY": "secret-application-key-4a5b6c7d"}
        | {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"},
    )
    assert yaml.safe_load(done.succeeded().out)[0]["attributes"]["name"] == "字幕"


def test_without_pyyaml_nothing_is_sent(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    rum_replay("playlists", "create", "a").succeeded()
    rum_replay.emulator.requests.clear()
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert install_command("cli") in rum_replay("playlists", "delete", "1", "--yes", "-o", "yaml").failed()
    assert rum_replay.operations == []


def test_sentences_and_notes_are_for_tables_only(rum_replay: CommandLine, recorded: str) -> None:
    for form in ("json", "yaml", "csv"):
        assert "* active time" not in rum_replay.bare("segments", "summary", recorded, "-o", form).out.split("rules")[0]


def test_a_confirmation_does_not_disturb_a_document(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a").succeeded()
    result = rum_replay("playlists", "delete", "1", "-o", "json", stdin=TerminalInput("y\n"))
    assert json.loads(result.out)["deleted"] is True


@pytest.mark.parametrize(("count", "text"), [(0, "0 pages"), (1, "1 page"), (2, "2 pages")])
def test_one_page_is_not_several(count: int, text: str) -> None:
    assert counted(count, "page") == text


@pytest.mark.parametrize(
    ("heading", "column", "name"),
    [
        ("id", None, "id"),
        ("created at", None, "created_at"),
        ("rage clicks*", None, "rage_clicks"),
        ("SHA-256", None, "sha_256"),
        ("active*", Column[int](int, str, "ms"), "active_ms"),
    ],
)
def test_names_of_columns(heading: str, column: object, name: str) -> None:
    assert column_name(heading, column) == name


def test_a_document_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output("json")
    output.json({"a": 1})
    output.finish()
    output.finish()
    assert json.loads(capsys.readouterr().out) == {"a": 1}
