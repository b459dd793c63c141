from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from rum_replay import (
    ConnectionFailedError,
    DownloadProgress,
    FileError,
    InvalidRequestError,
    NotFoundError,
    PageFile,
    ReplayClient,
    ReplayError,
    RetryPolicy,
    SegmentDownload,
)

from .loopback_peer import Loopback, Received, serve
from .replay_driver import Driver

MEBIBYTE = 1 << 20
PATH = "/api/v2/rum/replay/sessions/s/views/v/segments"


class PageServer:
    """Serves the pages of a view; the paging token of page n is `n`."""

    def __init__(self, *pages: bytes) -> None:
        self.pages = list(pages)
        self.headers: dict[str, str] = {}
        self.interruptions: dict[int, int] = {}
        """Page number → how many more times its response is cut off halfway."""

        self.loopback: Loopback | None = None

    def __call__(self, received: Received) -> None:
        number = self.page_number(received)
        body = self.pages[number]
        headers = {"Content-Type": "application/x", **self.headers}
        if number + 1 < len(self.pages):
            headers["X-Next-Paging"] = str(number + 1)
        if self.interruptions.get(number, 0) > 0:
            self.interruptions[number] -= 1
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            received.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode())
            received.write(body[: len(body) // 2])
            raise ConnectionAbortedError
        received.respond(200, headers, body)

    @staticmethod
    def page_number(received: Received) -> int:
        return int(parse_qs(urlsplit(received.target).query).get("paging", ["0"])[0])

    @property
    def url(self) -> str:
        assert self.loopback is not None
        return self.loopback.url

    @property
    def requested(self) -> list[int]:
        assert self.loopback is not None
        return [self.page_number(received) for received in self.loopback.received]


@pytest.fixture
def server() -> Iterator[PageServer]:
    server = PageServer(b"first", b"", b"\x00third\r\n")
    with serve(server) as loopback:
        server.loopback = loopback
        yield server


def manifest_of(directory: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_download_writes_pages_and_a_manifest(driver: Driver, server: PageServer, tmp_path: Path) -> None:
    directory = tmp_path / "not" / "there yet"
    download = driver.open(server.url).sessions.download_segments("s", "v", directory, source="blob", ts=5)
    assert isinstance(download, SegmentDownload)
    assert names_in(directory) == ["manifest.json", "page-00000.bin", "page-00001.bin", "page-00002.bin"]
    assert [path.read_bytes() for path in download.files] == server.pages
    assert download.directory == directory
    assert download.end == "no token found"
    assert download.size == sum(map(len, server.pages))
    manifest = manifest_of(directory)
    assert manifest["url"] == server.url + PATH
    assert manifest["query"] == {"source": "blob", "ts": 5}
    assert manifest["end"] == "no token found"
    for number, page in enumerate(manifest["pages"]):
        content = server.pages[number]
        assert page["file"] == f"page-{number:05}.bin"
        assert page["status"] == 200
        assert page["size"] == len(content)
        assert page["sha256"] == hashlib.sha256(content).hexdigest()
        assert page["paging"] == (None if number == 0 else str(number))
        assert page["next_paging"] == (None if number == 2 else str(number + 1))
        assert page["headers"]["content-type"] == "application/x"
        assert page["headers"]["content-length"] == str(len(content))
    assert tuple(PageFile(**page) for page in manifest["pages"]) == download.pages


def test_cookies_are_not_stored(driver: Driver, server: PageServer, tmp_path: Path) -> None:
    server.headers = {"Set-Cookie": "session=s3cret; Secure", "X-Kept": "yes"}
    driver.open(server.url).sessions.download_segments("s", "v", tmp_path)
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert "s3cret" not in text
    assert "cookie" not in text.lower()
    assert manifest_of(tmp_path)["pages"][0]["headers"]["x-kept"] == "yes"


def test_server_cannot_choose_file_names(driver: Driver, server: PageServer, tmp_path: Path) -> None:
    server.headers = {"Content-Disposition": 'attachment; filename="../../evil"', "Location": "/etc/evil"}
    driver.open(server.url).sessions.download_segments("s", "v", tmp_path / "inner")
    assert names_in(tmp_path) == ["inner"]
    assert all(re.fullmatch(r"page-\d{5}\.bin|manifest\.json", name) for name in names_in(tmp_path / "inner"))


def test_finished_download_is_verified_and_returned_without_a_request(
    driver: Driver, server: PageServer, tmp_path: Path
) -> None:
    client = driver.open(server.url)
    first = client.sessions.download_segments("s", "v", tmp_path)
    requested = len(server.requested)
    again = client.sessions.download_segments("s", "v", str(tmp_path))
    assert again == first
    assert len(server.requested) == requested


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"x" * path.stat().st_size),
        lambda path: path.write_bytes(path.read_bytes()[:-1]),
        lambda path: path.write_bytes(path.read_bytes() + b"!"),
        lambda path: path.unlink(),
    ],
)
@pytest.mark.parametrize("number", [0, 2])
def test_damaged_page_and_all_later_pages_are_fetched_again(
    driver: Driver, server: PageServer, tmp_path: Path, damage: Callable[[Path], object], number: int
) -> None:
    client = driver.open(server.url)
    first = client.sessions.download_segments("s", "v", tmp_path)
    requested = len(server.requested)
    damage(first.files[number])
    again = client.sessions.download_segments("s", "v", tmp_path)
    assert again.files == first.files
    assert [path.read_bytes() for path in again.files] == server.pages
    assert [page.sha256 for page in again.pages] == [page.sha256 for page in first.pages]
    assert server.requested[requested:] == list(range(number, 3))


def test_interrupted_page_is_fetched_again(driver: Driver, server: PageServer, tmp_path: Path) -> None:
    server.interruptions = {0: 2, 2: 3}
    download = driver.open(server.url).sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == server.pages
    assert server.requested == [0, 0, 0, 1, 2, 2, 2, 2]


def test_failed_download_keeps_complete_pages_and_can_be_resumed(
    driver: Driver, server: PageServer, tmp_path: Path
) -> None:
    server.interruptions = {2: 4}
    client = driver.open(server.url)
    with pytest.raises(ConnectionFailedError):
        client.sessions.download_segments("s", "v", tmp_path)
    assert [page["file"] for page in manifest_of(tmp_path)["pages"]] == ["page-00000.bin", "page-00001.bin"]
    assert manifest_of(tmp_path)["end"] is None
    requested = len(server.requested)
    download = client.sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == server.pages
    assert server.requested[requested:] == [2]
    assert names_in(tmp_path) == ["manifest.json", *(page.file for page in download.pages)]


def test_error_response_is_not_stored_as_a_page(driver: Driver, tmp_path: Path) -> None:
    with serve(lambda received: received.respond(404, {}, b'{"errors": ["gone"]}')) as loopback:
        sessions = driver.open(loopback.url).sessions
        with pytest.raises(NotFoundError, match="gone"):
            sessions.download_segments("s", "v", tmp_path)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("failure", ["status", "connection", "callback"])
@pytest.mark.parametrize("existing", ["", "a", "a/b"])
def test_failed_first_page_leaves_no_directory_that_was_made_for_it(
    driver: Driver, tmp_path: Path, failure: str, existing: str
) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        if failure == "connection":
            raise httpx.ConnectError("refused")
        return httpx.Response(404 if failure == "status" else 200, content=b"x" * (1 << 20))

    def progress(_: DownloadProgress) -> None:
        raise ZeroDivisionError

    (tmp_path / existing).mkdir(parents=True, exist_ok=True)
    before = sorted(tmp_path.rglob("*"))
    client = driver.open(answer, retry=RetryPolicy(attempts=1))
    with pytest.raises((ReplayError, ZeroDivisionError)):
        client.sessions.download_segments("s", "v", tmp_path / "a" / "b" / "c", progress=progress)
    assert sorted(tmp_path.rglob("*")) == before


def test_directory_that_existed_stays_after_a_failure(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFoundError):
        driver.open(lambda _: httpx.Response(404)).sessions.download_segments("s", "v", tmp_path / "empty")
    assert (tmp_path / "empty").is_dir()


def test_directory_into_which_somebody_else_wrote_stays_after_a_failure(driver: Driver, tmp_path: Path) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        (tmp_path / "new" / "note.txt").touch()
        return httpx.Response(404)

    with pytest.raises(NotFoundError):
        driver.open(answer).sessions.download_segments("s", "v", tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["note.txt"]


def test_directory_of_another_download_is_rejected(driver: Driver, server: PageServer, tmp_path: Path) -> None:
    client = driver.open(server.url)
    client.sessions.download_segments("s", "v", tmp_path, source="blob")
    requested = len(server.requested)
    before = {name: (tmp_path / name).read_bytes() for name in names_in(tmp_path)}
    others: list[dict[str, Any]] = [
        {"view_id": "w", "source": "blob"},
        {"view_id": "v"},
        {"view_id": "v", "source": "x"},
    ]
    for arguments in others:
        with pytest.raises(InvalidRequestError, match=r"holds the download of .*use another directory"):
            client.sessions.download_segments("s", directory=tmp_path, **arguments)
    assert len(server.requested) == requested
    assert {name: (tmp_path / name).read_bytes() for name in names_in(tmp_path)} == before


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b'{"url": 1}',
        b"\xff\xfe",
        b'{"url":"u","query":{},"pages":[{}]}',
        b'{"x":' + b"[" * 100_000,
    ],
    ids=range(7),
)
def test_file_that_is_not_a_manifest_is_not_overwritten(
    driver: Driver, server: PageServer, tmp_path: Path, text: bytes
) -> None:
    (tmp_path / "manifest.json").write_bytes(text)
    with pytest.raises(InvalidRequestError, match="is not the manifest of a download") as caught:
        driver.open(server.url).sessions.download_segments("s", "v", tmp_path)
    assert caught.value.__context__ is None
    assert (tmp_path / "manifest.json").read_bytes() == text
    assert server.requested == []


@pytest.mark.parametrize("name", ["../outside.bin", "..", "sub/../page-00000.bin", "/etc/hostname", "", "p" * 300])
def test_manifest_that_lists_files_outside_the_directory_is_rejected(
    driver: Driver, server: PageServer, tmp_path: Path, name: str
) -> None:
    client = driver.open(server.url)
    client.sessions.download_segments("s", "v", tmp_path)
    requested = len(server.requested)
    manifest = manifest_of(tmp_path)
    manifest["pages"][0]["file"] = name
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InvalidRequestError, match=r"is not the name of a file in the folder; use another directory"):
        client.sessions.download_segments("s", "v", tmp_path)
    assert len(server.requested) == requested


def test_unwritable_directory_or_file_is_a_file_error(driver: Driver, server: PageServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="file cannot be used as a directory: File exists") as caught:
        driver.open(server.url).sessions.download_segments("s", "v", tmp_path / "file")
    assert isinstance(caught.value.__cause__, FileExistsError)
    assert (caught.value.errno, caught.value.filename) == (errno.EEXIST, str(tmp_path / "file"))
    (tmp_path / "taken" / "page-00000.bin").mkdir(parents=True)
    with pytest.raises(FileError, match=r"page-00000\.bin cannot be written: it is a folder") as caught:
        driver.open(server.url).sessions.download_segments("s", "v", tmp_path / "taken")
    assert isinstance(caught.value.__cause__, IsADirectoryError)


def test_pages_and_manifest_are_flushed_to_disk_before_they_are_renamed(
    driver: Driver, server: PageServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: set[int] = set()
    renamed: list[str] = []
    fsync, replace = os.fsync, os.replace

    def flush(descriptor: int) -> None:
        flushed.add(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    def rename(source: Any, target: Any) -> None:
        assert Path(source).stat().st_ino in flushed, target
        renamed.append(Path(target).name)
        replace(source, target)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(os, "replace", rename)
    driver.open(server.url).sessions.download_segments("s", "v", tmp_path)
    assert renamed == ["page-00000.bin", "manifest.json", "page-00001.bin", "page-00002.bin"]


def test_each_page_is_in_the_manifest_on_disk_before_the_next_one_is_requested(
    driver: Driver, server: PageServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync
    on_disk: list[tuple[int, int]] = []
    names: list[int] = []

    def flush(descriptor: int) -> None:
        fsync(descriptor)
        manifest, inode = tmp_path / "manifest.json", os.fstat(descriptor).st_ino
        if manifest.exists() and manifest.stat().st_ino == inode:
            on_disk.append((len(server.requested), len(manifest_of(tmp_path)["pages"])))
        if tmp_path.stat().st_ino == inode:  # the names of the pages in it
            listed = len(manifest_of(tmp_path)["pages"]) if manifest.exists() else 0
            names.append(len(list(tmp_path.glob("page-*.bin"))) - listed)

    monkeypatch.setattr(os, "fsync", flush)
    driver.open(server.url).sessions.download_segments("s", "v", tmp_path)
    # With the first page, it is flushed before it has its name, as the test before this one sees.
    assert on_disk == [(2, 2), (3, 3)]
    assert names == [1, 1, 1], "a page's name is on disk before the manifest lists it"


def test_page_is_added_to_the_manifest_without_writing_the_others_again(
    driver: Driver, server: PageServer, tmp_path: Path
) -> None:
    server.pages = [b"%d" % number for number in range(30)]
    seen: list[tuple[int, int, bytes]] = []

    def note(event: DownloadProgress) -> None:
        if event.page:
            path = tmp_path / "manifest.json"
            seen.append((path.stat().st_ino, event.page, path.read_bytes()))

    driver.open(server.url).sessions.download_segments("s", "v", tmp_path, progress=note)
    assert len({inode for inode, _, _ in seen}) == 1
    for (_, _, before), (_, number, after) in pairwise(seen):
        pages = before[: before.rindex(b"\n]")]
        assert after.startswith(pages)
        assert len(json.loads(after)["pages"]) == number


def test_custom_token_finder_gets_headers_and_searchable_content(driver: Driver, tmp_path: Path) -> None:
    pages = [b"next=1;" + b"a" * 3_000_000, b"next=2;", b"next=;", b"never"]
    seen: list[str | None] = []

    def finder(headers: Mapping[str, str], content: Any) -> str | None:
        seen.append(headers.get("content-type"))
        found = re.search(rb"next=(\d*);", content)
        return found and found[1].decode()

    def respond(received: Received) -> None:
        received.respond(200, {"Content-Type": "x/y"}, pages[PageServer.page_number(received)])

    with serve(respond) as loopback:
        client = driver.open(loopback.url)
        download = client.sessions.download_segments("s", "v", tmp_path, next_paging=finder)
    assert [path.read_bytes() for path in download.files] == pages[:3]
    assert seen == ["x/y"] * 3
    assert download.pages[2].next_paging is None


@pytest.mark.parametrize("token", [7, b"next", ["next"], "half of a pair \ud800"])
def test_token_finder_that_returns_an_invalid_token_is_rejected_without_damaging_the_download(
    driver: Driver, server: PageServer, tmp_path: Path, token: Any
) -> None:
    sessions = driver.open(server.url).sessions
    with pytest.raises(InvalidRequestError, match="what next_paging found"):
        sessions.download_segments("s", "v", tmp_path, next_paging=lambda *_: token)
    with pytest.raises(InvalidRequestError, match="what next_paging found"):
        list(sessions.iter_segments("s", "v", next_paging=lambda *_: token))
    assert [path.read_bytes() for path in sessions.download_segments("s", "v", tmp_path).files] == server.pages


@pytest.mark.parametrize("directory", ["", "a\0b", None, 3, b"bytes", ["list"]])
def test_invalid_directory_argument_is_rejected_before_any_request(
    driver: Driver, server: PageServer, directory: Any
) -> None:
    with pytest.raises(
        InvalidRequestError, match=r"^directory (must be a path, not|is empty; use|is a path with a NUL)"
    ):
        driver.open(server.url).sessions.download_segments("s", "v", directory)
    assert server.requested == []


def test_repeated_page_ends_the_download_and_is_not_stored(driver: Driver, tmp_path: Path) -> None:
    def respond(received: Received) -> None:
        count = len(loopback.received)
        received.respond(200 if count < 10 else 400, {"X-Next-Paging": f"t{count}"}, b"same")

    with serve(respond) as loopback:
        download = driver.open(loopback.url).sessions.download_segments("s", "v", tmp_path)
    assert download.end == "repeated page"
    assert names_in(tmp_path) == ["manifest.json", "page-00000.bin"]
    assert len(loopback.received) == 2


def test_repeated_token_ends_the_download(driver: Driver, tmp_path: Path) -> None:
    def respond(received: Received) -> None:
        count = len(loopback.received)
        received.respond(200 if count < 10 else 400, {"X-Next-Paging": "t"}, b"%d" % count)

    with serve(respond) as loopback:
        download = driver.open(loopback.url).sessions.download_segments("s", "v", tmp_path)
    assert download.end == "repeated token"
    assert [path.read_bytes() for path in download.files] == [b"1", b"2"]


def test_progress_reports_page_and_byte_counts_including_earlier_calls(
    driver: Driver, server: PageServer, tmp_path: Path
) -> None:
    server.pages = [b"a" * 10, b"b" * (9 * MEBIBYTE), b"c" * 5]
    server.interruptions = {2: 4}
    client = driver.open(server.url)
    events: list[DownloadProgress] = []
    with pytest.raises(ConnectionFailedError):
        client.sessions.download_segments("s", "v", tmp_path, progress=events.append)
    assert events[0] == DownloadProgress(page=0, page_bytes=10, total_bytes=10)
    within = [event for event in events if event.page == 1]
    assert len(within) >= 5
    assert [event.page_bytes for event in within] == sorted(event.page_bytes for event in within)
    assert all(event.total_bytes == event.page_bytes + 10 for event in within)
    assert within[-1].page_bytes == 9 * MEBIBYTE
    later: list[DownloadProgress] = []
    client.sessions.download_segments("s", "v", tmp_path, progress=later.append)
    assert later == [DownloadProgress(page=2, page_bytes=5, total_bytes=9 * MEBIBYTE + 15)]


def test_directory_allows_only_one_download_at_a_time(driver: Driver, server: PageServer, tmp_path: Path) -> None:
    sessions = driver.open(server.url).sessions

    def meanwhile(_: DownloadProgress) -> None:
        message = re.escape(f"another download is running in {tmp_path}")
        with (
            ReplayClient(base_url=server.url, api_key="a", app_key="b") as other,
            pytest.raises(InvalidRequestError, match=message),
        ):
            other.sessions.download_segments("s", "v", tmp_path)

    download = sessions.download_segments("s", "v", tmp_path, progress=meanwhile)
    assert [path.read_bytes() for path in download.files] == server.pages
    assert sessions.download_segments("s", "v", tmp_path) == download, "the lock was released"


def test_download_can_be_resumed_after_a_progress_callback_raised(
    driver: Driver, server: PageServer, tmp_path: Path
) -> None:
    def stop(event: DownloadProgress) -> None:
        if event.page == 1:
            raise KeyError("enough")

    client = driver.open(server.url)
    with pytest.raises(KeyError, match="enough"):
        client.sessions.download_segments("s", "v", tmp_path, progress=stop)
    assert len(manifest_of(tmp_path)["pages"]) == 1
    download = client.sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == server.pages
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("rum-replay-writer")]


@pytest.mark.no_cover  # Coverage tracing takes memory too.
def test_large_page_is_downloaded_in_constant_memory(driver: Driver, tmp_path: Path) -> None:
    size, block = 64 * MEBIBYTE, b"x" * 65536

    def respond(received: Received) -> None:
        received.write(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(size // len(block)):
            received.write(block)

    with serve(respond) as loopback:
        client = driver.open(loopback.url)
        tracemalloc.start()
        try:
            download = client.sessions.download_segments("s", "v", tmp_path)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert download.size == size
    assert peak < 12 * MEBIBYTE


# ---- Killed downloads ------------------------------------------------------------------------------------------------


SIZES = [MEBIBYTE + 17, 0, 90_000, MEBIBYTE + 400_000, 1]
TOTAL = sum(SIZES)


def random_pages() -> list[bytes]:
    noise = random.Random(1)
    return [noise.randbytes(size) for size in SIZES]


ENDS_OF_PAGES = [sum(SIZES[: number + 1]) for number in range(len(SIZES))]
BYTES = {1, 1000, MEBIBYTE, TOTAL - 2, *ENDS_OF_PAGES, *(end + 1 for end in ENDS_OF_PAGES[:-1])}
PLANS: dict[str, list[tuple[str, int]]] = {
    "received bytes": [("bytes", number) for number in sorted(BYTES | {*range(300_000, TOTAL, 600_000)})],
    "first steps on files": [("step", number) for number in range(1, 26)],
    "further steps on files": [("step", number) for number in range(26, 48)],
}


@pytest.mark.parametrize("kind", PLANS)
def test_download_can_be_resumed_no_matter_when_it_was_killed(kind: str, server: PageServer, tmp_path: Path) -> None:
    server.pages = random_pages()
    plan = PLANS[kind]
    program = Path(__file__).with_name("killed_downloads.py")
    command = [sys.executable, str(program), server.url, str(tmp_path), json.dumps(plan)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert result.returncode == 0, result.stderr
    killed: list[bool] = json.loads(result.stdout)
    # The last steps of the plan come after the end of a download; all earlier ones must have killed it.
    assert killed == sorted(killed, reverse=True)
    assert sum(killed) >= len(killed) - 3
    for index, was_killed in enumerate(killed):
        resumed = tmp_path / str(index) / "resumed"
        pages = [f"page-{number:05}.bin" for number in range(len(server.pages))]
        # What the kill left unfinished is gone.
        assert set(names_in(resumed)) == {"manifest.json", *pages}, plan[index]
        assert [(resumed / name).read_bytes() for name in pages] == server.pages, plan[index]
        assert manifest_of(resumed)["end"] == "no token found"
        left_by_kill = tmp_path / str(index) / "killed"
        if was_killed and (left_by_kill / "manifest.json").exists():
            assert_complete(left_by_kill, server.pages)


def assert_complete(directory: Path, pages: list[bytes]) -> None:
    """Check that all pages listed in the manifest of a killed download exist and are correct."""
    for number, page in enumerate(manifest_of(directory)["pages"]):
        assert (directory / page["file"]).read_bytes() == pages[number]
        assert page["sha256"] == hashlib.sha256(pages[number]).hexdigest()


def test_pages_that_were_complete_before_the_kill_are_not_fetched_again(server: PageServer, tmp_path: Path) -> None:
    server.pages = random_pages()
    program = Path(__file__).with_name("killed_downloads.py")
    kill_in_page_3 = SIZES[0] + SIZES[2] + MEBIBYTE
    command = [sys.executable, str(program), server.url, str(tmp_path), json.dumps([("bytes", kill_in_page_3)])]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    assert json.loads(result.stdout) == [True]
    assert server.requested == [0, 1, 2, 3, 3, 4]


def test_files_left_by_a_killed_download_do_no_harm(driver: Driver, server: PageServer, tmp_path: Path) -> None:
    left = [".page-00000.bin-0123456789abcdef.part", ".page-12345.bin-0123456789abcdef.part"]
    left += [".manifest.json-0123456789abcdef.part"]
    others = ["page.part", ".manifest.json-01234567.part", ".mine-0123456789abcdef.part", "page-00007.bin"]
    for name in (*left, *others, "page-00000.bin"):
        (tmp_path / name).write_bytes(b"left behind")
    download = driver.open(server.url).sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == server.pages
    assert os.fspath(tmp_path / "page-00007.bin") not in map(os.fspath, download.files)
    assert names_in(tmp_path) == sorted([*others, *(page.file for page in download.pages), "manifest.json"])


def test_download_starts_at_the_given_token_and_is_resumed_after_its_last_complete_page(
    driver: Driver, server: PageServer, tmp_path: Path
) -> None:
    server.interruptions[2] = 4
    client = driver.open(server.url)
    with pytest.raises(ConnectionFailedError):
        client.sessions.download_segments("s", "v", tmp_path, paging="1")
    download = client.sessions.download_segments("s", "v", tmp_path, paging="1")
    assert server.requested == [1, 2, 2, 2, 2, 2]
    assert [path.read_bytes() for path in download.files] == server.pages[1:]
    assert [page.paging for page in download.pages] == ["1", "2"]
    assert manifest_of(tmp_path)["query"] == {"paging": "1"}


class PartialWrites:
    """A file that writes at most 1,000 bytes per call, as the operating system is allowed to do."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def write(self, data: memoryview) -> int:
        written: int = self.file.write(data[:1000])
        return written


def test_rest_is_written_after_a_partial_write(
    sync_driver: Driver, server: PageServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.pages = random_pages()[:3]
    partial: list[PartialWrites] = []
    open_descriptor = os.fdopen

    def open_with_partial_writes(descriptor: int, mode: str, buffering: int) -> Any:
        partial.append(PartialWrites(open_descriptor(descriptor, mode, buffering)))
        return partial[-1]

    monkeypatch.setattr(os, "fdopen", open_with_partial_writes)
    download = sync_driver.open(server.url).sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == server.pages
    assert [page.sha256 for page in download.pages] == [hashlib.sha256(page).hexdigest() for page in server.pages]
    assert len(partial) == 4, "three pages and the manifest"
    assert [page["file"] for page in manifest_of(tmp_path)["pages"]] == [page.file for page in download.pages]


def test_download_pauses_while_too_much_waits_to_be_hashed(
    sync_driver: Driver, server: PageServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.pages = [b"x" * (16 * MEBIBYTE)]
    started, may_hash = threading.Event(), threading.Event()
    sha256 = hashlib.sha256

    class PausedHash:
        def __init__(self, *data: bytes) -> None:
            self.hash = sha256(*data)

        def update(self, data: bytes) -> None:
            started.set()
            may_hash.wait(30)
            self.hash.update(data)

        def hexdigest(self) -> str:
            return self.hash.hexdigest()

    monkeypatch.setattr(hashlib, "sha256", PausedHash)
    sessions = sync_driver.open(server.url).sessions
    events: list[DownloadProgress] = []
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(sessions.download_segments, "s", "v", tmp_path, progress=events.append)
        assert started.wait(30)
        with pytest.raises(TimeoutError):
            future.result(0.2)
        written_before_hashing = max((event.page_bytes for event in events), default=0)
        may_hash.set()
        download = future.result()
    assert written_before_hashing < 8 * MEBIBYTE
    assert download.pages[0].sha256 == sha256(server.pages[0]).hexdigest()
