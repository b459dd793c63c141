"""`rum-replay sessions` and `rum-replay open`: sessions are found, linked to and downloaded with all their views."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .._times import rfc3339
from .arguments import columns_option, complete_folder, time_option
from .commands import ApiCommand, CommandError, Group, Settings, on_interrupt
from .output import Columns, counted, milliseconds_column
from .searching import SINCE, missing_noted, period_options, query_argument, searched

if TYPE_CHECKING:
    from .. import FoundSession, FoundView, SessionDownload, SessionDownloadProgress, ViewDownload

__all__ = ["open_replay", "sessions"]

F = TypeVar("F", bound=Callable[..., Any])

_SESSION_COLUMNS: Columns[FoundSession] = {
    "session": lambda session: session.id,
    "started at": lambda session: session.started_at,
    "duration": milliseconds_column(lambda session: session.duration),
    "views": lambda session: len(session.views),
    "completed": lambda session: session.completed,
    "first page": lambda session: session.views[0].url if session.views else None,
    "application": lambda session: session.application_id,
}
_VIEW_COLUMNS: Columns[FoundView] = {
    "view": lambda view: view.id,
    "started at": lambda view: view.started_at,
    "duration": milliseconds_column(lambda view: view.duration),
    "segments": lambda view: view.segments,
    "page": lambda view: view.url,
    "name": lambda view: view.name,
    "application": lambda view: view.application_id,
}
_DOWNLOAD_COLUMNS: Columns[ViewDownload] = {
    "view": lambda view: view.view_id,
    "pages": lambda view: len(view.segments.pages) if view.segments else 0,
    "bytes": lambda view: view.segments.size if view.segments else 0,
}

_session_id = click.argument("session_id", metavar="SESSION")


@click.group(cls=Group)
def sessions() -> None:
    """Find sessions and their views, link to and download them.

    Searching needs the permission rum_apps_read, which viewing replays does not. It finds what retention filters kept,
    for 30 days; a replay that is kept longer is no longer found, so keep its ids.
    """


@sessions.command("search")
@query_argument
@period_options("7 days ago")
@click.option(
    "--completed/--running",
    default=None,
    help="Only sessions that have ended, which playlists take, or only those that have not; by default both.",
)
@click.option(
    "--replay",
    type=click.Choice(["yes", "no", "any"]),
    default="yes",
    show_default=True,
    help="Whether the sessions have a replay.",
)
@click.option("--limit", type=int, metavar="N", help="List at most N; all by default.")
@click.option("--ids", "only_ids", is_flag=True, help="Print only ids, one per line, for `playlists add PLAYLIST -`.")
@columns_option(_SESSION_COLUMNS)
@click.pass_obj
def search_sessions(
    settings: Settings,
    *,
    query: str,
    start: datetime | int | None,
    end: datetime | int | None,
    completed: bool | None,
    replay: str,
    limit: int | None,
    only_ids: bool,
    columns: list[str] | None,
) -> None:
    """List the sessions with an event that matches a query.

    QUERY is in the syntax of the RUM Explorer, in quotes for the shell, such as
    '@view.url_path:"/checkout" @view.error.count:>0'; by default `*`, every session. Write -- before one that begins
    with a minus. It is about views unless it names a type, as in '@type:error @error.source:network'. Each session is
    listed once, with all of its views.
    """
    if only_ids and (columns is not None or settings.form != "table"):
        raise click.UsageError("--ids prints nothing else: leave out --columns, --json and --output")
    with settings.client() as client:
        found = client.sessions.search(
            query,
            start=SINCE if start is None else start,
            end=end,
            completed=completed,
            has_replay={"yes": True, "no": False}.get(replay),
            limit=limit,
        )
        with searched(settings, found, "sessions") as shown:
            if only_ids:
                for session in shown:
                    settings.output.say(session.id)
                return
            first = ("session", "started at", "views", "duration")
            settings.output.items(shown, _SESSION_COLUMNS, _session_as_json, columns, first=first)


@sessions.command("views")
@_session_id
@period_options("30 days ago, as long as events are kept")
@columns_option(_VIEW_COLUMNS)
@click.pass_obj
def list_views(
    settings: Settings,
    *,
    session_id: str,
    start: datetime | int | None,
    end: datetime | int | None,
    columns: list[str] | None,
) -> None:
    """List the views of a session, in the order in which they began."""
    with settings.client() as client:
        found = client.sessions.views(session_id, start=start, end=end)
        with searched(settings, found, "views") as shown:
            first = ("view", "started at", "duration")
            settings.output.items(shown, _VIEW_COLUMNS, _view_as_json, columns, first=first)


def _place_options(function: F) -> F:
    options: tuple[Callable[[F], F], ...] = (
        click.option("--view", "view_id", metavar="VIEW", help="The view to begin with."),
        time_option("--at", "The time to begin at; links of the browser SDK have the start of the view"),
    )
    for option in reversed(options):
        function = option(function)
    return function


@sessions.command("link")
@_session_id
@_place_options
@click.pass_obj
def link(settings: Settings, *, session_id: str, view_id: str | None, at: datetime | int | None) -> None:
    """Print the URL of a replay in Datadog's web application.

    Makes no request, and needs no keys. --site, the environment or a profile says which site's application it is.
    """
    url = _link(settings, session_id, view_id, at)
    settings.output.result(url, {"type": "link", "session_id": session_id, "url": url})


@click.command("open", cls=ApiCommand)
@_session_id
@_place_options
@click.pass_obj
def open_replay(settings: Settings, *, session_id: str, view_id: str | None, at: datetime | int | None) -> None:
    """Open a replay in the browser, or print its URL.

    Without a browser that shows web applications, the URL is all. Makes no request, and needs no keys: the browser must
    be logged in to Datadog. --site, the environment or a profile says which site's application it is. The variable
    BROWSER can name the browser.
    """
    url = _link(settings, session_id, view_id, at)
    opened = _has_browser() and webbrowser.open(url)
    sentence = f"opened {url}" if opened else url
    settings.output.result(sentence, {"type": "link", "session_id": session_id, "url": url, "opened": opened})


def _link(settings: Settings, session_id: str, view_id: str | None, at: datetime | int | None) -> str:
    from .._calls.sessions import link
    from .._sites import resolve_base_url

    choice = settings.warned_choice()
    return link(resolve_base_url(choice.site, choice.base_url), session_id, view_id=view_id, at=at)


def _has_browser() -> bool:
    """Whether there is one that shows web applications: on a screen, or chosen by the user."""
    if sys.platform in ("darwin", "win32"):
        return True
    return any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


@sessions.command("download")
@_session_id
@click.argument("directory", type=click.Path(path_type=Path), shell_complete=complete_folder)
@click.option("--view", "view_ids", metavar="VIEW", multiple=True, help="Only this view; repeatable. Needs no search.")
@click.pass_obj
def download_session(settings: Settings, *, session_id: str, directory: Path, view_ids: tuple[str, ...]) -> None:
    """Download the segments of all views of a session.

    Each view gets a folder in DIRECTORY, which the commands of `segments` read as a whole: `segments play DIRECTORY`.
    To resume an interrupted download, run the same command again. A view without segments is normal, since recording
    may begin late or stop.
    """
    if directory == Path("-"):
        raise click.UsageError("a download consists of several files: name a directory, not -")
    saved: SessionDownload | None = None
    with missing_noted(settings, lambda: saved.partial if saved else ()):
        saved = _downloaded(settings, session_id, directory, view_ids)
        _report(settings, saved)


def _downloaded(settings: Settings, session_id: str, directory: Path, view_ids: tuple[str, ...]) -> SessionDownload:
    with (
        on_interrupt(lambda: f"whole pages stay in {directory}; run the same command again to go on"),
        settings.client() as client,
        settings.progress.work("searching for views") as task,
    ):

        def note(progress: SessionDownloadProgress) -> None:
            task.doing = f"downloading view {progress.view + 1} of {progress.views}, page {progress.page}"
            task.completed = progress.total_bytes

        return client.sessions.download(session_id, directory, views=view_ids or None, progress=note)


def _report(settings: Settings, saved: SessionDownload) -> None:
    output, views = settings.output, counted(len(saved.views), "view")
    if not saved.views:
        raise CommandError(
            f"no view of session {saved.session_id} was found, so nothing was downloaded: events are kept for 30 days; "
            "if you know the views, name them with --view"
        )
    if output.prints_objects:
        output.json(_download_as_json(saved))
    else:
        output.items(saved.views, _DOWNLOAD_COLUMNS, _view_download_as_json, keep_all=True)
    missing = len(saved.without_segments)
    if missing == len(saved.views):
        raise CommandError(f"session {saved.session_id} has no segments in any of {views}: nothing was downloaded")
    without = f"; {counted(missing, 'view')} without segments" if missing else ""
    output.say(f"{counted(saved.size, 'byte')} of {views} in {saved.directory}{without}")
    pages = [page for view in saved.views if view.segments for page in view.segments.pages]
    if unsure := sum(page.ends_by_close for page in pages):
        output.note(f"{counted(unsure, 'page')} stated no length: whether all of it arrived is not known")


def _time(time: datetime | None) -> str | None:
    return None if time is None else rfc3339(time)


def _session_as_json(session: FoundSession) -> dict[str, Any]:
    return {
        "type": "session",
        "id": session.id,
        "application_id": session.application_id,
        "started_at": _time(session.started_at),
        "duration_ms": session.duration,
        "completed": session.completed,
        "views": [_view_as_json(view) for view in session.views],
    }


def _view_as_json(view: FoundView) -> dict[str, Any]:
    return {
        "type": "view",
        "id": view.id,
        "session_id": view.session_id,
        "application_id": view.application_id,
        "started_at": _time(view.started_at),
        "duration_ms": view.duration,
        "name": view.name,
        "url": view.url,
        "has_replay": view.has_replay,
        "segments": view.segments,
    }


def _download_as_json(saved: SessionDownload) -> dict[str, Any]:
    return {
        "session_id": saved.session_id,
        "directory": str(saved.directory),
        "size": saved.size,
        "partial": list(saved.partial),
        "views": [_view_download_as_json(view) for view in saved.views],
    }


def _view_download_as_json(view: ViewDownload) -> dict[str, Any]:
    return {
        "view_id": view.view_id,
        "directory": str(view.directory),
        "has_segments": view.has_segments,
        "size": view.segments.size if view.segments else 0,
        "pages": len(view.segments.pages) if view.segments else 0,
    }
