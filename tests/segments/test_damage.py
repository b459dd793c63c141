"""Damage costs what is damaged: the rest is read, and the place is reported."""

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
        return raw  # damaged within


def test_a_cut_upload_gives_all_records_before_the_cut() -> None:
    whole = json.loads(TEXTS[0])["records"]
    for size in range(2000, len(PACKED[0]) - 10, 311):
        content = PACKED[0][:size]
        unpacked = zlib.decompressobj().decompress(content)
        records, problems = opened(content)
        assert records == whole[: len(records)]
        # Not one that was there is missing: the next one does not stand whole in what can be unpacked.
        for following in whole[len(records) :][:1]:
            assert json.dumps(following, ensure_ascii=False, separators=(",", ":")).encode() not in unpacked
        assert (size, 0, "compression that is cut off") in problems


def test_a_cut_spliced_stream_says_so_and_one_cut_at_a_flush_does_not() -> None:
    content = spliced(PACKED)
    assert opened(content)[1] == []
    records, problems = opened(content[:-40])
    assert records == VALUES[: len(records)]
    assert (len(content) - 40, 0, "compression that is cut off") in problems


def test_damaged_compression_is_reported_at_its_byte_and_the_next_segment_is_read() -> None:
    # Three bits that no deflate block begins with, right behind the header of the second segment.
    damaged = bytearray(b"".join(PACKED))
    at = len(PACKED[0]) + 2
    damaged[at] |= 0b111
    records, problems = opened(bytes(damaged))
    first = len(json.loads(TEXTS[0])["records"])
    second = len(json.loads(TEXTS[1])["records"])
    assert records == VALUES[:first] + VALUES[first + second :]
    assert problems == [(len(PACKED[0]), len(PACKED[1]), "nothing that is known")]


def test_damage_in_the_middle_keeps_what_was_unpacked_before() -> None:
    damaged = bytearray(PACKED[0])
    damaged[2800:2810] = b"\xff" * 10
    records, problems = opened(bytes(damaged) + PACKED[1])
    second = json.loads(TEXTS[1])["records"]
    assert records[-len(second) :] == second
    assert len(records) > len(second) + 3
    assert any(reason.startswith("damaged compression") and 2790 < offset < 3100 for offset, _, reason in problems)


@pytest.mark.parametrize(("pack", "size"), [(zlib.compress, 4), (gzip.compress, 8)])
def test_a_false_checksum_costs_no_record(pack: object, size: int) -> None:
    packed = pack(TEXTS[0])  # type: ignore[operator]
    content = packed[:-size] + bytes([packed[-size] ^ 1]) + packed[-size + 1 :]
    records, problems = opened(content + PACKED[1])
    assert records == [record for text in TEXTS[:2] for record in json.loads(text)["records"]]
    assert problems == [(len(packed) - size, size, "a false checksum; what it belongs to was read")]


def test_a_damaged_record_costs_that_record_alone() -> None:
    record = json.dumps(VALUES[7], ensure_ascii=False, separators=(",", ":")).encode()
    text = b"".join(TEXTS)
    at = text.index(record)
    content = text.replace(record, record.replace(b'"type"', b'type"', 1), 1)
    records, problems = opened(content)
    assert records == VALUES[:7] + VALUES[8:]
    assert problems == [(at, len(record), "a record that is damaged, or larger than Limits.max_record")]


def test_two_damaged_records_cost_no_record_between_them() -> None:
    # Two quotes are missing, so all between them looks like text of one record.
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
    # Two missing quotes make one text, so what looks like a record holds two; no byte of them is lost.
    assert kept.count(b'{"a:1}') + sum(part.length for part in parts) // 7 >= 99_999


def test_a_record_that_is_cut_is_kept_raw_with_its_place() -> None:
    parts: list[segments.Unreadable] = []
    (segment,) = segments.read(TEXTS[1][:700], on_unreadable=parts.append)
    assert not segment.whole
    assert segment.count == TEXTS[1][:700].count(b'"timestamp"') - (b'"timestamp"' in (parts[0].raw or b""))
    part = parts[0]
    assert part.reason == "a record that is cut off"
    assert part.raw == TEXTS[1][part.offset : 700]
    assert part.offset + part.length == 700
    assert part.unpacked_offset is None


def test_what_is_no_record_is_reported_and_passed_over() -> None:
    record = json.dumps(VALUES[0]).encode()
    content = b'{"records":[' + record + b',1,2,null,"x",[3],' + record + b"]}"
    records, problems = opened(content)
    assert records == [VALUES[0], VALUES[0]]
    begins = len(b'{"records":[' + record + b",")
    assert [(offset, length) for offset, length, _ in problems] == [(begins, 8), (begins + 9, 3), (begins + 13, 3)]


def test_junk_between_segments_is_reported_and_kept() -> None:
    junk = b"<html>502 Bad Gateway</html>"
    parts: list[segments.Unreadable] = []
    read = segments.read(PACKED[0] + junk + PACKED[1], on_unreadable=parts.append)
    assert sum(segment.count for segment in read) == sum(len(json.loads(text)["records"]) for text in TEXTS[:2])
    assert [(part.offset, part.raw, part.source) for part in parts] == [(len(PACKED[0]), junk, "bytes")]


def test_multipart_without_an_end_gives_its_parts() -> None:
    content = multipart(PACKED)[: -len(b"--a+b--\r\n")]
    records, problems = opened(content)
    assert records == VALUES
    assert [reason for _, _, reason in problems] == ["multipart without its last boundary"]


def test_places_within_something_compressed_say_both_offsets() -> None:
    text = TEXTS[0] + b"not JSON" + TEXTS[1]
    parts: list[segments.Unreadable] = []
    list(segments.read(PACKED[2] + gzip.compress(text), on_unreadable=parts.append))
    (part,) = parts
    assert part.raw == b"not JSON"
    assert part.unpacked_offset == len(TEXTS[0])
    assert part.offset >= len(PACKED[2])


def test_lists_of_records_that_share_a_name_are_all_read() -> None:
    one, two = (json.dumps(value).encode() for value in VALUES[:2])
    assert opened(b'{"records":[' + one + b'],"records":[' + two + b"]}\n")[0] == VALUES[:2]


def test_very_many_members_of_one_segment_cost_no_metadata_of_the_next() -> None:
    large = {"records": VALUES[:2], "view": {"id": "one"}} | {f"m{index}": 1 for index in range(60_000)}
    small = {"records": VALUES[2:4], "view": {"id": "two"}, "index_in_view": 3}
    one, two = segments.read(json.dumps({"data": [large, small]}).encode())
    assert (one.metadata.view_id, two.metadata.view_id, two.metadata.index_in_view) == ("one", "two", 3)
    assert 1_000 < len(one.metadata.extra) < 60_000


def test_what_holds_nothing_gives_nothing() -> None:
    assert found(b"") == []
    assert found(b" \r\n\0") == []
    assert opened(b'{"data": []}') == ([], [(0, 12, "JSON without records")])
    assert opened(b'{"records": [], "view": {"id": "v"}}') == ([], [])
