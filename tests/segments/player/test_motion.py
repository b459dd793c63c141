"""Animations and transitions in the player: at any time they are where they were, whatever is sought before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments

from .. import made
from ..hostile import tag, text
from .chunked import WHOLE, write_in_chunks
from .replay_page import ReplayPage

FADE = "@keyframes fade { from { opacity: 0 } to { opacity: 1 } }"
STYLE = """
@keyframes fade { from { opacity: 0 } to { opacity: 1 } } @keyframes leave { to { opacity: 0 } }
#entry { animation: fade 400ms both } #endless { animation: fade 1s linear infinite }
#unfilled { opacity: .5; animation: fade 1s linear } #delayed { animation: fade 1s linear .5s both }
#leaving { animation: leave 1s linear forwards } #held { animation: fade 10s linear -4s paused both }
#long, .go { animation: fade 20s linear both } #pulse { animation: fade 1s linear infinite }
#before::before { content: "x"; animation: fade 1s linear both }
#changing { transition: opacity 1s linear } .dark #changing { opacity: 0 }
body::after { content: ""; display: block; height: 3000px }
@starting-style { #starting { opacity: 0 } } #starting { transition: opacity 1s linear }
#scrolled { animation: fade 1s linear both; animation-timeline: scroll() }
#twice { animation: fade 800ms linear both } .dark #twice { animation: fade 800ms linear both, leave 1s linear both }
#lasting { animation: fade 8s linear both }
#freed { opacity: .5; animation: fade 800ms linear both } .dark #freed { animation: none }
"""
INSERTED, DARK, BRIGHT, RULED = 2_000, 3_000, 3_500, 4_000
"""Milliseconds after the snapshot at which elements are inserted, the page becomes dark and bright, and gets a rule."""

SHEET, HOST = 50, 80
NAMES = (
    "unfilled",
    "delayed",
    "leaving",
    "held",
    "long",
    "pulse",
    "before",
    "starting",
    "scrolled",
    "twice",
    "freed",
    "lasting",
)

LOOK = """page => {
    const opacity = (one, pseudo) => one && Number(page.defaultView.getComputedStyle(one, pseudo).opacity);
    const seen = {};
    for (const one of page.querySelectorAll("[id]")) seen[one.id] = opacity(one, one.id === "before" ? "::before" : "");
    seen.shadow = opacity(page.getElementById("host")?.shadowRoot.querySelector("b"));
    seen.adopted = opacity(page.getElementById("adopter")?.shadowRoot.querySelector("b"));
    return seen;
}"""


def page() -> segments.Recording:
    style = tag("style", _cssText=STYLE)
    style["id"] = SHEET
    classed = tag("p", text("x"), id="classed")
    start = [style, classed, *(tag("p", text("x"), id=name) for name in ("entry", "endless", "changing", "ruled"))]
    added = [tag("p", text("x"), id=name) for name in NAMES]
    for number, one in enumerate(added):
        one["id"], one["childNodes"] = 60 + number, []
    inner = "@keyframes in { from { opacity: 0 } } b { animation: in 1s linear }"
    children = [made.element(HOST + 2, "style", _cssText=inner), made.element(HOST + 3, "b")]
    shadow = {"type": 11, "id": HOST + 1, "isShadowRoot": True, "childNodes": children}
    host = made.element(HOST, "div", shadow, id="host")
    adopting = {"type": 11, "id": HOST + 11, "isShadowRoot": True, "childNodes": [made.element(HOST + 12, "b")]}
    adopting["adoptedStyleSheets"] = [{"cssRules": inner.replace("} b", "}|b").split("|")}]
    adopter = made.element(HOST + 10, "div", adopting, id="adopter")
    adds = [{"parentId": made.BODY, "nextId": None, "node": one} for one in [*added, host, adopter]]
    return made.recording(
        made.meta(),
        made.snapshot(0, *start),
        made.mutation(INSERTED, adds=adds, attributes=[{"id": classed["id"], "attributes": {"class": "go"}}]),
        made.mutation(DARK, attributes=[{"id": made.BODY, "attributes": {"class": "dark"}}]),
        made.mutation(BRIGHT, attributes=[{"id": made.BODY, "attributes": {"class": None}}]),
        made.event(8, RULED, id=SHEET, adds=[{"rule": "#ruled { animation: fade 1s linear }", "index": 0}]),
        made.click(15_000),
    )


def expected(at: float) -> dict[str, float]:
    """The opacity of all elements at a time, in milliseconds after the snapshot."""

    def risen(start: float, length: float = 1_000) -> float:
        return min(1, max(0, (at - start) / length))

    seen: dict[str, Any] = {
        "entry": 1,  # since when is not known
        "endless": at % 1_000 / 1_000,  # the same
        "changing": 1 - risen(DARK) if at < BRIGHT else 0.5 + risen(BRIGHT) if at < BRIGHT + 500 else 1,
        "classed": risen(INSERTED, 20_000) if at >= INSERTED else 1,
        "ruled": risen(RULED) if at >= RULED else 1,
        **dict.fromkeys(("pay", "name", "agree", "other"), 1),
        "shadow": None,
        "adopted": None,
    }
    if at >= INSERTED:
        seen |= {
            "unfilled": risen(INSERTED) if at < INSERTED + 1_000 else 0.5,
            "delayed": risen(INSERTED + 500),
            "leaving": 1 - risen(INSERTED),
            "held": 0.4,
            "long": risen(INSERTED, 20_000),
            "pulse": (at - INSERTED) % 1_000 / 1_000,
            "before": risen(INSERTED),
            "starting": risen(INSERTED),
            "scrolled": 0,  # to the top
            "lasting": risen(INSERTED, 8_000),
            "twice": 1 - risen(DARK) if DARK < at <= BRIGHT else risen(INSERTED, 800),
            "freed": 0.5 if DARK < at <= BRIGHT else risen(INSERTED if at <= DARK else BRIGHT, 800),
            "host": 1,
            "shadow": risen(INSERTED),
            "adopter": 1,
            "adopted": risen(INSERTED),
        }
    return seen


@pytest.fixture
def moving(open_page: Callable[[Path], ReplayPage], tmp_path: Path) -> ReplayPage:
    return open_page(segments.write_player(page(), tmp_path / "replay.html"))


@pytest.fixture(params=["whole", "in chunks", "undone", "held"])
def divided(open_page: Callable[[Path], ReplayPage], tmp_path: Path, request: pytest.FixtureRequest) -> ReplayPage:
    """The same in one chunk, in one for each record, with a history as large pages have, and as if much moved there."""
    path = write_in_chunks(page(), tmp_path / "replay.html", 1 if request.param == "in chunks" else WHOLE)
    replay = open_page(path)
    if request.param in ("undone", "held"):
        replay.page.evaluate("() => { largePage = 0; player.shown = null; }")
        replay.seek(0)
    if request.param == "held":
        replay.page.evaluate("() => { slowListing = 0; }")
    return replay


def test_at_any_time_the_page_looks_as_it_did_then(divided: ReplayPage) -> None:
    assert divided.in_frame(LOOK)["entry"] == 1
    forward = [250, 1_800, 2_000, 2_250, 2_700, 2_950, 3_200, 3_499, 3_600, 3_900, 4_300, 5_100, 12_300]
    between = [
        2_700,
        2_250,
        12_300,
        2_250,
        14_000,
        9_000,
        12_500,
        4_300,
        4_200,
        4_900,
    ]  # 4,200 changes nothing but animations
    for sought in (*forward, *reversed(forward), *between):
        divided.seek(sought)
        # The player shows what happened up to and in this millisecond.
        assert divided.in_frame(LOOK) == pytest.approx(expected(sought + 1), abs=0.001), sought


def test_while_playing_animations_run_at_its_speed_and_pausing_keeps_what_is_seen(moving: ReplayPage) -> None:
    states = """page => [page, page.getElementById("host").shadowRoot].flatMap(root => root.getAnimations())
        .filter(one => one.timeline === page.timeline && one.effect.target.id !== "held")
        .filter(one => one.playState !== "finished").map(one => [one.playState, one.playbackRate])"""
    moving.seek(2_100)
    assert {state for state, _ in moving.in_frame(states)} == {"paused"}
    for speed in (0.5, 4):
        moving.page.get_by_label("Speed").select_option(str(speed))
        if speed == 0.5:
            moving.page.locator("#play").click()
        moving.page.wait_for_function(
            "until => Number(document.getElementById('position').value) > until", arg=moving.position + 100
        )
        moving.settle()
        assert set(map(tuple, moving.in_frame(states))) == {("running", speed)}
    moving.page.locator("#play").click()
    moving.settle()
    at = moving.position
    shown, known = moving.in_frame(LOOK), expected(at)
    # A transition that is reversed begins where the last frame showed it.
    del shown["changing"], known["changing"]
    assert shown == pytest.approx(known, abs=0.02)
    moving.settle()
    assert moving.in_frame(LOOK).items() >= shown.items()
    moving.seek(at)
    sought, known = moving.in_frame(LOOK), expected(at + 1)
    del sought["changing"], known["changing"]
    assert sought == pytest.approx(known, abs=0.02)


def test_what_moves_in_a_new_snapshot_does_not_begin_anew_while_playing(
    open_page: Callable[[Path], ReplayPage], tmp_path: Path
) -> None:
    shown = [tag("style", _cssText=STYLE), tag("p", id="entry"), tag("p", id="long")]
    later = [tag("style", _cssText=STYLE), tag("p", id="entry"), tag("p", id="pulse")]
    recording = made.recording(
        made.meta(), made.snapshot(0, *shown), made.meta(1_000), made.snapshot(1_000, *later), made.click(60_000)
    )
    replay = open_page(segments.write_player(recording, tmp_path / "replay.html"))
    replay.seek(950)
    replay.page.get_by_label("Speed").select_option("0.5")
    replay.page.locator("#play").click()
    replay.page.wait_for_function(
        "() => document.querySelector('#stage iframe').contentDocument.getElementById('pulse') !== null"
    )
    seen = replay.in_frame(LOOK)
    assert (seen["entry"], "long" in seen) == (1, False)
    replay.page.locator("#play").click()


def test_the_last_changes_are_replayed_one_by_one_up_to_a_limit(
    open_page: Callable[[Path], ReplayPage], tmp_path: Path
) -> None:
    """In a storm of changes, what began long before is where its record says, and other things at their end."""
    style = tag("style", _cssText=STYLE)
    added = tag("p", id="delayed")
    added["id"] = 60
    storm = [
        made.mutation(3_000 + number, attributes=[{"id": made.OTHER, "attributes": {"title": str(number)}}])
        for number in range(500)
    ]
    recording = made.recording(
        made.meta(),
        made.snapshot(0, style),
        made.mutation(2_900, adds=[{"parentId": made.BODY, "nextId": None, "node": added}]),
        *storm,
        made.click(9_000),
    )
    replay = open_page(segments.write_player(recording, tmp_path / "replay.html"))
    replay.seek(3_599)
    assert replay.in_frame(LOOK)["delayed"] == pytest.approx(0.2, abs=0.001)
    first = replay.page.evaluate("start => player.motion.firstStep(start + 3500) - start", made.START)
    assert 3_400 <= first < 3_500


@pytest.mark.parametrize(
    ("css", "length"),
    [
        ("p{color:red}", 0),
        ("p{transition:color .3s}", 1_000),
        ("p{transition:color 1.5s ease 500ms}", 2_000),
        ("p{animation:turn 90s linear infinite}", 1_000),
        ("p{animation:turn 90s}", 5_000),
        ("p{animation-name:in;animation-duration:3000ms}", 3_000),
        (":root{--slow:4s}p{transition:opacity 2s}", 2_000),
        (":root{--slow:4s}p{transition:opacity var(--slow)}", 4_000),
        ("p{transition:opacity var(--slow)}:root{--slow:4s}", 4_000),
        ("p{animation:turn calc(var(--slow) * 1.5) cubic-bezier(9, 8, 7, 6)}:root{--slow:2s}", 3_000),
        ("p{animation-name:in;animation-duration:900ms;animation-delay:2s}", 2_900),
        ("p{animation:.5s steps(9, end) 8 in}", 4_000),
        ("p{animation:in .5s}b{animation-iteration-count:4}", 2_000),
        ("p{animation-name:in-9;animation-duration:1.5s}", 1_500),
    ],
)
def test_as_much_is_replayed_as_the_style_sheets_ask_for(css: str, length: int, tmp_path: Path) -> None:
    style = tag("style", _cssText=css)
    recording = made.recording(made.meta(), made.snapshot(0, style), made.click(5))
    path = segments.write_player(recording, tmp_path / "replay.html")
    found = re.search(r'id="index">(.*?)</script>', path.read_text(encoding="utf-8"))
    assert found is not None
    assert json.loads(found[1])["timelines"][0]["motion"] == length


def test_what_began_at_a_record_that_was_not_replayed_runs_when_that_time_is_sought(
    open_page: Callable[[Path], ReplayPage], tmp_path: Path
) -> None:
    """Something around it was shown; after a seek to long after that, it is only known that it has ended."""
    panel = tag("div", tag("p", id="entry"), style="display:none")
    recording = made.recording(
        made.meta(),
        made.snapshot(0, tag("style", _cssText=f"{FADE} #entry {{ animation: fade 1s linear both }}"), panel),
        made.mutation(1_000, attributes=[{"id": panel["id"], "attributes": {"style": None}}]),
        made.mutation(9_000, attributes=[{"id": made.BODY, "attributes": {"title": "x"}}]),
        made.click(12_000),
    )
    replay = open_page(segments.write_player(recording, tmp_path / "replay.html"))
    for sought in (9_500, 2_499, 1_699, 8_000, 1_299):
        replay.seek(sought)
        assert replay.in_frame(LOOK)["entry"] == pytest.approx(min(1, (sought - 999) / 1_000), abs=0.001), sought


@pytest.mark.parametrize("is_undone", [False, True])
def test_a_transition_that_had_ended_when_a_time_was_sought_runs_when_its_own_time_is_sought(
    is_undone: bool, open_page: Callable[[Path], ReplayPage], tmp_path: Path
) -> None:
    """A dialog that fades in and out again: after a seek, what ended before that is no longer to be seen."""
    style = tag("style", _cssText="#pay { opacity: 0; transition: opacity .2s linear } #pay.show { opacity: 1 }")
    recording = made.recording(
        made.meta(),
        made.snapshot(0, style),
        made.mutation(2_000, attributes=[{"id": made.BUTTON, "attributes": {"class": "show"}}]),
        made.mutation(5_000, attributes=[{"id": made.BUTTON, "attributes": {"class": None}}]),
        made.click(9_000),
    )
    replay = open_page(segments.write_player(recording, tmp_path / "replay.html"))
    if is_undone:
        replay.page.evaluate("() => { largePage = 0; player.shown = null; }")
    for sought, opacity in ((6_000, 0), (3_099, 1), (2_099, 0.5), (1_000, 0), (6_000, 0), (4_500, 1), (2_099, 0.5)):
        replay.seek(sought)
        assert replay.in_frame(LOOK)["pay"] == pytest.approx(opacity, abs=0.01), sought


@pytest.mark.parametrize("first", [1_100, 2_100, 4_000])
def test_what_had_ended_goes_on_when_a_class_lets_it_last_longer(
    first: int, open_page: Callable[[Path], ReplayPage], tmp_path: Path
) -> None:
    """For browsers, it is the same animation if it has the same name."""
    sheet = f"{FADE} .short {{ animation: fade .4s both }} .long {{ animation: fade 1s linear infinite }}"
    recording = made.recording(
        made.meta(),
        made.snapshot(0, tag("style", _cssText=sheet)),
        made.mutation(1_000, attributes=[{"id": made.BUTTON, "attributes": {"class": "short"}}]),
        made.mutation(2_000, attributes=[{"id": made.BUTTON, "attributes": {"class": "long"}}]),
        made.click(5_000),
    )
    replay = open_page(segments.write_player(recording, tmp_path / "replay.html"))
    for sought, opacity in ((first, None), (2_299, 0.3), (4_599, 0.6), (2_699, 0.7)):
        replay.seek(sought)
        seen = replay.in_frame(LOOK)["pay"]
        if opacity is not None:
            assert seen == pytest.approx(opacity, abs=0.01), sought
    replay.settle()
    assert replay.in_frame(LOOK)["pay"] == seen


@pytest.mark.parametrize(
    ("css", "at", "change", "opacity"),
    [
        ("#moving { animation: fade 1s linear both }", made.OTHER + 1, {"class": "stop"}, 0.4),
        ("#moving { animation: fade 1s linear both }", made.OTHER + 1, {"style": "animation-play-state: paused"}, 0.4),
        ("#moving { animation: fade 1s linear infinite }", made.BODY, {"class": "stop"}, 0.4),
        ("#moving { animation: fade 300ms linear both }", made.OTHER + 1, {"class": "stop"}, 1),
        ("#moving { animation: fade 1s linear both paused }", made.BODY, {"class": "dark"}, 0),
        ("#moving { animation: fade 1s linear both paused }", made.OTHER, {"class": "dark"}, 0),
    ],
)
@pytest.mark.parametrize("size", [1, WHOLE])
def test_what_a_class_or_style_has_paused_long_ago_is_where_it_was(
    css: str,
    at: int,
    change: dict[str, str],
    opacity: float,
    size: int,
    open_page: Callable[[Path], ReplayPage],
    tmp_path: Path,
) -> None:
    added = made.element(made.OTHER + 1, "p", id="moving")
    sheet = f"{FADE} {css} .stop, .stop #moving {{ animation-play-state: paused !important }}"
    recording = made.recording(
        made.meta(),
        made.snapshot(0, tag("style", _cssText=sheet)),
        made.mutation(1_000, adds=[{"parentId": made.BODY, "nextId": None, "node": added}]),
        made.mutation(1_400, attributes=[{"id": at, "attributes": change}]),
        made.mutation(8_000, attributes=[{"id": made.OTHER, "attributes": {"title": "x"}}]),
        made.click(12_000),
    )
    replay = open_page(write_in_chunks(recording, tmp_path / "replay.html", size))
    for sought in (9_000, 11_000, 3_000, 1_700):
        replay.seek(sought)
        assert replay.in_frame(LOOK)["moving"] == pytest.approx(opacity, abs=0.001), sought


def test_what_moves_where_browsers_list_nothing_is_as_after_its_end(
    open_page: Callable[[Path], ReplayPage], tmp_path: Path
) -> None:
    sheet = (
        "details::details-content { height: 0; transition: height 9s } details[open]::details-content { height: 70px }"
    )
    details = tag("details", tag("summary"))
    recording = made.recording(
        made.meta(),
        made.snapshot(0, tag("style", _cssText=f"{sheet} summary {{ height: 30px }}"), details),
        made.mutation(1_000, attributes=[{"id": details["id"], "attributes": {"open": ""}}]),
        made.click(9_000),
    )
    replay = open_page(segments.write_player(recording, tmp_path / "replay.html"))
    replay.seek(1_100)
    (box,) = replay.boxes("details")
    assert box["bottom"] - box["top"] == 100
