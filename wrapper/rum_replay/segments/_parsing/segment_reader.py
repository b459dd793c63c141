"""From sources to segments, one at a time, and back to the records of any one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import attrs

from .._limits import Limits
from .._segment import Segment, SegmentMetadata, decode_metadata
from .budget import Place, Reading, Unreadable
from .envelopes import unpack
from .events import Event, Metadata, Records, SegmentEnd
from .sources import ReadableSource, Source, sources_of
from .window import Window

__all__ = ["Reader", "read"]

# What a record costs in memory beside its bytes.
_OVERHEAD = 48


def read(
    source: ReadableSource,
    *,
    limits: Limits | None = None,
    on_unreadable: Callable[[Unreadable], object] | None = None,
) -> Iterator[Segment]:
    """The segments of a source as they come, in constant memory.

    A segment comes when its end was read, as its metadata stands there; with more than `max_held` bytes of records it
    holds none and reads them again when asked. What cannot be read goes to `on_unreadable`. A stream that cannot seek
    is copied first, beyond 8 MiB to a temporary file.

    Raises SegmentError where the source cannot be read at all, and SegmentLimitError.
    """
    reader = Reader(limits or Limits(), on_unreadable or (lambda _: None))
    for one in sources_of(source):
        for found in reader.segments(one):
            if isinstance(found, Segment):
                yield found


@attrs.define
class _Tape:
    """A reading that stands behind some segment of a unit, so that later ones need no reading from the start."""

    source: Source
    unit: int
    ordinal: int
    events: Iterator[Event]


@attrs.define
class Reader:
    """Reads segments, and their records again."""

    limits: Limits
    report: Callable[[Unreadable], object]
    _tape: _Tape | None = attrs.field(default=None, init=False)
    _count: int = attrs.field(default=0, init=False)

    def segments(self, source: Source) -> Iterator[Segment | SegmentMetadata]:
        """All segments of a source, and metadata that stands alone."""
        reading = Reading(source.name, self.limits, self.report)
        unit, ordinal = -1, 0
        found = _Found(self.limits.max_held)
        for event in self._events(source, 0, reading):
            if isinstance(event, Records):
                found.add(event.items)
                continue
            if reading.unit != unit:
                unit, ordinal = reading.unit, 0
            metadata = decode_metadata(event.metadata)
            if metadata is None:
                raw = event.metadata
                # Not exact: records stand between its parts.
                reading.cannot_read(event.place._replace(exact=False), len(raw), "metadata that is no JSON", raw)
                metadata = SegmentMetadata()
            self._count += 1
            if self._count > self.limits.max_segments:
                place = Place(unit, exact=True, unpacked=unit)
                reading.stop("max_segments", place, f"more than {self.limits.max_segments:,} segments")
            if isinstance(event, Metadata):
                yield metadata
                continue
            yield found.segment(event, metadata, source, unit, self._again(source, unit, ordinal))
            found = _Found(self.limits.max_held)
            ordinal += 1

    def _events(self, source: Source, offset: int, reading: Reading) -> Iterator[Event]:
        return unpack(Window(source.pieces(offset)), reading, 0, source.boundary)

    def _again(self, source: Source, unit: int, ordinal: int) -> Callable[[], Iterator[bytes]]:
        return lambda: self._records(source, unit, ordinal)

    def _records(self, source: Source, unit: int, ordinal: int) -> Iterator[bytes]:
        """The records of a segment, read from the start of its unit, or from where the last reading stopped."""
        tape, self._tape = self._tape, None
        if tape is None or tape.source is not source or tape.unit != unit or tape.ordinal > ordinal:
            # Reported the first time.
            reading = Reading(source.name, self.limits, lambda _: None)
            tape = _Tape(source, unit, 0, self._events(source, unit, reading))
        for event in tape.events:
            if isinstance(event, SegmentEnd):
                tape.ordinal += 1
                if tape.ordinal > ordinal:
                    break
            elif isinstance(event, Records) and tape.ordinal == ordinal:
                yield from event.items
        self._tape = tape


class _Found:
    """The segment that is being read."""

    def __init__(self, max_held: int) -> None:
        self._items: list[bytes] | None = []
        self._room = max_held
        self._count = 0
        self._hash = hashlib.blake2b(digest_size=16)

    def add(self, items: list[bytes]) -> None:
        self._count += len(items)
        joined = b"".join(items)
        self._hash.update(joined)
        self._room -= len(joined) + _OVERHEAD * len(items)
        if self._items is not None and self._room >= 0:
            self._items += items
        else:
            self._items = None

    def segment(
        self,
        end: SegmentEnd,
        metadata: SegmentMetadata,
        source: Source,
        unit: int,
        again: Callable[[], Iterator[bytes]],
    ) -> Segment:
        return Segment(
            metadata=metadata,
            count=self._count,
            size=end.size,
            whole=end.whole,
            file=source.name,
            offset=unit,
            digest=self._hash.digest(),
            held=None if self._items is None else tuple(self._items),
            read_again=again,
        )
