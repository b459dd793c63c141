"""The records of many segments in a temporary file, where those of each can be read without passing the others."""

from __future__ import annotations

import tempfile
import weakref
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, cast

import attrs

from ..._files import file_errors
from .events import Event, Records

__all__ = ["Spool"]

_STEP = 1 << 16
_LENGTH = 8
"""Bytes that hold the length of a record, before it."""


@attrs.frozen(eq=False)
class Spool:
    """Records as they were read, compressed again, since a few bytes of a source can become very many."""

    _file: IO[bytes]
    _starts: list[int]
    """Where the records of each segment begin in the file."""

    @classmethod
    def of(cls, events: Iterable[Event]) -> Spool:
        """Write the records of all segments; raises FileError if there is no room for them."""
        with file_errors(tempfile.gettempdir(), "written"):
            # Not closed here: it is read as long as its segments exist.
            file = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115
        starts = [0]
        spool = cls(file, starts)
        weakref.finalize(spool, file.close)
        packer = zlib.compressobj(1)
        for event in events:
            if isinstance(event, Records):
                packed = b"".join(
                    packer.compress(part) for item in event.items for part in (len(item).to_bytes(_LENGTH), item)
                )
            else:
                packed, packer = packer.flush(), zlib.compressobj(1)
            with file_errors(tempfile.gettempdir(), "written"):
                file.write(packed)
            if not isinstance(event, Records):
                starts.append(file.tell())
        return spool

    def records(self, ordinal: int) -> Iterator[bytes]:
        """The records of a segment, counted from 0; none if there is no such segment."""
        if ordinal + 1 >= len(self._starts):
            return
        waiting = bytearray()
        for unpacked in self._unpacked(self._starts[ordinal], self._starts[ordinal + 1]):
            waiting += unpacked
            start = 0
            while len(waiting) - start >= _LENGTH:
                end = start + _LENGTH + int.from_bytes(waiting[start : start + _LENGTH])
                if end > len(waiting):
                    break
                yield bytes(waiting[start + _LENGTH : end])
                start = end
            del waiting[:start]

    def _unpacked(self, start: int, end: int) -> Iterator[bytes]:
        inflater, rest = zlib.decompressobj(), b""
        while not inflater.eof:
            if not rest:
                with file_errors(tempfile.gettempdir(), "read"):
                    self._file.seek(start)  # Several iterators may share the file.
                    rest = self._file.read(min(_STEP, end - start))
                start += len(rest)
            yield inflater.decompress(rest, _STEP)
            rest = inflater.unconsumed_tail
