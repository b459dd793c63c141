# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_object

if TYPE_CHECKING:
    from ..models.snapshot_data import SnapshotData


T = TypeVar("T", bound="Snapshot")


@_attrs_define
class Snapshot:
    """One heatmap snapshot, as returned."""

    data: SnapshotData | Unset = UNSET
    """ A heatmap snapshot: a view as it looked at one moment. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if data is not UNSET:
            field_dict["data"] = data

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.snapshot_data import SnapshotData

        d = as_object(src_dict)
        for optional in ("data",):
            if d.get(optional, UNSET) is None:
                del d[optional]
        _data = d.pop("data", UNSET)
        data: SnapshotData | Unset
        if isinstance(_data, Unset):
            data = UNSET
        else:
            data = SnapshotData.from_dict(_data)

        snapshot = cls(
            data=data,
        )

        snapshot.additional_properties = d
        return snapshot

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
