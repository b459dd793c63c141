"""The list of events marks the current one, and says when and in which session and view it happened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from rum_replay import segments
from rum_replay.segments.player import write_player

from .. import made
from .replay_page import ReplayPage

OpenPage = Callable[[Path], ReplayPage]
CURRENT = 'nav [aria-current="true"]'


@pytest.fixture
def page(tmp_path: Path, open_page: OpenPage) -> ReplayPage:
    """Two views: the first with two events at one time and 60 more, the second with one event."""
    first = made.segment(
        made.meta(),
        made.snapshot(),
        made.click(2_000),
        made.typed(2_000, "A"),
        *(made.click(3_000 + 100 * number, id=made.OTHER) for number in range(60)),
        session="6f3c",
        view="one",
    )
    second = made.segment(
        made.meta(20_000, href="http://shop/second"),
        made.snapshot(20_000),
        made.click(21_000),
        session="6f3c",
        view="two",
    )
    return open_page(write_player(segments.open([first, second]), tmp_path / "replay.html"))


@pytest.mark.parametrize(
    ("offset", "current"),
    [
        (0, ["0:00 /"]),
        (1_998, ["0:00 /"]),
        (2_000, ["0:00 /", "0:02 click button “Pay”", "0:02 input #name"]),
        (2_998, ["0:00 /", "0:02 click button “Pay”", "0:02 input #name"]),
        (3_150, ["0:00 /", "0:03 click #other"]),
        (20_500, ["0:20 /second"]),
        (21_000, ["0:20 /second", "0:21 click button “Pay”"]),
    ],
)
def test_the_latest_events_of_the_view_are_current_after_a_seek(
    page: ReplayPage, offset: int, current: list[str]
) -> None:
    page.seek(offset)
    assert page.current == current
    page.seek(page.total)
    page.seek(offset)
    assert page.current == current


def test_entries_that_are_chosen_by_mouse_or_keyboard_become_current_and_keep_the_focus(page: ReplayPage) -> None:
    entries = page.page.locator("nav li li button")
    entries.nth(3).click()
    assert page.page.locator(CURRENT).evaluate_all("all => all.map(one => one === document.activeElement)") == [True]
    page.page.keyboard.press("Tab")
    page.page.keyboard.press("Enter")
    expect(entries.nth(4)).to_be_focused()
    assert page.position == 3_200
    assert entries.nth(4).get_attribute("aria-current") == "true"
    page.page.keyboard.press("n")
    assert entries.nth(5).get_attribute("aria-current") == "true"
    assert page.page.locator(CURRENT).count() == 1
    expect(entries.nth(4)).to_be_focused()


@pytest.mark.parametrize("window", [(1400, 900), (320, 568), (568, 320)])
def test_the_current_event_is_scrolled_into_view_without_moving_the_page(
    page: ReplayPage, window: tuple[int, int]
) -> None:
    page.page.set_viewport_size({"width": window[0], "height": window[1]})
    page.page.evaluate("scrollTo(0, 10)")
    before = page.page.evaluate("[scrollX, scrollY]")
    for offset in (8_000, 2_000, 8_900, 21_000, 3_000):
        page.page.locator("#position").evaluate(
            "(one, value) => { one.value = value; one.dispatchEvent(new Event('input')) }", offset
        )
        entries = page.page.locator(CURRENT)
        assert entries.count() == (2 if offset == 2_000 else 1)
        assert all(page.is_in_view(entry) for entry in entries.all()), offset
        assert page.page.evaluate("[scrollX, scrollY]") == before
    page.page.locator("#position").evaluate("one => { one.value = 0; one.dispatchEvent(new Event('input')) }")
    assert page.page.locator("nav").evaluate("one => one.scrollTop") == 0


def test_the_current_event_follows_the_recording_while_it_plays(page: ReplayPage) -> None:
    page.seek(2_900)
    page.page.get_by_label("Speed").select_option("4")
    page.page.get_by_label("Play", exact=True).click()
    last = page.page.locator("nav li li button").nth(61)
    expect(last).to_have_attribute("aria-current", "true")
    assert page.is_in_view(last)


def test_the_current_event_is_in_view_again_after_full_screen(page: ReplayPage) -> None:
    page.page.keyboard.press("f")
    page.page.locator("nav").wait_for(state="hidden")
    page.seek(8_000)
    page.page.keyboard.press("f")
    page.page.locator("nav").wait_for(state="visible")
    page.settle()
    assert page.is_in_view(page.page.locator(CURRENT))


def test_an_event_that_is_not_listed_marks_the_line_that_counts_it(tmp_path: Path, open_page: OpenPage) -> None:
    recording = made.page(*(made.click(10 + number) for number in range(2_005)))
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    page.seek(2_012)
    assert page.current == ["0:00 /", "and 5 more on the timeline"]


def test_the_time_of_the_recording_its_session_and_view_are_shown(page: ReplayPage) -> None:
    facts = page.page.locator("#facts")
    assert facts.inner_text().split("\n") == ["2026-11-21 03:00:00 UTC", "Session 6f3c", "View one"]
    page.seek(21_000)
    assert facts.inner_text().split("\n") == ["2026-11-21 03:00:21 UTC", "Session 6f3c", "View two"]


def test_the_time_does_not_depend_on_the_time_zone_of_the_browser(page: ReplayPage) -> None:
    with page.context.browser.new_context(timezone_id="Asia/Tokyo") as context:  # type: ignore[union-attr] # launched
        elsewhere = context.new_page()
        elsewhere.goto(page.url)
        expect(elsewhere.locator("#moment")).to_have_text("2026-11-21 03:00:00 UTC")


def test_missing_ids_are_said_to_be_missing(tmp_path: Path, open_page: OpenPage) -> None:
    page = open_page(write_player(made.page(session=None, view=None), tmp_path / "replay.html"))
    assert page.page.locator("#facts").inner_text().split("\n") == ["2026-11-21 03:00:00 UTC", "Session without an id"]


def test_the_facts_are_those_of_the_chosen_session(tmp_path: Path, open_page: OpenPage) -> None:
    recording = segments.open(
        [
            made.segment(made.meta(at), made.snapshot(at), session=session, view=f"view of {session}")
            for at, session in ((0, "a"), (60_000, "b"))
        ]
    )
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    page.page.get_by_label("Session").select_option("1")
    expect(page.page.locator("#moment")).to_have_text("2026-11-21 03:01:00 UTC")
    assert page.page.locator("#session").inner_text() == "Session b"
    assert page.page.locator("#view").inner_text() == "View view of b"
