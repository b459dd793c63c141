"""All seven recordings in Chromium: at any time the player shows what the browser showed."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from ..recorded import FOLDERS, NAMES
from . import facts
from .recorded_player import Recorded
from .replay_page import ReplayPage

# Mean difference of the pictures in levels of 255, once both are blurred over 17 pixels. With the font of the
# screenshots, Liberation Sans, 0.24 is measured at most: focus ring and caret, which recordings lack. The picture of
# any other moment differs by 0.8 or more. With DejaVu Sans lines are longer and higher, and 2.4 is measured; that
# still tells a page without its style sheets from one with them, and the texts are compared apart.
TOLERANCE = {"Liberation Sans": 0.4, "another font": 3.0}
# Hidden, masked or not recorded: what is drawn there cannot be known. The media player's buttons are the browser's.
UNKNOWN = ("[data-replay-hidden]", "#masked", "#pw", "#cv", "#fr", "#au")
MARGIN = 10  # Hidden elements lose their class, and with it a border and margin.


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


def test_at_each_snap_the_page_looks_like_its_screenshot(
    recorded: Recorded, played: ReplayPage, tolerance: float
) -> None:
    for time, name in recorded.snaps:
        played.seek(time - played.start)
        picture = played.picture()
        with Image.open(recorded.folder / f"shot-{name}.png") as file:
            screenshot = file.convert("RGB")
        assert picture.size == screenshot.size
        boxes = played.boxes(*UNKNOWN)
        assert difference(picture, screenshot, boxes) < tolerance, name
    played.check()


def difference(one: Image.Image, other: Image.Image, ignored: list[dict[str, float]]) -> float:
    """Mean difference in levels of 255, blurred."""
    for picture in (one, other):
        draw = ImageDraw.Draw(picture)
        for box in ignored:
            corners = (box["left"] - MARGIN, box["top"] - MARGIN, box["right"] + MARGIN, box["bottom"] + MARGIN)
            draw.rectangle(corners, fill="white")
    blur = ImageFilter.BoxBlur(8)
    return ImageStat.Stat(ImageChops.difference(one.filter(blur), other.filter(blur)).convert("L")).mean[0]


def test_at_each_snap_the_page_holds_what_the_live_page_held_seeking_backwards_too(
    recorded: Recorded, played: ReplayPage
) -> None:
    for time, name in [*recorded.snaps, *reversed(recorded.snaps)]:
        played.seek(time - played.start)
        assert facts.shown(played) == facts.live(recorded.tree(name)), name
    played.check()


@pytest.mark.parametrize("recorded", [FOLDERS[0], FOLDERS[-2]], indirect=True, ids=[NAMES[0], NAMES[-2]])
def test_playing_to_the_end_leaves_the_page_as_seeking_there_does(recorded: Recorded, played: ReplayPage) -> None:
    played.seek(played.total)
    sought = facts.shown(played)
    played.seek(0)
    played.page.get_by_label("Speed").select_option("16")
    played.page.get_by_label("Play", exact=True).click()
    played.page.locator("#play:not(.playing)").wait_for()
    assert played.position == played.total
    assert facts.shown(played) == sought == facts.live(recorded.tree(recorded.snaps[-1][1]))
    played.check()


def test_a_canvas_takes_the_room_that_it_had(recorded: Recorded, played: ReplayPage) -> None:
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
    }
    assert played.marks("click") == [f"click {names.get(selector, selector)}" for selector in clicks]
    assert set(played.marks("input")) >= {f"input {field}" for field in ("#name", "#pw", "#cb", "#r2", "#sel", "#ta")}
    assert played.marks("view") == ["/", "/second?tab=1"] or played.marks("view") == ["/", "/second"]
    drawn = played.page.locator("#marks i.click").count()
    assert 8 <= drawn <= len(clicks)  # Those at the same place are drawn once.
