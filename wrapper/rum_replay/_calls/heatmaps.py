"""Calls of the area "Rum Replay Heatmaps"."""

from __future__ import annotations

from rum_replay_api import api
from rum_replay_api.api import rum_replay_heatmaps as generated
from rum_replay_api.models.snapshot_create_request import SnapshotCreateRequest
from rum_replay_api.models.snapshot_create_request_data import SnapshotCreateRequestData
from rum_replay_api.models.snapshot_create_request_data_attributes import SnapshotCreateRequestDataAttributes
from rum_replay_api.models.snapshot_update_request import SnapshotUpdateRequest
from rum_replay_api.models.snapshot_update_request_data import SnapshotUpdateRequestData
from rum_replay_api.models.snapshot_update_request_data_attributes import SnapshotUpdateRequestDataAttributes
from rum_replay_api.models.snapshot_update_request_data_type import SnapshotUpdateRequestDataType

from .._arguments import check_flag, check_id, check_integer, check_size, check_text
from .._decoding import decode_list, decode_nothing, decode_one
from .._models import HeatmapSnapshot
from . import Call, PageCalls, optional

_snapshot = decode_one(HeatmapSnapshot)
_snapshots = decode_list(HeatmapSnapshot)


def list_pages(
    view_name: str, *, device_type: str | None, application_id: str | None, limit: int | None
) -> PageCalls[HeatmapSnapshot]:
    """ListReplayHeatmapSnapshots. There is one page: the API takes a limit, but no page number."""
    view_name = check_text("view_name", view_name)
    application = optional(check_text, "application_id", application_id)
    request = generated.list_replay_heatmap_snapshots_kwargs(
        filter_view_name=view_name,
        filter_device_type=optional(check_text, "device_type", device_type),
        filter_application_id=application,
        page_limit=optional(check_size, "limit", limit),
    )
    names = {"view_name": view_name, "application_id": application}
    return lambda _: Call(*api.LIST_REPLAY_HEATMAP_SNAPSHOTS, request, _snapshots, names)


def create(
    *,
    application_id: str,
    device_type: str,
    event_id: str,
    is_device_type_selected_by_user: bool,
    snapshot_name: str,
    start: int,
    view_name: str,
    session_id: str | None,
    view_id: str | None,
) -> Call[HeatmapSnapshot]:
    """CreateReplayHeatmapSnapshot; `start` is ms since the start of the session."""
    attributes = SnapshotCreateRequestDataAttributes(
        application_id=check_text("application_id", application_id),
        device_type=check_text("device_type", device_type),
        event_id=check_text("event_id", event_id),
        is_device_type_selected_by_user=check_flag("is_device_type_selected_by_user", is_device_type_selected_by_user),
        snapshot_name=check_text("snapshot_name", snapshot_name),
        start=check_integer("start", start),
        view_name=check_text("view_name", view_name),
        session_id=optional(check_text, "session_id", session_id),
        view_id=optional(check_text, "view_id", view_id),
    )
    data = SnapshotCreateRequestData(type_=SnapshotUpdateRequestDataType.SNAPSHOTS, attributes=attributes)
    request = generated.create_replay_heatmap_snapshot_kwargs(body=SnapshotCreateRequest(data=data))
    names = {
        "application_id": attributes.application_id,
        "event_id": attributes.event_id,
        "session_id": attributes.session_id,
        "view_id": attributes.view_id,
    }
    return Call(*api.CREATE_REPLAY_HEATMAP_SNAPSHOT, request, _snapshot, names)


def update(
    snapshot_id: str,
    *,
    event_id: str,
    is_device_type_selected_by_user: bool,
    start: int,
    session_id: str | None,
    view_id: str | None,
) -> Call[HeatmapSnapshot]:
    """UpdateReplayHeatmapSnapshot; `start` is ms since the start of the session."""
    attributes = SnapshotUpdateRequestDataAttributes(
        event_id=check_text("event_id", event_id),
        is_device_type_selected_by_user=check_flag("is_device_type_selected_by_user", is_device_type_selected_by_user),
        start=check_integer("start", start),
        session_id=optional(check_text, "session_id", session_id),
        view_id=optional(check_text, "view_id", view_id),
    )
    snapshot_id = check_id("snapshot_id", snapshot_id)
    data = SnapshotUpdateRequestData(
        type_=SnapshotUpdateRequestDataType.SNAPSHOTS, id=snapshot_id, attributes=attributes
    )
    request = generated.update_replay_heatmap_snapshot_kwargs(snapshot_id, body=SnapshotUpdateRequest(data=data))
    names = {"event_id": attributes.event_id, "session_id": attributes.session_id, "view_id": attributes.view_id}
    return Call(*api.UPDATE_REPLAY_HEATMAP_SNAPSHOT, request, _snapshot, names)


def delete(snapshot_id: str) -> Call[None]:
    """DeleteReplayHeatmapSnapshot."""
    request = generated.delete_replay_heatmap_snapshot_kwargs(check_id("snapshot_id", snapshot_id))
    return Call(*api.DELETE_REPLAY_HEATMAP_SNAPSHOT, request, decode_nothing)
