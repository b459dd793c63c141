"""Dialogs and popovers in the player: above everything else or not, whatever is sought."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments

from .. import made
from ..hostile import tag, text
from .chunked import WHOLE, write_in_chunks
from .replay_page import ReplayPage

STYLE = """
body { margin: 0 } #long { height: 3000px } dialog { padding: 0; border: 0 }
dialog { display: block; opacity: 0 } dialog[open] { opacity: 1 }
dialog::backdrop { background: rgb(0 0 255) } dialog p { width: 100px; height: 40px; margin: 0 }
"""
LOOK = """page => Object.fromEntries([...page.querySelectorAll("dialog[open]")].map(one => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [one.id, [one.matches(":modal"), x, y, width, height]];
}))"""
INSERTED = tag("dialog", tag("p"), id="inserted", open="")
CLOSED = tag("dialog", tag("p"), id="closed")
WRITTEN = tag("dialog", tag("p"), id="written", open="")
LONG = tag("div", id="long")
CENTERED = [True, 450, 330, 100, 40]
IN_PLACE = [False, 450, 3_000, 100, 40]


def opened(at: float, value: str | None = "", id: int = CLOSED["id"]) -> dict[str, Any]:
    return made.mutation(at, attributes=[{"id": id, "attributes": {"open": value}}])


def moved(at: float, id: int) -> dict[str, Any]:
    return made.event(1, at, positions=[{"x": 1, "y": 1, "id": id, "timeOffset": 0}])


def page() -> segments.Recording:
    snapshot = made.snapshot(0, tag("style", text(STYLE)), LONG, CLOSED, WRITTEN)
    body = snapshot["data"]["node"]["childNodes"][0]["childNodes"][0]
    del body["childNodes"][:4]
    return made.recording(
        made.meta(),
        snapshot,
        *(made.click(900, LONG["id"]), opened(1_000), moved(1_100, CLOSED["id"]), opened(2_000, None)),
        *(made.click(2_900, LONG["id"]), opened(3_000)),
        *(moved(3_200, LONG["id"]), moved(3_500, LONG["id"]), opened(4_000, None)),
        made.click(4_900, LONG["id"]),
        made.mutation(5_000, adds=[{"parentId": made.BODY, "nextId": None, "node": INSERTED}]),
        made.click(5_650, INSERTED["id"]),
        *(opened(5_700, None, WRITTEN["id"]), opened(5_800, id=WRITTEN["id"])),
        made.click(6_000, INSERTED["id"]),
    )


@pytest.fixture(params=["whole", "in chunks", "undone"])
def replay(open_page: Callable[[Path], ReplayPage], tmp_path: Path, request: pytest.FixtureRequest) -> ReplayPage:
    """In one chunk, in one for each record, and with a history as large pages have."""
    path = write_in_chunks(page(), tmp_path / "replay.html", 1 if request.param == "in chunks" else WHOLE)
    replay = open_page(path)
    if request.param == "undone":
        replay.page.evaluate("() => { largePage = 0; player.shown = null; }")
        replay.seek(0)
    return replay


AT = {
    500: {},
    1_500: {"closed": CENTERED},
    2_500: {},
    3_100: {"closed": CENTERED},
    3_800: {"closed": IN_PLACE},
    4_500: {},
    5_500: {"inserted": CENTERED},
    5_900: {"inserted": CENTERED},
}


def test_modal_dialogs_are_above_everything_else(replay: ReplayPage) -> None:
    for at in [*sorted(AT), *sorted(AT, reverse=True), 5_500, 500, 1_500, 3_800, 3_100, 1_500, 500]:
        replay.seek(at)
        seen = replay.in_frame(LOOK)
        assert seen.pop("written")[:1] == [at > 5_800]
        assert seen == AT[at], at


def test_the_backdrop_is_that_of_the_page(replay: ReplayPage) -> None:
    for at in (1_500, 2_500, 1_500, 500):
        replay.seek(at)
        assert replay.screenshot().getpixel((20, 20)) == ((0, 0, 255) if at == 1_500 else (255, 255, 255)), at


@pytest.mark.parametrize("at", [1_500, 5_500])
def test_keys_still_control_the_player(replay: ReplayPage, at: int) -> None:
    replay.seek(at)
    replay.page.keyboard.press("End")
    replay.settle()
    assert replay.position == replay.total
    assert replay.page.evaluate("() => document.activeElement.localName") != "iframe"


MENU_STYLE = """
body { margin: 0 } .menu { width: 100px; height: 40px; padding: 0; border: 0; inset: 10px auto auto 20px; margin: 0 }
#menu { position: absolute } .menu:popover-open { background: rgb(0 0 255) }
#cover { position: relative; z-index: 1000; background: red; height: 200px }
"""
ITEM, INNER_ITEM = tag("p"), tag("p")
MENU = tag("div", ITEM, id="menu", popover="auto", **{"class": "menu"})
INNER = tag("div", INNER_ITEM, id="inner", popover="", **{"class": "menu"})
SHADOW = {"type": 11, "id": 990, "isShadowRoot": True, "childNodes": [tag("style", text(MENU_STYLE)), INNER]}
POPOVERS = """page => {
    const all = [page.getElementById("menu"), page.querySelector("x-host").shadowRoot.getElementById("inner")];
    return all.filter(one => one.checkVisibility()).map(one => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return [one.id, x, y, width, height, page.defaultView.getComputedStyle(one).backgroundColor];
    });
}"""
SHOWN = [20, 10, 100, 40, "rgb(0, 0, 255)"]


@pytest.mark.parametrize("bytes_of_chunk", [1, WHOLE])
def test_popovers_are_above_everything_else_while_they_are_used(
    open_page: Callable[[Path], ReplayPage], tmp_path: Path, bytes_of_chunk: int
) -> None:
    style = "position: relative; left: 300px; height: 5px; overflow: hidden; transform: scale(2)"
    around = tag("div", MENU, style=style)
    snapshot = made.snapshot(0, tag("style", text(MENU_STYLE)), around, tag("x-host", SHADOW), tag("div", id="cover"))
    del snapshot["data"]["node"]["childNodes"][0]["childNodes"][0]["childNodes"][:4]
    moves = {1_000: ITEM["id"], 2_000: made.BODY, 3_000: INNER_ITEM["id"], 4_000: made.BODY}
    recording = made.recording(made.meta(), snapshot, *(moved(at, node) for at, node in moves.items()))
    replay = open_page(write_in_chunks(recording, tmp_path / "player.html", bytes_of_chunk))
    at = {500: [], 1_500: [["menu", *SHOWN]], 2_500: [], 3_500: [["inner", *SHOWN]], 4_050: []}
    for mode in ("built", "undone"):
        if mode == "undone":
            replay.page.evaluate("() => { largePage = 0; player.shown = null; }")
        for time in (*at, *reversed(at)):
            replay.seek(time)
            assert replay.in_frame(POPOVERS) == at[time], (mode, time)
    replay.seek(1_500)
    assert replay.screenshot().getpixel((30, 20)) == (0, 0, 255)
    replay.seek(2_500)
    assert replay.screenshot().getpixel((30, 20)) == (255, 0, 0)
