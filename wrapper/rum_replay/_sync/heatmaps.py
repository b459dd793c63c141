# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""Heatmap snapshots: how views looked, as the background of heatmaps."""

from __future__ import annotations

from .._calls import heatmaps as calls
from .._models import HeatmapSnapshot
from .listing import Listing
from .transport import Transport

__all__ = ["Heatmaps"]


class Heatmaps:
    """The operations on heatmap snapshots."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        view_name: str,
        *,
        device_type: str | None = None,
        application_id: str | None = None,
        limit: int | None = None,
    ) -> Listing[HeatmapSnapshot]:
        """The snapshots of a view, fetched when iterated.

        `view_name` is the view's path or name, such as `/checkout`; `device_type` and `application_id` narrow it down.
        `limit` is how many to return at most. The API has no further pages; without a limit, its own (undocumented) one
        applies.
        """
        pages = calls.list_pages(view_name, device_type=device_type, application_id=application_id, limit=limit or None)
        return Listing(self._transport, pages, limit=limit, paged=False)

    def create(
        self,
        *,
        application_id: str,
        device_type: str,
        event_id: str,
        is_device_type_selected_by_user: bool,
        snapshot_name: str,
        start: int,
        view_name: str,
        session_id: str | None = None,
        view_id: str | None = None,
    ) -> HeatmapSnapshot:
        """Save how a view looked at one moment of a replay.

        `start` is that moment in milliseconds since the start of the session, `event_id` the RUM event that it belongs
        to, `device_type` a type such as `desktop`, `mobile` or `tablet`. The request is not repeated if it may have
        arrived: see RetryPolicy.
        """
        call = calls.create(
            application_id=application_id,
            device_type=device_type,
            event_id=event_id,
            is_device_type_selected_by_user=is_device_type_selected_by_user,
            snapshot_name=snapshot_name,
            start=start,
            view_name=view_name,
            session_id=session_id,
            view_id=view_id,
        )
        return self._transport.send(call)

    def update(
        self,
        snapshot_id: str,
        *,
        event_id: str,
        is_device_type_selected_by_user: bool,
        start: int,
        session_id: str | None = None,
        view_id: str | None = None,
    ) -> HeatmapSnapshot:
        """Move a snapshot to another moment; its name and its view's name stay. The arguments are those of `create`.

        The request is not repeated if it may have arrived: see RetryPolicy.
        """
        call = calls.update(
            snapshot_id,
            event_id=event_id,
            is_device_type_selected_by_user=is_device_type_selected_by_user,
            start=start,
            session_id=session_id,
            view_id=view_id,
        )
        return self._transport.send(call)

    def delete(self, snapshot_id: str) -> None:
        """Delete a snapshot."""
        self._transport.send(calls.delete(snapshot_id))
