"""`check_archive`: whether everything that is in an archive is as it was downloaded."""

from __future__ import annotations

import json
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
import rum_replay
from rum_replay import ArchiveProgress, FileError, InvalidRequestError, check_archive
from rum_replay._archive.database import RunLock
from rum_replay._cli.app import run
from rum_replay_emulator import Emulator

from .event_samples import WINDOW, client_of
from .replay_driver import Driver
from .test_archives import emulator_of, fetched, files_in

SESSIONS = 6


@pytest.fixture
def emulator() -> Emulator:
    return emulator_of(SESSIONS)


@pytest.fixture
def archive(sync_driver: Driver, emulator: Emulator, tmp_path: Path) -> Path:
    """An archive of one view for each session."""
    rum_replay.archive(client_of(sync_driver, emulator), "*", tmp_path / "archive", **WINDOW)
    fetched(emulator)
    return tmp_path / "archive"


def folder(archive: Path, number: int) -> Path:
    (found,) = archive.glob(f"*/*/s{number}/v0")
    return found


def damage(archive: Path) -> None:
    """Four kinds of damage, to the first four sessions."""
    page = folder(archive, 0) / "page-00000.bin"
    page.write_bytes(page.read_bytes()[:-1] + b"?")
    (folder(archive, 1) / "page-00000.bin").unlink()
    (folder(archive, 2) / "manifest.json").unlink()
    (folder(archive, 3) / "page-00000.bin").write_bytes(b"")


def test_a_whole_archive_is_as_it_was_downloaded(archive: Path, emulator: Emulator) -> None:
    before, seen = files_in(archive), list[ArchiveProgress]()
    found = check_archive(archive, progress=seen.append)
    assert (found.directory, found.views, found.damaged) == (archive, SESSIONS, ())
    assert found.size == sum(path.stat().st_size for path in archive.rglob("page-*.bin"))
    assert [(one.doing, one.completed, one.total) for one in seen] == [
        ("checking", number, SESSIONS) for number in range(1, SESSIONS + 1)
    ]
    assert files_in(archive) == before
    assert not emulator.requests


def test_what_is_damaged_is_named_and_fetched_again(sync_driver: Driver, archive: Path, emulator: Emulator) -> None:
    damage(archive)
    found = check_archive(archive)
    assert (found.views, [one.session_id for one in found.damaged]) == (2, ["s0", "s1", "s2", "s3"])
    reasons = [one.message.removeprefix(str(folder(archive, number))) for number, one in enumerate(found.damaged)]
    other = "/page-00000.bin is missing, or is not the page that was downloaded"
    assert reasons == [other, other, " has no manifest", other]
    assert list(rum_replay.archive_status(archive).failures()) == list(found.damaged)
    status = rum_replay.archive(client_of(sync_driver, emulator), "*", archive, retry_failed=True, **WINDOW)
    assert fetched(emulator) == ["s0/v0", "s1/v0", "s2/v0", "s3/v0"]
    assert (status.failed, status.saved) == (0, SESSIONS)
    assert check_archive(archive).views == SESSIONS


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_workers_find_the_same(archive: Path, kind: str) -> None:
    damage(archive)
    pool: Executor = ThreadPoolExecutor(3) if kind == "threads" else ProcessPoolExecutor(2, get_context("spawn"))
    with pool as executor:
        found = check_archive(archive, executor=executor)
    assert (found.views, [one.session_id for one in found.damaged]) == (2, ["s0", "s1", "s2", "s3"])


def test_a_folder_that_is_gone_is_damage(archive: Path) -> None:
    folder(archive, 5).rename(archive / "elsewhere")
    (failure,) = check_archive(archive).damaged
    assert (failure.session_id, failure.view_id) == ("s5", "v0")


def test_no_check_while_a_run_is_going_on(archive: Path) -> None:
    lock = RunLock(archive)
    with pytest.raises(InvalidRequestError, match="another run is going on"):
        check_archive(archive)
    lock.release()
    assert check_archive(archive).views == SESSIONS


def test_what_is_no_archive_is_an_error_and_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"archive\.sqlite cannot be read: No such file"):
        check_archive(tmp_path)
    assert files_in(tmp_path) == []


def test_the_command_lists_what_is_damaged(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "--check", str(archive)]) == 0
    assert f"{archive}: 6 views as downloaded" in capsys.readouterr().out
    damage(archive)
    assert run(["archive", "--check", str(archive), "--jobs", "1"]) == 1
    printed = capsys.readouterr()
    assert "has no manifest" in printed.out
    assert printed.err == "error: 4 damaged; --retry-failed fetches them again\n"
    assert run(["archive", "--check", str(archive), "--json"]) == 0  # they count as failed by now
    (last,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert last == {
        "type": "archive_check",
        "directory": str(archive),
        "views": 2,
        "size": last["size"],
        "damaged": 0,
        "failed_before": 4,
    }
    assert run(["archive", "*", str(archive), "--jobs", "2"]) == 2
    assert "--jobs and --dask are for --check" in capsys.readouterr().err
