# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.rum_event_type import RUMEventType
from ..types import UNSET, Unset, as_object

if TYPE_CHECKING:
    from ..models.rum_event_attributes import RUMEventAttributes


T = TypeVar("T", bound="RUMEvent")


@_attrs_define
class RUMEvent:
    """An event with its id."""

    id: str | Unset = UNSET
    """ The event's id. Whether it is what watches and snapshots name `event_id` is undocumented. """
    type_: RUMEventType | Unset = UNSET
    """ Marks the resource as an event. """
    attributes: RUMEventAttributes | Unset = UNSET
    """ An event, and what the RUM Explorer shows beside it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        type_: str | Unset = UNSET
        if not isinstance(self.type_, Unset):
            type_ = self.type_.value

        attributes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attributes, Unset):
            attributes = self.attributes.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if id is not UNSET:
            field_dict["id"] = id
        if type_ is not UNSET:
            field_dict["type"] = type_
        if attributes is not UNSET:
            field_dict["attributes"] = attributes

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.rum_event_attributes import RUMEventAttributes

        d = as_object(src_dict)
        for optional in (
            "id",
            "type",
            "attributes",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        id = d.pop("id", UNSET)

        _type_ = d.pop("type", UNSET)
        type_: RUMEventType | Unset
        if isinstance(_type_, Unset):
            type_ = UNSET
        else:
            type_ = RUMEventType(_type_)

        _attributes = d.pop("attributes", UNSET)
        attributes: RUMEventAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = RUMEventAttributes.from_dict(_attributes)

        rum_event = cls(
            id=id,
            type_=type_,
            attributes=attributes,
        )

        rum_event.additional_properties = d
        return rum_event

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
