# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_datetime, as_list, as_object, from_datetime

if TYPE_CHECKING:
    from ..models.rum_event_attributes_attributes import RUMEventAttributesAttributes


T = TypeVar("T", bound="RUMEventAttributes")


@_attrs_define
class RUMEventAttributes:
    """An event, and what the RUM Explorer shows beside it."""

    timestamp: datetime.datetime | Unset = UNSET
    """ The event's time; of a view and a session, its start. """
    service: str | Unset = UNSET
    """ The service that sent it. """
    tags: list[str] | Unset = UNSET
    """ Its tags. One may occur several times. """
    attributes: RUMEventAttributesAttributes | Unset = UNSET
    """ The event's own fields, such as `type`, `session` and `view`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        timestamp: str | Unset = UNSET
        if not isinstance(self.timestamp, Unset):
            timestamp = from_datetime(self.timestamp)

        service = self.service

        tags: list[str] | Unset = UNSET
        if not isinstance(self.tags, Unset):
            tags = self.tags

        attributes: dict[str, Any] | Unset = UNSET
        if not isinstance(self.attributes, Unset):
            attributes = self.attributes.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if timestamp is not UNSET:
            field_dict["timestamp"] = timestamp
        if service is not UNSET:
            field_dict["service"] = service
        if tags is not UNSET:
            field_dict["tags"] = tags
        if attributes is not UNSET:
            field_dict["attributes"] = attributes

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.rum_event_attributes_attributes import (
            RUMEventAttributesAttributes,
        )

        d = as_object(src_dict)
        for optional in (
            "timestamp",
            "service",
            "tags",
            "attributes",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        _timestamp = d.pop("timestamp", UNSET)
        timestamp: datetime.datetime | Unset
        if isinstance(_timestamp, Unset):
            timestamp = UNSET
        else:
            timestamp = as_datetime(_timestamp)

        service = d.pop("service", UNSET)

        tags = cast(list[str], as_list(d.pop("tags", UNSET), str))

        _attributes = d.pop("attributes", UNSET)
        attributes: RUMEventAttributesAttributes | Unset
        if isinstance(_attributes, Unset):
            attributes = UNSET
        else:
            attributes = RUMEventAttributesAttributes.from_dict(_attributes)

        rum_event_attributes = cls(
            timestamp=timestamp,
            service=service,
            tags=tags,
            attributes=attributes,
        )

        rum_event_attributes.additional_properties = d
        return rum_event_attributes

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
