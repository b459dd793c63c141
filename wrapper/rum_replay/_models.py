# Derived from openapi.yaml by scripts/models.py. Do not edit.
"""The API's answers as flat, frozen classes; `_resource` says what they have in common."""

from typing import Any

import attrs

from ._public import public
from ._resource import AwareDatetime, Part, Resource

__all__ = [
    "SET_BY_SERVER",
    "HeatmapSnapshot",
    "Playlist",
    "PlaylistCreator",
    "PlaylistSession",
    "Watch",
    "WatchedSession",
    "Watcher",
]


@attrs.frozen(kw_only=True)
class PlaylistCreator(Part):
    """The user who created a playlist. If it is sent, all three identifying fields are required."""

    handle: str
    """The user's handle, an e-mail address."""

    id: str
    """The user's id. How it differs from `uuid` is undocumented."""

    uuid: str
    """The user's UUID, the value to use for filtering by creator."""

    name: str | None = None
    """The user's display name."""

    icon: str | None = None
    """The user's picture, as a URL or as an id."""


@attrs.frozen(kw_only=True)
class Playlist(Resource):
    """A playlist: a named set of sessions."""

    id: str
    """The playlist's id, a number in a string; paths take the number."""

    name: str
    """The playlist's name."""

    description: str | None = None
    """What the playlist is for."""

    created_by: PlaylistCreator | None = None
    """The user who created a playlist."""

    created_at: AwareDatetime | None = None
    """When the playlist was created."""

    updated_at: AwareDatetime | None = None
    """When the playlist was last changed. Whether adding a session counts is undocumented."""

    session_count: int | None = None
    """How many sessions the playlist contains."""


@attrs.frozen(kw_only=True)
class PlaylistSession(Resource):
    """A session in a playlist."""

    id: str
    """The session's id."""

    session_event: dict[str, Any] | None = attrs.field(default=None, hash=False)
    """Unprocessed data of the session's event. Its fields are not part of this contract."""

    track: str | None = None
    """The recording track that the session belongs to. The set of values is undocumented."""


@attrs.frozen(kw_only=True)
class HeatmapSnapshot(Resource):
    """A heatmap snapshot: a view as it looked at one moment."""

    id: str
    """The snapshot's id, assigned by the server."""

    snapshot_name: str | None = None
    """The snapshot's name."""

    view_name: str | None = None
    """Name or URL path of the view that the snapshot represents."""

    device_type: str | None = None
    """Kind of device that the snapshot represents, such as `desktop`, `mobile` or `tablet`. The full set of values
    is undocumented."""

    is_device_type_selected_by_user: bool | None = None
    """Whether a person chose the device type; false when it was detected."""

    application_id: str | None = None
    """Id of the RUM application."""

    session_id: str | None = None
    """Id of the RUM session in which the moment was recorded."""

    view_id: str | None = None
    """Id of the RUM view in which the moment was recorded."""

    event_id: str | None = None
    """Id of the RUM event to which the snapshot belongs."""

    start: int | None = None
    """The moment that the snapshot shows, in milliseconds since the start of the session."""

    created_at: AwareDatetime | None = None
    """When the snapshot was created."""

    created_by: str | None = None
    """Display name of the user who created the snapshot."""

    created_by_handle: str | None = None
    """Handle, an e-mail address, of the user who created the snapshot."""

    created_by_user_id: int | None = None
    """Numeric id of the user who created the snapshot."""

    modified_at: AwareDatetime | None = None
    """When the snapshot was last changed."""

    org_id: int | None = None
    """Numeric id of the organization that the snapshot belongs to."""


@attrs.frozen(kw_only=True)
class Watch(Resource):
    """One record of somebody watching a session."""

    id: str | None = None
    """The watch's id. The effect of sending one is undocumented."""

    application_id: str | None = None
    """Id of the RUM application to which the session belongs."""

    event_id: str | None = None
    """Id of the watched RUM event."""

    timestamp: AwareDatetime | None = None
    """The time of the watch, with its offset from UTC."""

    data_source: str | None = None
    """Which product recorded the session, such as `rum` or `product_analytics`."""


@attrs.frozen(kw_only=True)
class Watcher(Resource):
    """A user who watched a session, with totals; individual watches are not listed."""

    handle: str
    """The user's handle, an e-mail address."""

    last_watched_at: AwareDatetime
    """When this user last watched the session."""

    watch_count: int
    """How many times this user watched the session."""

    id: str | None = None
    """The watcher's id. Whether it is the user's UUID is undocumented."""

    name: str | None = None
    """The user's display name."""

    icon: str | None = None
    """The user's picture, as a URL or as an id."""


@attrs.frozen(kw_only=True)
class WatchedSession(Resource):
    """A session in the viewership history."""

    id: str
    """The session's id."""

    last_watched_at: AwareDatetime
    """When the user last watched the session."""

    event_id: str | None = None
    """Id of the watched RUM event."""

    session_event: dict[str, Any] | None = attrs.field(default=None, hash=False)
    """Unprocessed data of the session's event. Its fields are not part of this contract."""

    track: str | None = None
    """The recording track that the session belongs to. The set of values is undocumented."""


SET_BY_SERVER: dict[type[Resource], frozenset[str]] = {
    Playlist: frozenset({"created_at", "created_by", "session_count", "updated_at"}),
    HeatmapSnapshot: frozenset(
        {"created_at", "created_by", "created_by_handle", "created_by_user_id", "modified_at", "org_id"}
    ),
}
"""Attributes that only the server sets, as documented or, for playlists, presumably."""

public(HeatmapSnapshot, Playlist, PlaylistCreator, PlaylistSession, Watch, WatchedSession, Watcher)
