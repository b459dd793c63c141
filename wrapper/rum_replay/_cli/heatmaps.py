"""`rum-replay heatmaps`: the operations on heatmap snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .arguments import columns_option, suggest
from .commands import Group, Settings, confirm, yes_option
from .dry_run import changing, dry_run_option
from .output import Columns, wire_form

if TYPE_CHECKING:
    from .. import HeatmapSnapshot

__all__ = ["heatmaps"]

_LIST_COLUMNS: Columns[HeatmapSnapshot] = {
    "id": lambda snapshot: snapshot.id,
    "name": lambda snapshot: snapshot.snapshot_name,
    "view": lambda snapshot: snapshot.view_name,
    "device": lambda snapshot: snapshot.device_type,
    "start ms": lambda snapshot: snapshot.start,
    "modified at": lambda snapshot: snapshot.modified_at,
}
_DETAIL_COLUMNS: Columns[HeatmapSnapshot] = {
    **_LIST_COLUMNS,
    "device selected by user": lambda snapshot: snapshot.is_device_type_selected_by_user,
    "application": lambda snapshot: snapshot.application_id,
    "session": lambda snapshot: snapshot.session_id,
    "view id": lambda snapshot: snapshot.view_id,
    "event": lambda snapshot: snapshot.event_id,
    "created at": lambda snapshot: snapshot.created_at,
    "created by": lambda snapshot: snapshot.created_by_handle or snapshot.created_by,
}

_complete_device = suggest("desktop", "mobile", "tablet")

_snapshot_id = click.argument("snapshot_id", metavar="SNAPSHOT")
_event_id = click.option("--event-id", metavar="ID", required=True, help="The RUM event that the snapshot belongs to.")
_start = click.option(
    "--start",
    type=int,
    metavar="MS",
    required=True,
    help="When in the replay: milliseconds from the start of the session.",
)
_session_id = click.option("--session-id", metavar="ID", help="The session of the replay.")
_view_id = click.option("--view-id", metavar="ID", help="The view within the session.")


@click.group(cls=Group)
def heatmaps() -> None:
    """Create and list snapshots, which heatmaps are drawn on."""


@heatmaps.command("list")
@click.argument("view_name", metavar="VIEW_NAME")
@click.option(
    "--device-type",
    metavar="TYPE",
    shell_complete=_complete_device,
    help="Only snapshots for `desktop`, `mobile` or `tablet`.",
)
@click.option("--application-id", metavar="ID", help="Only snapshots of this RUM application.")
@click.option("--limit", type=int, metavar="N", help="List at most N; the server decides by default.")
@columns_option(_LIST_COLUMNS)
@click.pass_obj
def list_snapshots(
    settings: Settings,
    *,
    view_name: str,
    device_type: str | None,
    application_id: str | None,
    limit: int | None,
    columns: list[str] | None,
) -> None:
    """List the snapshots of a view.

    VIEW_NAME is the view's path or name, such as /checkout.
    """
    with settings.client() as replay:
        found = replay.heatmaps.list(view_name, device_type=device_type, application_id=application_id, limit=limit)
        settings.output.items(found, _LIST_COLUMNS, wire_form, columns)


@heatmaps.command("create")
@click.argument("name", metavar="SNAPSHOT_NAME")
@click.option("--view-name", metavar="NAME", required=True, help="The view's path or name, such as /checkout.")
@click.option("--application-id", metavar="ID", required=True, help="The RUM application.")
@click.option(
    "--device-type",
    metavar="TYPE",
    required=True,
    shell_complete=_complete_device,
    help="`desktop`, `mobile` or `tablet`.",
)
@click.option(
    "--device-selected/--device-detected",
    default=True,
    help="Whether a person selected the device type (the default, as you do here) or it was detected.",
)
@_event_id
@_start
@_session_id
@_view_id
@dry_run_option
@click.pass_obj
def create_snapshot(
    settings: Settings,
    *,
    name: str,
    view_name: str,
    application_id: str,
    device_type: str,
    device_selected: bool,
    event_id: str,
    start: int,
    session_id: str | None,
    view_id: str | None,
    dry_run: bool,
) -> None:
    """Create a snapshot of a view as it looked at a moment of a replay."""
    with changing(settings, dry_run=dry_run) as replay:
        created = replay.heatmaps.create(
            application_id=application_id,
            device_type=device_type,
            event_id=event_id,
            is_device_type_selected_by_user=device_selected,
            snapshot_name=name,
            start=start,
            view_name=view_name,
            session_id=session_id,
            view_id=view_id,
        )
        settings.output.item(created, _DETAIL_COLUMNS, wire_form)


@heatmaps.command("update")
@_snapshot_id
@_event_id
@_start
@click.option(
    "--device-selected/--device-detected",
    default=None,
    help="Whether a person selected the device type or it was detected; one of the two is required.",
)
@_session_id
@_view_id
@dry_run_option
@click.pass_obj
def update_snapshot(
    settings: Settings,
    *,
    snapshot_id: str,
    event_id: str,
    start: int,
    device_selected: bool | None,
    session_id: str | None,
    view_id: str | None,
    dry_run: bool,
) -> None:
    """Move a snapshot to another moment of a replay.

    Its name and the name of its view stay the same.
    """
    if device_selected is None:
        raise click.UsageError("give --device-selected or --device-detected")
    with changing(settings, dry_run=dry_run) as replay:
        updated = replay.heatmaps.update(
            snapshot_id,
            event_id=event_id,
            is_device_type_selected_by_user=device_selected,
            start=start,
            session_id=session_id,
            view_id=view_id,
        )
        settings.output.item(updated, _DETAIL_COLUMNS, wire_form)


@heatmaps.command("delete")
@_snapshot_id
@yes_option
@dry_run_option
@click.pass_obj
def delete_snapshot(settings: Settings, *, snapshot_id: str, yes: bool, dry_run: bool) -> None:
    """Delete a snapshot.

    The API lists snapshots by the name of their view only, so it cannot show first what this id is.
    """
    with changing(settings, dry_run=dry_run) as replay:
        confirm(lambda: f"Delete snapshot {snapshot_id}?", yes=yes or dry_run)
        replay.heatmaps.delete(snapshot_id)
        settings.output.result(
            f"deleted snapshot {snapshot_id}", {"type": "snapshots", "id": snapshot_id, "deleted": True}
        )
