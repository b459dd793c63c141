"""Calls of the area "Rum Replay Playlists"."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

import attrs
from rum_replay_api import api
from rum_replay_api.api import rum_replay_playlists as generated
from rum_replay_api.models.playlist import Playlist as PlaylistBody
from rum_replay_api.models.playlist_data import PlaylistData
from rum_replay_api.models.playlist_data_attributes import PlaylistDataAttributes
from rum_replay_api.models.playlist_data_type import PlaylistDataType
from rum_replay_api.models.session_id_array import SessionIdArray
from rum_replay_api.models.session_id_data import SessionIdData
from rum_replay_api.models.viewership_history_session_data_type import ViewershipHistorySessionDataType

from .._arguments import (
    check_id,
    check_ids,
    check_playlist_id,
    check_size,
    check_text,
    check_user_uuid,
    to_milliseconds,
)
from .._decoding import decode_list, decode_nothing, decode_one
from .._errors import InvalidRequestError
from .._models import SET_BY_SERVER, Playlist, PlaylistSession
from . import Call, PageCalls, optional

_playlist = decode_one(Playlist)
_playlists = decode_list(Playlist)
_session = decode_one(PlaylistSession)
_sessions = decode_list(PlaylistSession)
_KNOWN_ATTRIBUTES = frozenset(field.name for field in attrs.fields(PlaylistDataAttributes))


def list_pages(*, page_size: int | None, query: str | None, created_by: str | None) -> PageCalls[Playlist]:
    """ListRumReplayPlaylists."""
    request = partial(
        generated.list_rum_replay_playlists_kwargs,
        filter_created_by_uuid=optional(check_user_uuid, "created_by", created_by),
        filter_query=optional(check_text, "query", query),
        page_size=optional(check_size, "page_size", page_size),
    )
    return lambda number: Call(*api.LIST_RUM_REPLAY_PLAYLISTS, request(page_number=number), _playlists)


def create(name: str, description: str | None) -> Call[Playlist]:
    """CreateRumReplayPlaylist."""
    request = generated.create_rum_replay_playlist_kwargs(body=_body(name, description))
    return Call(*api.CREATE_RUM_REPLAY_PLAYLIST, request, _playlist)


def get(playlist_id: int | str) -> Call[Playlist]:
    """GetRumReplayPlaylist."""
    request = generated.get_rum_replay_playlist_kwargs(check_playlist_id(playlist_id))
    return Call(*api.GET_RUM_REPLAY_PLAYLIST, request, _playlist)


def update(playlist: int | str | Playlist, name: str, description: str | None) -> Call[Playlist]:
    """UpdateRumReplayPlaylist; of a Playlist also the attributes are sent that are not given and not the server's."""
    playlist_id, kept = playlist, dict[str, Any]()
    if isinstance(playlist, Playlist):
        playlist_id = playlist.id
        attributes: dict[str, Any] = playlist.to_dict().get("attributes") or {}
        kept = {field: value for field, value in attributes.items() if _is_kept(field, value)}
        for field, value in kept.items():
            _check_json(f"the playlist's {field if field in _KNOWN_ATTRIBUTES else 'extra'}", value)
    body = _body(name, description, kept)
    request = generated.update_rum_replay_playlist_kwargs(check_playlist_id(playlist_id), body=body)
    return Call(*api.UPDATE_RUM_REPLAY_PLAYLIST, request, _playlist)


def delete(playlist_id: int | str) -> Call[None]:
    """DeleteRumReplayPlaylist."""
    request = generated.delete_rum_replay_playlist_kwargs(check_playlist_id(playlist_id))
    return Call(*api.DELETE_RUM_REPLAY_PLAYLIST, request, decode_nothing)


def list_session_pages(playlist_id: int | str, *, page_size: int | None) -> PageCalls[PlaylistSession]:
    """ListRumReplayPlaylistSessions."""
    request = partial(
        generated.list_rum_replay_playlist_sessions_kwargs,
        check_playlist_id(playlist_id),
        page_size=optional(check_size, "page_size", page_size),
    )
    return lambda number: Call(*api.LIST_RUM_REPLAY_PLAYLIST_SESSIONS, request(page_number=number), _sessions)


def add_session(
    playlist_id: int | str, session_id: str, ts: datetime | int, data_source: str | None
) -> Call[PlaylistSession]:
    """AddRumReplaySessionToPlaylist; `ts` is an aware datetime or ms of Unix time."""
    request = generated.add_rum_replay_session_to_playlist_kwargs(
        check_playlist_id(playlist_id),
        check_id("session_id", session_id),
        ts=to_milliseconds("ts", ts),
        data_source=optional(check_text, "data_source", data_source),
    )
    return Call(*api.ADD_RUM_REPLAY_SESSION_TO_PLAYLIST, request, _session)


def remove_session(playlist_id: int | str, session_id: str) -> Call[None]:
    """RemoveRumReplaySessionFromPlaylist."""
    request = generated.remove_rum_replay_session_from_playlist_kwargs(
        check_playlist_id(playlist_id), check_id("session_id", session_id)
    )
    return Call(*api.REMOVE_RUM_REPLAY_SESSION_FROM_PLAYLIST, request, decode_nothing)


def remove_sessions(playlist_id: int | str, session_ids: Iterable[str]) -> Call[None]:
    """BulkRemoveRumReplayPlaylistSessions."""
    ids = check_ids("session_ids", session_ids)
    kind = ViewershipHistorySessionDataType.RUM_REPLAY_SESSION
    body = SessionIdArray(data=[SessionIdData(type_=kind, id=session_id) for session_id in ids])
    request = generated.bulk_remove_rum_replay_playlist_sessions_kwargs(check_playlist_id(playlist_id), body=body)
    names = {"session_ids": ",".join(ids)}
    return Call(*api.BULK_REMOVE_RUM_REPLAY_PLAYLIST_SESSIONS, request, decode_nothing, names)


def _is_kept(field: str, value: object) -> bool:
    return field not in SET_BY_SERVER[Playlist] and not (value is None and field in _KNOWN_ATTRIBUTES)


def _body(name: str, description: str | None, kept: dict[str, Any] | None = None) -> PlaylistBody:
    attributes = PlaylistDataAttributes(
        name=check_text("name", name), description=optional(check_text, "description", description)
    )
    attributes.additional_properties = kept or {}  # what is given replaces these
    return PlaylistBody(data=PlaylistData(type_=PlaylistDataType.RUM_REPLAY_PLAYLIST, attributes=attributes))


def _check_json(name: str, value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        pass  # answered below, so that no foreign exception is chained
    else:
        return
    raise InvalidRequestError(f"{name} holds what JSON cannot express")
