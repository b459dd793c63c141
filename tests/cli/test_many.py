"""Many ids: all are checked first, one that fails stops no other, and each that failed is named."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rum_replay._cli.app import run
from rum_replay_emulator import ManualClock, RateLimit
from rum_replay_emulator.sample import SampleSession

from .bench import CommandLine

ADD = "AddRumReplaySessionToPlaylist"
REMOVE = "RemoveRumReplaySessionFromPlaylist"
REMOVE_MANY = "BulkRemoveRumReplayPlaylistSessions"
DELETE = "DeleteRumReplaySessionWatch"


@pytest.fixture
def playlist(rum_replay: CommandLine) -> CommandLine:
    rum_replay("playlists", "create", "a").succeeded()
    rum_replay.emulator.requests.clear()
    return rum_replay


def sessions_in(rum_replay: CommandLine) -> set[str]:
    return {one["id"] for one in rum_replay("playlists", "sessions", "1", "--json").succeeded().objects}


def paths(rum_replay: CommandLine, operation: str) -> list[str]:
    return [one.path.rpartition("/")[2] for one in rum_replay.emulator.requests if one.operation == operation]


IDS = """\ufeff# what support asked for
s1

  s2  # the second
s#3
\ts1
"""


@pytest.mark.parametrize("source", ["file", "standard input", "file named -"])
def test_ids_have_comments_and_empty_lines_around_them_and_count_once(
    playlist: CommandLine, tmp_path: Path, source: str
) -> None:
    (tmp_path / "ids.txt").write_text(IDS, encoding="utf-8", newline="\r\n")
    stdin = io.StringIO(IDS.removeprefix("\ufeff"))
    options = {"file": ["--from", str(tmp_path / "ids.txt")], "standard input": ["-"], "file named -": ["--from", "-"]}
    printed = playlist("playlists", "add", "1", "s0", *options[source], "s0", stdin=stdin).succeeded().lines
    assert printed[-1] == "4 of 4 sessions are in playlist 1"
    assert sessions_in(playlist) == {"s0", "s1", "s2", "s#3"}


def test_ids_of_several_files_are_taken(playlist: CommandLine, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one", "two")]
    for file in files:
        file.write_text(f"{file.name}\n", encoding="utf-8")
    playlist("playlists", "add", "1", "--from", str(files[0]), "--from", str(files[1])).succeeded()
    assert sessions_in(playlist) == {"one", "two"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("playlists", "add", "1"),
        ("playlists", "remove", "1", "--yes"),
        ("viewership", "delete", "--yes"),
        ("segments", "download", "FOLDER"),
        ("audit", "watches"),
    ],
)
def test_all_ids_are_checked_before_anything_is_sent(
    playlist: CommandLine, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ids = tmp_path / "ids"
    ids.write_text("a/b\n..\nc/d\n\x07\n", encoding="utf-8")
    words = [word.replace("FOLDER", str(tmp_path / "out")) for word in arguments]
    line = playlist(*words, "--from", str(ids)).failed()
    assert f"line 2 of {ids}: " in line
    assert f"line 4 of {ids}: " in line
    assert line.endswith("; nothing was sent")
    assert playlist.operations == []
    assert not (tmp_path / "out").exists()


def test_of_very_many_faults_a_few_are_shown(playlist: CommandLine) -> None:
    line = playlist("playlists", "add", "1", "-", stdin=io.StringIO("..\n" * 1000)).failed()
    assert line.count("line ") == 5
    assert line.endswith("; and 995 more; nothing was sent")


@pytest.mark.parametrize(
    ("content", "message", "status"),
    [
        (None, "cannot be read: No such file or directory", 1),
        (b"\xff\n", "is not text in UTF-8", 1),
        (b"# only a comment\n\n", "no session ids in ", 2),
    ],
)
def test_a_file_that_gives_no_ids(
    playlist: CommandLine, tmp_path: Path, content: bytes | None, message: str, status: int
) -> None:
    ids = tmp_path / "ids"
    if content is not None:
        ids.write_bytes(content)
    line = playlist("playlists", "add", "1", "--from", str(ids)).failed(status)
    assert message in line
    assert str(ids) in line
    assert playlist.operations == []


def test_without_any_ids_the_message_says_how_to_give_them(playlist: CommandLine) -> None:
    line = playlist("playlists", "add", "1").failed(status=2)
    assert "Missing argument: give session ids, `-` for standard input, or --from FILE" in line


@pytest.mark.parametrize(
    ("arguments", "operation", "summary"),
    [
        (("playlists", "add", "1"), ADD, "3 of 4 sessions are in playlist 1; failed: s1"),
        (("viewership", "delete", "--yes"), DELETE, "the watches of 3 of 4 sessions are deleted; failed: s1"),
    ],
)
def test_a_failure_is_named_and_stops_no_other(
    playlist: CommandLine, arguments: tuple[str, ...], operation: str, summary: str
) -> None:
    playlist.emulator.faults.add(operation=operation, status=404, body={"errors": ["gone \x1b[2J"]})
    result = playlist(*arguments, "s1", "s2", "s3", "s4")
    failed, last = result.err.splitlines()
    assert failed.startswith("failed: s1: ")
    assert failed.endswith(r"404 Not Found: gone \x1b[2J")
    assert (result.status, last) == (1, f"error: {summary}")
    assert [line.partition("session ")[2].split()[0] for line in result.lines] == ["s2", "s3", "s4"]
    assert sorted(paths(playlist, operation)) == (["s1", "s2", "s3", "s4"] if operation == ADD else ["watches"] * 4)


def test_results_come_in_the_order_of_the_ids(playlist: CommandLine) -> None:
    ids = [f"s{number}" for number in range(40)]
    playlist.emulator.faults.add(operation=ADD, headers={"X": "first"})
    playlist.emulator.faults.add(operation=ADD, delay=0.3)
    printed = playlist("playlists", "add", "1", *ids, "--json").succeeded().objects
    assert [one["id"] for one in printed] == ids


def test_refused_credentials_end_it(playlist: CommandLine) -> None:
    playlist.emulator.faults.add(operation=ADD, status=401, times=None)
    result = playlist("playlists", "add", "1", *(f"s{number}" for number in range(200)))
    last = result.err.splitlines()[-1]
    assert last.startswith("error: 0 of 200 sessions are in playlist 1; failed: s0")
    tried = len(playlist.operations)
    assert tried < 20
    assert last.endswith(f"; the credentials are refused, so {200 - tried} were not tried")


def test_a_single_id_fails_as_any_request_does(playlist: CommandLine) -> None:
    playlist.emulator.faults.add(operation=ADD, status=404)
    found = playlist("playlists", "add", "1", "s1", "--json").failure()
    assert (found["type"], found["status"]) == ("NotFoundError", 404)


def test_of_very_many_failures_some_are_repeated_at_the_end(playlist: CommandLine) -> None:
    playlist.emulator.faults.add(operation=ADD, status=404, times=None)
    *failed, last = playlist("playlists", "add", "1", *(f"s{number}" for number in range(30))).err.splitlines()
    assert len(failed) == 30
    assert last.endswith("s18, s19 and 10 more")


def test_the_rate_limit_is_one_budget_for_all(playlist: CommandLine) -> None:
    playlist.emulator.rate_limit = RateLimit(12, 1)
    ids = [f"s{number}" for number in range(30)]
    playlist("playlists", "add", "1", *ids).succeeded()
    refused = len(playlist.operations) - 30
    assert refused <= 3  # one in each window at most


def test_a_wait_that_is_longer_than_the_deadline_of_a_single_call_is_waited_for(playlist: CommandLine) -> None:
    playlist.emulator.faults.add(operation=ADD, status=429, headers={"Retry-After": "300"})
    clock = ManualClock(0)
    assert run(["--base-url", playlist.base_url, "playlists", "add", "1", "s1", "s2"], clock=clock) == 0
    assert clock.time() >= 300
    assert "429, retrying in 300." in playlist.capsys.readouterr().err
    assert sessions_in(playlist) == {"s1", "s2"}


def test_sessions_are_removed_by_the_hundred(playlist: CommandLine) -> None:
    ids = [f"s{number}" for number in range(201)]
    playlist("playlists", "add", "1", *ids).succeeded()
    playlist.emulator.requests.clear()
    printed = playlist("playlists", "remove", "1", *ids, "--yes").succeeded().lines
    assert printed[-1] == "201 of 201 sessions are no longer in playlist 1"
    assert len(printed) == 202
    assert sorted(map(str, playlist.operations)) == [REMOVE_MANY, REMOVE_MANY, REMOVE]
    assert sessions_in(playlist) == set()


@pytest.mark.parametrize("status", [400, 404, 405, 411, 422])
def test_a_removal_of_many_that_is_refused_is_tried_one_by_one(playlist: CommandLine, status: int) -> None:
    playlist("playlists", "add", "1", "s1", "s2", "s3").succeeded()
    playlist.emulator.requests.clear()
    playlist.emulator.faults.add(operation=REMOVE_MANY, status=status)
    playlist.emulator.faults.add(operation=REMOVE, status=409)
    result = playlist("playlists", "remove", "1", "s1", "s2", "s3", "--yes")
    assert result.err.splitlines()[-1] == "error: 2 of 3 sessions are no longer in playlist 1; failed: s1"
    assert playlist.operations == [REMOVE_MANY, REMOVE, REMOVE, REMOVE]
    assert sessions_in(playlist) == {"s1"}


@pytest.mark.parametrize("status", [401, 403])
def test_what_concerns_all_of_a_removal_is_not_tried_one_by_one(playlist: CommandLine, status: int) -> None:
    playlist.emulator.faults.add(operation=REMOVE_MANY, status=status, times=None)
    result = playlist("playlists", "remove", "1", "s1", "s2", "--yes")
    assert [line.split(":")[1].strip() for line in result.err.splitlines()[:2]] == ["s1", "s2"]
    assert set(playlist.operations) == {REMOVE_MANY}


def views(sample: SampleSession) -> list[str]:
    return [f"{sample.session_id}/{view.view_id}" for view in sample.views]


def test_each_of_several_views_has_a_folder_of_its_own(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    first, second = views(sample)
    lines = second.replace("/", "\t")
    printed = rum_replay("segments", "download", first, "-", str(tmp_path), stdin=io.StringIO(lines)).succeeded().lines
    for view, line in zip(sample.views, printed[:-1], strict=True):
        folder = tmp_path / sample.session_id / view.view_id
        assert b"".join(page.read_bytes() for page in sorted(folder.glob("page-*"))) == b"".join(view.segments)
        assert line.endswith(f" in 1 page in {folder}; ended at: no token found")
    assert printed[-1] == f"2 of 2 views are in {tmp_path}"


def test_a_view_that_fails_is_named_and_leaves_no_folder(
    rum_replay: CommandLine, sample: SampleSession, tmp_path: Path
) -> None:
    result = rum_replay("segments", "download", "nobody/..nothing", *views(sample), str(tmp_path), "--json")
    assert [one["view_id"] for one in result.objects] == [view.view_id for view in sample.views]
    failed, last = map(json.loads, result.err.splitlines())
    assert (failed["id"], failed["status"]) == ("nobody/..nothing", 404)
    assert last["message"] == f"2 of 3 views are in {tmp_path}; failed: nobody/..nothing"
    assert [path.name for path in tmp_path.iterdir()] == [sample.session_id]


def test_ids_lead_to_no_other_folder(rum_replay: CommandLine, tmp_path: Path) -> None:
    rum_replay.emulator.load_segments("...", "c:d/../../../e", [b"1"])
    rum_replay("segments", "download", ".../c:d/../../../e", str(tmp_path / "out")).succeeded()
    inside = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_dir()}
    assert inside == {"out", "out/...", "out/.../c%3Ad%2F..%2F..%2F..%2Fe"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("s", "FOLDER"), "Missing argument: give SESSION VIEW, SESSION/VIEW..., `-` or --from FILE"),
        (("s", "v", "w", "FOLDER"), "Missing argument: give SESSION VIEW"),
        (("s/v", "w", "FOLDER"), "'w' is not a session and a view, such as SESSION/VIEW"),
        (("s/v", "t/w", "FOLDER", "--paging", "x"), "--paging is for a single view"),
        (("s/v", "-"), "name a directory, not -"),
    ],
)
def test_views_that_make_no_sense(
    rum_replay: CommandLine, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    result = rum_replay("segments", "download", *(word.replace("FOLDER", str(tmp_path)) for word in words))
    assert result.status in (1, 2)
    assert message in result.err
    assert rum_replay.operations == []
