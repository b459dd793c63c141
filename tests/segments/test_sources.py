from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from rum_replay import PageFile, ReplayClient, SegmentPage, segments
from rum_replay._manifest import Manifest, write_manifest
from rum_replay.segments._parsing.sources import sources_of

from .recorded import FOLDERS, found, multipart, segment_files, uploads, values

FOLDER = FOLDERS[2]
CONTENT = b"".join(uploads(FOLDER))


class OneShot(io.RawIOBase):
    """A stream that cannot seek and gives few bytes at a time, as sockets do."""

    def __init__(self, content: bytes) -> None:
        self.rest = content

    def read(self, size: int = -1) -> bytes:
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
    write_pages(listed, "page-00000.bin")
    (listed / "page-00000.bin").write_bytes(b"listed")
    (listed / "other.bin").write_bytes(b"not listed")
    names = [source.name for source in sources_of(tmp_path)]
    assert names == [files[3].name, files[1].name, files[0].name, "page-00000.bin", files[2].name]
    recording = segments.open(tmp_path)
    assert {part.source for part in recording.unreadable} == {"page-00000.bin"}
    assert len(recording.segments) == 4
    assert not recording.report.views[0].duplicates


def test_folders_within_one_another_beyond_what_a_path_can_hold_are_an_error_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(25):  # of 200 characters, where a path takes 4,096
        Path("x" * 200).mkdir()
        os.chdir("x" * 200)
    with pytest.raises(segments.SegmentError, match=r"cannot be read: .*too long"):
        segments.open(tmp_path)


def write_pages(folder: Path, *names: str) -> None:
    page = PageFile(file="", size=0, sha256="", paging=None, next_paging=None, status=200, headers={})
    pages = tuple(attrs.evolve(page, file=name) for name in names)
    write_manifest(folder, Manifest(url="http://host/", query={}, pages=pages))


def test_a_manifest_cannot_list_a_file_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(CONTENT)
    folder = tmp_path / "download"
    folder.mkdir()
    write_pages(folder, "../secret")
    with pytest.raises(segments.SegmentError, match=r"'\.\./secret', which is not the name of a file in the folder"):
        segments.open(folder)


def test_a_file_that_is_not_a_manifest_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(segments.SegmentError, match="not the manifest of a download"):
        segments.open(tmp_path)


def test_what_cannot_be_read_is_an_error_of_ours(tmp_path: Path) -> None:
    closed = io.BytesIO(CONTENT)
    closed.close()
    for source in (tmp_path / "missing", closed, io.StringIO("text"), 5):
        with pytest.raises(segments.SegmentError):
            segments.open(source)  # type: ignore[arg-type]


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
    with pytest.raises(segments.SegmentError, match="cannot be read"):
        list(recording.segments[1].raw_records())


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


def test_the_package_is_not_loaded_with_rum_replay() -> None:
    program = "import sys, rum_replay; print('rum_replay.segments' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "False\n"
    )
