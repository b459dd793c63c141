"""`segments.open(progress=)`: how many of all bytes were read."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from rum_replay import InvalidRequestError, segments

from .recorded import FOLDERS, segment_files


def progress_of(source: segments.ReadableSource) -> list[segments.ReadProgress]:
    seen: list[segments.ReadProgress] = []
    recording = segments.open(source, progress=seen.append)
    assert recording.views
    count = len(seen)
    for record in recording.records():  # what is read again is not counted
        assert record is not None
    assert len(seen) == count
    return seen


def test_files_are_counted_to_their_end(tmp_path: Path) -> None:
    files = segment_files(FOLDERS[0])[:3]
    sizes = [file.stat().st_size for file in files]
    seen = progress_of(files)
    assert [progress.bytes_read for progress in seen] == [sum(sizes[: index + 1]) for index in range(3)]
    assert {progress.size for progress in seen} == {sum(sizes)}


def test_a_large_file_is_reported_piece_by_piece(tmp_path: Path) -> None:
    record = b'{"type":4,"timestamp":1,"data":{"href":"https://a.example/%s","width":1,"height":1}}'
    content = b'{"records":[' + b",".join([record % (b"x" * 1000)] * 2000) + b"]}"
    (tmp_path / "segment.json").write_bytes(content)
    seen = progress_of(tmp_path)
    assert len(seen) > 5
    assert [progress.bytes_read for progress in seen] == sorted({progress.bytes_read for progress in seen})
    assert seen[-1] == segments.ReadProgress(bytes_read=len(content), size=len(content))


def test_streams_state_their_size() -> None:
    content = segment_files(FOLDERS[0])[0].read_bytes()
    assert progress_of(io.BytesIO(content))[-1].size == len(content)
    assert progress_of(content)[-1].size == len(content)


def test_a_stream_that_cannot_seek_is_counted_when_it_was_copied() -> None:
    content = segment_files(FOLDERS[0])[0].read_bytes()
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as stream:
        os.write(write_end, content)
        os.close(write_end)
        assert progress_of(stream)[-1] == segments.ReadProgress(bytes_read=len(content), size=len(content))


class WithoutSize(io.BytesIO):
    """A stream that goes to every offset, but not to its end."""

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence:
            raise RuntimeError("the end is unknown")
        return super().seek(offset)


def test_a_stream_that_does_not_state_its_size() -> None:
    content = segment_files(FOLDERS[0])[0].read_bytes()
    seen = progress_of([WithoutSize(content), content])
    assert seen[-1] == segments.ReadProgress(bytes_read=2 * len(content), size=None)


@pytest.mark.parametrize("progress", [5, "x", True])
def test_what_cannot_be_called_is_refused(progress: object) -> None:
    with pytest.raises(InvalidRequestError, match="progress must be a function"):
        segments.open(b"", progress=progress)  # type: ignore[arg-type]  # it is refused


def test_a_function_that_nobody_would_await_is_refused() -> None:
    async def note(progress: segments.ReadProgress) -> None:
        raise AssertionError(progress)

    with pytest.raises(InvalidRequestError, match="nothing awaits"):
        segments.open(b"", progress=note)
