# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_datetime, as_object, from_datetime

T = TypeVar("T", bound="WatcherDataAttributes")


@_attrs_define
class WatcherDataAttributes:
    """A user and a summary of that user's watches of one session."""

    handle: str
    """ The user's handle, an e-mail address. """
    last_watched_at: datetime.datetime
    """ When this user last watched the session. """
    watch_count: int
    """ How many times this user watched the session. """
    name: str | Unset = UNSET
    """ The user's display name. """
    icon: str | Unset = UNSET
    """ The user's picture, as a URL or as an id. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        handle = self.handle

        last_watched_at = from_datetime(self.last_watched_at)

        watch_count = self.watch_count

        name = self.name

        icon = self.icon

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "handle": handle,
                "last_watched_at": last_watched_at,
                "watch_count": watch_count,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if icon is not UNSET:
            field_dict["icon"] = icon

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = as_object(src_dict)
        for optional in (
            "name",
            "icon",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        handle = d.pop("handle")

        last_watched_at = as_datetime(d.pop("last_watched_at"))

        watch_count = d.pop("watch_count")

        name = d.pop("name", UNSET)

        icon = d.pop("icon", UNSET)

        watcher_data_attributes = cls(
            handle=handle,
            last_watched_at=last_watched_at,
            watch_count=watch_count,
            name=name,
            icon=icon,
        )

        watcher_data_attributes.additional_properties = d
        return watcher_data_attributes

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
