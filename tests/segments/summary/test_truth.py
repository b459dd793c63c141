"""The summaries of the recordings agree with the actions of their driver."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import pytest
from rum_replay import segments
from rum_replay.segments.summary import Summary, summarize

from ..recorded import FOLDERS, NAMES, events, segment_files, values


@attrs.frozen
class Numbers:
    """The expected numbers of a recording."""

    records: int
    size: int
    uploaded: int
    duration: int
    active: int
    clicks: int
    key_inputs: int
    selections: int
    scrolls: int
    resizes: int
    depth: int
    """Scroll depth of the first view."""

    rage: int
    dead: int
    frustrations: dict[str, int]


RECORDED = {"rage_click": 1, "dead_click": 3, "error_click": 1}
EXPECTED = {
    "browser-sdk-5.35.1-allow": Numbers(137, 33952, 8788, 19437, 9759, 15, 11, 3, 3, 1, 1300, 1, 3, RECORDED),
    "browser-sdk-6.33.0-allow": Numbers(130, 32856, 8424, 13330, 9751, 15, 11, 3, 3, 1, 1300, 1, 3, {}),
    "browser-sdk-7.0.0-allow": Numbers(133, 21650, 7867, 13531, 9935, 15, 11, 3, 3, 1, 1300, 1, 3, {}),
    "browser-sdk-7.9.0-allow": Numbers(131, 21388, 7852, 13308, 9725, 15, 11, 3, 3, 1, 1300, 1, 3, {}),
    "browser-sdk-7.16.2-allow": Numbers(129, 21383, 7905, 13424, 9833, 15, 11, 3, 3, 1, 1300, 1, 3, {}),
    "browser-sdk-7.16.2-canvas": Numbers(132, 21781, 8081, 13454, 9861, 15, 11, 3, 3, 1, 1300, 1, 3, {}),
    "browser-sdk-7.16.2-touch": Numbers(144, 22874, 7989, 11758, 7999, 15, 11, 3, 0, 0, 700, 1, 3, {}),
}


@pytest.fixture(scope="module")
def summaries() -> dict[str, Summary]:
    # With the metadata, which alone states sizes as uploaded.
    return {folder.name: summarize(segments.open(sorted(folder.glob("seg-*")))) for folder in FOLDERS}


def truth(folder: Path, what: str) -> list[dict[str, Any]]:
    """The steps of one kind, as the driver logged them."""
    return [step for step in json.loads((folder / "truth.json").read_bytes()) if step["what"] == what]


@pytest.mark.parametrize("name", NAMES)
def test_each_number_of_each_recording(summaries: dict[str, Summary], name: str) -> None:
    (session,) = summaries[name].sessions
    assert (
        Numbers(
            records=session.records,
            size=session.size,
            uploaded=session.compressed_size or 0,
            duration=int(session.duration or 0),
            active=int(session.active_time),
            clicks=session.clicks,
            key_inputs=session.key_inputs,
            selections=session.selections,
            scrolls=session.scrolls,
            resizes=session.resizes,
            depth=int(session.views[0].scroll_depth or 0),
            rage=session.rage_clicks,
            dead=session.dead_clicks,
            frustrations=session.frustrations,
        )
        == EXPECTED[name]
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_counts_follow_from_the_actions(summaries: dict[str, Summary], folder: Path) -> None:
    (session,) = summaries[folder.name].sessions
    assert session.clicks == len(truth(folder, "click"))
    # Each character is a key input; of the password field only *** is recorded, so it counts once.
    text_of = {step["sel"]: step["text"] for step in truth(folder, "type")}
    assert session.key_inputs == sum(1 if field == "#pw" else len(text) for field, text in text_of.items())
    chosen = [step for step in truth(folder, "click") if step["sel"] in ("#cb", "#r2")]
    assert session.selections == len(chosen) + len(truth(folder, "select"))
    assert session.resizes == len(truth(folder, "resize"))
    assert len(session.views) == 1 + len(truth(folder, "nav"))
    assert (session.scrolls > 0) == bool(truth(folder, "wheel"))


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_each_view_covers_the_actions_before_or_after_navigation(summaries: dict[str, Summary], folder: Path) -> None:
    first, second = summaries[folder.name].views
    (navigation,) = truth(folder, "nav")
    before = [step["t"] < navigation["t"] for step in truth(folder, "click")]
    assert (first.clicks, second.clicks) == (before.count(True), before.count(False))
    assert (first.key_inputs, second.key_inputs) == (11, 0)
    root = truth(folder, "page-loaded")[0]["url"]
    assert first.pages == (root,)
    assert second.pages[0].startswith(f"{root}second")


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_viewport_and_depth_are_those_of_the_window(summaries: dict[str, Summary], folder: Path) -> None:
    first, second = summaries[folder.name].views
    assert first.viewport is not None
    assert f"{first.viewport.width}x{first.viewport.height}" == "1000x700"
    wheeled = sum(step["dy"] for step in truth(folder, "wheel"))
    assert first.scroll_depth == wheeled + first.viewport.height
    for resized in truth(folder, "resize"):
        assert second.viewport is not None
        assert (second.viewport.width, second.viewport.height) == (resized["width"], resized["height"])
        assert second.scroll_depth == resized["height"]
    assert first.document_height is None
    assert first.scroll_share is None


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_rage_and_dead_clicks_are_those_on_buttons_that_do_nothing(summaries: dict[str, Summary], folder: Path) -> None:
    first, second = summaries[folder.name].views
    clicks = truth(folder, "click")
    rage = [step for step in clicks if step.get("rage")]
    (found,) = [signal for signal in first.signals if signal.kind == "rage_click"]
    assert found.clicks == len(rage) == 5
    assert 0 <= rage[0]["t"] - found.first.time < 100
    # All clicks of the rage click are one dead click.
    dead = [rage[0]["t"], *(step["t"] for step in clicks if step["sel"] in ("#dead", "#boom"))]
    found_dead = [signal.first.time for signal in first.signals if signal.kind == "dead_click"]
    assert found_dead == pytest.approx(dead, abs=100, rel=0)
    assert second.signals == ()


def test_they_agree_with_the_frustration_that_the_sdk_recorded(summaries: dict[str, Summary]) -> None:
    recorded = {name: summary for name, summary in summaries.items() if any(v.frustrations for v in summary.views)}
    assert list(recorded) == ["browser-sdk-5.35.1-allow"]
    for summary in recorded.values():
        for view in summary.views:
            counted = Counter(signal.kind for signal in view.signals)
            assert counted == {kind: n for kind, n in view.frustrations.items() if kind != "error_click"}


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_sizes_and_times_are_those_stated_beside_the_segments(summaries: dict[str, Summary], folder: Path) -> None:
    (session,) = summaries[folder.name].sessions
    stated = events(folder)
    assert session.compressed_size == sum(event["compressed_segment_size"] for event in stated)
    # The size that the SDK states includes the line feed after the object.
    assert session.size == sum(event["raw_segment_size"] - 1 for event in stated)
    assert (session.start, session.end) == (min(e["start"] for e in stated), max(e["end"] for e in stated))
    assert session.segments == len(segment_files(folder))
    assert session.records == len(values(folder))
    assert (session.session_id, session.application_id) == (
        stated[0]["session"]["id"],
        stated[0]["application"]["id"],
    )
    assert session.problems == ()


def test_all_versions_of_the_sdk_give_the_same_numbers_for_the_same_actions(summaries: dict[str, Summary]) -> None:
    numbers = {
        (session.clicks, session.key_inputs, session.selections, session.rage_clicks, session.dead_clicks)
        for summary in summaries.values()
        for session in summary.sessions
    }
    assert numbers == {(15, 11, 3, 1, 3)}
