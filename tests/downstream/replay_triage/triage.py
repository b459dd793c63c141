"""The main job: find the most watched sessions and keep them, so that their replays outlive the first 30 days."""

from datetime import datetime

from rum_replay import Playlist, ReplayClient

from replay_triage.connection import connect
from replay_triage.ranking import RankedSession, most_watched


def triage(playlist_name: str, *, watched_after: datetime, top: int = 10) -> tuple[RankedSession, ...]:
    """Add the most watched sessions to the playlist with this name, which is created if it does not exist."""
    with connect() as replay:
        watched = [
            (session, list(replay.viewership.list_watchers(session.id)))
            for session in replay.viewership.list_history(watched_after=watched_after)
        ]
        ranked = most_watched(watched, top=top)
        if ranked:
            playlist = _playlist(replay, playlist_name)
            for session in ranked:
                replay.playlists.add_session(playlist.id, session.session_id, ts=session.last_watched_at)
        return ranked


def _playlist(replay: ReplayClient, name: str) -> Playlist:
    for playlist in replay.playlists.list(query=name):
        if playlist.name == name:
            return playlist
    return replay.playlists.create(name, description="Sessions that were watched most")
