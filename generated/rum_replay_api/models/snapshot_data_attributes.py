# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_datetime, as_object, from_datetime

T = TypeVar("T", bound="SnapshotDataAttributes")


@_attrs_define
class SnapshotDataAttributes:
    """What a snapshot shows, and who created it."""

    snapshot_name: str | Unset = UNSET
    """ The snapshot's name. """
    view_name: str | Unset = UNSET
    """ Name or URL path of the view that the snapshot represents. """
    device_type: str | Unset = UNSET
    """ Kind of device that the snapshot represents, such as `desktop`, `mobile` or `tablet`. The full set of values
    is undocumented. """
    is_device_type_selected_by_user: bool | Unset = UNSET
    """ Whether a person chose the device type; false when it was detected. """
    application_id: str | Unset = UNSET
    """ Id of the RUM application. """
    session_id: str | Unset = UNSET
    """ Id of the RUM session in which the moment was recorded. """
    view_id: str | Unset = UNSET
    """ Id of the RUM view in which the moment was recorded. """
    event_id: str | Unset = UNSET
    """ Id of the RUM event to which the snapshot belongs. """
    start: int | Unset = UNSET
    """ The moment that the snapshot shows, in milliseconds since the start of the session. """
    created_at: datetime.datetime | Unset = UNSET
    """ When the snapshot was created. """
    created_by: str | Unset = UNSET
    """ Display name of the user who created the snapshot. """
    created_by_handle: str | Unset = UNSET
    """ Handle, an e-mail address, of the user who created the snapshot. """
    created_by_user_id: int | Unset = UNSET
    """ Numeric id of the user who created the snapshot. """
    modified_at: datetime.datetime | Unset = UNSET
    """ When the snapshot was last changed. """
    org_id: int | Unset = UNSET
    """ Numeric id of the organization that the snapshot belongs to. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        snapshot_name = self.snapshot_name

        view_name = self.view_name

        device_type = self.device_type

        is_device_type_selected_by_user = self.is_device_type_selected_by_user

        application_id = self.application_id

        session_id = self.session_id

        view_id = self.view_id

        event_id = self.event_id

        start = self.start

        created_at: str | Unset = UNSET
        if not isinstance(self.created_at, Unset):
            created_at = from_datetime(self.created_at)

        created_by = self.created_by

        created_by_handle = self.created_by_handle

        created_by_user_id = self.created_by_user_id

        modified_at: str | Unset = UNSET
        if not isinstance(self.modified_at, Unset):
            modified_at = from_datetime(self.modified_at)

        org_id = self.org_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if snapshot_name is not UNSET:
            field_dict["snapshot_name"] = snapshot_name
        if view_name is not UNSET:
            field_dict["view_name"] = view_name
        if device_type is not UNSET:
            field_dict["device_type"] = device_type
        if is_device_type_selected_by_user is not UNSET:
            field_dict["is_device_type_selected_by_user"] = is_device_type_selected_by_user
        if application_id is not UNSET:
            field_dict["application_id"] = application_id
        if session_id is not UNSET:
            field_dict["session_id"] = session_id
        if view_id is not UNSET:
            field_dict["view_id"] = view_id
        if event_id is not UNSET:
            field_dict["event_id"] = event_id
        if start is not UNSET:
            field_dict["start"] = start
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if created_by is not UNSET:
            field_dict["created_by"] = created_by
        if created_by_handle is not UNSET:
            field_dict["created_by_handle"] = created_by_handle
        if created_by_user_id is not UNSET:
            field_dict["created_by_user_id"] = created_by_user_id
        if modified_at is not UNSET:
            field_dict["modified_at"] = modified_at
        if org_id is not UNSET:
            field_dict["org_id"] = org_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        for optional in (
            "snapshot_name",
            "view_name",
            "device_type",
            "is_device_type_selected_by_user",
            "application_id",
            "session_id",
            "view_id",
            "event_id",
            "start",
            "created_at",
            "created_by",
            "created_by_handle",
            "created_by_user_id",
            "modified_at",
            "org_id",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        snapshot_name = d.pop("snapshot_name", UNSET)

        view_name = d.pop("view_name", UNSET)

        device_type = d.pop("device_type", UNSET)

        is_device_type_selected_by_user = d.pop("is_device_type_selected_by_user", UNSET)

        application_id = d.pop("application_id", UNSET)

        session_id = d.pop("session_id", UNSET)

        view_id = d.pop("view_id", UNSET)

        event_id = d.pop("event_id", UNSET)

        start = d.pop("start", UNSET)

        _created_at = d.pop("created_at", UNSET)
        created_at: datetime.datetime | Unset
        if isinstance(_created_at, Unset):
            created_at = UNSET
        else:
            created_at = as_datetime(_created_at)

        created_by = d.pop("created_by", UNSET)

        created_by_handle = d.pop("created_by_handle", UNSET)

        created_by_user_id = d.pop("created_by_user_id", UNSET)

        _modified_at = d.pop("modified_at", UNSET)
        modified_at: datetime.datetime | Unset
        if isinstance(_modified_at, Unset):
            modified_at = UNSET
        else:
            modified_at = as_datetime(_modified_at)

        org_id = d.pop("org_id", UNSET)

        snapshot_data_attributes = cls(
            snapshot_name=snapshot_name,
            view_name=view_name,
            device_type=device_type,
            is_device_type_selected_by_user=is_device_type_selected_by_user,
            application_id=application_id,
            session_id=session_id,
            view_id=view_id,
            event_id=event_id,
            start=start,
            created_at=created_at,
            created_by=created_by,
            created_by_handle=created_by_handle,
            created_by_user_id=created_by_user_id,
            modified_at=modified_at,
            org_id=org_id,
        )

        snapshot_data_attributes.additional_properties = d
        return snapshot_data_attributes

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
