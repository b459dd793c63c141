"""The HTML at any width: nothing scrolls but the document, downwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from rum_replay.segments.heatmap import heatmap_of
from rum_replay.segments.player import write_player

from .. import made
from ..browsing import Canary
from ..hostile import tag, text
from .conftest import OpenedPage

WIDTHS = [(320, 568), (360, 640), (390, 844), (568, 320), (800, 1024), (1300, 800), (1500, 900)]
# A page with a scroll bar of its own, and parts that are wider and higher than the window.
CSS = "html{overflow-y:scroll;height:100%}body{height:100%;margin:0}"


@pytest.fixture
def heatmap_file(tmp_path: Path) -> Path:
    """A page of 1100 × 2100 pixels with long names of everything."""
    wide = tag("div", text("x"), style="width:1600px;height:3000px;background:#eee")
    long = tag("button", text("unbreakable" * 5), **{"class": "also-unbreakable" * 5})
    longer = [tag("x-" + "long" * 500, text("x")), tag("button", text("עולם" * 14)), tag("div", id="مرحبا" * 500)]
    recording = made.recording(
        made.meta(href=f"http://shop.example/{'alongname' * 20}"),
        made.snapshot(0, tag("style", text(CSS)), long, wide, *longer),
        made.event(3, 1, id=made.ROOT, x=100, y=1_400),
        made.click(5, id=long["id"], x=550, y=350),
        made.click(6, id=9999),
        *(made.click(7, id=one["id"]) for one in longer),
    )
    return heatmap_of(recording).write_html(tmp_path / "heat.html")


@pytest.fixture(params=WIDTHS, ids="{0[0]}x{0[1]}".format)
def page(request: pytest.FixtureRequest, browser: Browser, heatmap_file: Path) -> Iterator[Page]:
    width, height = request.param
    is_phone = width < 800
    window = {"viewport": {"width": width, "height": height}, "has_touch": is_phone, "is_mobile": is_phone}
    with browser.new_context(**window) as context:
        page = context.new_page()
        page.goto(heatmap_file.as_uri())
        yield page


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    width = page.viewport_size["width"]  # type: ignore[index] # set by the fixture
    assert page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [width, width]
    outside = page.evaluate(
        """() => [...document.querySelectorAll("dl, dd, figure, img, .ticks span, label, #elements, th, td")]
            .filter(one => {
                const {left, right} = one.getBoundingClientRect();
                return left < -0.5 || right > innerWidth + 0.5;
            }).map(one => one.outerHTML)"""
    )
    assert outside == []
    path = page.locator("th code[title]")
    assert (len(path.inner_text()), len(path.get_attribute("title") or "")) == (301, 1_007)
    assert page.locator("th a").evaluate_all("all => all.map(one => getComputedStyle(one).direction)") == ["ltr"] * 5


def test_the_whole_picture_is_shown_without_a_scroll_bar_of_its_own(page: Page) -> None:
    width = page.viewport_size["width"]  # type: ignore[index] # set by the fixture
    shown = [page.locator(selector).bounding_box() for selector in (".page", "iframe", ".heat")]
    (picture, frame, heat) = shown
    assert picture is not None
    assert frame is not None
    assert heat is not None
    expected = min(1100, width if width <= 800 else width - 40)
    assert picture["width"] == pytest.approx(expected, abs=0.5)
    assert picture["height"] == pytest.approx(expected * 2100 / 1100, abs=0.5)
    for box in (frame, heat):
        assert list(box.values()) == pytest.approx(list(picture.values()), abs=1)
    scrolling = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter(one =>
            ["auto", "scroll"].includes(getComputedStyle(one).overflowX) ||
            ["auto", "scroll"].includes(getComputedStyle(one).overflowY)).map(one => one.localName)"""
    )
    assert scrolling == []
    inside = page.frame_locator("iframe").locator("html")
    assert inside.evaluate("() => [innerWidth - visualViewport.width, innerHeight]") == [0, 2100]


def test_the_legend_is_readable_and_what_can_be_touched_is_large_enough(page: Page) -> None:
    sizes = page.locator("dt, dd, figcaption, .ticks, label, th, td, code").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 12
    ends = page.locator(".ticks span").evaluate_all(
        "all => all.map(one => { const {left, right} = one.getBoundingClientRect(); return [left, right] })"
    )
    assert all(left >= 0 for left, _ in ends)
    if page.evaluate("matchMedia('(pointer: coarse)').matches"):
        heights = page.locator("header label, th a, #to-elements:visible").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().height)"
        )
        assert len(heights) == 7
        assert min(heights) >= 44


def test_the_list_is_beside_the_page_if_there_is_room_and_otherwise_below_with_a_link_to_it(page: Page) -> None:
    picture, elements = page.locator(".page").bounding_box(), page.locator("#elements").bounding_box()
    assert picture is not None
    assert elements is not None
    link = page.get_by_role("link", name="Most clicked elements")
    if page.evaluate("innerWidth") >= 1100 + 380:
        assert elements["x"] >= picture["x"] + picture["width"]
        assert link.count() == 0
    else:
        assert elements["y"] >= picture["y"] + picture["height"]
        link.click()
        title = page.get_by_role("heading", name="Most clicked elements").bounding_box()
        assert title is not None
        assert 0 <= title["y"] < page.evaluate("innerHeight")


def test_hidden_parts_are_hatched_as_in_the_player(
    canary: Canary, tmp_path: Path, open_page: Callable[[Path], OpenedPage]
) -> None:
    size = {"data-dd-privacy": "hidden", "rr_width": "120px", "rr_height": "30px"}
    style = tag("style", text("div, span { background: red }"))
    hidden = [tag("div", **size), tag("span", **size), tag("img", src=f"{canary.url}/x", width="50", height="40")]
    recording = made.recording(made.meta(), made.snapshot(0, style, tag("p", *hidden)), made.click(5))
    heat = open_page(heatmap_of(recording).write_html(tmp_path / "heat.html")).page
    player = open_page(write_player(recording, tmp_path / "replay.html")).page
    player.locator("#position:enabled").wait_for()
    found = []
    for page, frame in ((heat, "iframe"), (player, "#stage iframe")):
        elements = page.frame_locator(frame).locator("[data-replay-hidden], [data-replay-missing]")
        backgrounds = elements.evaluate_all(
            "all => all.map(one => one.ownerDocument.defaultView.getComputedStyle(one).backgroundImage)"
        )
        sizes = elements.evaluate_all("all => all.map(one => [one.offsetWidth, one.offsetHeight])")
        assert sizes == [[120, 30], [120, 30], [50, 40]]
        assert all(background.startswith("repeating-linear-gradient(45deg") for background in backgrounds)
        found.append(backgrounds)
    assert found[0] == found[1]
    assert heat.locator("dl").inner_text().splitlines()[-2:] == [
        "Hatched",
        "not in the recording, or hidden for privacy",
    ]


def test_without_hatched_parts_the_legend_does_not_mention_them(
    tmp_path: Path, open_page: Callable[[Path], OpenedPage]
) -> None:
    attack = tag("p", text(' data-replay-missing=""'), title=' data-replay-hidden=""')
    recording = made.recording(made.meta(), made.snapshot(0, attack), made.click(5))
    page = open_page(heatmap_of(recording).write_html(tmp_path / "heat.html")).page
    assert "Hatched" not in page.locator("dl").inner_text()
