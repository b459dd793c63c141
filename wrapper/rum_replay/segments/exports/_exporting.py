"""Recordings to a data set of files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Literal, TypeVar

import attrs

from ..._errors import SegmentError
from .._recording import Recording, View
from ..summary import SessionSummary, ViewSummarizer, ViewSummary, sessions_of
from ._columns import Column, Row, Table, day_of
from ._parquet import ParquetWriter, require_pyarrow
from ._partitions import Dataset, NewFile, file_stem, partition
from ._record_table import RECORDS, record_rows
from ._summary_tables import SESSIONS, VIEWS
from ._writers import CsvWriter, JsonLinesWriter, Writer

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

# A batch is a row group in Parquet; texts are nearly all of it.
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
    """How many rows each table got."""


def export(
    recordings: Recording | Iterable[Recording], folder: str | os.PathLike[str], *, format: Format = "parquet"
) -> Export:
    """Write the tables `records`, `views` and `sessions` to a folder, a file for each view and session.

    The files stand in Hive partitions by application and by the day in UTC on which the view or session began. What
    was exported of the same view or session before, in the same format, is replaced, each file as a whole; everything
    else in the folder stays. The same recordings give the same bytes. A session's row tells of the views that are
    exported together, so export all views of a session in one call; a view that comes twice counts as it came last.
    Takes memory for a batch of records at a time, whatever the number of records.

    Raises SegmentError for a format that there is not, for a folder that cannot be written to and for a recording
    that cannot be read again; ConfigurationError where the format is `parquet` and pyarrow is not installed.
    """
    if format not in FORMATS:
        raise SegmentError(f"there is no export format {format!r}; use {', '.join(FORMATS)}")
    if format == "parquet":
        require_pyarrow()
    exporter = _Exporter(Dataset(Path(folder), format))
    views: dict[tuple[str | None, str | None], ViewSummary] = {}
    for recording in (recordings,) if isinstance(recordings, Recording) else recordings:
        for view in recording.views:
            views[view.session_id, view.id] = exporter.write_view(view)
    for session in sessions_of(views.values()):
        exporter.write_row(SESSIONS, session, file_stem(session.session_id))
    files = tuple(dict.fromkeys(exporter.files))
    return Export(folder=Path(folder), format=format, files=files, rows=dict(exporter.rows))


class _Exporter:
    """Writes tables to a data set and keeps count."""

    def __init__(self, dataset: Dataset) -> None:
        self.files: list[Path] = []
        self.rows: dict[str, int] = {table.name: 0 for table in (RECORDS, VIEWS, SESSIONS)}
        self._dataset = dataset

    def write_view(self, view: View) -> ViewSummary:
        """A view's records and then its row."""
        stem = file_stem(view.session_id, view.id)
        summarizer = ViewSummarizer(view)
        with self._dataset.new_file(RECORDS.name, stem) as new:
            self._write(new, RECORDS, record_rows(view, summarizer))
            summary = summarizer.summary()
            new.partition = _partition(summary)
        self.files.append(new.path)
        self.write_row(VIEWS, summary, stem)
        return summary

    def write_row(self, table: Table[Summarized], of: Summarized, stem: str) -> None:
        """A file of one row."""
        with self._dataset.new_file(table.name, stem) as new:
            self._write(new, table, (of,))
            new.partition = _partition(of)
        self.files.append(new.path)

    def _write(self, new: NewFile, table: Table[T], of: Iterable[T]) -> None:
        writer = FORMATS[self._dataset.ending](new.content, table.columns)
        try:
            for batch in _batches(map(table.row, of)):
                writer.write(batch)
                self.rows[table.name] += len(batch)
                batch.clear()  # before the next one is made
        finally:
            writer.close()


def _partition(of: ViewSummary | SessionSummary) -> str:
    return partition(of.application_id, day_of(of.start))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
