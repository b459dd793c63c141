"""`rum-replay segments download` and `pages`: the segments of a view, from the API."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import attrs
import click

from ... import DownloadProgress, PageFile, SegmentDownload, SegmentPage
from ..arguments import moment_option
from ..commands import Command, Settings
from ..output import Columns

__all__ = ["download", "list_pages"]

F = TypeVar("F", bound=Callable[..., Any])

OF_FILES: Columns[PageFile] = {
    "file": lambda page: page.file,
    "bytes": lambda page: page.size,
    "SHA-256": lambda page: page.sha256,
}
OF_PAGES: Columns[tuple[int, SegmentPage]] = {
    "page": lambda numbered: numbered[0],
    "bytes": lambda numbered: len(numbered[1].content),
    "SHA-256": lambda numbered: hashlib.sha256(numbered[1].content).hexdigest(),
    "content type": lambda numbered: numbered[1].content_type,
    "next paging": lambda numbered: numbered[1].next_paging,
}

session_id = click.argument("session_id", metavar="SESSION")
view_id = click.argument("view_id", metavar="VIEW")


def page_options(function: F) -> F:
    """The options of the segments operation."""
    options: tuple[Callable[[F], F], ...] = (
        click.option("--source", metavar="NAME", help="`event_platform` or `blob`."),
        moment_option("--ts", "A time in the session"),
        click.option("--max-list-size", type=int, metavar="BYTES", help="What a page should not exceed."),
        click.option("--paging", metavar="TOKEN", help="The page to start at."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.command("download", cls=Command)
@session_id
@view_id
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@page_options
@click.pass_obj
def download(
    settings: Settings,
    *,
    session_id: str,
    view_id: str,
    directory: Path,
    source: str | None,
    ts: datetime | int | None,
    max_list_size: int | None,
    paging: str | None,
) -> None:
    """Save a view's segments in a directory.

    All pages, and a manifest of their sums. An interrupted download goes on where it was when the same command is
    run again.
    """
    with settings.client() as replay, _progress() as progress:
        saved = replay.sessions.download_segments(
            session_id,
            view_id,
            directory,
            source=source,
            ts=ts,
            max_list_size=max_list_size,
            paging=paging,
            progress=progress,
        )
    if settings.json:
        settings.output.done("", _manifest(saved))
        return
    settings.output.items(saved.pages, OF_FILES, attrs.asdict)
    settings.output.say(f"{saved.size} bytes in {len(saved.pages)} pages in {directory}; ended at: {saved.end}")


@click.command("pages", cls=Command)
@session_id
@view_id
@page_options
@click.pass_obj
def list_pages(
    settings: Settings,
    *,
    session_id: str,
    view_id: str,
    source: str | None,
    ts: datetime | int | None,
    max_list_size: int | None,
    paging: str | None,
) -> None:
    """List the pages of a view's segments.

    Fetches all of them and shows their sums, without saving anything.
    """
    with settings.client() as replay:
        pages = replay.sessions.iter_segments(
            session_id, view_id, source=source, ts=ts, max_list_size=max_list_size, paging=paging
        )
        settings.output.items(enumerate(pages), OF_PAGES, _page)


def _page(numbered: tuple[int, SegmentPage]) -> dict[str, Any]:
    return {heading.lower().replace("-", "").replace(" ", "_"): get(numbered) for heading, get in OF_PAGES.items()}


def _manifest(saved: SegmentDownload) -> dict[str, Any]:
    return {
        "directory": str(saved.directory),
        "url": saved.url,
        "query": saved.query,
        "size": saved.size,
        "end": saved.end,
        "pages": [attrs.asdict(page) for page in saved.pages],
    }


@contextmanager
def _progress() -> Generator[Callable[[DownloadProgress], object] | None]:
    """What has arrived, on standard error while somebody can see it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn, TransferSpeedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task("waiting for the first page", total=None)

        def show(progress: DownloadProgress) -> None:
            display.update(task, description=f"page {progress.page}", completed=progress.total_bytes, refresh=True)

        yield show
