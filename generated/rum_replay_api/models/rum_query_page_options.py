# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_object

T = TypeVar("T", bound="RUMQueryPageOptions")


@_attrs_define
class RUMQueryPageOptions:
    """Which page to return."""

    limit: int | Unset = UNSET
    """ The maximum number of events on a page, by default 10. """
    cursor: str | Unset = UNSET
    """ The value of `meta.page.after` of the page before. Left out for the first page. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        limit = self.limit

        cursor = self.cursor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if limit is not UNSET:
            field_dict["limit"] = limit
        if cursor is not UNSET:
            field_dict["cursor"] = cursor

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        for optional in (
            "limit",
            "cursor",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        limit = d.pop("limit", UNSET)

        cursor = d.pop("cursor", UNSET)

        rum_query_page_options = cls(
            limit=limit,
            cursor=cursor,
        )

        rum_query_page_options.additional_properties = d
        return rum_query_page_options

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
