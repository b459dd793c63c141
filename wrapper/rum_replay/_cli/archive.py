"""`rum-replay archive`: all recordings of many sessions, and their events, in a folder that later runs go on with."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from .._times import rfc3339
from .arguments import complete_folder
from .commands import ApiCommand, CommandError, Settings, on_interrupt
from .ids import from_option, session_ids
from .output import Columns, counted
from .searching import SINCE, complete_query, period_options
from .segments.workers import Workers, worker_options

if TYPE_CHECKING:
    from .. import ArchiveFailure, ArchiveProgress, ArchiveStatus
    from .progress import Task

__all__ = ["archive"]

_FAILURES_SHOWN = 50
"""In a table; other forms of output list all."""

_COLUMNS: Columns[ArchiveFailure] = {
    "session": lambda failure: failure.session_id,
    "view": lambda failure: failure.view_id,
    "playlist": lambda failure: failure.playlist_id,
    "error": lambda failure: failure.error,
    "reason": lambda failure: failure.message,
}
_UNITS = {"searching": "sessions", "adding": "sessions", "downloading": "views"}


def _complete_words(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [*complete_query(ctx, parameter, incomplete), *complete_folder(ctx, parameter, incomplete)]


@click.command("archive", cls=ApiCommand)
@click.argument("words", metavar="[QUERY] DIRECTORY", nargs=-1, required=True, shell_complete=_complete_words)
@click.option(
    "--sessions",
    "sessions",
    metavar="IDS",
    multiple=True,
    help="Instead of QUERY: session ids, separated by commas; repeatable. `-`: from standard input, one per line.",
)
@from_option
@period_options("7 days ago, and for ids 30 days ago, as long as events are kept")
@click.option(
    "--concurrency",
    type=click.IntRange(1),
    default=8,
    show_default=True,
    metavar="N",
    help="Views to fetch at a time; all share the rate limits.",
)
@click.option("--keep-in", "playlist", metavar="PLAYLIST", help="Also add each session to this playlist.")
@click.option("--retry-failed", is_flag=True, help="Also try again what failed in earlier runs.")
@click.option("--status", "only_status", is_flag=True, help="Only show what DIRECTORY holds; makes no request.")
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Only compare what DIRECTORY holds with the sums of what was downloaded; makes no request.",
)
@worker_options
@click.pass_obj
def archive(
    settings: Settings,
    *,
    words: tuple[str, ...],
    sessions: tuple[str, ...],
    from_files: tuple[Path, ...],
    start: datetime | int | None,
    end: datetime | int | None,
    concurrency: int,
    playlist: str | None,
    retry_failed: bool,
    only_status: bool,
    only_check: bool,
    jobs: int | None,
    dask: str | None,
) -> None:
    """Download many sessions and their events.

    All views of all sessions that QUERY finds are downloaded. It is that of `sessions search`, in quotes for the shell,
    such as '@view.error.count:>0', or '*' for every session with a replay. DIRECTORY gets a folder for each view,
    application_id=.../day=.../SESSION/VIEW, which the commands of `segments` read as a whole, and a journal.

    To go on after an interrupt, or to add what is new, run the command again: only what is new is fetched, and views
    of sessions that had not ended are looked at again. What failed is listed, the exit status is then 1, and
    --retry-failed tries it again. --check compares what is on disk with the sums of what was downloaded; what is
    damaged counts as failed from then on.

    With --keep-in, each session is added to a playlist once it has ended. With the permission rum_extend_retention, by
    default held by Admins only, adding also keeps the replay, but not its events, for up to 15 months from that day,
    which Datadog may bill. No answer shows whether that is on.
    """
    gives_ids = bool(sessions or from_files)
    wanted = ("DIRECTORY",) if gives_ids or only_status or only_check else ("QUERY", "DIRECTORY")
    if len(words) != len(wanted):
        fault = "Missing argument" if len(words) < len(wanted) else "Too many arguments"
        raise click.UsageError(f"{fault}: give {' and '.join(wanted)} alone", click.get_current_context())
    directory = Path(words[-1])
    if words[-1] == "-":
        raise click.UsageError("an archive consists of many files: name a directory, not -")
    workers = Workers(settings, jobs, dask)
    if only_check:
        _check(settings, directory, workers)
        return
    if jobs is not None or dask is not None:
        raise click.UsageError("--jobs and --dask are for --check: how many views are fetched is --concurrency")
    if only_status:
        from .. import archive_status

        status = archive_status(directory)
        _report(settings, status)
        for problem in _problems(status):
            settings.output.say(problem)
        return
    given = [one.strip() for several in sessions for one in several.split(",") if one.strip()]
    what = session_ids(given, from_files, option="--sessions") if gives_ids else words[0]
    options: dict[str, Any] = {
        "start": SINCE if start is None and not gives_ids else start,
        "end": end,
        "concurrency": concurrency,
        "keep_in": playlist,
        "retry_failed": retry_failed,
    }
    status = _filled(settings, what, directory, options)
    _report(settings, status)
    if problems := list(_problems(status)):
        raise CommandError("; ".join(problems))


def _check(settings: Settings, directory: Path, workers: Workers) -> None:
    from .. import archive_status, check_archive

    with (
        on_interrupt(lambda: f"what was found to be damaged is noted in {directory}; run the same command again"),
        settings.progress.work("checking", unit="views") as task,
        workers.executor() as executor,
    ):

        def note(progress: ArchiveProgress) -> None:
            task.completed, task.total = progress.completed, progress.total

        found = check_archive(directory, executor=executor, progress=note)
        failed = archive_status(directory).failed - len(found.damaged)
    output = settings.output
    if found.damaged or output.form != "table":
        output.items(found.damaged, _COLUMNS, _failure_as_json, keep_all=True)
    as_json = {
        "type": "archive_check",
        "directory": str(found.directory),
        "views": found.views,
        "size": found.size,
        "damaged": len(found.damaged),
        "failed_before": failed,
    }
    whole = f"{found.directory}: {counted(found.views, 'view')} as downloaded, {counted(found.size, 'byte')}"
    before = f"; {failed} failed before, which --status lists" if failed else ""
    if output.form != "csv":
        output.result(f"{whole}{before}", as_json, one_of_several=True)
    if found.damaged:
        raise CommandError(f"{len(found.damaged)} damaged; --retry-failed fetches them again")


def _filled(settings: Settings, what: str | Sequence[str], directory: Path, options: dict[str, Any]) -> ArchiveStatus:
    import anyio

    from .. import PartialResultWarning
    from .. import archive as fill

    async def run(task: Task) -> ArchiveStatus:
        async with settings.async_client() as client:
            progress = partial(_show, settings, task)
            task.is_long = True
            return await fill(client, what, directory, progress=progress, **options)

    with (
        on_interrupt(lambda: f"whole pages stay in {directory}; run the same command again to go on"),
        warnings.catch_warnings(),
        settings.progress.work("searching", unit="sessions") as task,
    ):
        warnings.simplefilter("ignore", PartialResultWarning)  # the last line says it
        return anyio.run(run, task)


def _show(settings: Settings, task: Task, progress: ArchiveProgress) -> None:
    if task.doing != progress.doing:
        settings.progress.begin(task, progress.doing, unit=_UNITS[progress.doing], total=progress.total)
    task.completed = progress.completed
    size = f"{progress.size / 1e6:,.1f} MB" if progress.size else ""
    failed = f"{progress.failed} failed" if progress.failed else ""
    task.name = ", ".join(filter(None, (size, failed)))


def _report(settings: Settings, status: ArchiveStatus) -> None:
    output = settings.output
    if output.form != "table":
        if output.prints_objects:
            output.items(status.failures(), _COLUMNS, _failure_as_json)
        output.json(_as_json(status))
        return
    if status.failed:
        output.items(islice(status.failures(), _FAILURES_SHOWN), _COLUMNS, _failure_as_json, keep_all=True)
        if status.failed > _FAILURES_SHOWN:
            output.say(f"and {status.failed - _FAILURES_SHOWN} more, which --json lists")
    for sentence in _sentences(status):
        output.say(sentence)


def _sentences(status: ArchiveStatus) -> Iterator[str]:
    without = f", {counted(status.without_segments, 'view')} without segments" if status.without_segments else ""
    yield (
        f"{status.directory}: {counted(status.sessions, 'session')}, {counted(status.saved, 'view')} with "
        f"{counted(status.size, 'byte')} of segments{without}"
    )
    end = "" if status.finished else "; it is going on, or was stopped"
    started = "" if status.started_at is None else f" ({rfc3339(status.started_at, 'seconds')})"
    yield f"last run{started}: {counted(status.fetched, 'view')} fetched, {counted(status.fetched_size, 'byte')}{end}"
    if status.waiting:
        yield f"{counted(status.waiting, 'view')} still to be fetched: run the command again"
    if status.running:
        yield f"{counted(status.running, 'session')} had not ended: the next run looks at them again"
    if status.in_playlists:
        yield (
            f"{counted(status.in_playlists, 'session')} added to playlists: this keeps the replays longer only with "
            "the permission rum_extend_retention, and no answer shows whether it does"
        )
    if status.not_in_playlists:
        yield f"{counted(status.not_in_playlists, 'session')} still to be added to playlists, once they have ended"


def _problems(status: ArchiveStatus) -> Iterator[str]:
    if status.failed:
        yield f"{status.failed} failed; --retry-failed tries again"
    if status.partial:
        yield f"not everything was found: {'; '.join(status.partial)}"


def _failure_as_json(failure: ArchiveFailure) -> dict[str, Any]:
    return {
        "type": "archive_failure",
        "session_id": failure.session_id,
        "view_id": failure.view_id,
        "playlist_id": failure.playlist_id,
        "error": failure.error,
        "message": failure.message,
    }


def _as_json(status: ArchiveStatus) -> dict[str, Any]:
    return {
        "type": "archive",
        "directory": str(status.directory),
        "sessions": status.sessions,
        "views": status.views,
        "saved": status.saved,
        "without_segments": status.without_segments,
        "failed": status.failed,
        "waiting": status.waiting,
        "running": status.running,
        "size": status.size,
        "fetched": status.fetched,
        "fetched_size": status.fetched_size,
        "in_playlists": status.in_playlists,
        "not_in_playlists": status.not_in_playlists,
        "partial": list(status.partial),
        "finished": status.finished,
        "started_at": None if status.started_at is None else rfc3339(status.started_at),
    }
