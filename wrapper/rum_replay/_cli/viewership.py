"""`rum-replay viewership`: the operations on who watched which session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .._errors import NotFoundError, PermissionDeniedError
from .arguments import columns_option, data_source_option, paging_options, time_option
from .commands import Group, Settings, confirm, yes_option
from .dry_run import changing, dry_run_option
from .ids import session_ids, sessions_argument
from .many import Many
from .output import Columns, counted, wire_form

if TYPE_CHECKING:
    from .. import AsyncReplayClient, Watch, WatchedSession, Watcher

__all__ = ["viewership"]

_WATCH_COLUMNS: Columns[Watch] = {
    "id": lambda watch: watch.id,
    "watched at": lambda watch: watch.timestamp,
    "application": lambda watch: watch.application_id,
    "event": lambda watch: watch.event_id,
    "data source": lambda watch: watch.data_source,
}
_WATCHER_COLUMNS: Columns[Watcher] = {
    "user": lambda watcher: watcher.handle,
    "name": lambda watcher: watcher.name,
    "UUID": lambda watcher: watcher.id,
    "watches": lambda watcher: watcher.watch_count,
    "last watched at": lambda watcher: watcher.last_watched_at,
}
_HISTORY_COLUMNS: Columns[WatchedSession] = {
    "session": lambda session: session.id,
    "last watched at": lambda session: session.last_watched_at,
    "track": lambda session: session.track,
    "event": lambda session: session.event_id,
}

_MOST_COUNTED = 100
"""Of more sessions the watches are not counted before a deletion."""

_session_id = click.argument("session_id", metavar="SESSION")


@click.group(cls=Group)
def viewership() -> None:
    """Record and list who watched which session."""


@viewership.command("record")
@_session_id
@click.option("--application-id", metavar="ID", required=True, help="The RUM application.")
@click.option("--event-id", metavar="ID", required=True, help="The RUM event that was watched.")
@time_option("--timestamp", help="When it was watched, by default now")
@data_source_option
@dry_run_option
@click.pass_obj
def record_watch(
    settings: Settings,
    *,
    session_id: str,
    application_id: str,
    event_id: str,
    timestamp: datetime | int | None,
    data_source: str | None,
    dry_run: bool,
) -> None:
    """Record that you watched a session."""
    with changing(settings, dry_run=dry_run) as replay:
        watch = replay.viewership.record_watch(
            session_id,
            application_id=application_id,
            event_id=event_id,
            timestamp=timestamp,
            data_source=data_source,
        )
        settings.output.item(watch, _WATCH_COLUMNS, wire_form)


@viewership.command("delete")
@sessions_argument
@yes_option
@dry_run_option
@click.pass_obj
def delete_watches(
    settings: Settings, *, sessions: tuple[str, ...], from_files: tuple[Path, ...], yes: bool, dry_run: bool
) -> None:
    """Delete the watches of sessions.

    Whether this deletes only your watches or everyone's is not documented. For a SESSION of `-`, ids are read from
    standard input, one per line; # begins a comment. All ids are checked first. Before it asks, the watches of at most
    a hundred sessions are counted. Sessions that fail are named, and the others are done all the same.
    """
    ids = session_ids(sessions, from_files)

    def question() -> str:
        whose = f"session {ids[0]}" if len(ids) == 1 else f"{len(ids)} sessions"
        return f"Delete the watches of {whose} ({_size(settings, ids)}yours, or possibly everyone's)?"

    confirm(question, yes=yes or dry_run)

    async def delete(replay: AsyncReplayClient, some: Sequence[str]) -> Sequence[None]:
        await replay.viewership.delete_watches(some[0])
        return [None]

    def show(session_id: str, _: None) -> None:
        settings.output.result(
            f"deleted the watches of session {session_id}",
            {"type": "rum_replay_watch", "session_id": session_id, "deleted": True},
            one_of_several=len(ids) > 1,
        )

    Many(
        items=ids,
        send=delete,
        show=show,
        doing="deleting",
        unit="sessions",
        state=lambda count: f"the watches of {count} are deleted",
        again=["rum-replay", *settings.words(), "viewership", "delete", "--yes", "--"],
    ).run(settings, dry_run=dry_run)


def _size(settings: Settings, ids: Sequence[str]) -> str:
    """How many watches there are, for a question; nothing for so many sessions that counting would take long."""
    if len(ids) > _MOST_COUNTED:
        return ""
    found: list[Watcher] = []
    unknown: list[str] = []

    async def count(replay: AsyncReplayClient, some: Sequence[str]) -> Sequence[list[Watcher] | None]:
        try:
            return [[watcher async for watcher in replay.viewership.list_watchers(some[0])]]
        except (NotFoundError, PermissionDeniedError):
            return [None]  # they may be deleted all the same

    def add(session_id: str, watchers: list[Watcher] | None) -> None:
        if watchers is None:
            unknown.append(session_id)
        else:
            found.extend(watchers)

    Many(items=ids, send=count, show=add, doing="counting", unit="sessions").run(settings)
    watches = sum(watcher.watch_count for watcher in found)
    number = "1 watch" if watches == 1 else f"{watches} watches"
    users = counted(len({watcher.handle for watcher in found}), "user")
    rest = f", of {counted(len(unknown), 'session')} not known" if unknown else ""
    return f"{number} by {users}{rest}; "


@viewership.command("watchers")
@_session_id
@paging_options
@columns_option(_WATCHER_COLUMNS)
@click.pass_obj
def list_watchers(
    settings: Settings,
    *,
    session_id: str,
    page_size: int | None,
    start_page: int,
    limit: int | None,
    columns: list[str] | None,
) -> None:
    """List who watched a session, and how often.

    `viewership history --created-by` takes the UUID. Datadog documents it only as the identifier of the watcher; it is
    assumed to be the UUID of the user.
    """
    with settings.client() as replay:
        found = replay.viewership.list_watchers(session_id, page_size=page_size, start_page=start_page, limit=limit)
        settings.output.items(found, _WATCHER_COLUMNS, wire_form, columns, first=("user", "watches", "last watched at"))


@viewership.command("history")
@time_option("--watched-after", help="Only sessions watched from this time on")
@time_option("--watched-before", help="Only sessions watched until this time; for a day, until its beginning")
@click.option(
    "--created-by", metavar="UUID", help="The user who watched, by default you; `viewership watchers` shows UUIDs."
)
@click.option("--session-id", "session_ids", metavar="ID", multiple=True, help="Only this session; repeatable.")
@click.option("--application-id", metavar="ID", help="Only sessions of this RUM application.")
@paging_options
@columns_option(_HISTORY_COLUMNS)
@click.pass_obj
def list_history(
    settings: Settings,
    *,
    watched_after: datetime | int | None,
    watched_before: datetime | int | None,
    created_by: str | None,
    session_ids: tuple[str, ...],
    application_id: str | None,
    page_size: int | None,
    start_page: int,
    limit: int | None,
    columns: list[str] | None,
) -> None:
    """List the sessions that a user watched."""
    with settings.client() as replay:
        found = replay.viewership.list_history(
            watched_after=watched_after,
            watched_before=watched_before,
            created_by=created_by,
            session_ids=session_ids or None,
            application_id=application_id,
            page_size=page_size,
            start_page=start_page,
            limit=limit,
        )
        settings.output.items(found, _HISTORY_COLUMNS, wire_form, columns)
