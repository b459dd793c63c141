# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_object

if TYPE_CHECKING:
    from ..models.playlists_session_data_attributes_session_event import (
        PlaylistsSessionDataAttributesSessionEvent,
    )


T = TypeVar("T", bound="PlaylistsSessionDataAttributes")


@_attrs_define
class PlaylistsSessionDataAttributes:
    """The fields of a session in a playlist."""

    session_event: PlaylistsSessionDataAttributesSessionEvent | Unset = UNSET
    """ Unprocessed data of the session's event. Its fields are not part of this contract. """
    track: str | Unset = UNSET
    """ The recording track that the session belongs to. The set of values is undocumented. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        session_event: dict[str, Any] | Unset = UNSET
        if not isinstance(self.session_event, Unset):
            session_event = self.session_event.to_dict()

        track = self.track

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if session_event is not UNSET:
            field_dict["session_event"] = session_event
        if track is not UNSET:
            field_dict["track"] = track

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.playlists_session_data_attributes_session_event import (
            PlaylistsSessionDataAttributesSessionEvent,
        )

        d = as_object(src_dict)
        for optional in (
            "session_event",
            "track",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        _session_event = d.pop("session_event", UNSET)
        session_event: PlaylistsSessionDataAttributesSessionEvent | Unset
        if isinstance(_session_event, Unset):
            session_event = UNSET
        else:
            session_event = PlaylistsSessionDataAttributesSessionEvent.from_dict(_session_event)

        track = d.pop("track", UNSET)

        playlists_session_data_attributes = cls(
            session_event=session_event,
            track=track,
        )

        playlists_session_data_attributes.additional_properties = d
        return playlists_session_data_attributes

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
