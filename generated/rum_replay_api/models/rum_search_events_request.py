# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.rum_sort import RUMSort
from ..types import UNSET, Unset, as_object

if TYPE_CHECKING:
    from ..models.rum_query_filter import RUMQueryFilter
    from ..models.rum_query_options import RUMQueryOptions
    from ..models.rum_query_page_options import RUMQueryPageOptions


T = TypeVar("T", bound="RUMSearchEventsRequest")


@_attrs_define
class RUMSearchEventsRequest:
    """What to search for, and which page of it to return."""

    filter_: RUMQueryFilter | Unset = UNSET
    """ A query and a time range. """
    options: RUMQueryOptions | Unset = UNSET
    """ How times in the query are read. With both properties, the search fails. """
    page: RUMQueryPageOptions | Unset = UNSET
    """ Which page to return. """
    sort: RUMSort | Unset = UNSET
    """ The order of the events, by their time. The default is undocumented. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        filter_: dict[str, Any] | Unset = UNSET
        if not isinstance(self.filter_, Unset):
            filter_ = self.filter_.to_dict()

        options: dict[str, Any] | Unset = UNSET
        if not isinstance(self.options, Unset):
            options = self.options.to_dict()

        page: dict[str, Any] | Unset = UNSET
        if not isinstance(self.page, Unset):
            page = self.page.to_dict()

        sort: str | Unset = UNSET
        if not isinstance(self.sort, Unset):
            sort = self.sort.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if filter_ is not UNSET:
            field_dict["filter"] = filter_
        if options is not UNSET:
            field_dict["options"] = options
        if page is not UNSET:
            field_dict["page"] = page
        if sort is not UNSET:
            field_dict["sort"] = sort

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.rum_query_filter import RUMQueryFilter
        from ..models.rum_query_options import RUMQueryOptions
        from ..models.rum_query_page_options import RUMQueryPageOptions

        d = as_object(src_dict)
        for optional in (
            "filter",
            "options",
            "page",
            "sort",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        _filter_ = d.pop("filter", UNSET)
        filter_: RUMQueryFilter | Unset
        if isinstance(_filter_, Unset):
            filter_ = UNSET
        else:
            filter_ = RUMQueryFilter.from_dict(_filter_)

        _options = d.pop("options", UNSET)
        options: RUMQueryOptions | Unset
        if isinstance(_options, Unset):
            options = UNSET
        else:
            options = RUMQueryOptions.from_dict(_options)

        _page = d.pop("page", UNSET)
        page: RUMQueryPageOptions | Unset
        if isinstance(_page, Unset):
            page = UNSET
        else:
            page = RUMQueryPageOptions.from_dict(_page)

        _sort = d.pop("sort", UNSET)
        sort: RUMSort | Unset
        if isinstance(_sort, Unset):
            sort = UNSET
        else:
            sort = RUMSort(_sort)

        rum_search_events_request = cls(
            filter_=filter_,
            options=options,
            page=page,
            sort=sort,
        )

        rum_search_events_request.additional_properties = d
        return rum_search_events_request

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
