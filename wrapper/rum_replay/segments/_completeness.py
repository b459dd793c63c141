"""What is there of a recording, and what is known to be missing; nothing can prove that a recording is complete."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import attrs

from ._clocks import DISORDER, is_plausible
from ._parsing.budget import Unreadable
from ._segment import Segment, SegmentMetadata, are_never_numbered
from .records import (
    ChangeRecord,
    FullSnapshotRecord,
    IncrementalSnapshotRecord,
    MobileFullSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Number,
    Record,
    UnknownChange,
    UnknownRecord,
    ViewEndRecord,
)
from .records._mobile import CompositionTreeMutationData, MobileMutationData

__all__ = [
    "CountMismatch",
    "MendedTimes",
    "RecordCounts",
    "Report",
    "UnknownKinds",
    "ViewReport",
    "gaps_in",
    "view_report",
]

_MOST_KINDS = 1_000
_MOST_MENDED = 1_000
_DAY = 86_400_000
_SHORTEST_ROW = 3
_OTHER_KINDS = "other kinds"
_SNAPSHOTS = (FullSnapshotRecord, MobileFullSnapshotRecord)
_MUTATIONS = (MobileMutationData, CompositionTreeMutationData)
_WITH_CHANGES = (FullSnapshotRecord, ChangeRecord)


@attrs.frozen
class CountMismatch:
    """A segment with more or fewer records than its metadata states."""

    index_in_view: int | None
    stated: int
    found: int


@attrs.frozen
class MendedTimes:
    """Consecutive segments with records whose times are mended alike, because their clock jumps."""

    first_index: int | None
    last_index: int | None
    records: int
    shift: int
    """Milliseconds by which they are taken as later than recorded; negative if earlier."""


@attrs.frozen(kw_only=True)
class ViewReport:
    """What is known about one view."""

    view_id: str | None
    segments: int
    records: int
    gaps: tuple[tuple[int, int], ...]
    """First and last `index_in_view` of each run of segments that are missing before or between those that are there.
    Whether any are missing after the last is not known."""

    duplicates: tuple[int, ...]
    """`index_in_view` of segments that occur more than once and are equal; only the first counts."""

    conflicts: tuple[int, ...]
    """`index_in_view` of segments that occur more than once and differ; only the one with most records counts."""

    cut_copies: tuple[int | None, ...]
    """`index_in_view` of segments of which a cut copy is there as well, which does not count; None if not stated."""

    without_index: int
    """Segments that do not state their index; they come last, in the order of their start. 0 if all are of
    an app, since those never state it."""

    truncated: int
    """Segments whose end was not found."""

    damaged: tuple[int | None, ...]
    """`index_in_view` of segments in which records are missing, because they cannot be read; None if not stated."""

    count_mismatches: tuple[CountMismatch, ...]
    mended_times: tuple[MendedTimes, ...]
    """Which records have other times than recorded; the first 1,000 such spans of segments."""

    more_mended_times: int
    """Number of records in further spans."""

    wrong_times: tuple[int | None, ...]
    """`index_in_view` of segments that state a start or end that is not that of their records."""

    has_plausible_time: bool
    """Whether there is a time of the years 2000 to 2199, or no times that differ; otherwise only differences count."""

    announced: tuple[int, ...]
    """`index_in_view` of segments whose separate metadata was found, but which were not found themselves."""

    begins_with_snapshot: bool
    """Whether a full snapshot comes before everything that builds on one; what is before the first cannot be shown."""

    has_end: bool
    """Whether there is a view end record; the last view of a session often lacks it."""


@attrs.frozen(kw_only=True)
class Report:
    """What is known about a recording."""

    views: tuple[ViewReport, ...]
    unknown: dict[str, int] = attrs.field(hash=False)
    """How many records and changes were not decoded, by kind: `record 99`, `record 3 source 42`, `change 16`."""

    unreadable: tuple[Unreadable, ...]
    """Parts of the sources that could not be read; the first `Limits.max_unreadable` of them."""

    unreadable_count: int
    """How many parts could not be read."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is known to be wrong, one sentence each. If there is none, parts may still be missing."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[str]:
        for view in self.views:
            name = f"view {view.view_id or '(no id)'}"
            for first, last in view.gaps:
                missing = f"segment {first} is" if first == last else f"segments {first} to {last} are"
                yield f"{name}: {missing} missing"
            if view.damaged:
                yield f"{name}: records are missing in segments that cannot be read as a whole: {_listed(view.damaged)}"
            for mismatch in view.count_mismatches:
                index = mismatch.index_in_view
                segment = "a segment" if index is None else f"segment {index}"
                yield f"{name}: {segment} states {mismatch.stated} records, {mismatch.found} were found"
            yield from _problems_of_times(view, name)
            yield from _problems_of_copies(view, name)
            if view.announced:
                yield f"{name}: metadata was found without its segment: {_listed(view.announced)}"
            if view.without_index:
                count = view.without_index
                segments = "1 segment does not state its" if count == 1 else f"{count} segments do not state their"
                yield f"{name}: {segments} index"
            if view.truncated:
                yield f"{name}: {'1 segment is' if view.truncated == 1 else f'{view.truncated} segments are'} truncated"
            if not view.begins_with_snapshot:
                yield f"{name}: it does not begin with a full snapshot; what is before the first cannot be shown"
        for kind, count in self.unknown.items():
            yield f"{kind}: unknown, or not in a known shape; {count} kept as raw JSON"
        for part in self.unreadable:
            yield f"{part.source}, byte {part.offset}: {part.reason}"
        if self.unreadable_count > len(self.unreadable):
            more = self.unreadable_count - len(self.unreadable)
            yield f"{more} more part{'' if more == 1 else 's'} could not be read"


def _problems_of_copies(view: ViewReport, name: str) -> Iterator[str]:
    if view.conflicts:
        yield f"{name}: different segments share an index: {_listed(view.conflicts)}; the longest counts"
    if view.duplicates:
        yield f"{name}: segments occur more than once: {_listed(view.duplicates)}"
    if view.cut_copies:
        yield f"{name}: cut copies of segments that are there do not count: {_listed(view.cut_copies)}"


def _problems_of_times(view: ViewReport, name: str) -> Iterator[str]:
    for mended in view.mended_times:
        yield f"{name}: {_mended(mended)}"
    if view.more_mended_times:
        yield f"{name}: {_records(view.more_mended_times)} also taken as earlier or later than recorded"
    if view.wrong_times:
        listed = _listed(view.wrong_times)
        yield f"{name}: segments state a start or end that is not that of their records: {listed}"
    if not view.has_plausible_time:
        yield f"{name}: no recorded time is of the years 2000 to 2199; only the differences between them count"


def _listed(indexes: Sequence[int | None]) -> str:
    """Indexes in short: three or more in a row by the first and the last."""
    numbers = [index for index in indexes if index is not None]
    names: list[str] = []
    for _, several in groupby(enumerate(numbers), key=lambda placed: placed[1] - placed[0]):
        row = [str(index) for _, index in several]
        names += row if len(row) < _SHORTEST_ROW else [f"{row[0]} to {row[-1]}"]
    without = len(indexes) - len(numbers)
    if without:
        names.append("without an index" if without == 1 else f"{without} without an index")
    return ", ".join(names)


def _mended(times: MendedTimes) -> str:
    first, last = times.first_index, times.last_index
    where = f"segment {first}" if first == last else f"segments {first} to {last}"
    where = "a segment without an index" if first is None else where
    direction = "later" if times.shift > 0 else "earlier"
    amount = _amount(abs(times.shift))
    return f"{where}: the clock jumps, so {_records(times.records)} taken as {amount} {direction} than recorded"


def _records(count: int) -> str:
    return "1 record is" if count == 1 else f"{count} records are"


def _amount(milliseconds: int) -> str:
    return f"{milliseconds // _DAY:,.0f} days" if milliseconds >= 2 * _DAY else f"{milliseconds / 1000:,.10g} s"


class UnknownKinds(Counter[str]):
    """How often unknown kinds occurred; beyond 1,000 kinds, more than any recorder has, all others count as one."""

    def note(self, kind: str, count: int = 1) -> None:
        """Count records or changes of one kind."""
        is_counted = kind in self or len(self) < _MOST_KINDS
        self[kind if is_counted else _OTHER_KINDS] += count

    def note_all(self, kinds: Mapping[str, int]) -> None:
        """Add counts of several kinds."""
        for kind, count in kinds.items():
            self.note(kind, count)


class RecordCounts:
    """What the records of a view say about it, collected while they are iterated."""

    def __init__(self) -> None:
        self.unknown = UnknownKinds()
        self.begins_with_snapshot = False
        self.has_end = False
        self._needs_snapshot = False

    def add(self, record: Record) -> None:
        """Take the next record in order into account."""
        if type(record) is IncrementalSnapshotRecord:
            self._needs_snapshot = True
            return  # At once, since these are most of a recording.
        if isinstance(record, UnknownRecord):
            source = "" if record.source is None else f" source {record.source}"
            kind = "without a type" if record.type is None else str(record.type)
            self.unknown.note(f"record {kind}{source}")
        elif isinstance(record, _SNAPSHOTS):
            self.begins_with_snapshot = self.begins_with_snapshot or not self._needs_snapshot
        elif isinstance(record, ChangeRecord) or (
            isinstance(record, MobileIncrementalSnapshotRecord) and isinstance(record.data, _MUTATIONS)
        ):
            # Android states the size of the screen before its first snapshot, once more.
            self._needs_snapshot = True
        elif isinstance(record, ViewEndRecord):
            self.has_end = True
        if isinstance(record, _WITH_CHANGES) and isinstance(record.data, tuple):
            for change in record.data:
                if type(change) is UnknownChange:
                    kind = "without an operation" if change.operation is None else str(change.operation)
                    self.unknown.note(f"change {kind}")


def gaps_in(indexes: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """First and last of each run of numbers missing between 0 and the highest; the numbers must be sorted."""
    gaps: list[tuple[int, int]] = []
    expected = 0
    for index in indexes:
        if index > expected:
            gaps.append((expected, index - 1))
        expected = max(expected, index + 1)
    return tuple(gaps)


def view_report(
    view_id: str | None,
    segments: Sequence[Segment],
    duplicates: Sequence[Segment],
    announced: Sequence[SegmentMetadata],
    counts: RecordCounts,
) -> ViewReport:
    """The report on one view, from its segments in order and its records."""
    indexes = [s.metadata.index_in_view for s in segments if s.metadata.index_in_view is not None]
    counted = {(segment.metadata.index_in_view, segment.digest) for segment in segments}
    whole = [segment for segment in duplicates if segment.complete]
    equal = [s for s in whole if (s.metadata.index_in_view, s.digest) in counted]
    different = [s for s in whole if (s.metadata.index_in_view, s.digest) not in counted]
    cut = dict.fromkeys(segment.metadata.index_in_view for segment in duplicates if not segment.complete)
    mended, more = _mended_times(segments)
    return ViewReport(
        view_id=view_id,
        segments=len(segments),
        records=sum(segment.count for segment in segments),
        gaps=gaps_in(indexes),
        duplicates=tuple(dict.fromkeys(_indexes(equal))),
        conflicts=tuple(dict.fromkeys(_indexes(different))),
        cut_copies=tuple(cut),
        without_index=0 if are_never_numbered(segments) else len(segments) - len(indexes),
        truncated=sum(not segment.complete for segment in segments),
        damaged=tuple(segment.metadata.index_in_view for segment in segments if segment.damage),
        count_mismatches=tuple(
            CountMismatch(segment.metadata.index_in_view, segment.metadata.records_count, segment.count)
            for segment in segments
            if segment.metadata.records_count not in (None, segment.count)
        ),
        mended_times=mended,
        more_mended_times=more,
        wrong_times=tuple(segment.metadata.index_in_view for segment in segments if _is_misstated(segment)),
        has_plausible_time=_has_plausible_time(segments),
        announced=tuple(
            sorted({m.index_in_view for m in announced if m.index_in_view is not None} - set(indexes)),
        ),
        begins_with_snapshot=counts.begins_with_snapshot,
        has_end=counts.has_end,
    )


def _mended_times(segments: Sequence[Segment]) -> tuple[tuple[MendedTimes, ...], int]:
    spans: list[MendedTimes] = []
    more = 0
    for segment in segments:
        index = segment.metadata.index_in_view
        for shift, count in segment.shifts().items():
            last = spans[-1] if spans else None
            if last is not None and index is not None and (last.last_index, last.shift) == (index - 1, shift):
                spans[-1] = MendedTimes(last.first_index, index, last.records + count, shift)
            elif len(spans) < _MOST_MENDED:
                spans.append(MendedTimes(index, index, count, shift))
            else:
                more += count
    return tuple(spans), more


def _is_misstated(segment: Segment) -> bool:
    stated = segment.metadata
    is_off = _are_apart(segment.start, stated.start) or _are_apart(segment.end, stated.end)
    return is_off and not segment.shifts()


def _are_apart(time: Number | None, stated: Number | None) -> bool:
    return time is not None and stated is not None and abs(time - stated) > DISORDER


def _has_plausible_time(segments: Sequence[Segment]) -> bool:
    runs = [run for segment in segments for run in segment.recorded_runs()]
    return any(is_plausible(run.low) for run in runs) or len({time for run in runs for time in run[1:]}) < 2


def _indexes(segments: Sequence[Segment]) -> tuple[int, ...]:
    return tuple(s.metadata.index_in_view for s in segments if s.metadata.index_in_view is not None)
