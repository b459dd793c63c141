"""Clocks that jump: every view of a recording uses the same mended times, and what was recorded stays in `raw`."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from rum_replay import segments
from rum_replay.segments import MendedTimes
from rum_replay.segments._clocks import Run, mend, runs_in
from rum_replay.segments._parsing.clock_runs import RunCollector

from . import made
from .exports.test_tables import rows_of
from .player.test_page import events_in, index_in
from .recorded import FOLDERS, NAMES, segment_files

START, HOUR, DAY = made.START, 3_600_000, 86_400_000
NAME = "view view: "


def at(*times: float) -> list[float]:
    """Unix times from milliseconds after START."""
    return [START + time for time in times]


@attrs.frozen
class Kind:
    recorded: list[list[float]]
    """Unix times of the clicks in each segment."""

    mended: list[float]
    problems: tuple[str, ...] = ()
    first: float = START
    """When the page before the first click was recorded."""

    begins: float = START
    """When it was."""


def jump(where: str, how: str) -> str:
    return f"{NAME}{where}: the clock jumps, so {how} than recorded"


UNKNOWN_TIME = f"{NAME}no recorded time is of the years 2000 to 2199; only the differences between them count"

KINDS = {
    "sound": Kind([at(100, 2000), at(2000, 90_000)], at(100, 2000, 2000, 90_000)),
    "some milliseconds back": Kind([at(100, 95, 120, 90), at(119, 500)], at(100, 95, 120, 90, 119, 500)),
    "one some seconds behind within a segment": Kind(
        [at(5000, 8000, 1000), at(9000)],
        at(5000, 8000, 8000, 9000),
        (jump("segment 0", "1 record is taken as 7 s later"),),
    ),
    "one some seconds ahead within a segment": Kind(
        [at(100, 5000, 200, 300)],
        at(100, 100, 200, 300),
        (jump("segment 0", "1 record is taken as 4.9 s earlier"),),
    ),
    "one behind, as early as others before several": Kind(
        [at(100, 900, 60_000, 60_500, 61_000, 1000, 62_000)],
        at(100, 900, 60_000, 60_500, 61_000, 61_000, 62_000),
        (jump("segment 0", "1 record is taken as 60 s later"),),
    ),
    "two runs behind, as early as others before several": Kind(
        [at(100, 900, *range(60_000, 63_000, 500), 1000, 2100, 64_000)],
        at(100, 900, *range(60_000, 63_000, 500), 62_500, 63_600, 64_000),
        (jump("segment 0", "2 records are taken as 61.5 s later"),),
    ),
    "set back by seconds within a segment": Kind(
        [at(5000, 8000, 2000, 4000)],
        at(5000, 8000, 8000, 10_000),
        (jump("segment 0", "2 records are taken as 6 s later"),),
    ),
    "a laptop that slept between segments": Kind(
        [at(100, 900), at(8 * HOUR, 8 * HOUR + 50)], at(100, 900, 8 * HOUR, 8 * HOUR + 50)
    ),
    "a laptop that slept within a segment": Kind([at(100, 60 * HOUR), at(61 * HOUR)], at(100, 60 * HOUR, 61 * HOUR)),
    "one ahead at the end of a segment": Kind(
        [at(100, 600_000), at(4000, 9000)],
        at(100, 100, 4000, 9000),
        (jump("segment 0", "1 record is taken as 599.9 s earlier"),),
    ),
    "one ahead within a segment": Kind(
        [at(100, 600_000, 200, 300), at(4000)],
        at(100, 100, 200, 300, 4000),
        (jump("segment 0", "1 record is taken as 599.9 s earlier"),),
    ),
    "one ahead by an hour, then a pause": Kind(
        [at(100, HOUR), at(90_000)],
        at(100, 100, 90_000),
        (jump("segment 0", "1 record is taken as 3,599.9 s earlier"),),
    ),
    "two ahead by different amounts": Kind(
        [at(100, 600_000, 1_200_000, 4000), at(5000)],
        at(100, 100, 100, 4000, 5000),
        (
            jump("segment 0", "1 record is taken as 599.9 s earlier"),
            jump("segment 0", "1 record is taken as 1,199.9 s earlier"),
        ),
    ),
    "several ahead keep their distances": Kind(
        [at(100), at(600_000, 600_500, 602_500), at(9000)],
        at(100, 100, 600, 2600, 9000),
        (jump("segment 1", "3 records are taken as 599.9 s earlier"),),
    ),
    "a segment ahead that lasts longer than there is time": Kind(
        [at(100), at(600_000, 600_900, 601_800, 602_700, 603_600), at(1100)],
        at(100, 100, 1000, 1900, 2800, 3700, 3700),
        (
            jump("segment 1", "5 records are taken as 599.9 s earlier"),
            jump("segment 2", "1 record is taken as 2.6 s later"),
        ),
    ),
    "one behind within a segment": Kind(
        [at(100, -600_000, 200), at(4000)],
        at(100, 100, 200, 4000),
        (jump("segment 0", "1 record is taken as 600.1 s later"),),
    ),
    "a segment behind": Kind(
        [at(100, 900), at(-600_000, -599_500), at(4000, 9000)],
        at(100, 900, 900, 1400, 4000, 9000),
        (jump("segment 1", "2 records are taken as 600.9 s later"),),
    ),
    "set back between segments": Kind(
        [at(100, 60_000), at(31_000, 35_000, 41_000, 50_000)],
        at(100, 60_000, 60_000, 64_000, 70_000, 79_000),
        (jump("segment 1", "4 records are taken as 29 s later"),),
    ),
    "set back by seconds between segments": Kind(
        [at(100, 60_000), at(57_000, 58_000)],
        at(100, 60_000, 60_000, 61_000),
        (jump("segment 1", "2 records are taken as 3 s later"),),
    ),
    "set back, and later records go on": Kind(
        [at(100, 60_000), at(31_000, 35_000), at(41_000, 50_000), at(62_000, 90_000)],
        at(100, 60_000, 60_000, 64_000, 70_000, 79_000, 91_000, 119_000),
        (jump("segments 1 to 3", "6 records are taken as 29 s later"),),
    ),
    "set back twice": Kind(
        [at(100, 20_000, 40_000, 60_000), at(30_000, 40_000), at(10_000, 20_000)],
        at(100, 20_000, 40_000, 60_000, 60_000, 70_000, 70_000, 80_000),
        (
            jump("segment 1", "2 records are taken as 30 s later"),
            jump("segment 2", "2 records are taken as 60 s later"),
        ),
    ),
    "back step by step within a segment": Kind(
        [at(60_000, 54_000, 48_000, 49_000)],
        at(60_000, 60_000, 60_000, 61_000),
        (
            jump("segment 0", "1 record is taken as 6 s later"),
            jump("segment 0", "2 records are taken as 12 s later"),
        ),
    ),
    "the page ahead of very many other records": Kind(
        [at(*range(100, 3100, 100))],
        at(*range(100, 3100, 100)),
        (jump("segment 0", "2 records are taken as 599.9 s earlier"),),
        first=START + 600_000,
        begins=START + 100,
    ),
    "set back after sleeping": Kind(
        [at(100, 900), at(8 * HOUR, 8 * HOUR + 900), at(7 * HOUR, 7 * HOUR + 2000)],
        at(100, 900, 8 * HOUR, 8 * HOUR + 900, 8 * HOUR + 900, 8 * HOUR + 2900),
        (jump("segment 2", "2 records are taken as 3,600.9 s later"),),
    ),
    "one ahead and one behind": Kind(
        [at(100, 600_000, -600_000), at(4000)],
        at(100, 100, 100, 4000),
        (
            jump("segment 0", "1 record is taken as 599.9 s earlier"),
            jump("segment 0", "1 record is taken as 600.1 s later"),
        ),
    ),
    "set forward by years": Kind(
        [at(100, 900), at(400 * DAY, 400 * DAY + 50)],
        at(100, 900, 900, 950),
        (jump("segment 1", "2 records are taken as 399 days earlier"),),
    ),
    "year 1970": Kind(
        [at(100), [5, 1005], at(9000)],
        at(100, 100, 1100, 9000),
        (jump("segment 1", "2 records are taken as 20,778 days later"),),
    ),
    "year 1970 at first": Kind(
        [[5, 1005], at(9000, 9500)],
        at(8000, 9000, 9000, 9500),
        (jump("segment 0", "4 records are taken as 20,778 days later"),),
        first=5,
        begins=START + 8000,
    ),
    "year 2286": Kind(
        [at(100), [9_999_999_999_999], at(9000)],
        at(100, 100, 9000),
        (jump("segment 1", "1 record is taken as 94,962 days earlier"),),
    ),
    "year 33658": Kind(
        [at(100, 10**15 - START), at(9000)],
        at(100, 100, 9000),
        (jump("segment 0", "1 record is taken as 11,553,295 days earlier"),),
    ),
    "negative": Kind(
        [at(100, -START - 10**15), at(9000), [-1]],
        at(100, 100, 9000, 9000),
        (
            jump("segment 0", "1 record is taken as 11,594,852 days later"),
            jump("segment 2", "1 record is taken as 20,778 days later"),
        ),
    ),
    "beyond all calendars": Kind(
        [[START + 100, 1e300, -1e300, START + 200], at(9000)],
        at(100, 100, 100, 200, 9000),
        (
            jump("segment 0", "1 record is taken as 11,574,053,295 days earlier"),
            jump("segment 0", "1 record is taken as 11,574,094,852 days later"),
        ),
    ),
    "an absurd segment longer than there is time": Kind(
        [at(100), [0, 900, 1800, 2700], at(1000)],
        at(100, 100, 1000, 1000, 1000, 1000),
        (jump("segment 1", "4 records are taken as 20,778 days later"),),
    ),
    "all of 1970": Kind([[100, 900], [5000]], [100, 900, 5000], (UNKNOWN_TIME,), first=0, begins=0),
    "all in year 33658": Kind(
        [[10**15 + 100, 10**15 + 900], [10**15 + 5000]],
        [100, 900, 5000],
        (jump("segments 0 to 1", "5 records are taken as 11,574,074 days earlier"), UNKNOWN_TIME),
        first=10**15,
        begins=0,
    ),
    "all negative": Kind(
        [[-9000, -8000], [-4000, -100]],
        [0, 1000, 5000, 8900],
        (jump("segments 0 to 1", "6 records are taken as 9 s later"), UNKNOWN_TIME),
        first=-9000,
        begins=0,
    ),
    "all absurd and each another": Kind(
        [[100, 900, 1e300, -1e300], [1200, 9_999_999_999_999_999]],
        [100, 900, 900, 900, 1200, 1200],
        (
            jump("segment 0", "1 record is taken as 11,574,074,074 days earlier"),
            jump("segment 0", "1 record is taken as 11,574,074,074 days later"),
            jump("segment 1", "1 record is taken as 115,740,740 days earlier"),
            UNKNOWN_TIME,
        ),
        first=0,
        begins=0,
    ),
}


def click(time: float) -> dict[str, Any]:
    return made.click(0) | {"timestamp": time}


def contents(kind: Kind) -> list[bytes]:
    """Segments with clicks, after a page; each states the times of its first and last record, as the SDK does."""
    page = [made.meta() | {"timestamp": kind.first}, made.snapshot() | {"timestamp": kind.first}]
    return [
        made.segment(*(page if index == 0 else []), *map(click, times), index_in_view=index)
        for index, times in enumerate(kind.recorded)
    ]


def recording_of(kind: Kind) -> segments.Recording:
    return segments.open(contents(kind))


EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())


@EACH_KIND
def test_records_have_mended_times_and_what_was_recorded_is_kept(kind: Kind) -> None:
    recording = recording_of(kind)
    *_, view = recording.views
    page, clicks = list(view.records())[:2], list(view.records())[2:]
    assert [record.timestamp for record in page] == [kind.begins] * 2
    assert [record.timestamp for record in clicks] == kind.mended
    recorded = [time for times in kind.recorded for time in times]
    assert [json.loads(raw)["timestamp"] for raw in view.raw_records()][2:] == recorded
    assert [json.loads(record.raw)["timestamp"] for record in clicks] == recorded
    assert (view.start, view.end) == (min(kind.begins, *kind.mended), max(kind.mended))


@EACH_KIND
def test_the_report_says_what_was_mended(kind: Kind) -> None:
    recording = recording_of(kind)
    assert recording.report.problems == kind.problems
    assert segments.summarize(recording).problems == kind.problems


@EACH_KIND
def test_summaries_use_mended_times(kind: Kind) -> None:
    summary = segments.summarize(recording_of(kind))
    (view,), (session,) = summary.views, summary.sessions
    begins, ends = min(kind.begins, *kind.mended), max(kind.mended)
    assert (view.start, view.end, view.duration) == (begins, ends, ends - begins)
    assert (session.start, session.end, session.duration) == (begins, ends, ends - begins)
    assert view.clicks == len(kind.mended)
    assert {span.start for span in view.activity} <= set(kind.mended)
    assert {span.end for span in view.activity} <= set(kind.mended)


@EACH_KIND
def test_players_use_mended_times(kind: Kind, tmp_path: Path) -> None:
    path = segments.write_player(recording_of(kind), tmp_path / "replay.html")
    (events,) = events_in(path)
    clicks = [event["timestamp"] for event in events if event["type"] == 3 and event["data"]["source"] == 2]
    never_back = [max(kind.mended[: number + 1]) for number in range(len(kind.mended))]
    assert clicks == never_back
    (timeline,) = index_in(path)["timelines"]
    assert (timeline["start"], timeline["end"]) == (kind.begins, max(kind.mended))
    assert index_in(path)["notes"] == list(kind.problems)


@EACH_KIND
def test_tables_use_mended_times(kind: Kind, tmp_path: Path) -> None:
    recording = recording_of(kind)
    rows = rows_of(recording, tmp_path)[2:]
    assert [row["timestamp"] for row in rows] == [moment(time) for time in kind.mended]
    recorded = [time for times in kind.recorded for time in times]
    assert [json.loads(row["raw"])["timestamp"] for row in rows] == recorded
    (view,) = rows_of(recording, tmp_path, "views")
    assert view["started_at"] == moment(min(kind.begins, *kind.mended))
    assert view["ended_at"] == moment(max(kind.mended))
    assert view["problems"] == list(kind.problems)


def moment(time: float) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time)).isoformat(timespec="milliseconds")[
        :-6
    ] + "Z"


@EACH_KIND
def test_heatmaps_use_mended_times(kind: Kind) -> None:
    recording = recording_of(kind)
    assert [one.time for one in segments.heatmap_of(recording).clicks] == kind.mended
    at_the_end = segments.heatmap_of(recording, at=max(kind.mended))
    assert len(at_the_end.clicks) == len(kind.mended)
    (view,) = recording.views
    assert segments.page_at(view, max(kind.mended)).time == kind.mended[-1]


@EACH_KIND
def test_it_makes_no_difference_whether_records_are_held_or_read_again_nor_where_they_come_from(kind: Kind) -> None:
    limits = segments.Limits(max_held=0)
    content = contents(kind)
    whole = [record.timestamp for record in recording_of(kind).records()]
    for source in (content[::-1], b"".join(content), b"[" + b",".join(content) + b"]"):
        assert [record.timestamp for record in segments.open(source, limits=limits).records()] == whole


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_times_of_recorded_pages_are_as_recorded(folder: Path) -> None:
    recording = segments.open(segment_files(folder))
    for view in recording.views:
        recorded = [json.loads(raw)["timestamp"] for raw in view.raw_records()]
        assert [record.timestamp for record in view.records()] == recorded
        assert (view.start, view.end) == (
            min(segment.metadata.start or 0 for segment in view.segments),
            max(segment.metadata.end or 0 for segment in view.segments),
        )
    assert not any(view.mended_times for view in recording.report.views)


def test_mended_times_are_counted_by_segment() -> None:
    (view,) = recording_of(KINDS["set back, and later records go on"]).report.views
    assert view.mended_times == (MendedTimes(1, 3, 6, 29_000),)
    assert (view.has_plausible_time, view.wrong_times, view.more_mended_times) == (True, (), 0)


def test_a_stated_start_gives_absurd_records_their_time() -> None:
    content = [
        made.segment(click(5), click(905), start=START, end=START + 900),
        made.segment(click(2005), index_in_view=1),
    ]
    recording = segments.open(content)
    assert [record.timestamp for record in recording.records()] == at(0, 900, 2000)
    assert UNKNOWN_TIME in recording.report.problems
    event = json.dumps({"records_count": 2, "start": START + 7, "index_in_view": 0, "session": {"id": "session"}})
    announced = event[:-1].encode() + b',"view":{"id":"view"}}'
    recording = segments.open([made.segment(click(5), click(905)), announced])
    assert [record.timestamp for record in recording.records()] == at(7, 907)


@pytest.mark.parametrize(
    ("start", "end"),
    [(5, None), (None, 10**15), (-1, 8e15), (START - HOUR, START + HOUR), (START - 11_000, None), (START + HOUR, None)],
)
def test_a_stated_start_or_end_far_from_the_records_does_not_count(start: float | None, end: float | None) -> None:
    stated = {"start": START if start is None else start, "end": START + 900 if end is None else end}
    recording = segments.open(made.segment(made.meta(), made.snapshot(), click(START + 900), **stated))
    (view,) = recording.views
    assert (view.start, view.end) == (START, START + 900)
    problem = f"{NAME}segments state a start or end that is not that of their records: 0"
    assert recording.report.problems == (problem,)
    assert (view.segments[0].metadata.start, view.segments[0].metadata.end) == (stated["start"], stated["end"])


@pytest.mark.parametrize(
    ("times", "mended"),
    [
        ([100, 900, 600_000], [100, 900, 900]),
        ([100, -600_000, 900], [100, 100, 900]),
        ([600_000, 600, 900], [600, 600, 900]),
        ([100, 900, 9_000], [100, 900, 9_000]),
    ],
)
def test_what_a_segment_states_about_its_times_holds_against_single_records(
    times: list[float], mended: list[float]
) -> None:
    content = made.segment(*map(click, at(*times)), start=START, end=START + 1000)
    recording = segments.open(content)
    assert [record.timestamp for record in recording.records()] == at(*mended)
    assert any("clock" in problem for problem in recording.report.problems) is (times != mended)
    assert recording.views[0].end == START + max(mended) if times != mended else START + 1000
    nothing_within = segments.open(made.segment(*map(click, at(*times)), start=START - DAY, end=START - DAY + 1000))
    unstated = segments.open(made.segment(*map(click, at(*times)), start=None, end=None))
    assert [one.timestamp for one in nothing_within.records()] == [one.timestamp for one in unstated.records()]


def test_a_first_record_ahead_of_few_others_does_not_move_them() -> None:
    recording = segments.open(made.segment(*map(click, at(600_000, 100, 900))))
    assert [record.timestamp for record in recording.records()] == at(100, 100, 900)


@pytest.mark.parametrize("stated", [10**15, 5, START - HOUR, START + HOUR])
def test_what_a_segment_without_records_states_counts_only_if_no_record_has_a_time(stated: float) -> None:
    empty = made.segment(start=stated, end=stated + 7, index_in_view=1)
    (view,) = segments.open([made.segment(made.meta(), made.snapshot(), click(START + 900)), empty]).views
    assert (view.start, view.end) == (START, START + 900)
    (view,) = segments.open(empty).views
    assert (view.start, view.end) == (stated, stated + 7)


def test_segments_whose_order_is_unknown_are_not_compared() -> None:
    page = made.segment(made.meta(), made.snapshot(), *map(click, at(100, 60_000)))
    no_index = made.segment(click(START + 20_000), click(START + 21_000), index_in_view=None)
    recording = segments.open([page, no_index])
    times = [record.timestamp for record in recording.records()]
    assert times == at(0, 0, 100, 60_000, 20_000, 21_000)
    assert not any("clock" in problem for problem in recording.report.problems)


@pytest.mark.parametrize(("first", "later"), [(START + DAY, START + 2000), (START, 5), (START, START - DAY)])
def test_a_first_record_out_of_line_does_not_move_its_segment(first: float, later: float) -> None:
    """Segments of apps have no numbers: their times give their order."""
    stated: dict[str, Any] = {"source": "ios", "index_in_view": None}
    size = made.record(4, 0, {"width": 360, "height": 640}) | {"timestamp": first}
    screen = made.segment(size, made.screen(10), made.tap(900, "down"), **stated)
    taps = made.segment(made.tap(0, "up") | {"timestamp": later}, *[made.tap(2100, "down")] * 2, **stated)
    (view,) = segments.open([taps, screen]).views
    assert [record.type for record in view.records()] == [4, 10, 11, 11, 11, 11]
    assert view.end == START + 2100


def test_segments_of_apps_are_in_the_order_of_their_beginnings_even_if_most_of_one_is_at_its_end() -> None:
    stated: dict[str, Any] = {"source": "android", "index_in_view": None}
    first = made.segment(made.screen(0), *(made.screen_change(4900 + number) for number in range(5)), **stated)
    touched = made.segment(made.tap(4850, "down"), made.tap(5100, "up"), **stated)
    (view,) = segments.open([touched, first]).views
    assert [record.type for record in view.records()] == [10] + [11] * 7


def test_a_last_record_ahead_of_the_next_segment_of_an_app_is_out_of_line() -> None:
    stated: dict[str, Any] = {"source": "android", "index_in_view": None}
    first = made.segment(made.screen(0), made.tap(100, "down"), made.tap(DAY, "up"), **stated)
    (view,) = segments.open([first, made.segment(made.tap(9000, "down"), **stated)]).views
    assert [record.timestamp for record in view.records()] == at(0, 100, 100, 9000)


def test_between_segments_of_mobile_apps_times_may_be_out_of_order() -> None:
    def recording(back: float) -> segments.Recording:
        content = [at(100, 60_000), at(60_000 - back, 61_000 - back)]
        taps = [[made.tap(time - START, "down") for time in times] for times in content]
        return segments.open(
            [made.segment(*taps, index_in_view=index, source="android") for index, taps in enumerate(taps)]
        )

    assert [record.timestamp for record in recording(9_000).records()] == at(100, 60_000, 51_000, 52_000)
    assert [record.timestamp for record in recording(11_000).records()] == at(100, 60_000, 60_000, 61_000)


def test_frustration_has_the_time_of_its_click_and_moves_along() -> None:
    def frustration(time: float) -> dict[str, Any]:
        return made.record(9, time, {"frustrationTypes": ["rage_click"], "recordIds": [1]})

    first = made.segment(
        made.meta(), made.snapshot(), click(START + 60_000), frustration(50_000), click(START + 60_010)
    )
    sound = segments.open(first)
    assert [record.timestamp for record in sound.records()] == at(0, 0, 60_000, 50_000, 60_010)
    assert sound.report.problems == ()
    second = made.segment(frustration(20_000), click(START + 31_000), frustration(25_000), index_in_view=1)
    moved = segments.open([first, second])
    assert [record.timestamp for record in moved.records()][5:] == at(49_010, 60_010, 54_010)
    assert moved.report.problems == (jump("segment 1", "3 records are taken as 29.01 s later"),)


def test_records_without_a_time_or_that_cannot_be_decoded_move_along() -> None:
    kind = KINDS["set back between segments"]
    unknown = {"type": 99, "timestamp": START + 35_000}
    untimed: list[dict[str, Any]] = [{"type": 99}, {"type": 99, "timestamp": "now"}, {"type": 3, "timestamp": None}]
    second = json.loads(contents(kind)[1])
    second["records"] = [click(START + 31_000), *untimed, unknown]
    recording = segments.open([contents(kind)[0], json.dumps(second).encode()])
    times = [record.timestamp for record in recording.records()][4:]
    assert times == [START + 60_000, None, None, None, START + 64_000]


def test_views_are_in_the_order_of_their_mended_start() -> None:
    def view(name: str, *times: float) -> bytes:
        return made.segment(*map(click, times), view=name)

    recording = segments.open([view("a", *at(5000), 5, *at(6000)), view("b", *at(0, 100))])
    assert [one.id for one in recording.views] == ["b", "a"]


def reference(times: list[float]) -> list[tuple[float, float]]:
    """The span of each run, found without limits on their number."""
    spans: list[tuple[float, float]] = []
    for time in times:
        if spans and spans[-1][1] - 1000 <= time <= spans[-1][1] + 1000:
            spans[-1] = (min(spans[-1][0], time), max(spans[-1][1], time))
        else:
            spans.append((time, time))
    return spans


def collected(times: list[float], batch: int = 7, all_runs: int = 0) -> list[Run]:
    collector = RunCollector(all_runs)
    records = [json.dumps({"type": 6, "timestamp": time}).encode() for time in times]
    for start in range(0, len(records), batch):
        collector.add(records[start : start + batch])
    runs = runs_in(collector.runs())
    assert (collector.count, sum(run.records for run in runs)) == (len(runs), len(times))
    return runs


def test_runs_do_not_depend_on_how_records_are_read() -> None:
    shuffled = random.Random(5)
    for _ in range(50):
        times = [float(shuffled.choice([0, 500, 1000, 5000, 2500]) + shuffled.randrange(900)) for _ in range(60)]
        for batch in (1, 7, 60):
            assert [(run.low, run.high) for run in collected(times, batch)] == reference(times)


def test_pauses_in_a_segment_of_very_many_runs_are_joined_and_a_record_ahead_is_still_found() -> None:
    times = [START + number * 2500.5 for number in range(50_000)]
    runs = collected(times)
    assert len(runs) < 1000
    assert (runs[0].low, runs[-1].high) == (times[0], times[-1])
    ahead = [*times, times[-1] + 10 * DAY, times[-1] + 500]
    mended = mend([collected(ahead)])
    assert mended is not None
    assert (mended[-1].start, mended[-2].shift) == (times[-1] + 500, -10 * DAY)
    assert len(collected(times, all_runs=1_000_000)) <= 4


def test_in_a_segment_of_very_many_jumps_the_rest_has_one_time() -> None:
    times = [START + (number % 2) * 10 * DAY + number for number in range(5_000)]
    recording = segments.open(made.segment(made.meta(), made.snapshot(), *map(click, times)))
    (view,) = recording.views
    mended = [record.timestamp for record in view.records()]
    assert len(mended) == 5_002
    assert view.end == max(time for time in mended if time is not None)
    assert segments.summarize(recording).views[0].end == view.end
    (report,) = recording.report.views
    assert sum(one.records for one in report.mended_times) > 400


def test_very_many_spans_of_mended_times_are_counted_together() -> None:
    content = [made.segment(made.meta(), made.snapshot(), click(START))]
    for index in range(1, 2_502):
        absurd = [click(5)] if index % 2 else []
        content.append(made.segment(click(START + index), *absurd, index_in_view=index))
    recording = segments.open(content)
    (view,) = recording.report.views
    assert (len(view.mended_times), view.more_mended_times) == (1_000, 251)
    assert f"{NAME}251 records are also taken as earlier or later than recorded" in recording.report.problems
