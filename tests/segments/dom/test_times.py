"""The page at a given time, and memory that is freed as a view progresses."""

from __future__ import annotations

import gc
import json
import tracemalloc
from typing import Any

import pytest
from rum_replay import InvalidRequestError, segments
from rum_replay.segments.dom import Node, Page, page_at

from .pages import ALL_SNAPS, START, change, change_snapshot, page_of


def view_of(*records: Any) -> segments.View:
    segment = {"records": records, "view": {"id": "v"}, "index_in_view": 0}
    (view,) = segments.open(json.dumps(segment).encode()).views
    return view


def text_change(time: int, text: str) -> Any:
    return {"type": 12, "timestamp": time, "data": [[4, [1, text]]]}


SNAPSHOT = {
    "type": 2,
    "timestamp": 100,
    "format": 1,
    "data": [[1, [None, "#document"], [1, "#text", "first"]]],
}
FRUSTRATION = {"type": 9, "data": {"frustrationTypes": ["rage_click"], "recordIds": [1]}}


@pytest.mark.parametrize(
    ("time", "text"),
    [(100, "first"), (149, "first"), (150, "second"), (199.5, "second"), (200, "third"), (None, "third")],
)
def test_records_up_to_a_time_are_applied(time: float | None, text: str) -> None:
    view = view_of(SNAPSHOT, text_change(150, "second"), text_change(200, "third"))
    assert page_at(view, time).nodes[1].text == text


def test_a_view_has_no_page_before_its_first_record() -> None:
    page = page_at(view_of(SNAPSHOT), 99)
    assert (page.root, page.time, page.viewport) == (None, None, None)


def test_records_after_a_later_one_are_not_applied() -> None:
    view = view_of(SNAPSHOT, text_change(200, "later"), text_change(150, "after it"))
    assert page_at(view, 160).nodes[1].text == "first"
    assert page_at(view, 200).nodes[1].text == "after it"


def test_the_times_of_frustration_and_unknown_records_are_ignored() -> None:
    view = view_of(
        SNAPSHOT, FRUSTRATION | {"timestamp": 999}, {"type": 77, "timestamp": 999}, text_change(150, "second")
    )
    page = page_at(view, 160)
    assert (page.nodes[1].text, page.time) == ("second", 150)
    assert page_at(view_of(SNAPSHOT, FRUSTRATION | {"timestamp": 50})).time == 100


def test_applying_records_one_by_one_gives_the_page_at_that_time() -> None:
    for snap in ALL_SNAPS:
        page = Page()
        for record in snap.view.records():
            if record.timestamp is not None and record.timestamp <= snap.time:
                page.apply(record)
        assert page.to_dict() == page_at(snap.view, snap.time).to_dict()


def test_removed_nodes_are_freed() -> None:
    select = [[4, "SELECT", ["id", "s"]], [1, "OPTION", ["selected", ""]], [1, "#text", "a"]]
    page = page_of(change_snapshot([1, [None, "#document"], [1, "HTML"], [1, "BODY"], [1, "P"]]))
    gc.collect()
    before = sum(isinstance(each, Node) for each in gc.get_objects())
    first = 4
    for _ in range(50):
        page.apply(change([1, [first - 2, *select[0][1:]], *select[1:]]))
        page.apply(change([2, first]))
        first += 3
    assert page.problems == {}
    gc.collect()
    assert sum(isinstance(each, Node) for each in gc.get_objects()) <= before


@pytest.mark.no_cover  # Coverage uses memory too.
def test_ids_of_removed_elements_use_no_memory() -> None:
    page = page_of(change_snapshot([1, [None, "#document"], [1, "BODY"]]))
    records = [change([1, [n + 1, "P", ["id", f"p{n}"]]], [2, n + 2]) for n in range(3_000)]
    page.apply(records[0])
    tracemalloc.start()
    try:
        for record in records[1:]:
            page.apply(record)
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert page.problems == {}
    assert page.nodes.keys() == {0, 1}
    assert page.time == START
    assert grown < 100_000


def test_time_in_another_unit_than_the_recording_is_refused_with_the_right_number() -> None:
    start = 1_795_000_000_250
    segment: dict[str, Any] = {
        "records": [SNAPSHOT | {"timestamp": start}, text_change(start + 50, "second")],
        "view": {"id": "v"},
        "index_in_view": 0,
        "start": start,
        "end": start + 50,
    }
    (view,) = segments.open(json.dumps(segment).encode()).views
    refused = {
        1_795_000_000: "seconds; then give 1795000000000$",
        1_795_000_000.25: "seconds; then give 1795000000250$",
        1_795_000_000_250_000: "microseconds; then give 1795000000250$",
        1_795_000_000_250_000_000: "nanoseconds; then give 1795000000250$",
    }
    for time, message in refused.items():
        with pytest.raises(InvalidRequestError, match=message):
            page_at(view, time)
    assert page_at(view, start + 10).nodes[1].text == "first"
    assert page_at(view, start * 3).nodes[1].text == "second"
    for time in (0, -1, 5, start - 1):
        assert page_at(view, time).root is None
    segment |= {"records": [SNAPSHOT, text_change(150, "second")], "start": 100, "end": 150}
    (view,) = segments.open(json.dumps(segment).encode()).views
    assert page_at(view, 120).nodes[1].text == "first"
    of_1970 = view_of(SNAPSHOT | {"timestamp": 1_795_000_000}, text_change(1_795_000_050, "second"))
    assert page_at(of_1970, 1_795_000_000).nodes[1].text == "first"
