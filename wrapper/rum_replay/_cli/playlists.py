"""`rum-replay playlists`: the operations on playlists and the sessions in them."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import TYPE_CHECKING

import click

from .._times import rfc3339
from .arguments import columns_option, data_source_option, paging_options, session_ids, time_option
from .commands import Group, Settings, confirm, on_interrupt, yes_option
from .output import Columns, wire_form

if TYPE_CHECKING:
    from .. import Playlist, PlaylistSession

__all__ = ["playlists"]

_LIST_COLUMNS: Columns[Playlist] = {
    "id": lambda playlist: playlist.id,
    "name": lambda playlist: playlist.name,
    "sessions": lambda playlist: playlist.session_count,
    "created at": lambda playlist: playlist.created_at,
    "created by": lambda playlist: playlist.created_by and playlist.created_by.handle,
}
_DETAIL_COLUMNS: Columns[Playlist] = {
    **_LIST_COLUMNS,
    "updated at": lambda playlist: playlist.updated_at,
    "description": lambda playlist: playlist.description,
    "user UUID": lambda playlist: playlist.created_by and playlist.created_by.uuid,
}
_SESSION_COLUMNS: Columns[PlaylistSession] = {
    "session": lambda session: session.id,
    "track": lambda session: session.track,
}

_IDS_IN_COMMAND = 20
"""More ids than this are not repeated in a suggested command."""

_playlist_id = click.argument("playlist_id", metavar="PLAYLIST")
_session_ids = click.argument("sessions", metavar="SESSION...", nargs=-1, required=True)


@click.group(cls=Group)
def playlists() -> None:
    """Create, fill and list playlists of replays.

    Only completed sessions can be added. With the permission rum_extend_retention, by default held by Admins only,
    adding one also keeps its replay for up to 15 months instead of 30 days; its events are not kept. Changes require
    the permission rum_playlist_write.
    """


@playlists.command("list")
@click.option("--query", metavar="TEXT", help="Only playlists that contain this text.")
@click.option("--created-by", metavar="UUID", help="Only playlists of this user; `playlists get` shows UUIDs.")
@paging_options
@columns_option(_LIST_COLUMNS)
@click.pass_obj
def list_playlists(
    settings: Settings,
    *,
    query: str | None,
    created_by: str | None,
    page_size: int | None,
    start_page: int,
    limit: int | None,
    columns: list[str] | None,
) -> None:
    """List playlists."""
    with settings.client() as replay:
        found = replay.playlists.list(
            query=query, created_by=created_by, page_size=page_size, start_page=start_page, limit=limit
        )
        settings.output.items(found, _LIST_COLUMNS, wire_form, columns)


@playlists.command("create")
@click.argument("name")
@click.option("--description", metavar="TEXT", help="What the playlist is for.")
@click.pass_obj
def create_playlist(settings: Settings, *, name: str, description: str | None) -> None:
    """Create an empty playlist."""
    with settings.client() as replay:
        created = replay.playlists.create(name, description=description)
        settings.output.item(created, _DETAIL_COLUMNS, wire_form)


@playlists.command("get")
@_playlist_id
@click.pass_obj
def get_playlist(settings: Settings, *, playlist_id: str) -> None:
    """Show one playlist."""
    with settings.client() as replay:
        settings.output.item(replay.playlists.get(playlist_id), _DETAIL_COLUMNS, wire_form)


@playlists.command("update")
@_playlist_id
@click.option("--name", metavar="TEXT", help="The new name.")
@click.option("--description", metavar="TEXT", help='The new description; "" removes it.')
@click.pass_obj
def update_playlist(settings: Settings, *, playlist_id: str, name: str | None, description: str | None) -> None:
    """Change the name or description of a playlist.

    The API always replaces the whole playlist, so it is fetched first, and what is not given is sent back unchanged.
    """
    if name is None and description is None:
        raise click.UsageError("give --name, --description or both")
    with settings.client() as replay:
        current = replay.playlists.get(playlist_id)
        updated = replay.playlists.update(current, name=current.name if name is None else name, description=description)
        settings.output.item(updated, _DETAIL_COLUMNS, wire_form)


@playlists.command("delete")
@_playlist_id
@yes_option
@click.pass_obj
def delete_playlist(settings: Settings, *, playlist_id: str, yes: bool) -> None:
    """Delete a playlist.

    How this affects an extended retention of its replays is not documented.
    """
    with settings.client() as replay:
        confirm(f"Delete playlist {playlist_id}?", yes=yes)
        replay.playlists.delete(playlist_id)
        settings.output.result(
            f"deleted playlist {playlist_id}", {"type": "rum_replay_playlist", "id": playlist_id, "deleted": True}
        )


@playlists.command("sessions")
@_playlist_id
@paging_options
@columns_option(_SESSION_COLUMNS)
@click.pass_obj
def list_sessions(
    settings: Settings,
    *,
    playlist_id: str,
    page_size: int | None,
    start_page: int,
    limit: int | None,
    columns: list[str] | None,
) -> None:
    """List the sessions in a playlist."""
    with settings.client() as replay:
        found = replay.playlists.list_sessions(playlist_id, page_size=page_size, start_page=start_page, limit=limit)
        settings.output.items(found, _SESSION_COLUMNS, wire_form, columns)


@playlists.command("add")
@_playlist_id
@_session_ids
@time_option("--ts", "A server-side timestamp, of which no more is documented, by default now")
@data_source_option
@click.pass_obj
def add_sessions(
    settings: Settings,
    *,
    playlist_id: str,
    sessions: tuple[str, ...],
    ts: datetime | int | None,
    data_source: str | None,
) -> None:
    """Add completed sessions to a playlist.

    For a SESSION of `-`, ids are read from standard input, one per line. A session that is still being recorded cannot
    be added. With the permission rum_extend_retention, by default held by Admins only, adding also keeps the replay
    for up to 15 months from that day, which Datadog may bill; without it, the replay ends after 30 days all the same.
    The events of the session are not kept in either case. Each session takes one request; the command stops at the
    first failure.
    """
    with settings.client() as replay:
        ids = session_ids(sessions)
        done = 0

        def how_to_go_on() -> str:
            options = [*([] if ts is None else ["--ts", _typed(ts)])]
            options += [] if data_source is None else ["--data-source", data_source]
            command = ["rum-replay", *settings.words(), "playlists", "add", *options, "--", playlist_id]
            return _rest(command, playlist_id, ids, done)

        with on_interrupt(how_to_go_on), settings.progress.work("adding", unit="sessions", total=len(ids)) as task:
            for session_id in ids:
                added = replay.playlists.add_session(playlist_id, session_id, ts=ts, data_source=data_source)
                done += 1
                task.advance()
                with settings.progress.paused():
                    settings.output.result(
                        f"session {added.id} is in playlist {playlist_id}", added.to_dict(), one_of_several=True
                    )


def _typed(time: datetime | int) -> str:
    return str(time) if isinstance(time, int) else rfc3339(time)


def _rest(command: list[str], playlist_id: str, ids: list[str], done: int) -> str:
    """Which of the ids are in the playlist after an interrupt, and the command that adds the others."""
    if done == len(ids):
        return f"all {len(ids)} sessions are in playlist {playlist_id}"
    rest = ids[done:]
    state = f"{done} of {len(ids)} sessions are in playlist {playlist_id}, and {rest[0]} may be"
    if len(rest) > _IDS_IN_COMMAND:
        how = f"give the {len(rest)} ids from {rest[0]} on, one per line, to: {shlex.join([*command, '-'])}"
    else:
        how = f"for the rest: {shlex.join([*command, *rest])}"
    return f"{state}; {how}"


@playlists.command("remove")
@_playlist_id
@_session_ids
@yes_option
@click.pass_obj
def remove_sessions(settings: Settings, *, playlist_id: str, sessions: tuple[str, ...], yes: bool) -> None:
    """Remove sessions from a playlist.

    For a SESSION of `-`, ids are read from standard input, one per line. Several sessions are removed by a single
    request: a DELETE with a body, which some proxies drop.
    """
    with settings.client() as replay:
        ids = session_ids(sessions)
        what = f"session {ids[0]}" if len(ids) == 1 else f"{len(ids)} sessions"
        confirm(f"Remove {what} from playlist {playlist_id}?", yes=yes)
        if len(ids) == 1:
            replay.playlists.remove_session(playlist_id, ids[0])
        else:
            replay.playlists.remove_sessions(playlist_id, ids)
        for session_id in ids:
            settings.output.result(
                f"session {session_id} is no longer in playlist {playlist_id}",
                {"type": "rum_replay_session", "id": session_id, "playlist_id": playlist_id, "removed": True},
                one_of_several=True,
            )
