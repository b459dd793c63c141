"""The player opens at the moment of a link, and the timeline's times are the player's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from rum_replay import segments

from .. import made
from ..player.replay_page import ReplayPage
from ..recorded import FOLDERS, segment_files

MISSING = made.segment(made.click(-5_000), index_in_view=1, has_full_snapshot=False, view="lost")


def tabs() -> segments.Recording:
    """Two tabs, the first with a click before its page is known, and the second with a clock that jumps."""
    return segments.open(
        [
            made.segment(
                made.click(-2_000), made.meta(), made.snapshot(), made.click(1_000), made.click(30_000), view="one"
            ),
            made.segment(
                made.meta(10_000, href="http://shop/b"),
                made.snapshot(10_000),
                made.click(12_500, made.OTHER),
                made.click(-9_000_000, made.OTHER),
                made.click(14_000.5, made.OTHER),
                view="two",
            ),
            MISSING,
        ]
    )


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplayPage]:
    path = segments.write_player(tabs(), tmp_path_factory.mktemp("player") / "replay.html")
    opened = ReplayPage(browser, path)
    yield opened
    opened.close()
    assert opened.offenses == []


def follow(page: ReplayPage, fragment: str) -> None:
    """Follow a link in the page that is open."""
    page.page.evaluate("fragment => { location.hash = fragment }", fragment)
    page.page.locator("#position:enabled").wait_for()
    page.settle()


def load(page: ReplayPage, fragment: str) -> None:
    """Open the page by a link."""
    page.page.goto("about:blank")
    page.page.goto(page.url + fragment)
    page.page.locator("#position:enabled").wait_for()
    page.settle()


def timeline_of(page: ReplayPage) -> int:
    return int(page.page.locator("#timeline").input_value()) + 1


def test_at_its_time_the_player_shows_an_entry(browser: Browser, tmp_path: Path) -> None:
    """The first ones of each kind: the times of all are compared in test_times.py."""
    recording = segments.open(segment_files(FOLDERS[3]))
    page = ReplayPage(browser, segments.write_player(recording, tmp_path / "replay.html"))
    followed = Counter[str]()
    for entry in segments.timeline(recording):
        followed[entry.kind] += 1
        if entry.fragment is None or followed[entry.kind] > 1:
            continue
        follow(page, entry.fragment)
        assert page.position == entry.time
        assert page.start + page.position == entry.timestamp
        if entry.kind == "click":
            assert entry.element is not None
            assert f"click {entry.element.tag} “{entry.element.name}”" in page.current[-1]
        elif entry.kind == "page":
            assert page.page.locator("#address").inner_text() == entry.details["url"]
    assert followed["click"] == len(page.marks("click")) == 15
    page.close()
    assert page.offenses == []


def test_tabs_have_their_own_time_and_links(page: ReplayPage) -> None:
    listed = [(entry.tab, entry.time, entry.fragment) for entry in segments.timeline(tabs()) if entry.kind == "click"]
    assert listed == [
        (1, -5_000, None),
        (1, -2_000, None),
        (1, 1_000, "#t=1"),
        (2, 2_500, "#t=2.5&timeline=2"),
        (2, 2_500, "#t=2.5&timeline=2"),
        (2, 4_000.5, "#t=4&timeline=2"),
        (1, 30_000, "#t=30"),
    ]
    for tab, _, fragment in listed[2:]:
        load(page, fragment or "")
        assert timeline_of(page) == tab
        assert [shown for shown in page.current if "click" in shown]


LINKS = {
    "#t=1": (1, 1_000),
    "#t=1.25": (1, 1_250),
    "#t=npt:2": (1, 2_000),
    "#t=2,9": (1, 2_000),
    "#t=0:03.5": (1, 3_500),
    "#t=0:00:04": (1, 4_000),
    "#timeline=2&t=2.5": (2, 2_500),
    "#t=2.5&timeline=2": (2, 2_500),
    "#t=99999": (1, 30_100),
    "#t=%31": (1, 1_000),
}
IGNORED = [
    *(
        "",
        "#",
        "#t",
        "#t=",
        "#t=x",
        "#t=-1",
        "#t=1e3",
        "#t=NaN",
        "#t=1:99",
        "#t=1;2",
        "#t=Infinity",
        "#5",
        "#%",
        "#t=%zz",
    ),
    *("#t=1&timeline=0", "#t=1&timeline=3", "#t=1&timeline=-1", "#t=1&timeline=x", "#t=1&timeline=1.5", "#timeline=2"),
    *("#t=1&timeline=constructor", "#t=1&timeline=", "#position"),
]


def test_a_link_names_a_moment(page: ReplayPage) -> None:
    for fragment, expected in LINKS.items():
        follow(page, "#t=0")
        follow(page, fragment)
        assert (timeline_of(page), page.position) == expected, fragment


@pytest.mark.parametrize("fragment", ["#t=1.25", "#t=2.5&timeline=2", "#t=99999"])
def test_the_page_opens_at_the_moment_of_a_link(page: ReplayPage, fragment: str) -> None:
    load(page, fragment)
    assert (timeline_of(page), page.position) == LINKS[fragment]


def test_other_addresses_change_nothing(page: ReplayPage) -> None:
    follow(page, "#t=2.5&timeline=2")
    found = page.page.evaluate(
        """fragments => fragments.map(one => {
            location.hash = one;
            dispatchEvent(new HashChangeEvent("hashchange"));
            return [document.getElementById("timeline").value, document.getElementById("position").value];
        })""",
        IGNORED,
    )
    assert found == [["1", "2500"]] * len(IGNORED)
    for fragment in ("#t=x", "#t=1&timeline=9"):
        load(page, fragment)
        assert (timeline_of(page), page.position) == (1, 0), fragment


def test_after_a_link_the_controls_work_as_before(page: ReplayPage) -> None:
    load(page, "#t=1")
    page.page.keyboard.press("ArrowRight")
    assert page.position == 6_000
    page.page.locator("#timeline").select_option("1")
    page.page.locator("#position:enabled").wait_for()
    assert (timeline_of(page), page.position) == (2, 0)
    page.page.locator("#play").click()
    follow(page, "#t=3&timeline=2")
    assert page.page.locator("#play").get_attribute("aria-label") == "Pause"
    assert page.position >= 3_000
    page.page.go_back()
    page.settle()
    assert timeline_of(page) == 1


def test_the_last_of_several_links_counts(page: ReplayPage) -> None:
    page.page.evaluate(
        """() => {
            for (const one of ["#t=1&timeline=2", "#t=2", "#t=1.5&timeline=2", "#t=5"]) {
                location.hash = one;
                dispatchEvent(new HashChangeEvent("hashchange"));
            }
        }"""
    )
    page.page.wait_for_function("() => document.querySelector('#position:enabled')?.value === '5000'")
    page.settle()
    assert (timeline_of(page), page.position) == (1, 5_000)
    assert page.page.locator("#stage iframe").count() == 1
