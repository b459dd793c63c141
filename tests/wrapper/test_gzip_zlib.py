"""The headers and trailers of gzip and zlib, compared with those of the standard library."""

from __future__ import annotations

import gzip
import re
import zlib

import pytest
from rum_replay._gzip_zlib import GZIP, LIKELY_START, ZLIB, Format, Header, header_at

PLAIN = gzip.compress(b"content", mtime=0)
TEXT = b"x" * 4095 + b"\0"
FLAGS: dict[str, tuple[int, bytes]] = {
    "checksum": (2, b"\x12\x34"),
    "extra": (4, b"\x00\x01" + b"e" * 256),
    "empty extra": (4, b"\x00\x00"),
    "name": (8, b"segment.json\0"),
    "empty name": (8, b"\0"),
    "comment": (16, b"a comment\0"),
    "all": (30, b"\x02\x00ex" + b"name\0" + b"comment\0" + b"\x12\x34"),
    "name of 4,095 bytes": (8, TEXT),
    "comment of 4,095 bytes": (16, TEXT),
}


def flagged(flags: int, fields: bytes) -> bytes:
    return PLAIN[:3] + bytes([flags]) + PLAIN[4:10] + fields + PLAIN[10:]


@pytest.mark.parametrize("kind", FLAGS)
def test_gzip_header_ends_where_the_standard_library_finds_the_content(kind: str) -> None:
    flags, fields = FLAGS[kind]
    data = flagged(flags, fields)
    assert gzip.decompress(data) == b"content"
    assert header_at(data) == Header(GZIP, 10 + len(fields))
    assert header_at(b"before" + data, 6) == Header(GZIP, 10 + len(fields))


@pytest.mark.parametrize("kind", FLAGS)
def test_truncated_header_is_not_recognized(kind: str) -> None:
    flags, fields = FLAGS[kind]
    data = flagged(flags, fields)[: 10 + len(fields)]
    assert header_at(data) is not None
    assert [size for size in range(len(data)) if header_at(data[:size]) is not None] == []


def test_search_for_the_end_of_a_name_is_bounded() -> None:
    assert header_at(flagged(8, b"x" + TEXT)) is None


@pytest.mark.parametrize("level", range(10))
@pytest.mark.parametrize("window", range(9, 16))
def test_every_header_that_zlib_writes_is_recognized(level: int, window: int) -> None:
    packer = zlib.compressobj(level, zlib.DEFLATED, window)
    data = packer.compress(b"content") + packer.flush()
    assert header_at(data) == header_at(b"x" + data, 1) == Header(ZLIB, 2)
    assert (re.match(LIKELY_START, data) is not None) is (window == 15)


def test_only_byte_pairs_that_zlib_accepts_are_zlib_headers() -> None:
    def accepted(head: bytes) -> bool:
        with_dictionary = head[1] & 0x20
        try:
            zlib.decompressobj().decompress(head)
        except zlib.error:
            return False
        return not with_dictionary

    heads = [bytes([first, second]) for first in range(256) for second in range(256)]
    assert [head for head in heads if header_at(head) is not None] == [head for head in heads if accepted(head)]


@pytest.mark.parametrize(
    "data", [b"", b"\x78", b"\x1f\x8b", b"\x1f\x8b\x00" + bytes(20), b"PK\x03\x04", b"\x1f\x8b\x07" + bytes(20)]
)
def test_other_bytes_are_not_recognized_as_a_header(data: bytes) -> None:
    assert header_at(data) is None


@pytest.mark.parametrize("start", [b"\x1f\x8b\x08", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"])
def test_common_headers_match_the_likely_start_pattern(start: bytes) -> None:
    found = re.search(LIKELY_START, b"xx\x1f\x8b\x07\x78\x02\x79\x9c" + start + b"xx")
    assert found is not None
    assert (found.start(), found.group()) == (9, start)


@pytest.mark.parametrize(("stream", "pack"), [(GZIP, gzip.compress), (ZLIB, zlib.compress)])
def test_trailer_equals_the_one_that_the_standard_library_writes(stream: Format, pack: object) -> None:
    for content in (b"", b"content", bytes(range(256)) * 300):
        packed: bytes = pack(content)  # type: ignore[operator]
        assert packed.endswith(stream.trailer(content))
        assert len(stream.trailer(content)) == stream.trailer_size
        first = stream.checksum(content[:3], stream.empty_checksum)
        assert packed[-stream.trailer_size :][:4] == stream.checksum(content[3:], first).to_bytes(4, stream.byte_order)
