"""Jobs: what belongs to one session, to be opened and worked on together, wherever that is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

import attrs

from ..._errors import SegmentError
from .._parsing.budget import Unreadable
from .._recording import OPENER, Recording, View
from .listing import Part

__all__ = [
    "Groups",
    "Job",
    "OpenedSource",
    "ViewPlace",
    "jobs_of",
    "merged",
    "opened_by_session",
    "places_of",
    "view_again",
]

ViewPlace = tuple[int, bool, float, int, int]
"""Where a view comes among all: source by source, and in each by its start; then as they were found."""


@attrs.frozen
class OpenedSource:
    """The views of one session in a recording that is open."""

    position: int
    """Of the source, among those that were given."""

    index: int
    """Of the first part that was opened, among all."""

    recording: Recording
    numbers: tuple[int, ...] | None = None
    """Of its views, in the whole recording; None if this is the whole one."""

    stays_here: bool = False
    """Whether only this process can read it."""

    parts: tuple[Part, ...] = ()
    """What was opened."""

    original: Recording | None = None
    """In this process, the whole recording with its images, if it was to be kept."""

    def __reduce__(self) -> tuple[object, ...]:
        return OpenedSource, (self.position, self.index, self.recording, self.numbers, False, self.parts)

    def reason(self) -> str | None:
        """Why it has no views, if it has none and that is known."""
        if self.recording.views:
            return None
        only_images = "only images" if self.recording.resources else None
        return next((one.reason for one in self.recording.unreadable), only_images)

    def unreadable(self) -> Iterator[tuple[int, int, Unreadable]]:
        """What could not be read, with its place among all: the source, and the part that it is in."""
        parts = iter(self.parts)
        part = next(parts, None)
        for one in self.recording.unreadable:
            while part is not None and not part.is_download and Path(part.path).name != one.source:
                part = next(parts, None)
            yield self.position, self.index if part is None else part.index, attrs.evolve(one, raw=None)


@attrs.frozen(kw_only=True, eq=False)
class Job:
    """What is likely to be all of a session, from all sources."""

    parts: tuple[Part, ...] = ()
    opened: tuple[OpenedSource, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The files and downloads."""
        return tuple(part.path for part in self.parts)

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(part.size for part in self.parts)

    @property
    def positions(self) -> list[int]:
        """Of the sources that it has parts of."""
        return sorted({part.position for part in self.parts} | {one.position for one in self.opened})

    @property
    def place(self) -> tuple[int, int]:
        """Where it comes among all: by its first part."""
        parts = [(part.position, part.index) for part in self.parts]
        return min(parts + [(one.position, one.index) for one in self.opened])

    @property
    def sum(self) -> bytes | None:
        """The sum of all its content in its order; None if it is not known."""
        if self.opened or not all(part.seen.sum for part in self.parts):
            return None
        digest = hashlib.sha256()
        first = self.parts[0].position if self.parts else 0
        for part in self.parts:
            digest.update(b"%d %d " % (part.position - first, part.is_download) + part.seen.sum)
        return digest.digest()

    def recordings(self, images: Sequence[str] = ()) -> Iterator[OpenedSource]:
        """The recordings, source by source, each opened when its turn comes.

        `images` are files beside the segments. Raises what `open_recording` raises.
        """
        sources: dict[int, tuple[int, list[Part], list[OpenedSource]]] = {}
        for part in self.parts:
            sources.setdefault(part.position, (part.index, [], []))[1].append(part)
        for one in self.opened:
            sources.setdefault(one.position, (one.index, [], []))[2].append(one)
        for position, (index, parts, opened) in sorted(sources.items()):
            yield from opened
            if parts:
                recording = OPENER.get()([*(part.path for part in parts), *images])
                yield OpenedSource(position, index, recording, parts=tuple(parts))


def places_of(source: OpenedSource) -> Iterator[tuple[ViewPlace, View]]:
    """The views of a source that a job opened, each with its place among all."""
    views = source.recording.views
    for number, view in zip(source.numbers or range(len(views)), views, strict=True):
        yield (source.position, view.start is None, view.start or 0, source.index, number), view


def opened_by_session(
    recording: Recording, position: int, index: int, *, is_sent: bool, is_kept: bool
) -> Iterator[OpenedSource]:
    """An opened recording by session, to be worked on here or, as far as possible, to be sent to another process.

    What is sent goes without images, and views of mobile apps go without those of their web views. `is_kept` is about
    the original.
    """
    by_session: dict[str | None, list[int]] = {}
    for number, view in enumerate(recording.views):
        by_session.setdefault(view.session_id, []).append(number)
    rest = attrs.evolve(recording, views=())
    for numbers in by_session.values() if by_session else [[]]:
        views = [recording.views[number] for number in numbers]
        sent = [_portable_view(view) for view in views] if is_sent else [None]
        whole = tuple(view for view in sent if view is not None)
        if len(whole) == len(sent):
            part = attrs.evolve(rest, views=whole, resources={})
            original = recording if is_kept else None
            yield OpenedSource(position, index, part, tuple(numbers), original=original)
        else:
            part = attrs.evolve(rest, views=tuple(views))
            yield OpenedSource(position, index, part, tuple(numbers), stays_here=True)
        rest = attrs.evolve(rest, unreadable=(), unreadable_count=0)  # of no session; it counts once


def _portable_view(view: View) -> View | None:
    segments = [segment.portable() for segment in view.segments]
    whole = tuple(segment for segment in segments if segment is not None)
    if len(whole) < len(segments):
        return None
    duplicates = tuple(one.without_records() for one in view.duplicates)
    return attrs.evolve(view, segments=whole, duplicates=duplicates, resources={}, companions=())


def view_again(job: Job, place: ViewPlace, images: Sequence[str]) -> View:
    """A view of a job, with its images, opened anew where necessary; raises what `open_recording` raises."""
    for source in job.recordings(images):
        for number, (found, view) in enumerate(places_of(source)):
            if found == place:
                numbers = source.numbers or range(len(source.recording.views))
                return view if source.original is None else source.original.views[numbers[number]]
    raise SegmentError(f"{', '.join(job.paths)}: a view is gone; it is not what it was when it was first read")


def jobs_of(parts: Iterable[Part], before: Mapping[bytes, object]) -> list[Job]:
    """Jobs for some parts, in the order of their first parts: those of one session are in one job.

    A part that names no session, but begins like others, may be a cut copy of a segment of theirs. `before` says which
    parts, by their sums, were found to belong together in an earlier run.
    """
    parts = list(parts)
    groups = Groups()
    for number, part in enumerate(parts):
        for session in part.seen.sessions:
            groups.join(number, ("session", session))
        if (known := before.get(part.seen.sum)) is not None:
            groups.join(number, ("before", known))
    cut_heads = {part.seen.head for part in parts if not part.seen.sessions and part.seen.head}
    for number, part in enumerate(parts):
        if part.seen.head in cut_heads:
            groups.join(number, ("head", part.seen.head))
    return [Job(parts=tuple(parts[number] for number in group)) for group in groups.of(range(len(parts)))]


def merged(jobs: Iterable[Job]) -> Job:
    """One job instead of several."""
    several = list(jobs)
    parts = sorted((part for job in several for part in job.parts), key=attrgetter("position", "index"))
    opened = sorted((one for job in several for one in job.opened), key=attrgetter("position", "index"))
    return Job(parts=tuple(parts), opened=tuple(opened))


class Groups:
    """Which numbers belong together, because they have keys in common."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}

    def join(self, number: int, key: object) -> None:
        """Let a number have a key."""
        self._above[self._top(number)] = self._top((key,))

    def of(self, numbers: Iterable[int]) -> list[list[int]]:
        """The groups, in the order of their first numbers."""
        groups: dict[object, list[int]] = {}
        for number in numbers:
            groups.setdefault(self._top(number), []).append(number)
        return list(groups.values())

    def _top(self, one: object) -> object:
        while (above := self._above.get(one, one)) != one:
            self._above[one] = self._above.get(above, above)  # shorter next time
            one = above
        return one
