"""`rum-replay segments download` and `pages`: the segments of a view, from the API."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import click
from click.shell_completion import CompletionItem

from ..._arguments import check_id
from ..._errors import InvalidRequestError
from ..arguments import columns_option, complete_folder, suggest, time_option
from ..commands import ApiCommand, Settings, on_interrupt
from ..ids import checked, from_option, given_ids
from ..many import Many
from ..output import Columns, counted

if TYPE_CHECKING:
    from ... import AsyncReplayClient, DownloadProgress, PageFile, SegmentDownload, SegmentPage

__all__ = ["download", "list_pages"]

F = TypeVar("F", bound=Callable[..., Any])

_NumberedPage = tuple[int, "SegmentPage"]

_FILE_COLUMNS: Columns[PageFile] = {
    "file": lambda file: file.file,
    "bytes": lambda file: file.size,
    "SHA-256": lambda file: file.sha256,
}
_PAGE_COLUMNS: Columns[_NumberedPage] = {
    "page": lambda numbered: numbered[0],
    "bytes": lambda numbered: len(numbered[1].content),
    "SHA-256": lambda numbered: hashlib.sha256(numbered[1].content).hexdigest(),
    "content type": lambda numbered: numbered[1].content_type,
    "next paging": lambda numbered: numbered[1].next_paging,
}

_session_id = click.argument("session_id", metavar="SESSION")
_view_id = click.argument("view_id", metavar="VIEW")


def _page_options(function: F) -> F:
    options: tuple[Callable[[F], F], ...] = (
        click.option(
            "--source",
            metavar="NAME",
            shell_complete=suggest("event_platform", "blob"),
            help="`event_platform` or `blob`.",
        ),
        time_option("--ts", help="A server-side timestamp, of which no more is documented"),
        click.option("--max-list-size", type=int, metavar="BYTES", help="The size that a page should not exceed."),
        click.option("--paging", metavar="TOKEN", help="The token of the page to start with."),
        click.option(
            "--max-page-size",
            type=click.IntRange(1),
            metavar="BYTES",
            help="Refuse a larger page, as it arrives or unpacked; by default 4 GiB in a download, else 256 MiB.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def _complete_directory(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Folders, once there is an id, or a file of them."""
    is_last = ctx.params.get("views") or ctx.params.get("from_files")
    return complete_folder(ctx, parameter, incomplete) if is_last else []


@click.command("download", cls=ApiCommand)
@click.argument("views", metavar="{SESSION VIEW|SESSION/VIEW...}", nargs=-1, shell_complete=_complete_directory)
@click.argument("directory", type=click.Path(path_type=Path), shell_complete=complete_folder)
@from_option
@_page_options
@click.pass_obj
def download(
    settings: Settings, /, *, views: tuple[str, ...], directory: Path, from_files: tuple[Path, ...], **options: Any
) -> None:
    """Download the segments of views into a directory.

    Writes all pages of a view and a manifest with the SHA-256 of each. To resume an interrupted download, run the same
    command again.

    One view, given as SESSION VIEW, is put into DIRECTORY itself, and each of several, given as SESSION/VIEW, into
    DIRECTORY/SESSION/VIEW. For a `-`, they are read from standard input, one per line, with a slash or a space
    between; # begins a comment. All ids are checked first. Several views are downloaded at a time; those that fail are
    named, and the others are downloaded all the same.
    """
    if directory == Path("-"):
        raise click.UsageError("a download consists of several files: name a directory, not -")
    max_page_size = options.pop("max_page_size")
    options |= _limit(max_page_size)
    if not from_files and "-" not in views and not any("/" in view for view in views):
        if len(views) != 2:
            raise click.UsageError("Missing argument: give SESSION VIEW, SESSION/VIEW..., `-` or --from FILE")
        _download_one(settings, *views, directory, **options)
        return
    pairs = checked(given_ids(views, from_files, "views"), _session_and_view)
    if options["paging"] is not None:
        raise click.UsageError("--paging is for a single view: a token belongs to one")
    _download_many(settings, pairs, directory, **options)


def _session_and_view(text: str) -> tuple[str, str]:
    words = text.split()
    if len(words) == 1:
        words = text.split("/", 1)
    if len(words) != 2:
        raise InvalidRequestError(f"{text!r:.80} is not a session and a view, such as SESSION/VIEW")
    return check_id("session id", words[0]), check_id("view id", words[1])


def _download_one(settings: Settings, session_id: str, view_id: str, directory: Path, **options: Any) -> None:
    with (
        on_interrupt(lambda: f"whole pages stay in {directory}; run the same command again to go on"),
        settings.client() as replay,
        settings.progress.work("downloading") as task,
    ):

        def note(progress: DownloadProgress) -> None:
            task.doing, task.completed = f"downloading page {progress.page}", progress.total_bytes

        saved = replay.sessions.download_segments(session_id, view_id, directory, progress=note, **options)
    output = settings.output
    if output.prints_objects:
        output.json(_download_as_json((session_id, view_id), saved))
    else:
        output.items(saved.pages, _FILE_COLUMNS, _file_as_json, keep_all=True)
        output.say(_amount(saved))
    _note_unsure(settings, saved)


def _download_many(settings: Settings, pairs: Sequence[tuple[str, str]], directory: Path, **options: Any) -> None:
    async def save(replay: AsyncReplayClient, some: Sequence[tuple[str, str]]) -> Sequence[SegmentDownload]:
        # Ids as names of folders: those of Datadog's are UUIDs, and stay as they are.
        folder = directory.joinpath(*(quote(one, safe="") for one in some[0]))
        return [await replay.sessions.download_segments(*some[0], folder, **options)]

    def show(pair: tuple[str, str], saved: SegmentDownload) -> None:
        settings.output.result(_amount(saved), _download_as_json(pair, saved), one_of_several=True)
        _note_unsure(settings, saved)

    Many(
        items=pairs,
        send=save,
        show=show,
        doing="downloading",
        unit="views",
        state=lambda count: f"{count} are in {directory}",
        name="/".join,
    ).run(settings)


def _amount(saved: SegmentDownload) -> str:
    amount = f"{counted(saved.size, 'byte')} in {counted(len(saved.pages), 'page')}"
    return f"{amount} in {saved.directory}; ended at: {saved.end}"


def _note_unsure(settings: Settings, saved: SegmentDownload) -> None:
    if unsure := sum(page.ends_by_close for page in saved.pages):
        settings.output.note(f"{counted(unsure, 'page')} stated no length: whether all of it arrived is not known")


@click.command("pages", cls=ApiCommand)
@_session_id
@_view_id
@_page_options
@columns_option(_PAGE_COLUMNS)
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
    max_page_size: int | None,
    columns: list[str] | None,
) -> None:
    """List the pages of a view's segments.

    Fetches all pages to show their sizes and SHA-256, and saves nothing.
    """
    with settings.client() as replay:
        pages = replay.sessions.iter_segments(
            session_id,
            view_id,
            source=source,
            ts=ts,
            max_list_size=max_list_size,
            paging=paging,
            **_limit(max_page_size),
        )
        settings.output.items(enumerate(_shown(settings, pages)), _PAGE_COLUMNS, _page_as_json, columns)


def _shown(settings: Settings, pages: Iterable[SegmentPage]) -> Iterator[SegmentPage]:
    """The pages as they arrive, counted by bytes."""
    with settings.progress.work("fetching") as task:
        for number, page in enumerate(pages):
            task.doing = f"fetching page {number}"
            task.advance(len(page.content))
            with settings.progress.paused():
                yield page


def _limit(max_page_size: int | None) -> dict[str, Any]:
    return {} if max_page_size is None else {"max_page_size": max_page_size}


def _page_as_json(numbered: _NumberedPage) -> dict[str, Any]:
    number, page = numbered
    return {
        "page": number,
        "size": len(page.content),
        "sha256": hashlib.sha256(page.content).hexdigest(),
        "content_type": page.content_type,
        "next_paging": page.next_paging,
    }


def _file_as_json(file: PageFile) -> dict[str, Any]:
    return {
        "file": file.file,
        "size": file.size,
        "sha256": file.sha256,
        "paging": file.paging,
        "next_paging": file.next_paging,
        "status": file.status,
        "headers": file.headers,
        "ends_by_close": file.ends_by_close,
    }


def _download_as_json(view: tuple[str, str], saved: SegmentDownload) -> dict[str, Any]:
    return {
        "session_id": view[0],
        "view_id": view[1],
        "directory": str(saved.directory),
        "url": saved.url,
        "query": saved.query,
        "size": saved.size,
        "end": saved.end,
        "pages": [_file_as_json(file) for file in saved.pages],
    }
