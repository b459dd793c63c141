"""One file per table: written as the views come, or put together from pieces that workers wrote of each session.

A piece of `records` is what the whole file holds of a view: lines of JSON or CSV, or the batches that become row groups
of Parquet. Rows of the other tables are few, and go as values. So the files are the same with any workers.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

import attrs
import msgspec

from ..._errors import FileError, ReplayError
from ..._files import file_errors, lock, new_file
from .._recording import Recording
from .._work.by_session import SessionPlan, SessionProgress
from .._work.jobs import Job, ViewPlace, places_of
from ..summary import ViewSummary, sessions_of
from ..summary._summarizer import ViewSummarizer
from ._columns import Column, ColumnType, Row, Table, Value, batches
from ._record_table import RECORDS, record_rows
from ._summary_tables import SESSIONS, VIEWS
from ._writers import PIECES, WRITERS, PieceWriter, Writer

__all__ = ["is_about_files_in", "write_pieces", "write_whole_tables"]

T = TypeVar("T")
_Span = tuple[int, int]
_PIECES = re.compile(r"\.pieces-[0-9a-f]{16}\.part")


@attrs.define
class _WholeTable(Generic[T]):
    """A table that goes to one file."""

    path: Path
    table: Table[T]
    _writer: Writer
    row_count: int = 0

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows, in batches of their own."""
        for batch in batches(rows):
            with file_errors(self.path, "written"):
                self._writer.write(batch)
            self.row_count += len(batch)
            batch.clear()  # before the next one is made

    def copy(self, pieces: Path, span: _Span, row_count: int) -> None:
        """Write rows that a worker wrote."""
        with file_errors(self.path, "written"):
            self._writer.copy(pieces, *span)
        self.row_count += row_count


@attrs.frozen
class _WholeTables:
    """The three tables."""

    records: _WholeTable[Any]
    views: _WholeTable[Any]
    sessions: _WholeTable[Any]

    @property
    def files(self) -> tuple[Path, ...]:
        """All files, in order."""
        return tuple(table.path for table in (self.records, self.views, self.sessions))

    @property
    def rows(self) -> dict[str, int]:
        """Numbers of rows, by table."""
        return {table.table.name: table.row_count for table in (self.records, self.views, self.sessions)}


def _extended(table: Table[T], application_id: Callable[[T], Value]) -> Table[T]:
    application = Column[T]("application_id", ColumnType.TEXT, application_id, "id of the application")
    return Table(table.name, (application, *table.columns))


_RECORDS = _extended(RECORDS, attrgetter("view.application_id"))
_VIEWS = _extended(VIEWS, attrgetter("application_id"))
_SESSIONS = _extended(SESSIONS, attrgetter("application_id"))


@contextmanager
def _whole_table(folder: Path, format: str, table: Table[T]) -> Generator[_WholeTable[T]]:
    """A table to write; its file is put in its place once it is whole."""
    with new_file(folder / f"{table.name}.{format}") as new:
        writer = WRITERS[format](new.content, table.columns)
        try:
            yield _WholeTable(new.path, table, writer)
        finally:
            with file_errors(new.path, "written"):
                writer.close()


@contextmanager
def _whole_tables(folder: Path, format: str) -> Generator[_WholeTables]:
    """The three tables, to be written."""
    with file_errors(folder, "written"):
        folder.mkdir(parents=True, exist_ok=True)
    with (
        _whole_table(folder, format, _RECORDS) as records,
        _whole_table(folder, format, _VIEWS) as views,
        _whole_table(folder, format, _SESSIONS) as sessions,
    ):
        yield _WholeTables(records, views, sessions)


def write_whole_tables(recordings: Iterable[Recording], folder: Path, format: str) -> _WholeTables:
    """Write recordings as they come; of a view that occurs twice, the first occurrence counts."""
    summaries: dict[tuple[str | None, str | None], ViewSummary] = {}
    with _whole_tables(folder, format) as tables:
        for recording in recordings:
            for view in recording.views:
                if (view.session_id, view.id) in summaries:
                    continue
                summarizer = ViewSummarizer(view)
                tables.records.write(_RECORDS.rows_of(record_rows(view, summarizer)))
                summaries[view.session_id, view.id] = summarizer.summary()
        tables.views.write(_VIEWS.rows(summaries.values()))
        tables.sessions.write(_SESSIONS.rows(sessions_of(summaries.values())))
    return tables


@attrs.frozen
class _Piece:
    """What there is of a view or session."""

    name: str
    """Of the files of pieces that have it."""

    row: _Span
    records: _Span = (0, 0)
    record_count: int = 0


@attrs.frozen(kw_only=True)
class SessionPieces:
    """What a worker wrote of a job."""

    sessions: frozenset[str | None]
    reason: str | None
    views: tuple[tuple[ViewPlace, _Piece], ...]
    session_rows: tuple[tuple[tuple[bool, float, ViewPlace], _Piece], ...]


def write_pieces(
    plan: SessionPlan, folder: Path, format: str, *, progress: Callable[[SessionProgress], object] | None
) -> tuple[_WholeTables, frozenset[str | None]]:
    """Let workers write pieces of each session of a plan, and put these together; also gives the sessions.

    Views come source by source, and in each by their start; sessions by their start.
    """
    with file_errors(folder, "written"), _folder_for_pieces(folder) as pieces:
        work = partial(_write_session, folder=str(pieces), format=format)
        found = [result for _, result in plan.results(work, progress=progress, is_fatal=is_about_files_in(pieces))]
        views = sorted((view for result in found for view in result.views), key=_place)
        sessions = sorted((session for result in found for session in result.session_rows), key=_place)
        with _whole_tables(folder, format) as tables:
            for _, piece in views:
                tables.records.copy(pieces / f"{piece.name}.records", piece.records, piece.record_count)
            tables.views.write(_rows(pieces, views))
            tables.sessions.write(_rows(pieces, sessions))
    return tables, frozenset(session for result in found for session in result.sessions)


def is_about_files_in(*folders: Path) -> Callable[[ReplayError], bool]:
    """Whether an error is about a file in one of these folders, or the folder itself."""

    def is_about_them(error: ReplayError) -> bool:
        if not isinstance(error, FileError) or error.filename is None:
            return False
        path = Path(error.filename)
        return any(path == folder or folder in path.parents for folder in folders)

    return is_about_them


def _place(one: tuple[Any, _Piece]) -> Any:
    return one[0]


def _rows(folder: Path, pieces: Iterable[tuple[object, _Piece]]) -> Iterable[Row]:
    for _, piece in pieces:
        with (folder / f"{piece.name}.rows").open("rb") as file:
            file.seek(piece.row[0])
            yield msgspec.msgpack.decode(file.read(piece.row[1] - piece.row[0]))


def _write_session(job: Job, *, folder: str, format: str) -> SessionPieces:
    """What a worker does."""
    name = secrets.token_hex(8)  # not that of the job, which two workers may do if one is taken for dead
    summaries: dict[tuple[str | None, str | None], ViewSummary] = {}
    places: dict[tuple[str | None, str | None], ViewPlace] = {}
    views: list[tuple[ViewPlace, _Piece]] = []
    reason: str | None = None
    records_path, rows_path = (Path(folder, f"{name}.{ending}") for ending in ("records", "rows"))
    with (
        file_errors(records_path, "written"),
        records_path.open("wb") as records_file,
        rows_path.open("wb") as rows,
        _closing(PIECES[format](records_file, _RECORDS.columns)) as records,
    ):
        for source in job.recordings():
            reason = reason or source.reason()
            for place, view in places_of(source):
                key = view.session_id, view.id
                if key in summaries:
                    continue
                summarizer, start, count = ViewSummarizer(view), records.position, 0
                for batch in batches(_RECORDS.rows_of(record_rows(view, summarizer))):
                    records.write(batch)
                    count += len(batch)
                    batch.clear()
                summary = summaries[key] = summarizer.summary()
                places[key] = place
                row = _write_row(rows, _VIEWS, summary)
                views.append((place, _Piece(name, row, (start, records.position), count)))
        session_rows: list[tuple[tuple[bool, float, ViewPlace], _Piece]] = []
        for session in sessions_of(summaries.values()):
            first = min(places[view.session_id, view.view_id] for view in session.views)
            session_place = (session.start is None, session.start or 0, first)
            session_rows.append((session_place, _Piece(name, _write_row(rows, _SESSIONS, session))))
    return SessionPieces(
        sessions=frozenset(session_id for session_id, _ in summaries),
        reason=reason,
        views=tuple(views),
        session_rows=tuple(session_rows),
    )


def _write_row(file: IO[bytes], table: Table[T], item: T) -> _Span:
    start = file.tell()
    (row,) = table.rows((item,))
    file.write(msgspec.msgpack.encode(row))
    return start, file.tell()


@contextmanager
def _closing(writer: PieceWriter) -> Generator[PieceWriter]:
    try:
        yield writer
    finally:
        writer.close()


@contextmanager
def _folder_for_pieces(folder: Path) -> Generator[Path]:
    """A folder that is gone afterwards, as are those that killed processes left."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        if _PIECES.fullmatch(left.name) is not None and not left.is_symlink():
            _remove_unless_used(left)
    pieces = folder / f".pieces-{secrets.token_hex(8)}.part"
    pieces.mkdir(mode=0o700)
    try:
        with (pieces / "lock").open("wb") as held:
            lock(held.fileno())
            yield pieces
    finally:
        shutil.rmtree(pieces, ignore_errors=True)


def _remove_unless_used(pieces: Path) -> None:
    with suppress(OSError), (pieces / "lock").open("rb+") as held:
        if lock(held.fileno()):
            shutil.rmtree(pieces, ignore_errors=True)
