"""Pages and recordings that are too much for a player, or would be in memory as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay.segments._completeness import RecordCounts
from rum_replay.segments._timelines import TimelineClock
from rum_replay.segments.player import _events, _focus, _marks, _nodes
from rum_replay.segments.player._conversion import Conversion

from .. import made
from .test_conversion import after_snapshot, by_id, mutations


def test_nodes_of_a_page_that_is_too_long_are_left_out_and_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = made.page(made.mutation(1, texts=[{"id": 100, "value": "later"}]))
    monkeypatch.setattr(_nodes, "_MAX_LENGTH", 200)
    conversion = Conversion(TimelineClock())
    (view,) = recording.views
    events = list(conversion.view_events(view, RecordCounts()))
    assert not any(b"later" in event or b'"agree"' in event for event in events)
    assert conversion.notes[_nodes._TOO_MANY] > 0
    assert conversion.notes.keys() == {_nodes._TOO_MANY}


def test_a_large_change_becomes_several_events_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    adds = [{"node": made.element(20 + n, "p"), "parentId": made.BODY, "nextId": None} for n in range(9)]
    whole = mutations(after_snapshot(made.mutation(1, adds=adds)))
    monkeypatch.setattr(_events, "_LARGE", 300)
    parts = mutations(after_snapshot(made.mutation(1, adds=adds)))
    assert len(whole) == 1
    assert 2 <= len(parts) < 9
    assert [add for part in parts for add in part["adds"]] == whole[0]["adds"]


def test_frustration_finds_the_latest_interactions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_marks, "_MAX_INTERACTIONS", 3)
    clicks = [{**made.click(10 * n), "id": n} for n in range(1, 5)]
    frustration = {"frustrationTypes": ["rage_click"], "recordIds": [1, 4]}
    events = after_snapshot(*clicks, made.record(9, 50, frustration))
    (payload,) = [event["payload"] for event in events if event.get("tag") == "frustration"]
    assert payload["time"] == made.START + 40


def test_an_image_with_any_number_of_attributes_is_marked_by_name() -> None:
    image = made.element(20, "img", src="/a", **{f"data-{n}": "x" for n in range(50)})
    events = after_snapshot(
        made.mutation(1, adds=[{"node": image, "parentId": made.BODY, "nextId": None}]),
        made.mutation(2, attributes=[{"id": 20, "attributes": {"src": "data:image/png;base64,AA=="}}]),
    )
    added, changed = mutations(events)
    node: dict[str, Any] = by_id(added["adds"][0]["node"], 21)
    assert node["attributes"]["data-replay-missing"] == ""
    assert changed["attributes"][0]["attributes"]["data-replay-missing"] is None


def test_the_focus_is_shown_until_it_moved_very_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_focus, "_MOST_CHANGED", 8)
    moves = [made.event(2, n, type=5, id=(made.FIELD, made.BUTTON)[n % 2]) for n in range(1, 9)]
    (view,) = made.page(*moves).views
    conversion = Conversion(TimelineClock())
    events = list(conversion.view_events(view, RecordCounts()))
    # Three elements, then two at each move, and at last the three that have the attributes.
    assert sum(event.count(b"data-replay-focus-within") for event in events) == 3 + 2 * 3 + 3
    assert conversion.notes == {_focus._NOT_SHOWN: 4}
