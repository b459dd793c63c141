"""Compressed streams inside of bytes: found, inflated within a limit, and written back where their content changed.

Replay segments come as zlib streams, alone or joined, and an envelope around them may be anything; so gzip and zlib
streams are looked for at every place, raw deflate, which has no mark, at the beginning only. Checksums are not checked:
spliced segments carry false ones and are readable all the same.
"""

import re
import struct
import zlib
from collections.abc import Callable

from attrs import define, frozen

__all__ = ["INFLATE_LIMIT", "InflateLimitError", "rewrite_streams"]

INFLATE_LIMIT = 64 * 1024 * 1024
"""Bytes that may come out of all streams of one body."""

Rewrite = Callable[[bytes], bytes]

_DEPTH_LIMIT = 4
_CHUNK = 16 * 1024
_COST_OF_ONE_BYTE = 16  # read alone, a byte takes about as long as this many among others
_MARK = re.compile(rb"\x1f\x8b\x08|x[\x01\x5e\x9c\xda]")
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # no time, no name, unknown system: the same everywhere
_PRESET_DICTIONARY = 0x20


class InflateLimitError(ValueError):
    """A body inflates to more than may be looked at, so nobody can say that it holds no secret."""


@define
class _Budget:
    left: int
    limit: int

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise InflateLimitError(
                f"a compressed body inflates to more than {self.limit:,} bytes, so it cannot be searched for secrets; "
                "let the answer be smaller (max_list_size), or keep this call out of the cassette"
            )


@frozen
class _Stream:
    header: bytes
    content: bytes
    end: int
    """Where the bytes after the stream begin."""
    ended: bool
    """False for a stream that was cut off or broken."""

    def holding(self, content: bytes) -> bytes:
        """The stream with other content; cut off where this one was."""
        deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        deflated = deflater.compress(content)
        gzip = self.header.startswith(b"\x1f\x8b")
        header = _GZIP_HEADER if gzip else self.header
        if not self.ended:
            return header + deflated + deflater.flush(zlib.Z_SYNC_FLUSH)
        deflated += deflater.flush()
        if gzip:
            return header + deflated + struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)
        return header + deflated + (struct.pack(">I", zlib.adler32(content)) if header else b"")


def rewrite_streams(data: bytes, inside: Rewrite, outside: Rewrite, *, limit: int = INFLATE_LIMIT) -> bytes:
    """Let `inside` look into every compressed stream, and into streams in these, and `outside` at what is no stream.

    A stream is compressed anew only where its content changed. `limit` bytes at most are inflated in all. Raises
    InflateLimitError beyond that, and where streams are nested more than four deep.
    """
    return _rewritten(data, inside, outside, _Budget(limit, limit), 1)


def _rewritten(data: bytes, inside: Rewrite, outside: Rewrite, budget: _Budget, depth: int) -> bytes:
    parts: list[bytes] = []
    kept = position = 0
    adjacent = True  # at the beginning and right behind a stream, less common zlib headers are believed too
    while position < len(data):
        header = _header_at(data, position, rare=adjacent)
        if header is None and position == 0 and not data.isascii():
            header = b""  # perhaps raw deflate
        stream = None if header is None else _inflate(data, position, header, budget)
        if stream is not None and stream.content:
            if depth > _DEPTH_LIMIT:
                raise InflateLimitError(
                    f"compressed data is nested more than {_DEPTH_LIMIT} deep, so it is not searched for secrets; "
                    "keep this call out of the cassette"
                )
            content = _rewritten(stream.content, inside, inside, budget, depth + 1)
            changed = content != stream.content
            if changed or (stream.ended and (stream.header or stream.end == len(data))):
                as_it_was = data[position : stream.end]
                parts += (outside(data[kept:position]), stream.holding(content) if changed else as_it_was)
                kept = position = stream.end
                adjacent = True
                continue
        mark = _MARK.search(data, position + 1)
        if mark is None:
            break
        position, adjacent = mark.start(), False
    return b"".join((*parts, outside(data[kept:])))


def _header_at(data: bytes, position: int, *, rare: bool) -> bytes | None:
    """The header of the gzip or zlib stream that seems to begin here."""
    start = data[position : position + 2]
    if start == b"\x1f\x8b":
        return _gzip_header(data, position)
    is_zlib = len(start) == 2 and start[0] & 0x8F == 0x08 and int.from_bytes(start) % 31 == 0
    return start if is_zlib and not start[1] & _PRESET_DICTIONARY and (rare or start[0] == 0x78) else None


def _gzip_header(data: bytes, position: int) -> bytes | None:
    """RFC 1952, 2.3: ten bytes, then an extra field, a name, a comment and a checksum, as the flags say."""
    flags = data[position + 3 : position + 4]
    end = position + 10
    if not flags or end > len(data):
        return None
    if flags[0] & 0x04:
        end += 2 + int.from_bytes(data[end : end + 2], "little")
    for flag in (0x08, 0x10):
        if flags[0] & flag:
            end = data.find(b"\0", end) + 1
            if not end:
                return None
    if flags[0] & 0x02:
        end += 2
    return data[position:end]


def _inflate(data: bytes, position: int, header: bytes, budget: _Budget) -> _Stream:
    """Everything that can be read from the stream; what follows a defect is no part of it."""
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    place = position + len(header)
    content = bytearray()
    step = _CHUNK
    while place < len(data) and not inflater.eof:
        before = inflater.copy()
        chunk = data[place : place + step]
        try:
            inflated = inflater.decompress(chunk, budget.left + 1)
        except zlib.error:
            if step == 1:
                break
            inflater, step = before, 1  # byte by byte up to the defect: an error takes its whole call's output away
            continue
        # Input counts as well: streams without output and false marks would else cost time without end.
        budget.spend(max(len(inflated), len(chunk) if step > 1 else _COST_OF_ONE_BYTE))
        content += inflated
        place += len(chunk) - len(inflater.unused_data)
    if inflater.eof:
        place += 8 if header.startswith(b"\x1f\x8b") else 4 if header else 0
    return _Stream(header, bytes(content), min(place, len(data)), inflater.eof)
