"""Where records are missing, nothing is attributed to elements up to the next full snapshot, by any output."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rum_replay import InvalidRequestError, segments
from rum_replay.segments._completeness import RecordCounts
from rum_replay.segments._timelines import TimelineClock
from rum_replay.segments.player._conversion import Conversion

from .made import (
    BOX,
    BUTTON,
    START,
    change,
    click,
    event,
    meta,
    mutation,
    record,
    screen,
    screen_change,
    segment,
    snapshot,
    tap,
    typed,
)
from .player.test_page import marks_in

STRINGS = ["#document", "HTML", "BODY", "MAIN", "id", "main", "SECTION", "P", "#text", "one", "two", "BUTTON"]
MAIN, SAVE = 7, 10
"""Ids of an element that is there from the beginning, and of a button that comes after what is missing."""


def compact_snapshot(at: float, *more: list[Any]) -> dict[str, Any]:
    """A page of four sections and an empty <main> in the format that does not write ids."""
    sections = [[1, 6, [4, "a"]], [0, 6, [4, "b"]], [0, 6, [4, "c"]], [0, 6, [4, "d"]]]
    return record(2, at, [[0, *STRINGS], [1, [None, 0], [1, 1], [1, 2], *sections, [0, 3, [4, 5]]], *more], format=1)


HINT = change(2100, [0, "Hint"], [1, [1, 7], [1, 8, 12]])
"""Adds a text to <main>: nodes 8 and 9."""

BUTTONS = change(4000, [0, "Save", "Delete"], [1, [3, 11], [1, 8, 13], [5, 11], [1, 8, 14]])
"""Adds two buttons to <main>: nodes 10 to 13."""

FIRST = [meta(), compact_snapshot(0), click(300, MAIN), event(1, 2000, positions=[])]
NEXT = [BUTTONS, click(4500, SAVE), click(4700, SAVE), click(4900, SAVE), event(1, 7000, positions=[])]
AGAIN = [compact_snapshot(8000), click(8500, MAIN), event(1, 9900, positions=[])]

FOCUS = record(6, 2200, {"has_focus": True})
"""A record that changes nothing."""


def first(*more: dict[str, Any], **metadata: Any) -> bytes:
    return segment(*FIRST, *more, **metadata)


def rest(index: int | None = 1, **metadata: Any) -> bytes:
    return segment(*NEXT, *AGAIN, index_in_view=index, **metadata)


def damaged(content: bytes, of: dict[str, Any], instead: bytes) -> bytes:
    """A segment with another text in the place of one record."""
    text = json.dumps(of).encode()
    assert content.count(text) == 1
    return content.replace(text, instead)


BROKEN = json.dumps(HINT).encode().replace(b'"type"', b'type"')
# What is missing before `BUTTONS`, and the reason that is given.
GAPS: list[tuple[str, Callable[[], list[bytes]], str]] = [
    ("one lost upload", lambda: [first(), rest(2)], "segment 1 is missing"),
    ("several", lambda: [first(), rest(4)], "segments 1 to 3 are missing"),
    (
        "an upload without records after a lost one",
        lambda: [first(), segment(index_in_view=2), rest(3)],
        "segment 1 is missing",
    ),
    (
        "a damaged record",
        lambda: [damaged(first(HINT, FOCUS), HINT, BROKEN), rest()],
        "records are missing, because parts of segment 0 cannot be read",
    ),
    (
        "a damaged record at the end of a segment",
        lambda: [damaged(first(HINT), HINT, b"5"), rest()],
        "records are missing, because parts of segment 0 cannot be read",
    ),
    (
        "a damaged record at the beginning of a segment",
        lambda: [first(), damaged(segment(HINT, *NEXT, *AGAIN, index_in_view=1), HINT, BROKEN)],
        "records are missing, because parts of segment 1 cannot be read",
    ),
    (
        "nothing but a damaged record",
        lambda: [first(), damaged(segment(HINT, index_in_view=1), HINT, BROKEN), rest(2)],
        "segment 1 is missing",
    ),
    (
        "items that are not records",
        lambda: [damaged(first(HINT, FOCUS), HINT, b'1,2,"x"'), rest()],
        "records are missing, because parts of segment 0 cannot be read",
    ),
    (
        "fewer records than stated",
        lambda: [first(), segment(*NEXT, index_in_view=1, records_count=6), segment(*AGAIN, index_in_view=2)],
        "records are missing: segment 1 states 6, and has 5",
    ),
    (
        "fewer records than stated, in a segment with a full snapshot",
        lambda: [first(records_count=5), rest()],
        "records are missing: segment 0 states 5, and has 4",
    ),
    (
        "an index that is not stated",
        lambda: [first(), rest(None)],
        "which segments come before one without an index is not known",
    ),
    (
        "a change in an unknown form",
        lambda: [first(change(500, [0, "Hint"], [1, "P"])), rest()],
        "a record of segment 0 is not in a known form",
    ),
    (
        "a change without an operation",
        lambda: [first(record(12, 500, ["x"])), rest()],
        "a record of segment 0 is not in a known form",
    ),
    (
        "changes in an unknown form",
        lambda: [first(record(12, 500, {"what": "ever"})), rest()],
        "a record of segment 0 is not in a known form",
    ),
    (
        "changes in an unknown form in a full snapshot",
        lambda: [segment(meta(), compact_snapshot(0, [1, "P"]), *FIRST[2:]), rest()],
        "a record of segment 0 is not in a known form",
    ),
    (
        "a full snapshot in an unknown form",
        lambda: [first(record(2, 500, "x")), rest()],
        "a record of segment 0 is not in a known form",
    ),
]
KINDS = [pytest.param(make, reason, id=kind) for kind, make, reason in GAPS]
# What is not known to have lost anything.
WHOLE: list[tuple[str, Callable[[], list[bytes]]]] = [
    ("all segments", lambda: [first(HINT), rest()]),
    ("more records than stated", lambda: [first(HINT, records_count=2), rest()]),
    ("no count", lambda: [first(HINT, records_count=None), rest()]),
    ("a record of an unknown kind", lambda: [first(HINT, record(99, 600), event(42, 700)), rest()]),
    ("a change of an unknown kind", lambda: [first(change(500, *HINT["data"], [99, 1])), rest()]),
    ("an upload that occurs twice", lambda: [first(HINT), first(), first(HINT), rest()]),
    ("no index", lambda: [segment(*FIRST, HINT, *NEXT, *AGAIN, index_in_view=None)]),
    ("a gap before a full snapshot", lambda: [first(HINT, *NEXT), segment(*AGAIN, index_in_view=2)]),
    (
        "uploads of an app",
        lambda: [rest(None, source="ios"), first(HINT, index_in_view=None, source="ios")],
    ),
]
INTACT = [pytest.param(make, id=kind) for kind, make in WHOLE]


def exported(recording: segments.Recording, folder: Path) -> list[dict[str, Any]]:
    segments.export(recording, folder, format="jsonl")
    (file,) = folder.glob("records/*/*/*.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def events_of(recording: segments.Recording, tag: str) -> list[dict[str, Any]]:
    """Our own events in a player, each with its time after `START`."""
    (view,) = recording.views
    events = [json.loads(event) for event in Conversion(TimelineClock()).view_events(view, RecordCounts())]
    own = [(event["timestamp"] - START, event["data"]) for event in events if event["type"] == 5]
    return [{"at": at, **data["payload"]} for at, data in own if data["tag"] == tag]


@pytest.mark.parametrize(("make", "reason"), KINDS)
def test_after_a_gap_the_page_is_marked_as_a_guess_up_to_the_next_snapshot(
    make: Callable[[], list[bytes]], reason: str
) -> None:
    (view,) = segments.open(make()).views
    page = segments.page_at(view, START + 7500)
    assert page.uncertain_because == reason
    assert page.uncertain_since is not None
    assert page.uncertain_since <= START + 4000
    assert not page.knows_elements
    assert page.problems["a gap, after which the page is a guess, up to the next full snapshot"] >= 1
    assert page.to_dict()["uncertain_because"] == reason
    mark = f'<html data-replay-uncertain="since {page.uncertain_since}: {reason}">'
    assert segments.to_html(page).startswith(mark)
    for time in (START + 8000, None):
        known = segments.page_at(view, time)
        assert (known.uncertain_since, known.uncertain_because, known.knows_elements) == (None, None, True)
        assert "uncertain_since" not in known.to_dict()
        assert "uncertain" not in segments.to_html(known)


@pytest.mark.parametrize(("make", "reason"), KINDS)
def test_after_a_gap_clicks_count_but_no_output_attributes_them(
    make: Callable[[], list[bytes]], reason: str, tmp_path: Path
) -> None:
    recording = segments.open(make())
    rows = [row for row in exported(recording, tmp_path) if row["kind"] == "click"]
    unknown = [row for row in rows if 4000 <= click_time(row) <= 5000]
    assert [(row["node_id"], row["element"], row["element_text"], row["gap"]) for row in unknown] == [
        (SAVE, None, None, reason)
    ] * 3
    assert (rows[-1]["element"], rows[-1]["gap"]) == ("#main", None)
    (view,) = segments.summarize(recording).views
    assert view.clicks == len(rows) == 5
    assert view.unattributed_clicks in (3, 4)
    assert not [signal for signal in view.signals if signal.first.node_id == SAVE]
    assert (view.rage_clicks, view.signals[-1].first.time) == (0, START + 8500)
    heatmap = segments.heatmap_of(recording)
    left_out = heatmap.left_out["on unknown elements, because records before them are missing"]
    assert (left_out, len(heatmap.clicks)) == (view.unattributed_clicks, 5 - view.unattributed_clicks)
    assert {shown.selector for shown in heatmap.clicks} == {"#main"}
    labels = [one["target"] for one in events_of(recording, "click") if 4000 <= one["at"] <= 5000]
    assert labels == [f"an unknown element ({reason})"] * 3
    assert [gap["reason"] for gap in events_of(recording, "gap")] == [reason]
    assert [end["at"] for end in events_of(recording, "gap_end")] == [8000]


def click_time(row: dict[str, Any]) -> int:
    """Milliseconds after START, of a time such as 2026-11-21T03:00:04.500Z."""
    return int(float(row["timestamp"][17:23]) * 1000)


@pytest.mark.parametrize("make", INTACT)
def test_where_nothing_is_known_to_be_missing_clicks_are_attributed(
    make: Callable[[], list[bytes]], tmp_path: Path
) -> None:
    recording = segments.open(make())
    rows = [row for row in exported(recording, tmp_path) if row["kind"] == "click"]
    assert [(row["element"], row["gap"]) for row in rows] == [
        ("#main", None),
        *[("#main > button:nth-of-type(1)", None)] * 3,
        ("#main", None),
    ]
    (view,) = segments.summarize(recording).views
    assert (view.unattributed_clicks, view.rage_clicks) == (0, 1)
    assert segments.page_at(recording.views[0], START + 7500).uncertain_because in (None, "segment 1 is missing")
    assert len(segments.heatmap_of(recording).clicks) == 5


def test_segments_of_an_app_need_no_index() -> None:
    uploads = [rest(None, source="ios"), first(index_in_view=None, source="ios")]
    assert segments.open(uploads).report.problems == ()
    some = segments.open([*uploads, first(source="ios")])
    assert "view view: 2 segments do not state their index" in some.report.problems


def test_a_page_is_a_guess_from_the_last_record_before_a_gap() -> None:
    (view,) = segments.open([first(), segment(*AGAIN, index_in_view=3)]).views
    times = [(at, segments.page_at(view, START + at).uncertain_since) for at in (1999, 2000, 2001, 7999, 8000)]
    since = START + 2000
    assert times == [(1999, None), (2000, None), (2001, since), (7999, since), (8000, None)]
    assert segments.page_at(view, START + 2001).uncertain_because == "segments 1 to 2 are missing"


def test_a_view_whose_first_segments_are_missing_attributes_nothing_before_its_snapshot(tmp_path: Path) -> None:
    recording = segments.open(rest(2))
    rows = exported(recording, tmp_path)
    missing = "segments 0 to 1 are missing"
    assert [(row["element"], row["gap"]) for row in rows if row["kind"] == "click"] == [
        *[(None, missing)] * 3,
        ("#main", None),
    ]
    page = segments.page_at(recording.views[0], START + 5000)
    assert (page.root, page.uncertain_since, page.uncertain_because) == (None, START + 4000, missing)
    assert segments.summarize(recording).views[0].unattributed_clicks == 3
    assert events_of(recording, "gap") == []


def test_a_view_that_does_not_begin_with_a_snapshot_says_so(tmp_path: Path) -> None:
    recording = segments.open(segment(meta(), click(10), *AGAIN))
    rows = exported(recording, tmp_path)
    assert [row["gap"] for row in rows[:3]] == [None, "no full snapshot comes before", None]
    assert segments.page_at(recording.views[0]).problems == {}


def test_where_the_beginning_of_a_screen_is_missing_taps_are_on_unknown_elements(tmp_path: Path) -> None:
    """Segments of apps are not numbered, so what builds on a snapshot is all that shows it."""
    kept = {"source": "ios", "index_in_view": None}
    size = record(4, 0, {"width": 360, "height": 640})
    taps = [tap(7_000, "down"), tap(7_050, "up")]
    lost = segment(screen_change(6_000, removes=[{"id": 5}]), *taps, **kept, view="lost")
    recording = segments.open([segment(size, screen(0), **kept, view="before"), lost])
    assert [view.unattributed_clicks for view in segments.summarize(recording).views] == [0, 1]
    missing = "no full snapshot comes before"
    assert segments.page_at(recording.views[1]).uncertain_because == missing
    written = segments.export(recording, tmp_path, format="jsonl").files
    rows = [json.loads(line) for file in written if "lost" in file.name for line in file.read_text().splitlines()]
    assert [row["gap"] for row in rows if "gap" in row] == [missing] * 3
    (marks,) = marks_in(segments.write_player(recording, tmp_path / "replay.html"))
    assert [mark["data"]["payload"]["target"] for mark in marks if mark["data"]["tag"] == "click"] == [
        f"an unknown element ({missing})"
    ]
    shown = segments.open(
        [segment(size, screen(0), **kept, view="before"), lost, segment(screen(9_000), **kept, view="lost")]
    )
    for one in recording, shown:
        clicks = [entry for entry in segments.timeline(one) if entry.kind == "click"]
        assert [entry.details.get("unknown") for entry in clicks] == [missing]
    resized = record(11, 100, {"source": 4, "width": 360, "height": 640})
    (view,) = segments.open(segment(size, resized, **kept)).views
    assert segments.page_at(view).uncertain_because is None


WHOLE_SEGMENT = first(HINT)
AHEAD = b'{"index_in_view":0,"view":{"id":"view"},"records_count":5,"records":[' + json.dumps(FIRST)[1:-1].encode()
ANNOUNCED = b'{"records_count":1,"index_in_view":3,"session":{"id":"session"},"view":{"id":"view"}}'
ENDS: list[tuple[str, list[bytes], str | None]] = [
    ("whole", [WHOLE_SEGMENT], None),
    (
        "cut before its metadata",
        [WHOLE_SEGMENT[:-400]],
        "records are missing, because a segment without an index is cut",
    ),
    ("cut after its metadata", [AHEAD], "records are missing, because segment 0 is cut"),
    ("cut after all records", [AHEAD.replace(b'"records_count":5', b'"records_count":4')], None),
    (
        "a damaged last record",
        [damaged(WHOLE_SEGMENT, HINT, b"5")],
        "records are missing, because parts of segment 0 cannot be read",
    ),
    ("metadata of a later segment", [WHOLE_SEGMENT, ANNOUNCED], "segments 1 to 3 are missing"),
    ("metadata of the segment", [rest(3), ANNOUNCED], None),
]


@pytest.mark.parametrize(("sources", "reason"), [pytest.param(*rest_, id=kind) for kind, *rest_ in ENDS])
def test_what_is_missing_at_the_end_is_known_if_a_segment_is_cut_or_announced(
    sources: list[bytes], reason: str | None
) -> None:
    (view,) = segments.open(sources).views
    assert view.gap_at_end == reason
    (*_, last) = view.records()
    assert last.timestamp is not None
    assert segments.page_at(view, last.timestamp).uncertain_because is None
    for time in (last.timestamp + 1, None):
        assert segments.page_at(view, time).uncertain_because == reason


def test_a_segment_that_states_records_and_has_none_is_a_gap() -> None:
    between = segment(index_in_view=1, records_count=4)
    recording = segments.open(segment(meta(), snapshot()) + between + segment(click(900), index_in_view=2))
    missing = "records are missing: segment 1 states 4, and has 0"
    assert [one.gap for one in recording.views[0].placed_records()] == [None, None, segments.Gap(before=missing)]
    assert segments.open(segment(meta(), snapshot()) + between).views[0].gap_at_end == missing


# In this format, ids are written.
WRITTEN = [
    [meta(), snapshot(), click(1000), event(1, 2500, positions=[])],
    [mutation(3000, adds=[{"node": {"type": 2, "id": 50, "tagName": "p", "attributes": {}, "childNodes": []}}])],
    [event(1, 3300, positions=[]), click(4500), click(6000, 50), typed(7500, "a"), click(9000, BOX)],
]


def test_where_ids_are_written_known_elements_are_attributed_after_a_gap(tmp_path: Path) -> None:
    recording = segments.open([segment(*WRITTEN[0]), segment(*WRITTEN[2], index_in_view=2)])
    missing = "segment 1 is missing"
    rows = [(row["kind"], row["element"], row["gap"]) for row in exported(recording, tmp_path)]
    assert rows[2:] == [
        ("click", "#pay", None),
        ("mouse_move", None, None),
        ("mouse_move", None, missing),
        ("click", "#pay", missing),
        ("click", None, missing),
        ("input", "#name", missing),
        ("click", "#agree", missing),
    ]
    (view,) = segments.summarize(recording).views
    assert (view.clicks, view.unattributed_clicks) == (4, 1)
    assert [signal.first.node_id for signal in view.signals] == [BUTTON, BUTTON]
    page = segments.page_at(recording.views[0])
    assert (page.uncertain_since, page.knows_elements) == (START + 2500, True)
    assert "data-replay-uncertain" in segments.to_html(page)
    heatmap = segments.heatmap_of(recording)
    assert len(heatmap.clicks) == 3
    assert heatmap.left_out == {"on unknown elements, because records before them are missing": 1}
    assert heatmap.uncertain_because is None  # It shows the page as it was before the gap.
    labels = [one["target"] for one in events_of(recording, "click")]
    assert labels == ["button “Pay”", "button “Pay”", f"an unknown element ({missing})", "#agree"]


# What is done with nodes that came while records were missing, in both formats.
LATE: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    (
        snapshot(),
        [
            typed(5000, "A", 50),
            typed(5100, "Ad", 50),
            event(5, 5600, id=51, isChecked=True),
            event(5, 5700, id=51, isChecked=True),
            event(5, 5600, id=52, isChecked=False),
            event(3, 6000, id=53, x=0, y=40),
        ],
    ),
    (
        compact_snapshot(0),
        [
            change(5000, [12, [50, "A"]]),
            change(5100, [12, [50, "Ad"]]),
            change(5600, [13, [0, 51], [1, 52]]),
            change(5700, [13, [0, 51]]),
            change(6000, [6, [53, 0, 40]]),
        ],
    ),
]


@pytest.mark.parametrize(("before", "late"), LATE)
def test_what_is_entered_and_scrolled_in_unknown_elements_is_listed_and_counted(
    before: dict[str, Any], late: list[dict[str, Any]], tmp_path: Path
) -> None:
    start = segment(meta(), before, event(1, 1000, positions=[]))
    recording = segments.open([start, segment(*late, event(1, 9000, positions=[]), index_in_view=2)])
    missing = "segment 1 is missing"
    rows = [row for row in exported(recording, tmp_path) if row["kind"] in ("input", "scroll")]
    assert {(row["element"], row["gap"]) for row in rows} == {(None, missing)}
    entries = [(one.kind, one.time, one.element, one.details.get("unknown")) for one in segments.timeline(recording)]
    assert entries[2:-1] == [
        ("input", 5000, None, missing),
        ("check", 5600, None, missing),
        ("scroll", 6000, None, missing),
    ]
    assert not any(one.details.get("value") for one in segments.timeline(recording))
    (view,) = segments.summarize(recording).views
    assert (view.key_inputs, view.selections) == (2, 1)
    unknown = f"an unknown element ({missing})"
    assert [(one["at"], one["target"]) for one in events_of(recording, "input")] == [(5000, unknown), (5600, unknown)]
    for kind in ("input", "check", "scroll"):
        assert f"# A step that is not known ({kind}): {missing}." in segments.steps(recording)


def test_changes_of_unknown_elements_may_be_the_reaction_to_a_click() -> None:
    node = {"type": 2, "id": 60, "tagName": "p", "attributes": {}, "childNodes": []}
    reactions = [
        mutation(4550, attributes=[{"id": 50, "attributes": {"class": "open"}}]),
        mutation(4550, texts=[{"id": 50, "value": "open"}]),
        mutation(4550, adds=[{"parentId": 50, "nextId": None, "node": node}]),
        mutation(4550, removes=[{"parentId": 50, "id": 51}]),
        typed(4550, "x", 50),
        event(3, 4550, id=50, x=0, y=40),
        event(7, 4550, id=50, type=0),
    ]
    start = [meta(), snapshot(), event(1, 2500, positions=[])]
    for reaction in (*reactions, event(2, 4550, type=5, id=50)):
        after = [event(1, 3300, positions=[]), click(4500), reaction, event(1, 9000, positions=[])]
        is_dead = reaction not in reactions
        signals = signals_by_all(segments.open([segment(*start), segment(*after, index_in_view=2)]))
        assert signals == ["dead_click"] * is_dead


def test_changes_of_the_other_format_make_written_ids_unknown_after_a_gap() -> None:
    for changed in (segment(HINT, index_in_view=2), segment(index_in_view=2)):
        (view,) = segments.open([segment(*WRITTEN[0]), changed]).views
        assert segments.page_at(view).knows_elements is (changed != segment(HINT, index_in_view=2))


# A click before a gap that comes as long after it, and whether it is dead.
REACTIONS = [(1001, 1), (1000, 0), (0, 0)]


@pytest.mark.parametrize(("until", "dead"), REACTIONS)
def test_a_click_is_not_dead_if_the_reaction_may_be_missing(until: int, dead: int) -> None:
    before = [meta(), snapshot(), click(1000), event(1, 1000 + until, positions=[])]
    recording = segments.open([segment(*before), segment(event(1, 9000, positions=[]), index_in_view=2)])
    assert segments.summarize(recording).views[0].dead_clicks == dead


def test_where_a_segment_lacks_records_somewhere_no_click_in_it_or_before_it_is_dead() -> None:
    lacking = segment(event(1, 2500, positions=[]), click(3000), index_in_view=1, records_count=3)
    sources = [
        segment(meta(), snapshot(), click(2000)),
        lacking,
        segment(event(1, 9000, positions=[]), index_in_view=2),
    ]
    assert signals_by_all(segments.open(sources)) == []
    whole = [sources[0], lacking.replace(b'"records_count": 3', b'"records_count": 2'), sources[2]]
    assert signals_by_all(segments.open(whole)) == ["dead_click", "dead_click"]


@pytest.mark.parametrize("make", [make for _, make, _ in GAPS] + [make for _, make in WHOLE])
def test_all_outputs_find_the_same_rage_and_dead_clicks(make: Callable[[], list[bytes]]) -> None:
    assert signals_by_all(segments.open(make()))


def signals_by_all(recording: segments.Recording) -> list[str]:
    """The kinds of rage and dead clicks of a view, which all outputs agree on."""
    (view,) = segments.summarize(recording).views
    kinds: list[str] = sorted(signal.kind for signal in view.signals)
    assert sorted(one.kind for one in segments.timeline(recording) if one.kind in ("rage_click", "dead_click")) == kinds
    assert sorted(one["kind"] for one in events_of(recording, "signal")) == kinds
    return kinds


def test_a_click_whose_press_may_be_missing_is_not_dead() -> None:
    def pressed(at: float) -> list[dict[str, Any]]:
        return [event(2, at, type=kind, id=BUTTON, x=1, y=1) for kind in (1, 0, 2)]

    start = [meta(), snapshot(), *pressed(1000), event(1, 4000, positions=[])]
    for lost, dead in ((0, 2), (1, 1)):
        further = segment(*pressed(6000)[lost:], event(1, 9000, positions=[]), index_in_view=2)
        assert segments.summarize(segments.open([segment(*start), further])).views[0].dead_clicks == dead


def test_rage_clicks_before_a_gap_count_and_clicks_on_both_sides_are_no_run() -> None:
    before = [meta(), snapshot(), *(click(1000 + at) for at in (0, 100, 200))]
    after = segment(*(click(1000 + at) for at in (300, 400)), event(1, 9000, positions=[]), index_in_view=2)
    (view,) = segments.summarize(segments.open([segment(*before), after])).views
    assert [signal.clicks for signal in view.signals if signal.kind == "rage_click"] == [3]


def test_a_heatmap_shows_the_page_as_it_was_last_known_or_says_that_it_is_a_guess() -> None:
    recording = segments.open([first(), segment(*NEXT, meta(7100, href="http://shop/next"), index_in_view=2)])
    known = segments.heatmap_of(recording)
    assert (known.time, known.uncertain_because) == (START + 2000, None)
    guessed = segments.heatmap_of(recording, at=START + 4500)
    assert guessed.uncertain_because == "segment 1 is missing"


def test_a_view_without_its_first_snapshot_is_marked_over_the_page_before(tmp_path: Path) -> None:
    lost = segment(BUTTONS, click(4500, SAVE), view="second", index_in_view=1)
    again = segment(*AGAIN, view="second", index_in_view=2)
    (marks,) = marks_in(segments.write_player(segments.open([first(), lost, again]), tmp_path / "replay.html"))
    reason = "segment 0 is missing"
    listed = [(mark["timestamp"] - START, mark["data"]) for mark in marks if mark["data"]["tag"] != "signal"]
    assert listed[2:] == [
        (4000, {"tag": "view", "payload": {"id": "second", "url": None}}),
        (4000, {"tag": "gap", "payload": {"reason": f"{reason}, so the page before is shown"}}),
        (4500, {"tag": "click", "payload": {"target": f"an unknown element ({reason})"}}),
        (8000, {"tag": "gap_end", "payload": {}}),
        (8500, {"tag": "click", "payload": {"target": "#main"}}),
        (10000, {"tag": "end", "payload": {}}),
    ]


def test_a_node_that_is_not_known_after_changes_of_an_unknown_kind_shows_that_they_added_nodes(tmp_path: Path) -> None:
    recording = segments.open(first(change(500, [99, [1, "BUTTON"]]), click(2500, MAIN), BUTTONS, click(4500, 12)))
    reason = "changes of an unknown kind come before, which added nodes"
    rows = [(row["element"], row["gap"]) for row in exported(recording, tmp_path) if row["kind"] == "click"]
    assert rows == [("#main", None), ("#main", None), (None, reason)]
    assert segments.summarize(recording).views[0].unattributed_clicks == 1
    assert [event["reason"] for event in events_of(recording, "gap")] == [reason]
    assert events_of(recording, "click")[-1]["target"] == f"an unknown element ({reason})"
    entries = [(entry.kind, entry.details) for entry in segments.timeline(recording)]
    assert [details["reason"] for kind, details in entries if kind == "gap"] == [reason]
    assert [details.get("unknown") for kind, details in entries if kind == "click"] == [None, None, reason]


def test_a_view_that_never_has_a_snapshot_is_a_gap_in_its_timeline() -> None:
    entries = [*segments.timeline(segments.open(segment(meta(), click(500), records_count=5)))]
    assert [entry.kind for entry in entries] == ["gap", "page", "click", "end"]


def test_records_and_their_gaps_are_placed() -> None:
    (view,) = segments.open([first(), rest(2)]).views
    placed = list(view.placed_records())
    places = [(one.segment.metadata.index_in_view, one.position, one.gap) for one in placed]
    assert places[3:5] == [(0, 3, None), (2, 0, segments.Gap(before="segment 1 is missing"))]
    assert [one.record for one in placed] == list(view.records())
    assert {gap for *_, gap in places[5:]} == {None}


@pytest.mark.parametrize("gap", [5, b"x", "\ud800"])
def test_gaps_are_checked(gap: Any) -> None:
    with pytest.raises(InvalidRequestError, match="gap"):
        segments.Page().apply(segments.decode_record(b'{"type":7,"timestamp":1}'), gap)
    with pytest.raises(InvalidRequestError, match="missing"):
        segments.Page().note_gap(gap)
