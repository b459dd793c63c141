"""The journal of an archive: what was found, what is done, what failed and why.

Nothing that grows with the number of sessions is held in memory. The journal never claims more than is on disk: a view
counts as saved once its pages and their manifest are. So whatever moment a run is killed at, the next one goes on.

Which views are fetched again: those that are *open*. A view is open if it was found while its session had not ended, or
if its event has changed since it was found before; it is closed when it has been fetched after its session had ended.
A session has ended when its event says so, or when it began more than 5 hours before the latest event that any search
has found, since none lasts longer than 4: the clock of this machine alone never decides.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import attrs

from .._arguments import to_milliseconds
from .._errors import InvalidRequestError, ReplayError
from .._found_sessions import LONGEST_SESSION, FoundSession
from .database import Database
from .layout import folder_of

__all__ = ["LONGEST_MESSAGE", "Journal", "Wanted"]

_SURELY_ENDED = (LONGEST_SESSION + timedelta(hours=1)) // timedelta(milliseconds=1)
"""Milliseconds after the start of a session."""

LONGEST_MESSAGE = 2_000


@attrs.frozen(kw_only=True)
class Wanted:
    """A view to fetch, or a session to add to a playlist."""

    number: int
    session_id: str
    folder: str
    """Of the session, relative to the archive."""

    view_id: str = ""
    is_open: bool = False
    """Whether there may be more segments than a finished download has."""


class Journal:
    """What a run reads from its journal and notes in it. Every method raises FileError."""

    def __init__(self, directory: Path, base_url: str) -> None:
        """Raises InvalidRequestError if the archive is of another API, FileError."""
        self._database = Database(directory, create=True)
        self._run = 0
        try:
            with self._database.changes() as tables:
                tables.execute("INSERT OR IGNORE INTO settings VALUES ('base_url', ?)", (base_url,))
            (known,) = self._database.row("SELECT value FROM settings WHERE name = 'base_url'")
            if known != base_url:
                raise InvalidRequestError(f"{directory} is the archive of {known}, not of {base_url}")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Everything that was noted is on disk already."""
        self._database.__exit__()

    # ---- A run ----

    def begin(self, what: str, period: tuple[int, int], now: int, *, playlist: int | None, retry_failed: bool) -> int:
        """Begin a run; gives the time, in ms, from which on to search.

        That is later than the start of the period if a run for the same was stopped while it searched.
        """
        since, until = period
        last = self._database.row(
            "SELECT what, since, searched_to, has_searched, partial FROM runs ORDER BY number DESC LIMIT 1"
        )
        searched_to: int | None = None
        partial = "[]"
        if last is not None and last[0] == what and not last[3] and last[2] is not None and last[1] <= since:
            searched_to, partial = min(max(since, last[2]), until), last[4]
        with self._database.changes() as tables:
            added = tables.execute(
                "INSERT INTO runs (what, since, until, began, searched_to, partial) VALUES (?, ?, ?, ?, ?, ?)",
                (what, since, until, now, searched_to, partial),
            )
            self._run = added.lastrowid or 0
            if retry_failed:
                tables.execute("UPDATE views SET state = 'wanted' WHERE state = 'failed'")
                tables.execute("UPDATE kept SET state = 'wanted' WHERE state = 'failed' AND playlist = ?", (playlist,))
        return since if searched_to is None else searched_to

    def found(
        self,
        sessions: Iterable[FoundSession],
        changed: AbstractSet[tuple[str, str]],
        *,
        playlist: int | None,
        is_certain: bool,
        searched_to: int | None,
    ) -> None:
        """Note sessions and their views; `changed` are the ids of those whose events are not what they were before.

        `is_certain`: nothing is known to be missing from the search. `searched_to`: up to when, in ms, a search found
        everything, and all of that is on disk.
        """
        with self._database.changes() as tables:
            for session in sessions:
                number = self._note(tables, session, changed, is_certain=is_certain)
                if playlist is not None:
                    _keep(tables, number, playlist)
            tables.execute(
                "UPDATE runs SET searched_to = coalesce(?, searched_to) WHERE number = ?", (searched_to, self._run)
            )

    def _note(
        self,
        tables: sqlite3.Connection,
        session: FoundSession,
        changed: AbstractSet[tuple[str, str]],
        *,
        is_certain: bool,
    ) -> int:
        started = _milliseconds(session.started_at)
        tables.execute(
            "INSERT INTO sessions (id, folder, started_at, has_ended, run) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) "
            "DO UPDATE SET has_ended = max(has_ended, excluded.has_ended), run = excluded.run, error = NULL, "
            "folder = coalesce(folder, excluded.folder), started_at = coalesce(started_at, excluded.started_at)",
            (session.id, _folder_of(session), started, session.completed is True and is_certain, self._run),
        )
        number, has_ended = tables.execute(
            "SELECT number, has_ended FROM sessions WHERE id = ?", (session.id,)
        ).fetchone()
        for view in session.views:
            has_changed = (session.id, view.id) in changed
            tables.execute(
                "INSERT INTO views (session, id, state, is_open) VALUES (?, ?, 'wanted', ?) "
                "ON CONFLICT (session, id) DO UPDATE SET is_open = max(is_open, ?)",
                (number, view.id, not has_ended or has_changed, has_changed),
            )
        tables.execute(
            "UPDATE views SET state = 'wanted' WHERE session = ? AND is_open AND state IN ('saved', 'empty')", (number,)
        )
        times = [started, *(_milliseconds(view.started_at) for view in session.views)]
        tables.execute(
            "INSERT INTO settings VALUES ('latest', ?) ON CONFLICT (name) "
            "DO UPDATE SET value = max(value, excluded.value)",
            (max((time for time in times if time is not None), default=0),),
        )
        return int(number)

    def folder(self, session: FoundSession) -> str:
        """Where a session is, relative to the archive: for good, since it was found first."""
        row = self._database.row("SELECT folder FROM sessions WHERE id = ?", session.id)
        return str(row[0]) if row is not None and row[0] is not None else _folder_of(session)

    def missing(self, session_ids: Iterable[str], *, is_certain: bool, was_asked_for: bool) -> None:
        """Note that nothing was found of some sessions."""
        message = "no event of it was found in that time; events are kept for 30 days"
        with self._database.changes() as tables:
            for session_id in session_ids:
                if was_asked_for:
                    tables.execute("INSERT OR IGNORE INTO sessions (id, run) VALUES (?, ?)", (session_id, self._run))
                    tables.execute(
                        "UPDATE sessions SET error = 'NotFoundError', message = ? WHERE id = ? AND folder IS NULL",
                        (message, session_id),
                    )
                # If it was found before, its events are gone by now, and no more segments will come.
                tables.execute(
                    "UPDATE sessions SET run = ?, has_ended = max(has_ended, ? AND folder IS NOT NULL) WHERE id = ?",
                    (self._run, is_certain, session_id),
                )

    def is_settled(self, session_id: str, playlist: int | None) -> bool:
        """Whether a session was found after it had ended, so that there is no need to look for it again."""
        row = self._database.row("SELECT number, has_ended FROM sessions WHERE id = ?", session_id)
        if row is None or not row[1]:
            return False
        if playlist is not None:
            with self._database.changes() as tables:
                _keep(tables, row[0], playlist)
        return True

    def next_running(self, count: int) -> list[tuple[str, int | None]]:
        """Some sessions of earlier runs that had not ended, and that this run has not found, with their starts."""
        rows = self._database.rows(
            "SELECT id, started_at FROM sessions WHERE NOT has_ended AND folder IS NOT NULL AND run <> ? "
            "ORDER BY number LIMIT ?",
            self._run,
            count,
        )
        return [(str(session_id), started) for session_id, started in rows]

    def searched(self, now: int) -> None:
        """Everything was searched for. `now` is this machine's time, in ms."""
        with self._database.changes() as tables:
            tables.execute("UPDATE runs SET has_searched = 1 WHERE number = ?", (self._run,))
            tables.execute(
                "UPDATE sessions SET has_ended = 1 WHERE NOT has_ended AND started_at < min(?, "
                "(SELECT value FROM settings WHERE name = 'latest')) - ?",
                (now, _SURELY_ENDED),
            )

    def note_partial(self, reasons: tuple[str, ...]) -> None:
        """Note why a search did not find everything."""
        known = json.loads(self._database.row("SELECT partial FROM runs WHERE number = ?", self._run)[0])
        with self._database.changes() as tables:
            text = json.dumps(list(dict.fromkeys([*known, *reasons])))
            tables.execute("UPDATE runs SET partial = ? WHERE number = ?", (text, self._run))

    def end(self) -> None:
        """The run has done everything that it could."""
        with self._database.changes() as tables:
            tables.execute("UPDATE runs SET has_ended = 1 WHERE number = ?", (self._run,))

    # ---- Views and playlists ----

    def count_views(self) -> int:
        """How many views are to be fetched."""
        return int(self._database.row("SELECT count(*) FROM views WHERE state = 'wanted'")[0])

    def next_view(self, after: int) -> Wanted | None:
        """The next view to fetch, by its number."""
        row = self._database.row(
            "SELECT views.number, sessions.id, folder, views.id, is_open FROM views JOIN sessions "
            "ON session = sessions.number WHERE state = 'wanted' AND views.number > ? ORDER BY views.number LIMIT 1",
            after,
        )
        return None if row is None else _wanted(*row)

    def fetched(self, view: Wanted, size: int | None) -> None:
        """All segments of a view are on disk; None if there are none."""
        with self._database.changes() as tables:
            tables.execute(
                "UPDATE views SET state = ?, size = ?, error = NULL, message = NULL, is_open = "
                "(SELECT NOT has_ended FROM sessions WHERE number = session) WHERE number = ?",
                ("saved" if size else "empty", size or 0, view.number),
            )
            tables.execute(
                "UPDATE runs SET fetched = fetched + 1, fetched_size = fetched_size + ? WHERE number = ?",
                (size or 0, self._run),
            )

    def count_to_add(self, playlist: int) -> int:
        """How many sessions are to be added to a playlist."""
        return int(self._database.row(f"SELECT count(*) {_TO_ADD}", playlist, -1)[0])

    def next_to_add(self, playlist: int, after: int) -> Wanted | None:
        """The next session to add to a playlist, by its number."""
        columns = "kept.number, sessions.id, folder"
        row = self._database.row(f"SELECT {columns} {_TO_ADD} ORDER BY kept.number LIMIT 1", playlist, after)
        return None if row is None else _wanted(*row)

    def added(self, session: Wanted) -> None:
        """A session is in the playlist."""
        with self._database.changes() as tables:
            tables.execute(
                "UPDATE kept SET state = 'added', error = NULL, message = NULL WHERE number = ?", (session.number,)
            )

    def failed(self, wanted: Wanted, error: ReplayError) -> None:
        """A view could not be fetched, or a session not added."""
        table = "views" if wanted.view_id else "kept"
        with self._database.changes() as tables:
            tables.execute(
                f"UPDATE {table} SET state = 'failed', error = ?, message = ? WHERE number = ?",  # noqa: S608
                (type(error).__name__, str(error)[:LONGEST_MESSAGE], wanted.number),
            )


_TO_ADD = (
    "FROM kept JOIN sessions ON session = sessions.number "
    "WHERE state = 'wanted' AND has_ended AND playlist = ? AND kept.number > ?"
)


def _milliseconds(time: datetime | None) -> int | None:
    return None if time is None else to_milliseconds("time", time)


def _keep(tables: sqlite3.Connection, session: int, playlist: int) -> None:
    tables.execute("INSERT OR IGNORE INTO kept (session, playlist, state) VALUES (?, ?, 'wanted')", (session, playlist))


def _wanted(number: int, session_id: str, folder: str, view_id: str = "", is_open: int = 0) -> Wanted:
    return Wanted(number=number, session_id=session_id, folder=folder, view_id=view_id, is_open=bool(is_open))


def _folder_of(session: FoundSession) -> str:
    return folder_of(session.id, session.application_id, session.started_at)
