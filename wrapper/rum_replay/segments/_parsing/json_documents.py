"""Finds records in JSON wherever they stand, in constant memory.

An object with a list `records` is a segment, and its other members are the segment's metadata, which the SDK writes
after the records. Whatever surrounds such objects is walked through, brackets and strings only, without being built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from .base64_text import decode_base64, head_of_base64
from .budget import Place, Reading
from .compression import header_size, unpacks_to
from .events import Event, Metadata, SegmentEnd
from .fast_path import OF_INTEREST, whole_document
from .json_text import BLANK, ITEMS, SCALAR, STRING, VALUE, MalformedError, end_of_value, skip_string
from .record_arrays import looks_like_record, skip_damage, skip_item, whole_records
from .window import Window

__all__ = ["find_records"]

_LIKELY = 1 << 16
_NEAR = 1 << 9
_MOST_METADATA = 1 << 18
_RAW = 1 << 12
_RECORDS_AS_BASE64 = b"eyJyZWNvcmRz"  # {"records


Unpack = Callable[[Window], Iterator[Event]]
"""Reads what an envelope within JSON holds."""


@attrs.define
class _Frame:
    """An object or a list that is open."""

    is_object: bool
    place: Place
    key: bytes = b""
    members: list[bytes] = attrs.field(factory=list[bytes])
    members_size: int = 0
    holds_records: bool = False

    def metadata(self) -> bytes:
        """The members as an object."""
        return b"{" + b",".join(self.members) + b"}"


class _Walk:
    """The walk through one JSON document."""

    def __init__(self, window: Window, reading: Reading, unpack: Unpack) -> None:
        self.window = window
        self.reading = reading
        self.unpack = unpack
        self.open: list[_Frame] = []
        self.kept = 0
        """Bytes of all members of open objects."""

        self.found = False
        """Whether anything was found in it."""

    def document(self) -> Iterator[Event]:
        yield from self._value()
        while self.open:
            frame, byte = self.open[-1], self._next()
            if byte in (b"}", b"]"):
                yield from self._close(byte)
            elif byte == b"," and frame.key != b"":
                self.window.cursor += 1
                frame.key = b""
                if not frame.is_object:
                    self._skip_dull_items()
            elif frame.key == b"":
                if frame.is_object:
                    self._key(frame)
                else:
                    frame.key = b","
                yield from self._value()
            else:
                raise MalformedError(f"{byte!r} where a comma or the end should be")

    def _keep(self, value: bytes) -> None:
        """Note a member for the metadata, unless there are more than any segment has."""
        frame = self.open[-1] if self.open else None
        size = len(value) + (0 if frame is None else len(frame.key))
        if frame is not None and frame.is_object and self.kept + size <= _MOST_METADATA:
            self.kept += size
            frame.members_size += size
            frame.members.append(frame.key + b":" + value)

    def _next(self) -> bytes:
        """The next byte that is not blank."""
        if not self.window.skip_all(BLANK):
            raise MalformedError("JSON that is cut off")
        return self.window.peek(1)

    def _key(self, frame: _Frame) -> None:
        self._next()
        self.window.fill(_LIKELY)
        key = STRING.match(self.window.data, self.window.cursor)
        if key is None:
            raise MalformedError("no name where one should be")
        frame.key = key.group()
        self.window.cursor = key.end()
        if self._next() != b":":
            raise MalformedError("no colon behind a name")
        self.window.cursor += 1

    def _value(self) -> Iterator[Event]:
        byte = self._next()
        frame = self.open[-1] if self.open else None
        if byte == b"[" and frame is not None and frame.key == b'"records"':
            yield from self._records(frame)
        elif byte in (b"{", b"["):
            self._open(byte)
        elif byte == b'"':
            yield from self._string()
        else:
            self.window.fill(_LIKELY)
            scalar = SCALAR.match(self.window.data, self.window.cursor)
            if scalar is None:
                raise MalformedError(f"{byte!r} where a value should be")
            self.window.cursor = scalar.end()
            self._keep(scalar.group())

    def _open(self, byte: bytes) -> None:
        """Go into a value, or over it where there is nothing to find in it."""
        window = self.window
        window.fill(_LIKELY)
        # Looked for near the start first: the SDK's segments begin with their records, and are not worth a match.
        near = OF_INTEREST.search(window.data, window.cursor, window.cursor + _NEAR)
        whole = VALUE.match(window.data, window.cursor) if near is None else None
        if whole is not None and OF_INTEREST.search(window.data, window.cursor, whole.end()) is None:
            window.cursor = whole.end()
            self._keep(whole.group())
            return
        self.open.append(_Frame(byte == b"{", window.place()))
        if len(self.open) > self.reading.limits.max_nesting:
            self.reading.stop("max_nesting", window.place(), "brackets nested deeper")
        window.cursor += 1

    def _skip_dull_items(self) -> None:
        """Go over the items of a list that hold nothing to find, but for the last in the window, all at once."""
        window = self.window
        window.fill(_LIKELY)
        interest = OF_INTEREST.search(window.data, window.cursor)
        end = len(window.data) if interest is None else interest.start()
        items = ITEMS.match(window.data, window.cursor, end)
        if items is not None:
            window.cursor = items.end()

    def _close(self, byte: bytes) -> Iterator[Event]:
        frame = self.open[-1]
        if frame.is_object != (byte == b"}"):
            raise MalformedError(f"{byte!r} for the wrong bracket")
        del self.open[-1]
        self.kept -= frame.members_size
        self.window.cursor += 1
        metadata = frame.metadata()
        if frame.holds_records:
            yield SegmentEnd(metadata, frame.place, self.window.position - frame.place.unpacked, whole=True)
        elif b'"records_count"' in metadata and b'"index_in_view"' in metadata:
            self.found = True
            yield Metadata(metadata, frame.place)
        elif frame.is_object:
            self._keep(metadata)

    def cut(self) -> Iterator[Event]:
        """The segments that were being read when the text went wrong, as far as they went."""
        for frame in reversed(self.open):
            if frame.holds_records:
                yield SegmentEnd(
                    frame.metadata(), frame.place, self.window.position - frame.place.unpacked, whole=False
                )

    def _string(self) -> Iterator[Event]:
        window = self.window
        head = window.peek(65)[1:]
        unpacked = head_of_base64(head)
        if unpacked is not None and (
            head.startswith(_RECORDS_AS_BASE64)
            or ((size := header_size(unpacked)) is not None and unpacks_to(unpacked[size:]) is not None)
        ):
            window.cursor += 1
            self.found = True
            yield from self.unpack(Window(decode_base64(window, self.reading)))
            place, raw = window.place(), window.peek(_RAW)
            whole = skip_string(window)
            length = window.position - place.unpacked - whole
            if length:
                self.reading.cannot_read(place, length, "no base64, behind some", raw[:length])
            if not whole:
                raise MalformedError("JSON that is cut off")
            return
        window.fill(_LIKELY)
        string = STRING.match(window.data, window.cursor)
        if string is not None:
            window.cursor = string.end()
            self._keep(string.group())
            return
        window.cursor += 1
        if not skip_string(window):
            raise MalformedError("JSON that is cut off")

    def _records(self, frame: _Frame) -> Iterator[Event]:
        """The list `records`: a segment's where its first item looks like a record, else one like any other."""
        window, place = self.window, self.window.place()
        window.cursor += 1
        first = True
        while (byte := self._next()) != b"]":
            if byte == b"," and not first:
                window.cursor += 1
                continue
            end = end_of_value(window, self.reading) if byte == b"{" else None
            damaged = end is None and byte == b"{" and skip_damage(window, self.reading)
            is_record = end is not None and (not first or looks_like_record(window.data[window.cursor : end]))
            if first and not damaged and not is_record and not frame.holds_records:
                # Its items are walked through as those of any list; the list's frame is open from here on.
                self.open.append(_Frame(is_object=False, place=place))
                return
            first = False
            frame.holds_records = self.found = True
            if end is not None:
                yield whole_records(window, self.reading, end)
            elif not damaged:
                skip_item(window, self.reading, byte)
        window.cursor += 1
        frame.holds_records = self.found = True


def find_records(window: Window, reading: Reading, unpack: Unpack) -> Iterator[Event]:
    """Read the JSON value at the cursor; where it goes wrong, report that and leave the cursor there."""
    at_once = whole_document(window)
    if at_once is not None:
        records, end = at_once
        reading.count_records(window.place(), len(records.items))
        window.cursor += end.size
        yield records
        yield end
        return
    place, raw = window.place(), window.peek(_RAW)
    walk = _Walk(window, reading, unpack)
    reason = "JSON without records"
    try:
        yield from walk.document()
    except MalformedError as error:
        reason = str(error)
        yield from walk.cut()
        if walk.found:
            # What was found stays; the rest is for whoever goes on from here.
            reading.cannot_read(window.place(), 0, reason, b"")
        else:
            reading.tries -= 1
    if not walk.found:
        length = window.position - place.unpacked
        reading.cannot_read(place, length, reason, raw[:length])
