"""`scripts/drift`: exit statuses, the forms of its report, and known differences that are explained or stale."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from api_drift.__main__ import KNOWN, ROOT, main
from api_drift.comparison import compared
from api_drift.known import explained, read_known
from api_drift.model import UnreadableError
from api_drift.openapi import read_openapi
from api_drift.rating import RULES
from api_drift.reporting import annotation

from .official import TEXT, official, our_source
from .test_sources import AN_AREA, ONE_OPERATION, SITES, site_table

TOTAL = len(our_source().operations)


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page without differences, one with some, a document with some, and something else."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    (tmp_path / "same.md").write_text(ONE_OPERATION, encoding="utf-8")
    changed = ONE_OPERATION.replace("timestamp [*required*] | date-time", "timestamp | date-time")
    changed = changed.replace(
        "| data         | id |", "| data         | by | string | Who: 100%, \\| or not. |\n| data | id |"
    )
    (tmp_path / "changed.md").write_text(changed, encoding="utf-8")
    document = official()
    document["paths"]["/api/v2/rum/replay/playlists"]["get"]["operationId"] = "Playlists"
    (tmp_path / "document.json").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "other.md").write_text("# Other\n", encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    return main(["--relative-to", str(folder), *arguments])


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["same.md"], 0),
        (["changed.md"], 1),
        (["document.json"], 1),
        (["same.md", "changed.md"], 1),
        (["other.md"], 2),
        (["missing.md"], 2),
        (["changed.md", "other.md"], 2),
        (["same.md", "--contract", "other.md"], 2),
    ],
)
def test_the_exit_status_says_whether_something_is_new(
    sources: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int
) -> None:
    assert run(sources, *arguments) == status
    shown = capsys.readouterr()
    assert bool(shown.err) == (status == 2)
    assert bool(shown.out) == (status != 2 or "changed.md" in arguments)


def test_a_source_that_cannot_be_read_hides_no_other(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(sources, "other.md", "changed.md")
    shown = capsys.readouterr()
    assert shown.err == (
        "scripts/drift: other.md has no table of sites with an API endpoint: is it a page of the API reference?\n"
    )
    assert "property timestamp: required → optional" in shown.out


def test_the_text_lists_the_worst_first_with_both_places(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(sources, "same.md", "changed.md")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"same.md (page, 1 of {TOTAL} operations, 9 sites): no new differences"
    assert lines[1] == f"changed.md (page, 1 of {TOTAL} operations, 9 sites): 2 new differences"
    changed = (sources / "changed.md").read_text(encoding="utf-8").split("\n")
    for head, tail, level, text in (
        (lines[2], lines[3], "breaking", "schema WatchDataAttributes: property timestamp: required → optional"),
        (lines[4], lines[5], "additive", "schema WatchData: property by (string, optional) added"),
    ):
        match = re.fullmatch(rf"  {level} +openapi\.yaml:(\d+)  {re.escape(text)}", head)
        assert match is not None
        assert TEXT.split("\n")[int(match[1]) - 1].strip() in ("timestamp:", "WatchData:")
        place = re.match(
            r" +there changed\.md:(\d+); .* \(in requests and answers of CreateRumReplaySessionWatch\)$", tail
        )
        assert place is not None
        assert re.match(r"\| \w+ +\| (timestamp|by) ", changed[int(place[1]) - 1])
    assert lines[-1] == "1 breaking, 1 additive, 0 cosmetic, 12 explained, 0 stale"


def test_the_json_has_everything(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(sources, "changed.md", "document.json", "--format", "json") == 1
    report = json.loads(capsys.readouterr().out)
    page, document = report["sources"]
    assert (page["name"], page["kind"], page["operations"]) == (
        "changed.md",
        "page",
        ["create-rum-replay-session-watch"],
    )
    assert len(page["not_compared"]) == TOTAL - 1
    first = page["differences"][0]
    assert (first["rating"], first["kind"], first["change"]) == ("breaking", "became-optional", "changed")
    assert (first["here"]["file"], first["there"]["file"]) == ("openapi.yaml", "changed.md")
    assert document["differences"][0]["text"].startswith("operation ListRumReplayPlaylists: name ")
    assert report["totals"] == {"breaking": 1, "additive": 1, "cosmetic": 1, "explained": 6, "stale": 3}


def test_github_gets_annotations_and_a_summary(
    sources: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(sources / "summary.md"))
    (sources / "summary.md").write_text("before\n", encoding="utf-8")
    assert run(sources, "changed.md", "--format", "github") == 1
    lines = capsys.readouterr().out.splitlines()
    line = TEXT.split("\n").index("        timestamp:", TEXT.split("\n").index("    WatchDataAttributes:")) + 1
    start = f"::warning file=openapi.yaml,line={line},title=drift%3A breaking::schema WatchDataAttributes: property "
    assert lines[0].startswith(start)
    assert lines[1].startswith("::warning file=openapi.yaml,line=")
    summary = (sources / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("before\n## API drift\n")
    assert (
        f"| breaking | schema WatchDataAttributes: property timestamp: required → optional | openapi.yaml:{line} |"
        in summary
    )


def test_an_annotation_is_one_line_whatever_it_says() -> None:
    shown = annotation("warning", "a:b,c.md", 3, "x: 5%", "100%\r\nand: more, too")
    assert shown == "::warning file=a%3Ab%2Cc.md,line=3,title=x%3A 5%25::100%25%0D%0Aand: more, too"


def test_sites_are_reported_for_each_page(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    endpoint = "POST /api/v2/rum/replay/sessions/{session_id}/watches"
    older = ONE_OPERATION.replace(site_table(endpoint), site_table(endpoint, [*SITES[1:], "us9.datadoghq.com"]))
    (sources / "older.md").write_text(older, encoding="utf-8")
    assert run(sources, "same.md", "older.md") == 1
    shown = capsys.readouterr().out
    assert f"older.md (page, 1 of {TOTAL} operations, 9 sites): 2 new differences" in shown
    assert "  sites: datadoghq.com removed" in shown
    assert "  sites: us9.datadoghq.com added" in shown


def test_the_rules_are_printed(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(sources, "--rules") == 0
    rows = capsys.readouterr().out.splitlines()[2:]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == list(RULES)


def test_the_command_runs_from_any_folder(sources: Path) -> None:
    """What the launcher starts, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    command = [sys.executable, "-m", "api_drift", "--relative-to", str(sources), "changed.md"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "property timestamp: required → optional" in done.stdout
    launcher = ROOT / "scripts" / "drift"
    assert os.access(launcher, os.X_OK)
    assert '-m api_drift --relative-to "$here" "$@"' in launcher.read_text(encoding="utf-8")


# ---------------------------------------------------------------------------------------------------------- Known

ENTRY = """
[[known]]
sources = ["openapi"]
subjects = ["operation GetSegments"]
changes = ["parameter page[[]]size added"]
reason = "It is on the list."
"""


def known_differences(tmp_path: Path, text: str) -> Any:
    (tmp_path / "known.toml").write_text(text, encoding="utf-8")
    return read_known(tmp_path / "known.toml")


def with_size() -> dict[str, Any]:
    document = official()
    segments = "/api/v2/rum/replay/sessions/{session_id}/views/{view_id}/segments"
    stated = {"name": "page[size]", "in": "query", "schema": {"type": "string"}}
    document["paths"][segments]["get"]["parameters"].append(stated)
    return document


@pytest.mark.parametrize(
    ("entry", "new", "known", "stale"),
    [
        ("", 1, 0, 0),
        (ENTRY.replace("[[]]size", "[size] (string, optional, in query)"), 0, 1, 0),
        (ENTRY.replace("[[]]size", "[size]*"), 0, 1, 0),
        (ENTRY.replace("[[]]size", "*").replace("GetSegments", "*"), 0, 1, 0),
        (ENTRY.replace("[[]]size", "[number]*"), 1, 0, 1),
        (ENTRY.replace("[[]]size", "[number]*") + "sometimes = true\n", 1, 0, 0),
        (ENTRY.replace("[[]]size", "[size]*").replace('"openapi"', '"page"'), 1, 0, 0),
        (ENTRY.replace("[[]]size", "*").replace("GetSegments", "GetNothing"), 1, 0, 0),
    ],
    ids=["none", "exact", "pattern", "any subject", "stale", "sometimes", "another source", "another subject"],
)
def test_known_differences_are_explained_or_stale(tmp_path: Path, entry: str, new: int, known: int, stale: int) -> None:
    comparison = compared(our_source(), read_openapi(json.dumps(with_size()), "theirs", our_source()))
    result = explained([comparison], known_differences(tmp_path, entry))
    assert [len(each) for _, each in result.new] == [new]
    assert [len(each) for each in result.known.values()] == [known] * bool(known)
    assert len(result.stale) == stale


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY.replace('"It is on the list."', '" "'),
        ENTRY.replace("reason", "because"),
        ENTRY.replace('"openapi"', '"blog"'),
        ENTRY + "[[",
    ],
    ids=["empty reason", "no reason", "unknown source", "no TOML"],
)
def test_an_entry_needs_its_reason(tmp_path: Path, entry: str) -> None:
    with pytest.raises(UnreadableError, match=r"known\.toml"):
        known_differences(tmp_path, entry)


def test_ours_can_be_read_and_differ_in_sources_and_subjects() -> None:
    known = read_known(ROOT / KNOWN)
    assert known
    lines = (ROOT / KNOWN).read_text(encoding="utf-8").split("\n")
    assert all(lines[each.line - 1] == "[[known]]" for each in known)


def test_stale_entries_are_shown(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An official document that documents every status that we do."""
    assert run(sources, "document.json") == 1
    assert re.search(
        rf"^stale +{re.escape(KNOWN)}:\d+  no longer occurs, remove it: ", capsys.readouterr().out, re.MULTILINE
    )


def test_an_area_page_with_less_is_reported(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (sources / "area.md").write_text(AN_AREA, encoding="utf-8")
    assert run(sources, "area.md") == 1
    shown = capsys.readouterr().out
    assert f"area.md (page, 4 of {TOTAL} operations, 9 sites): " in shown
    assert "operation UpdateReplayHeatmapSnapshot: PATCH " in shown
