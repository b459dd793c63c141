"""The player on phones and tablets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rum_replay import segments
from rum_replay.segments.player import write_player

from .. import made

CONTROLS = (
    "header button, header select, header summary, footer button, footer select, footer label, #position, nav button"
)


@pytest.fixture(params=[(320, 568), (360, 640), (390, 844), (768, 1024), (568, 320)], ids="{0[0]}x{0[1]}".format)
def phone(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Two sessions with long names of everything, on a touch screen of the size."""

    def session(name: str, at: int) -> bytes:
        href = f"http://shop.example/{'a-long-name/' * 20}?q={'x' * 90}"
        text = {"type": 3, "id": 71, "textContent": "unbreakable" * 5}
        records = [made.meta(at, href=href), made.snapshot(at, made.element(70, "button", text)), made.record(99, at)]
        clicks = [made.click(at + 1_000 * number, id=70) for number in range(30)]
        return made.segment(*records, *clicks, session=name * 99, view=f"{name}-view" * 9)

    recording = segments.open([session("a", 0), session("b", 100_000)])
    path = write_player(recording, tmp_path / "replay.html", title="Checkout of the new shop, as seen by support " * 3)
    width, height = request.param
    with browser.new_context(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        page.locator("#position:enabled").wait_for()
        yield page


def box(page: Page, selector: str) -> dict[str, float]:
    """The box of an element in pixels from the top left corner of the page."""
    found: dict[str, float] = page.locator(selector).evaluate(
        "one => { const {left, top, right, bottom} = one.getBoundingClientRect();"
        " return {left, top: top + scrollY, right, bottom: bottom + scrollY} }"
    )
    return found


def test_nothing_is_wider_than_the_window(phone: Page) -> None:
    width = phone.evaluate("innerWidth")
    assert width == phone.viewport_size["width"]  # type: ignore[index] # set by the fixture
    assert phone.evaluate("document.documentElement.scrollWidth") == width
    for selector in ("#stage iframe", "#facts", "#address", "nav", "#controls"):
        found = box(phone, selector)
        assert 0 <= found["left"] < found["right"] <= width, selector
    phone.get_by_text("notes", exact=False).first.tap()
    notes = box(phone, "#notes > div")
    assert 0 <= notes["left"] < notes["right"] <= width


def test_every_control_can_be_reached_and_is_as_large_as_a_finger(phone: Page) -> None:
    small: list[Any] = phone.evaluate(
        """selector => [...document.querySelectorAll(selector)].flatMap(one => {
            one.scrollIntoView({block: "center"});
            const {left, top, right, bottom, width, height} = one.getBoundingClientRect();
            const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            const fits = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight + 1;
            const isUsable = fits && one.contains(hit) && width >= 44 && height >= 44;
            return isUsable ? [] : [[one.outerHTML, width, height]];
        })""",
        CONTROLS,
    )
    assert small == []


def test_the_list_is_below_the_picture_and_both_are_visible(phone: Page) -> None:
    stage, controls, events = box(phone, "#stage"), box(phone, "footer"), box(phone, "nav")
    assert stage["bottom"] <= controls["top"] < controls["bottom"] <= events["top"]
    assert events["bottom"] - events["top"] >= 130
    picture = box(phone, "#stage iframe")
    assert stage["top"] <= picture["top"] < picture["bottom"] <= stage["bottom"]
    assert picture["bottom"] - picture["top"] >= 95


def test_the_controls_work_by_touch(phone: Page) -> None:
    phone.get_by_label("Next event").tap()
    phone.get_by_label("Next event").tap()
    assert phone.locator("#time").inner_text().startswith("0:02 / ")
    phone.locator("nav li li button").nth(9).tap()
    assert phone.locator("#position").input_value() == "9000"
    phone.get_by_label("Skip inactivity").tap()
    assert phone.get_by_label("Skip inactivity").is_checked()
    phone.get_by_label("Play", exact=True).tap()
    phone.get_by_label("Pause", exact=True).tap()
    phone.get_by_role("button", name="Help").tap()
    dialog = phone.get_by_role("dialog")
    assert dialog.evaluate("one => one.scrollWidth <= one.clientWidth")
    dialog.get_by_role("button", name="Close").tap()
    assert not dialog.is_visible()


def test_full_screen_has_no_room_for_anything_but_the_picture_and_the_controls(phone: Page) -> None:
    phone.get_by_label("Full screen").tap()
    phone.locator("nav").wait_for(state="hidden")
    assert not phone.locator("header").is_visible()
    assert box(phone, "footer")["bottom"] <= phone.evaluate("innerHeight")
    assert phone.evaluate("document.documentElement.scrollHeight") == phone.evaluate("innerHeight")
