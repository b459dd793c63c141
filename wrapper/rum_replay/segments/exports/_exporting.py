"""Recordings exported to a data set of files."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import attrs

from ..._arguments import check_flag, check_hook, check_text
from ..._errors import InvalidRequestError
from ..._files import NewFile
from .._recording import Recording, View
from .._work.by_session import FailedSource, Recordings, SessionPlan, SessionProgress, check_executor, items_in
from .._work.jobs import Job
from ..summary import SessionSummary, ViewSummary, sessions_of
from ..summary._summarizer import ViewSummarizer
from ._columns import Table, batches, day_of
from ._earlier import Earlier, Written
from ._partitions import Dataset, file_stem, partition
from ._record_table import RECORDS, record_rows
from ._summary_tables import SESSIONS, VIEWS
from ._targets import Target, target_of
from ._whole_tables import write_pieces, write_whole_tables
from ._writers import WRITERS, require_pyarrow

__all__ = ["FORMATS", "Export", "Format", "export"]

T = TypeVar("T")
Summarized = TypeVar("Summarized", ViewSummary, SessionSummary)

Format = Literal["jsonl", "csv", "parquet"]

FORMATS = WRITERS
"""The writer for each format, by the ending of its files."""


@attrs.frozen(kw_only=True)
class Export:
    """What was written."""

    folder: Path | str
    """A URL if that was given."""

    format: Format
    files: tuple[Path, ...] = attrs.field(repr=False)
    """All files of these recordings, in their order: first those of views, then those of sessions; of sources and with
    an executor, session by session. Empty if `folder` is a URL."""

    rows: dict[str, int] = attrs.field(hash=False)
    """Numbers of rows written, by table; those of sessions that were up to date included."""

    up_to_date: int = 0
    """Number of sessions that were not written again, because the files were of the same bytes already."""

    urls: tuple[str, ...] = attrs.field(default=(), repr=False)
    """The same, if `folder` is a URL."""

    failed: tuple[FailedSource, ...] = ()
    """What could not be read, and is not in the tables."""


def export(
    recordings: Recordings,
    folder: str | os.PathLike[str],
    *,
    format: Format = "parquet",
    one_file_per_table: bool = False,
    executor: Executor | None = None,
    force: bool = False,
    progress: Callable[[SessionProgress], object] | None = None,
) -> Export:
    """Write the tables `records`, `views` and `sessions` to a folder, one file for each view and session.

    The files are in Hive partitions by application and by the day in UTC on which the view or session began. Earlier
    exports of the same view or session in the same format are replaced, each file as a whole; everything else in the
    folder is kept. The same recordings give the same bytes, with any `executor` and without one. A session's row covers
    the views that are exported together, so export all views of a session in one call; of a view that occurs twice, the
    last occurrence counts. Needs memory for one batch of records at a time, however many records there are.

    With `one_file_per_table` there are no partitions but three files, such as `records.csv`, with the column
    `application_id` before the others. They replace those of earlier exports as a whole. Of a view that occurs twice,
    the first occurrence counts, since rows cannot be taken back. Views are in the order of the recordings, and in each
    by their start; sessions are by their start.

    Give sources instead of recordings, such as paths of folders, and each session is opened when its turn comes. What
    cannot be read is listed in `failed`, and the rest is exported. What was exported from the same bytes before is not
    exported again, unless `force` is true: a list in the folder, `_rum_replay_export.manifest`, has the sums.

    With an `executor`, of threads, processes or a Dask cluster (`Client.get_executor()`), workers do this session by
    session, and write to the folder, which they must have under the same path. They open files themselves, so give
    paths: recordings were read here already, and are read again by the workers; what is not a file is sent to them if
    it is held in memory, and exported here if not. Few tasks are in flight at a time. A worker that dies is replaced,
    and what it did is tried twice more. `progress` is called after each session of sources, or of an executor.

    Sources and the folder may be URLs, such as `s3://bucket/tables`, with the extra `remote`. What is written there is
    written to a temporary folder first, and each file arrives as a whole where the place takes only whole files, as S3
    does. With `one_file_per_table`, workers need that temporary folder under the same path.

    Raises InvalidRequestError for an unknown format, for arguments of other types, and if the executor was shut down;
    FileError if the folder cannot be written to; SegmentError if a recording cannot be read again; ConfigurationError
    if the format is `parquet` and pyarrow is not installed, or if the workers of the executor cannot do any work. If no
    source can be read, the error of the first is raised.
    """
    options = _Options(
        target=target_of(folder),
        format=format,
        one_file_per_table=one_file_per_table,
        force=force,
        progress=progress,
    )
    check_executor(executor)
    items, are_recordings = items_in(recordings)
    target = options.target
    with target.open():
        if executor is None and are_recordings:
            return _export_recordings(cast("Iterable[Recording]", items), options)
        kind = f"{options.format} {'tables' if options.one_file_per_table else 'partitions'}"
        earlier = Earlier(target.folder, kind, target.now)
        plan = SessionPlan(items, executor, needs_sums=True, before=earlier.together)
        work = _export_whole_tables if options.one_file_per_table else _export_partitions
        return work(plan, earlier, options)


@attrs.frozen(kw_only=True)
class _Options:
    """How to export; checked."""

    target: Target
    format: Format
    one_file_per_table: bool
    force: bool
    progress: Callable[[SessionProgress], object] | None = None

    def __attrs_post_init__(self) -> None:
        if check_text("format", self.format) not in FORMATS:
            raise InvalidRequestError(f"there is no export format {self.format!r}; use {', '.join(FORMATS)}")
        check_flag("one_file_per_table", self.one_file_per_table)
        check_flag("force", self.force)
        check_hook("progress", self.progress)
        if self.format == "parquet":
            require_pyarrow()


def _export_recordings(recordings: Iterable[Recording], options: _Options) -> Export:
    """Export recordings as they come."""
    target = options.target
    if options.one_file_per_table:
        tables = write_whole_tables(recordings, target.folder, options.format)
        names, rows = _names_in(target.folder, tables.files), tables.rows
        sessions = frozenset[str | None]()
    else:
        exporter = _exported(recordings, target.folder, options.format)
        names, rows = _names_in(target.folder, exporter.files), dict(exporter.row_counts)
        sessions = exporter.sessions
    files = target.arrived(names)
    target.noted(Written(sessions=sessions, files=files, rows=rows))
    return Export(format=options.format, **target.named(files), rows=rows)


def _names_in(folder: Path, files: Iterable[Path]) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in dict.fromkeys(files)]


def _export_partitions(plan: SessionPlan, earlier: Earlier, options: _Options) -> Export:
    """Export session by session; each is noted when it is done."""
    up_to_date: set[Job] = set()
    target = options.target

    def kept(job: Job) -> Written | None:
        found = None if options.force else earlier.find(job.sum)
        if found is not None:
            up_to_date.add(job)
        return found

    def note(job: Job, written: Written) -> None:
        earlier.note(job.sum, (part.seen.sum for part in job.parts), written)
        target.noted(written)

    work = partial(_export_session, folder=target.workers_folder, format=options.format)
    is_fatal = partial(target.is_fatal, tables=[table.name for table in (RECORDS, VIEWS, SESSIONS)])
    results = plan.results(work, progress=options.progress, kept=kept, note=note, is_fatal=is_fatal)
    rows = Counter({table.name: 0 for table in (RECORDS, VIEWS, SESSIONS)})
    for _, written in results:
        rows.update(written.rows)
    return Export(
        format=options.format,
        **target.named(file for _, written in results for file in written.files),
        rows=dict(rows),
        up_to_date=sum(len(written.sessions) for job, written in results if job in up_to_date),
        failed=tuple(plan.failed),
    )


def _export_session(job: Job, *, folder: str, format: Format) -> Written:
    """What a worker does."""
    target = target_of(folder)
    reasons: list[str | None] = []

    def recordings() -> Iterator[Recording]:
        for source in job.recordings():
            yield source.recording
            reasons.append(source.reason())

    exporter = _exported(recordings(), target.folder, format)
    return Written(
        sessions=exporter.sessions,
        files=target.arrived(_names_in(target.folder, exporter.files)),
        rows=dict(exporter.row_counts),
        reason=next(filter(None, reasons), None),
    )


def _export_whole_tables(plan: SessionPlan, earlier: Earlier, options: _Options) -> Export:
    """Export session by session into three files, unless these are of the same sources already."""
    target = options.target
    sums = [job.sum for job in plan.jobs]
    total = hashlib.sha256(b"".join(one or b"" for one in sums)).digest() if sums and None not in sums else None
    known = None if options.force or plan.failed else earlier.find(total)
    if known is not None:
        done = len(known.sessions)
        return Export(format=options.format, **target.named(known.files), rows=known.rows, up_to_date=done)
    tables, sessions = write_pieces(plan, target.folder, options.format, progress=options.progress)
    written = Written(sessions=sessions, files=target.arrived(_names_in(target.folder, tables.files)), rows=tables.rows)
    if not plan.failed:
        earlier.note(total, (), written)
    target.noted(written)
    return Export(
        format=options.format,
        **target.named(written.files),
        rows=tables.rows,
        failed=tuple(plan.failed),
    )


def _exported(recordings: Iterable[Recording], folder: Path, format: Format) -> _Exporter:
    """Write recordings to partitions; says what was written."""
    exporter = _Exporter(Dataset(folder, format))
    views: dict[tuple[str | None, str | None], ViewSummary] = {}
    for recording in recordings:
        for view in recording.views:
            views[view.session_id, view.id] = exporter.write_view(view)
    for session in sessions_of(views.values()):
        exporter.write_row(SESSIONS, session, file_stem(session.session_id))
    exporter.sessions = frozenset(session_id for session_id, _ in views)
    return exporter


class _Exporter:
    """Writes tables to a data set and counts rows."""

    def __init__(self, dataset: Dataset) -> None:
        self.files: list[Path] = []
        self.sessions: frozenset[str | None] = frozenset()
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
            for batch in batches(table.rows_of(groups)):
                writer.write(batch)
                self.row_counts[table.name] += len(batch)
                batch.clear()  # before the next one is made
        finally:
            writer.close()
