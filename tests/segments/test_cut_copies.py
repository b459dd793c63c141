"""A download that was broken off and repeated leaves cut copies of segments; each segment counts once."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from rum_replay import segments

from .made import click, event, meta, segment, snapshot
from .recorded import FOLDERS, uploads

FIRST = segment(meta(), snapshot(), click(500))
SECOND = segment(*(click(1000 + number, x=number) for number in range(40)), index_in_view=1)
# Of the second segment: before its metadata, within it before and after the id of the view, and within its records.
CUTS = [SECOND.index(part) for part in (b', "start"', b'"view": {', b'"index_in_view"', b'"application"')]
CUTS += [SECOND.index(b"}}]"), SECOND.index(b'"x": 30,'), SECOND.index(b'"x": 1,'), SECOND.index(b'"x": 0,'), 30]
LINE = "view view: cut copies of segments that are there do not count: 1"


@pytest.mark.parametrize("pack", [bytes, zlib.compress, gzip.compress], ids=["json", "zlib", "gzip"])
@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize("at", CUTS)
def test_a_cut_copy_beside_its_whole_is_no_view_and_counts_once(
    at: int, is_before: bool, pack: Callable[[bytes], bytes]
) -> None:
    cut, whole = flushed(SECOND[:at]) if pack is not bytes else SECOND[:at], pack(SECOND)
    recording = segments.open([pack(FIRST), cut, whole] if is_before else [pack(FIRST), whole, cut])
    (view,) = recording.views
    assert (recording.count, len(view.segments)) == (43, 2)
    assert [one.complete for one in view.segments] == [True, True]
    assert [one.record for one in view.placed_records() if one.gap is not None] == []
    (of_view,) = recording.report.views
    assert (of_view.truncated, of_view.without_index, of_view.duplicates, of_view.conflicts) == (0, 0, (), ())
    holds_records = at > SECOND.index(b"}}")
    assert of_view.cut_copies == ((1,) if holds_records else ())
    assert (LINE in recording.report.problems) is holds_records
    assert recording.unreadable_count > 0
    assert segments.summarize(recording).problems == recording.report.problems


def flushed(content: bytes) -> bytes:
    """Compressed data that was cut after some content, and begins as the whole does."""
    packer = zlib.compressobj()
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH) + b"\x00"


@pytest.mark.parametrize("max_held", [0, 1 << 20])
def test_cut_uploads_of_recordings_are_found_at_any_place(max_held: int) -> None:
    chance = random.Random(1)
    whole = uploads(FOLDERS[3])
    cuts = [one[: chance.randrange(len(one) // 2, len(one) - 4)] for one in whole for _ in range(3)]
    sources = [*whole, *cuts]
    chance.shuffle(sources)
    recording = segments.open(sources, limits=segments.Limits(max_held=max_held))
    expected = segments.open(whole)
    assert [view.id for view in recording.views] == [view.id for view in expected.views]
    assert list(map(list, map(segments.View.raw_records, recording.views))) == list(
        map(list, map(segments.View.raw_records, expected.views))
    )
    assert [view.cut_copies != () for view in recording.report.views] == [True] * len(expected.views)


def test_of_several_cut_copies_without_a_whole_the_longest_counts() -> None:
    ends = [SECOND.index(b'"x": %d,' % number) for number in (10, 30, 20, 30)]
    recording = segments.open([SECOND[:end] for end in ends])
    (view,) = recording.views
    assert (view.id, recording.count, len(view.duplicates)) == (None, 30, 3)
    (problem,) = [one for one in recording.report.problems if "cut copies" in one]
    assert problem == "view (no id): cut copies of segments that are there do not count: without an index"


# What is cut and no beginning of the second segment.
OTHERS = [
    segment(click(1000, x=0), click(1001, x=7), click(9)),
    segment(click(1001, x=1), click(1002, x=2), click(9)),
    segment(*(click(1000 + number, x=number) for number in range(40)), click(2000), click(9)),
    segment(event(1, 1000, positions=[]), click(9)),
]


@pytest.mark.parametrize("other", OTHERS, ids=["differs", "begins later", "longer", "another"])
def test_a_cut_segment_that_no_other_begins_with_is_a_view_of_its_own(other: bytes) -> None:
    recording = segments.open([FIRST, SECOND, other[: other.rindex(b'{"type": 3')]])
    assert [view.id for view in recording.views if view.id != "view"] == [None]
    assert all(view.cut_copies == () for view in recording.report.views)


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_short_copy_in_a_file_of_its_own_does_not_count_either(is_packed: bool, tmp_path: Path) -> None:
    """Commands work session by session, and a copy that is cut early names none."""
    whole = segment(click(1000), click(2000), index_in_view=1)
    cut = whole[: whole.index(json.dumps(click(2000)).encode()) + 20]
    assert len(cut) < 200
    pack, packed_cut = (zlib.compress, flushed(cut)) if is_packed else (bytes, cut)
    for name, content in (("0", pack(FIRST)), ("1", pack(whole)), ("1-again", packed_cut)):
        (tmp_path / name).write_bytes(content)
    expected = segments.summarize(segments.open(tmp_path))
    assert [view.view_id for view in expected.views] == ["view"]
    assert segments.summarize(tmp_path) == expected


def test_of_a_cut_and_a_whole_segment_with_one_index_and_equal_records_the_whole_one_counts() -> None:
    whole = segment(click(1), index_in_view=1)
    cut = whole[:-2] + b', "more": "'  # after its metadata
    assert segments.open(cut).views[0].id == "view"
    for sources in ([cut, whole], [whole, cut]):
        (view,) = segments.open([FIRST, *sources]).report.views
        assert (view.truncated, view.cut_copies, view.duplicates, view.conflicts) == (0, (1,), (), ())


def test_looking_for_copies_reads_each_segment_once_more_at_most() -> None:
    # This would not end if each cut segment were compared with each whole one.
    wholes = [segment(*(click(at) for at in range(50)), index_in_view=index) for index in range(300)]
    cuts = [wholes[0][: wholes[0].index(b'"timestamp": %d' % (1_795_230_000_000 + at))] for at in range(2, 50)] * 20
    recording = segments.open(wholes + cuts, limits=segments.Limits(max_held=0))
    assert [len(view.segments) for view in recording.views] == [300]
