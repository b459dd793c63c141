"""`rum-replay playlists`: the operations on playlists and the sessions in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .._errors import PermissionDeniedError, RateLimitError, ReplayError, StatusError
from .._times import rfc3339
from .arguments import columns_option, data_source_option, paging_options, require_one_option, time_option
from .commands import Group, Settings, confirm, yes_option
from .dry_run import changing, dry_run_option
from .ids import session_ids, sessions_argument
from .many import Many
from .output import Columns, counted, wire_form

if TYPE_CHECKING:
    from .. import AsyncReplayClient, Playlist, PlaylistSession, ReplayClient

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

_IDS_IN_REQUEST = 100
"""At most as many sessions are removed by one request; what the API allows is not documented."""

_playlist_id = click.argument("playlist_id", metavar="PLAYLIST")


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
@dry_run_option
@click.pass_obj
def create_playlist(settings: Settings, *, name: str, description: str | None, dry_run: bool) -> None:
    """Create an empty playlist."""
    with changing(settings, dry_run=dry_run) as replay:
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
@click.option("--dry-run", is_flag=True, help="Fetch the playlist, show the request that would follow, and end.")
@click.pass_obj
def update_playlist(
    settings: Settings, *, playlist_id: str, name: str | None, description: str | None, dry_run: bool
) -> None:
    """Change the name or description of a playlist.

    The API always replaces the whole playlist, so it is fetched first, and what is not given is sent back unchanged.
    """
    require_one_option()
    with settings.client() as reading:
        current = reading.playlists.get(playlist_id)
        with changing(settings, dry_run=dry_run, sent="only the GET of the playlist") as replay:
            updated = replay.playlists.update(
                current, name=current.name if name is None else name, description=description
            )
            settings.output.item(updated, _DETAIL_COLUMNS, wire_form)


@playlists.command("delete")
@_playlist_id
@yes_option
@dry_run_option
@click.pass_obj
def delete_playlist(settings: Settings, *, playlist_id: str, yes: bool, dry_run: bool) -> None:
    """Delete a playlist.

    Before it asks, it fetches the playlist to show its name and how many sessions it has. How this affects an extended
    retention of its replays is not documented.
    """
    with changing(settings, dry_run=dry_run) as replay:
        confirm(lambda: f"Delete {_described(replay, playlist_id)}?", yes=yes or dry_run)
        replay.playlists.delete(playlist_id)
        settings.output.result(
            f"deleted playlist {playlist_id}", {"type": "rum_replay_playlist", "id": playlist_id, "deleted": True}
        )


def _described(replay: ReplayClient, playlist_id: str) -> str:
    """A playlist with its name and size, for people; the two are missing where the credentials may not read them."""
    try:
        found = replay.playlists.get(playlist_id)
    except PermissionDeniedError:
        return f"playlist {playlist_id}, whose name and size these credentials may not read"
    size = "an unknown number of sessions" if found.session_count is None else counted(found.session_count, "session")
    return f"playlist {playlist_id} {found.name!r} with {size}"


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
@sessions_argument
@time_option("--ts", help="A server-side timestamp, of which no more is documented, by default now")
@data_source_option
@dry_run_option
@click.pass_obj
def add_sessions(
    settings: Settings,
    *,
    playlist_id: str,
    sessions: tuple[str, ...],
    from_files: tuple[Path, ...],
    ts: datetime | int | None,
    data_source: str | None,
    dry_run: bool,
) -> None:
    """Add completed sessions to a playlist.

    For a SESSION of `-`, ids are read from standard input, one per line; # begins a comment. A session that is still
    being recorded cannot be added. With the permission rum_extend_retention, by default held by Admins only, adding
    also keeps the replay for up to 15 months from that day, which Datadog may bill; without it, the replay ends after
    30 days all the same. The events of the session are not kept in either case.

    All ids are checked first. Each takes one request, several of which are under way at a time, in no certain order;
    those that fail are named, and the others are added all the same.
    """
    options = [*([] if ts is None else ["--ts", _typed(ts)])]
    options += [] if data_source is None else ["--data-source", data_source]

    async def add(replay: AsyncReplayClient, ids: Sequence[str]) -> Sequence[PlaylistSession]:
        return [await replay.playlists.add_session(playlist_id, ids[0], ts=ts, data_source=data_source)]

    def show(_: str, added: PlaylistSession) -> None:
        settings.output.result(f"session {added.id} is in playlist {playlist_id}", added.to_dict(), one_of_several=True)

    Many(
        items=session_ids(sessions, from_files),
        send=add,
        show=show,
        doing="adding",
        unit="sessions",
        state=lambda count: f"{count} are in playlist {playlist_id}",
        again=["rum-replay", *settings.words(), "playlists", "add", *options, "--", playlist_id],
    ).run(settings, dry_run=dry_run)


def _typed(time: datetime | int) -> str:
    return str(time) if isinstance(time, int) else rfc3339(time)


@playlists.command("remove")
@_playlist_id
@sessions_argument
@yes_option
@dry_run_option
@click.pass_obj
def remove_sessions(
    settings: Settings,
    *,
    playlist_id: str,
    sessions: tuple[str, ...],
    from_files: tuple[Path, ...],
    yes: bool,
    dry_run: bool,
) -> None:
    """Remove sessions from a playlist.

    For a SESSION of `-`, ids are read from standard input, one per line; # begins a comment. All ids are checked first.
    Several sessions are removed by a single request for each hundred: a DELETE with a body, which some proxies drop. If
    it is refused, its sessions are removed one by one. Those that fail are named, and the others are removed all the
    same.
    """
    ids = session_ids(sessions, from_files)

    def question() -> str:
        what = f"session {ids[0]}" if len(ids) == 1 else f"{len(ids)} sessions"
        with settings.client() as replay:
            return f"Remove {what} from {_described(replay, playlist_id)}?"

    confirm(question, yes=yes or dry_run)

    async def remove(replay: AsyncReplayClient, some: Sequence[str]) -> Sequence[ReplayError | None]:
        if len(some) > 1:
            try:
                await replay.playlists.remove_sessions(playlist_id, some)
            except StatusError as error:
                if not _may_be_about_one(error):
                    raise
            else:
                return [None] * len(some)
        return [await _removed(replay, playlist_id, session_id) for session_id in some]

    def show(session_id: str, _: None) -> None:
        settings.output.result(
            f"session {session_id} is no longer in playlist {playlist_id}",
            {"type": "rum_replay_session", "id": session_id, "playlist_id": playlist_id, "removed": True},
            one_of_several=True,
        )

    Many(
        items=ids,
        send=remove,
        show=show,
        doing="removing",
        unit="sessions",
        state=lambda count: f"{count} are no longer in playlist {playlist_id}",
        again=["rum-replay", *settings.words(), "playlists", "remove", "--yes", "--", playlist_id],
        at_once=_IDS_IN_REQUEST,
    ).run(settings, dry_run=dry_run)


def _may_be_about_one(error: StatusError) -> bool:
    """Whether a request for many may have been refused because of one of them, or because its body got lost."""
    return 400 <= error.status < 500 and error.status not in (401, 403, 408) and not isinstance(error, RateLimitError)


async def _removed(replay: AsyncReplayClient, playlist_id: str, session_id: str) -> ReplayError | None:
    try:
        await replay.playlists.remove_session(playlist_id, session_id)
    except ReplayError as error:
        return error
    return None
