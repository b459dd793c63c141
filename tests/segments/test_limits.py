"""What is hostile costs bounded time and memory, and a clear error."""

from __future__ import annotations

import base64
import gzip
import pickle
import zlib
from typing import Any

import pytest
from rum_replay import ReplayError, segments

from .recorded import FOLDERS, found, uploads, values

RECORD = b'{"type":7,"timestamp":1}'


def limit_reached(content: bytes, **limits: int) -> segments.SegmentLimitError:
    with pytest.raises(segments.SegmentLimitError) as raised:
        found(content, **limits)
    return raised.value


def test_a_zip_bomb_is_stopped_after_a_few_megabytes() -> None:
    packer = zlib.compressobj(9)
    bomb = packer.compress(b'{"records":[' + b" " * (1 << 25)) + packer.flush()
    error = limit_reached(bomb)
    assert error.limit == "max_ratio"
    assert error.source == "bytes"
    assert 0 < error.offset < 40_000


@pytest.mark.parametrize("content", [b"[", b'{"a":', b'{"records":[{"type":2,"timestamp":1,"data":[', b'{"records":[['])
def test_a_million_brackets_are_stopped(content: bytes) -> None:
    bracket = content if content in (b"[", b'{"a":') else b"["
    assert limit_reached(content + bracket * 1_000_000).limit == "max_nesting"


def test_brackets_within_a_large_record_are_stopped_too() -> None:
    content = b'{"records":[{"type":2,"timestamp":1,"data":"' + b"x" * 2_000_000 + b'","more":' + b"[" * 20_000
    assert limit_reached(content, max_record=1_000_000).limit == "max_nesting"


def test_envelopes_nest_to_a_depth() -> None:
    content = uploads(FOLDERS[0])[0]
    for _ in range(4):
        content = base64.b64encode(gzip.compress(content))
    assert limit_reached(content).limit == "max_depth"
    assert len(found(content, max_depth=10)) == 65


def test_bytes_unpacked_are_limited() -> None:
    assert limit_reached(uploads(FOLDERS[0])[0], max_unpacked=10_000).limit == "max_unpacked"


def test_records_and_segments_are_limited() -> None:
    content = b'{"records":[' + b",".join([RECORD] * 1000) + b"]}"
    assert limit_reached(content, max_records=999).limit == "max_records"
    assert len(found(content, max_records=1000)) == 1000
    assert limit_reached(content * 3, max_segments=2).limit == "max_segments"


def test_a_record_too_large_is_passed_over_and_reported() -> None:
    large = b'{"type":2,"timestamp":1,"data":"' + b'\\"' * 500_000 + b'"}'
    content = b'{"records":[' + b",".join([RECORD, large, RECORD]) + b"]}"
    parts: list[segments.Unreadable] = []
    read = segments.read(content, limits=segments.Limits(max_record=100_000), on_unreadable=parts.append)
    assert [list(segment.raw_records()) for segment in read] == [[RECORD, RECORD]]
    # Behind it, either at the next record or at the comma before it.
    assert [(part.offset, part.length - len(large) in (0, 1)) for part in parts] == [(12 + len(RECORD) + 1, True)]


def test_reports_are_limited_and_the_rest_is_counted() -> None:
    content = b'{"records":[' + b",[],".join([RECORD] * 51) + b"]}"
    recording = segments.open(content, limits=segments.Limits(max_unreadable=20, max_unreadable_bytes=20))
    assert recording.count == 51
    assert (len(recording.unreadable), recording.unreadable_count) == (20, 50)
    assert [part.raw for part in recording.unreadable] == [b"[]"] * 10 + [None] * 10
    assert recording.report.problems[-1] == "30 more parts could not be read"


def test_junk_without_end_is_given_up_on() -> None:
    parts: list[segments.Unreadable] = []
    assert list(segments.read(b"x\x9c" * 1_000_000, on_unreadable=parts.append)) == []
    assert [(part.offset, part.length) for part in parts] == [(0, 2_000_000)]


def test_the_error_names_its_place_and_survives_pickling() -> None:
    error = limit_reached(b"[" * 20_000)
    assert isinstance(error, ReplayError)
    assert isinstance(error, ValueError)
    assert str(error) == "bytes, byte 10,000: brackets nested deeper; Limits.max_nesting is 10,000"
    copy: Any = pickle.loads(pickle.dumps(error))
    assert (copy.limit, copy.source, copy.offset) == ("max_nesting", "bytes", 10_000)


def test_the_limits_do_not_stop_the_recordings() -> None:
    assert all(found(uploads(folder)) == values(folder) for folder in FOLDERS)
