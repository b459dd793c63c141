"""Texts of any length and direction leave the player in its window, and whole in a tooltip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rum_replay import segments
from rum_replay.segments.player import write_player

from .. import made
from ..hostile import tag, text

UNBROKEN = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ" * 90
HEBREW = "שלוםעולם" * 300
ARABIC = "مرحبا بالعالم " * 200

# What is outside of the window, and not cut off by something that is inside it.
_OUTSIDE = """() => [...document.querySelectorAll("body *")].filter(one => {
    if (one.closest("#stage, dialog")) return false;
    const {left, right, width} = one.getBoundingClientRect();
    if (!width || (left >= -0.5 && right <= innerWidth + 0.5)) return false;
    for (let around = one.parentElement; around !== document.body; around = around.parentElement)
        if (getComputedStyle(around).overflowX !== "visible") return false;
    return true;
}).map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sessions in which everything that has a text has a very long one."""

    def session(at: int, title: str) -> bytes:
        elements = [
            tag("button", text(HEBREW[:60])),
            tag("x-" + UNBROKEN.lower(), text("x")),
            tag("div", id=ARABIC),
            tag(f"{UNBROKEN.lower()}:img", src="x"),
            tag("img", src="x", alt=UNBROKEN),
        ]
        clicks = [made.click(at + 100 * n, id=one["id"]) for n, one in enumerate(elements)]
        frustration = made.record(9, at + 700, {"frustrationTypes": [title], "recordIds": [1]})
        href = f"https://shop.example/{UNBROKEN}?state={HEBREW}#access_token={UNBROKEN}"
        first = [made.meta(at, href=href), made.snapshot(at, *elements)]
        return made.segment(*first, *clicks, frustration, made.click(at + 5_000, id=9999), session=title, view=title)

    recording = segments.open([session(0, UNBROKEN), session(100_000, ARABIC)])
    return write_player(recording, tmp_path_factory.mktemp("player") / "replay.html", title=HEBREW)


@pytest.fixture(params=[(1300, 900), (800, 600), (360, 640)], ids="{0[0]}x{0[1]}".format)
def page(request: pytest.FixtureRequest, browser: Browser, player: Path) -> Iterator[Page]:
    width, height = request.param
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(player.as_uri())
    page.locator("#position:enabled").wait_for()
    yield page
    page.close()


def test_long_texts_push_nothing_off_the_screen(page: Page) -> None:
    for timeline in ("0", "1"):
        page.get_by_label("Session").select_option(timeline)
        page.locator("nav li li").first.wait_for()
        page.locator("#notes summary").click()
        size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        assert page.evaluate(size) == page.evaluate("[innerWidth, innerHeight]")
        assert page.evaluate(_OUTSIDE) == []
        hidden: list[Any] = page.locator("header button, footer :is(button, select, input), #stage, nav").evaluate_all(
            """all => all.filter(one => {
                const {left, right, top, bottom, width, height} = one.getBoundingClientRect();
                return !(left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight && width && height);
            }).map(one => one.outerHTML)"""
        )
        assert hidden == []
        picture = page.locator("#stage").bounding_box()
        assert picture is not None
        assert picture["height"] >= 100
        for scrolling in ("nav", "#notes > div"):
            assert page.locator(scrolling).evaluate("one => one.scrollWidth <= one.clientWidth"), scrolling
        page.locator("#notes summary").click()


def test_texts_that_are_cut_are_whole_in_a_tooltip(page: Page) -> None:
    cut = page.locator("h1, #address, #session, #view, nav li li .label").evaluate_all(
        """all => all.filter(one => one.scrollWidth > one.clientWidth)
            .map(one => [one.textContent, one.closest("[title]").title])"""
    )
    assert len(cut) >= 6
    assert [shown for shown, whole in cut if not shown.endswith(whole)] == []
    view, address = page.locator("nav .view-title"), page.locator("#address").inner_text()
    assert view.get_attribute("title") == address
    assert view.locator(".label").evaluate("one => one.scrollWidth > one.clientWidth")
    assert page.locator("h1").evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert page.locator("#address").evaluate("one => getComputedStyle(one).direction") == "ltr"
