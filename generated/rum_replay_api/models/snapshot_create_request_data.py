# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.snapshot_update_request_data_type import SnapshotUpdateRequestDataType
from ..types import UNSET, Unset, as_object

if TYPE_CHECKING:
    from ..models.snapshot_create_request_data_attributes import (
        SnapshotCreateRequestDataAttributes,
    )


T = TypeVar("T", bound="SnapshotCreateRequestData")


@_attrs_define
class SnapshotCreateRequestData:
    """The snapshot to create. The server assigns the id."""

    type_: SnapshotUpdateRequestDataType
    """ Marks the resource as a heatmap snapshot, in requests and responses. """
    attributes: SnapshotCreateRequestDataAttributes | Unset = UNSET
    """ The moment that a new snapshot shows, and what it represents. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_.value

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
        if attributes is not UNSET:
            field_dict["attributes"] = attributes

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.snapshot_create_request_data_attributes import (
            SnapshotCreateRequestDataAttributes,
        )

        d = as_object(src_dict)
        for optional in ("attributes",):
            if d.get(optional, UNSET) is None:
                del d[optional]
        type_ = SnapshotUpdateRequestDataType(d.pop("type"))

        _attributes = d.pop("attributes", UNSET)
        attributes: SnapshotCreateRequestDataAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = SnapshotCreateRequestDataAttributes.from_dict(_attributes)

        snapshot_create_request_data = cls(
            type_=type_,
            attributes=attributes,
        )

        snapshot_create_request_data.additional_properties = d
        return snapshot_create_request_data

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
