"""`rum-replay archive`: what it prints and how it ends; what an archive holds is tested with the library."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rum_replay._cli.progress import Task, line
from rum_replay_emulator.sample import SampleSession

from .bench import CommandLine


def views_in(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.rglob("manifest.json"))


def test_an_archive_is_filled_shown_and_read(rum_replay: CommandLine, sample: SampleSession, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    printed = rum_replay("archive", "@view.url_path:*second", str(folder)).succeeded().lines
    assert printed[0] == f"{folder}: 1 session, 2 views with 7905 bytes of segments"
    assert printed[1].startswith("last run (")
    assert printed[1].endswith("): 2 views fetched, 7905 bytes")
    assert len(printed) == 2
    assert views_in(folder) == sorted(view.view_id for view in sample.views)
    again = rum_replay("archive", "*", str(folder), "--since", "1d").succeeded().lines
    assert again[1].endswith("): 0 views fetched, 0 bytes")
    requests = len(rum_replay.emulator.requests)
    assert rum_replay("archive", "--status", str(folder)).succeeded().lines == again
    assert len(rum_replay.emulator.requests) == requests
    rows = rum_replay.bare("segments", "summary", str(folder), "--table", "views", "-o", "csv").succeeded().lines
    assert len(rows) == 1 + len(sample.views)


@pytest.mark.parametrize("way", ["--sessions", "--sessions -", "--from FILE", "--from -"])
def test_session_ids_take_the_place_of_a_query(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path, way: str
) -> None:
    text = f"# found yesterday\n\n  {sample.session_id}  # the first\n"
    (tmp_path / "ids").write_text(text, encoding="utf-8")
    options = {"--sessions": ["--sessions", f"{sample.session_id},"], "--from FILE": ["--from", str(tmp_path / "ids")]}
    folder = tmp_path / "archive"
    stdin = io.StringIO(text) if way.endswith("-") else None
    rum_replay("archive", str(folder), *options.get(way, way.split()), stdin=stdin).succeeded()
    assert len(views_in(folder)) == 2


def test_what_failed_is_listed_and_tried_again(rum_replay: CommandLine, sample: SampleSession, tmp_path: Path) -> None:
    folder = str(tmp_path / "archive")
    rum_replay.emulator.faults.add(operation="GetSegments", status=418, times=1)
    run = rum_replay("archive", "*", folder, "--concurrency", "1")
    assert run.failed() == "error: 1 failed; --retry-failed tries again"
    assert run.lines[0].split() == ["session", "view", "playlist", "error", "reason"]
    assert run.lines[1].startswith(f"{sample.session_id}  {sample.views[0].view_id}  -         StatusError")
    assert (
        run.lines[2] == f"{folder}: 1 session, 1 view with {len(b''.join(sample.views[1].segments))} bytes of segments"
    )
    (failure, status) = rum_replay("archive", "--status", folder, "--json").succeeded().objects
    assert failure.keys() == {"type", "session_id", "view_id", "playlist_id", "error", "message"}
    assert (failure["type"], failure["view_id"], failure["error"]) == (
        "archive_failure",
        sample.views[0].view_id,
        "StatusError",
    )
    assert (status["type"], status["failed"], status["saved"]) == ("archive", 1, 1)
    header, row = rum_replay("archive", "--status", folder, "-o", "csv").succeeded().lines
    assert dict(zip(header.split(","), row.split(","), strict=True))['"failed"'] == "1"
    assert rum_replay("archive", "--status", folder).succeeded().lines[-1] == "1 failed; --retry-failed tries again"
    rum_replay("archive", "*", folder, "--retry-failed").succeeded()


def test_events_that_may_be_missing_are_the_last_line_and_an_error(rum_replay: CommandLine, tmp_path: Path) -> None:
    rum_replay.emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    line = rum_replay("archive", "*", str(tmp_path)).failed()
    reason = "not everything was found: the search ended with the status 'timeout'"
    assert line == f"error: {reason}"
    assert reason in rum_replay("archive", "--status", str(tmp_path)).succeeded().out
    rum_replay("archive", "*", str(tmp_path)).succeeded()


def test_sessions_are_kept_in_a_playlist(rum_replay: CommandLine, sample: SampleSession, tmp_path: Path) -> None:
    rum_replay("playlists", "create", "kept").succeeded()
    printed = rum_replay("archive", "*", str(tmp_path), "--keep-in", "1").succeeded().lines
    assert printed[-1] == (
        "1 session added to playlists: this keeps the replays longer only with the permission rum_extend_retention, "
        "and no answer shows whether it does"
    )
    assert sample.session_id in rum_replay("playlists", "sessions", "1").succeeded().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["*"], "Missing argument: give QUERY and DIRECTORY alone"),
        (["--status", "*", "a"], "Too many arguments: give DIRECTORY alone"),
        (["--sessions", "s", "*", "a"], "Too many arguments: give DIRECTORY alone"),
        (["*", "a", "b"], "Too many arguments: give QUERY and DIRECTORY alone"),
        (["*", "-"], "an archive consists of many files: name a directory, not -"),
        (["--from", "/dev/null", "a"], "no session ids in /dev/null"),
        (["--sessions", ",", "a"], "Missing option --sessions: give session ids"),
        (["*", "a", "--concurrency", "0"], "Invalid value for '--concurrency': 0 is not in the range x>=1."),
    ],
)
def test_wrong_usage(rum_replay: CommandLine, words: list[str], message: str) -> None:
    assert message in rum_replay("archive", *words).failed(status=2)
    assert rum_replay.emulator.requests == []


@pytest.mark.parametrize(
    ("completed", "seconds", "expected"),
    [
        (0, 5, "downloading: 0 of 100 views"),
        (10, 0.5, "downloading: 10 of 100 views"),
        (10, 5, "downloading: 10 of 100 views, 2/s, 45 s left"),
        (10, 60, "downloading: 10 of 100 views, 0.2/s, 9 min left"),
        (10, 3600, "downloading: 10 of 100 views, 0.0/s, 9 h left"),
        (100, 60, "downloading: 100 of 100 views, 1.7/s, 0 s left"),
    ],
)
def test_the_progress_line_says_how_long_it_takes(completed: int, seconds: float, expected: str) -> None:
    assert line(Task("downloading", "", "views", 100, completed, is_long=True), seconds) == expected
