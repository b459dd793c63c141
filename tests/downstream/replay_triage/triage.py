"""The main job: find what was watched most and keep it, so that the replays outlive their first 30 days."""

from datetime import datetime

from rum_replay import Playlist, ReplayClient

from replay_triage.connection import connect
from replay_triage.ranking import RankedSession, most_watched


def triage(playlist_name: str, *, watched_after: datetime, top: int = 10) -> tuple[RankedSession, ...]:
    """Put the sessions that were watched most into a playlist, which is made where there is none of that name."""
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
