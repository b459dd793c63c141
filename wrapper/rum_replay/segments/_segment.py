"""A segment: some seconds of one view, with its metadata and its records."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, cast

import attrs
import msgspec

from ._clocks import MendedRun, Run, mended_time, runs_in
from .records import Number, Record, decode_record

__all__ = ["DIGEST_SIZE", "MOST_DAMAGED_PLACES", "Segment", "SegmentMetadata", "decode_metadata", "digest_of"]

DIGEST_SIZE = 16
"""Bytes."""

MOST_DAMAGED_PLACES = 1_000
"""Places in a segment where records could not be read; of more, only that there are more is kept."""


def digest_of(records: bytes) -> bytes:
    """The digest of records, one directly after the other."""
    return hashlib.blake2b(records, digest_size=DIGEST_SIZE).digest()


@attrs.frozen(kw_only=True)
class SegmentMetadata:
    """What the SDK states about a segment; None if it is not stated, or has another type."""

    application_id: str | None = None
    session_id: str | None = None
    view_id: str | None = None
    start: int | float | None = None
    """Timestamp of the first record, in milliseconds of Unix time, as recorded."""

    end: int | float | None = None
    """Timestamp of the last record, in milliseconds of Unix time, as recorded."""

    records_count: int | None = None
    index_in_view: int | None = None
    """Counted from 0."""

    has_full_snapshot: bool | None = None
    creation_reason: str | None = None
    """`init`, `segment_duration_limit`, `segment_bytes_limit`, `view_change`, `before_unload`, `visibility_hidden` or
    `page_frozen`; browsers only."""

    source: str | None = None
    """`browser`, `android`, `ios`, `flutter`, `react-native` or another SDK."""

    raw_segment_size: int | None = None
    """Bytes before compression; known only if the part `event` of the upload was found too."""

    compressed_segment_size: int | None = None
    """Bytes as uploaded; known only if the part `event` of the upload was found too."""

    extra: dict[str, Any] = attrs.field(factory=dict[str, Any], hash=False)
    """All other members, unchanged."""

    @property
    def is_mobile(self) -> bool:
        """Whether an SDK for mobile apps uploaded it, be it for a web view."""
        return self.source not in (None, "browser")


_members = msgspec.json.Decoder(dict[str, Any])
_NESTED = {"application": "application_id", "session": "session_id", "view": "view_id"}
_TYPES: dict[str, tuple[type, ...]] = {
    "start": (int, float),
    "end": (int, float),
    "records_count": (int,),
    "index_in_view": (int,),
    "has_full_snapshot": (bool,),
    "creation_reason": (str,),
    "source": (str,),
    "raw_segment_size": (int,),
    "compressed_segment_size": (int,),
}


def decode_metadata(raw: bytes) -> SegmentMetadata | None:
    """Metadata from the members of a segment's object; None if they are not valid JSON."""
    try:
        members = _members.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    fields: dict[str, Any] = {}
    for name, types in _TYPES.items():
        # The exact type, since bool is a subclass of int.
        if type(members.get(name)) in types:
            fields[name] = members.pop(name)
    for name, field in _NESTED.items():
        inner = members.get(name)
        if isinstance(inner, dict) and isinstance(identifier := cast("dict[str, Any]", inner).get("id"), str):
            fields[field] = identifier
            if len(cast("dict[str, Any]", inner)) == 1:
                del members[name]
    return SegmentMetadata(**fields, extra=members)


@attrs.frozen(kw_only=True, eq=False)
class Segment:
    """Some seconds of one view."""

    metadata: SegmentMetadata
    count: int
    """Records that were found; the metadata may state another `records_count`."""

    size: int
    """Bytes of the segment as JSON."""

    complete: bool
    """False if its end was not found: there may have been more records, and its metadata is missing."""

    file: str
    """The name of the file in which it was found, or `bytes`, `page` or `stream`."""

    offset: int
    """Bytes from the start of the file to the envelope in which it was found."""

    digest: bytes = attrs.field(repr=False)
    """Of all records; equal if the same segment was downloaded twice."""

    first_digest: bytes = attrs.field(repr=False)
    """Of the first record."""

    begins_in_slot: bool
    """Whether its first record is of something on the screen of an app that records itself, such as a web view."""

    damage: tuple[int, ...] = attrs.field(repr=False)
    """Where records are missing because they could not be read: how many come before; the first 1,001 such places."""

    start: Number | None
    """When it began, in milliseconds of Unix time. In a view, that is the time of its earliest record, mended if clocks
    jump; what its metadata states holds if no record of the view has a time."""

    end: Number | None
    """When it ended, in the same way."""

    _held_records: tuple[bytes, ...] | None = attrs.field(alias="held_records", repr=False)
    _read_again: Callable[[], Iterator[bytes]] = attrs.field(alias="read_again", repr=False)
    _recorded_runs: bytes = attrs.field(alias="recorded_runs", repr=False)
    _mended_runs: tuple[MendedRun, ...] | None = attrs.field(default=None, alias="mended_runs", repr=False)

    @property
    def is_held(self) -> bool:
        """Whether its records are held in memory; otherwise they are read again from the source when needed."""
        return self._held_records is not None

    def portable(self) -> "Segment | None":
        """The same segment for another process, which reads its file again; None if only this one has its source.

        Records that did not come from a file go with it, if they are held in memory.
        """
        if getattr(self._read_again, "is_portable", False):
            return self if self._held_records is None else attrs.evolve(self, held_records=None)
        return None if self._held_records is None else attrs.evolve(self, read_again=_no_records)

    def without_records(self) -> "Segment":
        """The same segment for a report only: it states what it holds, and has nothing to read."""
        return attrs.evolve(self, held_records=(), read_again=_no_records)

    def raw_records(self) -> Iterator[bytes]:
        """The records in order, each as JSON.

        Iterating raises FileError or SegmentError if the source cannot be read again, or has changed.
        """
        return self._read_again() if self._held_records is None else iter(self._held_records)

    def records(self) -> Iterator[Record]:
        """The records in order, decoded one at a time; in segments of a view with mended times.

        Iterating raises FileError or SegmentError if the source cannot be read again, or has changed.
        """
        records = map(decode_record, self.raw_records())
        return records if self._mended_runs is None else _with_mended_times(records, self._mended_runs)

    def recorded_runs(self) -> list[Run]:
        """The runs of its records between which the clock jumps, or nothing happened, by their recorded times."""
        return runs_in(self._recorded_runs)

    def shifts(self) -> Counter[int]:
        """By how many milliseconds records are later than recorded, and how many of them; only those that are moved."""
        counts = Counter[int]()
        for run in self._mended_runs or ():
            if round(run.shift):
                counts[round(run.shift)] += run.records
        return counts


def are_never_numbered(segments: Sequence[Segment]) -> bool:
    """Whether the segments of a view are without an index as they must be: SDKs for apps do not state any."""
    return all(segment.metadata.is_mobile and segment.metadata.index_in_view is None for segment in segments)


def _no_records() -> Iterator[bytes]:
    """What a segment reads again whose records are held."""
    return iter(())


def _with_mended_times(records: Iterator[Record], runs: Sequence[MendedRun]) -> Iterator[Record]:
    for run in runs:
        for record in islice(records, run.records):
            # Records are frozen, but nobody else has seen this one yet.
            msgspec.structs.force_setattr(record, "timestamp", mended_time(run, record))
            yield record
    yield from records
