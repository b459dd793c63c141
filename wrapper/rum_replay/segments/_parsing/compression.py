"""gzip, zlib and raw deflate, whole or damaged, in constant memory.

All three are read as raw deflate between a header and a trailer of our own reading: zlib itself gives up at a false
checksum and takes everything before with it. The browser SDK flushes each segment before the end, so that segments
can be spliced: `78 9c`, then each without its first two and last six bytes. Such a stream has no end and no true
checksum, and is not damaged.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

from .budget import Reading
from .window import Piece, Window

__all__ = ["header_size", "inflate", "unpacks_to"]

_INPUT = 1 << 16
_OUTPUT = 1 << 18
_FLUSHED = b"\x00\x00\xff\xff"

# Flags of a gzip header (RFC 1952): checksum, extra field, name, comment.
_CHECKSUM, _EXTRA, _NAME, _COMMENT = 2, 4, 8, 16


class _Inflater(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


def header_size(head: bytes) -> int | None:
    """Bytes of the header of gzip or zlib that `head` begins with; None where it begins with neither."""
    if head[:3] == b"\x1f\x8b\x08":
        return _gzip_header_size(head)
    # RFC 1950: deflate, a window of at most 32 KiB, no dictionary, and a check of these two bytes.
    if len(head) >= 2 and head[0] & 0x8F == 0x08 and not head[1] & 0x20 and (head[0] << 8 | head[1]) % 31 == 0:
        return 2
    return None


def _gzip_header_size(head: bytes) -> int | None:
    if len(head) < 10:
        return None
    flags, size = head[3], 10
    if flags & _EXTRA:
        size += 2 + int.from_bytes(head[size : size + 2], "little")
    for field in (_NAME, _COMMENT):
        if flags & field:
            end = head.find(b"\0", size)
            if end < 0:
                return None
            size = end + 1
    if flags & _CHECKSUM:
        size += 2
    return size if size <= len(head) else None


def unpacks_to(deflated: bytes, size: int = 64) -> bytes | None:
    """The first bytes of what the start of a deflated stream holds; None where it is none."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        return inflater.decompress(deflated, size)
    except zlib.error:
        return None


def inflate(window: Window, reading: Reading) -> Iterator[Piece]:
    """Unpack what begins at the cursor, and leave the cursor behind it, trailer included.

    What is damaged or cut is unpacked as far as it goes, and reported.
    """
    size = header_size(window.peek(_INPUT))
    trailer = 0 if size is None else 8 if window.peek(1) == b"\x1f" else 4
    window.cursor += size or 0
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    begins, total, checksum, last = window.position, 0, 1 if trailer == 4 else 0, b""
    while not inflater.eof:
        data, place = window.peek(_INPUT), window.place()
        restart = inflater.copy()
        try:
            unpacked = inflater.decompress(data, _OUTPUT)
        except zlib.error as error:
            unpacked, used = _until_damage(restart, data)
            window.cursor += used
            reading.unpack(place, len(unpacked), window.position - begins, total + len(unpacked))
            yield Piece(unpacked, place.offset, exact=False)
            reading.cannot_read(window.place(), 0, f"damaged compression: {error}", b"")
            return
        # At the end zlib may hold the same rest as both.
        used = len(data) - len(inflater.unused_data if inflater.eof else inflater.unconsumed_tail)
        last = (last + data[:used])[-4:]
        window.cursor += used
        if not unpacked and not used and not inflater.eof:
            if last != _FLUSHED:
                reading.cannot_read(window.place(), 0, "compression that is cut off", b"")
            return
        total += len(unpacked)
        checksum = zlib.adler32(unpacked, checksum) if trailer == 4 else zlib.crc32(unpacked, checksum)
        reading.unpack(place, len(unpacked), window.position - begins, total)
        yield Piece(unpacked, place.offset, exact=False)
    if trailer:
        _check(window, reading, trailer, checksum)


def _check(window: Window, reading: Reading, trailer: int, checksum: int) -> None:
    place, given = window.place(), window.peek(trailer)
    true = checksum.to_bytes(4, "little" if trailer == 8 else "big")
    if given[:4] == true:
        window.cursor += len(given)
    elif len(given) < trailer:
        window.cursor += len(given)
        reading.cannot_read(place, len(given), "compression that is cut off", given)
    else:
        window.cursor += trailer
        reading.cannot_read(place, trailer, "a false checksum; what it belongs to was read", given)


def _until_damage(inflater: _Inflater, data: bytes) -> tuple[bytes, int]:
    """What comes out before the damaged byte, and that byte's index: byte by byte, as zlib tells neither."""
    unpacked = bytearray()
    for index in range(len(data)):
        try:
            unpacked += inflater.decompress(data[index : index + 1])
        except zlib.error:
            return bytes(unpacked), index
    return bytes(unpacked), len(data)
