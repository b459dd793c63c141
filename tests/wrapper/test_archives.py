"""`archive`: everything that a query finds, what a later run adds, and what failed."""

from __future__ import annotations

import errno
import hashlib
import json
import signal
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import rum_replay
from rum_replay import (
    ArchiveFailure,
    ArchiveProgress,
    AsyncReplayClient,
    AuthenticationError,
    FileError,
    InvalidRequestError,
    NotFoundError,
    PartialResultWarning,
    PermissionDeniedError,
    RateLimitError,
    ReplayClient,
    ServerError,
    _downloads,
    archive_status,
    segments,
)
from rum_replay._downloads import DownloadFolder
from rum_replay._manifest import Manifest, PageFile, write_manifest
from rum_replay_emulator import Assumptions, Emulator
from rum_replay_emulator.sample import load_sample

from .event_samples import WINDOW, bodies, client_of, emulator_with, session, view
from .replay_driver import Driver, with_client

SAMPLE = load_sample()
DAY = "application_id=app/day=2026-07-01"


def emulator_of(sessions: int, views: int = 1, *, is_active: bool = False, first: int = 0) -> Emulator:
    """Sessions `s0`, `s1` …, ten minutes apart, each with views `v0`, `v1` … of one segment."""
    emulator = Emulator()
    load(emulator, range(first, sessions), views, is_active=is_active)
    return emulator


def load(emulator: Emulator, numbers: range, views: int = 1, *, is_active: bool = False) -> None:
    for number in numbers:
        events = [session(100 * number, f"s{number}", at=10 * number, is_active=is_active)]
        for index in range(views):
            events.append(view(100 * number + 1 + index, f"s{number}", f"v{index}", at=10 * number + index))
            emulator.load_segments(f"s{number}", f"v{index}", [f"segment of s{number} v{index}".encode()])
        events[0]["attributes"]["attributes"]["application"] = {"id": "app"}
        emulator.load_events(events)


def fetched(emulator: Emulator) -> list[str]:
    """The views whose segments were requested since the last time, sorted."""
    paths = [one.path.split("/") for one in emulator.requests if one.operation == "GetSegments"]
    emulator.requests.clear()
    return sorted(f"{parts[-4]}/{parts[-2]}" for parts in paths)


def archived(client: ReplayClient, directory: Path, what: Any = "*", **options: Any) -> Any:
    options = {**WINDOW, **options}
    return with_client(client, lambda given: rum_replay.archive(given, what, directory, **options))


def files_in(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())


# ---- What is in an archive -------------------------------------------------------------------------------------------


def test_an_archive_has_all_segments_and_events_and_is_read_as_one(driver: Driver, tmp_path: Path) -> None:
    emulator = Emulator()
    emulator.load_session(SAMPLE, ended_at=1_782_912_000_000)
    client = client_of(driver, emulator)
    status = archived(client, tmp_path)
    folder = tmp_path / f"application_id={SAMPLE.application_id}/day=2026-07-01/{SAMPLE.session_id}"
    for one in SAMPLE.views:
        assert (folder / one.view_id / "page-00000.bin").read_bytes() == b"".join(one.segments)
        event = json.loads((folder / one.view_id / "view-event.json").read_bytes())
        assert event["attributes"]["attributes"]["view"]["id"] == one.view_id
    event = json.loads((folder / "session-event.json").read_bytes())
    assert event["attributes"]["attributes"]["type"] == "session"
    assert (status.sessions, status.views, status.saved, status.without_segments) == (1, 2, 2, 0)
    assert status.size == status.fetched_size == 7905
    assert (status.failed, status.waiting, status.running, status.partial, status.finished) == (0, 0, 0, (), True)
    assert (status.in_playlists, status.not_in_playlists) == (0, 0)
    assert status.started_at == datetime.fromtimestamp(1_782_907_200, UTC)
    assert status == archive_status(tmp_path)
    recording = segments.open(tmp_path)
    assert {one.id for one in recording.views} == {one.view_id for one in SAMPLE.views}
    assert recording.unreadable == ()
    assert segments.open(folder).unreadable == ()


def test_one_function_serves_both_clients(tmp_path: Path) -> None:
    emulator = emulator_of(2)
    options: dict[str, Any] = {"site": "us1", "api_key": "a", "app_key": "b"}
    with httpx.Client(transport=emulator.transport()) as http_client:
        client = ReplayClient(http_client=http_client, **options)
        assert rum_replay.archive(client, "*", tmp_path / "sync", **WINDOW).saved == 2

    async def run() -> None:
        async with httpx.AsyncClient(transport=emulator.transport()) as http_client:
            client = AsyncReplayClient(http_client=http_client, **options)
            status = await rum_replay.archive(client, ["s0", "s1"], tmp_path / "async", **WINDOW)
            assert status.saved == 2

    anyio.run(run)
    assert files_in(tmp_path / "sync") == files_in(tmp_path / "async")
    with pytest.raises(InvalidRequestError, match="client must be a ReplayClient or AsyncReplayClient, not Emulator"):
        rum_replay.archive(emulator, "*", tmp_path)  # type: ignore[call-overload]


def test_views_without_segments_are_normal(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(1, 3)
    emulator.load_segments("s0", "v1", [])
    emulator.load_events([view(50, "s0", "without", at=5)])
    status = archived(client_of(sync_driver, emulator), tmp_path)
    assert (status.views, status.saved, status.without_segments, status.failed) == (4, 2, 2, 0)
    assert (tmp_path / DAY / "s0" / "without" / "view-event.json").exists()
    assert segments.open(tmp_path).views == ()
    assert len(fetched(emulator)) == 4
    archived(client_of(sync_driver, emulator), tmp_path)
    assert fetched(emulator) == []


@pytest.mark.parametrize(
    ("application", "time", "expected"),
    [
        ({"id": "app"}, "2026-07-01T23:59:59.999Z", "application_id=app/day=2026-07-01"),
        ({"id": "app"}, "2026-07-02T01:30:00+02:00", "application_id=app/day=2026-07-01"),
        ({"id": "A/../b"}, "2026-07-01T12:00:00Z", "application_id=%41%2F%2E%2E%2Fb/day=2026-07-01"),
        ({}, "2026-07-01T12:00:00Z", "application_id=__HIVE_DEFAULT_PARTITION__/day=2026-07-01"),
    ],
)
def test_folders_are_partitions_by_application_and_utc_day(
    sync_driver: Driver, tmp_path: Path, application: dict[str, str], time: str, expected: str
) -> None:
    event = view(0, "s", "v")
    event["attributes"]["timestamp"] = time
    event["attributes"]["attributes"]["application"] = application
    archived(client_of(sync_driver, emulator_with([event])), tmp_path)
    assert [path.parent.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("view-event.json")] == [
        f"{expected}/s/v"
    ]


# ---- A second run ----------------------------------------------------------------------------------------------------


def test_a_second_run_fetches_only_what_is_new(driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(3, 2)
    client = client_of(driver, emulator)
    assert archived(client, tmp_path).fetched == 6
    assert len(fetched(emulator)) == 6
    load(emulator, range(3, 4))
    status = archived(client, tmp_path)
    assert fetched(emulator) == ["s3/v0"]
    assert (status.sessions, status.saved, status.fetched) == (4, 7, 1)


def test_a_view_that_was_still_recorded_is_looked_at_again_until_it_has_ended(driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(1, 2, is_active=True)
    client = client_of(driver, emulator)
    assert archived(client, tmp_path).running == 1
    fetched(emulator)
    emulator.load_segments("s0", "v1", [b"segment of s0 v1", b" and more"])
    load_later = view(7, "s0", "v2", at=9)
    emulator.load_events([load_later])
    emulator.load_segments("s0", "v2", [b"new"])
    assert archived(client, tmp_path).running == 1
    assert fetched(emulator) == ["s0/v0", "s0/v1", "s0/v2"]
    assert (tmp_path / DAY / "s0/v1/page-00000.bin").read_bytes() == b"segment of s0 v1 and more"
    emulator.load_segments("s0", "v2", [b"new", b" and the end"])
    emulator.load_events([session(0, "s0", at=0, is_active=False)])
    assert archived(client, tmp_path).running == 0
    assert fetched(emulator) == ["s0/v0", "s0/v1", "s0/v2"]
    assert (tmp_path / DAY / "s0/v2/page-00000.bin").read_bytes() == b"new and the end"
    archived(client, tmp_path)
    assert fetched(emulator) == []


def test_a_session_that_went_on_is_looked_up_outside_of_the_searched_time(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(1, is_active=True)
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    fetched(emulator)
    emulator.load_segments("s0", "v0", [b"segment of s0 v0", b" and more"])
    emulator.load_events([session(0, "s0", at=0, is_active=False)])
    later = WINDOW["start"] + timedelta(days=3)
    status = archived(client, tmp_path, start=later, end=later + timedelta(days=1))
    assert fetched(emulator) == ["s0/v0"]
    assert status.running == 0
    assert status.size == len(b"segment of s0 v0 and more")


def test_a_session_whose_events_are_gone_is_looked_up_once_more_only(sync_driver: Driver, tmp_path: Path) -> None:
    client = client_of(sync_driver, emulator_of(1, is_active=True))
    archived(client, tmp_path)
    empty = Emulator()
    client = client_of(sync_driver, empty)
    empty.faults.add(operation="SearchRUMEvents", delay=0.001, times=1)
    empty.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    with pytest.warns(PartialResultWarning):
        assert archived(client, tmp_path).running == 1
    empty.requests.clear()
    assert archived(client, tmp_path).running == 0
    assert len(bodies(empty)) == 2
    empty.requests.clear()
    archived(client, tmp_path)
    assert len(bodies(empty)) == 1


@pytest.mark.parametrize(("hours", "running"), [(4.9, 2), (5.1, 1)])
def test_a_session_has_ended_5_hours_before_the_latest_event_that_was_found(
    sync_driver: Driver, tmp_path: Path, hours: float, running: int
) -> None:
    # Whatever the clock of this machine says: it may be wrong by days.
    sync_driver.clock.unix_time += 86_400 * 3
    emulator = emulator_with([view(0, "a", "v", at=0), view(1, "b", "v", at=60 * hours)])
    client = client_of(sync_driver, emulator)
    assert archived(client, tmp_path).running == running
    archived(client, tmp_path)
    assert len(fetched(emulator)) == 2 + running


def test_a_clock_that_is_behind_ends_no_session(sync_driver: Driver, tmp_path: Path) -> None:
    sync_driver.clock.unix_time = WINDOW["start"].timestamp() - 86_400
    client = client_of(sync_driver, emulator_with([view(0, "a", "v", at=0), view(1, "b", "v", at=60 * 9)]))
    assert archived(client, tmp_path).running == 2


@pytest.mark.parametrize("loses_journal", [False, True])
def test_a_view_whose_event_has_changed_is_looked_at_again(
    sync_driver: Driver, tmp_path: Path, loses_journal: bool
) -> None:
    emulator = emulator_of(2)
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    fetched(emulator)
    emulator.load_segments("s1", "v0", [b"segment of s1 v0", b" which came late"])
    emulator.load_events([view(101, "s1", "v0", at=10, time_spent=10**9)])
    if loses_journal:
        (tmp_path / "archive.sqlite").unlink()
    archived(client, tmp_path)
    assert fetched(emulator) == ["s1/v0"]
    assert (tmp_path / DAY / "s1/v0/page-00000.bin").read_bytes() == b"segment of s1 v0 which came late"
    archived(client, tmp_path)
    assert fetched(emulator) == []


def test_only_the_last_page_is_requested_again(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = Emulator(assumptions=Assumptions(default_segment_list_size=5))
    load(emulator, range(1), is_active=True)
    emulator.load_segments("s0", "v0", [b"11111", b"22222"])
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    emulator.requests.clear()
    emulator.load_segments("s0", "v0", [b"11111", b"22222", b"33333"])
    archived(client, tmp_path)
    assert len(fetched(emulator)) == 2
    assert (
        b"".join((tmp_path / DAY / "s0/v0" / f"page-0000{n}.bin").read_bytes() for n in range(3)) == b"111112222233333"
    )


@pytest.mark.parametrize(("end", "paging"), [("no token found", None), ("repeated page", "token")])
def test_a_finished_download_is_gone_on_with_from_its_end(tmp_path: Path, end: str, paging: str | None) -> None:
    (tmp_path / "page-00000.bin").write_bytes(b"page")
    page = PageFile(
        file="page-00000.bin",
        size=4,
        sha256=hashlib.sha256(b"page").hexdigest(),
        paging=None,
        next_paging=paging,
        status=200,
        headers={},
    )
    write_manifest(tmp_path, Manifest(url="u", query={}, pages=(page,), end=end))
    with DownloadFolder(str(tmp_path), "u", {}) as folder:
        assert folder.ended
    with DownloadFolder(str(tmp_path), "u", {}, look_again=True) as folder:
        assert (folder.ended, folder.paging) == (False, paging)


def test_a_page_that_has_grown_stays_if_its_manifest_cannot_be_written(
    sync_driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> Any:
        raise FileError("no room", errno=errno.ENOSPC)

    emulator = emulator_of(1, is_active=True)
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    emulator.load_segments("s0", "v0", [b"segment of s0 v0", b" and more"])
    with monkeypatch.context() as patch:
        patch.setattr(_downloads, "ManifestWriter", refuse)
        with pytest.raises(FileError, match="no room"):
            archived(client, tmp_path)
    assert (tmp_path / DAY / "s0/v0/page-00000.bin").read_bytes() == b"segment of s0 v0 and more"
    assert archived(client, tmp_path).failed == 0


@pytest.mark.parametrize("later", [b"segment of s0 v0", b"short"], ids=["the same", "smaller"])
def test_a_page_that_has_not_grown_leaves_everything_as_it_was(
    sync_driver: Driver, tmp_path: Path, later: bytes
) -> None:
    emulator = emulator_of(1, is_active=True)
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    folder = tmp_path / DAY / "s0/v0"
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    fetched(emulator)
    emulator.load_segments("s0", "v0", [later])
    archived(client, tmp_path)
    assert fetched(emulator) == ["s0/v0"]
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()} == before


def test_segments_that_are_gone_are_a_failure_and_stay(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(1, is_active=True)
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    emulator.faults.add(operation="GetSegments", status=404, times=1)
    status = archived(client, tmp_path)
    assert [failure.error for failure in status.failures()] == ["NotFoundError"]
    assert (tmp_path / DAY / "s0/v0/page-00000.bin").read_bytes() == b"segment of s0 v0"


def test_given_sessions_are_looked_up_unless_all_is_known(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(21)
    client = client_of(sync_driver, emulator)
    given = [f"s{number}" for number in range(21)]
    status = archived(client, tmp_path, iter([*given, "s1", "unknown"]))
    assert (status.sessions, status.saved, status.failed) == (21, 21, 1)
    message = "no event of it was found in that time; events are kept for 30 days"
    assert list(status.failures()) == [
        ArchiveFailure(session_id="unknown", view_id=None, playlist_id=None, error="NotFoundError", message=message)
    ]
    assert len(bodies(emulator)) == 2 * 2
    fetched(emulator)
    status = archived(client, tmp_path, given)
    assert (status.failed, list(status.failures())) == (0, [])
    assert len(emulator.requests) == 0
    with pytest.raises(InvalidRequestError, match=r"query_or_session_ids\[1\] is empty"):
        archived(client, tmp_path, ["s1", " "])
    with pytest.raises(InvalidRequestError, match="query_or_session_ids must be ids, such as a list of them, not int"):
        archived(client, tmp_path, 5)


@pytest.mark.parametrize(("query", "earlier", "goes_on"), [("*", 5, True), ("*", -5, False), ("@type:view", 0, False)])
def test_a_search_that_was_stopped_goes_on_where_it_was(
    sync_driver: Driver, tmp_path: Path, query: str, earlier: int, goes_on: bool
) -> None:
    def stop(progress: ArchiveProgress) -> None:
        if progress.completed >= 40:
            raise KeyError("enough")

    emulator = emulator_of(41)
    client = client_of(sync_driver, emulator)
    with pytest.raises(KeyError, match="enough"):
        archived(client, tmp_path, progress=stop)
    assert not archive_status(tmp_path).finished
    emulator.requests.clear()
    start = WINDOW["start"] + timedelta(minutes=earlier)
    status = archived(client, tmp_path, query, start=start)
    # Up to the batch before the last one, whose events may not all be on disk.
    begin = WINDOW["start"] + timedelta(minutes=190) if goes_on else start
    assert bodies(emulator)[0]["filter"]["from"] == begin.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert (status.sessions, status.saved, status.finished) == (41, 41, True)
    emulator.requests.clear()
    archived(client, tmp_path, query, start=start)
    again = start.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert bodies(emulator)[0]["filter"]["from"] == again


def test_a_search_that_missed_something_begins_anew(sync_driver: Driver, tmp_path: Path) -> None:
    def stop(progress: ArchiveProgress) -> None:
        if progress.completed >= 40:
            raise KeyError("enough")

    emulator = emulator_of(41)
    emulator.faults.add(operation="SearchRUMEvents", delay=0.001, times=1)
    emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    client = client_of(sync_driver, emulator)
    with pytest.warns(PartialResultWarning), pytest.raises(KeyError, match="enough"):
        archived(client, tmp_path, progress=stop)
    emulator.requests.clear()
    assert archived(client, tmp_path).running == 0
    assert bodies(emulator)[0]["filter"]["from"] == "2026-07-01T10:00:00.000Z"


# ---- Failures --------------------------------------------------------------------------------------------------------


def test_what_fails_is_left_alone_until_it_is_to_be_tried_again(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(4)
    emulator.faults.add(operation="GetSegments", status=500, times=8)
    client = client_of(sync_driver, emulator)
    status = archived(client, tmp_path, concurrency=1)
    assert (status.saved, status.failed, status.waiting) == (2, 2, 0)
    first, second = status.failures()
    assert (first.session_id, first.view_id, first.error, second.session_id) == ("s0", "v0", "ServerError", "s1")
    assert "500 Internal Server Error" in first.message
    fetched(emulator)
    assert archived(client, tmp_path).failed == 2
    assert fetched(emulator) == []
    status = archived(client, tmp_path, retry_failed=True)
    assert fetched(emulator) == ["s0/v0", "s1/v0"]
    assert (status.saved, status.failed, list(status.failures())) == (4, 0, [])


@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_run_ends_when_the_credentials_are_refused(sync_driver: Driver, tmp_path: Path, concurrency: int) -> None:
    emulator = emulator_of(30)
    emulator.faults.add(operation="GetSegments", status=401, times=None)
    client = client_of(sync_driver, emulator)
    with pytest.raises(AuthenticationError):
        archived(client, tmp_path, concurrency=concurrency)
    assert len(fetched(emulator)) <= concurrency
    status = archive_status(tmp_path)
    assert (status.waiting, status.failed, status.finished) == (30, 0, False)


def test_a_run_ends_when_one_view_after_another_fails(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(30)
    emulator.faults.add(operation="GetSegments", status=500, times=4 * 19)
    emulator.faults.add(operation="GetSegments", delay=0.001, times=1)
    emulator.faults.add(operation="GetSegments", status=500, times=4 * 20)
    client = client_of(sync_driver, emulator)
    status = archived(client, tmp_path, concurrency=1)
    assert (status.saved, status.failed) == (1, 19 + 10)
    emulator.faults.clear()
    emulator.faults.add(operation="GetSegments", status=403, times=None)
    with pytest.raises(PermissionDeniedError):
        archived(client, tmp_path, concurrency=1, retry_failed=True)
    status = archive_status(tmp_path)
    assert (status.failed, status.waiting) == (20, 9)


def test_a_rate_limit_is_waited_for_however_long(driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(3)
    for operation in ("SearchRUMEvents", "GetSegments"):
        emulator.faults.add(operation=operation, status=429, headers={"Retry-After": "600"}, times=1)
    client = client_of(driver, emulator)
    began = driver.clock.seconds
    status = archived(client, tmp_path, concurrency=1)
    assert (status.saved, status.failed) == (3, 0)
    assert driver.clock.seconds - began >= 1200
    emulator.faults.add(operation="GetSegments", status=429, headers={"Retry-After": "600"}, times=None)
    load(emulator, range(3, 5))
    with pytest.raises(RateLimitError):
        archived(client, tmp_path, concurrency=1)
    assert archive_status(tmp_path).waiting == 2


def test_a_session_that_may_lack_views_is_looked_at_again(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(2, 4)
    emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    client = client_of(sync_driver, emulator)
    with pytest.warns(PartialResultWarning):
        status = archived(client, tmp_path)
    assert status.partial == ("the search ended with the status 'timeout'",) == archive_status(tmp_path).partial
    assert status.running == status.sessions > 0
    status = archived(client, tmp_path)
    assert (status.partial, status.sessions, status.views, status.running) == ((), 2, 8, 0)
    fetched(emulator)
    emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    with pytest.warns(PartialResultWarning):
        assert archived(client, tmp_path).running == 0, "what has ended does not begin again"
    assert fetched(emulator) == []


@pytest.mark.parametrize("kind", ["given", "running"])
def test_a_look_up_may_lack_views_as_well(sync_driver: Driver, tmp_path: Path, kind: str) -> None:
    emulator = emulator_of(1, 4, is_active=True)
    client = client_of(sync_driver, emulator)
    later = WINDOW["start"] + timedelta(days=3)
    options = {"what": ["s0"]} if kind == "given" else {"start": later, "end": later + timedelta(days=1)}
    if kind == "running":
        archived(client, tmp_path)
        emulator.faults.add(operation="SearchRUMEvents", delay=0.001, times=1)
    emulator.load_events([session(0, "s0", at=0, is_active=False)])
    emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    with pytest.warns(PartialResultWarning):
        status = archived(client, tmp_path, **options)
    assert (status.running, len(status.partial)) == (1, 1)
    status = archived(client, tmp_path, **options)
    assert (status.running, status.partial, status.views) == (0, (), 4)


# ---- Playlists -------------------------------------------------------------------------------------------------------


def test_sessions_are_kept_in_a_playlist_once_they_have_ended(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(3)
    load(emulator, range(3, 4), is_active=True)
    client = client_of(sync_driver, emulator)
    playlist = client.playlists.create("kept").id
    assert archived(client, tmp_path).in_playlists == 0
    status = archived(client, tmp_path, keep_in=playlist)
    assert (status.in_playlists, status.not_in_playlists) == (3, 1)
    emulator.requests.clear()
    load(emulator, range(3, 4))
    assert archived(client, tmp_path).not_in_playlists == 1
    assert archived(client, tmp_path, keep_in=playlist).in_playlists == 4
    added = Counter(one.path.rpartition("/")[2] for one in emulator.requests if one.method == "PUT")
    assert added == {"s3": 1}
    assert {one.id for one in client.playlists.list_sessions(playlist)} == {"s0", "s1", "s2", "s3"}


def test_given_sessions_that_are_known_are_kept_too(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(2)
    client = client_of(sync_driver, emulator)
    playlist = client.playlists.create("kept").id
    archived(client, tmp_path)
    assert archived(client, tmp_path, ["s1"], keep_in=playlist).in_playlists == 1
    assert [one.id for one in client.playlists.list_sessions(playlist)] == ["s1"]


def test_a_session_that_cannot_be_kept_is_a_failure_of_its_own(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(2)
    client = client_of(sync_driver, emulator)
    playlist = client.playlists.create("kept").id
    emulator.faults.add(operation="AddRumReplaySessionToPlaylist", status=400, times=1)
    status = archived(client, tmp_path, keep_in=playlist, concurrency=1)
    assert (status.saved, status.in_playlists, status.failed) == (2, 1, 1)
    (failure,) = status.failures()
    assert (failure.session_id, failure.view_id, failure.playlist_id) == ("s0", None, int(playlist))
    assert archived(client, tmp_path, keep_in=playlist).failed == 1
    other = client.playlists.create("other").id
    assert archived(client, tmp_path, keep_in=other, retry_failed=True).failed == 1
    assert archived(client, tmp_path, keep_in=playlist, retry_failed=True).failed == 0


def test_a_playlist_that_does_not_exist_or_may_not_be_changed_ends_the_run(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(2)
    client = client_of(sync_driver, emulator)
    with pytest.raises(NotFoundError):
        archived(client, tmp_path, keep_in=42)
    assert bodies(emulator) == []
    playlist = client.playlists.create("kept").id
    emulator.faults.add(operation="AddRumReplaySessionToPlaylist", status=403, times=1)
    with pytest.raises(PermissionDeniedError):
        archived(client, tmp_path, keep_in=playlist, concurrency=1)
    assert archive_status(tmp_path).not_in_playlists == 2


# ---- Progress and interruption ---------------------------------------------------------------------------------------


def test_progress_counts_what_is_found_added_and_fetched(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(2, 2)
    client = client_of(sync_driver, emulator)
    playlist = client.playlists.create("kept").id
    emulator.faults.add(operation="GetSegments", status=500, times=4)
    reports: list[ArchiveProgress] = []
    archived(client, tmp_path, keep_in=playlist, concurrency=1, progress=reports.append)
    shown = [(one.doing, one.completed, one.total, one.failed, one.size) for one in reports]
    size = len(b"segment of s0 v0")
    assert shown == [
        ("searching", 0, None, 0, 0),
        ("searching", 2, None, 0, 0),
        ("adding", 0, 2, 0, 0),
        ("adding", 1, 2, 0, 0),
        ("adding", 2, 2, 0, 0),
        ("downloading", 0, 4, 0, 0),
        ("downloading", 1, 4, 1, 0),
        ("downloading", 2, 4, 1, size),
        ("downloading", 3, 4, 1, 2 * size),
        ("downloading", 4, 4, 1, 3 * size),
    ]


def test_what_a_progress_callback_raises_ends_the_run(driver: Driver, tmp_path: Path) -> None:
    def stop(progress: ArchiveProgress) -> None:
        if progress.doing == "downloading" and progress.completed >= 2:
            raise KeyError("enough")

    emulator = emulator_of(20)
    client = client_of(driver, emulator)
    with pytest.raises(KeyError, match="enough"):
        archived(client, tmp_path, progress=stop, concurrency=4)
    done = fetched(emulator)
    assert len(done) < 12
    assert archived(client, tmp_path).saved == 20
    whole = set(fetched(emulator))
    assert len(whole & set(done)) <= 4, "those that were under way"


def test_an_interrupt_ends_all_threads(sync_driver: Driver, tmp_path: Path) -> None:
    interrupted: list[int] = []

    def interrupt(progress: ArchiveProgress) -> None:
        # Two threads may have been counted before the first of them reports.
        if progress.doing == "downloading" and progress.completed >= 2 and not interrupted:
            interrupted.append(progress.completed)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    emulator = emulator_of(20)
    client = client_of(sync_driver, emulator)
    with pytest.raises(KeyboardInterrupt):
        archived(client, tmp_path, progress=interrupt, concurrency=2)
    assert len(fetched(emulator)) < 20
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("rum-replay")]
    status = archived(client, tmp_path)
    assert (status.saved, status.failed) == (20, 0)


@pytest.mark.parametrize("concurrency", [0, -1, True, "8"])
def test_wrong_arguments_make_no_folder(sync_driver: Driver, tmp_path: Path, concurrency: Any) -> None:
    client = client_of(sync_driver, Emulator())
    for wrong in ({"concurrency": concurrency}, {"keep_in": "x"}, {"retry_failed": 1}, {"end": 0}, {"progress": 1}):
        with pytest.raises(InvalidRequestError):
            archived(client, tmp_path / "archive", **wrong)
    with pytest.raises(InvalidRequestError):
        archived(client, tmp_path / "archive", '@view.name:"')
    assert not (tmp_path / "archive").exists()


def test_a_view_folder_that_cannot_be_used_is_a_failure_of_that_view(sync_driver: Driver, tmp_path: Path) -> None:
    client = client_of(sync_driver, emulator_of(3))
    (tmp_path / DAY / "s1/v0").mkdir(parents=True)
    (tmp_path / DAY / "s1/v0/manifest.json").write_text("{}")
    (tmp_path / DAY / "s2/v0/page-00000.bin").mkdir(parents=True)
    status = archived(client, tmp_path)
    assert (status.saved, status.failed) == (1, 2)
    assert [(one.session_id, one.error) for one in status.failures()] == [
        ("s1", "InvalidRequestError"),
        ("s2", "FileError"),
    ]


def test_errors_are_ours(sync_driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    client = client_of(sync_driver, emulator_of(1))
    with pytest.raises(FileError, match="file cannot be used as a directory: File exists"):
        archived(client, tmp_path / "file")
    with pytest.raises(FileError, match=r"archive\.sqlite cannot be read: No such file or directory"):
        archive_status(tmp_path)
    emulator = emulator_of(1)
    emulator.faults.add(operation="SearchRUMEvents", status=500, times=None)
    with pytest.raises(ServerError):
        archived(client_of(sync_driver, emulator), tmp_path / "archive")
