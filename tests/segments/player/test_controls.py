"""The controls of the player: seeking, playing, skipping and choosing, with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rum_replay import segments
from rum_replay.segments.player import write_player

from .. import made
from ..recorded import FOLDERS, segment_files
from .replay_page import ReplayPage

OpenPage = Callable[[Path], ReplayPage]


@pytest.fixture
def page(tmp_path: Path, open_page: OpenPage) -> ReplayPage:
    """A page of 3,000 pixels that is scrolled; then, after a minute without activity, input and a second view."""
    tall = made.element(50, "div", style="height:3000px")
    box = made.element(
        51,
        "div",
        made.element(52, "p", style="height:900px"),
        id="box",
        style="height:99px;overflow:auto;scroll-behavior:smooth",
    )
    first = made.segment(
        made.meta(0, href="http://shop/first?a=b"),
        made.snapshot(0, box, tall),
        made.event(3, 1_000, id=made.ROOT, x=0, y=1_500),
        made.event(3, 1_500, id=51, x=0, y=300),
        made.event(4, 2_000, width=600, height=400),
        made.click(2_500),
        made.event(3, 3_000, id=made.ROOT, x=0, y=700),
        made.typed(60_000, "A"),
        made.typed(60_500, "Ad"),
        made.event(3, 63_000, id=made.ROOT, x=0, y=2_000),
    )
    second = made.segment(
        made.meta(65_000, 800, 600, "http://shop/second"),
        made.snapshot(65_000, made.element(60, "h1", id="second")),
        made.click(66_000),
        view="two",
    )
    recording = segments.open([first, second])
    return open_page(write_player(recording, tmp_path / "replay.html", title="<b>Checkout & pay</b>"))


def scroll(page: ReplayPage) -> tuple[int, int]:
    """The vertical scroll positions of the document and of the box in it."""
    top, box = page.in_frame("page => [page.defaultView.scrollY, page.querySelector('#box').scrollTop]")
    return top, box


def test_seeking_restores_the_scroll_of_the_document_and_of_elements(page: ReplayPage) -> None:
    for offset, expected in (
        (64_900, (2_000, 300)),
        (500, (0, 0)),
        (2_200, (1_500, 300)),
        (3_000, (700, 300)),
        (1_000, (1_500, 0)),
        (63_000, (2_000, 300)),
    ):
        page.seek(offset)
        assert scroll(page) == expected, offset
    page.seek(page.total)
    assert page.in_frame("page => page.defaultView.scrollY") == 0


def test_a_scroll_position_recorded_before_the_page_was_long_enough_is_restored(
    tmp_path: Path, open_page: OpenPage
) -> None:
    tall = {"node": made.element(50, "div", style="height:3000px"), "parentId": made.BODY, "nextId": None}
    box = {
        "node": made.element(51, "div", id="box", style="height:99px;overflow:auto"),
        "parentId": made.BODY,
        "nextId": None,
    }
    row = {"node": made.element(52, "p", style="height:900px"), "parentId": 51, "nextId": None}
    # SDKs record mutations with a delay, but not scrolling.
    recording = made.page(
        made.mutation(50, adds=[box]),
        made.event(3, 100, id=made.ROOT, x=0, y=1_500),
        made.event(3, 100, id=51, x=0, y=300),
        made.mutation(110, adds=[row]),
        made.mutation(120, adds=[tall]),
        made.click(500),
    )
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    page.page.keyboard.press("Space")
    page.page.wait_for_function("() => document.getElementById('position').value >= 300")
    assert scroll(page) == (1_500, 300)  # also while it plays
    page.page.get_by_label("Play", exact=True).wait_for()
    page.seek(0)
    page.seek(page.total)
    assert scroll(page) == (1_500, 300)


def test_what_is_added_while_a_list_scrolls_smoothly_does_not_move_it(tmp_path: Path, open_page: OpenPage) -> None:
    style = "height:200px;overflow:auto;display:flex;flex-direction:column-reverse"
    rows = [made.element(number, "p", style="flex:none;height:50px") for number in range(52, 80)]
    chat = {"node": made.element(51, "div", *rows, id="box", style=style), "parentId": made.BODY, "nextId": None}
    older = {"node": made.element(90, "p", style="flex:none;height:50px"), "parentId": 51, "nextId": None}
    recording = made.page(
        *(made.mutation(50, adds=[chat]), made.event(3, 100, id=51, x=0, y=-400)),
        *(made.mutation(200, adds=[older]), made.click(1_200)),
    )
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    page.page.keyboard.press("Space")
    page.page.get_by_label("Play", exact=True).wait_for()
    assert scroll(page) == (0, -400)


def test_seeking_shows_each_view_in_its_own_viewport(page: ReplayPage) -> None:
    sizes = {1_999: (1000, 700), 2_000: (600, 400), 65_000: (800, 600), 0: (1000, 700)}
    for offset, size in sizes.items():
        page.seek(offset)
        assert page.screenshot().size == size, offset
        assert page.in_frame("page => page.querySelectorAll('#second').length") == (offset >= 65_000)


def test_marks_seek_to_their_time(page: ReplayPage) -> None:
    assert page.marks("view") == ["/first?a=b", "/second"]
    assert page.marks("click") == ["click button “Pay”"] * 2
    assert page.marks("input") == ["input #name"]
    page.page.locator("nav button:has(.dot.input)").click()
    assert page.position == 60_000
    assert page.in_frame("page => page.querySelector('#name').value") == "A"
    page.page.locator("nav button", has_text="/second").click()
    assert page.position == 65_000
    assert page.page.locator("#address").inner_text() == "http://shop/second"
    assert page.page.locator("nav [aria-current]").inner_text().split() == ["1:05", "/second"]


def test_every_key_in_the_help_works_as_described(page: ReplayPage) -> None:
    press = page.page.keyboard.press
    for key, position in (
        ("ArrowRight", 5_000),
        ("Shift+ArrowRight", 6_000),
        ("ArrowLeft", 1_000),
        ("n", 2_500),
        ("n", 60_000),
        ("]", 65_000),
        ("p", 60_000),
        ("[", 0),
        ("End", page.total),
        ("Home", 0),
    ):
        press(key)
        assert abs(page.position - position) <= 1, key
    press("+")
    press("+")
    press("-")
    assert page.page.get_by_label("Speed").input_value() == "2"
    press("s")
    assert page.page.get_by_label("Skip inactivity").is_checked()
    press("?")
    assert page.page.get_by_role("dialog", name="Keyboard").is_visible()
    press("k")
    assert page.page.locator("#play.playing").count() == 0  # The dialog has the focus.
    press("Escape")
    for key in ("k", "Space"):
        press(key)
        page.page.get_by_label("Pause", exact=True).wait_for()
        press(key)
        page.page.get_by_label("Play", exact=True).wait_for()


def test_playing_continues_from_the_position_and_restarts_at_the_end(page: ReplayPage) -> None:
    page.seek(64_000)
    page.page.get_by_label("Speed").select_option("8")
    page.page.get_by_label("Play", exact=True).click()
    page.page.locator("#play:not(.playing)").wait_for()
    assert page.position == page.total
    page.page.get_by_label("Play", exact=True).click()
    page.page.get_by_label("Pause", exact=True).click()
    assert page.position < 60_000


def test_inactivity_is_skipped_on_demand(page: ReplayPage) -> None:
    page.page.get_by_label("Skip inactivity").check()
    page.page.set_viewport_size({"width": 1_000, "height": 600})
    page.seek(2_900)
    page.page.get_by_label("Play", exact=True).click()
    # The minute until the next input takes about five seconds.
    page.page.get_by_text("skipping at 11×").wait_for()
    page.seek(59_900)
    page.page.get_by_text("skipping").wait_for(state="detached")
    assert page.page.locator("#play.playing").count() == 1


@pytest.mark.parametrize(("position", "previous"), [(60_450, 2_500), (60_550, 60_000)])
def test_half_a_second_after_an_event_the_key_p_leads_to_the_one_before(
    page: ReplayPage, position: int, previous: int
) -> None:
    page.seek(position)
    page.page.keyboard.press("p")
    assert abs(page.position - previous) <= 1


def test_only_more_than_five_seconds_without_input_are_inactivity(tmp_path: Path, open_page: OpenPage) -> None:
    recording = segments.open(
        made.segment(made.meta(0), made.snapshot(0), *(made.click(at) for at in (1_000, 5_900, 11_000, 12_000)))
    )
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    page.page.get_by_label("Skip inactivity").check()
    skipping = page.page.get_by_text("skipping at")
    page.seek(900)
    page.page.get_by_label("Play", exact=True).click()
    page.page.wait_for_function("() => Number(document.querySelector('#position').value) > 1300")
    assert not skipping.is_visible()
    page.seek(5_800)
    skipping.wait_for()


def test_full_screen_shows_only_the_page_and_the_controls(page: ReplayPage) -> None:
    small = page.page.locator("#stage").bounding_box()
    page.page.keyboard.press("f")
    page.page.locator("nav").wait_for(state="hidden")
    large = page.page.locator("#stage").bounding_box()
    assert small is not None
    assert large is not None
    assert large["width"] > small["width"]
    assert page.page.get_by_label("Full screen").is_visible()
    page.page.keyboard.press("f")
    page.page.locator("nav").wait_for(state="visible")


def test_a_page_larger_than_the_window_is_scaled_down(page: ReplayPage) -> None:
    page.page.set_viewport_size({"width": 700, "height": 500})
    page.seek(0)
    box = page.page.locator("#stage iframe").bounding_box()
    stage = page.page.locator("#stage").bounding_box()
    assert box is not None
    assert stage is not None
    assert box["width"] / box["height"] == pytest.approx(10 / 7, rel=0.01)
    assert box["x"] >= stage["x"]
    assert box["x"] + box["width"] <= stage["x"] + stage["width"] + 1
    assert box["y"] + box["height"] <= stage["y"] + stage["height"] + 1


def test_every_control_has_a_name_and_the_recorded_page_cannot_be_focused(page: ReplayPage) -> None:
    assert page.page.get_by_role("heading", name="<b>Checkout & pay</b>").is_visible()
    assert page.page.title() == "<b>Checkout & pay</b>"
    nameless = page.page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, iframe, summary")].filter(item =>
            !(item.getAttribute("aria-label") || item.title || item.textContent.trim() || item.labels?.length))
            .map(item => item.outerHTML)"""
    )
    assert nameless == []
    frame = page.page.locator("#stage iframe")
    assert frame.get_attribute("sandbox") == "allow-same-origin"
    assert frame.get_attribute("title") == "Recorded page"
    assert frame.evaluate("frame => frame.inert")
    visited = set()
    for _ in range(40):
        page.page.keyboard.press("Tab")
        visited.add(page.page.evaluate("() => document.activeElement.localName"))
    assert "iframe" not in visited
    assert {"button", "input", "select"} <= visited


def test_sessions_and_tabs_can_be_chosen(tmp_path: Path, open_page: OpenPage) -> None:
    recording = segments.open(
        [
            *(segment_files(folder) for folder in FOLDERS[:2]),
            made.segment(made.meta(), made.snapshot(), made.click(5_000), view="a"),
            made.segment(made.meta(2_000), made.snapshot(2_000), made.click(9_000), view="b", index_in_view=0),
        ]
    )
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    choice = page.page.get_by_label("Session")
    assert choice.locator("option").count() == 4
    shown = []
    for number in range(4):
        choice.select_option(str(number))
        page.page.locator("#stage iframe").wait_for()
        page.settle()
        shown.append((len(page.marks("view")), len(page.marks("click"))))
    assert sorted(shown) == [(1, 1), (1, 1), (2, 15), (2, 15)]


def test_missing_parts_are_listed_in_the_page(tmp_path: Path, open_page: OpenPage) -> None:
    recording = segments.open(
        [
            made.segment(
                made.meta(),
                made.snapshot(0, made.element(70, "img", src="http://cdn/x.png"), made.element(71, "canvas")),
                made.record(99, 10),
            ),
            made.segment(made.mutation(500), made.click(600), index_in_view=3),
            made.segment(made.click(900), view="no snapshot", index_in_view=2),
        ]
    )
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    notes = page.page.locator("#notes")
    page.page.get_by_text("notes", exact=False).first.click()
    listed = notes.locator("li").all_inner_texts()
    assert "view view: segments 1 to 2 are missing" in listed
    assert any("view no snapshot: it has no full snapshot" in note for note in listed)
    assert any("record 99" in note for note in listed)
    assert any("<img> whose content comes from a server" in note for note in listed)
    assert any("drawings on a <canvas>" in note for note in listed)
    assert page.marks("trouble") == [
        f"{gap}: up to the next full snapshot, the page may differ"
        for gap in ("segments 1 to 2 are missing", "segments 0 to 1 are missing, so the page before is shown")
    ]
    page.seek(page.total)
    assert page.in_frame("page => page.querySelectorAll('[data-replay-missing]').length") == 2


def test_the_span_from_a_gap_to_the_next_snapshot_is_marked(tmp_path: Path, open_page: OpenPage) -> None:
    def view(name: str, at: int, *, returns: bool) -> list[bytes]:
        further = [made.change(at + 4000, [0, "x"]), made.click(at + 5000, 3), made.event(1, at + 6000, positions=[])]
        again = [made.meta(at + 7000), made.snapshot(at + 7000), made.event(1, at + 9900, positions=[])]
        first = [made.meta(at), made.record(2, at, changes, format=1), made.event(1, at + 2000, positions=[])]
        rest = [*further, *again] if returns else further
        return [made.segment(*first, view=name), made.segment(*rest, view=name, index_in_view=2)]

    changes = [[1, [None, "#document"], [1, "HTML"], [1, "BODY"], [1, "BUTTON"]]]
    recording = segments.open([*view("one", 0, returns=True), *view("two", 20_000, returns=False)])
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    spans = page.page.locator("#marks .gap").evaluate_all(
        "all => all.map(one => [one.title, parseFloat(one.style.left), parseFloat(one.style.width)])"
    )
    label = "segment 1 is missing: up to the next full snapshot, the page may differ"
    assert [(title, round(left / 100 * page.total, -2)) for title, left, _ in spans] == [(label, 2000), (label, 22_000)]
    assert [round(width / 100 * page.total, -2) for *_, width in spans] == [5000, 4100]
    assert page.marks("trouble") == [label, label]
    assert page.marks("click") == ["click an unknown element (segment 1 is missing)"] * 2
    hint = page.page.locator("#uncertain")
    said = []
    for offset in (2000, 2001, 6999, 7000, 20_000, 22_500, page.total):
        page.seek(offset)
        said.append(hint.inner_text())
    guess = "The page is a guess: segment 1 is missing"
    assert said == ["", guess, guess, "", "", guess, guess]
    page.page.get_by_role("button", name="Help").click()
    assert "the page is a guess" in page.page.locator("#rules .gap").inner_text()


def test_2000_marks_of_a_view_are_listed_and_the_others_counted(tmp_path: Path, open_page: OpenPage) -> None:
    def view(name: str, start: int, clicks: int) -> bytes:
        records = [made.click(start + n) for n in range(clicks)]
        return made.segment(made.meta(start), made.snapshot(start), *records, view=name)

    recording = segments.open([view("full", 0, 2_000), view("one more", 10_000, 2_001)])
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    lists = page.page.locator("#views > li")
    assert [lists.nth(n).locator("ol > li").count() for n in range(2)] == [2_000, 2_001]
    assert lists.nth(1).locator("ol > li").last.inner_text() == "and 1 more on the timeline"


def test_the_speeds_to_choose_from(page: ReplayPage) -> None:
    speeds = page.page.get_by_label("Speed")
    assert speeds.locator("option").all_inner_texts() == ["0.5×", "1×", "2×", "4×", "8×", "16×"]
    assert speeds.input_value() == "1"
    page.page.keyboard.press("-")
    page.page.keyboard.press("-")
    assert speeds.input_value() == "0.5"


def test_the_page_contains_the_license_of_the_player(page: ReplayPage) -> None:
    text = page.page.locator("#help pre").text_content() or ""
    assert "Permission is hereby granted, free of charge" in text
