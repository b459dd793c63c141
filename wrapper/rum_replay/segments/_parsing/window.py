"""A stream of bytes seen through a window that slides forward; bytes before its cursor are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Chunk", "Location", "Window"]

_FIRST_GROWTH = 1 << 16


class Chunk(NamedTuple):
    """Some bytes of a stream, and where in the source they come from."""

    data: bytes
    offset: int
    """Bytes from the start of the source."""

    exact: bool
    """Whether these very bytes are in the source, rather than unpacked from what begins at `offset`."""


class Location(NamedTuple):
    """Where a byte of a stream comes from."""

    offset: int
    """Bytes from the start of the source."""

    exact: bool
    """False for an unpacked byte: then `offset` is where it was unpacked from."""

    stream_offset: int
    """Bytes from the start of the stream; the same as `offset` if nothing was unpacked."""


class Window:
    """The part of a stream around its cursor. `data` changes with each `fill`; indexes then count from the cursor."""

    def __init__(self, chunks: Iterator[Chunk]) -> None:
        self.data = b""
        self.cursor = 0
        """Index in `data` of the next byte to read."""

        self.ended = False
        """Whether `data` holds the last byte of the stream."""

        self._chunks = chunks
        self._start = 0
        # For each chunk in the window: where it begins in the stream, and in the source.
        self._origins: list[tuple[int, int, bool]] = []

    @property
    def position(self) -> int:
        """Bytes of the stream before the cursor."""
        return self._start + self.cursor

    def location(self, index: int | None = None) -> Location:
        """Where a byte of `data` comes from; by default the one at the cursor."""
        position = self._start + (self.cursor if index is None else index)
        for begins, offset, exact in reversed(self._origins):
            if begins <= position:
                return Location(offset + (position - begins if exact else 0), exact, position)
        return Location(0, True, position)

    def fill(self, count: int) -> bool:
        """Have at least `count` bytes from the cursor on; False if the stream ends before."""
        have = len(self.data) - self.cursor
        if self.ended or have >= count:
            return have >= count
        parts = [self.data[self.cursor :]]
        self._start += self.cursor
        self.cursor = 0
        while have < count and not self.ended:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.ended = True
            elif chunk.data:
                self._origins.append((self._start + have, chunk.offset, chunk.exact))
                parts.append(chunk.data)
                have += len(chunk.data)
        while len(self._origins) > 1 and self._origins[1][0] <= self._start:
            del self._origins[0]
        self.data = b"".join(parts)
        return have >= count

    def grow(self) -> bool:
        """Double the window, so that searching all of it each time takes linear time in total; False at the end."""
        have = len(self.data) - self.cursor
        self.fill(max(2 * have, _FIRST_GROWTH))
        return len(self.data) - self.cursor > have

    def peek(self, count: int = 1) -> bytes:
        """The next bytes, fewer only at the end; the cursor does not move."""
        self.fill(count)
        return self.data[self.cursor : self.cursor + count]

    def skip_all(self, pattern: re.Pattern[bytes]) -> bool:
        """Move past everything that the pattern matches, across chunks; False if the stream ends there."""
        while True:
            match = pattern.match(self.data, self.cursor)
            if match is not None:
                self.cursor = match.end()
            if self.cursor < len(self.data):
                return True
            if not self.fill(1):
                return False
