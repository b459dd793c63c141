# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset, as_datetime, as_object, from_datetime

if TYPE_CHECKING:
    from ..models.viewership_history_session_data_attributes_session_event import (
        ViewershipHistorySessionDataAttributesSessionEvent,
    )


T = TypeVar("T", bound="ViewershipHistorySessionDataAttributes")


@_attrs_define
class ViewershipHistorySessionDataAttributes:
    """When a session was watched, and its fields."""

    last_watched_at: datetime.datetime
    """ When the user last watched the session. """
    event_id: str | Unset = UNSET
    """ Id of the watched RUM event. """
    session_event: ViewershipHistorySessionDataAttributesSessionEvent | Unset = UNSET
    """ Unprocessed data of the session's event. Its fields are not part of this contract. """
    track: str | Unset = UNSET
    """ The recording track that the session belongs to. The set of values is undocumented. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        last_watched_at = from_datetime(self.last_watched_at)

        event_id = self.event_id

        session_event: dict[str, Any] | Unset = UNSET
        if not isinstance(self.session_event, Unset):
            session_event = self.session_event.to_dict()

        track = self.track

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "last_watched_at": last_watched_at,
            }
        )
        if event_id is not UNSET:
            field_dict["event_id"] = event_id
        if session_event is not UNSET:
            field_dict["session_event"] = session_event
        if track is not UNSET:
            field_dict["track"] = track

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.viewership_history_session_data_attributes_session_event import (
            ViewershipHistorySessionDataAttributesSessionEvent,
        )

        d = as_object(src_dict)
        for optional in (
            "event_id",
            "session_event",
            "track",
        ):
            if d.get(optional, UNSET) is None:
                del d[optional]
        last_watched_at = as_datetime(d.pop("last_watched_at"))

        event_id = d.pop("event_id", UNSET)

        _session_event = d.pop("session_event", UNSET)
        session_event: ViewershipHistorySessionDataAttributesSessionEvent | Unset
        if isinstance(_session_event, Unset):
            session_event = UNSET
        else:
            session_event = ViewershipHistorySessionDataAttributesSessionEvent.from_dict(_session_event)

        track = d.pop("track", UNSET)

        viewership_history_session_data_attributes = cls(
            last_watched_at=last_watched_at,
            event_id=event_id,
            session_event=session_event,
            track=track,
        )

        viewership_history_session_data_attributes.additional_properties = d
        return viewership_history_session_data_attributes

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
