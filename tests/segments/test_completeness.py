from __future__ import annotations

import json
from typing import Any

from rum_replay import segments
from rum_replay.segments._completeness import CountMismatch

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


def test_a_view_that_lacks_its_snapshot_says_so() -> None:
    _, second, third, _ = documents(FOLDER)
    report = segments.open([second, third]).report
    assert not report.views[0].begins_with_snapshot
    assert report.problems == (
        f"view {FIRST_VIEW}: segment 0 is missing",
        f"view {FIRST_VIEW}: it does not begin with a full snapshot, so it cannot be shown",
    )


def test_a_snapshot_that_comes_later_is_no_beginning() -> None:
    first, second, *_ = documents(FOLDER)
    assert not report_of(edited(second, index_in_view=0), edited(first, index_in_view=1)).begins_with_snapshot


def test_counts_that_differ_are_listed() -> None:
    first, second, *_ = documents(FOLDER)
    records = json.loads(second)["records"]
    view = report_of(first, edited(second, records=records[:-2]))
    assert view.count_mismatches == (CountMismatch(1, len(records), len(records) - 2),)


def test_the_same_segment_twice_counts_once_and_a_different_one_is_a_conflict() -> None:
    first, second, third, _ = documents(FOLDER)
    recording = segments.open([first, second, second, third, first])
    assert recording.report.views[0].duplicates == (0, 1)
    assert recording.count == segments.open([first, second, third]).count
    other = edited(second, records=json.loads(second)["records"][:5], records_count=5)
    assert report_of(first, second, other, third).conflicts == (1,)


def test_metadata_without_its_segment_is_announced() -> None:
    parts = [json.dumps(event).encode() for event in events(FOLDER)]
    recording = segments.open([*parts, *uploads(FOLDER)[1:]])
    assert recording.report.views[0].announced == (0,)
    assert recording.segments[0].metadata.raw_segment_size == events(FOLDER)[1]["raw_segment_size"]
    assert segments.open(parts).count == 0


def test_a_segment_that_is_cut_and_one_without_an_index_are_counted() -> None:
    first, second, *_ = documents(FOLDER)
    view = segments.open(first[:-30]).report.views[0]
    assert view.cut == 1
    no_index = json.loads(second)
    del no_index["index_in_view"]
    view = report_of(first, json.dumps(no_index).encode())
    assert (view.without_index, view.gaps, view.segments) == (1, (), 2)


def test_a_segment_with_another_count_is_named_by_its_index_where_it_states_one() -> None:
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


def test_very_many_unknown_kinds_are_counted_together() -> None:
    several = [
        edited(document, records=[{"type": kind, "timestamp": 1} for kind in kinds])
        for document, kinds in zip(documents(FOLDER)[::3], (range(100, 1500), range(1000, 2000)), strict=False)
    ]
    recording = segments.open(several)
    further = "what is of further kinds"
    first, second = (view.unknown for view in segments.summarize(recording).views)
    assert (len(first), first["record 1099"], first[further]) == (1001, 1, 400)
    assert (len(second), second["record 1099"]) == (1000, 1)
    together = recording.report.unknown
    assert (len(together), together["record 1099"], together[further]) == (1001, 2, 400 + 900)
    assert len(recording.report.problems) < 1100


def test_metadata_of_other_types_is_kept_beside() -> None:
    content = edited(documents(FOLDER)[0], start="today", records_count=True, view={"id": "v", "name": "n"}, new=[1])
    (segment,) = segments.read(content)
    assert (segment.metadata.start, segment.metadata.records_count, segment.metadata.view_id) == (None, None, "v")
    assert segment.metadata.extra == {
        "start": "today",
        "records_count": True,
        "view": {"id": "v", "name": "n"},
        "new": [1],
    }
