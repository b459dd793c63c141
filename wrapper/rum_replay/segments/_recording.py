"""A recording: all segments of some sources, in order by view."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import cached_property
from itertools import zip_longest

import attrs

from .._arguments import check_hook, check_instance
from ._completeness import RecordCounts, Report, UnknownKinds, ViewReport, view_report
from ._cut_copies import cut_copies, have_same_records, outline_of
from ._gaps import PlacedRecord, gap_at_end, placed_records
from ._limits import Limits, limits_or_default
from ._parsing.budget import Unreadable
from ._parsing.segment_reader import SegmentReader
from ._parsing.sources import ReadableSource, Source, sources_of
from ._resources import Resource
from ._segment import Segment, SegmentMetadata
from ._touch_order import with_touches_in_order
from ._view_times import own_time, with_mended_times
from .records import Record

__all__ = ["OPENER", "ReadProgress", "Recording", "View", "open_recording", "report_of"]

_Key = tuple[str | None, str | None]
_MAX_COMPANIONS = 16
"""Web views on one screen."""

_MAX_ALIKE = 4
"""Different segments of one outline, each of which a further one may be a copy of."""

_MAX_IDLE = 4
"""Of these, web views that recorded nothing more since before it, and may be on it as they were."""


@attrs.frozen(kw_only=True)
class ReadProgress:
    """How far reading has come; what a `progress` function receives."""

    bytes_read: int
    size: int | None
    """All bytes that there are to read; None if a stream does not state its size."""


@attrs.frozen(kw_only=True, eq=False)
class View:
    """One page or screen of a session; a view begins with a full snapshot and can be shown without other views."""

    id: str | None
    """None if its segments do not state it."""

    session_id: str | None
    application_id: str | None
    source: str | None
    """`browser`, `android`, `ios` …"""

    segments: tuple[Segment, ...]
    """In the order of `index_in_view`, without duplicates: of several with one index, the one with most records."""

    duplicates: tuple[Segment, ...] = attrs.field(repr=False)
    """Segments that occurred again: equal, with fewer records, or cut."""

    announced: tuple[SegmentMetadata, ...] = attrs.field(repr=False)
    """Metadata that was uploaded beside a segment."""

    resources: Mapping[str, Resource] = attrs.field(repr=False)
    """The images of the whole recording, by id: their uploads do not state the view."""

    companions: tuple["View", ...] = attrs.field(default=(), repr=False)
    """For a screen of an app, the views that may be on it: its web views have views of their own."""

    followed_at: int | float | None = attrs.field(default=None, repr=False)
    """For a screen of an app, when the next one began; its `companions` go on until then."""

    @property
    def is_in_slot(self) -> bool:
        """Whether it is of a web view, or the like, on the screen of an app."""
        return self.source not in (None, "browser") and any(one.begins_in_slot for one in self.segments[:1])

    @property
    def gap_at_end(self) -> str | None:
        """What is missing after the last record; None if nothing is known to be missing there."""
        return gap_at_end(self.segments, self.announced)

    @property
    def start(self) -> int | float | None:
        """When it began, in milliseconds of Unix time, mended if clocks jump; None if no segment of it has a start."""
        return min((segment.start for segment in self.segments if segment.start is not None), default=None)

    @property
    def end(self) -> int | float | None:
        """When it ended, in the same way."""
        return max((segment.end for segment in self.segments if segment.end is not None), default=None)

    @property
    def count(self) -> int:
        """The number of records."""
        return sum(segment.count for segment in self.segments)

    def raw_records(self) -> Iterator[bytes]:
        """All records in the order of (index_in_view, position), each as JSON.

        Iterating raises FileError or SegmentError if the source cannot be read again, or has changed.
        """
        return (raw for segment in self.segments for raw in segment.raw_records())

    def records(self) -> Iterator[Record]:
        """All records in the order of (index_in_view, position), decoded one at a time.

        Iterating raises FileError or SegmentError if the source cannot be read again, or has changed.
        """
        return (record for segment in self.segments for record in segment.records())

    def placed_records(self) -> Iterator[PlacedRecord]:
        """All records in the same order, each with its place and with what is missing before it; touches of apps come
        before what their SDKs recorded later and wrote first.

        Iterating raises FileError or SegmentError if the source cannot be read again, or has changed.
        """
        records = placed_records(self.segments)
        return records if self.source in (None, "browser") else with_touches_in_order(records)


@attrs.define(eq=False, slots=False)
class Recording:
    """Segments in order by view. The records of small recordings are held in memory; others are read when needed."""

    views: tuple[View, ...]
    """In the order of their start."""

    unreadable: tuple[Unreadable, ...] = attrs.field(repr=False)
    """Parts that could not be read; the first `Limits.max_unreadable` of them."""

    unreadable_count: int
    """How many parts could not be read."""

    resources: Mapping[str, Resource] = attrs.field(repr=False)
    """The images that were uploaded beside the segments, by id: what `<canvas>` elements showed. The SDK uploads them
    from version 7.13 on; whether the API returns them is not documented."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments, view by view."""
        return tuple(segment for view in self.views for segment in view.segments)

    @property
    def count(self) -> int:
        """The number of records."""
        return sum(view.count for view in self.views)

    def records(self, view: View | None = None) -> Iterator[Record]:
        """The records of one view, or of all views one after another.

        Raises InvalidRequestError if `view` is something else. Iterating raises FileError or SegmentError if the
        source cannot be read again, or has changed.
        """
        views = self.views if view is None else (check_instance("view", view, View, "a View"),)
        return (record for one in views for record in one.records())

    @cached_property
    def report(self) -> Report:
        """What is there and what is missing; the first access decodes every record once.

        Raises FileError or SegmentError if the source cannot be read again, or has changed.
        """
        counted: list[RecordCounts] = []
        for view in self.views:
            counts = RecordCounts()
            for record in view.records():
                counts.add(record)
            counted.append(counts)
        return report_of(self, counted)


def report_of(recording: Recording, counted: Iterable[RecordCounts]) -> Report:
    """The report on a recording, given what the records of each of its views say."""
    views: list[ViewReport] = []
    unknown = UnknownKinds()
    for view, counts in zip(recording.views, counted, strict=True):
        unknown.note_all(counts.unknown)
        views.append(view_report(view.id, view.segments, view.duplicates, view.announced, counts))
    return Report(
        views=tuple(views),
        unknown=dict(unknown.most_common()),
        unreadable=recording.unreadable,
        unreadable_count=recording.unreadable_count,
    )


class _UnreadableParts:
    """The unreadable parts of all sources, as many as a report may hold."""

    def __init__(self, limits: Limits) -> None:
        self.parts: list[Unreadable] = []
        self.count = 0
        self._most = limits.max_unreadable
        self._bytes_left = limits.max_unreadable_bytes

    def add(self, part: Unreadable) -> None:
        self.count += 1
        if self.count > self._most:
            return
        size = len(part.raw or b"")
        if size > self._bytes_left:
            part = attrs.evolve(part, raw=None)
        else:
            self._bytes_left -= size
        self.parts.append(part)


def open_recording(
    source: ReadableSource,
    *,
    limits: Limits | None = None,
    progress: Callable[[ReadProgress], object] | None = None,
) -> Recording:
    """Find all segments of a source and put them in order; reads the source once.

    Damage raises nothing and is listed in `report`, and so are cut copies of segments that are there too, which do not
    count. Records are held in memory up to `max_held` bytes; others are read again from the source, which must not
    change until then. Reading them in the order of the source takes one more pass; in another order within one
    compressed stream, it takes a few, and a temporary file. Streams are read from their beginning; those that cannot
    seek are copied first, to a temporary file if they exceed 8 MiB. `progress` is called with a ReadProgress after each
    256 KiB or less of this first pass.

    Raises InvalidRequestError for arguments of other types, FileError for files and folders that cannot be read,
    SegmentError for streams that cannot be read, and SegmentLimitError.
    """
    limits = limits_or_default(limits)
    check_hook("progress", progress)
    unreadable = _UnreadableParts(limits)
    sources = sources_of(source)
    on_chunk = None if progress is None else _progress_counter(sources, progress)
    reader = SegmentReader(limits, unreadable.add, on_chunk)
    segments: list[Segment] = []
    announced: list[SegmentMetadata] = []
    resources: dict[str, Resource] = {}
    bytes_left = limits.max_held
    for one in sources:
        for item in reader.segments(one):
            if isinstance(item, SegmentMetadata):
                announced.append(item)
                continue
            if isinstance(item, Resource):
                resources.setdefault(item.id, item)
                continue
            bytes_left -= item.size if item.is_held else 0
            segments.append(item if bytes_left >= 0 else attrs.evolve(item, held_records=None))
    return Recording(
        views=_views(segments, announced, resources),
        unreadable=tuple(unreadable.parts),
        unreadable_count=unreadable.count,
        resources=resources,
    )


OPENER: ContextVar[Callable[[list[str]], Recording]] = ContextVar("OPENER", default=open_recording)
"""Opens what is of one session. The command has one that shows progress; other processes and threads do not."""


def _progress_counter(sources: Iterable[Source], progress: Callable[[ReadProgress], object]) -> Callable[[int], object]:
    sizes = [source.size() for source in sources]
    size = None if None in sizes else sum(filter(None, sizes))
    bytes_read = 0

    def note(count: int) -> None:
        nonlocal bytes_read
        bytes_read += count
        progress(ReadProgress(bytes_read=bytes_read, size=size))

    return note


def _key(metadata: SegmentMetadata) -> _Key:
    return metadata.session_id, metadata.view_id


def _views(
    segments: Iterable[Segment], announced: Iterable[SegmentMetadata], resources: Mapping[str, Resource]
) -> tuple[View, ...]:
    known = [one for one in segments if one.count or one.complete or _key(one.metadata) != (None, None)]
    copies = cut_copies(known)
    copies_by_view: dict[_Key, list[Segment]] = {}
    segments_by_view: dict[_Key, list[Segment]] = {}
    for segment in known:
        if (whole := copies.get(segment)) is not None:
            stated = attrs.evolve(segment.metadata, index_in_view=whole.metadata.index_in_view)
            copies_by_view.setdefault(_key(whole.metadata), []).append(attrs.evolve(segment, metadata=stated))
        else:
            segments_by_view.setdefault(_key(segment.metadata), []).append(segment)
    announced_by_view: dict[_Key, list[SegmentMetadata]] = {}
    for metadata in announced:
        announced_by_view.setdefault(_key(metadata), []).append(metadata)
    keys = dict.fromkeys([*segments_by_view, *announced_by_view])
    views = [
        _view(
            key,
            segments_by_view.get(key, []),
            copies_by_view.get(key, []),
            announced_by_view.get(key, []),
            resources,
        )
        for key in keys
    ]
    return _with_companions(sorted(views, key=lambda view: (view.start is None, view.start or 0)))


def _with_companions(views: Sequence[View]) -> tuple[View, ...]:
    """Views in the order of their start; screens of apps with the web views that may be on them, and their end."""
    screens: dict[str, list[View]] = {}
    inner: dict[str, list[View]] = {}
    for view in views:
        if view.source not in (None, "browser") and view.session_id is not None and view.start is not None:
            (inner if view.is_in_slot else screens).setdefault(view.session_id, []).append(view)
    placed: dict[int, View] = {}
    for session_id, several in screens.items():
        web_views = inner.get(session_id, [])
        for view, following in zip_longest(several, several[1:]):
            until = None if following is None else following.start
            begun = len(web_views) if until is None else bisect_left(web_views, until, key=lambda one: one.start or 0)
            latest = web_views[:begun][-_MAX_COMPANIONS:]
            going_on = [one for one in latest if (one.end or 0) >= (view.start or 0)]
            idle = [one for one in latest if one not in going_on][-_MAX_IDLE:]
            placed[id(view)] = attrs.evolve(view, companions=(*idle, *going_on), followed_at=until)
    return tuple(placed.get(id(view), view) for view in views)


def _view(
    key: _Key,
    segments: list[Segment],
    copies: list[Segment],
    announced: list[SegmentMetadata],
    resources: Mapping[str, Resource],
) -> View:
    announced_by_identity = {_identity(metadata): metadata for metadata in announced}
    unique: list[Segment] = []
    duplicates: list[Segment] = []
    seen: dict[Hashable, list[Segment]] = {}
    for segment in sorted(segments, key=_order):
        index = segment.metadata.index_in_view
        names = (segment.digest, outline_of(segment)) if index is None else (index,)
        known = [one for name in names for one in seen.get(name, ())]
        whole = next((one for one in known if have_same_records(one, segment)), None)
        if whole is not None or (known and index is not None):
            duplicates.append(segment if whole is None else attrs.evolve(segment, digest=whole.digest))
            continue
        for name in names:
            if len(alike := seen.setdefault(name, [])) < _MAX_ALIKE:
                alike.append(segment)
        unique.append(_with_sizes(segment, announced_by_identity.get(_identity(segment.metadata))))
    stated = [segment.metadata for segment in unique] + announced
    return View(
        id=key[1],
        session_id=key[0],
        application_id=next((m.application_id for m in stated if m.application_id is not None), None),
        source=next((m.source for m in stated if m.source is not None), None),
        segments=with_mended_times(unique, announced),
        duplicates=(*duplicates, *copies),
        announced=tuple(announced),
        resources=resources,
    )


def _identity(metadata: SegmentMetadata) -> Hashable:
    """What the segments of one view differ in."""
    index = metadata.index_in_view
    return (metadata.start, metadata.end, metadata.records_count) if index is None else index


def _order(segment: Segment) -> tuple[bool, int, float, float, bool]:
    """By index, and the longest first; a download that broke off and was repeated leaves a shorter copy."""
    index = segment.metadata.index_in_view
    if index is not None:
        return False, index, 0, -segment.count, not segment.complete
    return True, 0, own_time(segment), segment.metadata.start or 0, False


def _with_sizes(segment: Segment, announced: SegmentMetadata | None) -> Segment:
    """The SDK states sizes only in the metadata beside a segment."""
    if announced is None:
        return segment
    metadata = attrs.evolve(
        segment.metadata,
        raw_segment_size=announced.raw_segment_size,
        compressed_segment_size=announced.compressed_segment_size,
    )
    return attrs.evolve(segment, metadata=metadata)
