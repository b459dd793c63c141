"""RUM events made from recorded segments."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from rum_replay_emulator.clock import rfc3339

if TYPE_CHECKING:
    from rum_replay_emulator.sample import SampleSession, SampleView

__all__ = ["events_of"]

_NANOSECONDS = 1_000_000
"""Of a millisecond: RUM has durations in nanoseconds."""

_META, _INCREMENTAL, _MOUSE_INTERACTION, _CLICK = 4, 3, 2, 2


def events_of(session: SampleSession, shift: float) -> list[dict[str, Any]]:
    """The session first, then each view with its clicks; all times are moved by `shift` milliseconds."""
    identity: dict[str, Any] = {"id": session.session_id, "type": "user", "has_replay": True}
    common = {"application": {"id": session.application_id}, "session": identity}
    events: list[dict[str, Any]] = []
    views: list[dict[str, Any]] = []
    clicks = 0
    for view in session.views:
        segments = [zlib.decompress(segment) for segment in view.segments]
        records = [record for one in segments for record in msgspec.json.decode(one)["records"]]
        place = _place(view, records)
        clicked = [record for record in records if _is_click(record)]
        stats = {
            "records_count": len(records),
            "segments_count": len(segments),
            "segments_total_raw_size": sum(map(len, segments)),
        }
        details = {
            "time_spent": (view.end - view.start) * _NANOSECONDS,
            "is_active": False,
            "action": {"count": len(clicked)},
        }
        own = {"type": "view", **common, "view": {**place, **details}, "_dd": {"replay_stats": stats}}
        events.append(_event(f"{view.view_id}-view", view.start + shift, own))
        for number, record in enumerate(clicked):
            own = {"type": "action", **common, "view": place, "action": {"type": "click"}}
            events.append(_event(f"{view.view_id}-click-{number}", record["timestamp"] + shift, own))
        views.append(place)
        clicks += len(clicked)
    start, end = session.views[0].start, session.views[-1].end
    totals = {
        "is_active": False,
        "time_spent": (end - start) * _NANOSECONDS,
        "view": {"count": len(views)},
        "action": {"count": clicks},
        "initial_view": views[0],
        "last_view": views[-1],
    }
    own = {"type": "session", **common, "session": {**identity, **totals}}
    return [_event(f"{session.session_id}-session", start + shift, own), *events]


def _event(id: str, at: float, own: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "type": "rum", "attributes": {"timestamp": rfc3339(at / 1000), "attributes": own}}


def _place(view: SampleView, records: list[dict[str, Any]]) -> dict[str, Any]:
    url = next((record["data"].get("href") for record in records if record["type"] == _META), None)
    if url is None:  # a screen of a mobile app
        return {"id": view.view_id}
    parts = urlsplit(str(url))
    return {"id": view.view_id, "url": url, "url_path": parts.path, "url_host": parts.hostname}


def _is_click(record: dict[str, Any]) -> bool:
    if record["type"] != _INCREMENTAL:
        return False
    data: dict[str, Any] = record["data"]
    return (data["source"], data.get("type")) == (_MOUSE_INTERACTION, _CLICK)
