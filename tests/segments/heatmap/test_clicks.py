"""The positions of clicks on a page, and which of them count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments import SegmentError
from rum_replay.segments.heatmap import Heatmap, heatmap_of

from .. import made
from ..recorded import FOLDERS, NAMES, segment_files

# Chromium itself turned the touch at (703, 189) into a click five pixels higher: the recording has both.
MOVED = {("browser-sdk-7.16.2-touch", "#ta"): (703, 184)}


def true_clicks(folder: Path, *, second: bool) -> list[dict[str, Any]]:
    """The clicks in one of the two views, as their driver logged them; the page was unscrolled whenever it clicked."""
    steps = json.loads((folder / "truth.json").read_bytes())
    left = next(index for index, step in enumerate(steps) if step["what"] == "nav")
    in_view = steps[left:] if second else steps[:left]
    return [step for step in in_view if step["what"] in ("click", "tap")]


def positions(heatmap: Heatmap) -> list[tuple[float, float]]:
    return [(click.x, click.y) for click in heatmap.clicks]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_clicks_are_where_they_were_made(folder: Path) -> None:
    recording = segments.open(segment_files(folder))
    for view, url in enumerate(("http://127.0.0.1:*/", "*/second")):
        true = true_clicks(folder, second=view == 1)
        heatmap = heatmap_of(recording, url=url)
        # The SDK writes whole pixels.
        expected = [MOVED.get((folder.name, step["sel"]), (int(step["x"]), int(step["y"]))) for step in true]
        assert positions(heatmap) == expected
        assert {(click.session_id, click.view_id) for click in heatmap.clicks} == {
            (recording.views[view].session_id, recording.views[view].id)
        }
        # The driver logged each click after it was over.
        assert all(0 <= step["t"] - click.time < 200 for step, click in zip(true, heatmap.clicks, strict=True))
        assert heatmap.left_out == {"on other pages": 15 - len(true)}


def scrolled(at: float, left: float, top: float) -> dict[str, Any]:
    return made.event(3, at, id=made.ROOT, x=left, y=top)


def press(at: float, x: float, y: float) -> list[dict[str, Any]]:
    return [made.event(2, at, type=kind, id=made.BUTTON, x=x, y=y) for kind in (1, 0)]


def test_clicks_by_keys_and_scripts_have_no_position() -> None:
    """Chromium writes 0, 0 for them, such as the click on the button of a form in which Enter is pressed."""
    keys = [made.click(at, x=0, y=0) for at in (20, 900)]
    heatmap = heatmap_of(
        made.page(*press(10, 10, 20), made.click(11), *keys, *press(950, 1, 0), made.click(951, x=0, y=0))
    )
    assert positions(heatmap) == [(10, 20), (0, 0)]
    assert heatmap.left_out == {"made by a key, a script or the browser, without a position": 2}


def test_the_click_that_chromium_adds_when_an_option_is_chosen_is_not_drawn() -> None:
    select = made.element(300, "select", made.element(301, "option"), id="fruit")
    chosen = [
        *press(10, 30, 40),
        made.click(11, 300, 30, 40),
        made.event(5, 900, id=300, text=""),
        made.click(903, 300, 5, 9),
    ]
    again = [*press(950, 30, 40), made.click(951, 300, 30, 40)]
    heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, select), *chosen, *again))
    assert positions(heatmap) == [(30, 40), (30, 40)]
    assert heatmap.left_out == {"made by a key, a script or the browser, without a position": 1}


def test_a_click_on_a_label_is_one_although_the_browser_passes_it_on_to_the_field() -> None:
    label = made.element(300, "label", made.element(301, "b"))
    passed_on = [made.click(at, made.BOX, 30, 40) for at in (12, 52)]
    recording = made.recording(
        made.meta(),
        made.snapshot(0, label),
        *press(10, 30, 40),
        made.click(11, 301, 30, 40),
        passed_on[0],
        *press(50, 30, 40),
        passed_on[1],
    )
    heatmap = heatmap_of(recording)
    assert [(click.time - made.START, click.selector) for click in heatmap.clicks] == [
        (11, "body > label"),
        (52, "#agree"),
    ]


def test_what_opens_below_a_pressed_mouse_is_not_what_was_clicked() -> None:
    cover = {"parentId": made.BODY, "nextId": None, "node": made.element(300, "div", id="cover")}
    moved = made.event(1, 40, positions=[{"x": 11, "y": 20, "id": 300, "timeOffset": 0}])
    down, up = press(10, 10, 20)
    opened = [down, made.mutation(20, adds=[cover]), moved, {**up, "timestamp": made.START + 60}]
    far = made.event(1, 50, positions=[{"x": 90, "y": 20, "id": 300, "timeOffset": 0}])
    for more, selector in (((), "#pay"), ((moved,), "#pay"), ((moved, far), "body")):
        recording = made.page(*opened, *more, made.click(70, made.BODY, 10, 20))
        assert [click.selector for click in heatmap_of(recording).clicks] == [selector], more


def test_without_presses_in_a_recording_every_click_with_a_position_counts_as_one_by_a_pointer() -> None:
    assert positions(heatmap_of(made.page(made.click(10), made.click(20, x=0, y=1)))) == [(10, 20), (0, 1)]
    assert positions(heatmap_of(made.page(made.click(10), made.click(20, x=0, y=0)))) == [(10, 20)]


def test_how_far_the_page_was_scrolled_is_added_to_the_position_of_a_click() -> None:
    recording = made.page(
        made.click(10), scrolled(20, 0, 600), made.click(30, x=1, y=2), scrolled(40, 7, 50), made.click(50)
    )
    assert positions(heatmap_of(recording)) == [(10, 20), (1, 602), (17, 70)]


def test_so_it_is_in_the_newer_format_and_for_a_page_that_began_scrolled() -> None:
    nodes = [1, [None, "#document"], [1, "HTML"], [1, "BODY"]]
    snapshot = made.record(2, 0, [nodes, [6, [0, 0, 300]]], format=1)
    recording = made.recording(made.meta(), snapshot, made.click(5), made.change(10, [6, [0, 0, 1000]]), made.click(20))
    assert positions(heatmap_of(recording)) == [(10, 320), (10, 1020)]


def test_how_far_the_element_that_was_clicked_is_scrolled_itself_does_not_move_a_click() -> None:
    recording = made.page(made.event(3, 10, id=made.BUTTON, x=0, y=500), made.click(20))
    assert positions(heatmap_of(recording)) == [(10, 20)]


def test_clicks_without_a_position_on_a_page_are_counted_by_reason() -> None:
    recording = made.recording(
        made.click(-10),
        made.meta(),
        made.click(-5),
        made.snapshot(),
        made.event(2, 10, type=2, id=made.BUTTON),
        made.click(20, x=1e300),
        made.click(30, x=-1),
        made.click(40, y=701),
        made.click(50, x=10, y=20),
        made.event(2, 60, type=1, id=made.BUTTON, x=5, y=5),
    )
    heatmap = heatmap_of(recording)
    assert positions(heatmap) == [(10, 20)]
    assert heatmap.left_out == {
        "made before the page or the size of its viewport is recorded": 2,
        "recorded without a position": 2,
        "outside the viewport": 2,
    }


@pytest.mark.parametrize(
    ("recording", "reason"),
    [
        (segments.open(b"{}"), "no view with a full snapshot"),
        (made.recording(made.meta(), made.click(5)), "no view with a full snapshot"),
        (made.recording(made.snapshot(), made.click(5)), "no view with a full snapshot"),
        (made.recording(made.meta(width=-5), made.snapshot(), made.click(5)), "no view with a full snapshot"),
        (made.recording(made.tap(0, "down"), made.tap(5, "up"), source="android"), "no view with a full snapshot"),
        (made.page(), "no clicks are recorded on 'http://shop/'"),
        (made.page(made.click(5, x=5000)), "no clicks are recorded on 'http://shop/'; 1 outside the viewport"),
    ],
    ids=["nothing", "no snapshot", "no viewport", "no such viewport", "mobile", "no clicks", "none inside"],
)
def test_if_there_is_nothing_to_show_the_error_says_why(recording: segments.Recording, reason: str) -> None:
    with pytest.raises(SegmentError, match="there is nothing to show") as error:
        heatmap_of(recording)
    assert reason in str(error.value)


def test_scroll_bars_are_not_part_of_the_layout() -> None:
    def layout(visual_width: float, scale: float = 1) -> float:
        visual = {"offsetLeft": 0, "offsetTop": 0, "pageLeft": 0, "pageTop": 0, "height": 700}
        record = made.record(8, 5, {**visual, "width": visual_width, "scale": scale})
        heatmap = heatmap_of(made.page(record, made.click(10), made.click(20, x=999)))
        assert len(heatmap.clicks) + heatmap.left_out.get("outside the part of the page that is shown", 0) == 2
        return heatmap.viewport.width

    assert layout(985) == 985
    assert layout(492.5, 2) == 985
    assert layout(1000) == 1000
    assert layout(1015) == 1015  # It is gone while something keeps the page from scrolling.
    assert layout(1041) == 1000
    assert layout(999.6) == 1000
    assert layout(999) == 999
    assert layout(960) == 960
    assert layout(959.6) == 960
    assert layout(959) == 1000  # no scroll bar is 41 pixels wide
    assert layout(1e300, 1e300) == 1000


def test_clicks_at_the_edge_are_shown_while_there_is_no_scroll_bar() -> None:
    visual = {"offsetLeft": 0, "offsetTop": 0, "pageLeft": 0, "pageTop": 0, "width": 1015, "height": 700, "scale": 1}
    heatmap = heatmap_of(made.page(made.record(8, 5, visual), made.click(10, x=1010)))
    assert [click.x for click in heatmap.clicks] == [1010]


def test_clicks_are_recorded_relative_to_what_is_visible_of_the_viewport() -> None:
    records = [made.enlarged(5, 250, 175), made.click(10, x=400, y=300), made.enlarged(15, 1e300, -5), made.click(20)]
    heatmap = heatmap_of(made.page(*records))
    assert [(click.x, click.y) for click in heatmap.clicks] == [(650, 475), (10, 20)]
