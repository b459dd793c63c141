"""The area "playlists": operations on playlists and the sessions in them."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, cast

from attrs import Factory, define

from rum_replay_emulator.answer import NO_CONTENT, Answer, RefusedError, json_answer
from rum_replay_emulator.call import Call, Handler
from rum_replay_emulator.contract import attributes_of
from rum_replay_emulator.identity import User

__all__ = ["Playlists"]


@define
class _Playlist:
    id: int
    written: dict[str, Any]
    """The attributes that a client wrote."""
    creator: User
    created_at: str
    updated_at: str
    sessions: dict[str, dict[str, Any]] = Factory(dict[str, dict[str, Any]])

    @property
    def name(self) -> str:
        return cast(str, self.written.get("name", ""))

    @property
    def description(self) -> str:
        return cast(str, self.written.get("description", ""))

    def resource(self) -> dict[str, Any]:
        creator = self.creator
        attributes = self.written | {
            "name": self.name,
            "created_at": self.created_at,
            "created_by": {
                "handle": creator.handle,
                "icon": creator.icon,
                "id": str(creator.id),
                "name": creator.name,
                "uuid": creator.uuid,
            },
            "session_count": len(self.sessions),
            "updated_at": self.updated_at,
        }
        return {"id": str(self.id), "type": "rum_replay_playlist", "attributes": attributes}


class Playlists:
    """All playlists.

    `is_known_session`: whether segments of a session were loaded; `extend_retention` gets a session and the time.
    """

    def __init__(
        self, is_known_session: Callable[[str], bool], extend_retention: Callable[[str, float], object]
    ) -> None:
        self._is_known_session = is_known_session
        self._extend_retention = extend_retention
        self._playlists: dict[int, _Playlist] = {}
        self._set_by_server = attributes_of("PlaylistDataAttributes")
        self._read_only = [name for name, set_by_server in self._set_by_server.items() if set_by_server]
        self._ids = count(1)

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "ListRumReplayPlaylists": self._list,
            "CreateRumReplayPlaylist": self._create,
            "GetRumReplayPlaylist": self._get,
            "UpdateRumReplayPlaylist": self._update,
            "DeleteRumReplayPlaylist": self._delete,
            "ListRumReplayPlaylistSessions": self._list_sessions,
            "BulkRemoveRumReplayPlaylistSessions": self._remove_sessions,
            "AddRumReplaySessionToPlaylist": self._add_session,
            "RemoveRumReplaySessionFromPlaylist": self._remove_session,
        }

    def _list(self, call: Call) -> Answer:
        found = list(self._playlists.values())
        creator = call.query.get("filter[created_by_uuid]")
        if creator is not None:
            found = [playlist for playlist in found if playlist.creator.uuid == creator]
        query = call.query.get("filter[query]")
        if query is not None:
            wanted = query.casefold()
            with_description = call.assumptions.query_searches_description
            found = [
                playlist
                for playlist in found
                if wanted in playlist.name.casefold()
                or (with_description and wanted in playlist.description.casefold())
            ]
        if call.assumptions.list_order == "newest_first":
            found.reverse()
        return json_answer(200, {"data": [playlist.resource() for playlist in call.page(found)]})

    def _create(self, call: Call) -> Answer:
        call.refuse_read_only(*self._read_only)
        self._check_name(call, call.attributes.get("name", ""), None)
        now = call.timestamp
        playlist = _Playlist(next(self._ids), self._written(call), call.user, now, now)
        self._playlists[playlist.id] = playlist
        return json_answer(201, {"data": playlist.resource()})

    def _get(self, call: Call) -> Answer:
        return json_answer(200, {"data": self._find(call).resource()})

    def _update(self, call: Call) -> Answer:
        playlist = self._find(call)
        call.check_id(str(playlist.id))
        call.refuse_read_only(*self._read_only)
        if call.attributes:
            self._check_name(call, call.attributes["name"], playlist)
            playlist.written = self._written(call)
        playlist.updated_at = call.timestamp
        return json_answer(200, {"data": playlist.resource()})

    def _delete(self, call: Call) -> Answer:
        if call.path[0] in self._playlists or not call.assumptions.delete_is_idempotent:
            del self._playlists[self._find(call).id]
        return NO_CONTENT

    def _list_sessions(self, call: Call) -> Answer:
        return json_answer(200, {"data": call.page(list(self._find(call).sessions.values()))})

    def _add_session(self, call: Call) -> Answer:
        playlist, session_id = self._find(call), call.path[1]
        if call.assumptions.sessions_must_be_known and not self._is_known_session(session_id):
            raise call.missing(f"session {session_id}")
        if session_id in call.assumptions.sessions_still_running:
            raise RefusedError(400, "session_id: has not ended yet")
        if call.assumptions.replay_retention == "with_permission":
            self._extend_retention(session_id, call.now)
        if session_id in playlist.sessions:
            return json_answer(200, {"data": playlist.sessions[session_id]})
        added = {
            "id": session_id,
            "type": "rum_replay_session",
            "attributes": {
                "session_event": {"session": {"id": session_id, "type": "user"}, "type": "session"},
                "track": call.query.get("data_source", call.assumptions.session_track),
            },
        }
        playlist.sessions[session_id] = added
        self._touch(call, playlist)
        return json_answer(201, {"data": added})

    def _remove_session(self, call: Call) -> Answer:
        playlist, session_id = self._find(call), call.path[1]
        if session_id in playlist.sessions:
            del playlist.sessions[session_id]
            self._touch(call, playlist)
        elif not call.assumptions.delete_is_idempotent:
            raise call.missing(f"session {session_id} in playlist {playlist.id}")
        return NO_CONTENT

    def _remove_sessions(self, call: Call) -> Answer:
        playlist = self._find(call)
        named = [item["id"] for item in call.body["data"] if "id" in item]
        present = [session_id for session_id in dict.fromkeys(named) if session_id in playlist.sessions]
        if not call.assumptions.bulk_remove_ignores_missing:
            for session_id in named:
                if session_id not in playlist.sessions:
                    raise call.missing(f"session {session_id} in playlist {playlist.id}")
        for session_id in present:
            del playlist.sessions[session_id]
        if present:
            self._touch(call, playlist)
        return NO_CONTENT

    def _find(self, call: Call) -> _Playlist:
        playlist = self._playlists.get(call.path[0])
        if playlist is None:
            raise call.missing(f"playlist {call.path[0]}")
        return playlist

    def _check_name(self, call: Call, name: str, own: _Playlist | None) -> None:
        if call.assumptions.playlist_names_are_unique and any(
            playlist.name == name and playlist is not own for playlist in self._playlists.values()
        ):
            raise RefusedError(409, "data.attributes.name: another playlist has this name")

    def _written(self, call: Call) -> dict[str, Any]:
        """The attributes of a request, without those that only the server sets."""
        unset = not call.assumptions.unknown_attributes_are_kept
        return {name: value for name, value in call.attributes.items() if not self._set_by_server.get(name, unset)}

    @staticmethod
    def _touch(call: Call, playlist: _Playlist) -> None:
        if call.assumptions.session_changes_touch_playlist:
            playlist.updated_at = call.timestamp
