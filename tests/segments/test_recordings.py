"""The content of the recordings equals their metadata and the log of the driver that made them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from rum_replay import segments
from rum_replay.segments.records import MouseInteractionData

from .recorded import FOLDERS, NAMES, events, segment_files, uploads, values


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_counts_and_metadata_equal_those_uploaded_with_the_segments(folder: Path) -> None:
    for segment, event in zip(segments.read(segment_files(folder)), events(folder), strict=True):
        metadata = segment.metadata
        assert segment.count == metadata.records_count == event["records_count"] == len(list(segment.records()))
        assert (metadata.application_id, metadata.session_id, metadata.view_id) == (
            event["application"]["id"],
            event["session"]["id"],
            event["view"]["id"],
        )
        for name in ("start", "end", "index_in_view", "has_full_snapshot", "creation_reason", "source"):
            assert getattr(metadata, name) == event[name]
        assert metadata.extra == {}
        assert segment.complete


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_clicks_equal_those_of_the_driver(folder: Path) -> None:
    steps = [step for step in json.loads((folder / "truth.json").read_bytes()) if step["what"] in ("click", "tap")]
    recording = segments.open(segment_files(folder))
    clicks = [
        record
        for record in recording.records()
        if isinstance(record, segments.IncrementalSnapshotRecord)
        and isinstance(record.data, MouseInteractionData)
        and record.data.type == 2
    ]
    assert len(clicks) == len(steps) == 15
    # Chromium adjusts the position of a tap to the likely target.
    tolerance = 8 if folder.name.endswith("touch") else 1
    for click, step in zip(clicks, steps, strict=True):
        assert isinstance(click.data, MouseInteractionData)
        assert click.data.x == pytest.approx(step["x"], abs=tolerance)
        assert click.data.y == pytest.approx(step["y"], abs=tolerance)
        assert 0 <= step["t"] - click.timestamp < 500


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_every_record_has_a_class_and_there_are_no_problems(folder: Path) -> None:
    recording = segments.open(segment_files(folder))
    assert recording.report.problems == ()
    first, *_ = recording.report.views
    assert (first.begins_with_snapshot, first.has_end) == (True, True)
    by_type = Counter(record.type for record in recording.records())
    assert by_type == Counter(value["type"] for value in values(folder))
    assert [record.timestamp for record in recording.records()] == [value["timestamp"] for value in values(folder)]


def test_segments_in_any_order_give_views_in_order() -> None:
    for folder in FOLDERS:
        recording = segments.open(list(reversed(uploads(folder))))
        assert [json.loads(raw) for view in recording.views for raw in view.raw_records()] == values(folder)
        assert [view.start for view in recording.views] == sorted(view.start or 0 for view in recording.views)


def test_several_recordings_can_be_opened_together() -> None:
    recording = segments.open([segment_files(folder) for folder in FOLDERS])
    assert len(recording.views) == 2 * len(FOLDERS)
    assert len({view.session_id for view in recording.views}) == len(FOLDERS)
    assert recording.count == sum(len(values(folder)) for folder in FOLDERS)
    assert recording.report.problems == ()
