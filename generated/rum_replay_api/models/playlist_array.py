# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import as_list, as_object

if TYPE_CHECKING:
    from ..models.playlist_data import PlaylistData


T = TypeVar("T", bound="PlaylistArray")


@_attrs_define
class PlaylistArray:
    """One page of playlists."""

    data: list[PlaylistData]
    """ The playlists of this page. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        data = []
        for data_item_data in self.data:
            data_item = data_item_data.to_dict()
            data.append(data_item)

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
        from ..models.playlist_data import PlaylistData

        d = as_object(src_dict)
        data = []
        _data = d.pop("data")
        for data_item_data in as_list(_data):
            data_item = PlaylistData.from_dict(data_item_data)

            data.append(data_item)

        playlist_array = cls(
            data=data,
        )

        playlist_array.additional_properties = d
        return playlist_array

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
