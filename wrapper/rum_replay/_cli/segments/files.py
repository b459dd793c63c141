"""`rum-replay segments play`, `heatmap` and `export`: files that are made of recordings."""

from __future__ import annotations

import os
import shutil
import sys
import webbrowser
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

import click

from ..._files import file_error
from ..arguments import complete_folder, sources_argument, time_option
from ..commands import Command, CommandError, Settings, on_interrupt
from ..output import counted
from .recordings import counting, open_recording, opened_one_by_one, progress_of_sessions
from .workers import Workers, check_failed, failures_as_json, worker_options

if TYPE_CHECKING:
    from ...segments.exports import Format

__all__ = ["export", "heatmap", "play"]

_STANDARD_OUTPUT = Path("-")


def _as_standard_output(_: click.Context, __: click.Parameter, output: Path) -> Path:
    """`-` for standard output under another name, such as /dev/stdout."""
    with suppress(OSError, ValueError):  # a file that does not exist yet; a stream without a file
        if os.path.samestat(output.stat(), os.fstat(sys.stdout.fileno())):
            return _STANDARD_OUTPUT
    return output


@contextmanager
def _destination(output: Path, ending: str, settings: Settings) -> Generator[Path]:
    """Where to write a file: `output` itself, or a temporary file that is then copied to standard output for `-`.

    So nothing arrives there unless all of it does. Raises a usage error if standard output cannot take a file.
    """
    if output != _STANDARD_OUTPUT:
        yield output
        return
    if settings.json:
        raise click.UsageError("--output - and --json exclude each other: both write to standard output")
    if sys.stdout.isatty():
        raise click.UsageError("standard output is a terminal: name a file, or redirect the output to one")
    with TemporaryDirectory(prefix="rum-replay-") as folder:
        path = Path(folder) / f"output{ending}"
        yield path
        try:
            with path.open("rb") as content:
                stream = sys.stdout.buffer
                shutil.copyfileobj(content, stream)
                stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise file_error(error, "standard output", "written") from error


def _report(settings: Settings, output: Path, sentence: str, as_json: Mapping[str, Any]) -> None:
    """Say what was written: on standard error if standard output has the file itself."""
    if output == _STANDARD_OUTPUT:
        settings.output.note(f"standard output: {sentence}")
    else:
        settings.output.result(f"{output}: {sentence}", {"file": str(output), **as_json})


@click.command("play", cls=Command)
@sources_argument
@click.option(
    "-o",
    "--output",
    default="replay.html",
    show_default=True,
    type=click.Path(path_type=Path),
    callback=_as_standard_output,
    help="The file to write or replace; - for standard output.",
)
@click.option("--title", metavar="TEXT", help="The title of the page.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in a browser.")
@click.pass_obj
def play(settings: Settings, *, sources: tuple[str, ...], output: Path, title: str | None, open_browser: bool) -> None:
    """Write an HTML page that plays a recording.

    SOURCE is a directory filled by `segments download`, any other folder or file of segments, or - for standard input.
    Several sources make one page.

    The page is a single file that plays in any browser and makes no requests. Images and fonts that are not part of
    the recording are therefore missing.
    """
    if open_browser and output == _STANDARD_OUTPUT:
        raise click.UsageError("--open needs a file: name one with --output")
    from ...segments.player import write_player

    with on_interrupt(lambda: _not_written(output)), _destination(output, ".html", settings) as path:
        recording = open_recording(settings, *sources)
        views = len(recording.views)
        with settings.progress.work("writing", str(output), unit="records") as task:
            written = write_player(counting(recording, task), path, title=title)
            size = written.stat().st_size if written.is_file() else None  # a pipe or device has no size
    sentence = counted(views, "view") + ("" if size is None else f", {counted(size, 'byte')}")
    _report(settings, output, sentence, {"views": views, "size": size})
    if open_browser and not webbrowser.open(output.resolve().as_uri()):
        raise CommandError(f"no browser could be started; open {output} yourself")


def _not_written(output: Path) -> str:
    kept = "is as it was before" if output.exists() else "was not written"
    return f"{output} {kept}; run the same command again"


@click.command("heatmap", cls=Command)
@sources_argument
@click.option(
    "-o",
    "--output",
    default="heat.html",
    show_default=True,
    type=click.Path(path_type=Path),
    callback=_as_standard_output,
    help="The file to write or replace, .html or .png; - for HTML on standard output.",
)
@click.option(
    "--url", metavar="PATTERN", help="The URL of the page, * matches anything; by default the page with most clicks."
)
@time_option("--at", "Show the page as it was at this time, by default when it was last seen")
@click.option(
    "--width", type=click.IntRange(1), metavar="PX", help="The width of the layout; by default the most frequent one."
)
@click.option(
    "--height", type=click.IntRange(1), metavar="PX", help="Show only the top of the page, up to this height."
)
@click.option(
    "--tolerance", type=click.IntRange(0), metavar="PX", help="How much the width of other layouts may differ."
)
@click.option(
    "--background",
    type=click.Path(path_type=Path),
    help="A picture of the page, for .png files; by default, Chromium draws the recorded page.",
)
@worker_options
@click.pass_obj
def heatmap(
    settings: Settings,
    *,
    sources: tuple[str, ...],
    output: Path,
    url: str | None,
    at: datetime | int | None,
    width: int | None,
    height: int | None,
    tolerance: int | None,
    background: Path | None,
    jobs: int | None,
    dask: str | None,
) -> None:
    """Show where people clicked on a page.

    SOURCE is a directory filled by `segments download`, any other folder or file of segments, or - for standard input.
    The clicks of all sessions are combined.

    An .html file makes no requests and runs no scripts. For a .png file, the page is drawn by Chromium or taken from
    --background. Needs the extra `analysis`.
    """
    kind = ".html" if output == _STANDARD_OUTPUT else output.suffix.lower()
    if kind not in (".html", ".htm", ".png"):
        raise click.UsageError(f"--output must end in .html or .png, not {output.name!r}")
    if background is not None and kind != ".png":
        raise click.UsageError("--background is for .png files only; an .html file shows the recorded page")
    if at is not None and width is not None:
        raise click.UsageError("--at and --width exclude each other: at any time, the page has only one width")
    from ...segments.heatmap import TOLERANCE, heatmap_of

    workers = Workers(settings, jobs, dask)
    found_in = partial(
        heatmap_of,
        url=url,
        at=at,
        width=width,
        height=height,
        tolerance=TOLERANCE if tolerance is None else tolerance,
    )
    with on_interrupt(lambda: _not_written(output)), _destination(output, kind, settings) as path:
        if "-" in sources:
            recordings = [open_recording(settings, source) for source in sources]
            with settings.progress.work("finding clicks", unit="records") as task:
                found = found_in([counting(recording, task) for recording in recordings])
        else:
            with workers.executor() as executor, progress_of_sessions(settings, sources, "finding clicks") as note:
                found = found_in(sources, executor=executor, progress=note)
        with settings.progress.work("drawing", str(output)):
            if kind == ".png":
                found.write_png(path, background=background)
            else:
                found.write_html(path)
    _report(
        settings,
        output,
        f"{counted(len(found.clicks), 'click')} on {found.pattern}",
        {
            "url": found.url,
            "pattern": found.pattern,
            "clicks": len(found.clicks),
            "sessions": found.sessions,
            "views": found.views,
            "placements": dict(found.placements),
            "left_out": dict(found.left_out),
            "failed": failures_as_json(found.failed),
        },
    )
    if found.uncertain_because is not None:
        settings.output.note(f"the page may have looked different: {found.uncertain_because}")
    for reason, count in found.left_out.items():
        settings.output.note(f"not shown: {counted(count, 'click')} {reason}")
    check_failed(settings, found.failed)


@click.command("export", cls=Command)
@sources_argument
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="FOLDER",
    shell_complete=complete_folder,
    required=True,
    help="Where to write: a folder, or its URL, such as s3://bucket/tables.",
)
@click.option(
    "--format",
    type=click.Choice(["jsonl", "csv", "parquet"]),
    default="parquet",
    show_default=True,
    help="The format of the files.",
)
@click.option("--one-file-per-table", is_flag=True, help="Write records, views and sessions into one file each.")
@click.option("--force", is_flag=True, help="Also export what has not changed since it was exported into the folder.")
@worker_options
@click.pass_obj
def export(
    settings: Settings,
    *,
    sources: tuple[str, ...],
    folder: str,
    format: str,
    one_file_per_table: bool,
    force: bool,
    jobs: int | None,
    dask: str | None,
) -> None:
    """Export records, views and sessions as tables.

    SOURCE is a directory filled by `segments download`, any other folder or file of segments, or - for standard input.

    Files are in Hive partitions by application and day (UTC), for DuckDB, Polars, Spark and similar engines. Views and
    sessions that were exported before are replaced, unless their sources have not changed. With --one-file-per-table,
    for spreadsheets, there are only records, views and sessions, and files that were exported before are replaced as a
    whole. Parquet needs the extra `analysis`.
    """
    if folder == "-":
        raise click.UsageError("an export consists of several files: name a folder, not -")
    from ...segments.exports import export as export_recordings

    workers = Workers(settings, jobs, dask)
    export_to_folder = partial(
        export_recordings,
        folder=folder,
        format=cast("Format", format),
        one_file_per_table=one_file_per_table,
        force=force,
    )
    with on_interrupt(lambda: f"files in {folder} are whole, but not all of them; run the same command again"):
        if "-" in sources:
            done = export_to_folder(opened_one_by_one(settings, sources, "exporting"))
        else:
            with workers.executor() as executor, progress_of_sessions(settings, sources, "exporting") as note:
                done = export_to_folder(sources, executor=executor, progress=note)
    rows = ", ".join(counted(count, table.removesuffix("s")) for table, count in done.rows.items())
    unchanged = f"; {counted(done.up_to_date, 'session')} up to date" if done.up_to_date else ""
    settings.output.result(
        f"{rows} in {counted(len(done.files) + len(done.urls), 'file')} in {folder}{unchanged}",
        {
            "folder": folder,
            "format": format,
            "rows": done.rows,
            "files": [*map(str, done.files), *done.urls],
            "up_to_date": done.up_to_date,
            "failed": failures_as_json(done.failed),
        },
    )
    check_failed(settings, done.failed)
