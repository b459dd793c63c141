"""Finds records anywhere in JSON, in constant memory.

An object with a list `records` is a segment, and its other members are the segment's metadata, which the SDK writes
after the records. Everything around such objects is walked through, by brackets and strings only, without decoding it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import attrs

from ..._gzip_zlib import header_at
from .base64_text import decode_base64, decode_base64_head
from .budget import SAMPLE_SIZE, Budget
from .compression import inflate_head
from .events import Event, Metadata, Records, SegmentEnd
from .fast_path import LONGEST_METADATA, RELEVANT, one_line_segment
from .json_text import BLANK, ITEMS, LOOKAHEAD, SCALAR, STRING, VALUE, MalformedError, end_of_value, skip_string
from .multipart import first_boundary
from .record_arrays import complete_records, looks_like_record, skip_damage, skip_item
from .resources import is_about_resource
from .string_text import decode_bytes, decode_string, holds_records, is_upload, may_be_json
from .window import Chunk, Location, Window

__all__ = ["find_records"]

_NEAR = 1 << 9
_HEAD = 1 << 9
_LONG_HEAD = 1 << 14
_CUT_STRING = re.compile(rb'"[^"\n]*+\Z')
_RECORDS_AS_BASE64 = b"eyJyZWNvcmRz"  # {"records

Unpack = Callable[[Window], Iterator[Event]]
"""Reads the content of an envelope within JSON."""


@attrs.define
class _Frame:
    """An object or a list that is open."""

    is_object: bool
    location: Location
    key: bytes = b""
    members: list[bytes] = attrs.field(factory=list[bytes])
    members_size: int = 0
    holds_records: bool = False

    def metadata(self) -> bytes:
        """The members as a JSON object."""
        return b"{" + b",".join(self.members) + b"}"


class _Walk:
    """The walk through one JSON document."""

    def __init__(self, window: Window, budget: Budget, unpack: Unpack) -> None:
        self.window = window
        self.budget = budget
        self.unpack = unpack
        self.open: list[_Frame] = []
        self.members_size = 0
        """Bytes of the members of all open objects."""

        self.found = False
        """Whether records or a segment's metadata were found."""

    def document(self) -> Iterator[Event]:
        yield from self._value()
        while self.open:
            frame, byte = self.open[-1], self._next_byte()
            if byte in (b"}", b"]"):
                yield from self._close(byte)
            elif byte == b"," and frame.key != b"":
                self.window.cursor += 1
                frame.key = b""
                if not frame.is_object:
                    self._skip_irrelevant_items()
            elif frame.key == b"":
                if frame.is_object:
                    self._key(frame)
                else:
                    frame.key = b","
                yield from self._value()
            else:
                raise MalformedError(f"{byte!r} where a comma or the end is required")

    def _keep(self, value: bytes) -> None:
        """Keep a member for the metadata, unless there are more than any segment has."""
        frame = self.open[-1] if self.open else None
        size = len(value) + (0 if frame is None else len(frame.key))
        if frame is not None and frame.is_object and self.members_size + size <= LONGEST_METADATA:
            self.members_size += size
            frame.members_size += size
            frame.members.append(frame.key + b":" + value)

    def _next_byte(self) -> bytes:
        """The next byte that is not blank."""
        if not self.window.skip_all(BLANK):
            raise MalformedError("truncated JSON")
        return self.window.peek(1)

    def _key(self, frame: _Frame) -> None:
        self._next_byte()
        self.window.fill(LOOKAHEAD)
        key = STRING.match(self.window.data, self.window.cursor)
        if key is None:
            if self.window.ended and _CUT_STRING.match(self.window.data, self.window.cursor):
                self.window.cursor = len(self.window.data)
                raise MalformedError("truncated JSON")
            raise MalformedError("no name where one is required")
        frame.key = key.group()
        self.window.cursor = key.end()
        if self._next_byte() != b":":
            raise MalformedError("no colon after a name")
        self.window.cursor += 1

    def _value(self) -> Iterator[Event]:
        byte = self._next_byte()
        frame = self.open[-1] if self.open else None
        if byte == b"[" and frame is not None and frame.key == b'"records"':
            yield from self._records(frame)
        elif byte in (b"{", b"["):
            self._open(byte)
        elif byte == b'"':
            yield from self._string()
        else:
            self.window.fill(LOOKAHEAD)
            scalar = SCALAR.match(self.window.data, self.window.cursor)
            if scalar is None:
                raise MalformedError(f"{byte!r} where a value is required")
            self.window.cursor = scalar.end()
            self._keep(scalar.group())

    def _open(self, byte: bytes) -> None:
        """Go into an object or a list, or past it if there is nothing to find in it."""
        window = self.window
        window.fill(LOOKAHEAD)
        # The SDK's segments begin with their records, so it is cheaper to look at the start before matching the value.
        near = RELEVANT.search(window.data, window.cursor, window.cursor + _NEAR)
        whole = VALUE.match(window.data, window.cursor) if near is None else None
        if whole is not None and RELEVANT.search(window.data, window.cursor, whole.end()) is None:
            window.cursor = whole.end()
            self._keep(whole.group())
            return
        self.open.append(_Frame(byte == b"{", window.location()))
        if len(self.open) > self.budget.limits.max_nesting:
            self.budget.stop("max_nesting", window.location(), "brackets nested deeper")
        window.cursor += 1

    def _skip_irrelevant_items(self) -> None:
        """Go past the items of a list that hold nothing to find, all at once, except for the last in the window."""
        window = self.window
        window.fill(LOOKAHEAD)
        relevant = RELEVANT.search(window.data, window.cursor)
        end = len(window.data) if relevant is None else relevant.start()
        items = ITEMS.match(window.data, window.cursor, end)
        if items is not None:
            window.cursor = items.end()

    def _close(self, byte: bytes) -> Iterator[Event]:
        frame = self.open[-1]
        if frame.is_object != (byte == b"}"):
            raise MalformedError(f"{byte!r} closes another kind of bracket")
        del self.open[-1]
        self.members_size -= frame.members_size
        self.window.cursor += 1
        metadata = frame.metadata()
        if frame.holds_records:
            yield SegmentEnd(
                metadata, frame.location, self.window.position - frame.location.stream_offset, complete=True
            )
        elif b'"records_count"' in metadata and (b'"index_in_view"' in metadata or b'"raw_segment_size"' in metadata):
            self.found = True
            yield Metadata(metadata, frame.location)
        elif frame.is_object:
            self._keep(metadata)

    def unfinished_segments(self) -> Iterator[Event]:
        """The ends of the segments that were being read when the text turned out to be malformed."""
        for frame in reversed(self.open):
            if frame.holds_records:
                yield SegmentEnd(
                    frame.metadata(),
                    frame.location,
                    self.window.position - frame.location.stream_offset,
                    complete=False,
                )

    def _string(self) -> Iterator[Event]:
        window = self.window
        head = window.peek(_HEAD)[1:]
        if may_be_json(head):
            head = window.peek(_LONG_HEAD)[1:]  # What surrounds records may come before them.
        if (envelope := _envelope_in(head)) is not None:
            decode, damage = envelope
            window.cursor += 1
            self.found = True
            yield from self.unpack(Window(decode(window, self.budget)))
            location, sample = window.location(), window.peek(SAMPLE_SIZE)
            whole = skip_string(window)
            length = window.position - location.stream_offset - whole
            if length:
                self.budget.report(location, length, damage, sample[:length])
            if not whole:
                raise MalformedError("truncated JSON")
            return
        window.fill(LOOKAHEAD)
        string = STRING.match(window.data, window.cursor)
        if string is not None:
            window.cursor = string.end()
            self._keep(string.group())
            return
        window.cursor += 1
        if not skip_string(window):
            raise MalformedError("truncated JSON")

    def _records(self, frame: _Frame) -> Iterator[Event]:
        """The list `records`: a segment's if its first item looks like a record, otherwise a list like any other."""
        window, location = self.window, self.window.location()
        window.cursor += 1
        first = True
        while (byte := self._next_byte()) != b"]":
            if byte == b"," and not first:
                window.cursor += 1
                continue
            end = end_of_value(window, self.budget) if byte == b"{" else None
            damaged = end is None and byte == b"{" and skip_damage(window, self.budget)
            is_record = end is not None and (not first or looks_like_record(window.data[window.cursor : end]))
            if first and not damaged and not is_record and not frame.holds_records:
                # From here on, this is an open list like any other.
                self.open.append(_Frame(is_object=False, location=location))
                return
            first = False
            frame.holds_records = self.found = True
            if end is not None:
                yield complete_records(window, self.budget, end)
                continue
            if not damaged:
                skip_item(window, self.budget, byte)
            yield Records([], are_followed_by_damage=True)
        window.cursor += 1
        frame.holds_records = self.found = True


def _envelope_in(head: bytes) -> tuple[Callable[[Window, Budget], Iterator[Chunk]], str] | None:
    """How to unpack a string that begins like this, and what a rest is that cannot be; None if it holds nothing."""
    if holds_records(head):
        return decode_string, "an escape that no string may hold"
    if is_upload(head):
        return decode_bytes, "an escape that no string may hold"
    unpacked = decode_base64_head(head)
    if unpacked is not None and (
        head.startswith(_RECORDS_AS_BASE64)
        or ((header := header_at(unpacked)) is not None and inflate_head(unpacked[header.size :]) is not None)
        or first_boundary(unpacked) is not None
    ):
        return decode_base64, "not base64, after some that is"
    return None


def find_records(window: Window, budget: Budget, unpack: Unpack) -> Iterator[Event]:
    """Read the JSON value at the cursor; if it is malformed, report that and leave the cursor there."""
    one_line = one_line_segment(window, budget.limits.max_record)
    if one_line is not None:
        records, end = one_line
        budget.count_records(window.location(), len(records.items))
        window.cursor += end.size
        yield records
        yield end
        return
    location, sample = window.location(), window.peek(SAMPLE_SIZE)
    walk = _Walk(window, budget, unpack)
    reason = "JSON without records"
    try:
        yield from walk.document()
    except MalformedError as error:
        reason = str(error)
        yield from walk.unfinished_segments()
        if walk.found:
            # What was found is kept; the caller goes on from here.
            budget.report(window.location(), 0, reason, b"")
        else:
            budget.attempts_left -= 1
    length = window.position - location.stream_offset
    if not walk.found and not (length <= len(sample) and is_about_resource(sample[:length])):
        budget.report(location, length, reason, sample[:length])
