# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_object

T = TypeVar("T", bound="PlaylistDataAttributesCreatedBy")


@_attrs_define
class PlaylistDataAttributesCreatedBy:
    """The user who created a playlist. If it is sent, all three identifying fields are required."""

    handle: str
    """ The user's handle, an e-mail address. """
    id: str
    """ The user's id. How it differs from `uuid` is undocumented. """
    uuid: str
    """ The user's UUID, the value to use for filtering by creator. """
    name: str | Unset = UNSET
    """ The user's display name. """
    icon: str | Unset = UNSET
    """ The user's picture, as a URL or as an id. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        handle = self.handle

        id = self.id

        uuid = self.uuid

        name = self.name

        icon = self.icon

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "handle": handle,
                "id": id,
                "uuid": uuid,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if icon is not UNSET:
            field_dict["icon"] = icon

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        for optional in (
            "name",
            "icon",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        handle = d.pop("handle")

        id = d.pop("id")

        uuid = d.pop("uuid")

        name = d.pop("name", UNSET)

        icon = d.pop("icon", UNSET)

        playlist_data_attributes_created_by = cls(
            handle=handle,
            id=id,
            uuid=uuid,
            name=name,
            icon=icon,
        )

        playlist_data_attributes_created_by.additional_properties = d
        return playlist_data_attributes_created_by

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
