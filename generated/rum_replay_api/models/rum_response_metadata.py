# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.rum_response_status import RUMResponseStatus
from ..types import UNSET, Unset, as_list, as_object

if TYPE_CHECKING:
    from ..models.rum_response_page import RUMResponsePage
    from ..models.rum_warning import RUMWarning


T = TypeVar("T", bound="RUMResponseMetadata")


@_attrs_define
class RUMResponseMetadata:
    """What is known about the search."""

    elapsed: int | Unset = UNSET
    """ How long it took, in milliseconds. """
    page: RUMResponsePage | Unset = UNSET
    """ How to get the next page. """
    request_id: str | Unset = UNSET
    """ Id of the request. """
    status: RUMResponseStatus | Unset = UNSET
    """ Whether the search was finished; after a `timeout`, the page lacks events. """
    warnings: list[RUMWarning] | Unset = UNSET
    """ Why the events may not be all that there are. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        elapsed = self.elapsed

        page: dict[str, Any] | Unset = UNSET
        if not isinstance(self.page, Unset):
            page = self.page.to_dict()

        request_id = self.request_id

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        warnings: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.warnings, Unset):
            warnings = []
            for warnings_item_data in self.warnings:
                warnings_item = warnings_item_data.to_dict()
                warnings.append(warnings_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if elapsed is not UNSET:
            field_dict["elapsed"] = elapsed
        if page is not UNSET:
            field_dict["page"] = page
        if request_id is not UNSET:
            field_dict["request_id"] = request_id
        if status is not UNSET:
            field_dict["status"] = status
        if warnings is not UNSET:
            field_dict["warnings"] = warnings

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.rum_response_page import RUMResponsePage
        from ..models.rum_warning import RUMWarning

        d = as_object(src_dict)
        for optional in (
            "elapsed",
            "page",
            "request_id",
            "status",
            "warnings",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        elapsed = d.pop("elapsed", UNSET)

        _page = d.pop("page", UNSET)
        page: RUMResponsePage | Unset
        if isinstance(_page, Unset):
            page = UNSET
        else:
            page = RUMResponsePage.from_dict(_page)

        request_id = d.pop("request_id", UNSET)

        _status = d.pop("status", UNSET)
        status: RUMResponseStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = RUMResponseStatus(_status)

        _warnings = d.pop("warnings", UNSET)
        warnings: list[RUMWarning] | Unset = UNSET
        if _warnings is not UNSET:
            warnings = []
            for warnings_item_data in as_list(_warnings):
                warnings_item = RUMWarning.from_dict(warnings_item_data)

                warnings.append(warnings_item)

        rum_response_metadata = cls(
            elapsed=elapsed,
            page=page,
            request_id=request_id,
            status=status,
            warnings=warnings,
        )

        rum_response_metadata.additional_properties = d
        return rum_response_metadata

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
