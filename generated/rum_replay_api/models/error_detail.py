# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_object

if TYPE_CHECKING:
    from ..models.error_detail_meta import ErrorDetailMeta


T = TypeVar("T", bound="ErrorDetail")


@_attrs_define
class ErrorDetail:
    """One error as an object. Its fields vary."""

    status: str | Unset = UNSET
    """ The HTTP status, as a string. """
    code: str | Unset = UNSET
    """ A machine-readable code. The set of values is undocumented. """
    title: str | Unset = UNSET
    """ A short name for the kind of error. """
    detail: str | Unset = UNSET
    """ What went wrong in this case. """
    meta: ErrorDetailMeta | Unset = UNSET
    """ More data about the error. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        status = self.status

        code = self.code

        title = self.title

        detail = self.detail

        meta: dict[str, Any] | Unset = UNSET
        if not isinstance(self.meta, Unset):
            meta = self.meta.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if status is not UNSET:
            field_dict["status"] = status
        if code is not UNSET:
            field_dict["code"] = code
        if title is not UNSET:
            field_dict["title"] = title
        if detail is not UNSET:
            field_dict["detail"] = detail
        if meta is not UNSET:
            field_dict["meta"] = meta

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.error_detail_meta import ErrorDetailMeta

        d = as_object(src_dict)
        for optional in (
            "status",
            "code",
            "title",
            "detail",
            "meta",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        status = d.pop("status", UNSET)

        code = d.pop("code", UNSET)

        title = d.pop("title", UNSET)

        detail = d.pop("detail", UNSET)

        _meta = d.pop("meta", UNSET)
        meta: ErrorDetailMeta | Unset
        if isinstance(_meta, Unset):
            meta = UNSET
        else:
            meta = ErrorDetailMeta.from_dict(_meta)

        error_detail = cls(
            status=status,
            code=code,
            title=title,
            detail=detail,
            meta=meta,
        )

        error_detail.additional_properties = d
        return error_detail

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
