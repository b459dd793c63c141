"""A timeline in chunks, each of which can be decoded and shown without the others, and the marks on it.

A chunk is a JSON list of events, compressed with gzip. One begins at each full snapshot, which is among its events,
and at each checkpoint. If something came before, an event of our own at the beginning of the chunk says what: `events`
build the page as it is at the start, unless a full snapshot does, and put the pointer where it is; `began` says since
when elements of that page are there (`added`) and have their class and style (`styled`), as pairs of the player's id
and a timestamp.
"""

from __future__ import annotations

import base64
import re
import tempfile
import zlib
from collections.abc import Iterable
from shutil import copyfileobj
from typing import IO

import attrs
import msgspec

from ..records import Number

__all__ = ["CHUNK_SIZE", "Checkpoint", "ChunkFacts", "Pace", "write_chunks"]

CHUNK_SIZE = 1 << 20
"""Bytes of events after which a chunk ends; a seek decodes and applies up to about as many."""

_BASE64_LINE = 3 << 16  # Bytes in one line of base64; a multiple of three, so that only the last is padded.
_IN_MEMORY = 1 << 20
_COMPRESSED_AT_ONCE = 1 << 16  # Bytes; compressing each event for itself takes twice the time.
# As `_events` writes them.
_HEAD = re.compile(rb'\{"type":(\d),"timestamp":([^,]++),"data":\{(?:"source":(\d++),(?:"type":(\d++)|)|)')
_BASE = b'{"type":5,"timestamp":%b,"data":{"tag":"base","payload":{"events":[%b],"began":%b}}}'
_USED = frozenset({b"1", b"2", b"3", b"4", b"5"})
"""Sources of events by which the player knows that somebody was active."""

_POSITIONS = frozenset({b"0", b"1", b"2", b"7", b"9"})
_TOUCHES = frozenset({b"7", b"9", b"10"})
_TOUCH_START = b"7"
"""Types of interactions: those with which the player moves the pointer, and those of fingers."""


class Checkpoint(bytes):
    """The events that build a page as it is at some time, between commas: not what happened, but where to start."""

    time: Number
    began: bytes

    @classmethod
    def of(cls, time: Number, events: Iterable[bytes], began: bytes) -> Checkpoint:
        """A checkpoint with these events; `began` is the member of the chunk, as JSON."""
        checkpoint = cls(b",\n".join(events))
        checkpoint.time, checkpoint.began = time, began
        return checkpoint


@attrs.define
class Pace:
    """Says when a checkpoint is due: shared by what converts records, and may write one, and what writes chunks."""

    size: int = CHUNK_SIZE
    pages: int = 2
    """A checkpoint is due after as many bytes of events, and after as many as in so many pages like the last one."""

    is_due: bool = False
    is_moving: bool = False
    """Whether anything on the pages moves, so that it matters since when elements are there."""

    _left: int = 0

    def begin(self, base_size: int) -> None:
        """A chunk begins, with a page of this size in bytes of JSON."""
        self._left, self.is_due = max(self.size, self.pages * base_size), False

    def note(self, size: int) -> None:
        """Note as many bytes of events."""
        self._left -= size
        if self._left <= 0:
            self.is_due = True


@attrs.frozen
class ChunkFacts:
    """What the player needs to know of a chunk before it decodes it."""

    start: Number
    """Milliseconds of Unix time."""

    is_snapshot: bool
    """Whether it begins with a full snapshot; otherwise, it goes on from the chunk before it."""

    used: Number | None
    """When somebody was first active in it."""

    base_size: int
    size: int
    """Bytes of the page at its start, and of the events, as JSON."""


class _Packed:
    """Writes JSON, compressed with gzip, as lines of base64 that can be decoded one by one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._waiting: list[bytes] = []
        self._waiting_size = 0
        self._packed = bytearray()
        self._compress = zlib.compressobj(level=6, wbits=zlib.MAX_WBITS | 16)

    def write(self, text: bytes) -> None:
        self._waiting.append(text)
        self._waiting_size += len(text)
        if self._waiting_size >= _COMPRESSED_AT_ONCE:
            self._pack()
            while len(self._packed) >= _BASE64_LINE:
                self._write_line()

    def _pack(self) -> None:
        self._packed += self._compress.compress(b"".join(self._waiting))
        self._waiting.clear()
        self._waiting_size = 0

    def end(self, text: bytes) -> None:
        self.write(text)
        self._pack()
        self._packed += self._compress.flush()
        while self._packed:
            self._write_line()

    def _write_line(self) -> None:
        self._file.write(base64.b64encode(self._packed[:_BASE64_LINE]) + b"\n")
        del self._packed[:_BASE64_LINE]


class _List:
    """A list in an element of its own."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        file.write(f'<script type="text/plain" class="{name}">\n'.encode())
        self._packed = _Packed(file)
        self._separator = b"["

    def add(self, item: bytes) -> None:
        self._packed.write(self._separator + item)
        self._separator = b",\n"

    def end(self) -> None:
        self._packed.end(b"[]" if self._separator == b"[" else b"]")
        self._file.write(b"</script>\n")


@attrs.define
class _Chunk:
    _events: _List
    start: Number
    is_snapshot: bool
    base_size: int = 0
    size: int = 0
    used: Number | None = None

    def add(self, event: bytes) -> None:
        self.size += len(event)
        self._events.add(event)

    def end(self) -> ChunkFacts:
        self._events.end()
        return ChunkFacts(self.start, self.is_snapshot, self.used, self.base_size, self.size)


class _Writer:
    def __init__(self, file: IO[bytes], marks: _List, pace: Pace) -> None:
        self._file, self._marks, self._pace = file, marks, pace
        self._chunk: _Chunk | None = None
        self.facts: list[ChunkFacts] = []
        self.has_touches = False
        # The last event with a position of the pointer, and the last touch: they belong to no page.
        self._position: bytes | None = None
        self._touch: bytes | None = None

    def add(self, event: bytes) -> None:
        if isinstance(event, Checkpoint):
            self._begin(event)
            return
        head = _HEAD.match(event)
        assert head is not None  # It is one of `_events`.
        kind, time, source, interaction = head.groups()
        if kind == b"5":
            self._marks.add(event)
            return
        if kind == b"4":
            self._begin(None, _number(time))
        chunk = self._chunk
        assert chunk is not None  # Each view begins with a full snapshot.
        if kind == b"2":
            chunk.base_size = len(event)
            self._pace.begin(len(event))
        elif kind == b"3":
            self._pace.note(len(event))
            if source in _USED and chunk.used is None:
                chunk.used = _number(time)
            if source in (b"1", b"6") or (source == b"2" and interaction in _POSITIONS):
                self._note_pointer(event, source, interaction)
        chunk.add(event)

    def _note_pointer(self, event: bytes, source: bytes, interaction: bytes | None) -> None:
        self._position = event
        if source == b"2" and interaction in _TOUCHES:
            self._touch = event
        self.has_touches = self.has_touches or source == b"6" or interaction == _TOUCH_START

    def _begin(self, checkpoint: Checkpoint | None, start: Number = 0) -> None:
        self.end()
        pointers = [one for one in (self._touch, self._position) if one is not None]
        base = pointers if checkpoint is None else [checkpoint, *pointers]
        began = b"{}" if checkpoint is None else checkpoint.began
        start = start if checkpoint is None else checkpoint.time
        events = _List(self._file, "recording")
        if base:
            events.add(_BASE % (msgspec.json.encode(start), b",\n".join(base), began))
        if checkpoint is None:
            self._chunk = _Chunk(events, start, is_snapshot=True)
        else:
            self._chunk = _Chunk(events, start, is_snapshot=False, base_size=len(checkpoint))
            self._pace.begin(len(checkpoint))

    def end(self) -> None:
        if self._chunk is not None:
            self.facts.append(self._chunk.end())


def write_chunks(file: IO[bytes], events: Iterable[bytes], pace: Pace) -> tuple[list[ChunkFacts], bool]:
    """Write a timeline: an element of the page for each chunk, and one for all events of our own, its marks.

    Returns the facts of the chunks in order, and whether anybody used the screen with fingers.
    """
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as kept:
        marks = _List(kept, "marks")
        writer = _Writer(file, marks, pace)
        for event in events:
            writer.add(event)
        writer.end()
        marks.end()
        kept.seek(0)
        copyfileobj(kept, file)
    return writer.facts, writer.has_touches


def _number(text: bytes) -> Number:
    number: Number = msgspec.json.decode(text)
    return number
