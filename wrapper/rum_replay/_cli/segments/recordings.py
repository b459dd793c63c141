"""The recordings that commands are given, opened and read with progress shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO

import attrs
import click

from ..commands import CommandError, Settings
from ..progress import Task

if TYPE_CHECKING:
    from ...segments import ReadProgress, Recording, Segment, SessionProgress, View

__all__ = ["counting", "find_view", "open_recording", "opened_one_by_one", "progress_of_sessions"]


def open_recording(settings: Settings, *sources: str) -> Recording:
    """The recording in these files and folders, or in standard input for `-`; CommandError if they have no segments."""
    recording = _opened(settings, sources)
    if not recording.views:
        only_images = ": only images" if recording.resources else ""
        reason = f": {recording.unreadable[0].reason}" if recording.unreadable else only_images
        raise CommandError(f"no segments in {', '.join(sources)}{reason}")
    return recording


def _opened(settings: Settings, sources: Sequence[str]) -> Recording:
    from ...segments import open as open_sources

    with settings.progress.work("reading", ", ".join(sources)) as task:

        def note(progress: ReadProgress) -> None:
            task.completed, task.total = progress.bytes_read, progress.size

        readable = [_Input(sys.stdin.buffer, task) if source == "-" else source for source in sources]
        return open_sources(readable, progress=note)


def opened_one_by_one(settings: Settings, sources: Iterable[str], doing: str) -> Iterator[Recording]:
    """The recording of each source, opened when its turn comes; until the next, shows how much of it was used."""
    for source in sources:
        recording = open_recording(settings, source)
        with settings.progress.work(doing, source, unit="records", total=recording.count) as task:
            yield counting(recording, task)


@contextmanager
def progress_of_sessions(
    settings: Settings, sources: Sequence[str], doing: str
) -> Generator[Callable[[SessionProgress], object]]:
    """Show how far work on sessions has come, if this process does it by itself: of each session, records.

    Yields what is to be called after each session.
    """
    from ...segments._recording import OPENER

    with settings.progress.work("reading", ", ".join(sources), unit="sessions") as sessions, ExitStack() as shown:

        def open_session(parts: list[str]) -> Recording:
            recording = _opened(settings, parts)
            name = parts[0] if len(parts) == 1 else ", ".join(sources)
            task = shown.enter_context(settings.progress.work(doing, name, unit="records", total=recording.count))
            return counting(recording, task)

        def note(progress: SessionProgress) -> None:
            shown.close()
            sessions.doing, sessions.completed, sessions.total = doing, progress.done, progress.total

        before = OPENER.set(open_session)
        try:
            yield note
        finally:
            OPENER.reset(before)


def counting(recording: Recording, task: Task) -> Recording:
    """The same recording; its records are counted when they are read."""
    views = tuple(
        attrs.evolve(view, segments=tuple(_counted(segment, task) for segment in view.segments))
        for view in recording.views
    )
    return attrs.evolve(recording, views=views)


def _counted(segment: Segment, task: Task) -> Segment:
    def read() -> Iterator[bytes]:
        for raw in segment.raw_records():
            task.advance()
            yield raw

    return attrs.evolve(segment, held_records=None, read_again=read)


def find_view(recording: Recording, id_prefix: str | None) -> View:
    """The view whose id starts like this, by default the only one; raises a usage error if there is not exactly one."""
    found = [view for view in recording.views if id_prefix is None or (view.id or "").startswith(id_prefix)]
    if len(found) == 1:
        return found[0]
    ids = ", ".join(view.id or "(no id)" for view in found or recording.views)
    if found:
        raise click.UsageError(f"there are {len(found)} views; choose one with --view: {ids}")
    raise click.UsageError(f"there is no view {id_prefix!r}; there are: {ids}")


class _Input:
    """Standard input; what is read is counted. If it can seek, it is read in place."""

    def __init__(self, stream: BinaryIO, task: Task) -> None:
        self._stream = stream
        self._task = task
        self.seekable = stream.seekable
        self.seek = stream.seek

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._task.advance(len(data))
        return data
