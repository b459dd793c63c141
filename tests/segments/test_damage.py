"""Only damaged parts are lost: everything else is read, and their location is reported."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from rum_replay import segments

from .recorded import FOLDERS, documents, found, multipart, spliced, uploads, values

FOLDER = FOLDERS[3]
PACKED, TEXTS, VALUES = uploads(FOLDER), documents(FOLDER), values(FOLDER)


def opened(content: bytes) -> tuple[list[object], list[tuple[int, int, str]]]:
    recording_parts: list[segments.Unreadable] = []
    read = segments.read(content, on_unreadable=recording_parts.append)
    records = [_value(raw) for segment in read for raw in segment.raw_records()]
    return records, [(part.offset, part.length, part.reason) for part in recording_parts]


def _value(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return raw  # damaged inside


def test_a_truncated_upload_gives_all_records_before_its_end() -> None:
    whole = json.loads(TEXTS[0])["records"]
    for size in range(2000, len(PACKED[0]) - 10, 311):
        content = PACKED[0][:size]
        unpacked = zlib.decompressobj().decompress(content)
        records, problems = opened(content)
        assert records == whole[: len(records)]
        # No record is missing: the next one is not complete in what can be unpacked.
        for following in whole[len(records) :][:1]:
            assert json.dumps(following, ensure_ascii=False, separators=(",", ":")).encode() not in unpacked
        assert (size, 0, "truncated compressed data") in problems


def test_a_truncated_spliced_stream_is_reported_unless_it_ends_at_a_flush() -> None:
    content = spliced(PACKED)
    assert opened(content)[1] == []
    records, problems = opened(content[:-40])
    assert records == VALUES[: len(records)]
    assert (len(content) - 40, 0, "truncated compressed data") in problems


def test_damaged_compressed_data_is_reported_at_its_byte_and_the_next_segment_is_read() -> None:
    # Three bits that no deflate block begins with, right after the header of the second segment.
    damaged = bytearray(b"".join(PACKED))
    at = len(PACKED[0]) + 2
    damaged[at] |= 0b111
    records, problems = opened(bytes(damaged))
    first = len(json.loads(TEXTS[0])["records"])
    second = len(json.loads(TEXTS[1])["records"])
    assert records == VALUES[:first] + VALUES[first + second :]
    assert problems == [(len(PACKED[0]), len(PACKED[1]), "unknown format")]


def test_records_before_damage_in_the_middle_of_a_stream_are_kept() -> None:
    damaged = bytearray(PACKED[0])
    damaged[2800:2810] = b"\xff" * 10
    records, problems = opened(bytes(damaged) + PACKED[1])
    second = json.loads(TEXTS[1])["records"]
    assert records[-len(second) :] == second
    assert len(records) > len(second) + 3
    damage = [offset for offset, _, reason in problems if reason.startswith("damaged compressed data: ")]
    assert any(2790 < offset < 3100 for offset in damage)


@pytest.mark.parametrize(("pack", "size"), [(zlib.compress, 4), (gzip.compress, 8)])
def test_a_wrong_checksum_costs_no_record(pack: object, size: int) -> None:
    packed = pack(TEXTS[0])  # type: ignore[operator]
    content = packed[:-size] + bytes([packed[-size] ^ 1]) + packed[-size + 1 :]
    records, problems = opened(content + PACKED[1])
    assert records == [record for text in TEXTS[:2] for record in json.loads(text)["records"]]
    assert problems == [(len(packed) - size, size, "wrong checksum; the data before it was read")]


def test_a_damaged_record_costs_only_that_record() -> None:
    record = json.dumps(VALUES[7], ensure_ascii=False, separators=(",", ":")).encode()
    text = b"".join(TEXTS)
    at = text.index(record)
    content = text.replace(record, record.replace(b'"type"', b'type"', 1), 1)
    records, problems = opened(content)
    assert records == VALUES[:7] + VALUES[8:]
    assert problems == [(at, len(record), "a record that is damaged, or larger than Limits.max_record")]


def test_two_damaged_records_cost_no_record_between_them() -> None:
    # Two quotes are missing, so everything between them looks like a string in one record.
    content = b"".join(TEXTS)
    for index in (7, 12):
        record = json.dumps(VALUES[index], ensure_ascii=False, separators=(",", ":")).encode()
        content = content.replace(record, record.replace(b'"type"', b'type"', 1), 1)
    records, problems = opened(content)
    assert records == VALUES[:7] + VALUES[8:12] + VALUES[13:]
    assert len(problems) == 2


def test_very_many_damaged_records_are_all_kept_or_reported() -> None:
    content = b'{"records":[{"type":7,"timestamp":1},' + b'{"a:1},' * 100_000 + b'{"type":7,"timestamp":2}]}'
    parts: list[segments.Unreadable] = []
    (segment,) = segments.read(content, on_unreadable=parts.append)
    kept = b",".join(segment.raw_records())
    assert kept.startswith(b'{"type":7,"timestamp":1}')
    # Between two missing quotes is one string, so what looks like one record is two; none of their bytes is lost.
    assert kept.count(b'{"a:1}') + sum(part.length for part in parts) // 7 >= 99_999


def test_a_truncated_record_is_reported_with_its_location_and_bytes() -> None:
    parts: list[segments.Unreadable] = []
    (segment,) = segments.read(TEXTS[1][:700], on_unreadable=parts.append)
    assert not segment.complete
    assert segment.count == TEXTS[1][:700].count(b'"timestamp"') - (b'"timestamp"' in (parts[0].raw or b""))
    part = parts[0]
    assert part.reason == "a truncated record"
    assert part.raw == TEXTS[1][part.offset : 700]
    assert part.offset + part.length == 700
    assert part.unpacked_offset is None


def test_items_that_are_not_records_are_reported_and_skipped() -> None:
    record = json.dumps(VALUES[0]).encode()
    content = b'{"records":[' + record + b',1,2,null,"x",[3],' + record + b"]}"
    records, problems = opened(content)
    assert records == [VALUES[0], VALUES[0]]
    begins = len(b'{"records":[' + record + b",")
    assert [(offset, length) for offset, length, _ in problems] == [(begins, 8), (begins + 9, 3), (begins + 13, 3)]


def test_junk_between_segments_is_reported_with_its_bytes() -> None:
    junk = b"<html>502 Bad Gateway</html>"
    parts: list[segments.Unreadable] = []
    read = segments.read(PACKED[0] + junk + PACKED[1], on_unreadable=parts.append)
    assert sum(segment.count for segment in read) == sum(len(json.loads(text)["records"]) for text in TEXTS[:2])
    assert [(part.offset, part.raw, part.source) for part in parts] == [(len(PACKED[0]), junk, "bytes")]


def test_multipart_without_its_closing_boundary_gives_its_parts() -> None:
    content = multipart(PACKED)[: -len(b"--a+b--\r\n")]
    records, problems = opened(content)
    assert records == VALUES
    assert [reason for _, _, reason in problems] == ["multipart without its closing boundary"]


def test_locations_in_compressed_data_have_both_offsets() -> None:
    text = TEXTS[0] + b"not JSON" + TEXTS[1]
    parts: list[segments.Unreadable] = []
    list(segments.read(PACKED[2] + gzip.compress(text), on_unreadable=parts.append))
    (part,) = parts
    assert part.raw == b"not JSON"
    assert part.unpacked_offset == len(TEXTS[0])
    assert part.offset >= len(PACKED[2])


def test_lists_of_records_with_the_same_name_are_all_read() -> None:
    one, two = (json.dumps(value).encode() for value in VALUES[:2])
    assert opened(b'{"records":[' + one + b'],"records":[' + two + b"]}\n")[0] == VALUES[:2]


def test_very_many_members_of_one_segment_do_not_affect_the_metadata_of_the_next() -> None:
    large = {"records": VALUES[:2], "view": {"id": "one"}} | {f"m{index}": 1 for index in range(60_000)}
    small = {"records": VALUES[2:4], "view": {"id": "two"}, "index_in_view": 3}
    one, two = segments.read(json.dumps({"data": [large, small]}).encode())
    assert (one.metadata.view_id, two.metadata.view_id, two.metadata.index_in_view) == ("one", "two", 3)
    assert 1_000 < len(one.metadata.extra) < 60_000


@pytest.mark.parametrize("pack", [zlib.compress, gzip.compress])
@pytest.mark.parametrize("kept", [1, 2, 3])
def test_a_truncated_trailer_costs_no_record(pack: object, kept: int) -> None:
    packed: bytes = pack(TEXTS[0])  # type: ignore[operator]
    size = 4 if pack is zlib.compress else 8
    content = packed[: len(packed) - size + kept]
    records, problems = opened(content)
    assert records == json.loads(TEXTS[0])["records"]
    assert problems == [(len(content) - kept, kept, "truncated compressed data")]


@pytest.mark.parametrize("between", [b",", b", ", b" ,\n\t", b"\r\n,\r\n"])
def test_the_next_record_is_found_in_json_of_any_layout(between: bytes) -> None:
    record = b'{ "type":7,"timestamp":1}'
    content = b'{"records":[' + between.join([record, b'{"type":2,"timestamp":1,"x:1}', record]) + b"]}"
    records, problems = opened(content)
    assert records == [json.loads(record)] * 2
    assert [reason for _, _, reason in problems] == ["a record that is damaged, or larger than Limits.max_record"]


def damaged(objects: int) -> bytes:
    """A record with a missing quote, and objects in it that are not records."""
    return b'{"type":2,"timestamp":1,"x:[' + b",".join([b'{"a":1}'] * objects) + b"]}"


@pytest.mark.parametrize(("objects", "is_separated"), [(63, True), (64, True), (65, False)])
def test_the_next_record_is_searched_within_64_objects_of_a_damaged_one(objects: int, is_separated: bool) -> None:
    record = b'{"type":7,"timestamp":1}'
    content = b'{"records":[' + b",".join([record, damaged(objects), record]) + b"]}"
    records, problems = opened(content)
    assert (records.count(json.loads(record)) == 2) is is_separated
    if is_separated:
        begins = len(b'{"records":[' + record + b",")
        length = len(damaged(objects)) + 1
        assert problems == [(begins, length, "a record that is damaged, or larger than Limits.max_record")]


@pytest.mark.parametrize(("objects", "is_separated"), [(39, True), (40, False)])
def test_the_next_record_is_searched_within_100_objects_of_all_damaged_ones(objects: int, is_separated: bool) -> None:
    record = b'{"type":7,"timestamp":1}'
    parts = [record, damaged(60), record, damaged(objects), record, damaged(1), record]
    records, problems = opened(b'{"records":[' + b",".join(parts) + b"]}")
    assert (records.count(json.loads(record)) == 4) is is_separated
    assert (len(problems) == 3) is is_separated


def test_damaged_records_are_read_again_as_they_were_read_first() -> None:
    # False starts leave 50 attempts, too few to look at the 60 objects.
    record = b'{"type":7,"timestamp":1}'
    content = b"x\x9c" * 99_950 + b'{"records":[' + b",".join([record, damaged(60), record]) + b"]}"
    held, read_again = (
        [list(segment.raw_records()) for segment in segments.read(content, limits=segments.Limits(max_held=limit))]
        for limit in (1_000_000, 0)
    )
    assert held == read_again
    assert held[0].count(record) == 1


@pytest.mark.parametrize("size", [4_095, 4_096, 4_097, 10_000])
def test_the_first_4096_bytes_of_an_unreadable_part_are_kept(size: int) -> None:
    record = b'{"type":7,"timestamp":1}'
    junk, text = b"~" * size, b'["' + b"x" * (size - 4) + b'"]'
    item, cut = b"1" * size, b'{"type":2,"timestamp":1,"x":"' + b"x" * (size - 29)
    cases = [
        (junk, junk),
        (text, text),
        (b'{"records":[' + record + b"," + item + b"]}", item),
        (b'{"records":[' + record + b"," + cut, cut),
    ]
    for content, part in cases:
        parts: list[segments.Unreadable] = []
        list(segments.read(content, on_unreadable=parts.append))
        assert (parts[0].offset, parts[0].length, parts[0].raw) == (content.index(part), size, part[:4096])


def test_the_first_byte_of_an_unpacked_stream_has_both_offsets() -> None:
    content = PACKED[0] + gzip.compress(b'{"data": []}')
    parts: list[segments.Unreadable] = []
    list(segments.read(content, on_unreadable=parts.append))
    (part,) = parts
    assert (part.offset, part.unpacked_offset, part.length) == (len(PACKED[0]) + 10, 0, 12)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"records":1,"a" 1}', "no colon after a name"),
        (b'{"records":1,2}', "no name where one is required"),
        (b'{"records":}', "b'}' where a value is required"),
        (b'{"records":1 "b":2}', "b'\"' where a comma or the end is required"),
        (b'{"records":1]', "b']' closes another kind of bracket"),
        (b'{"b":["records"}', "b'}' closes another kind of bracket"),
        (b'{"records":', "truncated JSON"),
        (b'{"records', "truncated JSON"),
        (b'{"records\n', "no name where one is required"),
        (b'{"a":"b', "truncated JSON"),
        (b'{"records":1}', "JSON without records"),
    ],
)
def test_json_that_cannot_be_read_is_reported_with_the_reason(content: bytes, reason: str) -> None:
    records, problems = opened(content)
    assert records == []
    assert problems[0] == (0, problems[0][1], reason)


@pytest.mark.parametrize(
    ("members", "is_metadata"),
    [
        (b'"records_count":1', False),
        (b'"index_in_view":0', False),
        (b'"index_in_view":0,"records":1', False),
        (b'"records_count":1,"index_in_view":0', True),
    ],
)
def test_metadata_without_a_segment_has_a_count_and_an_index(members: bytes, is_metadata: bool) -> None:
    recording = segments.open(b"{" + members + b"}")
    assert len(recording.views) == is_metadata
    assert recording.unreadable_count == (not is_metadata)


@pytest.mark.parametrize(("size", "is_kept"), [(1 << 18, True), ((1 << 18) + 1, False)])
@pytest.mark.parametrize("lines", [b"", b"\n"], ids=["one line", "two lines"])
def test_members_of_a_segment_are_kept_up_to_256_kib(size: int, is_kept: bool, lines: bytes) -> None:
    value = b'"' + b"x" * (size - len(b'"m"') - 2) + b'"'
    content = b'{"records":[{"type":7,"timestamp":1}],' + lines + b'"m":' + value + b"}"
    (segment,) = segments.read(content)
    assert list(segment.metadata.extra) == ["m"] * is_kept


def test_sources_without_records_give_nothing() -> None:
    assert found(b"") == []
    assert found(b" \r\n\0") == []
    assert opened(b'{"data": []}') == ([], [(0, 12, "JSON without records")])
    assert opened(b'{"records": [], "view": {"id": "v"}}') == ([], [])
