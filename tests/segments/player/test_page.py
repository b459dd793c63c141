"""The page as a file: its content, its size, and recordings that cannot be played."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
import tracemalloc
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.player import write_player

from .. import made
from ..recorded import FOLDERS, NAMES, segment_files


def unpacked(path: Path, name: str) -> list[Any]:
    """What is in the elements of a class, in order."""
    packed = re.findall(
        rf'<script type="text/plain" class="{name}">\n(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL
    )
    return [json.loads(gzip.decompress(b"".join(map(base64.b64decode, lines.split())))) for lines in packed]


def chunks_in(path: Path) -> list[list[dict[str, Any]]]:
    """The chunks of each timeline in a page."""
    chunks = map(chunk_of, unpacked(path, "recording"))
    timelines = [list(islice(chunks, len(timeline["chunks"]))) for timeline in index_in(path)["timelines"]]
    assert list(chunks) == []
    return timelines


def chunk_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The parts of a chunk."""
    first = events[0]["data"]
    if first.get("tag") != "base":
        return {"base": [], "began": {}, "events": events}
    return {"base": first["payload"]["events"], "began": first["payload"]["began"], "events": events[1:]}


def marks_in(path: Path) -> list[list[dict[str, Any]]]:
    """Our own events of each timeline in a page."""
    return unpacked(path, "marks")


def events_in(path: Path) -> list[list[dict[str, Any]]]:
    """The events of each timeline in a page."""
    return [
        sorted([*chain(*(chunk["events"] for chunk in chunks)), *marks], key=lambda event: event["timestamp"])
        for chunks, marks in zip(chunks_in(path), marks_in(path), strict=True)
    ]


def index_in(path: Path) -> dict[str, Any]:
    """The timelines and notes of a page."""
    match = re.search(
        r'<script type="application/json" id="index">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL
    )
    assert match is not None
    index: dict[str, Any] = json.loads(match.group(1))
    return index


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_the_same_recording_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    first = write_player(segments.open(segment_files(folder)), tmp_path / "first.html")
    second = write_player(segments.open(list(reversed(segment_files(folder)))), str(tmp_path / "second.html"))
    assert (first, second) == (tmp_path / "first.html", tmp_path / "second.html")
    assert first.read_bytes() == second.read_bytes()


def test_notes_count_images_and_fonts_that_style_sheets_load(tmp_path: Path) -> None:
    css = (
        "@font-face { font-family: A; src: url(a.woff2), url(a.woff); } a { background: url(a.png); }"
        "@font-face { font-family: B; src: url(data:font/woff2;base64,AA); } b { mask: url(data:image/png;base64,AA); }"
    )
    styles = [made.element(200, "style", _cssText=css), made.element(201, "style", _cssText=css)]
    hero = made.element(202, "p", style="background-image: url('/hero.jpg')")
    icon = {**made.element(203, "image", href="/a.svg"), "isSVG": True}
    recording = made.recording(made.meta(), made.snapshot(0, *styles, hero, icon), made.click(5))
    assert index_in(segments.write_player(recording, tmp_path / "x.html"))["notes"] == [
        "2 × images of style sheets, such as backgrounds, that come from a server and are not in the recording",
        "1 × fonts that come from a server and are not in the recording: texts may be wider or narrower",
        "1 × <image> whose content comes from a server and is not in the recording",
    ]


def test_notes_count_only_what_occurs(tmp_path: Path) -> None:
    text = {"type": 3, "id": 201, "textContent": "the value of a text area, which shows it anyway"}
    area = made.element(200, "textarea", text)
    path = write_player(made.recording(made.meta(), made.snapshot(0, area), made.click(10)), tmp_path / "replay.html")
    assert index_in(path)["notes"] == []


def test_scripts_run_only_by_their_hashes_and_nothing_may_be_loaded(tmp_path: Path) -> None:
    path = write_player(made.page(), tmp_path / "replay.html")
    page = path.read_text(encoding="utf-8")
    meta = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    assert meta is not None
    assert page.index(meta.group()) < page.index("<style") < page.index("<script")
    rules = dict(rule.strip().split(" ", 1) for rule in html.unescape(meta.group(1)).split(";"))
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert rules.pop("script-src").split() == [f"'sha256-{digest}'" for digest in hashes]
    assert len(scripts) == 9
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
        "media-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    known = r'type="text/plain" class="(?:recording|marks)"|type="application/json"'
    assert re.findall(rf"<script(?! (?:{known}))[^>]", page) == []
    assert not re.search(r"""(?:src|href)=["']?(?!data:)\w""", page[: page.index("<script")])


def test_titles_and_ids_cannot_end_the_elements_that_contain_them(tmp_path: Path) -> None:
    attack = "</title></script><script>alert(1)</script><!--"
    recording = made.page(session=attack, view=attack)
    page = write_player(recording, tmp_path / "replay.html", title=attack).read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert index_in(tmp_path / "replay.html")["timelines"][0]["session"] == attack


@pytest.mark.no_cover  # Coverage uses memory too.
def test_a_large_recording_becomes_a_small_page_in_little_memory(tmp_path: Path) -> None:
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
        ([made.tap(1, "down")], {"source": "android"}, "no full snapshot"),
        ([made.record(2, 0, {"node": 1})], {}, "no full snapshot"),
    ],
)
def test_a_recording_without_a_page_is_an_error_and_leaves_no_file(
    records: list[dict[str, Any]], metadata: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(segments.SegmentError, match=reason):
        write_player(made.recording(*records, **metadata), tmp_path / "replay.html")
    assert list(tmp_path.iterdir()) == []


def test_without_segments_there_is_nothing_to_play(tmp_path: Path) -> None:
    with pytest.raises(segments.SegmentError, match="no segments were found"):
        write_player(segments.open(b"{}"), tmp_path / "replay.html")


def test_an_existing_page_is_kept_if_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "replay.html"
    write_player(made.page(), path)
    before = path.read_bytes()
    with pytest.raises(segments.SegmentError):
        write_player(made.recording(made.click(1)), path)
    assert path.read_bytes() == before


def test_views_without_a_snapshot_are_omitted_and_noted(tmp_path: Path) -> None:
    recording = segments.open(
        [made.segment(made.click(5), view="none"), made.segment(made.meta(10), made.snapshot(10), view="whole")]
    )
    path = write_player(recording, tmp_path / "replay.html")
    assert "view none: it has no full snapshot" in " ".join(index_in(path)["notes"])
    first = next(event for event in events_in(path)[0] if event["type"] == 5)
    assert first["data"] == {"tag": "view", "payload": {"id": "whole", "url": "http://shop/"}}


def test_views_that_overlap_are_in_different_timelines(tmp_path: Path) -> None:
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
    assert sorted(shown) == [["a", "c"], ["b", "d"]]
    for events in events_in(path):
        times = [event["timestamp"] for event in events]
        assert times == sorted(times)


def test_records_with_earlier_times_keep_their_order(tmp_path: Path) -> None:
    recording = made.recording(
        made.meta(100),
        made.snapshot(100),
        made.typed(300, "first"),
        made.typed(200, "second"),
        made.typed(400, "third"),
    )
    (events,) = events_in(write_player(recording, tmp_path / "replay.html"))
    inputs = [event for event in events if event["type"] == 3 and event["data"]["source"] == 5]
    assert [event["data"]["text"] for event in inputs] == ["first", "second", "third"]
    assert [event["timestamp"] - made.START for event in inputs] == [300, 300, 400]


@pytest.mark.parametrize(("overlap", "timelines"), [(1_000, 1), (1_001, 2)])
def test_a_view_may_start_a_second_before_the_end_of_the_previous_one(
    overlap: int, timelines: int, tmp_path: Path
) -> None:
    second = 5_000 - overlap
    recording = segments.open(
        [
            made.segment(made.meta(), made.snapshot(), made.click(5_000), view="first"),
            made.segment(made.meta(second), made.snapshot(second), view="second"),
        ]
    )
    assert len(events_in(write_player(recording, tmp_path / "replay.html"))) == timelines


def test_a_timeline_ends_100_ms_after_its_last_event(tmp_path: Path) -> None:
    (events,) = events_in(write_player(made.page(made.click(700)), tmp_path / "replay.html"))
    assert events[-1] == {"type": 5, "timestamp": made.START + 800, "data": {"tag": "end", "payload": {}}}
    (timeline,) = index_in(tmp_path / "replay.html")["timelines"]
    assert (timeline["start"], timeline["end"]) == (made.START, made.START + 700)


@pytest.mark.parametrize("title", [None, ""])
def test_a_page_without_a_title_is_called_session_replay(title: str | None, tmp_path: Path) -> None:
    page = write_player(made.page(), tmp_path / "replay.html", title=title).read_text(encoding="utf-8")
    assert "<title>Session replay</title>" in page
    assert "<h1>Session replay</h1>" in page
