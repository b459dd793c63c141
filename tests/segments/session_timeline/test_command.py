"""`rum-replay segments timeline` and `steps`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rum_replay import segments
from rum_replay._cli.app import run

from .. import made
from ..recorded import FOLDERS


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A recording with a click, a text with control characters, and a second view."""
    path = tmp_path / "recording.json"
    first = made.segment(made.meta(), made.snapshot(), made.click(1_500), made.typed(2_000, "a\x1b[2J`b"), view="one")
    path.write_bytes(first + made.segment(made.meta(60_000), made.snapshot(60_000), made.click(61_000), view="two"))
    return path


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    status = run(["segments", *map(str, arguments)])
    output = capsys.readouterr()
    assert (status, output.err) == (0, "")
    return output.out


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert run(["segments", *map(str, arguments)]) != 0
    return capsys.readouterr().err


def test_text_and_markdown_are_the_lines_of_the_library(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timeline = segments.timeline(segments.open(source))
    assert printed(capsys, "timeline", source).splitlines() == [*timeline.lines()]
    assert "types “a\\x1b[2J`b” into" in printed(capsys, "timeline", source, "--format", "text")
    player = source.with_name("replay.html")
    markdown = printed(capsys, "timeline", source, "--format", "markdown", "--player", player, "--max-lines", 6)
    assert markdown.splitlines() == [*timeline.lines("markdown", player=player, max_lines=6)]
    assert "types ``a\\x1b[2J`b`` into" in markdown


def test_json_lines_have_every_entry_with_its_link(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "timeline", source, "--format", "jsonl", "--player", "https://x/r.html")
    *entries, left_out = map(json.loads, lines.splitlines())
    assert lines == printed(capsys, "timeline", source, "--json", "--player", "https://x/r.html")
    assert [{**entry, "type": None, "link": None} for entry in entries] == [
        {**entry.to_dict(), "type": None, "link": None} for entry in segments.timeline(segments.open(source))
    ]
    assert entries[1]["link"] == "https://x/r.html#t=1.5"
    assert left_out == {"type": "left_out", "count": 0, "kinds": {}}
    for most in range(1, 9):
        shown = printed(capsys, "timeline", source, "--json", "--max-lines", most)
        *entries, left_out = map(json.loads, shown.splitlines())
        assert (len(entries), left_out["count"]) == (min(most - 1, 6), max(7 - most, 0))


@pytest.mark.parametrize(
    ("form", "other"),
    [("text", ["--json"]), ("text", ["-o", "csv"]), ("markdown", ["--json"]), ("jsonl", ["-o", "csv"])],
)
def test_a_format_excludes_other_outputs(
    source: Path, capsys: pytest.CaptureFixture[str], form: str, other: list[str]
) -> None:
    for options in (["--format", form, *other], [*other, "--format", form]):
        assert "exclude" in refused(capsys, "timeline", source, *options)


def test_steps_are_printed_or_written(source: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    recording = segments.open(source)
    assert printed(capsys, "steps", source) == segments.steps(recording)
    test = tmp_path / "test_it.py"
    options = ["--view", "tw", "--base-url", "http://localhost:1", "--name", "test_it", "--test-id-attribute", "id"]
    said = printed(capsys, "steps", source, "-o", test, *options)
    written = test.read_text(encoding="utf-8")
    assert said == f"{test}: {len(written.splitlines())} lines\n"
    assert written == segments.steps(
        recording, view=recording.views[1], base_url="http://localhost:1", name="test_it", test_id_attribute="id"
    )
    assert json.loads(printed(capsys, "steps", source, "--json"))["python"] == segments.steps(recording)


def test_what_cannot_be_done_is_said(source: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "there is no view 'x'" in refused(capsys, "steps", source, "--view", "x")
    assert "name must be the name of a function" in refused(capsys, "steps", source, "--name", "1")
    assert "base_url must be a URL" in refused(capsys, "steps", source, "--base-url", "x")
    assert "player must be a file or a URL" in refused(capsys, "timeline", source, "--player", "data://x")
    assert str(tmp_path / "no" / "x.py") in refused(capsys, "steps", source, "-o", tmp_path / "no" / "x.py")
    for command in ("timeline", "steps"):
        assert str(tmp_path / "missing") in refused(capsys, command, tmp_path / "missing")


def test_the_steps_are_the_same_whatever_recorded_them() -> None:
    """Those that differ, because less was recorded, are run in a browser."""
    steps: list[list[str]] = []
    for folder in (FOLDERS[0], FOLDERS[1], FOLDERS[2], FOLDERS[3], FOLDERS[6]):
        lines = segments.steps(segments.open(sorted(folder.glob("*.zlib")))).splitlines()
        body = lines[lines.index("def test_session(page: Page) -> None:") + 2 :]
        steps.append([line for line in body if "goto" not in line])
    assert len(steps[0]) == 25
    assert all(one == steps[0] for one in steps)
