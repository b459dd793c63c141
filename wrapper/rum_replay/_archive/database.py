"""The file of the journal: opened, checked, locked, and every failure of SQLite as an error of ours.

SQLite is in the standard library, and a process that is killed at any time leaves a file that it can go on with.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Self

from .._errors import FileError, InvalidRequestError
from .._files import file_errors
from .layout import JOURNAL, LOCK

__all__ = ["Database", "RunLock"]

VERSION = 1
_MARK = 0x52525641
"""What SQLite files of archives have as their application id: `RRVA`."""

_PATIENCE = 10.0
"""Seconds to wait while another process, which shows the status, reads."""

_TABLES = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE runs (
    number INTEGER PRIMARY KEY, what TEXT, since INTEGER, until INTEGER, began INTEGER,
    searched_to INTEGER, has_searched INTEGER NOT NULL DEFAULT 0, has_ended INTEGER NOT NULL DEFAULT 0,
    partial TEXT NOT NULL DEFAULT '[]', fetched INTEGER NOT NULL DEFAULT 0, fetched_size INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE sessions (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, folder TEXT, started_at INTEGER,
    has_ended INTEGER NOT NULL DEFAULT 0, run INTEGER NOT NULL, error TEXT, message TEXT
);
CREATE TABLE views (
    number INTEGER PRIMARY KEY, session INTEGER NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL,
    is_open INTEGER NOT NULL, size INTEGER NOT NULL DEFAULT 0, error TEXT, message TEXT, UNIQUE (session, id)
);
CREATE TABLE kept (
    number INTEGER PRIMARY KEY, session INTEGER NOT NULL, playlist INTEGER NOT NULL, state TEXT NOT NULL,
    error TEXT, message TEXT, UNIQUE (session, playlist)
);
"""


@contextmanager
def _sqlite_errors(path: Path) -> Generator[None]:
    """Raise FileError for what SQLite cannot do with a file."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explained(path, error) from error


def _explained(path: Path, error: sqlite3.Error) -> FileError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    name = str(path)
    if code == sqlite3.SQLITE_FULL:
        return FileError(f"{name} cannot be written: no space left on the disk", errno=errno.ENOSPC, filename=name)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return FileError(f"{name} cannot be written: it is read-only", errno=errno.EACCES, filename=name)
    if code == sqlite3.SQLITE_CANTOPEN:
        return FileError(f"{name} cannot be opened: {error}", errno=errno.EACCES, filename=name)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return FileError(f"{name} is in use by another program", errno=errno.EBUSY, filename=name)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _damaged(path, str(error))
    return FileError(f"{name} cannot be used: {error}", errno=errno.EIO, filename=name)


def _damaged(path: Path, reason: str) -> FileError:
    return FileError(
        f"{path} is damaged ({reason}): move it away. The next run begins a new journal, keeps everything that is on "
        "disk, and fetches nothing again that is whole",
        filename=str(path),
    )


class RunLock:
    """Keeps an archive to one run at a time, on every operating system; it ends with the process that holds it.

    It is the lock that SQLite takes of a file of its own: the journal's would keep out those who show the status.
    """

    def __init__(self, directory: Path) -> None:
        """Raises InvalidRequestError if a run is going on, FileError if the file cannot be made or locked."""
        path = directory / LOCK
        with file_errors(path, "written"):
            _refuse_link(path)
        with _sqlite_errors(path):
            self._connection = _connected(path, timeout=0.5)
            try:
                self._connection.execute("PRAGMA journal_mode = MEMORY")
                self._connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error as error:
                self._connection.close()
                if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
            else:
                return
        raise InvalidRequestError(
            f"another run is going on in {directory}; wait for it, or use another directory (`--status` shows how far "
            "it is)"
        )

    def release(self) -> None:
        """Let the next run begin."""
        self._connection.close()


def _connected(path: Path, *, timeout: float, mode: str = "rwc") -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=timeout)


def _refuse_link(path: Path) -> None:
    """Names in an archive are ours: nothing is written to where a planted link leads. Raises OSError."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a link", str(path))


class Database:
    """The journal's tables; one thread at a time uses them. Every method raises FileError."""

    def __init__(self, directory: Path, *, create: bool) -> None:
        """Open the journal of an archive, or begin one.

        Raises FileError if it is damaged or of a newer version, and without `create` if there is none.
        """
        self.path = directory / JOURNAL
        self._lock = Lock()
        with file_errors(self.path, "read"):
            _refuse_link(self.path)
            if not create:
                self.path.stat()
        with _sqlite_errors(self.path):
            # Never `ro`: what a killed run left half written is undone by the next one that opens it.
            self._connection = _connected(self.path, timeout=_PATIENCE, mode="rwc" if create else "rw")
            try:
                _check(self._connection, self.path, create=create)
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    @contextmanager
    def changes(self) -> Generator[sqlite3.Connection]:
        """Statements of which all are on disk at the end, or none."""
        with self._lock, _sqlite_errors(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def row(self, statement: str, *values: Any) -> Any:
        """The first row of a query; None if there is none."""
        with self._lock, _sqlite_errors(self.path):
            return self._connection.execute(statement, values).fetchone()

    def rows(self, statement: str, *values: Any) -> Generator[Any]:
        """The rows of a query, read as they are iterated; nothing else may use the tables meanwhile."""
        with self._lock, _sqlite_errors(self.path):
            yield from self._connection.execute(statement, values)


def _check(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
    """Make the tables of a new journal; raises FileError for a file that is not one, is damaged or is newer."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if create and (mark, version, tables) == (0, 0, 0):
        connection.executescript(
            f"BEGIN; {_TABLES} PRAGMA application_id = {_MARK}; PRAGMA user_version = {VERSION}; COMMIT;"
        )
        return
    if mark != _MARK:
        raise FileError(f"{path} is not the journal of an archive; use another directory", filename=str(path))
    if version != VERSION:
        raise FileError(
            f"{path} has version {version}, and this release of rum-replay reads version {VERSION} only: use the "
            "release that wrote it, or a newer one",
            filename=str(path),
        )
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise _damaged(path, found.splitlines()[-1])
