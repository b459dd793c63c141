"""An archive while it is checked: what the journal lists as saved, and what turns out to be damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import attrs

from .database import Database, RunLock
from .journal import LONGEST_MESSAGE
from .layout import path_name

__all__ = ["CheckedArchive", "SavedView"]


@attrs.frozen
class SavedView:
    """A view that the journal lists as saved."""

    number: int
    session_id: str
    view_id: str
    folder: str
    """Of the view, relative to the archive."""

    size: int
    """Bytes of its segments."""


class CheckedArchive:
    """As a context manager it keeps runs out of the directory. Every method raises FileError."""

    def __init__(self, directory: Path) -> None:
        """Raises InvalidRequestError if a run is going on, FileError if there is no archive, or it cannot be used."""
        self._tables = Database(directory, create=False)
        try:
            self._lock = RunLock(directory)
        except BaseException:
            self._tables.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        self._tables.__exit__()

    def saved(self) -> list[SavedView]:
        """The views with segments, in the order in which they were found."""
        rows = self._tables.rows(
            "SELECT views.number, sessions.id, views.id, folder, size FROM views JOIN sessions "
            "ON session = sessions.number WHERE state = 'saved' ORDER BY views.number"
        )
        return [
            SavedView(number, session, view, f"{folder}/{path_name(view)}", size)
            for number, session, view, folder, size in rows
        ]

    def note_damaged(self, view: SavedView, error: str, message: str) -> None:
        """Count a view as failed, so that it is fetched again when what failed is tried again."""
        with self._tables.changes() as tables:
            tables.execute(
                "UPDATE views SET state = 'failed', error = ?, message = ? WHERE number = ?",
                (error, message[:LONGEST_MESSAGE], view.number),
            )
