"""The API's answers as flat, frozen classes.

Fields that an answer leaves out, or holds as null, are None. Fields that this release does not know are kept in
`extra`, enum values that it does not know remain strings, and `to_dict()` returns what the server sent. Times are
aware datetimes. Only ids and the fields that the contract requires are always there.
"""

import copy
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import attrs
import msgspec

from ._public import public

__all__ = ["HeatmapSnapshot", "Playlist", "PlaylistCreator", "PlaylistSession", "Watch", "WatchedSession", "Watcher"]

if TYPE_CHECKING:
    AwareDatetime = Annotated[datetime, msgspec.Meta(tz=True)]
    """RFC 3339 demands an offset; a time without one cannot be placed and does not fit the contract."""
else:
    # freezegun puts a subclass in the place of `datetime`, which may have happened before this module was imported.
    _real = next(cls for cls in datetime.__mro__ if (cls.__module__, cls.__name__) == ("datetime", "datetime"))
    AwareDatetime = Annotated[_real, msgspec.Meta(tz=True)]

_TOP_LEVEL = ("id", "type", "relationships", "links", "meta")
"""What JSON:API puts beside the attributes of a resource."""


@attrs.frozen(kw_only=True)
class Resource:
    """What all resources share: a type, fields that are not known yet, and the wire form."""

    type: str
    """The JSON:API resource type, such as `rum_replay_playlist`."""

    extra: dict[str, Any] = attrs.field(factory=dict[str, Any], hash=False)
    """Fields of the resource or of its attributes that this release does not know."""

    # Not an argument of the constructor, so that attrs.evolve drops it instead of keeping an outdated value.
    _wire: dict[str, Any] | None = attrs.field(default=None, init=False, eq=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The wire form, `{"id": …, "type": …, "attributes": {…}}`.

        Of a resource from the server: exactly what it sent. Otherwise: made of the fields, without those that are None.
        """
        if self._wire is not None:
            return copy.deepcopy(self._wire)
        fields = _to_wire(self)
        resource = {name: fields.pop(name) for name in _TOP_LEVEL if name in fields}
        return resource | {"attributes": fields}


def _to_wire(value: Any) -> Any:
    if isinstance(value, Resource | PlaylistCreator):
        fields = {field.name: _to_wire(getattr(value, field.name)) for field in attrs.fields(type(value))}
        known = {name: field for name, field in fields.items() if field is not None and name not in ("extra", "_wire")}
        return known | fields["extra"]
    return value.isoformat() if isinstance(value, datetime) else copy.deepcopy(value)


@attrs.frozen(kw_only=True)
class PlaylistCreator:
    """Who made a playlist."""

    handle: str
    """The user's handle, an e-mail address."""

    id: str
    uuid: str
    icon: str | None = None
    """URL of the user's picture."""

    name: str | None = None
    extra: dict[str, Any] = attrs.field(factory=dict[str, Any], hash=False)
    """Fields that this release does not know."""


@attrs.frozen(kw_only=True)
class Playlist(Resource):
    """A named set of replays."""

    id: str
    """The id: digits, as the API gives it; all methods take it like this or as an integer."""

    name: str
    description: str | None = None
    session_count: int | None = None
    """How many sessions the playlist holds."""

    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    created_by: PlaylistCreator | None = None


@attrs.frozen(kw_only=True)
class PlaylistSession(Resource):
    """A session in a playlist."""

    id: str
    """The session's id."""

    session_event: dict[str, Any] | None = attrs.field(default=None, hash=False)
    """The RUM session event as Datadog stores it; its shape is not documented."""

    track: str | None = None
    """Which recording track the session belongs to."""


@attrs.frozen(kw_only=True)
class HeatmapSnapshot(Resource):
    """A view as it looked at one moment: the background of heatmaps."""

    id: str
    application_id: str | None = None
    """The RUM application."""

    created_at: AwareDatetime | None = None
    created_by: str | None = None
    """The display name of who made the snapshot."""

    created_by_handle: str | None = None
    created_by_user_id: int | None = None
    device_type: str | None = None
    """`desktop`, `mobile` or `tablet`, as far as documented."""

    event_id: str | None = None
    """The RUM event that the snapshot was taken at."""

    is_device_type_selected_by_user: bool | None = None
    """True where somebody chose the device type, False where it was detected."""

    modified_at: AwareDatetime | None = None
    org_id: int | None = None
    session_id: str | None = None
    snapshot_name: str | None = None
    start: int | None = None
    """Milliseconds from the start of the session to the moment of the snapshot."""

    view_id: str | None = None
    view_name: str | None = None
    """The path or name of the view, such as `/checkout`."""


@attrs.frozen(kw_only=True)
class Watch(Resource):
    """One record of somebody watching a session."""

    id: str | None = None
    application_id: str | None = None
    event_id: str | None = None
    """The RUM event that was watched."""

    timestamp: AwareDatetime | None = None
    data_source: str | None = None
    """`rum` or `product_analytics`, as far as documented."""


@attrs.frozen(kw_only=True)
class Watcher(Resource):
    """A user who watched a session, with totals; single watches are not listed by the API."""

    id: str | None = None
    handle: str
    """The user's handle, an e-mail address."""

    last_watched_at: AwareDatetime
    watch_count: int
    """How often this user watched the session."""

    icon: str | None = None
    """URL of the user's picture."""

    name: str | None = None


@attrs.frozen(kw_only=True)
class WatchedSession(Resource):
    """A session in the viewership history."""

    id: str
    """The session's id."""

    last_watched_at: AwareDatetime
    event_id: str | None = None
    session_event: dict[str, Any] | None = attrs.field(default=None, hash=False)
    """The RUM session event as Datadog stores it; its shape is not documented."""

    track: str | None = None
    """Which recording track the session belongs to."""


public(HeatmapSnapshot, Playlist, PlaylistCreator, PlaylistSession, Watch, WatchedSession, Watcher)
