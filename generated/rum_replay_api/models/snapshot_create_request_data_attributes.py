# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_object

T = TypeVar("T", bound="SnapshotCreateRequestDataAttributes")


@_attrs_define
class SnapshotCreateRequestDataAttributes:
    """The moment that a new snapshot shows, and what it represents."""

    snapshot_name: str
    """ The snapshot's name. """
    view_name: str
    """ Name or URL path of the view that the snapshot represents. """
    device_type: str
    """ Kind of device that the snapshot represents, such as `desktop`, `mobile` or `tablet`. The full set of values
    is undocumented. """
    is_device_type_selected_by_user: bool
    """ Whether a person chose the device type; false when it was detected. """
    application_id: str
    """ Id of the RUM application. """
    event_id: str
    """ Id of the RUM event to which the snapshot belongs. """
    start: int
    """ The moment that the snapshot shows, in milliseconds since the start of the session. """
    session_id: str | Unset = UNSET
    """ Id of the RUM session in which the moment was recorded. """
    view_id: str | Unset = UNSET
    """ Id of the RUM view in which the moment was recorded. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        snapshot_name = self.snapshot_name

        view_name = self.view_name

        device_type = self.device_type

        is_device_type_selected_by_user = self.is_device_type_selected_by_user

        application_id = self.application_id

        event_id = self.event_id

        start = self.start

        session_id = self.session_id

        view_id = self.view_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "snapshot_name": snapshot_name,
                "view_name": view_name,
                "device_type": device_type,
                "is_device_type_selected_by_user": is_device_type_selected_by_user,
                "application_id": application_id,
                "event_id": event_id,
                "start": start,
            }
        )
        if session_id is not UNSET:
            field_dict["session_id"] = session_id
        if view_id is not UNSET:
            field_dict["view_id"] = view_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        for optional in (
            "session_id",
            "view_id",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        snapshot_name = d.pop("snapshot_name")

        view_name = d.pop("view_name")

        device_type = d.pop("device_type")

        is_device_type_selected_by_user = d.pop("is_device_type_selected_by_user")

        application_id = d.pop("application_id")

        event_id = d.pop("event_id")

        start = d.pop("start")

        session_id = d.pop("session_id", UNSET)

        view_id = d.pop("view_id", UNSET)

        snapshot_create_request_data_attributes = cls(
            snapshot_name=snapshot_name,
            view_name=view_name,
            device_type=device_type,
            is_device_type_selected_by_user=is_device_type_selected_by_user,
            application_id=application_id,
            event_id=event_id,
            start=start,
            session_id=session_id,
            view_id=view_id,
        )

        snapshot_create_request_data_attributes.additional_properties = d
        return snapshot_create_request_data_attributes

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
