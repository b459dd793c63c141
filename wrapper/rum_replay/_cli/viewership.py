"""`rum-replay viewership`: the operations on who watched which session."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from .arguments import columns_option, data_source_option, paging_options, time_option
from .commands import Group, Settings, confirm, yes_option
from .output import Columns, wire_form

if TYPE_CHECKING:
    from .. import Watch, WatchedSession, Watcher

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

_session_id = click.argument("session_id", metavar="SESSION")


@click.group(cls=Group)
def viewership() -> None:
    """Record and list who watched which session."""


@viewership.command("record")
@_session_id
@click.option("--application-id", metavar="ID", required=True, help="The RUM application.")
@click.option("--event-id", metavar="ID", required=True, help="The RUM event that was watched.")
@time_option("--timestamp", "When it was watched, by default now")
@data_source_option
@click.pass_obj
def record_watch(
    settings: Settings,
    *,
    session_id: str,
    application_id: str,
    event_id: str,
    timestamp: datetime | int | None,
    data_source: str | None,
) -> None:
    """Record that you watched a session."""
    with settings.client() as replay:
        watch = replay.viewership.record_watch(
            session_id,
            application_id=application_id,
            event_id=event_id,
            timestamp=timestamp,
            data_source=data_source,
        )
        settings.output.item(watch, _WATCH_COLUMNS, wire_form)


@viewership.command("delete")
@_session_id
@yes_option
@click.pass_obj
def delete_watches(settings: Settings, *, session_id: str, yes: bool) -> None:
    """Delete the watches of a session.

    Whether this deletes only your watches or everyone's is not documented.
    """
    with settings.client() as replay:
        confirm(f"Delete the watches of session {session_id} (yours, or possibly everyone's)?", yes=yes)
        replay.viewership.delete_watches(session_id)
        settings.output.result(
            f"deleted the watches of session {session_id}",
            {"type": "rum_replay_watch", "session_id": session_id, "deleted": True},
        )


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
@time_option("--watched-after", "Only sessions watched from this time on")
@time_option("--watched-before", "Only sessions watched until this time; for a day, until its beginning")
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
