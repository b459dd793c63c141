"""The bodies of answers without their Content-Encoding, in pieces of bounded size and with nothing missing.

The HTTP library decodes each piece that arrives at once, whatever it unpacks to: a kilobyte in three layers of gzip
takes gigabytes. Here each layer is unpacked in bounded pieces, and has a limit.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Protocol

__all__ = ["MOST_CODINGS", "BodyDecoder", "BodyLimitError", "CodingError", "TruncatedError", "accepted_codings"]

MOST_CODINGS = 5
"""Content codings in one answer; curl and urllib3 have the same limit."""

_PIECE = 1 << 18
"""Bytes that one step unpacks at most, about."""


class CodingError(Exception):
    """Why a body cannot be decoded."""


class TruncatedError(CodingError):
    """A body ends in the middle of its compressed data."""


class BodyLimitError(Exception):
    """A body is larger than its limit."""

    def __init__(self, limit: int, name: str) -> None:
        super().__init__(f"it is larger than {limit:,} bytes, the limit {name}")


class _Layer(Protocol):
    """One content coding. `whole` is true where the body may end."""

    @property
    def whole(self) -> bool: ...

    def decode(self, data: bytes) -> Iterator[bytes]: ...


class BodyDecoder:
    """Takes a body as it arrives.

    coding: the header Content-Encoding.
    limit: bytes that the body, and each layer on the way to it, may have; None for no limit.
    limit_name: what people call the limit.
    """

    def __init__(self, coding: str, limit: int | None = None, limit_name: str = "max_body_size") -> None:
        names = [name for name in (part.strip().lower() for part in coding.split(",")) if name not in ("", "identity")]
        if len(names) > MOST_CODINGS:
            raise CodingError(f"it has {len(names)} content codings, more than {MOST_CODINGS}")
        self._layers = [layer for name in reversed(names) if (layer := _layer(name)) is not None]
        self._sizes = [0] * (len(self._layers) + 1)
        self._limit = limit
        self._limit_name = limit_name

    @property
    def knows_end(self) -> bool:
        """Whether the body itself shows where it ends, as every content coding does."""
        return bool(self._layers)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What another piece of the body unpacks to, in pieces; raises CodingError and BodyLimitError."""
        yield from self._through(0, data)

    def _through(self, index: int, data: bytes) -> Iterator[bytes]:
        self._sizes[index] += len(data)
        if self._limit is not None and self._sizes[index] > self._limit:
            raise BodyLimitError(self._limit, self._limit_name)
        if index == len(self._layers):
            yield data
            return
        for piece in self._layers[index].decode(data):
            if piece:
                yield from self._through(index + 1, piece)

    def finish(self) -> None:
        """The body has ended; raises TruncatedError if it is not whole."""
        # An empty body has no coding, whatever its header says.
        if self._sizes[0] and not all(layer.whole for layer in self._layers):
            raise TruncatedError("the body ends in the middle of its compressed data")


class _Zlib:
    """gzip, of one member or several, and deflate, with or without zlib's header."""

    def __init__(self, *, is_gzip: bool) -> None:
        self._is_gzip = is_gzip
        self._start = b""
        self._inflater: Any = None
        self.whole = False

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            yield from self._decode(data)
        except zlib.error as error:
            raise CodingError(str(error)) from None

    def _decode(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self.whole:
                if not self._is_gzip or not data.strip(b"\0"):
                    return  # zeros are padding, and what follows a deflated body means nothing
                self._inflater, self.whole = None, False
            if self._inflater is None:
                data = self._start + data
                if len(data) < 2:
                    self._start = data
                    return
                self._start = b""
                self._inflater = zlib.decompressobj(self._window_bits(data))
            while not self._inflater.eof and (piece := self._inflater.decompress(data, _PIECE)):
                yield piece
                data = self._inflater.unconsumed_tail
            # Only now: at the end of the stream, zlib gives the rest as both unconsumed and unused.
            self.whole, data = self._inflater.eof, self._inflater.unused_data

    def _window_bits(self, start: bytes) -> int:
        if self._is_gzip:
            return zlib.MAX_WBITS | 16
        has_header = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
        return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS


class _Brotli:
    def __init__(self, library: Any) -> None:
        self._error = library.error
        self._decompressor = library.Decompressor()

    @property
    def whole(self) -> bool:
        return bool(self._decompressor.is_finished())

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            while not self.whole:
                piece = self._decompressor.process(data, output_buffer_limit=_PIECE)
                data = b""
                if not piece and self._decompressor.can_accept_more_data():
                    return
                yield piece
        except self._error as error:
            raise CodingError(str(error)) from None


class _Zstandard:
    """One frame or several."""

    # The library unpacks all that it is given; so few bytes hold at most 16 blocks of 128 KiB.
    _SLICE = 64

    def __init__(self, library: Any) -> None:
        self._error = library.ZstdError
        # 8 MiB: what RFC 9659 allows in HTTP.
        self._new = library.ZstdDecompressor(max_window_size=1 << 23).decompressobj
        self._decompressor = self._new()

    @property
    def whole(self) -> bool:
        return bool(self._decompressor.eof)

    def decode(self, data: bytes) -> Iterator[bytes]:
        try:
            for start in range(0, len(data), self._SLICE):
                part = data[start : start + self._SLICE]
                while part:
                    if self._decompressor.eof:
                        self._decompressor = self._new()
                    yield self._decompressor.decompress(part)
                    part = self._decompressor.unused_data
        except self._error as error:
            raise CodingError(str(error)) from None


def _layer(name: str) -> _Layer | None:
    """The decoder of a content coding; None for other words, such as `utf-8`, which some servers write there."""
    if name in ("gzip", "x-gzip", "deflate"):
        return _Zlib(is_gzip=name != "deflate")
    if name == "br" and (library := _brotli()) is not None:
        return _Brotli(library)
    if name == "zstd" and (library := _zstandard()) is not None:
        return _Zstandard(library)
    if name in _NEEDED:
        raise CodingError(f"its content coding is {name}, which needs {_NEEDED[name]}")
    return None


_NEEDED = {
    "br": "the package brotli or brotlicffi, 1.2 or newer",
    "zstd": "the package zstandard",
    "compress": "another client",
    "x-compress": "another client",
}


def accepted_codings() -> str:
    """The header Accept-Encoding: what can be decoded here."""
    codings = {"gzip": True, "deflate": True, "br": _brotli() is not None, "zstd": _zstandard() is not None}
    return ", ".join(name for name, here in codings.items() if here)


def _brotli() -> Any:
    """The package that decodes Brotli, or None. Before 1.2 it could not limit what a piece unpacks to."""
    library = _installed("brotli") or _installed("brotlicffi")
    return library if hasattr(getattr(library, "Decompressor", None), "can_accept_more_data") else None


def _zstandard() -> Any:
    """The package that decodes Zstandard, or None."""
    return _installed("zstandard")


def _installed(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None
