# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_object

T = TypeVar("T", bound="RUMQueryOptions")


@_attrs_define
class RUMQueryOptions:
    """How times in the query are read. With both properties, the search fails."""

    timezone: str | Unset = UNSET
    """ Name or offset of a time zone; by default UTC. """
    time_offset: int | Unset = UNSET
    """ Offset from UTC in seconds. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        timezone = self.timezone

        time_offset = self.time_offset

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if timezone is not UNSET:
            field_dict["timezone"] = timezone
        if time_offset is not UNSET:
            field_dict["time_offset"] = time_offset

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        for optional in (
            "timezone",
            "time_offset",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        timezone = d.pop("timezone", UNSET)

        time_offset = d.pop("time_offset", UNSET)

        rum_query_options = cls(
            timezone=timezone,
            time_offset=time_offset,
        )

        rum_query_options.additional_properties = d
        return rum_query_options

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
