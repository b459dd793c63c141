"""From sources to segments, one at a time, and back to the records of any one of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import msgspec

from ..._errors import InvalidRequestError
from .._limits import Limits, limits_or_default
from .._resources import Resource
from .._segment import DIGEST_SIZE, MOST_DAMAGED_PLACES, Segment, SegmentMetadata, decode_metadata, digest_of
from .budget import Budget, Restart, Unreadable
from .clock_runs import RunCollector
from .envelopes import unpack
from .events import Event, Image, Metadata, Records, SegmentEnd
from .resources import ImageStore, id_of_file
from .sources import ReadableSource, Source, sources_of
from .spool import Spool
from .window import Chunk, Location, Window

__all__ = ["SegmentReader", "read"]

# Bytes that a record takes in memory in addition to its content.
_OVERHEAD = 48
_COST_OF_EVENT = 1_000
"""Bytes that are read in the time that a segment without records takes."""

_SLOT = re.compile(rb'"slotId"\s*+:\s*+"')
_MAX_PASSED, _MAX_PASSES = 4 << 20, 4


def read(
    source: ReadableSource,
    *,
    limits: Limits | None = None,
    on_unreadable: Callable[[Unreadable], object] | None = None,
) -> Iterator[Segment]:
    """The segments of a source, one at a time and in the order of the source, in constant memory.

    A segment follows once its end was read, because its metadata is there; if it has more than `max_held` bytes of
    records, it reads them again when they are needed. Parts that cannot be read are passed to `on_unreadable`. Streams
    are read from their beginning; those that cannot seek are copied first, to a temporary file if they exceed 8 MiB.

    Raises InvalidRequestError for arguments of other types, FileError for files and folders that cannot be read,
    SegmentError for streams that cannot be read, and SegmentLimitError.
    """
    if on_unreadable is not None and not callable(on_unreadable):
        raise InvalidRequestError(f"on_unreadable must be callable, not {type(on_unreadable).__name__}")
    reader = SegmentReader(limits_or_default(limits), on_unreadable or _ignore)
    return (item for one in sources_of(source) for item in reader.segments(one) if isinstance(item, Segment))


@attrs.define
class _PausedRead:
    """Where reading a source again stopped, so that reading a later segment need not start over."""

    source: Source
    restart: Restart
    ordinal: int
    """The segment after `restart` that comes next, counted from 0."""

    events: Iterator[Event]

    def is_before(self, source: Source, restart: Restart, ordinal: int) -> bool:
        return self.source is source and self.restart == restart and self.ordinal <= ordinal


@attrs.frozen
class _RecordsAgain:
    """Reads the records of a segment again."""

    reader: SegmentReader
    source: Source
    restart: Restart
    ordinal: int
    count: int

    def __call__(self) -> Iterator[bytes]:
        return self.reader.read_again(self.source, self.restart, self.ordinal, self.count)

    @property
    def is_portable(self) -> bool:
        """Whether another process can do it as well: what is read is a file."""
        return isinstance(self.source.file, Path)


def _ignore(_: Unreadable) -> None:
    """Take no notice of an unreadable part."""


def _image_store(reader: SegmentReader) -> ImageStore:
    return ImageStore(reader.limits.max_held)


@attrs.define
class SegmentReader:
    """Reads segments, and their records again."""

    limits: Limits
    on_unreadable: Callable[[Unreadable], object]
    on_chunk: Callable[[int], object] | None = None
    """Called with the number of bytes that were read, but not when they are read again."""

    _paused: _PausedRead | None = attrs.field(default=None, init=False)
    _count: int = attrs.field(default=0, init=False)
    _runs: int = attrs.field(default=0, init=False)
    _bytes_passed: int = attrs.field(default=0, init=False)
    _passes: int = attrs.field(default=0, init=False)
    _images: ImageStore = attrs.field(init=False, default=attrs.Factory(_image_store, takes_self=True))
    _image_count: int = attrs.field(default=0, init=False)
    _spools: dict[tuple[Source, int], Spool] = attrs.field(factory=dict[tuple[Source, int], Spool], init=False)
    """Copies of what begins at an offset of a source."""

    def segments(self, source: Source) -> Iterator[Segment | SegmentMetadata | Resource]:
        """All segments of a source, metadata without a segment, and images."""
        budget = Budget(source.name, self.limits, self.on_unreadable)
        restart, ordinal = budget.restart, 0
        builder = _SegmentBuilder(self.limits.max_held, self._runs)
        for event in self._events(source, 0, budget, is_counted=True):
            if isinstance(event, Records):
                builder.add(event)
                continue
            if isinstance(event, Image):
                self._image_count += 1
                if self._image_count > self.limits.max_resources:
                    budget.stop("max_resources", event.location, f"more than {self.limits.max_resources:,} images")
                yield self._images.resource(source, event)
                continue
            if budget.restart != restart:
                restart, ordinal = budget.restart, 0
            metadata = decode_metadata(event.metadata)
            if metadata is None:
                raw = event.metadata
                # Not exact: there are records between its parts.
                location = event.location._replace(exact=False)
                budget.report(location, len(raw), "metadata that is not valid JSON", raw)
                metadata = SegmentMetadata()
            self._count += 1
            if self._count > self.limits.max_segments:
                location = Location(restart.offset, exact=True, stream_offset=restart.offset)
                budget.stop("max_segments", location, f"more than {self.limits.max_segments:,} segments")
            if isinstance(event, Metadata):
                yield metadata
                continue
            read_again = _RecordsAgain(self, source, restart, ordinal, builder.count)
            yield builder.segment(event, metadata, source.name, restart.offset, read_again)
            self._runs += builder.clock.count
            builder = _SegmentBuilder(self.limits.max_held, self._runs)
            ordinal += 1

    def _counted(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        for chunk in chunks:
            if self.on_chunk is not None:
                self.on_chunk(len(chunk.data))
            yield chunk

    def _events(self, source: Source, offset: int, budget: Budget, *, is_counted: bool = False) -> Iterator[Event]:
        chunks = self._counted(source.chunks()) if is_counted else source.chunks(offset)
        image_id = id_of_file(source.name) if isinstance(source.file, Path) else None
        return unpack(Window(chunks), budget, 0, source.boundary, image_id)

    def __reduce__(self) -> tuple[object, ...]:
        # In another process, reading again begins anew; what is unreadable was reported here.
        return SegmentReader, (self.limits, _ignore)

    def read_again(self, source: Source, restart: Restart, ordinal: int, count: int) -> Iterator[bytes]:
        """The records of a segment, read from `restart`, or from where reading was paused."""
        spool = self._spools.get((source, restart.offset))
        if spool is not None:
            yield from self._all_of(spool.records(ordinal), count, source)
            return
        paused, self._paused = self._paused, None
        if paused is None or not paused.is_before(source, restart, ordinal):
            # What is unreadable was reported the first time.
            budget = Budget(source.name, self.limits, _ignore, attempts_left=restart.attempts_left)
            paused = _PausedRead(source, restart, 0, self._events(source, restart.offset, budget))
            self._passes += 1
        yield from self._all_of(self._records_of(paused, ordinal), count, source)
        self._paused = paused

    def _records_of(self, paused: _PausedRead, ordinal: int) -> Iterator[bytes]:
        """The records of a segment, after those that come before it in the source."""
        for event in paused.events:
            if isinstance(event, SegmentEnd):
                paused.ordinal += 1
                if paused.ordinal > ordinal:
                    return
                self._passed(paused, 0)
            elif isinstance(event, Records):
                if paused.ordinal == ordinal:
                    yield from event.items
                else:
                    self._passed(paused, sum(map(len, event.items)))

    def _passed(self, paused: _PausedRead, size: int) -> None:
        """Count what was read only to get past it.

        In another order than that of the source, each segment would take a pass. After some, all are copied.
        """
        self._bytes_passed += size + _COST_OF_EVENT
        if self._bytes_passed > _MAX_PASSED and self._passes > _MAX_PASSES:
            self._bytes_passed = self._passes = 0
            key = (paused.source, paused.restart.offset)
            self._spools[key] = Spool.of(self._events_from(paused.source, paused.restart))

    def _events_from(self, source: Source, restart: Restart) -> Iterator[Event]:
        """All records and segments of the envelope that begins at `restart`."""
        budget = Budget(source.name, self.limits, _ignore, attempts_left=restart.attempts_left)
        for event in self._events(source, restart.offset, budget):
            if budget.restart.offset > 0:  # the next envelope
                return
            if isinstance(event, Records | SegmentEnd):
                yield event

    @staticmethod
    def _all_of(records: Iterator[bytes], count: int, source: Source) -> Iterator[bytes]:
        """Records that must be as many as before."""
        read = 0
        for record in records:
            read += 1
            yield record
        if read != count:
            raise source.changed_error()


class _Slotted(msgspec.Struct):
    slot_id: str | None = msgspec.field(name="slotId", default=None)


_slotted = msgspec.json.Decoder(_Slotted)


def _is_in_slot(record: bytes) -> bool:
    """Whether a record is of something on a screen, and not one of the screen, in which that has a place."""
    try:
        return _SLOT.search(record) is not None and _slotted.decode(record).slot_id is not None
    except msgspec.DecodeError:
        return False


class _SegmentBuilder:
    """Collects the records of the segment that is being read."""

    def __init__(self, max_held: int, runs: int) -> None:
        self.count = 0
        self.clock = RunCollector(runs)
        self._records: list[bytes] | None = []
        self._bytes_left = max_held
        self._hash = hashlib.blake2b(digest_size=DIGEST_SIZE)
        self._first = b""
        self._begins_in_slot = False
        self._damage: list[int] = []

    def add(self, event: Records) -> None:
        records = event.items
        if self.count == 0 and records:
            self._first = digest_of(records[0])
            self._begins_in_slot = _is_in_slot(records[0])
        self.count += len(records)
        is_new = self._damage[-1:] != [self.count]
        if event.are_followed_by_damage and is_new and len(self._damage) <= MOST_DAMAGED_PLACES:
            self._damage.append(self.count)
        self.clock.add(records)
        joined = b"".join(records)
        self._hash.update(joined)
        self._bytes_left -= len(joined) + _OVERHEAD * len(records)
        if self._records is not None and self._bytes_left >= 0:
            self._records += records
        else:
            self._records = None

    def segment(
        self,
        end: SegmentEnd,
        metadata: SegmentMetadata,
        file: str,
        offset: int,
        read_again: Callable[[], Iterator[bytes]],
    ) -> Segment:
        return Segment(
            metadata=metadata,
            count=self.count,
            size=end.size,
            complete=end.complete,
            file=file,
            offset=offset,
            digest=self._hash.digest(),
            first_digest=self._first,
            begins_in_slot=self._begins_in_slot,
            damage=tuple(self._damage),
            start=metadata.start,
            end=metadata.end,
            held_records=None if self._records is None else tuple(self._records),
            read_again=read_again,
            recorded_runs=self.clock.runs(),
        )
