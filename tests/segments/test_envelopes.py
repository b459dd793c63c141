from __future__ import annotations

import base64
import gzip
import io
import itertools
import json
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from rum_replay import segments
from rum_replay.segments._limits import Limits
from rum_replay.segments._parsing.events import Records, SegmentEnd
from rum_replay.segments._parsing.fast_path import one_line_segment
from rum_replay.segments._parsing.segment_reader import SegmentReader
from rum_replay.segments._parsing.sources import Source
from rum_replay.segments._parsing.window import Chunk, Window

from . import made
from .recorded import FOLDERS, NAMES, documents, envelopes, events, found, multipart, tarred, uploads, values, zipped

KINDS = [kind for kind, _ in envelopes(FOLDERS[0])]
# Not damaged, but reported: the checksum of the last segment is not that of the whole stream.
REMARKS = {"zlib, spliced, with a trailer": ["wrong checksum; the data before it was read"]}


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_every_envelope_gives_the_same_records(folder: Path) -> None:
    expected = values(folder)
    for kind, content in envelopes(folder):
        parts: list[segments.Unreadable] = []
        read = segments.read(content, on_unreadable=parts.append)
        assert [json.loads(raw) for segment in read for raw in segment.raw_records()] == expected, kind
        assert [part.reason for part in parts] == REMARKS.get(kind, []), kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_envelope_is_read_wherever_the_chunks_of_a_stream_end(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = dict(envelopes(FOLDERS[5]))[kind]
    expected = values(FOLDERS[5])
    for size in (1, 7, 4093):
        monkeypatch.setattr("rum_replay.segments._parsing.sources._STEP", size)
        assert found(content) == expected, size


def test_a_segment_after_one_that_is_unpacked_in_several_steps_is_read() -> None:
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


def test_a_stated_boundary_is_used_if_the_first_line_does_not_look_like_one() -> None:
    boundary = b"-" * 70
    body = multipart(uploads(FOLDERS[0])).replace(b"a+b", boundary)
    body = body.replace(b'Content-Disposition: form-data; name="segment"\r\n', b"x_y: no header name that we know\r\n")
    source = Source(name="page", boundary=boundary, file=io.BytesIO(body))
    raws = [
        raw
        for segment in SegmentReader(Limits(), lambda _: None).segments(source)
        if isinstance(segment, segments.Segment)
        for raw in segment.raw_records()
    ]
    assert [json.loads(raw) for raw in raws] == values(FOLDERS[0])


def one_line(text: str) -> tuple[Records, SegmentEnd] | None:
    content = text.encode()
    return one_line_segment(Window(iter([Chunk(content, 0, exact=True)])), len(content))


@pytest.mark.parametrize(
    "text", ['{"records":[%s,%s],%s}', '{"records": [%s, %s], %s}', '{ "records" :\t[ %s , %s ] , %s }']
)
def test_a_segment_on_one_line_is_split_at_once_whatever_blanks_are_in_it(text: str) -> None:
    records = ['{"type": 4, "timestamp": 1}', '{"type":7,"timestamp":2}']
    split = one_line(text % (*records, '"start": 1'))
    assert split is not None
    assert [item.decode() for item in split[0].items] == records
    assert json.loads(split[1].metadata) == {"start": 1}


@pytest.mark.parametrize(
    "text", ['{"start":1,"records":[%s]}', '{"records":[[%s]]}', '{"records":[%s,1]}', '{"records":[\n%s]}']
)
def test_what_is_not_simply_a_segment_on_one_line_is_not_split_at_once(text: str) -> None:
    assert one_line(text % '{"type":7,"timestamp":2}') is None


def test_metadata_uploaded_with_a_segment_adds_its_sizes() -> None:
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


def test_one_upload_of_an_app_has_several_segments_and_a_list_of_what_they_are() -> None:
    uploaded = [
        made.segment(made.record(6, at, {"has_focus": True}), source="ios", index_in_view=None, view=view)
        for at, view in ((0, "first"), (5, "first"), (9, "second"))
    ]
    stated = [json.loads(one) for one in uploaded]
    for size, one in enumerate(stated):
        one.update(records=None, raw_segment_size=len(uploaded[size]), compressed_segment_size=size)
    listed = json.dumps([{name: value for name, value in one.items() if name != "records"} for one in stated])
    recording = segments.open(multipart([*map(zlib.compress, uploaded), listed.encode()]))
    assert [segment.metadata.compressed_segment_size for segment in recording.segments] == [0, 1, 2]
    assert recording.unreadable == ()


SEGMENT = b'{"records":[{"type":7,"timestamp":1}],"index_in_view":0}'
VALUE = {"type": 7, "timestamp": 1}
BOUNDARY = b"b" * 150


def reasons(content: object) -> list[str]:
    parts: list[segments.Unreadable] = []
    assert [list(segment.raw_records()) for segment in segments.read(content, on_unreadable=parts.append)]  # type: ignore[arg-type]
    return [part.reason for part in parts]


class ShortReads(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        return super().read(1000 if size is None else min(size, 1000))


STARTS: dict[str, bytes] = {
    "gzip": gzip.compress(SEGMENT),
    "zlib, no compression": zlib.compress(SEGMENT, 0),
    "zlib, level 1": zlib.compress(SEGMENT, 1),
    "zlib, level 3": zlib.compress(SEGMENT, 3),
    "zlib, level 6": zlib.compress(SEGMENT, 6),
    "zlib, level 9": zlib.compress(SEGMENT, 9),
    "object": SEGMENT,
    "object, indented": b"{ " + SEGMENT[1:],
    "list": b"[" + SEGMENT + b"]",
    "list, indented": b"[\n  " + SEGMENT + b"]",
    "multipart": b"--" + BOUNDARY + b"\r\n\r\n" + SEGMENT + b"\r\n--" + BOUNDARY + b"--\r\n",
    "multipart with bare line feeds": b"--" + BOUNDARY + b"\n\n" + SEGMENT + b"\n--" + BOUNDARY + b"--\n",
}


@pytest.mark.parametrize("kind", STARTS)
def test_a_start_after_junk_is_found_wherever_the_window_ends(kind: str) -> None:
    content = STARTS[kind]
    size = 1 << 18  # of the first window
    for junk in (1, 100, *(size - before for before in (0, 1, 2, 3, 5, 100, 153, 154, 155))):
        parts: list[segments.Unreadable] = []
        read = segments.read(b"~" * junk + content, on_unreadable=parts.append)
        assert [json.loads(raw) for segment in read for raw in segment.raw_records()] == [VALUE], junk
        assert [(part.offset, part.length, part.reason) for part in parts] == [(0, junk, "unknown format")], junk


@pytest.mark.parametrize(
    "start", [b"{}", b'{ "a":1}', b"[]", b"[[1]]", b"[ {}]", b'["a"]', b"[1]", b'"abcdefghijklmnop"']
)
def test_json_is_recognized_by_its_first_bytes(start: bytes) -> None:
    assert reasons(start + b"\n" + SEGMENT) == ["JSON without records"]


@pytest.mark.parametrize("start", [b"5", b"null", b"{a}", b"[a]", b'"short"', b"BZh91AY", b"<html>"])
def test_other_bytes_are_an_unknown_format(start: bytes) -> None:
    assert reasons(start + b"\n" + SEGMENT) == ["unknown format"]


@pytest.mark.parametrize("blank", [b" ", b"\t", b"\r", b"\n", b"\x0b", b"\x0c", b"\0", b"\x1e", b"\xef\xbb\xbf"])
def test_blanks_between_documents_are_not_reported(blank: bytes) -> None:
    content = blank + SEGMENT + blank * 3 + zlib.compress(SEGMENT) + blank
    assert found(content) == [VALUE] * 2
    assert reasons(content) == []


@pytest.mark.parametrize("level", range(10))
@pytest.mark.parametrize(
    "pack", [zlib.compress, gzip.compress, lambda content, _: content], ids=["zlib", "gzip", "none"]
)
def test_base64_in_json_is_found_whatever_was_compressed_how(pack: object, level: int) -> None:
    text = base64.b64encode(pack(SEGMENT, level)).decode()  # type: ignore[operator]
    assert found(json.dumps({"a": {"b": [["c", text]]}}).encode()) == [VALUE]
    assert found(json.dumps(text).encode()) == [VALUE]


@pytest.mark.parametrize("width", [16, 17, 76])
def test_base64_is_recognized_by_its_first_16_characters(width: int) -> None:
    text = base64.b64encode(SEGMENT)
    lines = b"".join(text[at : at + width] + b"\n" for at in range(0, len(text), width))
    assert found(lines) == [VALUE]
    assert reasons(lines) == []
    assert found(base64.b64encode(SEGMENT[:11]) + b"\n") == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n", " "])
@pytest.mark.parametrize("as_json", [True, False])
def test_base64_may_be_in_lines(line_end: str, as_json: bool) -> None:
    text = base64.encodebytes(uploads(FOLDERS[0])[0]).decode().replace("\n", line_end)
    content = json.dumps([text]) if as_json else text
    assert len(found(content.encode())) == 65


@pytest.mark.parametrize(("extra", "expected"), [(b"", []), (b"A", ["base64 with one character too many"])])
def test_base64_may_lack_its_padding_but_not_end_within_a_byte(extra: bytes, expected: list[str]) -> None:
    text = base64.b64encode(SEGMENT + b" " * (-len(SEGMENT) % 3))
    assert reasons(text + extra) == expected


def test_text_after_base64_in_json_is_reported() -> None:
    text = base64.b64encode(SEGMENT).decode()
    assert reasons(json.dumps([text + "!!"]).encode()) == ["not base64, after some that is"]


@pytest.mark.parametrize(("length", "is_known"), [(1, True), (200, True), (201, False)])
def test_a_boundary_has_at_most_200_characters(length: int, is_known: bool) -> None:
    content = multipart([SEGMENT]).replace(b"a+b", b"b" * length)
    assert found(content) == [VALUE]
    assert (reasons(content) == []) is is_known


def test_the_headers_of_a_part_may_have_16_kib() -> None:
    header = b"X-Header: " + b"x" * 88 + b"\r\n"
    assert len(header) == 100
    content = multipart([SEGMENT]).replace(b"Content-Disposition", header * 160 + b"Content-Disposition")
    assert reasons(ShortReads(content)) == []


def test_a_head_of_4_kib_is_looked_at() -> None:
    packed = gzip.compress(SEGMENT)
    named = packed[:3] + b"\x08" + packed[4:10] + b"n" * 4_000 + b"\0" + packed[10:]
    assert found(named) == [VALUE]
    assert found(b"{" + b" " * 4_000 + SEGMENT[1:]) == [VALUE]


def test_a_name_of_60_kb_is_read() -> None:
    assert found(ShortReads(b'{"' + b"n" * 60_000 + b'":' + SEGMENT + b"}")) == [VALUE]


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("text", ["\N{GRINNING FACE}", "é\u20ac", 'a "b" \\\\ \\" \n\t/', "\\ud83d\\ude00 \\\\ud83d"])
def test_a_string_with_json_may_have_any_characters(text: str, *, escaped: bool) -> None:
    segment = json.dumps({"records": [{"type": 99, "timestamp": 1, "text": text * 9000}]}, ensure_ascii=escaped)
    content = json.dumps({"text": segment, "after": [SEGMENT.decode()]}, ensure_ascii=escaped).encode()
    assert found(content) == [{"type": 99, "timestamp": 1, "text": text * 9000}, VALUE]
    assert reasons(content) == []


def test_half_of_a_pair_of_escapes_in_a_string_is_another_character() -> None:
    content = json.dumps(['{"records": [{"type": 99, "timestamp": 1, "a": "x"}]}']).encode().replace(b"x", b"\\ud83dx")
    assert found(content) == [{"type": 99, "timestamp": 1, "a": "\N{REPLACEMENT CHARACTER}x"}]


def test_a_wrong_escape_in_a_string_ends_what_is_read_of_it() -> None:
    text = json.dumps(['{"records": [{"type": 99, "timestamp": 1}, {"type": 98, "timestamp": 2}]}', SEGMENT.decode()])
    content = text.replace("98", "\\x").encode()
    assert found(content) == [{"type": 99, "timestamp": 1}, VALUE]
    assert "an escape that no string may hold" in reasons(content)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(SEGMENT.decode()),
        json.dumps([{"body": SEGMENT.decode()}]),
        json.dumps({"headers": ["x"] * 1_000, "data": json.loads(SEGMENT)}),
    ],
    ids=["a string", "a string in it", "much before it"],
)
def test_strings_may_hold_json_that_holds_segments(text: str) -> None:
    assert found(json.dumps({"text": text}).encode()) == [VALUE]
    assert found(text.encode()) == [VALUE]


def test_strings_with_other_json_are_not_looked_at() -> None:
    others = ['{"a": 1}', '[{"records": 5}]', "{", '"records": [{']
    assert reasons(json.dumps([*others, SEGMENT.decode()]).encode()) == []


def test_files_in_a_zip_archive_that_cannot_be_read_are_said() -> None:
    packed = zipped([SEGMENT, SEGMENT], zipfile.ZIP_BZIP2)
    assert found(packed) == []
    reason = "a file in a ZIP archive is compressed by the method 12, which cannot be read"
    assert reasons(packed + SEGMENT) == [reason, reason]
    encrypted = bytearray(zipped([SEGMENT], zipfile.ZIP_STORED))
    encrypted[encrypted.rindex(b"PK\3\4") + 6] |= 1
    assert reasons(bytes(encrypted) + SEGMENT) == ["a file in a ZIP archive is encrypted, which cannot be read"]


@pytest.mark.parametrize("length", [29, 33])
def test_where_a_zip_archive_is_cut_nothing_beyond_its_end_is_reported(length: int) -> None:
    cut = zipped([SEGMENT], zipfile.ZIP_BZIP2)[:length]
    parts = segments.open(cut).unreadable
    assert parts
    assert all(part.offset + part.length <= length for part in parts)


def test_archives_that_are_cut_give_what_is_there() -> None:
    for content in (zipped([SEGMENT, SEGMENT], zipfile.ZIP_DEFLATED), tarred([SEGMENT] * 2, "w:", tarfile.GNU_FORMAT)):
        for size in range(0, len(content), 37):
            assert found(content[:size]) in ([], [VALUE], [VALUE] * 2)


def test_images_in_archives_are_known_by_the_names_of_their_files() -> None:
    image = b"\x89PNG\r\n\x1a\n" + bytes(100)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images/30x20-0123456789ab.png", image)
    (resource,) = segments.open(file.getvalue()).resources.values()
    assert (resource.id, resource.read()) == ("30x20-0123456789ab", image)
