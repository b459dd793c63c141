"""The page as a file: what is in it, how large it is, and when there is none."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.player import write_player

from .. import made
from ..recorded import FOLDERS, NAMES, segment_files


def events_in(path: Path) -> list[list[dict[str, Any]]]:
    """The events of each timeline in a page."""
    packed = re.findall(r'<script type="text/plain" class="recording">\n(.*?)</script>', path.read_text(), re.DOTALL)
    return [json.loads(gzip.decompress(b"".join(map(base64.b64decode, one.split())))) for one in packed]


def index_in(path: Path) -> dict[str, Any]:
    """What the page knows of its timelines, and its notes."""
    found = re.search(r'<script type="application/json" id="index">(.*?)</script>', path.read_text(), re.DOTALL)
    assert found is not None
    index: dict[str, Any] = json.loads(found.group(1))
    return index


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_the_same_recording_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    one = write_player(segments.open(segment_files(folder)), tmp_path / "one.html")
    other = write_player(segments.open(list(reversed(segment_files(folder)))), tmp_path / "other.html")
    assert one == tmp_path / "one.html"
    assert one.read_bytes() == other.read_bytes()


def test_scripts_run_by_their_sums_alone_and_nothing_may_be_loaded(tmp_path: Path) -> None:
    path = write_player(made.page(), tmp_path / "replay.html")
    page = path.read_text(encoding="utf-8")
    meta = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert meta is not None
    assert page.index(meta.group()) < page.index("<style") < page.index("<script")
    rules = dict(rule.strip().split(" ", 1) for rule in html.unescape(meta.group(1)).split(";"))
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    sums = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert rules.pop("script-src").split() == [f"'sha256-{one}'" for one in sums]
    assert len(scripts) == 4
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
        "media-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert re.findall(r'<script(?! type="text/plain" class="recording"| type="application/json")[^>]', page) == []
    assert not re.search(r"""(?:src|href)=["']?(?!data:)\w""", page[: page.index("<script")])


def test_titles_and_ids_cannot_end_the_elements_that_they_stand_in(tmp_path: Path) -> None:
    attack = "</title></script><script>alert(1)</script><!--"
    recording = made.page(session=attack, view=attack)
    page = write_player(recording, tmp_path / "replay.html", title=attack).read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert index_in(tmp_path / "replay.html")["timelines"][0]["session"] == attack


@pytest.mark.no_cover  # Tracing takes memory too.
def test_a_large_recording_makes_a_small_page_in_little_memory(tmp_path: Path) -> None:
    text = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(20))
    rows = [made.mutation(n, texts=[{"id": 100, "value": f"{n} {text}"}]) for n in range(6_000)]
    source = tmp_path / "segments"
    source.mkdir()
    for index in range(3):
        records = rows[index * 2_000 : (index + 1) * 2_000]
        first = [made.meta(), made.snapshot()] if index == 0 else []
        content = made.segment(*first, *records, index_in_view=index)
        (source / f"{index}.json").write_bytes(content)
    size = sum(path.stat().st_size for path in source.iterdir())
    assert size > 8_000_000
    recording = segments.open(source, limits=segments.Limits(max_held=0))
    tracemalloc.start()
    path = write_player(recording, tmp_path / "replay.html")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size / 2
    assert path.stat().st_size < size / 8
    assert len(events_in(path)[0]) > 6_000


@pytest.mark.parametrize(
    ("records", "metadata", "reason"),
    [
        ([made.click(1)], {}, "no full snapshot"),
        ([made.tap(1, "down")], {"source": "android"}, "recorded by android and holds no web page"),
        ([made.record(2, 0, {"node": 1})], {}, "no full snapshot"),
    ],
)
def test_a_recording_without_a_page_is_refused_and_leaves_nothing(
    records: list[dict[str, Any]], metadata: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(segments.SegmentError, match=reason):
        write_player(made.recording(*records, **metadata), tmp_path / "replay.html")
    assert list(tmp_path.iterdir()) == []


def test_without_segments_there_is_nothing_to_play(tmp_path: Path) -> None:
    with pytest.raises(segments.SegmentError, match="no segments were found"):
        write_player(segments.open(b"{}"), tmp_path / "replay.html")


def test_a_page_that_was_there_stays_where_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "replay.html"
    write_player(made.page(), path)
    before = path.read_bytes()
    with pytest.raises(segments.SegmentError):
        write_player(made.recording(made.click(1)), path)
    assert path.read_bytes() == before


def test_views_without_a_snapshot_are_left_out_and_noted(tmp_path: Path) -> None:
    recording = segments.open(
        [made.segment(made.click(5), view="none"), made.segment(made.meta(10), made.snapshot(10), view="whole")]
    )
    path = write_player(recording, tmp_path / "replay.html")
    assert "view none: it has no full snapshot" in " ".join(index_in(path)["notes"])
    first = next(event for event in events_in(path)[0] if event["type"] == 5)
    assert first["data"] == {"tag": "view", "payload": {"id": "whole", "url": "http://shop/"}}


def test_views_that_overlap_are_in_timelines_of_their_own(tmp_path: Path) -> None:
    def view(name: str, start: int, end: int) -> bytes:
        return made.segment(made.meta(start), made.snapshot(start), made.click(end), view=name)

    recording = segments.open(
        [view("a", 0, 5_000), view("b", 1_000, 9_000), view("c", 4_500, 6_000), view("d", 9_000, 9_500)]
    )
    path = write_player(recording, tmp_path / "replay.html")
    shown = [
        [event["data"]["payload"]["id"] for event in events if event["type"] == 5 and event["data"]["tag"] == "view"]
        for events in events_in(path)
    ]
    assert sorted(shown) == [["a", "c", "d"], ["b"]]
    for events in events_in(path):
        times = [event["timestamp"] for event in events]
        assert times == sorted(times)


def test_times_that_go_backwards_keep_the_order_of_the_records(tmp_path: Path) -> None:
    recording = made.recording(
        made.meta(100),
        made.snapshot(100),
        made.typed(300, "first"),
        made.typed(200, "second"),
        made.typed(400, "third"),
    )
    (events,) = events_in(write_player(recording, tmp_path / "replay.html"))
    inputs = [event for event in events if event["type"] == 3 and event["data"]["source"] == 5]
    assert [one["data"]["text"] for one in inputs] == ["first", "second", "third"]
    assert [one["timestamp"] - made.START for one in inputs] == [300, 300, 400]
