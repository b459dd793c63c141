# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_datetime, as_object, from_datetime

T = TypeVar("T", bound="WatchDataAttributes")


@_attrs_define
class WatchDataAttributes:
    """What was watched, and when."""

    application_id: str
    """ Id of the RUM application to which the session belongs. """
    event_id: str
    """ Id of the watched RUM event. """
    timestamp: datetime.datetime
    """ The time of the watch, with its offset from UTC. """
    data_source: str | Unset = UNSET
    """ Which product recorded the session, such as `rum` or `product_analytics`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        application_id = self.application_id

        event_id = self.event_id

        timestamp = from_datetime(self.timestamp)

        data_source = self.data_source

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "application_id": application_id,
                "event_id": event_id,
                "timestamp": timestamp,
            }
        )
        if data_source is not UNSET:
            field_dict["data_source"] = data_source

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        for optional in ("data_source",):
            if d.get(optional, UNSET) is None:
                del d[optional]
        application_id = d.pop("application_id")

        event_id = d.pop("event_id")

        timestamp = as_datetime(d.pop("timestamp"))

        data_source = d.pop("data_source", UNSET)

        watch_data_attributes = cls(
            application_id=application_id,
            event_id=event_id,
            timestamp=timestamp,
            data_source=data_source,
        )

        watch_data_attributes.additional_properties = d
        return watch_data_attributes

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
