# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_datetime, as_object, from_datetime

if TYPE_CHECKING:
    from ..models.playlist_data_attributes_created_by import (
        PlaylistDataAttributesCreatedBy,
    )


T = TypeVar("T", bound="PlaylistDataAttributes")


@_attrs_define
class PlaylistDataAttributes:
    """The fields of a playlist."""

    name: str
    """ The playlist's name. """
    description: str | Unset = UNSET
    """ What the playlist is for. """
    created_by: PlaylistDataAttributesCreatedBy | Unset = UNSET
    """ The user who created a playlist. If it is sent, all three identifying fields are required. """
    created_at: datetime.datetime | Unset = UNSET
    """ When the playlist was created. """
    updated_at: datetime.datetime | Unset = UNSET
    """ When the playlist was last changed. Whether adding a session counts is undocumented. """
    session_count: int | Unset = UNSET
    """ How many sessions the playlist contains. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        created_by: dict[str, Any] | Unset = UNSET
        if not isinstance(self.created_by, Unset):
            created_by = self.created_by.to_dict()

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = from_datetime(self.created_at)

        updated_at: str | Unset = UNSET
        if not isinstance(self.updated_at, Unset):
            updated_at = from_datetime(self.updated_at)

        session_count = self.session_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if created_by is not UNSET:
            field_dict["created_by"] = created_by
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if updated_at is not UNSET:
            field_dict["updated_at"] = updated_at
        if session_count is not UNSET:
            field_dict["session_count"] = session_count

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.playlist_data_attributes_created_by import (
            PlaylistDataAttributesCreatedBy,
        )

        d = as_object(src_dict)
        for optional in (
            "description",
            "created_by",
            "created_at",
            "updated_at",
            "session_count",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        name = d.pop("name")

        description = d.pop("description", UNSET)

        _created_by = d.pop("created_by", UNSET)
        created_by: PlaylistDataAttributesCreatedBy | Unset
        if isinstance(_created_by, Unset):
            created_by = UNSET
        else:
            created_by = PlaylistDataAttributesCreatedBy.from_dict(_created_by)

        _created_at = d.pop("created_at", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at, Unset):
            created_at = UNSET
        else:
            created_at = as_datetime(_created_at)

        _updated_at = d.pop("updated_at", UNSET)
        updated_at: datetime.datetime | Unset
        if isinstance(_updated_at, Unset):
            updated_at = UNSET
        else:
            updated_at = as_datetime(_updated_at)

        session_count = d.pop("session_count", UNSET)

        playlist_data_attributes = cls(
            name=name,
            description=description,
            created_by=created_by,
            created_at=created_at,
            updated_at=updated_at,
            session_count=session_count,
        )

        playlist_data_attributes.additional_properties = d
        return playlist_data_attributes

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
