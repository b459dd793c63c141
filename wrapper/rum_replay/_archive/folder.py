"""The folder of an archive while a run works in it: its lock, its journal, and the events beside the segments."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from .._events import RumEvent
from .._files import file_errors, new_file, open_regular, remove_leftovers
from .._found_sessions import FoundSession
from .database import RunLock
from .journal import Journal, Wanted
from .layout import SESSION_EVENT, VIEW_EVENT, path_name

__all__ = ["ArchiveFolder"]


class ArchiveFolder:
    """As a context manager it keeps other runs out of the directory. Every method raises FileError."""

    def __init__(self, directory: Path, base_url: str) -> None:
        """Raises InvalidRequestError if another run is going on, or the archive is of another API; FileError."""
        self.directory = directory
        with ExitStack() as stack:
            with file_errors(directory, "used as a directory"):
                directory.mkdir(parents=True, exist_ok=True)
            stack.callback(RunLock(directory).release)
            self.journal = stack.enter_context(Journal(directory, base_url))
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def found(
        self,
        sessions: Sequence[FoundSession],
        *,
        playlist: int | None,
        is_certain: bool,
        searched_to: int | None = None,
    ) -> None:
        """Note sessions that were found, as `Journal.found` does, and write their events and those of their views."""
        events: dict[Path, bytes] = {}
        views: dict[tuple[str, str], Path] = {}
        for session in sessions:
            folder = self.directory / self.journal.folder(session)
            if session.event is not None:
                events[folder / SESSION_EVENT] = _line(session.event)
            for view in session.views:
                path = folder / path_name(view.id) / VIEW_EVENT
                events[path] = _line(view.event)
                views[session.id, view.id] = path
        known = {path: _content(path) for path in events}
        changed = {ids for ids, path in views.items() if known[path] not in (None, events[path])}
        # First the journal: once an event is written, nothing shows any more that it has changed.
        self.journal.found(sessions, changed, playlist=playlist, is_certain=is_certain, searched_to=searched_to)
        for path, content in events.items():
            if known[path] != content:
                with file_errors(path.parent, "used as a directory"):
                    path.parent.mkdir(parents=True, exist_ok=True)
                with new_file(path) as new:
                    new.content.write(content)

    def of(self, view: Wanted) -> Path:
        """Where the segments of a view are."""
        return self.directory / view.folder / path_name(view.view_id)


def _content(path: Path) -> bytes | None:
    """What is written in a file so far; None if there is none."""
    remove_leftovers(path.parent, re.escape(path.name))
    with file_errors(path, "read"):
        try:
            with open_regular(path) as file:
                return file.read()
        except FileNotFoundError:
            return None


def _line(event: RumEvent) -> bytes:
    return json.dumps(event.to_dict()).encode() + b"\n"
