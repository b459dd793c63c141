# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_list, as_object

if TYPE_CHECKING:
    from ..models.error_detail import ErrorDetail


T = TypeVar("T", bound="ErrorResponse")


@_attrs_define
class ErrorResponse:
    """The error bodies that occur in addition to the documented one. `errors` may contain strings or objects or be empty,
    even within one area of the API.

    """

    errors: list[ErrorDetail | str] | Unset = UNSET
    """ The errors. It may be empty. """
    status: str | Unset = UNSET
    """ The word `error`; only in some responses. """
    code: int | Unset = UNSET
    """ The HTTP status again; only in some responses. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.error_detail import ErrorDetail

        errors: list[dict[str, Any] | str] | Unset = UNSET
        if not isinstance(self.errors, Unset):
            errors = []
            for errors_item_data in self.errors:
                errors_item: dict[str, Any] | str
                if isinstance(errors_item_data, ErrorDetail):
                    errors_item = errors_item_data.to_dict()
                else:
                    errors_item = errors_item_data
                errors.append(errors_item)

        status = self.status

        code = self.code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if errors is not UNSET:
            field_dict["errors"] = errors
        if status is not UNSET:
            field_dict["status"] = status
        if code is not UNSET:
            field_dict["code"] = code

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.error_detail import ErrorDetail

        d = as_object(src_dict)
        for optional in (
            "errors",
            "status",
            "code",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        _errors = d.pop("errors", UNSET)
        errors: list[ErrorDetail | str] | Unset = UNSET
        if _errors is not UNSET:
            errors = []
            for errors_item_data in as_list(_errors):

                def _parse_errors_item(data: object) -> ErrorDetail | str:
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        errors_item_type_1 = ErrorDetail.from_dict(data)

                        return errors_item_type_1
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    if not isinstance(data, str):
                        raise TypeError(f"{type(data).__name__} is not expected")
                    return data

                errors_item = _parse_errors_item(errors_item_data)

                errors.append(errors_item)

        status = d.pop("status", UNSET)

        code = d.pop("code", UNSET)

        error_response = cls(
            errors=errors,
            status=status,
            code=code,
        )

        error_response.additional_properties = d
        return error_response

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
