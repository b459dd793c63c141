from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from rum_replay import FileError, InvalidRequestError, PageFile, ReplayClient, ReplayError, SegmentPage, segments
from rum_replay._manifest import Manifest, write_manifest
from rum_replay.segments._parsing.sources import sources_of

from .recorded import FOLDERS, found, multipart, segment_files, uploads, values

FOLDER = FOLDERS[2]
CONTENT = b"".join(uploads(FOLDER))


class OneShot(io.RawIOBase):
    """A stream that cannot seek and gives few bytes at a time, as sockets do; None or an error instead of its rest."""

    def __init__(self, content: bytes | Exception | None) -> None:
        self.rest = content

    def read(self, size: int = -1) -> Any:
        if isinstance(self.rest, Exception):
            raise self.rest
        if self.rest is None:
            return None
        size = 1000 if size < 0 else min(size, 1000)
        data, self.rest = self.rest[:size], self.rest[size:]
        return data


def test_files_folders_bytes_and_streams_give_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    for path in segment_files(FOLDER):
        (folder / path.name).write_bytes(path.read_bytes())
    one = tmp_path / "one.bin"
    one.write_bytes(CONTENT)
    sources: list[Any] = [
        one, str(one), folder, segment_files(FOLDER), uploads(FOLDER), CONTENT, bytearray(CONTENT), memoryview(CONTENT),
        io.BytesIO(CONTENT), OneShot(CONTENT), (path for path in segment_files(FOLDER)),
        SegmentPage(content=CONTENT, headers={}, next_paging=None),
    ]  # fmt: skip
    for source in sources:
        assert found(source) == values(FOLDER)


def test_a_download_is_read_with_its_manifest(tmp_path: Path) -> None:
    boundary = multipart(uploads(FOLDER))
    pages = {None: boundary, "1": CONTENT[:10]}

    def peer(request: httpx.Request) -> httpx.Response:
        token = request.url.params.get("paging")
        headers = {"content-type": "multipart/mixed; boundary=a+b"} | ({} if token else {"x-next-paging": "1"})
        return httpx.Response(200, content=pages[token], headers=headers)

    with (
        httpx.Client(transport=httpx.MockTransport(peer)) as http_client,
        ReplayClient(api_key="k" * 32, app_key="a" * 40, http_client=http_client) as replay,
    ):
        download = replay.sessions.download_segments("s", "v", tmp_path)
    (tmp_path / "something-else.txt").write_text("not a page")
    for source in (tmp_path, download):
        recording = segments.open(source)
        assert recording.count == len(values(FOLDER))
        # The second page holds ten bytes of a segment.
        assert {part.source for part in recording.unreadable} == {"page-00001.bin"}


def test_folders_within_a_folder_are_read_by_name_and_links_are_not_followed(tmp_path: Path) -> None:
    files = segment_files(FOLDER)
    for folder, path in zip((tmp_path / "b", tmp_path / "a" / "c", tmp_path / "x", tmp_path), files, strict=False):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path.name).write_bytes(path.read_bytes())
    (tmp_path / "a" / "circle").symlink_to(tmp_path, target_is_directory=True)
    listed = tmp_path / "download"
    listed.mkdir()
    (listed / "page-00000.bin").write_bytes(b"listed")
    write_pages(listed, "page-00000.bin", content=b"listed")
    (listed / "other.bin").write_bytes(b"not listed")
    names = [source.name for source in sources_of(tmp_path)]
    assert names == [files[3].name, files[1].name, files[0].name, "page-00000.bin", files[2].name]
    recording = segments.open(tmp_path)
    assert {part.source for part in recording.unreadable} == {"page-00000.bin"}
    assert len(recording.segments) == 4
    assert not recording.report.views[0].duplicates


def write_pages(folder: Path, *names: str, content: bytes = b"") -> None:
    digest = hashlib.sha256(content).hexdigest()
    page = PageFile(file="", size=len(content), sha256=digest, paging=None, next_paging="t", status=200, headers={})
    pages = tuple(attrs.evolve(page, file=name) for name in names)
    write_manifest(folder, Manifest(url="http://host/", query={}, pages=pages))


def test_a_manifest_cannot_list_a_file_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(CONTENT)
    folder = tmp_path / "download"
    folder.mkdir()
    write_pages(folder, "../secret")
    with pytest.raises(segments.SegmentError, match=r"'\.\./secret', which is not the name of a file in the folder"):
        segments.open(folder)


@pytest.mark.parametrize("changed", [b"", CONTENT[:-1], CONTENT + b" ", b"y" + CONTENT[1:]], ids=range(4))
def test_a_page_that_is_not_what_was_downloaded_is_not_believed(tmp_path: Path, changed: bytes) -> None:
    write_pages(tmp_path, "page-00000.bin", content=CONTENT)
    page = tmp_path / "page-00000.bin"
    page.write_bytes(CONTENT)
    assert found(tmp_path) == values(FOLDER)
    page.write_bytes(changed)
    with pytest.raises(segments.SegmentError, match=r"page-00000\.bin is not the page that the manifest lists"):
        segments.open(tmp_path)


@pytest.mark.parametrize("name", ["manifest.json", "page-00000.bin"])
def test_a_named_pipe_in_a_download_is_an_error(tmp_path: Path, name: str) -> None:
    write_pages(tmp_path, "page-00000.bin")
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    with pytest.raises(FileError, match=rf"{name} cannot be read: it is (a named pipe|not a regular file)"):
        segments.open(tmp_path)


def test_a_file_that_is_not_a_manifest_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(segments.SegmentError, match="not the manifest of a download"):
        segments.open(tmp_path)


def readers() -> list[Callable[..., object]]:
    return [segments.open, lambda source, **options: list(segments.read(source, **options))]


def error_of(source: object, read: Callable[..., object], **options: object) -> ReplayError:
    with pytest.raises(ReplayError) as raised:
        read(source, **options)
    return raised.value


@contextmanager
def without_permission(path: Path) -> Iterator[None]:
    """Nobody may use the path meanwhile; for root, who may use everything, the process becomes somebody else."""
    mode = path.stat().st_mode
    path.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        path.chmod(mode)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may enter, unlike `tmp_path`."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("read", readers(), ids=["open", "read"])
class TestErrors:
    def test_a_missing_file_is_a_file_error(self, tmp_path: Path, read: Callable[..., object]) -> None:
        (tmp_path / "file").write_bytes(CONTENT)
        for path, number in ((tmp_path / "missing", errno.ENOENT), (tmp_path / "file" / "x", errno.ENOTDIR)):
            for source in (path, str(path), [CONTENT, path]):
                error = error_of(source, read)
                assert isinstance(error, FileError)
                assert (error.errno, error.filename) == (number, str(path))
                assert str(error).startswith(f"{path} cannot be read: ")
                assert isinstance(error.__cause__, OSError)

    def test_a_page_of_a_download_that_is_missing_or_a_folder_is_a_file_error(
        self, tmp_path: Path, read: Callable[..., object]
    ) -> None:
        write_pages(tmp_path, "page-00000.bin")
        error = error_of(tmp_path, read)
        assert isinstance(error, FileError)
        assert (error.errno, error.filename) == (errno.ENOENT, str(tmp_path / "page-00000.bin"))
        (tmp_path / "page-00000.bin").mkdir()
        error = error_of(tmp_path, read)
        assert isinstance(error, FileError)
        assert (error.errno, error.filename) == (errno.EISDIR, str(tmp_path / "page-00000.bin"))

    def test_files_and_folders_without_permission_are_file_errors(
        self, open_folder: Path, read: Callable[..., object]
    ) -> None:
        file, folder = open_folder / "file", open_folder / "folder"
        file.write_bytes(CONTENT)
        folder.mkdir()
        for path in (file, folder):
            for source in (path, open_folder):
                with without_permission(path):
                    error = error_of(source, read)
                assert isinstance(error, FileError)
                assert (error.errno, Path(error.filename or "")) in (
                    (errno.EACCES, path),
                    (errno.EACCES, folder / "manifest.json"),
                )

    @pytest.mark.skipif(sys.platform != "linux", reason="there is no such file")
    def test_a_file_that_fails_while_it_is_read_is_a_file_error(self, read: Callable[..., object]) -> None:
        error = error_of("/proc/self/mem", read)
        assert isinstance(error, FileError)
        assert (error.errno, error.filename) == (errno.EIO, "/proc/self/mem")

    def test_a_named_pipe_is_a_file_error_that_says_what_to_do(
        self, tmp_path: Path, read: Callable[..., object]
    ) -> None:
        os.mkfifo(tmp_path / "pipe")
        error = error_of(tmp_path / "pipe", read)
        assert isinstance(error, FileError)
        assert str(error).endswith("it is not a regular file; open it and pass the stream")

    def test_a_path_that_is_too_long_is_a_file_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[..., object]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        for _ in range(25):  # of 200 characters; the limit is 4,096
            Path("x" * 200).mkdir()
            os.chdir("x" * 200)
        error = error_of(tmp_path, read)
        assert isinstance(error, FileError)
        assert error.errno == errno.ENAMETOOLONG

    def test_things_that_are_not_sources_are_invalid_arguments(self, read: Callable[..., object]) -> None:
        own: list[Any] = []
        own.append(own)
        for source in (42, None, 1.5, object(), [CONTENT, 42], own, io.BytesIO, "", "a\0b", "\ud800"):
            assert isinstance(error_of(source, read), InvalidRequestError), source

    def test_limits_of_another_type_are_invalid_arguments(self, read: Callable[..., object]) -> None:
        wrong: list[object] = [3, {}, segments.Limits, "x", False]
        for limits in wrong:
            error = error_of(CONTENT, read, limits=limits)
            assert isinstance(error, InvalidRequestError)
            assert "limits must be a Limits, not " in str(error)

    def test_streams_that_are_closed_give_text_or_raise_are_segment_errors(self, read: Callable[..., object]) -> None:
        closed = io.BytesIO(CONTENT)
        closed.close()
        streams: list[tuple[object, str]] = [
            (closed, "closed file"),
            (io.StringIO("text"), "gives str instead of bytes; open it in binary mode"),
            (OneShot(None), "gives NoneType instead of bytes"),
            (OneShot(OSError("the network is down")), "the network is down"),
            (OneShot(EOFError()), "EOFError"),
            (gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(CONTENT)[:-40])), "ended before"),
        ]
        for stream, reason in streams:
            error = error_of(stream, read)
            assert type(error) is segments.SegmentError
            assert str(error).startswith("the stream cannot be read: ")
            assert reason in str(error)


def test_what_is_called_for_unreadable_parts_must_be_callable() -> None:
    not_callable: Any = 5
    with pytest.raises(InvalidRequestError, match="on_unreadable must be callable, not int"):
        segments.read(CONTENT, on_unreadable=not_callable)


def test_wrong_arguments_and_missing_files_are_errors_before_the_first_segment(tmp_path: Path) -> None:
    wrong: Any = 42
    with pytest.raises(InvalidRequestError):
        segments.read(wrong)
    with pytest.raises(FileError):
        segments.read(tmp_path / "missing")


def test_records_of_a_view_need_a_view() -> None:
    wrong: Any = "a view"
    with pytest.raises(InvalidRequestError, match="view must be a View, not str"):
        segments.open(CONTENT).records(wrong)


def test_lists_may_be_nested_32_deep() -> None:
    source: Any = CONTENT
    for _ in range(32):
        source = [source]
    assert found(source) == values(FOLDER)
    with pytest.raises(InvalidRequestError, match="lists nested 32 deep"):
        segments.open([source])


def test_links_that_lead_nowhere_and_pipes_in_a_folder_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    (tmp_path / "file").symlink_to(segment_files(FOLDER)[0])
    os.mkfifo(tmp_path / "pipe")
    assert [source.name for source in sources_of(tmp_path)] == ["file"]


def test_a_stream_needs_no_more_than_a_read_method() -> None:
    class Minimal:
        def __init__(self) -> None:
            self.read = io.BytesIO(CONTENT).read

    assert found(Minimal()) == values(FOLDER)
    assert segments.open(Minimal(), limits=segments.Limits(max_held=0)).count == len(values(FOLDER))


def test_a_stream_is_read_from_its_beginning() -> None:
    stream = io.BytesIO(CONTENT)
    stream.read(1000)
    assert found(stream) == values(FOLDER)


@pytest.mark.parametrize(("size", "is_file"), [(8 << 20, False), ((8 << 20) + 1, True)])
def test_a_stream_that_cannot_seek_is_copied_to_a_file_beyond_8_mib(
    size: int, is_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    stream = OneShot(CONTENT + b" " * (size - len(CONTENT)))
    if is_file:
        with pytest.raises(FileError, match="missing"):
            segments.open(stream)
    else:
        assert segments.open(stream).count == len(values(FOLDER))


def test_records_are_read_again_from_their_file_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "one.bin"
    path.write_bytes(CONTENT)
    recording = segments.open(path, limits=segments.Limits(max_held=0))
    assert not any(segment.is_held for segment in recording.segments)
    every = [list(segment.raw_records()) for segment in recording.segments]
    for index in (3, 0, 2, 1, 1):
        assert list(recording.segments[index].raw_records()) == every[index]
    together = zip(recording.segments[0].raw_records(), recording.segments[1].raw_records(), strict=False)
    assert list(together) == list(zip(every[0], every[1], strict=False))
    path.unlink()
    with pytest.raises(FileError, match="cannot be read") as raised:
        list(recording.segments[1].raw_records())
    assert (raised.value.errno, raised.value.filename) == (errno.ENOENT, str(path))
    for use in (recording.records, recording.views[0].records, recording.views[0].raw_records):
        with pytest.raises(FileError):
            list(use())
    with pytest.raises(FileError):
        _ = recording.report


@pytest.mark.parametrize("as_stream", [False, True], ids=["file", "stream"])
def test_a_source_that_has_changed_is_an_error(tmp_path: Path, as_stream: bool) -> None:
    path = tmp_path / "one.bin"
    path.write_bytes(CONTENT)
    with path.open("rb") as stream:
        recording = segments.open(stream if as_stream else path, limits=segments.Limits(max_held=0))
        first, last = recording.segments[0], recording.segments[-1]
        os.truncate(path, last.offset + 1000)
        assert list(first.raw_records())
        for size in (last.offset + 1000, last.offset, 0):
            os.truncate(path, size)
            with pytest.raises(segments.SegmentError if as_stream else FileError, match="it is not what it was when"):
                list(last.raw_records())


def test_segments_within_one_stream_are_read_again_without_starting_over() -> None:
    class Counting(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1) -> bytes:
            self.reads += 1
            return super().read(size)

    text = b"".join(
        json.dumps({"records": [{"type": 7, "timestamp": i}], "index_in_view": i}).encode() for i in range(200)
    )

    stream = Counting(gzip.compress(text))
    recording = segments.open(stream, limits=segments.Limits(max_held=0))
    before = stream.reads
    assert [record.timestamp for record in recording.records()] == list(range(200))
    assert stream.reads - before <= 2
    for index in (150, 3, 3, 199, 0):
        assert [record.timestamp for record in recording.segments[index].records()] == [index]


def test_the_package_is_not_loaded_with_rum_replay() -> None:
    program = "import sys, rum_replay; print('rum_replay.segments' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "False\n"
    )
