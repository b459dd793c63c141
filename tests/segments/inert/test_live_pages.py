"""Recorded pages of our own in Chromium: all outputs show them as they were live, at each moment that was saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page
from rum_replay import segments

from ..browsing import picture_of
from ..live_pages import CANVAS, COMPONENTS, LAYOUT, MOTION, SEE, LivePage, Snap
from ..player.replay_page import ReplayPage

# They turn all the time, and records are some milliseconds late.
TURNING = ("#spinner", "#wheel")
# What is fixed to the viewport, sticks to it, or is in elements that scroll.
FIXED, STICKY = ("#chat",), ("#top", "#menu", "#search", "#aside", "#shadow >>> #bold")
INSIDE = ("#inner", "#in-inner", "#in-outer")
# In 16 ms, a frame, what moves fastest moves this far.
OPACITY = 0.05


@pytest.fixture(scope="module")
def played(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[LivePage], ReplayPage]]:
    """Opens a page in the player, once."""
    pages: dict[LivePage, ReplayPage] = {}

    def play(live: LivePage) -> ReplayPage:
        if live not in pages:
            path = tmp_path_factory.mktemp("player") / f"{live.name}.html"
            pages[live] = ReplayPage(browser, segments.write_player(live.recording, path))
        return pages[live]

    yield play
    for page in pages.values():
        page.close()
        page.check()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 480, "height": 360}) as context:
        yield context.new_page()


def seen_at(page: ReplayPage, snap: Snap) -> dict[str, Any]:
    page.seek(snap.time - page.start)
    seen: dict[str, Any] = page.in_frame(SEE)
    return seen


def off(live: dict[str, list[float]], seen: dict[str, Any]) -> dict[str, Any]:
    """The boxes that are elsewhere by more than a pixel: where they were, and where they are."""
    found = {name: seen[name]["box"] if name in seen else None for name in live}
    return {name: (box, found[name]) for name, box in live.items() if found[name] != pytest.approx(box, abs=1)}


@pytest.mark.parametrize("live", [LAYOUT, COMPONENTS, CANVAS], ids=lambda live: live.name)
def test_the_player_lays_a_page_out_as_it_was_at_each_moment(
    live: LivePage, played: Callable[[LivePage], ReplayPage]
) -> None:
    replay = played(live)
    for snap in [*live.snaps, *reversed(live.snaps)]:
        shown = seen_at(replay, snap)
        assert off(snap.boxes(), shown["seen"]) == {}, snap.picture.name
        assert shown["scroll"] == pytest.approx(snap.scroll, abs=1)
        scrolled = {name: one["scroll"] for name, one in shown["seen"].items() if "scroll" in one}
        assert scrolled == {name: one["scroll"] for name, one in snap.seen.items() if "scroll" in one}


def test_what_moves_is_at_each_moment_where_it_was_also_when_seeking_backwards(
    played: Callable[[LivePage], ReplayPage],
) -> None:
    replay, moved = played(MOTION), set[str]()
    for snap in [*MOTION.snaps, *reversed(MOTION.snaps)]:
        shown = seen_at(replay, snap)["seen"]
        assert off(snap.boxes(*TURNING), shown) == {}, snap.picture.name
        for name, one in snap.seen.items():
            assert shown[name]["opacity"] == pytest.approx(one["opacity"], abs=OPACITY), (snap.picture.name, name)
            assert shown[name]["visibility"] == one["visibility"]
            if 0.1 < one["opacity"] < 0.9:
                moved.add(name)
        for name in set(TURNING) & snap.seen.keys():
            # What was inserted at a known time; since when the other one turns is not known.
            if name == "#wheel":
                assert turn(shown[name]) == pytest.approx(turn(snap.seen[name]), abs=0.1)
    assert moved == {"#panel", "#message", "#still", "#box >>> #added"}


def turn(one: dict[str, Any]) -> list[float]:
    return [float(number) for number in one["transform"].removeprefix("matrix(").removesuffix(")").split(",")]


def test_the_end_of_a_canvas_page_is_drawn_as_it_was(played: Callable[[LivePage], ReplayPage]) -> None:
    replay = played(CANVAS)
    for snap in CANVAS.snaps:
        replay.seek(snap.time - replay.start)
        assert difference(replay.screenshot(), snap.picture) < 1
    assert difference(replay.screenshot(), CANVAS.snaps[0].picture) > 2
    assert replay.page.locator("#notes").is_hidden()


def difference(shown: Image.Image, picture: Path) -> float:
    """The mean difference in levels of 255. The SDK compresses drawings with losses: 0.4 was measured."""
    with Image.open(picture) as file:
        return ImageStat.Stat(ImageChops.difference(shown, file.convert("RGB")).convert("L")).mean[0]


@pytest.mark.parametrize("live", [LAYOUT, COMPONENTS, CANVAS], ids=lambda live: live.name)
def test_markup_has_the_boxes_of_each_moment(live: LivePage, page: Page, tmp_path: Path) -> None:
    for snap in live.snaps:
        path = tmp_path / "page.html"
        path.write_text(segments.to_html(segments.page_at(live.recording.views[0], snap.time)), encoding="utf-8")
        page.goto(path.as_uri())
        assert off(on_page(snap), page.evaluate(f"({SEE})(document)")["seen"]) == {}, snap.picture.name
        if live is CANVAS:
            assert difference(picture_of(page), snap.picture) < 1


@pytest.mark.parametrize("live", [LAYOUT, COMPONENTS, CANVAS], ids=lambda live: live.name)
def test_a_heatmap_has_the_boxes_of_each_moment(live: LivePage, page: Page, tmp_path: Path) -> None:
    for snap in live.snaps:
        path = segments.heatmap_of(live.recording, at=snap.time).write_html(tmp_path / "heat.html")
        page.goto(path.as_uri())
        shown = page.frames[1].locator("html").evaluate(f"html => ({SEE})(html.ownerDocument)")
        assert off(on_page(snap), shown["seen"]) == {}, snap.picture.name
        assert "<dt>Drawings</dt>" not in path.read_text(encoding="utf-8")


def on_page(snap: Snap) -> dict[str, list[float]]:
    """The boxes from the top left corner of the page, as far as markup can say where they are.

    It cannot say how far the page or an element was scrolled: what is in scrolled elements is elsewhere, and so is what
    sticks to the viewport once the page was scrolled.
    """
    without = [*FIXED, *(INSIDE if any("scroll" in one for one in snap.seen.values()) else [])]
    left, top = snap.scroll
    boxes = snap.boxes(*without, *(STICKY if top else []))
    return {name: [x + left, y + top, width, height] for name, (x, y, width, height) in boxes.items()}


def test_what_moves_is_at_its_end_in_markup_and_heatmaps(page: Page, tmp_path: Path) -> None:
    for snap in (MOTION.snaps[0], MOTION.snaps[6], MOTION.snaps[-1]):
        path = tmp_path / "page.html"
        path.write_text(segments.to_html(segments.page_at(MOTION.recording.views[0], snap.time)), encoding="utf-8")
        page.goto(path.as_uri())
        markup = page.evaluate(f"({SEE})(document)")["seen"]
        heat = segments.heatmap_of(MOTION.recording, at=snap.time).write_html(tmp_path / "heat.html")
        page.goto(heat.as_uri())
        shown = page.frames[1].locator("html").evaluate(f"html => ({SEE})(html.ownerDocument)")["seen"]
        assert shown == markup
        # The message leaves once its last button was clicked; the panel changes between two states.
        ends = {name: one["opacity"] for name, one in markup.items() if name != "#panel"}
        assert ends == {name: 0 if name == "#message" and snap == MOTION.snaps[-1] else 1 for name in ends}
        assert {markup["#panel"]["opacity"]} <= {0, 1}
        assert {one["transform"] for one in markup.values()} <= {"none", "matrix(1, 0, 0, 1, 0, 0)"}
