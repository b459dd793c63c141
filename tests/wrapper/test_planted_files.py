"""Downloads into folders that somebody has prepared, and onto disks that are full."""

from __future__ import annotations

import os
import resource
import stat
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rum_replay import FileError, NotFoundError

from .loopback_peer import serve
from .replay_driver import Driver

CONTENT = b"from the server" * 10_000


@pytest.fixture
def url() -> Iterator[str]:
    with serve(lambda received: received.respond(200, {}, CONTENT)) as loopback:
        yield loopback.url


LINKS: dict[str, Callable[[Path, Path], None]] = {"symbolic": os.symlink, "hard": os.link}


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("name", ["page.part", "manifest.json.part", "page-00000.bin", "page-00000.bin.part"])
def test_nothing_is_written_through_a_planted_link(
    driver: Driver, url: str, tmp_path: Path, name: str, kind: str
) -> None:
    victim, folder = tmp_path / "victim", tmp_path / "download"
    victim.write_bytes(b"precious")
    folder.mkdir()
    LINKS[kind](victim, folder / name)
    download = driver.open(url).sessions.download_segments("s", "v", folder)
    assert victim.read_bytes() == b"precious"
    for path in (*download.files, folder / "manifest.json"):
        assert not path.is_symlink()
        assert path.stat().st_nlink == 1
    assert download.files[0].read_bytes() == CONTENT


@pytest.mark.parametrize("kind", LINKS)
def test_a_manifest_that_is_a_link_is_replaced_and_its_target_stays(
    driver: Driver, url: str, tmp_path: Path, kind: str
) -> None:
    client = driver.open(url)
    client.sessions.download_segments("s", "v", tmp_path / "other")
    elsewhere = tmp_path / "other" / "manifest.json"
    before = elsewhere.read_bytes()
    (tmp_path / "download").mkdir()
    LINKS[kind](elsewhere, tmp_path / "download" / "manifest.json")
    download = client.sessions.download_segments("s", "v", tmp_path / "download")
    assert download.files[0].read_bytes() == CONTENT
    assert elsewhere.read_bytes() == before
    assert not (tmp_path / "download" / "manifest.json").is_symlink()


def test_a_link_to_a_folder_is_that_folder(driver: Driver, url: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    download = driver.open(url).sessions.download_segments("s", "v", tmp_path / "link")
    assert (tmp_path / "elsewhere" / "page-00000.bin").read_bytes() == CONTENT
    assert download.directory == tmp_path / "link"


def bound_socket(path: Path) -> None:
    os.mknod(path, stat.S_IFSOCK | 0o600)  # `bind` takes short paths only


OTHERS: dict[str, Callable[[Path], None]] = {"pipe": os.mkfifo, "folder": os.mkdir, "socket": bound_socket}
KINDS = {"pipe": "a named pipe", "folder": "a folder", "socket": "a socket"}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("name", ["manifest.json", "page-00000.bin"])
def test_something_else_in_the_place_of_a_file_is_a_file_error_and_stays(
    driver: Driver, url: str, tmp_path: Path, name: str, kind: str
) -> None:
    OTHERS[kind](tmp_path / name)
    with pytest.raises(FileError, match=rf"{name} cannot be (read|written): (it is {KINDS[kind]}|No such device)"):
        driver.open(url).sessions.download_segments("s", "v", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert not (tmp_path / name).is_file()


@pytest.mark.parametrize("kind", OTHERS)
def test_something_else_in_the_place_of_a_page_that_was_downloaded_is_a_file_error(
    driver: Driver, url: str, tmp_path: Path, kind: str
) -> None:
    sessions = driver.open(url).sessions
    (page,) = sessions.download_segments("s", "v", tmp_path).files
    page.unlink()
    OTHERS[kind](page)
    with pytest.raises(FileError, match=r"page-00000\.bin cannot be read: (it is|No such device)"):
        sessions.download_segments("s", "v", tmp_path)


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("name", ["page.part", "manifest.json.part", f".page-00000.bin-{'0' * 16}.part"])
def test_something_else_under_a_name_that_was_or_might_be_used_is_in_nobody_s_way(
    driver: Driver, url: str, tmp_path: Path, name: str, kind: str
) -> None:
    OTHERS[kind](tmp_path / name)
    download = driver.open(url).sessions.download_segments("s", "v", tmp_path)
    assert download.files[0].read_bytes() == CONTENT
    assert (tmp_path / name).exists()


@pytest.mark.parametrize("kind", ["pipe", "socket"])
def test_something_else_in_the_place_of_the_folder_is_a_file_error(
    driver: Driver, url: str, tmp_path: Path, kind: str
) -> None:
    OTHERS[kind](tmp_path / "download")
    with pytest.raises(FileError, match="download cannot be used as a directory"):
        driver.open(url).sessions.download_segments("s", "v", tmp_path / "download")


# ---- No room ---------------------------------------------------------------------------------------------------------


@contextmanager
def largest_file(size: int) -> Generator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_first_download_without_room_leaves_nothing_not_even_its_folders(
    driver: Driver, url: str, tmp_path: Path
) -> None:
    page = tmp_path / "new" / "folder" / "page-00000.bin"
    with largest_file(100_000), pytest.raises(FileError) as caught:
        driver.open(url).sessions.download_segments("s", "v", page.parent)
    assert str(caught.value) == f"{page} cannot be written: File too large"
    assert caught.value.filename == str(page)
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_without_room_is_named_and_its_page_does_not_stay(driver: Driver, tmp_path: Path) -> None:
    with serve(lambda received: received.respond(200, {"X-Long": "x" * 4000}, b"short")) as loopback:
        sessions = driver.open(loopback.url).sessions
        with largest_file(2000), pytest.raises(FileError, match=r"manifest\.json cannot be written: File too large"):
            sessions.download_segments("s", "v", tmp_path / "new")
        assert list(tmp_path.iterdir()) == []
        assert sessions.download_segments("s", "v", tmp_path / "new").size == 5


def test_folders_stay_if_they_were_there_before_or_hold_anything(driver: Driver, tmp_path: Path) -> None:
    with serve(lambda received: received.respond(404, {}, b"{}")) as loopback:
        sessions = driver.open(loopback.url).sessions
        (tmp_path / "there").mkdir()
        for folder in ("there", "there/new", "all/new"):
            with pytest.raises(NotFoundError):
                sessions.download_segments("s", "v", tmp_path / folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


def test_a_page_without_room_keeps_the_pages_before_it(driver: Driver, tmp_path: Path) -> None:
    answers = [({"X-Next-Paging": "1"}, b"small"), ({}, CONTENT), ({}, CONTENT)]
    with serve(lambda received: received.respond(200, *answers[len(loopback.received) - 1])) as loopback:
        sessions = driver.open(loopback.url).sessions
        with largest_file(100_000), pytest.raises(FileError, match=r"page-00001\.bin cannot be written"):
            sessions.download_segments("s", "v", tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "page-00000.bin"]
        download = sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == [b"small", CONTENT]
