# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import as_object

if TYPE_CHECKING:
    from ..models.playlists_session_data import PlaylistsSessionData


T = TypeVar("T", bound="PlaylistsSession")


@_attrs_define
class PlaylistsSession:
    """One session in a playlist."""

    data: PlaylistsSessionData
    """ A session in a playlist. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.playlists_session_data import PlaylistsSessionData

        d = as_object(src_dict)
        data = PlaylistsSessionData.from_dict(d.pop("data"))

        playlists_session = cls(
            data=data,
        )

        playlists_session.additional_properties = d
        return playlists_session

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
