"""`rum-replay demo` checks what it claims, and fails if a check does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from rum_replay import segments
from rum_replay_api import api
from rum_replay_emulator import Emulator
from rum_replay_emulator.playlists import Playlists
from rum_replay_emulator.sample import SampleSession

from .bench import CommandLine, Result, run_process

OPERATIONS = sum(isinstance(value, api.Operation) for value in vars(api).values())
GARBAGE = {
    "DD_SITE": "no site at all",
    "DD_BEARER_TOKEN": "not\ta token",
    "DD_API_KEY": "a key of the user's",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "ALL_PROXY": "http://127.0.0.1:1",
}


def sums(sample: SampleSession) -> list[str]:
    return [hashlib.sha256(b"".join(view.segments)).hexdigest() for view in sample.views]


_SHOWN: list[Result] = []


@pytest.fixture
def shown(rum_replay: CommandLine) -> Result:
    """What the demo prints; it prints the same each time, so the tests that only read it share one run."""
    if not _SHOWN:
        _SHOWN.append(rum_replay.bare("demo").succeeded())
    return _SHOWN[0]


def test_it_prints_the_sha256_of_both_views_twice(shown: Result, sample: SampleSession) -> None:
    for total in sums(sample):
        assert f"recorded    {total}" in shown.lines
        assert f"downloaded  {total}" in shown.lines
    for view in sample.views:
        assert view.view_id in shown.out
        for segment in view.segments:
            assert hashlib.sha256(segment).hexdigest()[:16] in shown.out


def test_it_uses_all_operations_and_shows_each_call(shown: Result) -> None:
    calls = [line for line in shown.lines if line.startswith(("GET ", "POST ", "PUT ", "PATCH ", "DELETE "))]
    assert f"All checks passed: {len(calls)} calls, {OPERATIONS} operations, " in shown.out
    assert any("page[number]=2" in call for call in calls)
    assert any("paging=" in call for call in calls)


def test_it_goes_from_a_question_to_a_page_that_plays_the_session(shown: Result) -> None:
    titles = [line.partition(". ")[2] for line in shown.lines if re.match(r"\d+\. ", line)]
    assert [title.split()[0] for title in titles[:5]] == ["Ask", "Archive", "Summarize", "List", "Write"]
    assert "5.7 s   rage click: 5 clicks on button “Rage”" in shown.lines


def test_what_it_makes_can_be_kept(rum_replay: CommandLine, tmp_path: Path, sample: SampleSession) -> None:
    kept = tmp_path / "a" / "kept"
    result = rum_replay.bare("demo", "--keep", str(kept)).succeeded()
    assert f"Open {kept}/replay.html in a browser" in result.out
    assert {path.name for path in kept.iterdir()} >= {"archive", "replay.html"}
    summary = segments.summarize(kept / "archive")
    assert [view.view_id for view in summary.views] == [view.view_id for view in sample.views]
    assert (
        "is not empty: give --keep a new or an empty directory" in rum_replay.bare("demo", "--keep", str(kept)).failed()
    )


def test_it_ends_with_what_to_do_next(shown: Result) -> None:
    end = shown.out.partition("All checks passed")[2]
    for text in ("DD_SITE", "DD_API_KEY", "DD_APP_KEY", "rum-replay doctor --online", "with ReplayClient() as replay:"):
        assert text in end


def test_it_fits_into_80_columns(shown: Result) -> None:
    assert [line for line in shown.lines if len(line) > 80 and "PATH=" not in line] == []


def test_it_runs_anywhere_and_ignores_the_environment(tmp_path: Path, sample: SampleSession) -> None:
    result = run_process("demo", cwd=tmp_path, environment=GARBAGE).succeeded()
    assert all(total in result.out for total in sums(sample))
    assert list(tmp_path.iterdir()) == []


def test_as_json_every_line_parses(rum_replay: CommandLine, sample: SampleSession) -> None:
    *rows, verdict = rum_replay.bare("demo", "--json").succeeded().objects
    assert {row["sha256"] for row in rows if row.get("origin") == "downloaded"} == set(sums(sample))
    assert verdict == {
        "type": "verdict",
        "passed": True,
        "calls": sum(row["type"] == "call" for row in rows),
        "operations": OPERATIONS,
    }


@pytest.mark.parametrize("view_number", [0, 1])
def test_a_changed_byte_is_a_failure(
    rum_replay: CommandLine, sample: SampleSession, monkeypatch: pytest.MonkeyPatch, view_number: int
) -> None:
    original = Emulator.load_segments

    def load_changed(emulator: Emulator, session_id: str, view_id: str, segments: Iterable[bytes]) -> None:
        served = list(segments)
        if view_id == sample.views[view_number].view_id:
            served[-1] = bytes([served[-1][0] ^ 1]) + served[-1][1:]
        original(emulator, session_id, view_id, served)

    monkeypatch.setattr(Emulator, "load_segments", load_changed)
    result = rum_replay.bare("demo")
    line = result.failed()
    assert sample.views[view_number].view_id in line
    assert f"the recorded one {sums(sample)[view_number]}" in line
    assert "All checks passed" not in result.out


def test_a_lost_segment_is_a_failure(
    rum_replay: CommandLine, sample: SampleSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Emulator.load_segments

    def load_fewer(emulator: Emulator, session_id: str, view_id: str, segments: Iterable[bytes]) -> None:
        original(emulator, session_id, view_id, list(segments)[:-1] or [b""])

    monkeypatch.setattr(Emulator, "load_segments", load_fewer)
    assert "the archive has 1 of 2 views" in rum_replay.bare("demo").failed()


def test_a_removal_that_is_not_carried_out_is_a_failure(
    rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Playlists, "_remove_sessions", Playlists._list_sessions)
    assert "the wrong sessions were removed" in rum_replay.bare("demo").failed()
