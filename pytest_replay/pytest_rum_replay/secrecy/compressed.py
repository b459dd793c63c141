"""Compressed streams within bytes: found, inflated within a limit, and compressed again if their content changed.

Replay segments are zlib streams, alone or joined, with any envelope around them. So gzip and zlib streams are searched
for everywhere; raw deflate, which has no header, is only tried at the beginning. Checksums are not checked: those of
spliced segments are wrong, and the segments are readable all the same.
"""

import re
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

from attrs import define, frozen
from rum_replay._gzip_zlib import GZIP, LIKELY_START, Format, header_at

__all__ = ["INFLATE_LIMIT", "InflateLimitError", "decoded_start", "rewrite_streams"]

INFLATE_LIMIT = 64 * 1024 * 1024
"""Bytes that all streams of one body may inflate to."""

Rewrite = Callable[[bytes], bytes]

_DEPTH_LIMIT = 4
_SHORTEST_TOO_DEEP = 6  # bytes; less is no credential that is searched for, and ordinary text gives it by chance
_CHUNK = 16 * 1024
_COST_OF_ONE_BYTE = 16  # a byte that is inflated alone takes about as long as this many together
_STEP = 64  # bytes; an error discards what a step decoded
_COST_OF_A_START = 4096
_LIKELY_START = re.compile(LIKELY_START)
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # no time, no name, unknown system: the same everywhere


class InflateLimitError(ValueError):
    """A body inflates to more than may be searched, so it may hold a secret."""


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
    format: Format | None
    """None for raw deflate."""
    header: bytes
    content: bytes
    end: int
    """The index of the first byte after the stream."""
    is_complete: bool
    """False for a stream that is truncated or damaged."""

    def with_content(self, content: bytes) -> bytes:
        """The stream with other content; truncated if this one is."""
        deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        header = _GZIP_HEADER if self.format is GZIP else self.header
        deflated = deflater.compress(content) + deflater.flush(zlib.Z_FINISH if self.is_complete else zlib.Z_SYNC_FLUSH)
        trailer = self.format.trailer(content) if self.format is not None and self.is_complete else b""
        return header + deflated + trailer


def rewrite_streams(data: bytes, inside: Rewrite, outside: Rewrite, *, limit: int = INFLATE_LIMIT) -> bytes:
    """Rewrite the content of compressed streams, and of streams within them, by `inside`, all other bytes by `outside`.

    A stream is compressed again only if its content changed. Raises InflateLimitError if more than `limit` bytes would
    be inflated, or if streams are nested more than four deep.
    """
    return _rewritten(data, inside, outside, _Budget(limit, limit), 1)


def decoded_start(body: bytes, codings: str) -> bytes | None:
    """What can be read of a body whose Content-Encoding names br or zstd, up to its damage.

    None if the package is missing that reads it. Empty for all other codings: `rewrite_streams` finds gzip and deflate.
    """
    coding = codings.rpartition(",")[2].strip()
    if coding not in ("br", "zstd"):
        return b""
    try:
        decode, damage = _brotli_decoder() if coding == "br" else _zstd_decoder()
    except ImportError:
        return None
    content = bytearray()
    for start in range(0, len(body), _STEP):
        try:
            content += decode(body[start : start + _STEP])
        except damage:
            break
        if len(content) > INFLATE_LIMIT:
            return None
    return bytes(content)


def _brotli_decoder() -> tuple[Rewrite, type[Exception]]:
    brotli: Any = import_module("brotli")
    return brotli.Decompressor().process, brotli.error


def _zstd_decoder() -> tuple[Rewrite, type[Exception]]:
    zstandard: Any = import_module("zstandard")
    return zstandard.ZstdDecompressor().decompressobj().decompress, zstandard.ZstdError


def _rewritten(data: bytes, inside: Rewrite, outside: Rewrite, budget: _Budget, depth: int) -> bytes:
    parts: list[bytes] = []
    kept = position = 0
    while position < len(data):
        # Here is the beginning of the data, the end of a stream, or a likely start. Only in the first two cases may
        # the header be one of the rare ones, which would otherwise be found too often by chance.
        stream = _stream_at(data, position, budget)
        if stream is not None and stream.content:
            # What inflates as raw deflate by chance rarely ends with the data.
            is_certain = stream.format is not None or (stream.is_complete and stream.end == len(data))
            is_too_deep = depth > _DEPTH_LIMIT
            if is_too_deep and is_certain and len(stream.content) >= _SHORTEST_TOO_DEEP:
                raise InflateLimitError(
                    f"compressed data is nested more than {_DEPTH_LIMIT} deep, so it is not searched for secrets; "
                    "keep this call out of the cassette"
                )
            content = stream.content if is_too_deep else _rewritten(stream.content, inside, inside, budget, depth + 1)
            changed = content != stream.content
            if changed or (stream.is_complete and is_certain):
                unchanged = data[position : stream.end]
                parts += (outside(data[kept:position]), stream.with_content(content) if changed else unchanged)
                kept = position = stream.end
                continue
        start = _LIKELY_START.search(data, position + 1)
        if start is None:
            break
        position = start.start()
    return b"".join((*parts, outside(data[kept:])))


def _stream_at(data: bytes, position: int, budget: _Budget) -> _Stream | None:
    header = header_at(data, position)
    if header is not None:
        return _inflate(data, position, header.size, header.format, budget)
    may_be_raw = position == 0 and not data.isascii()
    return _inflate(data, position, 0, None, budget) if may_be_raw else None


def _inflate(data: bytes, start: int, header_size: int, stream_format: Format | None, budget: _Budget) -> _Stream:
    """Everything that can be read from the stream; bytes after damage are not part of it."""
    budget.spend(_COST_OF_A_START)
    inflater = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    position = start + header_size
    header = data[start:position]
    content = bytearray()
    step = _CHUNK
    while position < len(data) and not inflater.eof:
        before = inflater.copy()
        chunk = data[position : position + step]
        try:
            inflated = inflater.decompress(chunk, budget.left + 1)
        except zlib.error:
            if step == 1:
                break
            inflater, step = before, 1  # byte by byte up to the damage, since an error discards its call's output
            continue
        # Input counts too: otherwise streams without output, and false starts, would take unlimited time.
        budget.spend(max(len(inflated), len(chunk) if step > 1 else _COST_OF_ONE_BYTE))
        content += inflated
        position += len(chunk) - len(inflater.unused_data)
    if inflater.eof and stream_format is not None:
        position += stream_format.trailer_size
    return _Stream(stream_format, header, bytes(content), min(position, len(data)), inflater.eof)
