"""The recordings in Chromium: at any time, the player shows what the browser showed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from ..recorded import FOLDERS, NAMES
from . import facts
from .recorded_player import Recorded
from .replay_page import ReplayPage

# The mean difference between screenshots in levels of 255, after blurring both over 17 pixels. With the font of the
# recorded screenshots, Liberation Sans, at most 0.24 was measured: focus ring and caret, which are not recorded.
# Screenshots of different times differ by at least 0.8. With DejaVu Sans, lines are longer and higher, and 2.4 was
# measured, which still distinguishes pages with and without their style sheets; texts are compared separately.
TOLERANCE = {"Liberation Sans": 0.4, "another font": 3.0}
# Elements that are hidden, masked or not recorded, and a media player, whose buttons depend on the browser.
UNKNOWN = ("[data-replay-hidden]", "#masked", "#pw", "#cv", "#fr", "#au")
MARGIN = 10  # Pixels; hidden elements lose their class, and with it a border and margin.


@pytest.fixture
def tolerance(played: ReplayPage) -> float:
    widths = played.page.evaluate(
        """() => ["monospace", "'Liberation Sans', monospace"].map(font => {
            const context = document.createElement("canvas").getContext("2d");
            context.font = `40px ${font}`;
            return context.measureText("miles").width;
        })"""
    )
    return TOLERANCE["another font" if widths[0] == widths[1] else "Liberation Sans"]


def test_the_page_looks_like_each_recorded_screenshot(recorded: Recorded, played: ReplayPage, tolerance: float) -> None:
    for time, name in recorded.snaps:
        played.seek(time - played.start)
        shown = played.screenshot()
        with Image.open(recorded.folder / f"shot-{name}.png") as file:
            recorded_screenshot = file.convert("RGB")
        assert shown.size == recorded_screenshot.size
        boxes = played.boxes(*UNKNOWN)
        assert difference(shown, recorded_screenshot, boxes) < tolerance, name
    played.check()


def difference(first: Image.Image, second: Image.Image, ignored: list[dict[str, float]]) -> float:
    """The mean difference in levels of 255, after blurring."""
    for screenshot in (first, second):
        draw = ImageDraw.Draw(screenshot)
        for box in ignored:
            corners = (box["left"] - MARGIN, box["top"] - MARGIN, box["right"] + MARGIN, box["bottom"] + MARGIN)
            draw.rectangle(corners, fill="white")
    blur = ImageFilter.BoxBlur(8)
    return ImageStat.Stat(ImageChops.difference(first.filter(blur), second.filter(blur)).convert("L")).mean[0]


def test_the_page_has_the_content_of_each_saved_page_also_when_seeking_backwards(
    recorded: Recorded, played: ReplayPage
) -> None:
    for time, name in [*recorded.snaps, *reversed(recorded.snaps)]:
        played.seek(time - played.start)
        assert facts.shown(played) == facts.live(recorded.tree(name)), name
    played.check()


@pytest.mark.parametrize("recorded", [FOLDERS[0], FOLDERS[-2]], indirect=True, ids=[NAMES[0], NAMES[-2]])
def test_playing_to_the_end_gives_the_same_page_as_seeking(recorded: Recorded, played: ReplayPage) -> None:
    played.seek(played.total)
    sought = facts.shown(played)
    played.seek(0)
    played.page.get_by_label("Speed").select_option("16")
    played.page.get_by_label("Play", exact=True).click()
    played.page.locator("#play:not(.playing)").wait_for()
    assert played.position == played.total
    assert facts.shown(played) == sought == facts.live(recorded.tree(recorded.snaps[-1][1]))
    played.check()


def test_a_canvas_has_its_original_size(recorded: Recorded, played: ReplayPage) -> None:
    played.seek(played.total)
    (box,) = played.boxes("#cv")
    assert (box["right"] - box["left"], box["bottom"] - box["top"]) == (60, 40)


def test_style_sheets_of_all_kinds_apply(recorded: Recorded, played: ReplayPage) -> None:
    mutated = next(time for time, name in recorded.snaps if name == "3-mutated")
    played.seek(mutated - played.start)
    styles = played.in_frame(
        """page => {
            const style = (element, pseudo) => page.defaultView.getComputedStyle(element, pseudo);
            const find = selector => page.querySelector(selector);
            const bold = find("#sh").shadowRoot.querySelector("b");
            return {
                linked: style(find("h1"), "::before").content, adopted: style(find("#intro")).letterSpacing,
                inserted: style(find("#intro")).fontSize, nested: style(find("#bottom")).fontWeight,
                deleted: style(find("#bottom")).color, added: style(find("#bottom")).textDecorationLine,
                shadow: style(bold).color, adoptedInShadow: style(bold).fontStyle,
            };
        }"""
    )
    assert styles == {
        "linked": '"★ "',
        "adopted": "1px",
        "inserted": "20px",
        "nested": "700",
        "deleted": "rgb(0, 0, 0)",
        "added": "underline",
        "shadow": "rgb(0, 128, 0)",
        "adoptedInShadow": "italic",
    }


def test_every_click_input_and_view_is_marked(recorded: Recorded, played: ReplayPage) -> None:
    clicks = [step["sel"] for step in recorded.steps if step["what"] in ("click", "tap")]
    names = {
        "#buy": "button “Buy”",
        "#dead": "button “Dead button”",
        "#boom": "button “Boom”",
        "#rage": "button “Rage”",
        "#name": "input “Name”",
        "#cb": "input “Agree”",
        "#r2": "input “Two”",
    }
    assert played.marks("click") == [f"click {names.get(selector, selector)}" for selector in clicks]
    fields = ["#name", "#pw", "#cb", "#r2", "#sel", "#ta"]
    assert set(played.marks("input")) >= {f"input {names.get(field, field)}" for field in fields}
    assert played.marks("view") == ["/", "/second?tab=1"] or played.marks("view") == ["/", "/second"]
    drawn = played.page.locator("#marks i.click").count()
    assert 8 <= drawn <= len(clicks)  # Marks at the same position are drawn once.
