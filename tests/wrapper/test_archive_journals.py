"""The journal of an archive: one run at a time, damage, disks that are full, kills at any moment; names of folders."""

from __future__ import annotations

import errno
import json
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rum_replay import ArchiveProgress, FileError, InvalidRequestError, archive_status, segments
from rum_replay._archive.journal import Journal
from rum_replay._archive.layout import path_name
from rum_replay_emulator import Emulator

from .event_samples import client_of, session, view
from .replay_driver import Driver
from .test_archives import DAY, archived, emulator_of, fetched, files_in, load

JOURNAL = "archive.sqlite"


# ---- One run at a time -----------------------------------------------------------------------------------------------


def test_a_second_run_in_one_directory_says_so_at_once(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(3)
    client = client_of(sync_driver, emulator)
    refused: list[str] = []
    states: list[tuple[int, bool]] = []

    def run_another(_: ArchiveProgress) -> None:
        if not refused:
            with pytest.raises(InvalidRequestError) as caught:
                archived(client_of(Driver("sync"), emulator), tmp_path)
            refused.append(str(caught.value))
            status = archive_status(tmp_path)  # which is shown all the same
            states.append((status.sessions, status.finished))

    assert archived(client, tmp_path, progress=run_another).saved == 3
    assert refused == [
        f"another run is going on in {tmp_path}; wait for it, or use another directory (`--status` shows how far it is)"
    ]
    assert states == [(0, False)]
    assert archived(client, tmp_path).finished


def test_a_killed_run_leaves_no_lock_behind(sync_driver: Driver, tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from rum_replay._archive.folder import ArchiveFolder\n"
        "folder = ArchiveFolder(Path(sys.argv[1]), 'https://api.datadoghq.com')\n"
        "folder.journal._database._connection.execute('BEGIN IMMEDIATE')\n"
        "folder.journal._database._connection.execute(\"INSERT INTO settings VALUES ('half', 1)\")\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, timeout=60)
    assert killed.returncode == -9
    assert archived(client_of(sync_driver, emulator_of(1)), tmp_path).saved == 1
    assert files_in(tmp_path)[-2:] == ["archive.lock", JOURNAL]
    with closing(sqlite3.connect(tmp_path / JOURNAL)) as journal:
        assert journal.execute("SELECT count(*) FROM settings WHERE name = 'half'").fetchone() == (0,)


# ---- A journal that cannot be used -----------------------------------------------------------------------------------


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def overwrite(path: Path) -> None:
    path.write_bytes(b"no database at all " * 1000)


def overwrite_pages(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def overwrite_last_page(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-4096] + b"\xff" * 4096)


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as journal:
        journal.execute("PRAGMA user_version = 2")


def replace_by_another(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as journal:
        journal.execute("CREATE TABLE songs (name TEXT)")


def replace_by_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGED = (
    r" is damaged \(.+\): move it away\. The next run begins a new journal, keeps everything that is on disk, and "
)
UNUSABLE: list[tuple[Callable[[Path], None], str]] = [
    (cut, DAMAGED),
    (overwrite, DAMAGED),
    (overwrite_pages, DAMAGED),
    (overwrite_last_page, DAMAGED),
    (make_newer, " has version 2, and this release of rum-replay reads version 1 only: use the release that wrote it"),
    (replace_by_another, " is not the journal of an archive; use another directory"),
    (replace_by_link, " cannot be read: it is a link"),
    (replace_by_folder, " cannot be opened: unable to open database file"),
]


@pytest.mark.parametrize(("ruin", "message"), UNUSABLE, ids=[ruin.__name__ for ruin, _ in UNUSABLE])
def test_a_journal_that_cannot_be_used_is_left_as_it_is(
    sync_driver: Driver, tmp_path: Path, ruin: Callable[[Path], None], message: str
) -> None:
    emulator = emulator_of(3)
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    ruin(tmp_path / JOURNAL)
    before = {name: (tmp_path / name).read_bytes() for name in files_in(tmp_path)}
    emulator.requests.clear()
    for use in (lambda: archived(client, tmp_path), lambda: archive_status(tmp_path)):
        with pytest.raises(FileError, match=re.escape(str(tmp_path / JOURNAL)) + message):
            use()
    assert {name: (tmp_path / name).read_bytes() for name in files_in(tmp_path)} == before
    assert emulator.requests == []


def test_without_its_journal_an_archive_fetches_nothing_again(sync_driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_of(3, 2)
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    fetched(emulator)
    (tmp_path / JOURNAL).rename(tmp_path / "away")
    status = archived(client, tmp_path)
    assert fetched(emulator) == []
    assert (status.saved, status.size) == (6, 6 * len(b"segment of s0 v0"))


def test_with_its_journal_alone_an_archive_fetches_what_is_new(sync_driver: Driver, tmp_path: Path) -> None:
    """As in a nightly job that keeps the rest elsewhere."""
    emulator = emulator_of(2)
    load(emulator, range(2, 3), is_active=True)
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    fetched(emulator)
    shutil.rmtree(tmp_path / DAY)
    load(emulator, range(3, 4))
    assert archived(client, tmp_path).saved == 4
    assert fetched(emulator) == ["s2/v0", "s3/v0"]
    assert len(list(tmp_path.rglob("page-00000.bin"))) == 2


def test_an_archive_is_of_one_api(sync_driver: Driver, tmp_path: Path) -> None:
    archived(client_of(sync_driver, emulator_of(1)), tmp_path)
    other = sync_driver.open(site="eu1", http_client=sync_driver.open_http_client(transport=emulator_of(1).transport()))
    with pytest.raises(
        InvalidRequestError, match=r"is the archive of https://api\.datadoghq\.com, not of https://api\.d"
    ):
        archived(other, tmp_path)


def test_a_full_disk_is_a_clear_error_and_loses_nothing(sync_driver: Driver, tmp_path: Path) -> None:
    """A limit of the size of files is what a full disk is to SQLite: it cannot write on."""
    emulator = emulator_of(2)
    client = client_of(sync_driver, emulator)
    archived(client, tmp_path)
    load(emulator, range(2, 80))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / JOURNAL).stat().st_size, limits[1]))
    try:
        with pytest.raises(FileError, match=r"archive\.sqlite cannot be") as caught:
            archived(client, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.errno in (errno.ENOSPC, errno.EIO)
    status = archive_status(tmp_path)
    assert (status.saved, status.failed, status.finished) == (2, 0, False)
    assert archived(client, tmp_path).saved == 80


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS], ids=["full", "read-only"])
def test_a_disk_that_takes_no_segments_ends_the_run(
    sync_driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    from rum_replay import _downloads

    class RefusingDisk:
        @staticmethod
        def beside(*_: Any, **__: Any) -> Any:
            raise OSError(number, "refused")

    emulator = emulator_of(30)
    client = client_of(sync_driver, emulator)
    with monkeypatch.context() as patch:
        patch.setattr(_downloads, "Unfinished", RefusingDisk)
        with pytest.raises(FileError, match=r"page-00000\.bin cannot be written: refused"):
            archived(client, tmp_path, concurrency=2)
    assert archive_status(tmp_path).waiting == 30
    assert len(fetched(emulator)) <= 4
    assert archived(client, tmp_path).saved == 30


# ---- Kills -----------------------------------------------------------------------------------------------------------


def test_runs_that_are_killed_at_any_moment_end_in_the_same_archive(tmp_path: Path) -> None:
    """`python -m tests.wrapper.killed_archives DIRECTORY` does the same with 300 sessions and 40 kills."""
    command = [sys.executable, "-m", "tests.wrapper.killed_archives", str(tmp_path)]
    options = ["--sessions", "10", "--kills", "5"]
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run([*command, *options], capture_output=True, text=True, check=False, cwd=root, timeout=100)
    assert result.returncode == 0, result.stderr
    outcome = json.loads(result.stdout)
    assert outcome["problems"] == []
    assert outcome["killed"] == 5
    assert outcome["files"] > 80


def test_what_a_kill_left_of_an_event_goes(sync_driver: Driver, tmp_path: Path) -> None:
    client = client_of(sync_driver, emulator_of(1))
    archived(client, tmp_path)
    left = [tmp_path / DAY / "s0" / name for name in (".session-event.json-{}.part", "v0/.view-event.json-{}.part")]
    left = [path.with_name(path.name.format("0123456789abcdef")) for path in left]
    for path in left:
        path.write_bytes(b"half")
    archived(client, tmp_path)
    assert [path for path in left if path.exists()] == []


def test_a_view_that_went_on_after_a_kill_is_looked_at_again(
    sync_driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kill comes when its pages are whole, and before the journal says so."""

    def die(*_: Any) -> None:
        raise KeyError("killed")

    emulator = emulator_of(1, is_active=True)
    client = client_of(sync_driver, emulator)
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "fetched", die)
        with pytest.raises(KeyError, match="killed"):
            archived(client, tmp_path)
    assert (tmp_path / DAY / "s0/v0/manifest.json").exists()
    emulator.load_events([session(0, "s0", at=0, is_active=False)])
    emulator.load_segments("s0", "v0", [b"segment of s0 v0", b" and more"])
    archived(client, tmp_path)
    assert (tmp_path / DAY / "s0/v0/page-00000.bin").read_bytes() == b"segment of s0 v0 and more"


# ---- Names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("55cef32f-9fce-475f-b62d-f34b38c1640c", "55cef32f-9fce-475f-b62d-f34b38c1640c"),
        ("a_b-c.d", "a_b-c.d"),
        ("console", "console"),
        ("A", "%41"),
        ("..", "%2E%2E"),
        ("../up", "%2E%2E%2Fup"),
        ("a=b", "%61%3Db"),
        ("a.", "%61%2E"),
        (".hidden", "%2Ehidden"),
        ("-option", "%2Doption"),
        ("con", "%63on"),
        ("nul.txt", "%6Eul%2Etxt"),
        ("com1", "%63om1"),
        ("a\\b:c", "%61%5Cb%3Ac"),
        ("é", "%C3%A9"),
        ("%41", "%2541"),
    ],
)
def test_ids_become_safe_names(id: str, name: str) -> None:
    assert path_name(id) == name


@settings(max_examples=40)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200), min_size=2, unique=True))
def test_different_ids_have_different_names_on_every_file_system(ids: list[str]) -> None:
    names = [path_name(one).lower() for one in ids]
    assert len(set(names)) == len(ids)
    for name in names:
        assert re.fullmatch(r"[a-z0-9_%][a-z0-9_.%~-]{0,119}", name)
        assert not name.endswith(".")


def test_sessions_and_views_with_strange_ids_stay_in_the_archive(sync_driver: Driver, tmp_path: Path) -> None:
    strange = ["../../outside", "A", "a", "CON", "x" * 300, "sp ace"]
    emulator = Emulator()
    for number, name in enumerate(strange):
        emulator.load_events([session(2 * number, name, is_active=False), view(2 * number + 1, name, name)])
        emulator.load_segments(name, name, [name.encode()])
    emulator.load_events([view(100, "a", "a\tb")])
    status = archived(client_of(sync_driver, emulator), tmp_path / "archive")
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]
    assert (status.sessions, status.saved, status.failed) == (6, 6, 1)
    assert [failure.view_id for failure in status.failures()] == ["a\tb"]
    pages = {path.read_bytes().decode() for path in (tmp_path / "archive").rglob("page-00000.bin")}
    assert pages == set(strange)


def test_files_beside_segments_are_no_segments(sync_driver: Driver, tmp_path: Path) -> None:
    archived(client_of(sync_driver, emulator_of(1)), tmp_path)
    for folder in (tmp_path, tmp_path / DAY, tmp_path / DAY / "s0"):
        (unreadable,) = segments.open(folder).unreadable
        assert unreadable.source == "page-00000.bin"
    shutil.rmtree(tmp_path / DAY / "s0" / "v0")
    assert segments.open(tmp_path).unreadable == ()
