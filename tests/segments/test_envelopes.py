from __future__ import annotations

import io
import itertools
import json
import zlib
from pathlib import Path

import pytest
from rum_replay import segments
from rum_replay.segments._limits import Limits
from rum_replay.segments._parsing.segment_reader import Reader
from rum_replay.segments._parsing.sources import Source

from .recorded import FOLDERS, NAMES, documents, envelopes, events, found, multipart, uploads, values

KINDS = [kind for kind, _ in envelopes(FOLDERS[0])]
# Not damaged, but with something to say: the checksum of the last segment is not that of the whole.
REMARKS = {"zlib, spliced, with a trailer": ["a false checksum; what it belongs to was read"]}


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_every_envelope_gives_the_same_records(folder: Path) -> None:
    expected = values(folder)
    for kind, content in envelopes(folder):
        parts: list[segments.Unreadable] = []
        read = segments.read(content, on_unreadable=parts.append)
        assert [json.loads(raw) for segment in read for raw in segment.raw_records()] == expected, kind
        assert [part.reason for part in parts] == REMARKS.get(kind, []), kind


@pytest.mark.parametrize("kind", KINDS)
def test_no_envelope_minds_where_the_pieces_of_a_stream_end(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = dict(envelopes(FOLDERS[5]))[kind]
    expected = values(FOLDERS[5])
    for size in (1, 7, 4093):
        monkeypatch.setattr("rum_replay.segments._parsing.sources._STEP", size)
        assert found(content) == expected, size


def test_a_segment_larger_than_one_step_of_unpacking_is_followed_by_the_next() -> None:
    first, second, *_ = documents(FOLDERS[0])
    records = json.loads(first)["records"] * 40
    content = zlib.compress(json.dumps({"records": records}).encode(), 1) + zlib.compress(second)
    assert found(content) == records + json.loads(second)["records"]
    parts: list[segments.Unreadable] = []
    assert len(list(segments.read(content, on_unreadable=parts.append))) == 2
    assert parts == []


def test_records_are_kept_byte_for_byte() -> None:
    for folder in FOLDERS:
        text = b"".join(documents(folder))
        raws = [raw for segment in segments.read(uploads(folder)) for raw in segment.raw_records()]
        assert all(raw in text for raw in raws)
        assert b"".join(raws) == b"".join(
            json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() for value in values(folder)
        )


def test_a_stated_boundary_is_used_where_the_first_line_does_not_look_like_one() -> None:
    boundary = b"-" * 70
    body = multipart(uploads(FOLDERS[0])).replace(b"a+b", boundary)
    body = body.replace(b'Content-Disposition: form-data; name="segment"\r\n', b"x_y: no header name that we know\r\n")
    source = Source(name="page", boundary=boundary, file=io.BytesIO(body))
    raws = [
        raw
        for segment in Reader(Limits(), lambda _: None).segments(source)
        if isinstance(segment, segments.Segment)
        for raw in segment.raw_records()
    ]
    assert [json.loads(raw) for raw in raws] == values(FOLDERS[0])


def test_metadata_beside_a_segment_adds_its_sizes() -> None:
    for folder in FOLDERS:
        event_parts = [json.dumps(event).encode() for event in events(folder)]
        body = multipart(itertools.chain.from_iterable(zip(uploads(folder), event_parts, strict=True)))
        recording = segments.open(body)
        assert {
            (segment.metadata.view_id, segment.metadata.index_in_view): segment.metadata.compressed_segment_size
            for segment in recording.segments
        } == {
            (event["view"]["id"], event["index_in_view"]): event["compressed_segment_size"] for event in events(folder)
        }
        assert [segment.size + 1 for segment in recording.segments] == [
            segment.metadata.raw_segment_size for segment in recording.segments
        ]
        assert recording.report.problems == ()
