"""gzip, zlib and raw deflate, complete or damaged, in constant memory.

All three are read as raw deflate, with the header and trailer around it handled here: zlib itself gives up at a wrong
checksum and discards everything before it. The browser SDK flushes each segment before its end, so that segments can
be spliced: `78 9c`, then each without its first two and last six bytes. Such a stream has no end and no valid
checksum, and is not damaged.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

from ..._gzip_zlib import Format, header_at
from .budget import Budget
from .window import Chunk, Window

__all__ = ["inflate", "inflate_head"]

_INPUT = 1 << 16
_OUTPUT = 1 << 18
_HEAD = 300
"""Bytes by which everything that may be in a stream is recognized."""

_FLUSHED = b"\x00\x00\xff\xff"


class _Inflater(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


def inflate_head(deflated: bytes) -> bytes | None:
    """The first 300 bytes of what is unpacked from the start of a deflated stream; None if it is not deflated."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return inflater.decompress(deflated, _HEAD)
    except zlib.error:
        return None


def inflate(window: Window, budget: Budget) -> Iterator[Chunk]:
    """Unpack the stream that begins at the cursor, and leave the cursor after it and its trailer.

    Damaged or truncated streams are unpacked as far as possible, and reported.
    """
    header = header_at(window.peek(_INPUT))
    checksum = 0
    if header is not None:
        checksum = header.format.empty_checksum
        window.cursor += header.size
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    begins, total, last = window.position, 0, b""
    while not inflater.eof:
        data, location = window.peek(_INPUT), window.location()
        restart = inflater.copy()
        try:
            unpacked = inflater.decompress(data, _OUTPUT)
        except zlib.error as error:
            unpacked, used = _until_damage(restart, data)
            window.cursor += used
            budget.count_unpacked(location, len(unpacked))
            yield Chunk(unpacked, location.offset, exact=False)
            budget.report(window.location(), 0, f"damaged compressed data: {error}", b"")
            return
        # At the end of the stream, zlib may give the same rest as both.
        used = len(data) - len(inflater.unused_data if inflater.eof else inflater.unconsumed_tail)
        last = (last + data[:used])[-len(_FLUSHED) :]
        window.cursor += used
        if not unpacked and not used and not inflater.eof:
            if last != _FLUSHED:
                budget.report(window.location(), 0, "truncated compressed data", b"")
            return
        total += len(unpacked)
        if header is not None:
            checksum = header.format.checksum(unpacked, checksum)
        budget.count_unpacked(location, len(unpacked))
        budget.check_ratio(location, window.position - begins, total)
        yield Chunk(unpacked, location.offset, exact=False)
    if header is not None:
        _check_trailer(window, budget, header.format, checksum)


def _check_trailer(window: Window, budget: Budget, stream: Format, checksum: int) -> None:
    location, trailer = window.location(), window.peek(stream.trailer_size)
    window.cursor += len(trailer)
    if trailer[:4] == checksum.to_bytes(4, stream.byte_order):
        return
    truncated = len(trailer) < stream.trailer_size
    reason = "truncated compressed data" if truncated else "wrong checksum; the data before it was read"
    budget.report(location, len(trailer), reason, trailer)


def _until_damage(inflater: _Inflater, data: bytes) -> tuple[bytes, int]:
    """What is unpacked before the damaged byte, and its index; byte by byte, as zlib reports neither."""
    unpacked = bytearray()
    for index in range(len(data)):
        try:
            unpacked += inflater.decompress(data[index : index + 1])
        except zlib.error:
            return bytes(unpacked), index
    return bytes(unpacked), len(data)
