"""Where records of a view are missing: one rule, which summaries, pages, players, heatmaps and exports all ask.

Whether anything is missing is known from numbers of segments, from counts that segments state, and from what could
not be read. Segments of apps have no numbers, so whether one is missing between them is not known. Node ids in change
records are implicit, so after a gap they refer to other nodes than those that were meant, up to the next full
snapshot. Whether records are missing at the end of a view, nothing says unless a segment is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import msgspec

from ._segment import MOST_DAMAGED_PLACES, Segment, SegmentMetadata, are_never_numbered
from .records import (
    ChangeRecord,
    FullSnapshotRecord,
    Record,
    UnknownChange,
    UnknownRecord,
)

__all__ = ["Gap", "PlacedRecord", "gap_at_end", "placed_records"]

_WITH_PARTS = frozenset({UnknownRecord, ChangeRecord, FullSnapshotRecord})
_WITH_CHANGES = (ChangeRecord, FullSnapshotRecord)
_SNAPSHOTS, _INCREMENTAL, _MOBILE_INCREMENTAL, _CHANGES = (2, 10), 3, 11, 12
_MUTATION = 0
# Operations without which those after them mean something else: strings, nodes.
_BUILT_ON = frozenset({0, 1, 2, 11, 14})


@attrs.frozen
class Gap:
    """Records that are missing around a record; at least one of the two is not None."""

    before: str | None = None
    """What is missing between the record before and this one: `segment 1 is missing`."""

    within: str | None = None
    """What is missing in the record itself, or at an unknown place in its segment."""


class PlacedRecord(msgspec.Struct, frozen=True):
    """A record of a view, and where it is."""

    segment: Segment
    position: int
    """Number of the record in its segment, from 0."""

    record: Record
    gap: Gap | None
    """What is missing; None if nothing is known to be."""


def placed_records(segments: Sequence[Segment]) -> Iterator[PlacedRecord]:
    """All records of a view's segments, which must be in order, each with the gaps around it."""
    expected = 0
    before: str | None = None
    needs_index = not are_never_numbered(segments)
    for number, segment in enumerate(segments):
        index = segment.metadata.index_in_view
        if index is not None:
            before = _missing(expected, index - 1) if index > expected else before
            expected = max(expected, index + 1)
        elif number > 0 and needs_index:
            before = "which segments come before one without an index is not known"
        anywhere = _anywhere_in(segment)
        damage = iter(segment.damage)
        place = next(damage, None)
        for position, record in enumerate(segment.records()):
            if position == place:
                before, place = _damaged(segment), next(damage, None)
            within = anywhere
            if type(record) in _WITH_PARTS:
                within = _within(record, segment) or anywhere
            gap = None if before is None and within is None else Gap(before, within)
            yield PlacedRecord(segment, position, record, gap)
            before = None
        before = _after(segment) or before  # which is still there if it has no records


def gap_at_end(segments: Sequence[Segment], announced: Sequence[SegmentMetadata]) -> str | None:
    """What is missing after the last record, as far as that is known; `announced` is metadata beside segments."""
    highest = max((s.metadata.index_in_view for s in segments if s.metadata.index_in_view is not None), default=-1)
    last = max((m.index_in_view for m in announced if m.index_in_view is not None), default=-1)
    if last > highest:
        return _missing(highest + 1, last)
    return _after(segments[-1]) if segments else None


def _missing(first: int, last: int) -> str:
    return f"segment {first} is missing" if first == last else f"segments {first} to {last} are missing"


def _name(segment: Segment) -> str:
    index = segment.metadata.index_in_view
    return "a segment without an index" if index is None else f"segment {index}"


def _damaged(segment: Segment) -> str:
    return f"records are missing, because parts of {_name(segment)} cannot be read"


def _after(segment: Segment) -> str | None:
    """What is missing after the last record of a segment."""
    if not segment.complete and segment.metadata.records_count != segment.count:
        return f"records are missing, because {_name(segment)} is cut"
    if segment.damage[-1:] == (segment.count,):
        return _damaged(segment)
    return None if segment.count else _anywhere_in(segment)


def _anywhere_in(segment: Segment) -> str | None:
    """What is missing somewhere in a segment."""
    stated = segment.metadata.records_count
    if len(segment.damage) > MOST_DAMAGED_PLACES:
        return _damaged(segment)
    if segment.complete and not segment.damage and stated is not None and stated > segment.count:
        return f"records are missing: {_name(segment)} states {stated}, and has {segment.count}"
    return None


def _within(record: Record, segment: Segment) -> str | None:
    """What is missing because the record itself, or a change in it, has no known form."""
    if isinstance(record, UnknownRecord):
        is_change = record.type in (None, *_SNAPSHOTS, _CHANGES) or (
            record.type in (_INCREMENTAL, _MOBILE_INCREMENTAL) and record.source == _MUTATION
        )
    elif isinstance(record, _WITH_CHANGES) and isinstance(record.data, tuple):
        unknown = [one.operation for one in record.data if isinstance(one, UnknownChange)]
        is_change = None in unknown or not _BUILT_ON.isdisjoint(unknown)
    else:
        return None
    return f"a record of {_name(segment)} is not in a known form" if is_change else None
