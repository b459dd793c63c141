"""Work by session: from what people give to a result for each session, in a stated order."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Protocol, TypeVar, cast

import attrs

from ..._arguments import check_instance
from ..._downloads import SegmentDownload
from ..._errors import FileError, InvalidRequestError, ReplayError, SegmentError
from ..._public import public
from ..._segment_pages import SegmentPage
from .._parsing.sources import ReadableSource
from .._recording import Recording, open_recording
from .jobs import Groups, Job, jobs_of, merged, opened_by_session
from .listing import Part, Seen, UnlistedPart, are_paths, parts_in, seen_in
from .running import run

__all__ = ["FailedSource", "Recordings", "SessionPlan", "SessionProgress", "check_executor", "items_in"]

_QUICK_LOOK = 4 << 20
"""Bytes that are looked at here: it takes some tenths of a second."""

Recordings = Recording | ReadableSource | Iterable["Recording | ReadableSource"]
"""One or several recordings, or sources: a file, a folder, bytes, a download, a page, a stream."""


@attrs.frozen(kw_only=True)
class FailedSource:
    """What could not be used, and why; everything else was."""

    files: tuple[str, ...]
    """Files and folders of one session; `bytes`, `page` or `stream` for anything else."""

    error: ReplayError

    def __str__(self) -> str:
        named = ", ".join(self.files[:3]) + (f" and {len(self.files) - 3} more" if len(self.files) > 3 else "")
        message = str(self.error)
        return message if self.files and self.files[0] in message else f"{named}: {message}"


@attrs.frozen(kw_only=True)
class SessionProgress:
    """How far work on many sessions has come; what a `progress` function receives."""

    done: int
    """Sessions that are finished, those that failed included."""

    total: int
    """Sessions that there are; grows if files turn out to be of the same session, which is then done again."""


class SessionResult(Protocol):
    """What a worker makes of a job."""

    @property
    def sessions(self) -> frozenset[str | None]:
        """The sessions that were found in it."""
        ...

    @property
    def reason(self) -> str | None:
        """Why there are none, if that is known."""
        ...


R = TypeVar("R", bound=SessionResult)


def check_executor(executor: Executor | None) -> Executor | None:
    """An executor or None; raises InvalidRequestError for anything else."""
    expected = "an executor of concurrent.futures"
    return None if executor is None else check_instance("executor", executor, Executor, expected)


def items_in(given: Recordings) -> tuple[Iterator[Recording | ReadableSource], bool]:
    """The recordings or sources that were given, one at a time, and whether they are recordings.

    Raises InvalidRequestError for what is neither, and while iterating, if there are both.
    """
    if isinstance(given, Recording):
        return iter((given,)), True
    if _is_one(given):
        return iter((given,)), False
    if not isinstance(given, Iterable):
        raise InvalidRequestError(
            f"recordings must be an iterable of Recording, not {type(cast('object', given)).__name__}; "
            "files, folders and other sources do as well"
        )
    items = iter(cast("Iterable[Recording | ReadableSource]", given))
    first = next(items, None)
    if first is None:
        _refuse_none(given)
        return iter(()), True
    are_recordings = isinstance(first, Recording)
    return _checked(chain((first,), items), are_recordings=are_recordings), are_recordings


def _is_one(given: object) -> bool:
    kinds = (str, os.PathLike, bytes, bytearray, memoryview, SegmentDownload, SegmentPage)
    return isinstance(given, kinds) or (hasattr(given, "read") and not isinstance(given, type))


def _refuse_none(given: object) -> None:
    if isinstance(given, Sequence) and len(cast("Sequence[object]", given)):
        raise InvalidRequestError("recordings[0] must be a Recording, or a source such as a path, not NoneType")


def _checked(
    items: Iterable[Recording | ReadableSource], *, are_recordings: bool
) -> Iterator[Recording | ReadableSource]:
    for number, item in enumerate(items):
        if isinstance(item, Recording) != are_recordings:
            kind = "a Recording" if are_recordings else "a source"
            raise InvalidRequestError(
                f"recordings[{number}] must be {kind} like those before it, not {type(cast('object', item)).__name__}"
            )
        yield item


class SessionPlan:
    """What there is to do, session by session. Which files are of one session is found by a look at them."""

    def __init__(
        self,
        items: Iterable[Recording | ReadableSource],
        executor: Executor | None,
        *,
        needs_sums: bool = False,
        keeps_opened: bool = False,
        before: Mapping[bytes, object] | None = None,
    ) -> None:
        """List the sources. Files and folders that cannot be listed are among those that failed.

        Sources that are not files are opened here; what an executor gets of them are the records, if they are held in
        memory. With `needs_sums`, all files are read; with `keeps_opened`, what was open stays so for `view_again`.
        `before` is as of `jobs_of`.

        Raises InvalidRequestError for what is not a source, and as `run` does.
        """
        self.failed: list[FailedSource] = []
        self._executor = executor
        self._keeps_opened = keeps_opened
        self._names: dict[int, str] = {}
        self._sources: set[int] = set()
        """Positions of what must have segments."""
        parts, opened = self._list(items)
        parts = self._look_at(parts, needs_sums=needs_sums)
        images = [part for part in parts if part.seen.is_image]
        self.images: dict[int, tuple[str, ...]] = {
            position: tuple(part.path for part in images if part.position == position)
            for position in {part.position for part in images}
        }
        """Files of images, by the position of their source."""
        jobs = jobs_of([part for part in parts if not part.seen.is_image], before or {})
        self.jobs = [*jobs, *opened]

    def results(
        self,
        function: Callable[[Job], R],
        *,
        progress: Callable[[SessionProgress], object] | None = None,
        kept: Callable[[Job], R | None] = lambda _: None,
        note: Callable[[Job, R], object] = lambda _, __: None,
        is_fatal: Callable[[ReplayError], bool] = lambda _: False,
    ) -> list[tuple[Job, R]]:
        """The results of all jobs, in the order in which the sources have them; what fails is in `failed`.

        `function` and what it returns go through pickle. `kept` may give a result that there is already, and `note`
        gets each new one, as soon as it is there. Where results show that jobs are about the same session, these are
        done again as one. Raises the first failure if nothing else came of it, any failure that `is_fatal` says is not
        about a source, and as `run` does.
        """
        results: dict[Job, R] = {}
        waiting, done = self.jobs, 0
        while waiting:
            to_do: list[Job] = []
            for job in waiting:
                if (result := kept(job)) is None:
                    to_do.append(job)
                else:
                    results[job] = result
            total = done + len(waiting)
            done = total - len(to_do)
            for job, outcome in self._done(function, to_do):
                done += 1
                if isinstance(outcome, ReplayError):
                    if is_fatal(outcome):
                        raise outcome
                    files = job.paths or tuple(self._names[position] for position in job.positions)
                    self.failed.append(FailedSource(files=files, error=outcome))
                else:
                    results[job] = outcome
                    note(job, outcome)
                if progress is not None:
                    progress(SessionProgress(done=done, total=total))
            waiting = _jobs_to_join(results)
        self._note_empty(results)
        if self.failed and not any(result.sessions for result in results.values()):
            raise self.failed[0].error
        return sorted(results.items(), key=lambda item: item[0].place)

    def _list(self, items: Iterable[Recording | ReadableSource]) -> tuple[list[Part], list[Job]]:
        """What there is to open, and jobs for what is open or cannot be opened elsewhere."""
        parts: list[Part] = []
        opened: dict[str | None, list[Job]] = {}
        for position, item in enumerate(items):
            self._names[position] = _name_of(item)
            if not isinstance(item, Recording):
                self._sources.add(position)
            if are_paths(item):
                self._list_parts(position, item, parts)
                continue
            try:
                recording = item if isinstance(item, Recording) else open_recording(item)
            except (FileError, SegmentError) as error:
                self.failed.append(FailedSource(files=(self._names[position],), error=error))
                continue
            is_sent = self._executor is not None
            for one in opened_by_session(recording, position, len(parts), is_sent=is_sent, is_kept=self._keeps_opened):
                session = one.recording.views[0].session_id if one.recording.views else None
                opened.setdefault(session, []).append(Job(opened=(one,)))
        return parts, [jobs[0] if len(jobs) == 1 else merged(jobs) for jobs in opened.values()]

    def _list_parts(self, position: int, source: object, parts: list[Part]) -> None:
        for found in parts_in(source):
            if isinstance(found, UnlistedPart):
                self.failed.append(FailedSource(files=(found.path,), error=found.error))
            else:
                parts.append(attrs.evolve(found, position=position, index=len(parts)))

    def _look_at(self, parts: Sequence[Part], *, needs_sums: bool) -> list[Part]:
        """The same parts, with what a look at them shows, where it is of use."""
        files = Counter(part.position for part in parts)
        to_see = [part for part in parts if not part.is_download and (needs_sums or files[part.position] > 1)]
        seen: dict[int, Seen] = {}
        executor = self._executor if sum(part.size for part in to_see) > _QUICK_LOOK else None
        for number, result in run(seen_in, [part.path for part in to_see], executor):
            if isinstance(result, Seen):  # what else there is to say is said when it is opened
                seen[to_see[number].index] = result
        return [attrs.evolve(part, seen=seen.get(part.index, part.seen)) for part in parts]

    def _done(self, function: Callable[[Job], R], jobs: Sequence[Job]) -> Iterator[tuple[Job, R | ReplayError]]:
        here = [job for job in jobs if any(one.stays_here for one in job.opened)]
        elsewhere = [job for job in jobs if not any(one.stays_here for one in job.opened)]
        for those, executor in ((elsewhere, self._executor), (here, None)):
            for number, result in run(function, those, executor, size=attrgetter("size")):
                yield those[number], result

    def _note_empty(self, results: Mapping[Job, SessionResult]) -> None:
        """Note the sources in which there are no segments."""
        found = {position for job, result in results.items() if result.sessions for position in job.positions}
        failed = [Path(path) for one in self.failed for path in one.files]
        for position in sorted(self._sources - found):
            name = self._names[position]
            if any(path == Path(name) or Path(name) in path.parents for path in failed):
                continue
            of_it = sorted((job for job in results if position in job.positions), key=attrgetter("place"))
            reason = next((results[job].reason for job in of_it if results[job].reason is not None), None)
            if reason is None and position in self.images:
                reason = "only images"
            message = f"no segments in {name}" + ("" if reason is None else f": {reason}")
            self.failed.append(FailedSource(files=(name,), error=SegmentError(message)))


def _jobs_to_join(results: dict[Job, R]) -> list[Job]:
    """Jobs for sessions that turned out to be in several jobs, whose results are dropped."""
    jobs = list(results)
    groups = Groups()
    for number, job in enumerate(jobs):
        for session in results[job].sessions:
            groups.join(number, ("session", session))
    again: list[Job] = []
    for group in groups.of(range(len(jobs))):
        if len(group) > 1:
            again.append(merged(jobs[number] for number in group))
            for number in group:
                del results[jobs[number]]
    return again


def _name_of(source: object) -> str:
    if isinstance(source, list | tuple):
        return ", ".join(map(_name_of, cast("Iterable[object]", source)))
    if isinstance(source, SegmentDownload):
        return str(source.directory)
    if isinstance(source, str | os.PathLike):
        return os.fspath(cast("str", source))
    if isinstance(source, bytes | bytearray | memoryview):
        return "bytes"
    return "recording" if isinstance(source, Recording) else "page" if isinstance(source, SegmentPage) else "stream"


public(FailedSource, SessionProgress, module="rum_replay.segments")
