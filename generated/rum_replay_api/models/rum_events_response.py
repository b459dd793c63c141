# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_list, as_object

if TYPE_CHECKING:
    from ..models.rum_event import RUMEvent
    from ..models.rum_response_links import RUMResponseLinks
    from ..models.rum_response_metadata import RUMResponseMetadata


T = TypeVar("T", bound="RUMEventsResponse")


@_attrs_define
class RUMEventsResponse:
    """One page of events."""

    data: list[RUMEvent] | Unset = UNSET
    """ The events of this page. Empty at the end. """
    meta: RUMResponseMetadata | Unset = UNSET
    """ What is known about the search. """
    links: RUMResponseLinks | Unset = UNSET
    """ Links to other pages. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        data: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = []
            for data_item_data in self.data:
                data_item = data_item_data.to_dict()
                data.append(data_item)

        meta: dict[str, Any] | Unset = UNSET
        if not isinstance(self.meta, Unset):
            meta = self.meta.to_dict()

        links: dict[str, Any] | Unset = UNSET
        if not isinstance(self.links, Unset):
            links = self.links.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if data is not UNSET:
            field_dict["data"] = data
        if meta is not UNSET:
            field_dict["meta"] = meta
        if links is not UNSET:
            field_dict["links"] = links

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.rum_event import RUMEvent
        from ..models.rum_response_links import RUMResponseLinks
        from ..models.rum_response_metadata import RUMResponseMetadata

        d = as_object(src_dict)
        for optional in (
            "data",
            "meta",
            "links",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        _data = d.pop("data", UNSET)
        data: list[RUMEvent] | Unset = UNSET
        if _data is not UNSET:
            data = []
            for data_item_data in as_list(_data):
                data_item = RUMEvent.from_dict(data_item_data)

                data.append(data_item)

        _meta = d.pop("meta", UNSET)
        meta: RUMResponseMetadata | Unset
        if isinstance(_meta, Unset):
            meta = UNSET
        else:
            meta = RUMResponseMetadata.from_dict(_meta)

        _links = d.pop("links", UNSET)
        links: RUMResponseLinks | Unset
        if isinstance(_links, Unset):
            links = UNSET
        else:
            links = RUMResponseLinks.from_dict(_links)

        rum_events_response = cls(
            data=data,
            meta=meta,
            links=links,
        )

        rum_events_response.additional_properties = d
        return rum_events_response

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
