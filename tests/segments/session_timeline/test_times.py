"""Times are those of the player: compared with the events that its page contains."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments

from .. import made
from ..player.test_page import marks_in
from ..recorded import FOLDERS, NAMES, segment_files

Listed = list[tuple[float, str]]
DAYS, YEAR = 86_400_000, 365 * 86_400_000


def in_player(recording: segments.Recording, folder: Path) -> list[Listed]:
    """For each timeline, the clicks, views, gaps and frustration that the player marks, as its script reads them."""
    path = segments.write_player(recording, folder / "replay.html")
    return [sorted(listed_in(marks)) for marks in marks_in(path)]


def listed_in(events: list[dict[str, Any]]) -> Listed:
    start = events[0]["timestamp"]
    listed: Listed = []
    clicks: list[float] = []
    for event in events:
        kind, payload, time = event["data"]["tag"], event["data"]["payload"], event["timestamp"] - start
        if kind == "click":
            clicks.append(time)
        if kind == "view":
            clicks = []
        if kind == "signal":
            listed.append((clicks[payload["click"]], payload["kind"]))
        elif kind == "frustration":
            listed.append((payload["time"] - start, kind))
        elif kind in ("click", "view", "gap"):
            listed.append((time, kind))
    return listed


def in_timeline(recording: segments.Recording) -> list[Listed]:
    """The same of the timeline, without views that the player cannot show."""
    timelines: dict[int, Listed] = {}
    for entry in segments.timeline(recording):
        assert entry.fragment is not None
        number = re.search(r"&timeline=(\d+)$", entry.fragment)
        listed = timelines.setdefault(int(number[1]) if number else 1, [])
        if entry.kind == "page" and entry.details["is_new_view"] and entry.view_id != "without a page":
            listed.append((entry.time, "view"))
        elif entry.kind in ("click", "gap", "frustration", "rage_click", "dead_click"):
            listed.append((entry.time, entry.kind))
    return [sorted(listed) for _, listed in sorted(timelines.items())]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_recordings(folder: Path, tmp_path: Path) -> None:
    recording = segments.open(segment_files(folder))
    assert in_timeline(recording) == in_player(recording, tmp_path)


def frustration(at: float, *numbers: int) -> dict[str, Any]:
    return made.record(9, at, {"frustrationTypes": ["rage_click"], "recordIds": list(numbers)})


def touched(at: float) -> dict[str, Any]:
    position = {"id": 1, "x": 10, "y": 20, "timestamp": made.START + at - 20}
    return made.record(11, at, {"source": 2, "positions": [position]})


MADE = {
    "clocks that jump": [
        made.segment(made.meta(), made.snapshot(), made.click(1_000), made.click(-9e6), made.click(2_000)),
        made.segment(made.click(-3_600_000), made.click(-3_599_000), index_in_view=1, has_full_snapshot=False),
    ],
    "years that make no sense": [made.segment(made.meta(), made.snapshot(), made.click(4e14), made.click(2_000))],
    "fractions": [made.segment(made.meta(0.25), made.snapshot(0.5), made.click(1_000.75), made.click(1_001.125))],
    "gaps": [
        made.segment(made.meta(), made.snapshot(), made.click(1_000)),
        made.segment(made.click(5_000), index_in_view=3, has_full_snapshot=False),
    ],
    "a view of a computer that does not know the year": [
        made.segment(made.meta(-made.START), made.snapshot(-made.START), made.click(1_000 - made.START), view="one"),
        made.segment(made.meta(), made.snapshot(), made.click(2_000), view="two"),
        made.segment(made.meta(YEAR), made.snapshot(YEAR), made.click(YEAR + 3_000), view="three"),
        made.segment(made.meta(2 * DAYS), made.snapshot(2 * DAYS), made.click(2 * DAYS + 4_000), view="four"),
    ],
    "a view whose first segment is lost": [
        made.segment(made.meta(), made.snapshot(), made.click(1_000), view="one"),
        made.segment(made.click(5_000), made.click(5_500), index_in_view=1, view="two"),
        made.segment(made.meta(8_000), made.snapshot(8_000), made.click(9_000), index_in_view=2, view="two"),
        made.segment(made.click(12_000), index_in_view=1, view="three"),
    ],
    "two tabs, of which one is about to end": [
        made.segment(made.meta(), made.snapshot(), made.click(1_000), made.click(9_200), view="one"),
        made.segment(made.meta(4_000), made.snapshot(4_000), made.click(10_050), view="two"),
        made.segment(made.meta(10_000), made.snapshot(10_000), made.click(11_000), view="three"),
    ],
    "several tabs and sessions": [
        made.segment(made.meta(), made.snapshot(), made.click(1_000), made.click(9_000), view="one"),
        made.segment(made.meta(4_000), made.snapshot(4_000), made.click(5_000), view="two"),
        made.segment(made.meta(8_500), made.snapshot(8_500), made.click(9_500), view="three"),
        made.segment(made.meta(2_000), made.snapshot(2_000), made.click(3_000), session="other", view="four"),
    ],
    "a page that is known late": [
        made.segment(made.meta(2_000), made.snapshot(2_000), made.click(3_000), view="one"),
        made.segment(made.meta(7_000), view="without a page"),
        made.segment(made.meta(8_000), made.snapshot(8_000), made.click(9_000), view="two"),
    ],
    "taps by positions alone, which later records show": [
        made.segment(
            made.record(4, 0, {"width": 360, "height": 640}),
            made.screen(0, made.words(1, "Buy", 0, 0, 100, 50)),
            touched(1_000),
            touched(90_000),
            made.record(7, 95_000),
            source="android",
        )
    ],
    "frustration": [
        made.segment(
            made.meta(),
            made.snapshot(),
            made.event(2, 1_000, type=1, id=made.BUTTON) | {"id": 7},
            made.event(2, 1_050, type=0, id=made.BUTTON) | {"id": 8},
            *(made.click(1_050 + 100 * number) for number in range(4)),
            frustration(1_000, 8, 7),
            frustration(1_000, 99),
        )
    ],
}


@pytest.mark.parametrize("sources", MADE.values(), ids=MADE)
def test_made_recordings(sources: list[bytes], tmp_path: Path) -> None:
    recording = segments.open(sources)
    assert in_timeline(recording) == in_player(recording, tmp_path)


def test_a_tap_by_positions_alone_has_the_time_of_its_record_in_all_outputs() -> None:
    recording = segments.open(MADE["taps by positions alone, which later records show"])
    assert [time for time, kind in in_timeline(recording)[0] if kind == "click"] == [1_000, 90_000]
    assert [click.time - made.START for click in segments.heatmap_of(recording).clicks] == [1_000, 90_000]


def test_a_view_goes_on_in_the_tab_whose_view_ends_nearest_to_its_start() -> None:
    recording = segments.open(MADE["two tabs, of which one is about to end"])
    tabs = {entry.view_id: entry.tab for entry in segments.timeline(recording)}
    assert tabs == {"one": 1, "two": 2, "three": 2}


def test_views_far_from_others_have_a_timeline_of_their_own(tmp_path: Path) -> None:
    recording = segments.open(MADE["a view of a computer that does not know the year"])
    assert in_player(recording, tmp_path) == [
        [(0, "view"), (1_000, "click")],
        [(0, "view"), (2_000, "click"), (2 * DAYS, "view"), (2 * DAYS + 4_000, "click")],
        [(0, "view"), (3_000, "click")],
    ]
