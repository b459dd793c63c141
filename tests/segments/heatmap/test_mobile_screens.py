"""Taps over the screens of mobile apps; all recordings here are made from the published schemas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rum_replay import InvalidRequestError, segments
from rum_replay.segments.dom import Size, page_at
from rum_replay.segments.heatmap import heatmap_of

from .. import made
from ..made import START, layer, record, screen, screen_change, segment, tap, wireframe, words

SIZE = record(4, 0, {"width": 360, "height": 640})
SCREEN = screen(
    0,
    wireframe(1, "shape", 0, 0, 360, 640, fill="#FFFFFF"),
    wireframe(2, "shape", 10, 100, 200, 50, fill="#00AA00", permanentId="pay"),
    words(3, "Pay now", 10, 100, 200, 50, permanentId="pay"),
    words(4, "xxxx xx", 10, 200, 200, 50),
    wireframe(5, "webview", 10, 300, 200, 50, slotId="7"),
)


def taps(at: float, x: float, y: float) -> list[dict[str, Any]]:
    return [tap(at, "down", x, y), tap(at + 50, "up", x, y)]


def test_taps_are_on_the_wireframe_that_was_there_when_the_finger_was_put_down() -> None:
    gone = screen_change(120, removes=[{"id": 3}])
    recording = made.phone(
        SCREEN, tap(100, "down", 50, 120), gone, tap(150, "up", 52, 120), *taps(200, 50, 120), *taps(300, 50, 220)
    )
    heatmap = heatmap_of(recording)
    assert [(click.x, click.y) for click in heatmap.clicks] == [(50, 120), (50, 120), (50, 220)]
    assert {(one.label, one.selector) for one in heatmap.elements} == {
        ("mobile-text “Pay now”", "#pay-text"),
        ("mobile-shape", "#pay-shape"),
        ("mobile-text (masked for privacy)", "#wireframe-4"),
    }
    assert (heatmap.width, heatmap.height, heatmap.is_mobile, heatmap.left_out) == (360, 640, True, {})


def test_touches_that_are_written_after_later_changes_are_on_what_was_there_before_these() -> None:
    """The SDK for iOS writes a snapshot of the screen, and then the touches since the one before."""
    late = {
        "follow": [{"type": "text", "id": 3, "text": "Following"}],
        "turn": [{"type": "text", "id": 3, "y": 300}, {"type": "text", "id": 4, "y": 120}],
    }
    recording = made.phone(
        SCREEN,
        *(screen_change(100, updates=late["follow"]), *taps(30, 50, 120)),
        *(screen_change(300, updates=late["turn"]), record(11, 300, {"source": 4, "width": 640, "height": 360})),
        *(tap(230, "down", 50, 120), tap(230, "up", 50, 120)),
        *taps(400, 50, 120),
    )
    (view,) = recording.views
    places = [(placed.position, (placed.record.timestamp or 0) - START) for placed in view.placed_records()]
    assert places[2:] == [(3, 30), (4, 80), (2, 100), (7, 230), (8, 230), (5, 300), (6, 300), (9, 400), (10, 450)]
    labels = [
        line.split("taps ")[1].split("  ")[0] for line in segments.timeline(recording).lines() if " taps " in line
    ]
    assert labels == [
        "mobile-text “Pay now”",
        "mobile-text “Following”",
        "mobile-text “#wireframe-4” (masked for privacy)",
    ]


def test_taps_are_where_they_were_whatever_a_visual_viewport_says() -> None:
    heatmap = heatmap_of(made.phone(SCREEN, made.enlarged(50, 90, 80), *taps(100, 50, 120)))
    assert [(click.x, click.y) for click in heatmap.clicks] == [(50, 120)]


def test_what_is_tapped_is_known_by_what_is_written_on_it() -> None:
    dimmed = wireframe(1, "shape", 0, 0, 360, 640, fill="#00000080")
    dialog = [wireframe(2, "shape", 50, 100, 200, 200, fill="#FFFFFF"), words(3, "Delete it?", 60, 110, 150, 30)]
    button = [wireframe(4, "shape", 60, 200, 150, 60, fill="#FF0000"), words(5, "Delete", 100, 215, 60, 30)]
    page = wireframe(90, "shape", 0, 400, 360, 200, fill="#EEEEEE")
    prose = [words(20 + number, f"Line {number}", 0, 410 + 20 * number, 300, 20) for number in range(4)]
    heatmap = heatmap_of(
        made.phone(
            screen(0, dimmed, *dialog, *button, page, *prose),
            *(*taps(100, 5, 5), *taps(1_000, 55, 290), *taps(2_000, 65, 205), *taps(3_000, 350, 590)),
        )
    )
    assert [(one.label, one.selector) for one in heatmap.elements] == [
        ("mobile-shape", "#wireframe-1"),
        ("mobile-shape “Delete it?”", "#wireframe-2"),
        ("mobile-shape “Delete”", "#wireframe-4"),
        ("mobile-shape", "#wireframe-90"),
    ]
    title = [wireframe(1, "shape", 0, 20, 360, 620, fill="#FFFFFF"), words(2, "Welcome", 20, 40, 100, 30)]
    background = heatmap_of(made.phone(screen(0, *title), *taps(100, 300, 600)))
    assert [one.label for one in background.elements] == ["mobile-shape"]
    empty = heatmap_of(made.phone(screen(0, words(1, "xxxx", 20, 20, 50, 20)), *taps(100, 5, 5)))
    assert [one.label for one in empty.elements] == ["the screen, where nothing is drawn"]
    masked = [wireframe(1, "shape", 0, 0, 90, 60, fill="#FF0000"), words(2, "xxxx xx", 20, 20, 50, 20)]
    hidden = heatmap_of(made.phone(screen(0, *masked), *taps(100, 5, 5)))
    assert [one.label for one in hidden.elements] == ["mobile-shape (masked for privacy)"]


def test_a_screen_whose_size_was_lost_is_as_large_as_its_background() -> None:
    bar, background = (wireframe(1, "shape", 0, 0, 360, height, fill="#EEEEEE") for height in (24, 640))
    card = wireframe(2, "shape", 20, 100, 300, 80, fill="#FFFFFF")
    root = layer(9, 0, 0, 400, 700, 1, 2)
    for shown, layers, size in ([background, card], None, (360, 640)), ([bar, card], [root], (400, 700)):
        lost = made.recording(screen(0, *shown, layers=layers), *taps(100, 25, 110), source="android")
        heatmap = heatmap_of(lost)
        assert (heatmap.width, heatmap.height, len(heatmap.clicks)) == (*size, 1)
        assumed = {"a screen of unknown size, which is taken to be that of its background": 1}
        assert page_at(lost.views[0]).problems == assumed
    below = wireframe(1, "shape", 0, 9, 360, 640, fill="#EEEEEE")
    for first in (bar, below):
        assert page_at(made.recording(screen(0, first, card), source="android").views[0]).viewport is None


def test_a_background_is_as_large_as_what_can_be_seen_of_it() -> None:
    """Android leaves out what a long page covers, and iOS begins with the web views that are not on the screen."""
    kept = wireframe(7, "webview", 0, 0, 0, 0, slotId="7", isVisible=False)
    scrolled = wireframe(1, "shape", 0, -200, 360, 3000, fill="#FFFFFFFF", clip={"top": 200, "bottom": 2160})
    above = wireframe(2, "shape", 20, -90, 300, 80, fill="#EEEEEEFF", clip={"top": 80})
    for behind in (scrolled, wireframe(1, "shape", 0, 0, 360, 640, fill="#FFFFFFFF")):
        page = page_at(made.recording(screen(0, kept, behind, above), source="ios").views[0])
        assert page.viewport == Size(360, 640)


def test_a_bar_above_all_else_is_no_background() -> None:
    bar, below = wireframe(1, "shape", 0, 0, 360, 56, fill="#EEEEEEFF"), words(2, "Loading", 130, 300, 100, 20)
    assert page_at(made.recording(screen(0, bar, below), source="android").views[0]).viewport is None


def test_swipes_and_clicks_in_web_views_are_not_taps_of_their_own() -> None:
    web = [{**one, "slotId": "7"} for one in (made.meta(10), made.snapshot(20), made.click(260))]
    swipe = [tap(100, "down", 50, 120), tap(120, "move", 50, 320), tap(150, "up", 50, 120)]
    heatmap = heatmap_of(made.phone(SCREEN, *web[:2], *swipe, *taps(200, 50, 310), web[2]))
    assert [(one.label, one.clicks) for one in heatmap.elements] == [("mobile-web-view", 1)]
    assert "srcdoc" in heatmap.markup


def test_positions_alone_count_once_the_view_ends() -> None:
    touch = record(11, 100, {"source": 2, "positions": [{"id": 1, "x": 50, "y": 120, "timestamp": START + 100}]})
    assert len(heatmap_of(made.phone(SCREEN, touch)).clicks) == 1
    assert len(heatmap_of(made.phone(SCREEN, touch, *taps(900, 50, 120))).clicks) == 2


def test_each_view_is_a_page_known_by_its_id(tmp_path: Path) -> None:
    first = segment(SIZE, SCREEN, *taps(100, 50, 120), source="ios", view="one")
    second = segment(SIZE, SCREEN, *taps(500, 50, 220), *taps(600, 50, 220), source="ios", view="two")
    recording = segments.open(first + second)
    most = heatmap_of(recording)
    assert (most.url, most.pattern, len(most.clicks)) == ("view:two", "view:two", 2)
    assert most.left_out == {"on other pages": 1}
    for chosen in (heatmap_of(recording, url="view:one"), heatmap_of(segments.open(first), at=START + 120)):
        assert (chosen.url, len(chosen.clicks)) == ("view:one", 1)
    assert len(heatmap_of(recording, url="view:*").clicks) == 3
    with pytest.raises(InvalidRequestError, match=r"no page matches 'view:x'; there are: view:one, view:two"):
        heatmap_of(recording, url="view:x")
    content = most.write_html(tmp_path / "heat.html").read_text()
    assert "made from the published schemas, never seen with a recording of an app" in content
    page = heatmap_of(made.page(made.click(5)))
    assert (page.is_mobile, "Mobile app" in page.write_html(tmp_path / "web.html").read_text()) == (False, False)


def test_a_turned_phone_has_another_layout() -> None:
    turned = record(11, 300, {"source": 4, "width": 640, "height": 360})
    heatmap = heatmap_of(made.phone(SCREEN, *taps(100, 50, 120), *taps(200, 50, 120), turned, *taps(400, 600, 300)))
    assert (heatmap.width, len(heatmap.clicks)) == (360, 2)
    assert heatmap.left_out == {"in viewports more than 20 px wider or narrower": 1}
