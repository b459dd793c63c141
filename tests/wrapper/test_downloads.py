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
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from rum_replay import (
    ConnectionFailedError,
    DownloadProgress,
    FileError,
    InvalidRequestError,
    NotFoundError,
    PageFile,
    ReplayClient,
    SegmentDownload,
)
from rum_replay._downloads import PageWriter

from .loopback_peer import Loopback, Received, serve
from .replay_driver import Driver

MEBIBYTE = 1 << 20
PATH = "/api/v2/rum/replay/sessions/s/views/v/segments"


class Reel:
    """A server of a view's pages; token `n` stands for page n."""

    def __init__(self, *pages: bytes) -> None:
        self.pages = list(pages)
        self.headers: dict[str, str] = {}
        self.break_off: dict[int, int] = {}
        """Page number → how many more times it breaks off in its middle."""

        self.loopback: Loopback | None = None

    def __call__(self, received: Received) -> None:
        number = self.number_of(received)
        body = self.pages[number]
        headers = {"Content-Type": "application/x", **self.headers}
        if number + 1 < len(self.pages):
            headers["X-Next-Paging"] = str(number + 1)
        if self.break_off.get(number, 0) > 0:
            self.break_off[number] -= 1
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            received.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode())
            received.write(body[: len(body) // 2])
            raise ConnectionAbortedError
        received.respond(200, headers, body)

    @staticmethod
    def number_of(received: Received) -> int:
        return int(parse_qs(urlsplit(received.target).query).get("paging", ["0"])[0])

    @property
    def url(self) -> str:
        assert self.loopback is not None
        return self.loopback.url

    @property
    def asked(self) -> list[int]:
        assert self.loopback is not None
        return [self.number_of(received) for received in self.loopback.received]


@pytest.fixture
def reel() -> Iterator[Reel]:
    reel = Reel(b"first", b"", b"\x00third\r\n")
    with serve(reel) as loopback:
        reel.loopback = loopback
        yield reel


def manifest_of(directory: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def names_in(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_pages_and_a_manifest_are_what_a_download_leaves(driver: Driver, reel: Reel, tmp_path: Path) -> None:
    directory = tmp_path / "not" / "there yet"
    download = driver.open(reel.url).sessions.download_segments("s", "v", directory, source="blob", ts=5)
    assert isinstance(download, SegmentDownload)
    assert names_in(directory) == ["manifest.json", "page-00000.bin", "page-00001.bin", "page-00002.bin"]
    assert [path.read_bytes() for path in download.files] == reel.pages
    assert download.directory == directory
    assert download.end == "no token found"
    assert download.size == sum(map(len, reel.pages))
    manifest = manifest_of(directory)
    assert manifest["url"] == reel.url + PATH
    assert manifest["query"] == {"source": "blob", "ts": 5}
    assert manifest["end"] == "no token found"
    for number, page in enumerate(manifest["pages"]):
        content = reel.pages[number]
        assert page["file"] == f"page-{number:05}.bin"
        assert page["status"] == 200
        assert page["size"] == len(content)
        assert page["sha256"] == hashlib.sha256(content).hexdigest()
        assert page["paging"] == (None if number == 0 else str(number))
        assert page["next_paging"] == (None if number == 2 else str(number + 1))
        assert page["headers"]["content-type"] == "application/x"
        assert page["headers"]["content-length"] == str(len(content))
    assert tuple(PageFile(**page) for page in manifest["pages"]) == download.pages


def test_cookies_are_not_written_down(driver: Driver, reel: Reel, tmp_path: Path) -> None:
    reel.headers = {"Set-Cookie": "session=s3cret; Secure", "X-Kept": "yes"}
    driver.open(reel.url).sessions.download_segments("s", "v", tmp_path)
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert "s3cret" not in text
    assert "cookie" not in text.lower()
    assert manifest_of(tmp_path)["pages"][0]["headers"]["x-kept"] == "yes"


def test_file_names_never_come_from_the_server(driver: Driver, reel: Reel, tmp_path: Path) -> None:
    reel.headers = {"Content-Disposition": 'attachment; filename="../../evil"', "Location": "/etc/evil"}
    driver.open(reel.url).sessions.download_segments("s", "v", tmp_path / "inner")
    assert names_in(tmp_path) == ["inner"]
    assert all(re.fullmatch(r"page-\d{5}\.bin|manifest\.json", name) for name in names_in(tmp_path / "inner"))


def test_a_finished_download_is_verified_and_given_back_without_a_request(
    driver: Driver, reel: Reel, tmp_path: Path
) -> None:
    client = driver.open(reel.url)
    first = client.sessions.download_segments("s", "v", tmp_path)
    asked = len(reel.asked)
    again = client.sessions.download_segments("s", "v", str(tmp_path))
    assert again == first
    assert len(reel.asked) == asked


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
def test_a_damaged_page_and_those_behind_it_are_fetched_again(
    driver: Driver, reel: Reel, tmp_path: Path, damage: Callable[[Path], object], number: int
) -> None:
    client = driver.open(reel.url)
    first = client.sessions.download_segments("s", "v", tmp_path)
    asked = len(reel.asked)
    damage(first.files[number])
    again = client.sessions.download_segments("s", "v", tmp_path)
    assert again.files == first.files
    assert [path.read_bytes() for path in again.files] == reel.pages
    assert [page.sha256 for page in again.pages] == [page.sha256 for page in first.pages]
    assert reel.asked[asked:] == list(range(number, 3))


def test_a_page_that_breaks_off_is_fetched_again(driver: Driver, reel: Reel, tmp_path: Path) -> None:
    reel.break_off = {0: 2, 2: 3}
    download = driver.open(reel.url).sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == reel.pages
    assert reel.asked == [0, 0, 0, 1, 2, 2, 2, 2]


def test_a_download_that_fails_keeps_what_it_has_and_goes_on_later(driver: Driver, reel: Reel, tmp_path: Path) -> None:
    reel.break_off = {2: 4}
    client = driver.open(reel.url)
    with pytest.raises(ConnectionFailedError):
        client.sessions.download_segments("s", "v", tmp_path)
    assert [page["file"] for page in manifest_of(tmp_path)["pages"]] == ["page-00000.bin", "page-00001.bin"]
    assert manifest_of(tmp_path)["end"] is None
    asked = len(reel.asked)
    download = client.sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == reel.pages
    assert reel.asked[asked:] == [2]
    assert "page.part" not in names_in(tmp_path)


def test_an_error_status_is_no_page(driver: Driver, tmp_path: Path) -> None:
    with serve(lambda received: received.respond(404, {}, b'{"errors": ["gone"]}')) as loopback:
        sessions = driver.open(loopback.url).sessions
        with pytest.raises(NotFoundError, match="gone"):
            sessions.download_segments("s", "v", tmp_path)
    assert names_in(tmp_path) == []


def test_the_directory_of_another_download_is_refused(driver: Driver, reel: Reel, tmp_path: Path) -> None:
    client = driver.open(reel.url)
    client.sessions.download_segments("s", "v", tmp_path, source="blob")
    asked = len(reel.asked)
    before = {name: (tmp_path / name).read_bytes() for name in names_in(tmp_path)}
    others: list[dict[str, Any]] = [
        {"view_id": "w", "source": "blob"},
        {"view_id": "v"},
        {"view_id": "v", "source": "x"},
    ]
    for arguments in others:
        with pytest.raises(InvalidRequestError, match=r"holds the download of .*use another directory"):
            client.sessions.download_segments("s", directory=tmp_path, **arguments)
    assert len(reel.asked) == asked
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
def test_what_is_no_manifest_is_left_alone(driver: Driver, reel: Reel, tmp_path: Path, text: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(text)
    with pytest.raises(InvalidRequestError, match="is not the manifest of a download") as caught:
        driver.open(reel.url).sessions.download_segments("s", "v", tmp_path)
    assert caught.value.__context__ is None
    assert (tmp_path / "manifest.json").read_bytes() == text
    assert reel.asked == []


@pytest.mark.parametrize("name", ["../outside.bin", "..", "sub/../page-00000.bin", "/etc/hostname", "", "p" * 300])
def test_a_manifest_that_lists_files_outside_of_the_directory_is_refused(
    driver: Driver, reel: Reel, tmp_path: Path, name: str
) -> None:
    client = driver.open(reel.url)
    client.sessions.download_segments("s", "v", tmp_path)
    asked = len(reel.asked)
    manifest = manifest_of(tmp_path)
    manifest["pages"][0]["file"] = name
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InvalidRequestError, match=r"is not the name of a file in the folder; use another directory"):
        client.sessions.download_segments("s", "v", tmp_path)
    assert len(reel.asked) == asked


def test_a_place_that_cannot_be_written_is_a_file_error(driver: Driver, reel: Reel, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="file cannot be used as a directory: File exists") as caught:
        driver.open(reel.url).sessions.download_segments("s", "v", tmp_path / "file")
    assert isinstance(caught.value.__cause__, FileExistsError)
    assert (caught.value.errno, caught.value.filename) == (errno.EEXIST, str(tmp_path / "file"))
    (tmp_path / "taken" / "page.part").mkdir(parents=True)
    with pytest.raises(FileError, match=r"page\.part cannot be written: Is a directory") as caught:
        driver.open(reel.url).sessions.download_segments("s", "v", tmp_path / "taken")
    assert isinstance(caught.value.__cause__, IsADirectoryError)


def test_pages_and_manifest_are_on_disk_before_they_get_their_names(
    driver: Driver, reel: Reel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    download = driver.open(reel.url).sessions.download_segments("s", "v", tmp_path)
    assert renamed == [name for page in download.pages for name in (page.file, "manifest.json")]


def test_a_finder_of_ones_own_decides_and_gets_bytes_that_it_can_search(driver: Driver, tmp_path: Path) -> None:
    pages = [b"next=1;" + b"a" * 3_000_000, b"next=2;", b"next=;", b"never"]
    seen: list[str | None] = []

    def finder(headers: Mapping[str, str], content: Any) -> str | None:
        seen.append(headers.get("content-type"))
        found = re.search(rb"next=(\d*);", content)
        return found and found[1].decode()

    def answer(received: Received) -> None:
        received.respond(200, {"Content-Type": "x/y"}, pages[Reel.number_of(received)])

    with serve(answer) as loopback:
        client = driver.open(loopback.url)
        download = client.sessions.download_segments("s", "v", tmp_path, next_paging=finder)
    assert [path.read_bytes() for path in download.files] == pages[:3]
    assert seen == ["x/y"] * 3
    assert download.pages[2].next_paging is None


@pytest.mark.parametrize("token", [7, b"next", ["next"], "half of a pair \ud800"])
def test_a_finder_that_gives_no_text_is_refused_and_spoils_nothing(
    driver: Driver, reel: Reel, tmp_path: Path, token: Any
) -> None:
    sessions = driver.open(reel.url).sessions
    with pytest.raises(InvalidRequestError, match="what next_paging found"):
        sessions.download_segments("s", "v", tmp_path, next_paging=lambda *_: token)
    with pytest.raises(InvalidRequestError, match="what next_paging found"):
        list(sessions.iter_segments("s", "v", next_paging=lambda *_: token))
    assert [path.read_bytes() for path in sessions.download_segments("s", "v", tmp_path).files] == reel.pages


@pytest.mark.parametrize("directory", ["", "a\0b", None, 3, b"bytes", ["list"]])
def test_what_is_no_directory_is_refused_before_anything_is_sent(driver: Driver, reel: Reel, directory: Any) -> None:
    with pytest.raises(
        InvalidRequestError, match=r"^directory (must be a path, not|is empty; use|is a path with a NUL)"
    ):
        driver.open(reel.url).sessions.download_segments("s", "v", directory)
    assert reel.asked == []


def test_a_page_that_comes_again_is_not_kept(driver: Driver, tmp_path: Path) -> None:
    def answer(received: Received) -> None:
        count = len(loopback.received)
        received.respond(200 if count < 10 else 400, {"X-Next-Paging": f"t{count}"}, b"same")

    with serve(answer) as loopback:
        download = driver.open(loopback.url).sessions.download_segments("s", "v", tmp_path)
    assert download.end == "repeated page"
    assert names_in(tmp_path) == ["manifest.json", "page-00000.bin"]
    assert len(loopback.received) == 2


def test_a_token_that_comes_again_ends_the_download(driver: Driver, tmp_path: Path) -> None:
    def answer(received: Received) -> None:
        count = len(loopback.received)
        received.respond(200 if count < 10 else 400, {"X-Next-Paging": "t"}, b"%d" % count)

    with serve(answer) as loopback:
        download = driver.open(loopback.url).sessions.download_segments("s", "v", tmp_path)
    assert download.end == "repeated token"
    assert [path.read_bytes() for path in download.files] == [b"1", b"2"]


def test_progress_tells_page_and_bytes_those_of_earlier_calls_included(
    driver: Driver, reel: Reel, tmp_path: Path
) -> None:
    reel.pages = [b"a" * 10, b"b" * (9 * MEBIBYTE), b"c" * 5]
    reel.break_off = {2: 4}
    client = driver.open(reel.url)
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


def test_a_directory_takes_one_download_at_a_time(driver: Driver, reel: Reel, tmp_path: Path) -> None:
    sessions = driver.open(reel.url).sessions

    def meanwhile(_: DownloadProgress) -> None:
        message = re.escape(f"another download is running in {tmp_path}")
        with (
            ReplayClient(base_url=reel.url, api_key="a", app_key="b") as other,
            pytest.raises(InvalidRequestError, match=message),
        ):
            other.sessions.download_segments("s", "v", tmp_path)

    download = sessions.download_segments("s", "v", tmp_path, progress=meanwhile)
    assert [path.read_bytes() for path in download.files] == reel.pages
    assert sessions.download_segments("s", "v", tmp_path) == download, "the lock was released"


def test_a_progress_callback_that_raises_leaves_a_download_that_goes_on(
    driver: Driver, reel: Reel, tmp_path: Path
) -> None:
    def stop(event: DownloadProgress) -> None:
        if event.page == 1:
            raise KeyError("enough")

    client = driver.open(reel.url)
    with pytest.raises(KeyError, match="enough"):
        client.sessions.download_segments("s", "v", tmp_path, progress=stop)
    assert len(manifest_of(tmp_path)["pages"]) == 1
    download = client.sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == reel.pages
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("rum-replay-writer")]


@pytest.mark.no_cover  # Tracing takes memory too.
def test_a_page_of_any_size_takes_constant_memory(driver: Driver, tmp_path: Path) -> None:
    size, block = 64 * MEBIBYTE, b"x" * 65536

    def answer(received: Received) -> None:
        received.write(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(size // len(block)):
            received.write(block)

    with serve(answer) as loopback:
        client = driver.open(loopback.url)
        tracemalloc.start()
        try:
            download = client.sessions.download_segments("s", "v", tmp_path)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert download.size == size
    assert peak < 12 * MEBIBYTE


# ---- Killed ---------------------------------------------------------------------------------------------------------


SIZES = [MEBIBYTE + 17, 0, 90_000, MEBIBYTE + 400_000, 1]
TOTAL = sum(SIZES)


def film() -> list[bytes]:
    noise = random.Random(1)
    return [noise.randbytes(size) for size in SIZES]


ENDS_OF_PAGES = [sum(SIZES[: number + 1]) for number in range(len(SIZES))]
BYTES = {1, 1000, MEBIBYTE, TOTAL - 2, *ENDS_OF_PAGES, *(end + 1 for end in ENDS_OF_PAGES[:-1])}
PLANS: dict[str, list[tuple[str, int]]] = {
    "received bytes": [("bytes", number) for number in sorted(BYTES | {*range(300_000, TOTAL, 600_000)})],
    "first steps on files": [("step", number) for number in range(1, 20)],
    "further steps on files": [("step", number) for number in range(20, 38)],
}


@pytest.mark.parametrize("kind", PLANS)
def test_a_download_that_was_killed_is_taken_up_whenever_that_was(kind: str, reel: Reel, tmp_path: Path) -> None:
    reel.pages = film()
    plan = PLANS[kind]
    program = Path(__file__).with_name("killed_downloads.py")
    command = [sys.executable, str(program), reel.url, str(tmp_path), json.dumps(plan)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert result.returncode == 0, result.stderr
    killed: list[bool] = json.loads(result.stdout)
    # The last steps of the plan lie behind the end of a download; all before them must have been fatal.
    assert killed == sorted(killed, reverse=True)
    assert sum(killed) >= len(killed) - 3
    for index, was_killed in enumerate(killed):
        resumed = tmp_path / str(index) / "resumed"
        pages = [f"page-{number:05}.bin" for number in range(len(reel.pages))]
        # A manifest that was being written at the kill may be left behind, hidden and under a name of its own.
        assert {name for name in names_in(resumed) if not name.startswith(".")} == {"manifest.json", *pages}, plan[
            index
        ]
        assert [(resumed / name).read_bytes() for name in pages] == reel.pages, plan[index]
        assert manifest_of(resumed)["end"] == "no token found"
        left_by_kill = tmp_path / str(index) / "killed"
        if was_killed and (left_by_kill / "manifest.json").exists():
            assert_whole(left_by_kill, reel.pages)


def assert_whole(directory: Path, pages: list[bytes]) -> None:
    """Whatever the manifest of a killed download lists is there and right."""
    for number, page in enumerate(manifest_of(directory)["pages"]):
        assert (directory / page["file"]).read_bytes() == pages[number]
        assert page["sha256"] == hashlib.sha256(pages[number]).hexdigest()


def test_pages_that_were_whole_at_the_kill_are_not_fetched_again(reel: Reel, tmp_path: Path) -> None:
    reel.pages = film()
    program = Path(__file__).with_name("killed_downloads.py")
    kill_in_page_3 = SIZES[0] + SIZES[2] + MEBIBYTE
    command = [sys.executable, str(program), reel.url, str(tmp_path), json.dumps([("bytes", kill_in_page_3)])]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    assert json.loads(result.stdout) == [True]
    assert reel.asked == [0, 1, 2, 3, 3, 4]


def test_what_an_earlier_kill_left_behind_does_no_harm(driver: Driver, reel: Reel, tmp_path: Path) -> None:
    for name in ("page.part", ".manifest.json-01234567.part", "page-00000.bin", "page-00007.bin"):
        (tmp_path / name).write_bytes(b"left behind")
    download = driver.open(reel.url).sessions.download_segments("s", "v", tmp_path)
    assert [path.read_bytes() for path in download.files] == reel.pages
    assert os.fspath(tmp_path / "page-00007.bin") not in map(os.fspath, download.files)
    assert "page.part" not in names_in(tmp_path)


def test_a_download_begins_at_the_token_that_is_given_and_is_taken_up_behind_it(
    driver: Driver, reel: Reel, tmp_path: Path
) -> None:
    reel.break_off[2] = 4
    client = driver.open(reel.url)
    with pytest.raises(ConnectionFailedError):
        client.sessions.download_segments("s", "v", tmp_path, paging="1")
    download = client.sessions.download_segments("s", "v", tmp_path, paging="1")
    assert reel.asked == [1, 2, 2, 2, 2, 2]
    assert [path.read_bytes() for path in download.files] == reel.pages[1:]
    assert [page.paging for page in download.pages] == ["1", "2"]
    assert manifest_of(tmp_path)["query"] == {"paging": "1"}


class Sluggish:
    """A file that takes at most three bytes at once, as the operating system may."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def write(self, data: memoryview) -> int:
        written: int = self.file.write(data[:3])
        return written


def test_what_the_system_does_not_take_at_once_is_written_later(tmp_path: Path) -> None:
    writer = PageWriter(tmp_path, {}, 200)
    writer._file = Sluggish(writer._file)  # type: ignore[assignment]  # it stands in for one
    writer.feed(b"0123456789")
    writer.finish()
    assert writer.path.read_bytes() == b"0123456789"
    assert writer.sha256 == hashlib.sha256(b"0123456789").hexdigest()


def test_only_so_many_blocks_wait_to_be_hashed(tmp_path: Path) -> None:
    writer = PageWriter(tmp_path, {}, 200)
    may_hash = threading.Event()
    writer._hasher.submit(may_hash.wait)
    written: list[int] = []

    def write() -> None:
        for number in range(100):
            writer.feed(b"x")
            writer.write_block()
            written.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(0.2)
    held_back = len(written)
    may_hash.set()
    thread.join()
    writer.finish()
    assert held_back < 32
    assert writer.sha256 == hashlib.sha256(b"x" * 100).hexdigest()
