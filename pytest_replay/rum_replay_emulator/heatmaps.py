"""The area "heatmaps": four operations over snapshots of views."""

from collections.abc import Mapping
from itertools import count
from typing import Any
from uuid import UUID

from rum_replay_emulator.answer import NO_CONTENT, Answer, RefusedError, json_answer
from rum_replay_emulator.call import Call, Handler
from rum_replay_emulator.contract import attributes_of

__all__ = ["Heatmaps"]

_FILTERS = ("view_name", "device_type", "application_id")


class Heatmaps:
    """All snapshots, stored as the attributes that appear in answers."""

    def __init__(self) -> None:
        self._snapshots: dict[str, dict[str, Any]] = {}
        self._numbers = count(1)
        stored = attributes_of("SnapshotDataAttributes")
        self._read_only = [name for name, set_by_server in stored.items() if set_by_server]
        self._written = [*attributes_of("SnapshotCreateRequestDataAttributes")]
        self._changeable = [*attributes_of("SnapshotUpdateRequestDataAttributes")]
        self._fixed = [name for name in self._written if name not in self._changeable]

    def handlers(self) -> Mapping[str, Handler]:
        return {
            "ListReplayHeatmapSnapshots": self._list,
            "CreateReplayHeatmapSnapshot": self._create,
            "UpdateReplayHeatmapSnapshot": self._update,
            "DeleteReplayHeatmapSnapshot": self._delete,
        }

    def _list(self, call: Call) -> Answer:
        found = list(self._snapshots.items())
        for name in _FILTERS:
            wanted = call.query.get(f"filter[{name}]")
            if wanted is not None:
                found = [(key, attributes) for key, attributes in found if attributes.get(name) == wanted]
        if call.assumptions.list_order == "newest_first":
            found.reverse()
        most = call.assumptions.max_snapshots
        shown = found[: min(call.number("page[limit]", most), most)]
        return json_answer(200, {"data": [_resource(key, attributes) for key, attributes in shown]})

    def _create(self, call: Call) -> Answer:
        call.refuse_read_only(*self._read_only)
        asked = call.attributes
        if call.assumptions.snapshot_names_are_unique and any(
            (other.get("view_name"), other.get("snapshot_name")) == (asked.get("view_name"), asked.get("snapshot_name"))
            for other in self._snapshots.values()
        ):
            raise RefusedError(409, "data.attributes.snapshot_name: another snapshot of this view has this name")
        attributes = {name: asked[name] for name in self._written if name in asked}
        attributes |= {
            "created_at": call.timestamp,
            "created_by": call.user.name,
            "created_by_handle": call.user.handle,
            "created_by_user_id": call.user.id,
            "modified_at": call.timestamp,
            "org_id": call.assumptions.organization_id,
        }
        # Invented ids, the same in every run, so that recordings of a test do not differ.
        snapshot_id = str(UUID(int=next(self._numbers) << 96, version=4))
        self._snapshots[snapshot_id] = attributes
        return json_answer(201, {"data": _resource(snapshot_id, attributes)})

    def _update(self, call: Call) -> Answer:
        snapshot_id = call.path[0]
        attributes = self._find(call)
        call.check_id(snapshot_id)
        call.refuse_read_only(*self._read_only, *self._fixed)
        asked = call.attributes
        attributes.update((name, asked[name]) for name in self._changeable if name in asked)
        attributes["modified_at"] = call.timestamp
        return json_answer(200, {"data": _resource(snapshot_id, attributes)})

    def _delete(self, call: Call) -> Answer:
        if call.path[0] in self._snapshots or not call.assumptions.delete_is_idempotent:
            self._find(call)
            del self._snapshots[call.path[0]]
        return NO_CONTENT

    def _find(self, call: Call) -> dict[str, Any]:
        attributes = self._snapshots.get(call.path[0])
        if attributes is None:
            raise call.missing(f"snapshot {call.path[0]}")
        return attributes


def _resource(snapshot_id: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"id": snapshot_id, "type": "snapshots", "attributes": attributes}
