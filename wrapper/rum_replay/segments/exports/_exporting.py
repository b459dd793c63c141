"""Recordings exported to a data set of files."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, Generic, Literal, TypeVar

import attrs

from ..._arguments import check_flag, check_path, check_text
from ..._errors import InvalidRequestError
from ..._files import NewFile, file_errors, missing_folders, new_file, remove_empty_folders
from .._recording import Recording, View, recordings_in
from ..summary import SessionSummary, ViewSummary, sessions_of
from ..summary._summarizer import ViewSummarizer
from ._columns import Column, ColumnType, Row, Table, Value, day_of
from ._partitions import Dataset, file_stem, partition
from ._record_table import RECORDS, record_rows
from ._summary_tables import SESSIONS, VIEWS
from ._writers import CsvWriter, JsonLinesWriter, ParquetWriter, Writer, require_pyarrow

__all__ = ["FORMATS", "Export", "Format", "export"]

T = TypeVar("T")
Summarized = TypeVar("Summarized", ViewSummary, SessionSummary)

Format = Literal["jsonl", "csv", "parquet"]

FORMATS: Mapping[str, Callable[[IO[bytes], Sequence[Column[Any]]], Writer]] = {
    "jsonl": JsonLinesWriter,
    "csv": CsvWriter,
    "parquet": ParquetWriter,
}
"""The writer for each format, by the ending of its files."""

# A batch is a row group in Parquet; nearly all of it is text.
_BATCH_ROWS = 5_000
_BATCH_BYTES = 8 << 20


@attrs.frozen(kw_only=True)
class Export:
    """What was written."""

    folder: Path
    format: Format
    files: tuple[Path, ...] = attrs.field(repr=False)
    """All files, in the order in which they were written."""

    rows: dict[str, int] = attrs.field(hash=False)
    """Numbers of rows written, by table."""


def export(
    recordings: Recording | Iterable[Recording],
    folder: str | os.PathLike[str],
    *,
    format: Format = "parquet",
    one_file_per_table: bool = False,
) -> Export:
    """Write the tables `records`, `views` and `sessions` to a folder, one file for each view and session.

    The files are in Hive partitions by application and by the day in UTC on which the view or session began. Earlier
    exports of the same view or session in the same format are replaced, each file as a whole; everything else in the
    folder is kept. The same recordings give the same bytes. A session's row covers the views that are exported
    together, so export all views of a session in one call; of a view that occurs twice, the last occurrence counts.
    Needs memory for one batch of records at a time, however many records there are.

    With `one_file_per_table` there are no partitions but three files, such as `records.csv`, with the column
    `application_id` before the others. They replace those of earlier exports as a whole. Of a view that occurs twice,
    the first occurrence counts, since rows cannot be taken back.

    Raises InvalidRequestError for an unknown format and for arguments of other types; FileError if the folder
    cannot be written to; SegmentError if a recording cannot be read again; ConfigurationError if the format is
    `parquet` and pyarrow is not installed.
    """
    if check_text("format", format) not in FORMATS:
        raise InvalidRequestError(f"there is no export format {format!r}; use {', '.join(FORMATS)}")
    path = Path(check_path("folder", folder))
    check_flag("one_file_per_table", one_file_per_table)
    if format == "parquet":
        require_pyarrow()
    made = missing_folders(path)
    try:
        write = _export_whole_tables if one_file_per_table else _export_partitions
        return write(recordings_in(recordings), path, format)
    except BaseException:
        remove_empty_folders(made)
        raise


def _export_partitions(recordings: Iterable[Recording], folder: Path, format: Format) -> Export:
    exporter = _Exporter(Dataset(folder, format))
    views: dict[tuple[str | None, str | None], ViewSummary] = {}
    for recording in recordings:
        for view in recording.views:
            views[view.session_id, view.id] = exporter.write_view(view)
    for session in sessions_of(views.values()):
        exporter.write_row(SESSIONS, session, file_stem(session.session_id))
    return Export(
        folder=folder, format=format, files=tuple(dict.fromkeys(exporter.files)), rows=dict(exporter.row_counts)
    )


def _export_whole_tables(recordings: Iterable[Recording], folder: Path, format: Format) -> Export:
    with file_errors(folder, "written"):
        folder.mkdir(parents=True, exist_ok=True)
    views: dict[tuple[str | None, str | None], ViewSummary] = {}
    with (
        _whole_table(folder, format, RECORDS, attrgetter("view.application_id")) as records,
        _whole_table(folder, format, VIEWS, attrgetter("application_id")) as view_rows,
        _whole_table(folder, format, SESSIONS, attrgetter("application_id")) as session_rows,
    ):
        for recording in recordings:
            for view in recording.views:
                if (view.session_id, view.id) in views:
                    continue
                summarizer = ViewSummarizer(view)
                records.write(record_rows(view, summarizer))
                views[view.session_id, view.id] = summarizer.summary()
                view_rows.write([[views[view.session_id, view.id]]])
        session_rows.write([sessions_of(views.values())])
    tables = (records, view_rows, session_rows)
    return Export(
        folder=folder,
        format=format,
        files=tuple(table.path for table in tables),
        rows={table.table.name: table.row_count for table in tables},
    )


@attrs.define
class _WholeTable(Generic[T]):
    """A table that goes to one file."""

    path: Path
    table: Table[T]
    _writer: Writer
    row_count: int = 0

    def write(self, groups: Iterable[Iterable[T]]) -> None:
        for batch in _batches(chain.from_iterable(map(self.table.rows, groups))):
            with file_errors(self.path, "written"):
                self._writer.write(batch)
            self.row_count += len(batch)
            batch.clear()  # before the next one is made


@contextmanager
def _whole_table(
    folder: Path, format: Format, table: Table[T], application_id: Callable[[T], Value]
) -> Generator[_WholeTable[T]]:
    """A table to write; its file is put in its place once it is whole."""
    application = Column[T]("application_id", ColumnType.TEXT, application_id, "id of the application")
    extended = Table(table.name, (application, *table.columns))
    with new_file(folder / f"{table.name}.{format}") as new:
        writer = FORMATS[format](new.content, extended.columns)
        try:
            yield _WholeTable(new.path, extended, writer)
        finally:
            with file_errors(new.path, "written"):
                writer.close()


class _Exporter:
    """Writes tables to a data set and counts rows."""

    def __init__(self, dataset: Dataset) -> None:
        self.files: list[Path] = []
        self.row_counts: dict[str, int] = {table.name: 0 for table in (RECORDS, VIEWS, SESSIONS)}
        self._dataset = dataset

    def write_view(self, view: View) -> ViewSummary:
        """A view's records and then its row."""
        stem = file_stem(view.session_id, view.id)
        summarizer = ViewSummarizer(view)
        with self._dataset.new_file(RECORDS.name, stem) as new:
            self._write_rows(new, RECORDS, record_rows(view, summarizer))
            summary = summarizer.summary()
            new.path = self._path(summary, RECORDS, stem)
        self.files.append(new.path)
        self.write_row(VIEWS, summary, stem)
        return summary

    def write_row(self, table: Table[Summarized], summary: Summarized, stem: str) -> None:
        """A file with one row."""
        with self._dataset.new_file(table.name, stem) as new:
            self._write_rows(new, table, [[summary]])
            new.path = self._path(summary, table, stem)
        self.files.append(new.path)

    def _path(self, summary: ViewSummary | SessionSummary, table: Table[Any], stem: str) -> Path:
        folder = partition(summary.application_id, day_of(summary.start))
        return self._dataset.path_in(folder, table.name, stem)

    def _write_rows(self, new: NewFile, table: Table[T], groups: Iterable[Iterable[T]]) -> None:
        writer = FORMATS[self._dataset.ending](new.content, table.columns)
        try:
            for batch in _batches(chain.from_iterable(map(table.rows, groups))):
                writer.write(batch)
                self.row_counts[table.name] += len(batch)
                batch.clear()  # before the next one is made
        finally:
            writer.close()


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum([len(value) for value in row if type(value) is str])
        if len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
