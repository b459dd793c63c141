from __future__ import annotations

import json
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments._completeness import CountMismatch

from . import made
from .recorded import FOLDERS, documents, events, uploads

FOLDER = FOLDERS[3]
FIRST_VIEW = events(FOLDER)[0]["view"]["id"]


def edited(document: bytes, **members: Any) -> bytes:
    return json.dumps({**json.loads(document), **members}).encode()


def report_of(*content: bytes) -> segments.ViewReport:
    return segments.open(list(content)).report.views[0]


def test_segments_missing_before_and_between_are_gaps() -> None:
    first, second, third, _ = documents(FOLDER)
    assert report_of(first, third).gaps == ((1, 1),)
    assert report_of(edited(third, index_in_view=9), second).gaps == ((0, 0), (2, 8))
    assert report_of(edited(third, index_in_view=10**15)).gaps == ((0, 10**15 - 1),)
    assert report_of(first, second, third).gaps == ()


@pytest.mark.parametrize("stated", [{}, {"index_in_view": None, "source": "ios"}])
def test_copies_count_once_however_their_json_is_written(stated: dict[str, Any]) -> None:
    first = made.segment(made.meta(), made.snapshot(), made.typed(90, "Grüße"), **stated)
    other = made.segment(made.meta(), made.snapshot(), made.typed(90, "Hello"), **stated)
    copy = json.dumps(json.loads(first), indent=1, ensure_ascii=False).encode()
    report = report_of(first, copy, copy)
    assert (report.records, report.conflicts, report.duplicates) == (3, (), () if stated else (0,))
    if stated:
        assert report_of(first, other, copy).records == 6
        assert report_of(other, first, copy).records == 6
    else:
        assert report_of(first, other, copy).conflicts == (0,)


def test_many_segments_are_listed_in_short() -> None:
    numbered = [made.segment(made.meta(number), index_in_view=number) for number in (0, 1, 3, 5, 6, 7, 8, 10)]
    problems = segments.open(numbered * 2).report.problems
    assert "view view: segments occur more than once: 0, 1, 3, 5 to 8, 10" in problems
    app = [made.segment(made.tap(at, "down"), index_in_view=None, start=1, source="ios") for at in (0, 1000)]
    (problem,) = (one for one in segments.open(app).report.problems if "state a start" in one)
    assert problem.endswith("that is not that of their records: 2 without an index")


def test_a_view_without_its_snapshot_is_reported() -> None:
    _, second, third, _ = documents(FOLDER)
    report = segments.open([second, third]).report
    assert not report.views[0].begins_with_snapshot
    assert report.problems == (
        f"view {FIRST_VIEW}: segment 0 is missing",
        f"view {FIRST_VIEW}: it does not begin with a full snapshot; what is before the first cannot be shown",
    )


def test_a_snapshot_that_comes_later_does_not_count_as_the_beginning() -> None:
    first, second, *_ = documents(FOLDER)
    assert not report_of(edited(second, index_in_view=0), edited(first, index_in_view=1)).begins_with_snapshot


def test_counts_that_differ_are_listed() -> None:
    first, second, *_ = documents(FOLDER)
    records = json.loads(second)["records"]
    view = report_of(first, edited(second, records=records[:-2]))
    assert view.count_mismatches == (CountMismatch(1, len(records), len(records) - 2),)


def test_equal_segments_count_once_and_of_different_ones_with_one_index_the_longest() -> None:
    first, second, third, _ = documents(FOLDER)
    recording = segments.open([first, second, second, third, first, second])
    assert recording.report.views[0].duplicates == (0, 1)
    assert recording.count == segments.open([first, second, third]).count
    other = edited(second, records=json.loads(second)["records"][:5], records_count=5)
    for sources in ([first, second, other, third], [first, other, second, third, other]):
        conflicting = segments.open(sources)
        (view,) = conflicting.report.views
        assert (view.conflicts, view.duplicates, conflicting.count) == ((1,), (), recording.count)
        assert [s.metadata.index_in_view for s in conflicting.segments] == [0, 1, 2]


def test_metadata_without_its_segment_is_announced() -> None:
    parts = [json.dumps(event).encode() for event in events(FOLDER)]
    recording = segments.open([*parts, *uploads(FOLDER)[1:]])
    assert recording.report.views[0].announced == (0,)
    assert recording.segments[0].metadata.raw_segment_size == events(FOLDER)[1]["raw_segment_size"]
    assert segments.open(parts).count == 0


def test_truncated_segments_and_segments_without_an_index_are_counted() -> None:
    first, second, *_ = documents(FOLDER)
    view = segments.open(first[:-30]).report.views[0]
    assert view.truncated == 1
    no_index = json.loads(second)
    del no_index["index_in_view"]
    view = report_of(first, json.dumps(no_index).encode())
    assert (view.without_index, view.gaps, view.segments) == (1, (), 2)


def test_a_segment_with_another_count_is_named_by_its_index_if_it_states_one() -> None:
    document = json.loads(edited(documents(FOLDER)[0], records_count=7))
    count = len(document["records"])
    stated = segments.open(json.dumps(document).encode()).report.problems
    assert any(problem.endswith(f": segment 0 states 7 records, {count} were found") for problem in stated)
    del document["index_in_view"]
    unstated = segments.open(json.dumps(document).encode()).report.problems
    assert any(problem.endswith(f": a segment states 7 records, {count} were found") for problem in unstated)


def test_unknown_kinds_are_counted_by_kind() -> None:
    document = json.loads(documents(FOLDER)[0])
    added: list[dict[str, Any]] = [
        {"type": 99, "timestamp": 1},
        {"type": 3, "timestamp": 1, "data": {"source": 42}},
        {"type": 3, "timestamp": 1, "data": {"source": 42}},
        {"type": 12, "timestamp": 1, "data": [[16, 1], [2, 0]]},
    ]
    content = edited(documents(FOLDER)[0], records=document["records"] + added)
    recording = segments.open(content)
    assert recording.report.unknown == {"record 3 source 42": 2, "record 99": 1, "change 16": 1}
    assert recording.views[0].segments[0].count == len(document["records"]) + 4


def test_beyond_1000_unknown_kinds_the_others_are_counted_together() -> None:
    several = [
        edited(document, records=[{"type": kind, "timestamp": 1} for kind in kinds])
        for document, kinds in zip(documents(FOLDER)[::3], (range(100, 1500), range(1000, 2000)), strict=False)
    ]
    recording = segments.open(several)
    other = "other kinds"
    first, second = (view.unknown for view in segments.summarize(recording).views)
    assert (len(first), first["record 1099"], first[other]) == (1001, 1, 400)
    assert (len(second), second["record 1099"]) == (1000, 1)
    together = recording.report.unknown
    assert (len(together), together["record 1099"], together[other]) == (1001, 2, 400 + 900)
    assert len(recording.report.problems) < 1100


def test_metadata_of_other_types_is_kept_as_extra() -> None:
    content = edited(documents(FOLDER)[0], start="today", records_count=True, view={"id": "v", "name": "n"}, new=[1])
    (segment,) = segments.read(content)
    assert (segment.metadata.start, segment.metadata.records_count, segment.metadata.view_id) == (None, None, "v")
    assert segment.metadata.extra == {
        "start": "today",
        "records_count": True,
        "view": {"id": "v", "name": "n"},
        "new": [1],
    }


KNOWN_METADATA: list[tuple[str, str, Any, Any]] = [
    ("application", "application_id", {"id": "a"}, {"id": 5}),
    ("session", "session_id", {"id": "s"}, "s"),
    ("view", "view_id", {"id": "v"}, ["v"]),
    ("start", "start", 1.5, "1"),
    ("end", "end", 2, True),
    ("records_count", "records_count", 1, 1.0),
    ("index_in_view", "index_in_view", 3, "3"),
    ("has_full_snapshot", "has_full_snapshot", True, 1),
    ("creation_reason", "creation_reason", "init", 5),
    ("source", "source", "browser", None),
    ("raw_segment_size", "raw_segment_size", 100, False),
    ("compressed_segment_size", "compressed_segment_size", 10, 10.5),
]


@pytest.mark.parametrize(("member", "field", "right", "wrong"), KNOWN_METADATA)
def test_metadata_is_read_member_by_member(member: str, field: str, right: Any, wrong: Any) -> None:
    def metadata(value: Any) -> segments.SegmentMetadata:
        (segment,) = segments.read(json.dumps({"records": [{"type": 7, "timestamp": 1}], member: value}).encode())
        return segment.metadata

    expected = right["id"] if isinstance(right, dict) else right
    assert metadata(right) == segments.SegmentMetadata(**{field: expected})
    assert metadata(wrong) == segments.SegmentMetadata(extra={member: wrong})


SNAPSHOT = made.snapshot()
MOBILE_SNAPSHOT = {"type": 10, "timestamp": 1, "data": {"wireframes": []}}
OTHER_RECORDS: list[tuple[dict[str, Any], bool]] = [
    ({"type": 3, "timestamp": 1, "data": {"source": 2, "type": 2, "id": 1}}, True),
    ({"type": 11, "timestamp": 1, "data": {"source": 0, "removes": [{"id": 1}]}}, True),
    ({"type": 11, "timestamp": 1, "data": {"source": 10, "removes": [1]}}, True),
    ({"type": 11, "timestamp": 1, "data": {"source": 4, "width": 1, "height": 1}}, False),
    (made.tap(0, "down"), False),
    ({"type": 12, "timestamp": 1, "data": [[0, [1, "#text", "a"]]]}, True),
    ({"type": 4, "timestamp": 1, "data": {"href": "http://shop/", "width": 1, "height": 1}}, False),
    ({"type": 6, "timestamp": 1, "data": {"has_focus": True}}, False),
    ({"type": 7, "timestamp": 1}, False),
    ({"type": 99, "timestamp": 1}, False),
]


@pytest.mark.parametrize("source", ["browser", "android"])
@pytest.mark.parametrize(
    ("record", "needs_snapshot"),
    OTHER_RECORDS,
    ids=[f"{one['type']}-{number}" for number, (one, _) in enumerate(OTHER_RECORDS)],
)
def test_a_view_begins_with_a_snapshot_unless_what_builds_on_one_comes_before(
    record: dict[str, Any], needs_snapshot: bool, source: str
) -> None:
    snapshot = SNAPSHOT if source == "browser" else MOBILE_SNAPSHOT
    for records, begins in (
        ([snapshot, record], True),
        ([record, snapshot], not needs_snapshot),
        ([snapshot, record, snapshot], True),
        ([record], False),
    ):
        report = segments.open(json.dumps({"records": records, "source": source}).encode()).report
        assert report.views[0].begins_with_snapshot is begins
        assert report.views[0].has_end is (record["type"] == 7)


@pytest.mark.parametrize(("metadata", "index"), [({"index_in_view": 0}, 0), ({}, None)])
def test_segments_with_damaged_records_are_named(metadata: dict[str, Any], index: int | None) -> None:
    text = json.dumps({"records": [made.meta(), made.snapshot()], "view": {"id": "v"}, **metadata})
    report = segments.open(text.replace('"type": 4', 'type": 4').encode()).report
    assert report.views[0].damaged == (index,)
    named = "without an index" if index is None else index
    assert f"view v: records are missing in segments that cannot be read as a whole: {named}" in report.problems
    assert segments.open(text.encode()).report.views[0].damaged == ()


def test_every_problem_is_a_sentence() -> None:
    def document(records: list[Any], **metadata: Any) -> bytes:
        return json.dumps({"records": records, "view": {"id": "v"}, **metadata}).encode()

    other = {"type": 4, "timestamp": 1, "data": {"href": "http://shop/", "width": 1, "height": 1}}
    focus = {"type": 6, "timestamp": 1, "data": {"has_focus": True}}
    sources = [
        document([other], index_in_view=1),
        document([other], index_in_view=1),
        document([focus], index_in_view=1),
        document([other, {"type": 99, "timestamp": 1}], index_in_view=4, records_count=3),
        document([other]),
        json.dumps({"records_count": 1, "index_in_view": 7, "view": {"id": "v"}}).encode(),
        json.dumps({"view": {"id": "v"}, "records": [{**focus, "id": 2}]}).encode()[:-1],
        json.dumps({"records": [other]}).encode()[:-1],
        b"~~",
    ]
    name = "view v"
    assert segments.open(sources).report.problems == (
        f"{name}: segment 0 is missing",
        f"{name}: segments 2 to 3 are missing",
        f"{name}: segment 4 states 3 records, 2 were found",
        f"{name}: different segments share an index: 1; the longest counts",
        f"{name}: segments occur more than once: 1",
        f"{name}: cut copies of segments that are there do not count: 4",
        f"{name}: metadata was found without its segment: 7",
        f"{name}: 2 segments do not state their index",
        f"{name}: 1 segment is truncated",
        f"{name}: it does not begin with a full snapshot; what is before the first cannot be shown",
        "record 99: unknown, or not in a known shape; 1 kept as raw JSON",
        "bytes, byte 100: truncated JSON",
        "bytes, byte 100: truncated JSON",
        "bytes, byte 0: unknown format",
    )


def test_segments_are_in_the_order_of_their_index_and_those_without_one_in_the_order_of_their_start() -> None:
    stated: list[dict[str, Any]] = [
        {"start": 5}, {"index_in_view": 2, "start": 9}, {"start": 2}, {}, {"index_in_view": 0}, {"index_in_view": 2},
    ]  # fmt: skip
    sources = [
        json.dumps({"records": [{"type": 7, "timestamp": number}], **members}).encode()
        for number, members in enumerate(stated)
    ]
    (view,) = segments.open(sources).views
    assert [record.timestamp for record in view.records()] == [4, 1, 0, 2, 3]
    assert (view.start, view.end) == (0, 4)
    cut = [b'{"records": [{"type": 7, "timestamp": %d}], "vi' % time for time in (9, 5)]
    (view,) = segments.open(cut).views
    assert [record.timestamp for record in view.records()] == [5, 9]


def test_views_are_in_the_order_of_their_start_and_those_without_one_come_last() -> None:
    records = {"a": [], "b": [{"type": 7, "timestamp": 2}], "c": [{"type": 7, "timestamp": 1}]}
    sources = [json.dumps({"records": of_view, "view": {"id": view}}) for view, of_view in records.items()]
    further = '{"records": [{"type": 7, "timestamp": 9}], "view": {"id": "b"}, "start": 0, "end": 90}'
    recording = segments.open([source.encode() for source in [*sources, further]])
    assert [(view.id, view.start, view.end) for view in recording.views] == [
        ("c", 1, 1),
        ("b", 2, 9),
        ("a", None, None),
    ]
    ids = [view.id for view in recording.views for _ in view.records()]
    assert ids == ["c", "b", "b"]
    assert len(list(recording.records())) == recording.count == 3
    assert len(list(recording.records(recording.views[1]))) == 2
