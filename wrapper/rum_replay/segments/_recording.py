"""A recording: all segments of some sources, put in order by view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import attrs

from .._arguments import check_each
from ._completeness import RecordCounts, Report, UnknownKinds, ViewReport, view_report
from ._limits import Limits
from ._parsing.budget import Unreadable
from ._parsing.segment_reader import Reader
from ._parsing.sources import ReadableSource, sources_of
from ._segment import Segment, SegmentMetadata
from .records import Record

__all__ = ["Recording", "View", "open_recording", "recordings_in"]

_Key = tuple[str | None, str | None]


@attrs.frozen(kw_only=True, eq=False)
class View:
    """One page or screen of a session; a view begins with a full snapshot and can be shown by itself."""

    id: str | None
    """None where its segments do not state it."""

    session_id: str | None
    application_id: str | None
    source: str | None
    """`browser`, `android`, `ios` …"""

    segments: tuple[Segment, ...]
    """In the order of `index_in_view`, each once."""

    duplicates: tuple[Segment, ...] = attrs.field(repr=False)
    """Segments that came again."""

    announced: tuple[SegmentMetadata, ...] = attrs.field(repr=False)
    """Metadata that came apart from its segment."""

    @property
    def start(self) -> int | float | None:
        """When it began, in milliseconds of Unix time; None where no segment states it."""
        return min((s.metadata.start for s in self.segments if s.metadata.start is not None), default=None)

    @property
    def end(self) -> int | float | None:
        """When its last segment ended, in milliseconds of Unix time; None where no segment states it."""
        return max((s.metadata.end for s in self.segments if s.metadata.end is not None), default=None)

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(segment.count for segment in self.segments)

    def raw_records(self) -> Iterator[bytes]:
        """All records in the order of (index_in_view, position), each as JSON."""
        return (raw for segment in self.segments for raw in segment.raw_records())

    def records(self) -> Iterator[Record]:
        """All records in the order of (index_in_view, position), decoded one at a time."""
        return (record for segment in self.segments for record in segment.records())


@attrs.define(eq=False, slots=False)
class Recording:
    """Segments in order by view. Small recordings are held in memory, of others only where their segments stand."""

    views: tuple[View, ...]
    """By their start."""

    unreadable: tuple[Unreadable, ...] = attrs.field(repr=False)
    """Parts that could not be read; the first ones, where there are very many."""

    unreadable_count: int

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments, view by view."""
        return tuple(segment for view in self.views for segment in view.segments)

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(view.count for view in self.views)

    def records(self, view: View | None = None) -> Iterator[Record]:
        """The records of one view, or of all views one after the other."""
        views = self.views if view is None else (view,)
        return (record for one in views for record in one.records())

    @cached_property
    def report(self) -> Report:
        """What is there and what is missing; decodes every record once, when it is first asked for."""
        views: list[ViewReport] = []
        unknown = UnknownKinds()
        for view in self.views:
            counts = RecordCounts()
            for record in view.records():
                counts.add(record)
            unknown.note_all(counts.unknown)
            views.append(view_report(view.id, view.segments, view.duplicates, view.announced, counts))
        return Report(
            views=tuple(views),
            unknown=dict(unknown.most_common()),
            unreadable=self.unreadable,
            unreadable_count=self.unreadable_count,
        )


class _Kept:
    """The unreadable parts that a report may hold."""

    def __init__(self, limits: Limits) -> None:
        self.parts: list[Unreadable] = []
        self.count = 0
        self._most = limits.max_unreadable
        self._room = limits.max_unreadable_bytes

    def add(self, part: Unreadable) -> None:
        self.count += 1
        if self.count > self._most:
            return
        size = len(part.raw or b"")
        if size > self._room:
            part = attrs.evolve(part, raw=None)
        else:
            self._room -= size
        self.parts.append(part)


def open_recording(source: ReadableSource, *, limits: Limits | None = None) -> Recording:
    """Find all segments of a source and put them in order; reads it once.

    Damage raises nothing and stands in `report`. Segments are held in memory up to `max_held` bytes of records; what
    is more is read again from the source, which must stay as it is meanwhile. Records in the order they were
    written cost one more pass; segments that stand in reverse order within one compressed stream a pass each.

    Raises SegmentError where the source cannot be read at all, and SegmentLimitError.
    """
    limits = limits or Limits()
    kept = _Kept(limits)
    reader = Reader(limits, kept.add)
    segments: list[Segment] = []
    announced: list[SegmentMetadata] = []
    room = limits.max_held
    for one in sources_of(source):
        for found in reader.segments(one):
            if isinstance(found, SegmentMetadata):
                announced.append(found)
                continue
            room -= found.size if found.is_held else 0
            segments.append(found if room >= 0 else found.let_go())
    return Recording(views=_views(segments, announced), unreadable=tuple(kept.parts), unreadable_count=kept.count)


def recordings_in(given: Recording | Iterable[Recording]) -> Iterator[Recording]:
    """One recording or several, each checked when its turn comes; raises InvalidRequestError for anything else."""
    several = (given,) if isinstance(given, Recording) else given
    return check_each("recordings", several, Recording, "a Recording")


def _key(metadata: SegmentMetadata) -> _Key:
    return metadata.session_id, metadata.view_id


def _views(segments: Iterable[Segment], announced: Iterable[SegmentMetadata]) -> tuple[View, ...]:
    by_view: dict[_Key, list[Segment]] = {}
    for segment in segments:
        by_view.setdefault(_key(segment.metadata), []).append(segment)
    announced_by_view: dict[_Key, list[SegmentMetadata]] = {}
    for metadata in announced:
        announced_by_view.setdefault(_key(metadata), []).append(metadata)
    keys = dict.fromkeys([*by_view, *announced_by_view])
    views = [_view(key, by_view.get(key, []), announced_by_view.get(key, [])) for key in keys]
    return tuple(sorted(views, key=lambda view: (view.start is None, view.start or 0)))


def _view(key: _Key, segments: list[Segment], announced: list[SegmentMetadata]) -> View:
    apart = {metadata.index_in_view: metadata for metadata in announced}
    kept: list[Segment] = []
    duplicates: list[Segment] = []
    seen: set[tuple[int | None, bytes]] = set()
    for segment in sorted(segments, key=_position):
        identity = (segment.metadata.index_in_view, segment.digest)
        if identity in seen:
            duplicates.append(segment)
            continue
        seen.add(identity)
        kept.append(_with_sizes(segment, apart.get(segment.metadata.index_in_view)))
    stated = [segment.metadata for segment in kept] + announced
    return View(
        id=key[1],
        session_id=key[0],
        application_id=next((m.application_id for m in stated if m.application_id is not None), None),
        source=next((m.source for m in stated if m.source is not None), None),
        segments=tuple(kept),
        duplicates=tuple(duplicates),
        announced=tuple(announced),
    )


def _position(segment: Segment) -> tuple[bool, int, float]:
    index, start = segment.metadata.index_in_view, segment.metadata.start
    return index is None, index or 0, (start or 0) if index is None else 0


def _with_sizes(segment: Segment, apart: SegmentMetadata | None) -> Segment:
    """The SDK states sizes in the part beside the segment only."""
    if apart is None:
        return segment
    metadata = attrs.evolve(
        segment.metadata,
        raw_segment_size=apart.raw_segment_size,
        compressed_segment_size=apart.compressed_segment_size,
    )
    return attrs.evolve(segment, metadata=metadata)
