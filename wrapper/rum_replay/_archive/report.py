"""What the journal of an archive says to people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from .._times import EPOCH
from .database import Database
from .status import ArchiveFailure, ArchiveStatus

__all__ = ["failures_in", "status_of"]


def status_of(directory: Path) -> ArchiveStatus:
    """What the journal of an archive says; raises FileError."""
    with Database(directory, create=False) as tables:
        states: dict[str, tuple[int, int]] = {
            state: (count, size)
            for state, count, size in tables.rows("SELECT state, count(*), sum(size) FROM views GROUP BY state")
        }
        kept: dict[str, int] = dict(tables.rows("SELECT state, count(*) FROM kept GROUP BY state"))
        sessions, running, missing = tables.row(
            "SELECT count(folder), sum(NOT has_ended AND folder IS NOT NULL), sum(error IS NOT NULL AND run = "
            "(SELECT max(number) FROM runs)) FROM sessions"
        )
        run: Any = tables.row(
            "SELECT began, has_ended, partial, fetched, fetched_size FROM runs ORDER BY number DESC LIMIT 1"
        )
    began, has_ended, partial, fetched, fetched_size = run or (None, 0, "[]", 0, 0)
    count = {state: number for state, (number, _) in states.items()}
    return ArchiveStatus(
        directory=directory,
        sessions=sessions,
        views=sum(count.values()),
        saved=count.get("saved", 0),
        without_segments=count.get("empty", 0),
        failed=count.get("failed", 0) + kept.get("failed", 0) + (missing or 0),
        waiting=count.get("wanted", 0),
        running=running or 0,
        size=sum(size for _, size in states.values()),
        fetched=fetched,
        fetched_size=fetched_size,
        in_playlists=kept.get("added", 0),
        not_in_playlists=kept.get("wanted", 0),
        partial=tuple(json.loads(partial)),
        finished=bool(has_ended),
        started_at=None if began is None else EPOCH + timedelta(milliseconds=began),
    )


def failures_in(directory: Path) -> Iterator[ArchiveFailure]:
    """Everything that failed, in the order in which it was found."""
    with Database(directory, create=False) as tables:
        rows = tables.rows(
            "SELECT id, NULL, NULL, error, message FROM sessions WHERE error IS NOT NULL "
            "AND run = (SELECT max(number) FROM runs) UNION ALL "
            "SELECT sessions.id, views.id, NULL, views.error, views.message FROM views JOIN sessions "
            "ON session = sessions.number WHERE state = 'failed' UNION ALL "
            "SELECT sessions.id, NULL, playlist, kept.error, kept.message FROM kept JOIN sessions "
            "ON session = sessions.number WHERE state = 'failed'"
        )
        with closing(rows):
            for session_id, view_id, playlist, error, message in rows:
                yield ArchiveFailure(
                    session_id=session_id, view_id=view_id, playlist_id=playlist, error=error, message=message
                )
