"""Hostile input takes bounded time and memory, and ends in a clear error; each limit applies exactly where it says."""

from __future__ import annotations

import base64
import gzip
import json
import pickle
import zlib
from typing import Any

import attrs
import pytest
from rum_replay import InvalidRequestError, ReplayError, segments

from .recorded import FOLDERS, documents, found, uploads, values

RECORD = b'{"type":7,"timestamp":1}'
MIB = 1 << 20


def limit_reached(content: bytes, **limits: int) -> segments.SegmentLimitError:
    with pytest.raises(segments.SegmentLimitError) as raised:
        found(content, **limits)
    return raised.value


def unreadable(content: bytes, **limits: int) -> list[segments.Unreadable]:
    parts: list[segments.Unreadable] = []
    list(segments.read(content, limits=segments.Limits(**limits), on_unreadable=parts.append))
    return parts


def test_the_defaults_are_these() -> None:
    assert attrs.asdict(segments.Limits()) == {
        "max_depth": 8,
        "max_nesting": 10_000,
        "max_ratio": 500,
        "max_unpacked": 64 * 1024 * MIB,
        "max_record": 16 * MIB,
        "max_resource": 8 * MIB,
        "max_resources": 200_000,
        "max_records": 20_000_000,
        "max_segments": 200_000,
        "max_held": 8 * MIB,
        "max_unreadable": 1_000,
        "max_unreadable_bytes": 4 * MIB,
    }


@pytest.mark.parametrize("name", attrs.asdict(segments.Limits()))
def test_a_limit_must_be_an_integer_of_at_least_0(name: str) -> None:
    wrong: list[Any] = ["x", -1, 1.0, None, True, [1]]
    for value in wrong:
        with pytest.raises(InvalidRequestError, match=f"Limits.{name} must be an integer of at least 0, not "):
            segments.Limits(**{name: value})
    assert getattr(segments.Limits(**{name: 0}), name) == 0


def test_a_zip_bomb_is_stopped_after_a_few_megabytes() -> None:
    packer = zlib.compressobj(9)
    bomb = packer.compress(b'{"records":[' + b" " * (1 << 25)) + packer.flush()
    error = limit_reached(bomb)
    assert error.limit == "max_ratio"
    assert error.source == "bytes"
    assert 0 < error.offset < 40_000


def test_the_ratio_is_checked_once_more_than_16_mib_are_unpacked() -> None:
    begin, end = b'{"records":[' + RECORD, b"]}"
    blanks = b" " * (16 * MIB - len(begin) - len(end))
    assert len(found(zlib.compress(begin + blanks + end, 9))) == 1
    more = zlib.compress(begin + blanks + b" " + end, 9)
    assert limit_reached(more).limit == "max_ratio"
    assert len(found(more, max_ratio=1_032)) == 1


@pytest.mark.parametrize("content", [b"[", b'{"a":', b'{"records":[{"type":2,"timestamp":1,"data":[', b'{"records":[['])
def test_a_million_brackets_are_stopped(content: bytes) -> None:
    bracket = content if content in (b"[", b'{"a":') else b"["
    assert limit_reached(content + bracket * 1_000_000).limit == "max_nesting"


@pytest.mark.parametrize(
    ("before", "brackets"),
    [
        (b"", 0),
        (b'{"records":[' + RECORD + b',{"type":2,"timestamp":1,"data":', 1),  # counted from the record on
        (b'{"records":[' + RECORD + b",", 0),  # an item that is not an object
    ],
)
def test_brackets_are_counted(before: bytes, brackets: int) -> None:
    open_brackets = b"[" * (50 - brackets)
    assert unreadable(before + open_brackets, max_nesting=50)[-1].reason in ("truncated JSON", "a truncated record")
    assert limit_reached(before + open_brackets + b"[", max_nesting=50).limit == "max_nesting"


def test_brackets_within_a_large_record_are_stopped_too() -> None:
    content = b'{"records":[{"type":2,"timestamp":1,"data":"' + b"x" * 2_000_000 + b'","more":' + b"[" * 20_000
    assert limit_reached(content, max_record=1_000_000).limit == "max_nesting"


def test_brackets_that_are_closed_again_are_counted_in_a_record_of_any_length() -> None:
    deep = b"[" * 40 + b"]" * 40
    content = (
        b'{"records":[' + RECORD + b',{"type":7,"timestamp":1,"data":' + deep + b',"more":"' + b"x" * MIB + b'"}]}'
    )
    assert len(found(content, max_nesting=41)) == 2
    assert limit_reached(content, max_nesting=40).limit == "max_nesting"


def test_envelopes_nest_to_a_depth() -> None:
    content = uploads(FOLDERS[0])[0]
    for _ in range(4):
        content = base64.b64encode(gzip.compress(content))
    assert limit_reached(content).limit == "max_depth"
    assert limit_reached(content, max_depth=8).limit == "max_depth"
    assert len(found(content, max_depth=9)) == 65


def test_unpacked_bytes_of_all_layers_are_limited() -> None:
    document = documents(FOLDERS[0])[0]
    packed = zlib.compress(document)
    twice = gzip.compress(packed)
    assert limit_reached(packed, max_unpacked=len(document) - 1).limit == "max_unpacked"
    assert len(found(packed, max_unpacked=len(document))) == 65
    assert limit_reached(twice, max_unpacked=len(document) + len(packed) - 1).limit == "max_unpacked"
    assert len(found(twice, max_unpacked=len(document) + len(packed))) == 65
    text = base64.b64encode(packed + b"  "[: -len(packed) % 3])
    decoded = len(text) // 4 * 3
    assert limit_reached(text, max_unpacked=len(document) + decoded - 1).limit == "max_unpacked"
    assert len(found(text, max_unpacked=len(document) + decoded)) == 65


@pytest.mark.parametrize("begin", [b'{"records":[', b'[{"records":['], ids=["on one line", "in a list"])
def test_records_are_limited(begin: bytes) -> None:
    content = begin + b",".join([RECORD] * 1000) + (b"]}" if begin.startswith(b"{") else b"]}]")
    assert limit_reached(content, max_records=999).limit == "max_records"
    assert len(found(content, max_records=1000)) == 1000


def test_segments_of_all_sources_are_limited() -> None:
    content = [b'{"records":[' + RECORD + b"]}"] * 3
    with pytest.raises(segments.SegmentLimitError, match="more than 2 segments"):
        segments.open(content, limits=segments.Limits(max_segments=2))
    assert segments.open(content, limits=segments.Limits(max_segments=3)).count == 1


@pytest.mark.parametrize("size", [1_000, 100_000, 400_000, 1_000_000])
@pytest.mark.parametrize("wrapped", [False, True], ids=["on one line", "in a list"])
def test_a_record_larger_than_the_limit_is_skipped_and_reported(size: int, wrapped: bool) -> None:
    begin = b'{"type":2,"timestamp":1,"data":"'
    large = begin + b"x" * (size - len(begin) - 2) + b'"}'
    content = b'{"records":[' + b",".join([RECORD, large, RECORD]) + b"]}"
    if wrapped:
        content = b"[\n" + content + b"]"
    assert len(found(content, max_record=size)) == 3
    assert found(content, max_record=size - 1) == [json.loads(RECORD)] * 2
    (part,) = unreadable(content, max_record=size - 1)
    # Either up to the next record or up to the comma before it.
    assert part.offset == content.index(large)
    assert part.length - len(large) in (0, 1)
    assert part.reason in (
        "a record larger than Limits.max_record",
        "a record that is damaged, or larger than Limits.max_record",
    )
    assert part.raw == (large + b",")[: min(part.length, 4096)]


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_the_first_record_of_a_segment_may_be_as_large_as_the_limit(size: int) -> None:
    begin = b'{"type":2,"timestamp":1,"data":"'
    large = begin + b"x" * (size - len(begin) - 2) + b'"}'
    content = b'[{"records":[' + large + b"," + RECORD + b"]}]"
    assert len(found(content, max_record=size)) == 2
    assert found(content, max_record=size - 1) == [json.loads(RECORD)]


@pytest.mark.parametrize("held", [True, False])
def test_records_of_a_segment_are_held_up_to_a_size(held: bool) -> None:
    size = 10 * (len(RECORD) + 48)
    content = b'{"records":[' + b",".join([RECORD] * 10) + b"]}"
    limits = segments.Limits(max_held=size if held else size - 1)
    (segment,) = segments.read(content, limits=limits)
    assert segment.is_held is held
    assert list(segment.raw_records()) == [RECORD] * 10


def test_a_recording_holds_segments_up_to_a_size() -> None:
    content = b'{"records":[' + b",".join([RECORD] * 10) + b"]}"
    for limit, held in ((3 * len(content), [True] * 3), (3 * len(content) - 1, [True, True, False])):
        recording = segments.open(content * 3, limits=segments.Limits(max_held=limit))
        (view,) = recording.views
        assert [segment.is_held for segment in (*view.segments, *view.duplicates)] == held
        assert recording.count == 10


def test_reports_are_limited_and_the_rest_is_counted() -> None:
    content = b'{"records":[' + b",[],".join([RECORD] * 51) + b"]}"
    recording = segments.open(content, limits=segments.Limits(max_unreadable=20, max_unreadable_bytes=20))
    assert recording.count == 51
    assert (len(recording.unreadable), recording.unreadable_count) == (20, 50)
    assert [part.raw for part in recording.unreadable] == [b"[]"] * 10 + [None] * 10
    assert recording.report.problems[-1] == "30 more parts could not be read"
    recording = segments.open(content, limits=segments.Limits(max_unreadable=50, max_unreadable_bytes=99))
    assert [part.raw for part in recording.unreadable] == [b"[]"] * 49 + [None]
    assert recording.report.problems[-1].endswith("an item of `records` that is not an object")


def test_junk_with_very_many_false_starts_is_searched_for_a_while() -> None:
    segment = b'{"records":[' + RECORD + b"]}"
    few, many = b"x\x9c" * 99_999, b"x\x9c" * 100_000
    assert found(few + segment) == [json.loads(RECORD)]
    assert [(part.length, part.reason) for part in unreadable(few + segment)] == [(len(few), "unknown format")]
    assert found(many + segment) == []
    parts = unreadable(many + segment)
    assert sum(part.length for part in parts) == len(many + segment)
    assert parts[0].reason == "unknown format; too much of it to search further"


def test_junk_without_end_is_given_up_on() -> None:
    assert [(part.offset, part.length) for part in unreadable(b"x\x9c" * 1_000_000)] == [(0, 2_000_000)]


def test_the_error_names_its_location_and_survives_pickling() -> None:
    error = limit_reached(b"[" * 20_000)
    assert isinstance(error, ReplayError)
    assert isinstance(error, ValueError)
    assert str(error) == "bytes, byte 10,000: brackets nested deeper; Limits.max_nesting is 10,000"
    copy: Any = pickle.loads(pickle.dumps(error))
    assert (copy.limit, copy.source, copy.offset) == ("max_nesting", "bytes", 10_000)


def test_the_limits_do_not_stop_the_recordings() -> None:
    assert all(found(uploads(folder)) == values(folder) for folder in FOLDERS)
