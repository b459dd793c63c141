# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_object

T = TypeVar("T", bound="RUMQueryFilter")


@_attrs_define
class RUMQueryFilter:
    """A query and a time range."""

    query: str | Unset = UNSET
    """ The query, in the syntax of the RUM Explorer; `*`, the default, matches every event. """
    from_: str | Unset = UNSET
    """ Start of the time range: a time with its offset, date math such as `now-7d`, or milliseconds since
    1970-01-01 UTC as a string. By default `now-15m`. """
    to: str | Unset = UNSET
    """ End of the time range, in the same forms; by default `now`. Whether it is part of the range is undocumented.
    """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        query = self.query

        from_ = self.from_

        to = self.to

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if query is not UNSET:
            field_dict["query"] = query
        if from_ is not UNSET:
            field_dict["from"] = from_
        if to is not UNSET:
            field_dict["to"] = to

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        for optional in (
            "query",
            "from",
            "to",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        query = d.pop("query", UNSET)

        from_ = d.pop("from", UNSET)

        to = d.pop("to", UNSET)

        rum_query_filter = cls(
            query=query,
            from_=from_,
            to=to,
        )

        rum_query_filter.additional_properties = d
        return rum_query_filter

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
