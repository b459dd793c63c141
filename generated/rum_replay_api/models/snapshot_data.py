# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.snapshot_update_request_data_type import SnapshotUpdateRequestDataType
from ..types import UNSET, Unset, as_object

if TYPE_CHECKING:
    from ..models.snapshot_data_attributes import SnapshotDataAttributes


T = TypeVar("T", bound="SnapshotData")


@_attrs_define
class SnapshotData:
    """A heatmap snapshot: a view as it looked at one moment."""

    type_: SnapshotUpdateRequestDataType
    """ Marks the resource as a heatmap snapshot, in requests and responses. """
    id: str | Unset = UNSET
    """ The snapshot's id, assigned by the server. """
    attributes: SnapshotDataAttributes | Unset = UNSET
    """ What a snapshot shows, and who created it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

        id = self.id

        attributes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attributes, Unset):
            attributes = self.attributes.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
            }
        )
        if id is not UNSET:
            field_dict["id"] = id
        if attributes is not UNSET:
            field_dict["attributes"] = attributes

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.snapshot_data_attributes import SnapshotDataAttributes

        d = as_object(src_dict)
        for optional in (
            "id",
            "attributes",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        type_ = SnapshotUpdateRequestDataType(d.pop("type"))

        id = d.pop("id", UNSET)

        _attributes = d.pop("attributes", UNSET)
        attributes: SnapshotDataAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = SnapshotDataAttributes.from_dict(_attributes)

        snapshot_data = cls(
            type_=type_,
            id=id,
            attributes=attributes,
        )

        snapshot_data.additional_properties = d
        return snapshot_data

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
