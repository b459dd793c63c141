"""What gzip (RFC 1952) and zlib (RFC 1950) put around deflated bytes: a header before, a checksum after."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Literal, NamedTuple

__all__ = ["GZIP", "LIKELY_START", "ZLIB", "Format", "Header", "header_at"]

LIKELY_START = rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]"
"""A pattern for searching: gzip, and zlib as compressors write it, one header for each range of levels.

`header_at` accepts further zlib headers, which are valid but rare, and which occur in any data by chance.
"""

_GZIP_START = b"\x1f\x8b\x08"  # its magic number, and deflate, the only method there is
_GZIP_FIXED_SIZE = 10
_GZIP_CHECKSUM, _GZIP_EXTRA, _GZIP_NAME, _GZIP_COMMENT = 2, 4, 8, 16
# Bytes. Without a bound, very many false starts with no end of a name behind them would take quadratic time.
_LONGEST_TEXT = 1 << 12


class Format(NamedTuple):
    """What follows the deflated bytes."""

    trailer_size: int
    """Bytes, of which the first four are the checksum."""

    byte_order: Literal["big", "little"]
    checksum: Callable[[bytes, int], int]
    """The checksum of some unpacked bytes, from that of the bytes before them."""

    empty_checksum: int
    """The checksum of no bytes."""

    def trailer(self, content: bytes) -> bytes:
        """The trailer for some unpacked bytes."""
        checksum = self.checksum(content, self.empty_checksum).to_bytes(4, self.byte_order)
        return checksum if self.trailer_size == 4 else checksum + (len(content) & 0xFFFFFFFF).to_bytes(4, "little")


GZIP = Format(8, "little", zlib.crc32, 0)
ZLIB = Format(4, "big", zlib.adler32, 1)


class Header(NamedTuple):
    """The header of a compressed stream."""

    format: Format
    size: int
    """Bytes."""


def header_at(data: bytes, start: int = 0) -> Header | None:
    """The header of gzip or zlib at an index of `data`; None if there is none, or not all of it."""
    if data.startswith(_GZIP_START, start):
        end = _end_of_gzip_header(data, start)
        return None if end is None else Header(GZIP, end - start)
    head = data[start : start + 2]
    # Deflate with a window of at most 32 KiB, no preset dictionary, and a check of these two bytes.
    if len(head) == 2 and head[0] & 0x8F == 0x08 and not head[1] & 0x20 and int.from_bytes(head, "big") % 31 == 0:
        return Header(ZLIB, 2)
    return None


def _end_of_gzip_header(data: bytes, start: int) -> int | None:
    end = start + _GZIP_FIXED_SIZE
    if end > len(data):
        return None
    flags = data[start + 3]
    if flags & _GZIP_EXTRA:
        end += 2 + int.from_bytes(data[end : end + 2], "little")
    for text in (_GZIP_NAME, _GZIP_COMMENT):
        if flags & text:
            end = data.find(b"\0", end, end + _LONGEST_TEXT) + 1
            if not end:
                return None
    if flags & _GZIP_CHECKSUM:
        end += 2
    return end if end <= len(data) else None
