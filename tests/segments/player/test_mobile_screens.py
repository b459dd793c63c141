"""Mobile screens in a browser, pixel by pixel: in the player at several times, and as HTML.

The expected pictures are drawn here from rectangles, independently of styles.
"""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Browser
from rum_replay import segments
from rum_replay.segments.dom import page_at, to_html
from rum_replay.segments.player import write_player

from .. import made
from ..browsing import Canary, picture_of
from ..made import START, layer, record, screen, screen_change, tap, wireframe, words
from .replay_page import ReplayPage
from .test_page import events_in, index_in

WIDTH, HEIGHT = 360, 640
RED, GREEN, BLUE, BLACK, WHITE, GRAY = "#FF0000", "#00FF00", "#0000FF", "#000000", "#FFFFFF", "#808080"
STEEL = "#336699"
Rectangle = tuple[int, int, int, int, str]
"""Left, top, right and bottom edge, and the color."""


@attrs.frozen
class Case:
    """What is recorded from a time on, and the opaque rectangles that must be seen then, from back to front."""

    name: str
    records: list[dict[str, Any]]
    """Their times are in milliseconds after those of the case."""

    rectangles: list[Rectangle]
    size: tuple[int, int] = (WIDTH, HEIGHT)


def shape(number: int, x: float, y: float, width: float, height: float, /, **more: Any) -> dict[str, Any]:
    return wireframe(number, "shape", x, y, width, height, **{"fill": RED, **more})


def filled(number: int, x: int, y: int, width: int, height: int, /, **style: Any) -> dict[str, Any]:
    return {**wireframe(number, "shape", x, y, width, height), "shapeStyle": style}


def halves(first: str, second: str, start: tuple[float, float], end: tuple[float, float]) -> dict[str, Any]:
    """A gradient of two colors with an edge in the middle."""
    stops = [(first, 0), (first, 0.5), (second, 0.5), (second, 1)]
    points = {"startPoint": dict(zip("xy", start, strict=True)), "endPoint": dict(zip("xy", end, strict=True))}
    return {"type": "linear", "stops": [{"color": color, "position": at} for color, at in stops], **points}


def pixel(color: str) -> str:
    """A picture of one pixel, as base64."""
    file = io.BytesIO()
    Image.new("RGB", (1, 1), color).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def modified(number: int, x: int, y: int, *modifiers: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A layer of 40 × 40 pixels with the wireframe of the same number."""
    return layer(1_000 + number, x, y, 40, 40, number, modifiers=list(modifiers), **more)


PAINTED = screen(
    0,
    shape(1, 0, 0, 360, 640, fill=GRAY),
    shape(2, 10, 10, 100, 50),
    shape(3, 60, 30, 100, 50, fill=GREEN, clip={"left": 10, "top": 5}),
    shape(4, 200, 10, 60, 40, fill=BLUE, border={"color": BLACK, "width": 3}),
    shape(5, 300, 10, 11, 11, fill=BLUE, border={"color": BLACK, "width": 50}),
    shape(6, -20, 600, 40, 80),
    shape(7, 300, 100, 40, 40, clip={"left": 40, "top": 40}),
    shape(8, 300, 150, 0, 40),
    shape(9, 300, 200, -40, 40),
    filled(10, 20, 100, 100, 40, backgroundGradient=halves(RED, BLUE, (0, 0), (1, 0))),
    filled(11, 20, 150, 100, 40, backgroundGradient=halves(RED, BLUE, (0, 0.5), (0, 1))),
    filled(12, 20, 200, 100, 40, backgroundGradient=halves(RED, BLUE, (1, 0), (0.5, 0)), backgroundColor=GREEN),
    filled(13, 20, 250, 100, 40, backgroundGradient={"type": "radial"}, backgroundColor=GREEN),
    filled(14, 20, 300, 40, 40, backgroundColor="#000000FF", opacity=0.5),
    filled(15, 80, 300, 40, 40, backgroundColor="#FF000000"),
    wireframe(16, "image", 20, 350, 100, 40, base64=pixel(BLUE)),
    wireframe(17, "image", 140, 350, 100, 40, base64=pixel(BLUE), border={"color": RED, "width": 5}),
    wireframe(18, "webview", 20, 400, 100, 40, slotId="9", isVisible=False),
    shape(19, 330, 620, 40.0, 40.0, fill=RED),
)
PAINTED_RECTANGLES = [
    (0, 0, 360, 640, GRAY),
    (10, 10, 110, 60, RED),
    (70, 35, 160, 80, GREEN),
    (200, 10, 260, 50, BLACK),
    (203, 13, 257, 47, BLUE),
    (300, 10, 311, 21, BLACK),
    (0, 600, 20, 640, RED),
    (20, 100, 70, 140, RED),
    (70, 100, 120, 140, BLUE),
    (20, 150, 120, 180, RED),
    (20, 180, 120, 190, BLUE),
    (95, 200, 120, 240, RED),
    (20, 200, 95, 240, BLUE),
    (20, 250, 120, 290, GREEN),
    (20, 300, 60, 340, "#404040"),
    (20, 350, 120, 390, BLUE),
    (140, 350, 240, 390, RED),
    (145, 355, 235, 385, BLUE),
    (330, 620, 360, 640, RED),
]
CHANGED = [
    screen(0, shape(1, 0, 0, 360, 640, fill=WHITE), shape(2, 10, 10, 50, 50), shape(3, 100, 10, 50, 50, fill=BLUE)),
    screen_change(
        100,
        adds=[
            {"wireframe": shape(4, 0, 0, 30, 30, fill=GREEN), "previousId": 1},
            {"wireframe": shape(5, 130, 30, 40, 40, fill=BLACK), "previousId": 3},
            {"wireframe": shape(9, 0, 0, 200, 200, fill=GRAY)},
        ],
        updates=[
            {"type": "shape", "id": 2, "x": 20, "width": 60},
            {"type": "shape", "id": 3, "shapeStyle": {"backgroundColor": RED}, "clip": {"bottom": 25}},
        ],
    ),
    screen_change(200, removes=[{"id": 5}, {"id": 1}], adds=[{"wireframe": shape(1, 0, 100, 20, 20), "previousId": 3}]),
]
CHANGED_RECTANGLES = [
    (0, 0, 200, 200, GRAY),
    (0, 0, 30, 30, GREEN),
    (20, 10, 80, 60, RED),
    (100, 10, 150, 35, RED),
    (0, 100, 20, 120, RED),
]
SHADOW = {"type": "shadow", "color": BLACK, "offsetX": 10, "offsetY": 0, "radius": 0}
HALF = {"type": "clip", "path": "M0 0H20V40H0Z"}
HOLE = {"type": "clip", "path": "M0 0h40v40h-40z M10 10h20v20h-20z", "fillRule": "evenodd"}
ROTATED = [*(0, 1, 0, 0, 0), *(0, 0, 1, 0, 0), *(1, 0, 0, 0, 0), *(0, 0, 0, 1, 0)]
MODIFIED = [
    modified(2, 20, 20, HALF),
    modified(3, 80, 20, HOLE),
    modified(4, 140, 20, SHADOW),
    modified(5, 200, 20, HALF, SHADOW),
    modified(6, 260, 20, SHADOW, HALF),
    modified(7, 20, 80, {**SHADOW, "path": "M-5 -5h50v50h-50z"}),
    modified(8, 80, 80, {"type": "brightnessBias", "value": 0.2}),
    modified(9, 140, 80, {"type": "brightnessBias", "value": -0.2}),
    modified(10, 200, 80, {"type": "colorMatrix", "matrix": ROTATED}),
    modified(11, 260, 80, {"type": "saturate", "value": 0}),
    modified(12, 20, 140, {"type": "opacity", "value": 0.5}),
    modified(13, 80, 140, compositeOperation="destinationOut"),
    modified(14, 140, 140, {"type": "maskImage", "resourceId": "m"}, compositeOperation="sourceOver"),
    modified(15, 200, 140, {"type": "gaussianBlur", "radius": 0}, compositeOperation="plusDarker"),
]


def layered() -> dict[str, Any]:
    places = {one["children"][0]["id"]: (one["x"], one["y"]) for one in MODIFIED}
    squares = [shape(number, *place, 40, 40, fill=STEEL) for number, place in places.items()]
    nested = layer(900, 100, 300, 100, 100, 17, 16, modifiers=[{"type": "clip", "path": "M0 0H50V50H0Z"}])
    others = [shape(16, 100, 300, 100, 100), shape(17, 90, 290, 40, 40, fill=GREEN), shape(18, 0, 0, 360, 640)]
    between = layer(901, 0, 0, 9, 9, nested)
    root = layer(999, 0, 0, 360, 640, 1, *MODIFIED, between)
    return screen(0, *squares, *others, shape(1, 0, 0, 360, 640, fill=WHITE), layers=[*MODIFIED, nested, between, root])


LAYERED_RECTANGLES = [
    (0, 0, 360, 640, WHITE),
    (20, 20, 40, 60, STEEL),
    (80, 20, 120, 60, STEEL),
    (90, 30, 110, 50, WHITE),
    (150, 20, 190, 60, BLACK),
    (140, 20, 180, 60, STEEL),
    (210, 20, 230, 60, BLACK),
    (200, 20, 220, 60, STEEL),
    (260, 20, 280, 60, STEEL),
    (25, 75, 75, 125, BLACK),
    (20, 80, 60, 120, STEEL),
    (80, 80, 120, 120, "#6699CC"),
    (140, 80, 180, 120, "#003366"),
    (200, 80, 240, 120, "#669933"),
    (260, 80, 300, 120, "#5F5F5F"),
    (20, 140, 60, 180, "#99B2CC"),
    (140, 140, 180, 180, STEEL),
    (200, 140, 240, 180, STEEL),
    (100, 300, 150, 350, RED),
]
RELAYERED = [
    record(
        11,
        300,
        {
            "source": 10,
            "updates": [
                {"id": 999, "children": [{"type": "wireframe", "id": 1}, {"type": "layer", "id": 900}]},
                {"id": 900, "x": 120, "modifiers": [{"type": "clip", "path": "M0 0H50V50H0Z"}]},
            ],
        },
    ),
    screen_change(310, updates=[{"type": "shape", "id": 16, "shapeStyle": {"backgroundColor": BLUE}}]),
]
WEB_STYLE = f":root{{background:{GREEN}}}body{{margin:0}}p{{margin:0;width:50vw;height:20px;background:{BLUE}}}"
WEB = [
    {**one, "slotId": "77"}
    for one in (
        made.meta(10, width=200, height=100),
        record(
            2,
            20,
            {
                "node": {
                    "type": 0,
                    "id": 0,
                    "childNodes": [
                        {"type": 1, "id": 9, "name": "html", "publicId": "", "systemId": ""},
                        made.element(
                            1,
                            "html",
                            made.element(2, "head", made.element(3, "style", _cssText=WEB_STYLE)),
                            made.element(
                                4,
                                "body",
                                made.element(5, "p"),
                                made.element(6, "div", style="height:500px"),
                                made.element(7, "button", id="inner"),
                            ),
                        ),
                    ],
                },
                "initialOffset": {"top": 0, "left": 0},
            },
        ),
        made.event(
            0, 30, adds=[], removes=[], texts=[], attributes=[{"id": 5, "attributes": {"style": "height:30px"}}]
        ),
        made.event(3, 500, id=0, x=0, y=10),
    )
]
FRAME = wireframe(5, "webview", 100, 200, 200, 100, slotId="77", isVisible=True)
FRAMED = [screen(0, shape(1, 0, 0, 360, 640, fill=WHITE), FRAME, shape(6, 280, 280, 40, 40)), *WEB]
FRAMED_RECTANGLES = [
    (0, 0, 360, 640, WHITE),
    (100, 200, 300, 300, GREEN),
    (100, 200, 200, 230, BLUE),
    (280, 280, 320, 320, RED),
]
MOVED = [
    screen_change(600, updates=[{"type": "webview", "id": 5, "slotId": "77", "x": 20, "clip": {"right": 150}}]),
    screen(700, shape(1, 0, 0, 360, 640, fill=WHITE), {**FRAME, "x": 20, "clip": {"right": 150}}),
]
NEXT_PAGE = [{**json.loads(json.dumps(one).replace(BLUE, RED)), "timestamp": one["timestamp"] + 300} for one in WEB[:2]]
BACK = [screen_change(600, removes=[{"id": 5}]), screen_change(700, adds=[{"wireframe": FRAME, "previousId": 1}])]
TURNED = [record(11, 0, {"source": 4, "width": 640, "height": 360}), screen(10, shape(1, 600, 0, 100, 20))]

CASES = [
    Case("painted", [PAINTED], PAINTED_RECTANGLES),
    Case("changed", CHANGED, CHANGED_RECTANGLES),
    Case("layers", [layered()], LAYERED_RECTANGLES),
    Case("changed layers", [layered(), *RELAYERED], [(0, 0, 360, 640, WHITE), (120, 300, 170, 350, BLUE)]),
    Case("web view", FRAMED[:-1], FRAMED_RECTANGLES),
    Case(
        "web view that moved and scrolled",
        [*FRAMED, *MOVED],
        [(0, 0, 360, 640, WHITE), (20, 200, 70, 300, GREEN), (20, 200, 70, 220, BLUE)],
    ),
    Case(
        "web view with another page",
        [*FRAMED[:-1], *NEXT_PAGE],
        [*FRAMED_RECTANGLES[:2], (100, 200, 200, 220, RED), FRAMED_RECTANGLES[3]],
    ),
    Case("web view that came back", [*FRAMED[:-1], *BACK], FRAMED_RECTANGLES),
    Case("turned", TURNED, [(0, 0, 640, 360, WHITE), (600, 0, 640, 20, RED)], (640, 360)),
]
STEP = 1_000
"""Milliseconds from one case to the next."""

TAPPED_AT = len(CASES) * STEP


def recorded() -> segments.Recording:
    """All cases in one view, one after another, and a tap at the end."""
    records: list[dict[str, Any]] = []
    for number, case in enumerate(CASES):
        for one in case.records:
            records.append({**one, "timestamp": one["timestamp"] + number * STEP})
    pay = words(2, "Pay", 10, 10, 100, 40, fill=GREEN)
    records += [
        record(11, TAPPED_AT, {"source": 4, "width": WIDTH, "height": HEIGHT}),
        screen(TAPPED_AT, shape(1, 0, 0, 360, 640, fill=WHITE), pay),
        tap(TAPPED_AT + 100, "down", 50, 30),
        tap(TAPPED_AT + 150, "move", 51, 30),
        tap(TAPPED_AT + 200, "up", 51, 31),
        tap(TAPPED_AT + 900, "down", 300, 300),
    ]
    return made.phone(*records)


@pytest.fixture(scope="module")
def recording() -> segments.Recording:
    return recorded()


@pytest.fixture(scope="module")
def replay(
    recording: segments.Recording, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ReplayPage]:
    page = ReplayPage(browser, write_player(recording, tmp_path_factory.mktemp("mobile") / "replay.html"))
    yield page
    page.close()
    page.check()


def expected(case: Case) -> Image.Image:
    picture = Image.new("RGB", case.size, WHITE)
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom, color in case.rectangles:
        draw.rectangle((left, top, right - 1, bottom - 1), fill=color)
    return picture


def differing(shown: Image.Image, case: Case) -> tuple[int, int, int, int] | None:
    """The box of all pixels that differ by more than rounding."""
    assert shown.size == case.size
    return ImageChops.difference(shown, expected(case)).point(lambda value: 255 * (value > 2)).getbbox()


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
def test_the_player_shows_each_screen_pixel_by_pixel(replay: ReplayPage, number: int) -> None:
    replay.seek(number * STEP + STEP - 1)
    assert differing(replay.screenshot(), CASES[number]) is None


@pytest.mark.parametrize("number", [number for number, case in enumerate(CASES) if "scrolled" not in case.name])
def test_the_html_shows_the_same(recording: segments.Recording, browser: Browser, number: int) -> None:
    case = CASES[number]
    markup = to_html(page_at(recording.views[0], START + number * STEP + STEP - 1))
    width, height = case.size
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        page.set_content(markup)
        shown = picture_of(page)
    assert differing(shown, case) is None


def test_where_fingers_are_is_shown_and_taps_are_in_the_list(replay: ReplayPage) -> None:
    replay.seek(TAPPED_AT + 150)
    circle = replay.page.locator(".replayer-mouse")
    assert "touch-active" in (circle.get_attribute("class") or "")
    box = circle.bounding_box()
    frame = replay.page.locator("#stage iframe").bounding_box()
    assert box is not None
    assert frame is not None
    assert box["x"] + box["width"] / 2 - frame["x"] == pytest.approx(50, abs=3)
    replay.seek(TAPPED_AT + 300)
    assert "touch-active" not in (circle.get_attribute("class") or "")
    assert replay.marks("click") == ["click mobile-text “Pay”"]


def test_the_notes_say_how_the_screens_are_made(recording: segments.Recording, tmp_path: Path) -> None:
    notes = index_in(write_player(recording, tmp_path / "replay.html"))["notes"]
    assert "made from the schemas that Datadog publishes, never seen with a recording of an app" in notes[0]
    assert "2 × a layer with a mask that is uploaded separately, which is drawn without the mask" in notes
    assert not any("schemas" in note for note in index_in(write_player(made.page(), tmp_path / "web.html"))["notes"])


def test_web_views_in_views_of_their_own_are_built_whole_and_then_changed(tmp_path: Path) -> None:
    size = record(4, 0, {"width": WIDTH, "height": HEIGHT})
    screens = made.segment(size, screen(0, FRAME), screen(600, FRAME), record(7, 9_000), source="ios")
    changed = made.mutation(700, attributes=[{"id": 5, "attributes": {"style": "height:30px"}}])
    web = made.segment(*WEB, {**changed, "slotId": "77"}, source="ios", view="web")
    events, alone = events_in(write_player(segments.open(screens + web), tmp_path / "replay.html"))
    mutations = [event for event in events if event["type"] == 3 and event["data"]["source"] == 0]
    added = [(event["timestamp"] - START, one["node"]["type"]) for event in mutations for one in event["data"]["adds"]]
    # At first the frame is missing; then its page is built, and once more after the snapshot of the screen.
    assert added == [(20, 2), (20, 2), (20, 0), (600, 0)]
    attributes = [event["timestamp"] - START for event in mutations if event["data"]["attributes"]]
    assert attributes == [30, 700]
    assert [event["type"] for event in alone].count(2) == 1, "the web view alone is a timeline too"


CENTER = {"horizontal": "center", "vertical": "center"}
END = {"horizontal": "right", "vertical": "bottom"}
LONG = "many words " * 9
TEXTS = [
    words(1, "one", 10, 10, 200, 100),
    words(2, "two", 10, 10, 200, 100, textPosition={"alignment": CENTER}),
    words(3, "three", 10, 10, 200, 100, textPosition={"alignment": END}),
    words(4, "four", 10, 10, 200, 100, textPosition={"padding": {"left": 30, "top": 20}}),
    words(5, "five", 10, 10, 200, 100, textPosition={"padding": {"right": 30, "bottom": 20}, "alignment": END}),
    words(6, "six", 10, 10, 200, 100, textPosition={"padding": {"left": 300, "top": 300}}),
    words(10, LONG, 10, 10, 200, 24, font={"truncationMode": "clip"}),
    words(11, LONG, 10, 10, 200, 24, font={"truncationMode": "head"}),
    words(12, LONG, 10, 10, 200, 24, font={"truncationMode": "tail"}),
    words(13, LONG, 10, 10, 200, 24, font={"truncationMode": "middle"}),
    words(14, LONG, 10, 10, 200, 48, font={"truncationMode": "tail"}),
    words(15, LONG, 10, 10, 200, 24),
    words(16, LONG * 3, 10, 10, 200, 114, font={"truncationMode": "tail"}),
]


def test_text_is_where_it_is_aligned_and_as_long_as_its_box_allows(browser: Browser) -> None:
    recording = made.phone(screen(0, *TEXTS))
    with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}) as context:
        page = context.new_page()
        page.set_content(to_html(page_at(recording.views[0])))
        boxes: dict[str, dict[str, float]] = page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("mobile-text")].map(one => {
                const range = document.createRange();
                range.selectNodeContents(one);
                const text = range.getBoundingClientRect(), block = one.firstChild.getBoundingClientRect();
                const {left, right} = text, {top, bottom, height} = block;
                return [one.dataset.wireframe, {left, right, top, bottom, height}];
            }))"""
        )
    line = 16 * 1.2
    assert (boxes["1"]["left"], boxes["1"]["top"]) == (10, 10)
    assert boxes["2"]["left"] + boxes["2"]["right"] == pytest.approx(220, abs=0.1)
    assert boxes["2"]["top"] == pytest.approx(60 - line / 2, abs=0.1)
    assert (boxes["3"]["right"], boxes["3"]["bottom"]) == pytest.approx((210, 110), abs=0.1)
    assert (boxes["4"]["left"], boxes["4"]["top"]) == (40, 30)
    assert (boxes["5"]["right"], boxes["5"]["bottom"]) == pytest.approx((180, 90), abs=0.1)
    assert (boxes["6"]["left"], boxes["6"]["top"]) == (210, 110)
    heights = [round(boxes[str(number)]["height"] / line, 2) for number in range(10, 17)]
    assert heights[:5] == [1, 1, 1, 1, 2]
    assert heights[5] > 3, "without a mode it wraps, and is shown beyond its box"
    assert heights[6] == 6, "a line of San Francisco is 1.193 times as high as the font, of Roboto 1.172 times"


HEBREW = "שלום לכולם! נתיב ארוך מאוד לקובץ במכשיר של המשתמש בעברית"


@pytest.mark.parametrize(
    ("mode", "first_is_shown", "last_is_shown"),
    [("tail", True, False), ("clip", True, False), ("head", False, True), ("middle", True, True)],
)
def test_what_is_written_from_right_to_left_is_cut_off_at_its_own_end(
    browser: Browser, mode: str, first_is_shown: bool, last_is_shown: bool
) -> None:
    text = words(1, HEBREW, 10, 10, 200, 20, font={"truncationMode": mode})
    mixed = words(2, "Hello!\nשלום!", 10, 40, 200, 60)
    with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}) as context:
        page = context.new_page()
        page.set_content(to_html(page_at(made.phone(screen(0, text, mixed)).views[0])))
        places: list[list[float]] = page.evaluate(
            """() => [...document.querySelectorAll("mobile-text")].map(one => {
                const places = [], texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
                while (texts.nextNode())
                    for (let at = 0; at < texts.currentNode.length; at++) {
                        const range = document.createRange();
                        range.setStart(texts.currentNode, at);
                        range.setEnd(texts.currentNode, at + 1);
                        places.push(range.getBoundingClientRect().left);
                    }
                return places;
            })"""
        )
    letters, both = places
    assert (10 <= letters[0] < 210) is first_is_shown
    assert (10 <= letters[-1] < 210) is last_is_shown
    assert both[5] > both[4], "the exclamation mark is at the right in English"
    assert both[-1] < both[-2], "and at the left in Hebrew"


def test_hostile_wireframes_run_nothing_and_request_nothing(
    open_page: Any, canary: Canary, tmp_path: Path, browser: Browser
) -> None:
    bad = f"url({canary.url}/x)"
    markup = f'"><img src="{canary.url}/y" onerror="alert(1)"><script>alert(1)</script>'
    svg = base64.b64encode(
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{canary.url}/z"/></svg>'.encode()
    ).decode()
    hostile = [
        words(1, markup, 0, 0, 90, 90, font={"family": f"x;background:{bad}", "color": bad}, permanentId=markup),
        wireframe(2, "placeholder", 0, 0, 9, 9, label=markup),
        wireframe(3, "image", 0, 0, 9, 9, base64=svg, mimeType="image/svg+xml", resourceId=canary.url),
        wireframe(4, "image", 0, 0, 9, 9, base64=f'{pixel(RED)}" onload="alert(1)'),
        filled(5, 0, 0, 9, 9, backgroundColor=bad, backgroundGradient=halves(bad, bad, (0, 0), (1, 1))),
        wireframe(6, "webview", 0, 0, 90, 90, slotId=markup),
        shape(7, 0, 0, 9, 9, border={"color": bad, "width": 9}),
    ]
    kinds = ({"type": "clip", "path": f'M0 0"),{bad}'}, {"type": "maskImage", "resourceId": canary.url}, {"type": bad})
    layers = [layer(9, 0, 0, 9, 9, *range(1, 8), modifiers=list(kinds), compositeOperation=bad)]
    inner = {
        **made.snapshot(2, made.element(50, "img", src=f"{canary.url}/w"), made.element(51, "script")),
        "slotId": markup,
    }
    recording = made.phone(screen(0, *hostile), screen(1, *hostile, layers=layers), inner, record(7, 5))
    replay = open_page(write_player(recording, tmp_path / "replay.html"))
    replay.seek(replay.total)
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(dialog.message))
        page.set_content(to_html(page_at(recording.views[0])))
        page.wait_for_load_state("load")
    assert [url for url in asked if not url.startswith("data:")] == []
