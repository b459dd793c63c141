"""A stream of bytes seen through a window that slides forward: what is behind its cursor is let go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .budget import Place

__all__ = ["Piece", "Window"]

_MORE = 1 << 16


class Piece(NamedTuple):
    """Some bytes of a stream, and where they come from in the source."""

    data: bytes
    offset: int
    exact: bool
    """Whether they stand in the source as they are, and not unpacked."""


class Window:
    """The part of a stream around its cursor. `data` changes with each `fill`; indexes then count from the cursor."""

    def __init__(self, pieces: Iterator[Piece]) -> None:
        self.data = b""
        self.cursor = 0
        """Index in `data` of the next byte to read."""

        self.ended = False
        """Whether `data` holds the last byte of the stream."""

        self._pieces = pieces
        self._start = 0
        # For each piece in the window: where it begins in the stream, and in the source.
        self._origins: list[tuple[int, int, bool]] = []

    @property
    def position(self) -> int:
        """Bytes of the stream before the cursor."""
        return self._start + self.cursor

    def place(self, index: int | None = None) -> Place:
        """Where a byte of `data`, or the one at the cursor, comes from."""
        position = self._start + (self.cursor if index is None else index)
        for begins, offset, exact in reversed(self._origins):
            if begins <= position:
                return Place(offset + (position - begins if exact else 0), exact, position)
        return Place(0, True, position)

    def fill(self, count: int) -> bool:
        """Have at least `count` bytes from the cursor on; False where the stream ends before."""
        have = len(self.data) - self.cursor
        if self.ended or have >= count:
            return have >= count
        parts = [self.data[self.cursor :]]
        self._start += self.cursor
        self.cursor = 0
        while have < count and not self.ended:
            piece = next(self._pieces, None)
            if piece is None:
                self.ended = True
            elif piece.data:
                self._origins.append((self._start + have, piece.offset, piece.exact))
                parts.append(piece.data)
                have += len(piece.data)
        while len(self._origins) > 1 and self._origins[1][0] <= self._start:
            del self._origins[0]
        self.data = b"".join(parts)
        return have >= count

    def grow(self) -> bool:
        """Twice as many bytes, so that looking at all of them again and again costs no more than twice; False at the
        end."""
        have = len(self.data) - self.cursor
        self.fill(max(2 * have, _MORE))
        return len(self.data) - self.cursor > have

    def peek(self, count: int = 1) -> bytes:
        """The next bytes, fewer only at the end; the cursor stays."""
        self.fill(count)
        return self.data[self.cursor : self.cursor + count]

    def skip_all(self, some: re.Pattern[bytes]) -> bool:
        """Move behind everything that the pattern matches, across windows; False where the stream ends there."""
        while True:
            match = some.match(self.data, self.cursor)
            if match is not None:
                self.cursor = match.end()
            if self.cursor < len(self.data):
                return True
            if not self.fill(1):
                return False
