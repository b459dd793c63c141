"""`rum-replay segments summary`, `tree` and `export`, on downloads and on other sources."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rum_replay._extras import install_command
from rum_replay_emulator.sample import SampleSession

from .bench import RECORDED, BinaryInput, CommandLine, run_process

VIEW, SECOND_VIEW = "70ff591c-e788-45b6-8bd8-b5d40a933709", "a8c95592-91f3-49ea-8396-efc748d1e212"
SESSION = "55cef32f-9fce-475f-b62d-f34b38c1640c"
BOUGHT = 1_795_230_000_613
"""When the page of `tree-1-bought.json` was taken."""


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A folder with the segments of a recording and their metadata."""
    target = tmp_path / "recorded"
    target.mkdir()
    for file in RECORDED.glob("seg-*"):
        (target / file.name).write_bytes(file.read_bytes())
    return str(target)


def table(lines: list[str], first: str) -> list[dict[str, str]]:
    """The rows of the table that begins with a heading."""
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{first} "))
    headings = re.split(r"  +", lines[start])
    rows = []
    for line in lines[start + 1 :]:
        if not line:
            break
        rows.append(dict(zip(headings, re.split(r"  +", line), strict=True)))
    return rows


class TestSummary:
    def test_a_table_of_sessions_and_one_of_views_with_the_rules(self, rum_replay: CommandLine, folder: str) -> None:
        lines = rum_replay.bare("segments", "summary", folder).succeeded().lines
        (session,) = table(lines, "session")
        assert session["session"] == SESSION
        headings = (
            "views",
            "duration",
            "active*",
            "uploaded bytes",
            "clicks",
            "key inputs*",
            "rage clicks*",
            "dead clicks*",
        )
        assert [session[name] for name in headings] == ["2", "13.4 s", "9.8 s", "7905", "15", "11", "1", "3"]
        first, second = table(lines, "view")
        assert (first["view"], second["view"]) == (VIEW, SECOND_VIEW)
        shown = ("viewport", "seen down to", "scrolls", "resizes", "selections*", "segments missing")
        assert [first[name] for name in shown] == ["1000x700", "1300 px", "3", "1", "3", "-"]
        counted = ("duration", "active*", "records", "bytes", "uploaded bytes", "clicks", "key inputs*", "rage clicks*")
        assert [first[name] for name in counted] == ["12.5 s", "9.8 s", "117", "15819", "5425", "14", "11", "1"]
        assert [first[name] for name in ("started at", "dead clicks*")] == ["2026-11-21T02:59:57.735Z", "3"]
        assert [session[name] for name in ("started at", "pages")] == ["2026-11-21T02:59:57.735Z", "2"]
        assert second["pages"] == "http://127.0.0.1:44033/second"
        rules = [line[:14] for line in lines if line.startswith("* ")]
        assert rules[-3:] == ["* rage click: ", "* dead click: ", "* differences "]
        assert len(rules) == 9

    def test_json_is_an_object_a_line(self, rum_replay: CommandLine, folder: str) -> None:
        session, *views, notes = rum_replay.bare("segments", "summary", folder, "--json").succeeded().objects
        assert (session["type"], session["clicks"], session["heuristics"]["dead_clicks"]) == ("session", 15, 3)
        assert [(view["type"], view["clicks"]) for view in views] == [("view", 14), ("view", 1)]
        assert (notes["type"], notes["problems"], len(notes["rules"])) == ("notes", [], 9)

    def test_a_download_is_a_source(self, rum_replay: CommandLine, sample: SampleSession, tmp_path: Path) -> None:
        for view in sample.views:
            rum_replay(
                "segments", "download", sample.session_id, view.view_id, str(tmp_path / view.view_id)
            ).succeeded()
        downloads = [str(tmp_path / view.view_id) for view in sample.views]
        session, *views, _ = rum_replay.bare("segments", "summary", *downloads, "--json").succeeded().objects
        assert session["session_id"] == sample.session_id
        assert [view["view_id"] for view in views] == [view.view_id for view in sample.views] == session["views"]

    def test_views_in_several_sources_count_once(self, rum_replay: CommandLine, folder: str) -> None:
        session, *_ = rum_replay.bare("segments", "summary", folder, folder, "--json").succeeded().objects
        assert (session["clicks"], len(session["views"])) == (15, 2)

    def test_problems_are_notes_on_standard_error(self, rum_replay: CommandLine, folder: str) -> None:
        next(Path(folder).glob("*idx1.zlib")).unlink()
        result = rum_replay.bare("segments", "summary", folder)
        assert result.status == 0
        assert f"problem: view {VIEW}: segment 1 is missing" in result.err.splitlines()
        (first, _) = table(result.lines, "view")
        assert first["segments missing"] == "1-1"
        *_, notes = rum_replay.bare("segments", "summary", folder, "--json").objects
        assert f"view {VIEW}: segment 1 is missing" in notes["problems"]

    def test_text_of_a_recording_does_not_control_the_terminal(self, rum_replay: CommandLine, tmp_path: Path) -> None:
        hostile = "http://shop/\x1b[31m\n\u202e"
        meta = {"type": 4, "timestamp": 1, "data": {"width": 1, "height": 1, "href": hostile}}
        (tmp_path / "x").write_text(json.dumps({"records": [meta], "view": {"id": hostile}}))
        result = rum_replay.bare("segments", "summary", str(tmp_path / "x"))
        assert not re.search(r"[\x1b\u202e]", result.out + result.err)
        assert result.status == 0


class TestTree:
    def test_an_outline_of_the_end_of_the_only_view(self, rum_replay: CommandLine, tmp_path: Path) -> None:
        for file in RECORDED.glob("*a8c95592*.zlib"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
        lines = rum_replay.bare("segments", "tree", str(tmp_path)).succeeded().lines
        assert lines[:3] == ["#document", "  #doctype html", '  html lang="en"']
        assert '        "Second view"' in lines
        assert '        input id="name" name="name" placeholder="Name" (value "Ada")' in lines
        assert '          input id="cb" type="checkbox" name="cb" (value "on") (checked)' in lines
        assert '          option value="b" (selected)' in lines
        assert [line for line in lines if "#shadow-root" in line] == ["        #shadow-root"]

    @pytest.mark.parametrize("at", [str(BOUGHT), "2026-11-21T03:00:00.613Z", "2026-11-21T04:00:00.613+01:00"])
    def test_the_page_at_a_time(self, rum_replay: CommandLine, folder: str, at: str) -> None:
        page = rum_replay.bare("segments", "tree", folder, "--view", VIEW[:4], "--at", at, "--json").succeeded().objects
        assert [one["time"] <= BOUGHT for one in page] == [True]
        assert "first (2)" in json.dumps(page)
        assert "inserted before" not in json.dumps(page)

    def test_html_of_the_page(self, rum_replay: CommandLine, folder: str) -> None:
        html = rum_replay.bare("segments", "tree", folder, "--view", SECOND_VIEW, "--html").succeeded().out
        assert html.startswith("<!DOCTYPE html><html lang=")
        assert "Second view" in html
        assert "<script" not in html

    def test_html_does_not_control_the_terminal(self, rum_replay: CommandLine, tmp_path: Path) -> None:
        node = {"type": 0, "id": 0, "childNodes": [{"type": 3, "id": 1, "textContent": "a\x1b[2J\x9b\tb\n"}]}
        made = {"type": 2, "timestamp": 1, "data": {"node": node, "initialOffset": {"top": 0, "left": 0}}}
        (tmp_path / "x").write_text(json.dumps({"records": [made]}))
        assert (
            "a\ufffd[2J\ufffd\tb\n"
            in rum_replay.bare("segments", "tree", str(tmp_path / "x"), "--html").succeeded().out
        )
        outline = rum_replay.bare("segments", "tree", str(tmp_path / "x")).succeeded().out
        assert '"a\\x1b[2J\\x9b b"' in outline

    def test_a_deeply_nested_page_is_shown_in_all_forms(self, rum_replay: CommandLine, tmp_path: Path) -> None:
        nodes: list[Any] = [[None, "#document"], [1, "DIV"], *([1, "B"] for _ in range(5_000))]
        made = {"type": 2, "timestamp": 1, "format": 1, "data": [[1, *nodes]]}
        (tmp_path / "x").write_text(json.dumps({"records": [made]}))
        arguments = ("segments", "tree", str(tmp_path / "x"))
        lines = rum_replay.bare(*arguments).succeeded().lines
        assert len(lines) == 5_002
        assert max(len(line) - len(line.lstrip()) for line in lines) == 200
        assert rum_replay.bare(*arguments, "--html").succeeded().out.count("<b>") == 5_000
        (page,) = rum_replay.bare(*arguments, "--json").succeeded().objects
        assert page["tree"]["c"][0]["n"] == "div"

    def test_long_text_is_shortened_and_scrolling_is_shown(self, rum_replay: CommandLine, tmp_path: Path) -> None:
        texts = ["a" * 100, "b" * 101]
        children = [{"type": 3, "id": number, "textContent": text} for number, text in enumerate(texts, 1)]
        root = {"type": 0, "id": 0, "childNodes": children}
        made = {"type": 2, "timestamp": 1, "data": {"node": root, "initialOffset": {"top": 40, "left": 0}}}
        (tmp_path / "x").write_text(json.dumps({"records": [made]}))
        lines = rum_replay.bare("segments", "tree", str(tmp_path / "x")).succeeded().lines
        assert lines[0] == "#document (scrolled 0 px right, 40 px down)"
        assert lines[1:] == [f'  "{"a" * 100}"', f'  "{"b" * 99}…"']

    def test_one_of_several_views_must_be_chosen(self, rum_replay: CommandLine, folder: str) -> None:
        error = rum_replay.bare("segments", "tree", folder).failed(2)
        assert "there are 2 views; choose one with --view" in error
        assert VIEW in error
        assert SECOND_VIEW in error
        assert "there is no view 'zz'" in rum_replay.bare("segments", "tree", folder, "--view", "zz").failed(2)

    def test_before_the_first_snapshot_there_is_no_page(self, rum_replay: CommandLine, folder: str) -> None:
        assert (
            "no page at that time" in rum_replay.bare("segments", "tree", folder, "--view", VIEW, "--at", "5").failed()
        )

    def test_html_and_json_exclude_each_other(self, rum_replay: CommandLine, folder: str) -> None:
        assert (
            "exclude each other"
            in rum_replay.bare("segments", "tree", folder, "--html", "--json").failure(2)["message"]
        )


class TestExport:
    @pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
    def test_tables_are_written_and_counted(
        self, rum_replay: CommandLine, folder: str, tmp_path: Path, format: str
    ) -> None:
        out = tmp_path / "out"
        result = rum_replay.bare("segments", "export", folder, "-o", str(out), "--format", format).succeeded()
        assert result.lines == [f"129 records, 2 views, 1 session in 5 files in {out}"]
        assert len(list(out.rglob(f"*.{format}"))) == 5
        again = rum_replay.bare("segments", "export", folder, "-o", str(out), "--format", format, "--json")
        (printed,) = again.succeeded().objects
        assert printed["rows"] == {"records": 129, "views": 2, "sessions": 1}
        assert sorted(printed["files"]) == sorted(str(path) for path in out.glob("*/*/*/*") if path.is_file())

    def test_parquet_is_the_default(self, rum_replay: CommandLine, folder: str, tmp_path: Path) -> None:
        rum_replay.bare("segments", "export", folder, "--output", str(tmp_path / "out")).succeeded()
        assert len(list((tmp_path / "out").rglob("*.parquet"))) == 5

    def test_without_pyarrow_it_says_what_to_install(
        self, rum_replay: CommandLine, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("pyarrow", "pyarrow.parquet"):
            monkeypatch.setitem(sys.modules, name, None)
        error = rum_replay.bare("segments", "export", folder, "-o", str(tmp_path / "out")).failed()
        assert error.endswith(install_command("analysis"))

    def test_an_unknown_format(self, rum_replay: CommandLine, folder: str, tmp_path: Path) -> None:
        assert "'xml'" in rum_replay.bare("segments", "export", folder, "-o", str(tmp_path), "--format", "xml").failed(
            2
        )

    def test_a_folder_that_cannot_be_written_to(self, rum_replay: CommandLine, folder: str, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        out = str(tmp_path / "file" / "out")
        assert "cannot be written: Not a directory" in rum_replay.bare("segments", "export", folder, "-o", out).failed()

    def test_one_file_per_table(self, rum_replay: CommandLine, folder: str, tmp_path: Path) -> None:
        out = tmp_path / "out"
        options = ["-o", str(out), "--format", "csv", "--one-file-per-table"]
        result = rum_replay.bare("segments", "export", folder, *options).succeeded()
        assert result.lines == [f"129 records, 2 views, 1 session in 3 files in {out}"]
        assert sorted(path.name for path in out.glob("*.csv")) == ["records.csv", "sessions.csv", "views.csv"]

    def test_standard_output_cannot_take_a_folder(
        self, rum_replay: CommandLine, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        before = sorted(tmp_path.iterdir())
        assert "name a folder" in rum_replay.bare("segments", "export", folder, "-o", "-").failed(2)
        assert "name a directory" in rum_replay("segments", "download", "s", "v", "-").failed(2)
        assert sorted(tmp_path.iterdir()) == before


class TestStandardOutput:
    @pytest.mark.parametrize(("verb", "name"), [("play", "-"), ("heatmap", "-"), ("play", "/dev/stdout")])
    def test_the_page_and_nothing_else_is_written_there(
        self, rum_replay: CommandLine, folder: str, tmp_path: Path, verb: str, name: str
    ) -> None:
        file = tmp_path / "page.html"
        said = rum_replay.bare("segments", verb, folder, "-o", str(file)).out
        done = run_process("segments", verb, folder, "-o", name, cwd=tmp_path)
        assert done.status == 0
        assert done.out == file.read_text(encoding="utf-8")
        assert done.err.splitlines()[0] == said.strip().replace(str(file), "standard output")
        assert not (tmp_path / "-").exists()

    @pytest.mark.parametrize("verb", ["play", "heatmap"])
    def test_nothing_is_written_there_if_it_fails(self, rum_replay: CommandLine, tmp_path: Path, verb: str) -> None:
        (tmp_path / "empty").mkdir()
        result = rum_replay.bare("segments", verb, str(tmp_path / "empty"), "-o", "-")
        result.failed()
        assert result.out == ""

    @pytest.mark.parametrize("verb", ["play", "heatmap"])
    def test_a_terminal_is_not_flooded(self, rum_replay: CommandLine, folder: str, verb: str) -> None:
        result = rum_replay.on_terminal(80, "segments", verb, folder, "-o", "-")
        assert "standard output is a terminal" in result.failed(2)
        assert result.out == ""

    @pytest.mark.parametrize(
        ("options", "words"), [(["--json"], "both write to standard output"), (["--open"], "--open needs a file")]
    )
    def test_options_that_make_no_sense_there(
        self, rum_replay: CommandLine, folder: str, options: list[str], words: str
    ) -> None:
        assert words in rum_replay.bare("segments", "play", folder, "-o", "-", *options).err

    @pytest.mark.parametrize("verb", ["play", "heatmap"])
    def test_a_full_disk(self, folder: str, verb: str) -> None:
        with Path("/dev/full").open("w", encoding="utf-8") as full:
            done = subprocess.run(
                [sys.executable, "-m", "rum_replay", "segments", verb, folder, "-o", "-"],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
        message = "error: standard output cannot be written: No space left on device\n"
        assert (done.returncode, done.stderr) == (1, message)


def test_clicks_that_a_heatmap_lacks_are_counted_as_such(rum_replay: CommandLine, folder: str, tmp_path: Path) -> None:
    result = rum_replay.bare("segments", "heatmap", folder, "-o", str(tmp_path / "heat.html"))
    assert result.err.splitlines() == ["not shown: 1 click on other pages"]


class TestSources:
    COMMANDS = (["summary"], ["tree"], ["export", "-o", "out"], ["play"], ["heatmap"])

    @pytest.fixture(autouse=True)
    def elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
    def test_standard_input_is_a_source(self, rum_replay: CommandLine, command: list[str]) -> None:
        (content,) = (path.read_bytes() for path in RECORDED.glob("*a8c95592*.zlib"))
        result = rum_replay.bare("segments", *command, "-", stdin=BinaryInput(content)).succeeded()
        assert result.lines

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
    def test_a_missing_source(self, rum_replay: CommandLine, command: list[str]) -> None:
        assert (
            "nowhere cannot be read: No such file or directory"
            in rum_replay.bare("segments", *command, "nowhere").failed()
        )

    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
    def test_a_source_without_segments(self, rum_replay: CommandLine, command: list[str], tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert rum_replay.bare("segments", *command, "empty").failed() == "error: no segments in empty"
        (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
        assert (
            "no segments in picture.png: only images" in rum_replay.bare("segments", *command, "picture.png").failed()
        )

    def test_they_need_no_credentials(self, folder: str) -> None:
        assert SESSION in run_process("segments", "summary", folder).succeeded().out


def test_help_of_other_commands_does_not_load_what_reads_segments() -> None:
    program = (
        "import sys\nfrom rum_replay._cli.app import run\nrun(['segments', '--help'])\n"
        "assert 'rum_replay.segments' not in sys.modules\n"
    )
    assert "summary" in run_process(python=("-c", program)).succeeded().out
