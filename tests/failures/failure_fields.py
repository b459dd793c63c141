"""Every documented field of every resource, with a value of a wrong type."""

from __future__ import annotations

from typing import Any

from attrs import frozen

__all__ = ["FIELDS", "Field", "Path"]

Path = tuple[str, ...]
"""The keys from a resource (the object under `data` or in its list) to a field."""


@frozen
class Field:
    """One field of a resource."""

    path: Path
    is_required: bool
    """Whether the client guarantees a value; a missing optional field becomes None."""

    wrong: Any
    """A value of a wrong type."""

    def __str__(self) -> str:
        return ".".join(self.path)


def _required(path: str, wrong: Any) -> Field:
    return Field(tuple(path.split(".")), True, wrong)


def _optional(path: str, wrong: Any) -> Field:
    return Field(tuple(path.split(".")), False, wrong)


_IDENTITY = [_required("type", 7), _required("id", 7)]

_PLAYLIST = [
    *_IDENTITY,
    _required("attributes.name", ["a", "list"]),
    _optional("attributes.description", 7),
    _optional("attributes.session_count", "three"),
    _optional("attributes.created_at", "yesterday"),
    _optional("attributes.updated_at", 1_782_907_200_000),
    _optional("attributes.created_by", "somebody"),
    _required("attributes.created_by.handle", 7),
    _required("attributes.created_by.id", 7),
    _required("attributes.created_by.uuid", False),
    _optional("attributes.created_by.icon", {}),
    _optional("attributes.created_by.name", ["Mira", "Holt"]),
]

_PLAYLIST_SESSION = [
    *_IDENTITY,
    _optional("attributes.session_event", "an event"),
    _optional("attributes.track", 7),
]

_SNAPSHOT = [
    *_IDENTITY,
    _optional("attributes.application_id", 7),
    _optional("attributes.created_at", "2026-07-01T12:00:00"),
    _optional("attributes.created_by", {"name": "Mira Holt"}),
    _optional("attributes.created_by_handle", 7),
    _optional("attributes.created_by_user_id", "7"),
    _optional("attributes.device_type", 7),
    _optional("attributes.event_id", 7),
    _optional("attributes.is_device_type_selected_by_user", "true"),
    _optional("attributes.modified_at", "2026-13-01T12:00:00Z"),
    _optional("attributes.org_id", 1.5),
    _optional("attributes.session_id", 7),
    _optional("attributes.snapshot_name", 7),
    _optional("attributes.start", "12"),
    _optional("attributes.view_id", 7),
    _optional("attributes.view_name", 7),
]

# The caller sent what is known about a watch, so the answer needs nothing but its type.
_WATCH = [
    _required("type", 7),
    _optional("id", 7),
    _optional("attributes.application_id", 7),
    _optional("attributes.event_id", 7),
    _optional("attributes.timestamp", "noon"),
    _optional("attributes.data_source", 7),
]

_WATCHER = [
    _required("type", 7),
    _optional("id", 7),
    _required("attributes.handle", 7),
    _required("attributes.last_watched_at", "noon"),
    _required("attributes.watch_count", "7"),
    _optional("attributes.icon", 7),
    _optional("attributes.name", 7),
]

_WATCHED_SESSION = [
    *_IDENTITY,
    _required("attributes.last_watched_at", 1_782_907_200_000),
    _optional("attributes.event_id", 7),
    _optional("attributes.session_event", ["an", "event"]),
    _optional("attributes.track", 7),
]

FIELDS: dict[str, list[Field]] = {
    "list_playlists": _PLAYLIST,
    "create_playlist": _PLAYLIST,
    "get_playlist": _PLAYLIST,
    "update_playlist": _PLAYLIST,
    "list_playlist_sessions": _PLAYLIST_SESSION,
    "add_playlist_session": _PLAYLIST_SESSION,
    "list_heatmaps": _SNAPSHOT,
    "create_heatmap": _SNAPSHOT,
    "update_heatmap": _SNAPSHOT,
    "record_watch": _WATCH,
    "list_watchers": _WATCHER,
    "list_history": _WATCHED_SESSION,
}
"""By the name of the operation; all others return nothing, or bytes, or events, which have no required field: see
tests/wrapper/test_event_search.py."""
