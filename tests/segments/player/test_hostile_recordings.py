"""Recordings made to attack those who play them: nothing runs, nothing is requested, nothing leaves the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rum_replay import segments
from rum_replay.segments.player import write_player

from .. import made
from ..browsing import Canary
from ..hostile import hostile_elements, ids, svg, tag, text
from .replay_page import ReplayPage

OpenPage = Callable[[Path], ReplayPage]


def play_all(recording: segments.Recording, path: Path, open_page: OpenPage) -> ReplayPage:
    """A page with the recording, after showing its start and end and playing it."""
    page = open_page(write_player(recording, path / "replay.html"))
    page.seek(page.total)
    page.seek(0)
    page.page.keyboard.press("k")
    page.page.locator("#play:not(.playing)").wait_for()
    return page


def test_markup_in_a_snapshot_runs_nothing_and_requests_nothing(
    canary: Canary, tmp_path: Path, open_page: OpenPage
) -> None:
    elements = hostile_elements(canary.url)
    page = play_all(made.recording(made.meta(), made.snapshot(0, *elements), made.click(300)), tmp_path, open_page)
    assert page.in_frame("page => page.querySelectorAll('body > *').length") >= len(elements)
    assert page.in_frame("page => page.querySelectorAll('script').length") == 0
    assert (
        page.in_frame(
            "page => [...page.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => /^_?on/.test(n))"
        )
        == []
    )


def test_markup_added_later_runs_nothing_and_requests_nothing(
    canary: Canary, tmp_path: Path, open_page: OpenPage
) -> None:
    elements = [*hostile_elements(canary.url), tag("constructor", text("found in every object"))]
    adds = [{"node": one, "parentId": made.BODY, "nextId": None} for one in elements]
    page = play_all(made.page(made.mutation(100, adds=adds), made.click(300)), tmp_path, open_page)
    page.seek(page.total)
    templates = page.in_frame("page => [...page.querySelectorAll('template')].map(one => one.childNodes.length)")
    # Only the recorded one has a child, a script, which is a placeholder as well.
    assert (len(templates) >= 10, sum(templates)) == (True, 1)
    assert page.in_frame("page => page.querySelectorAll('x-unknown').length") == 1


def test_attributes_rules_and_texts_set_later_run_nothing_and_request_nothing(
    canary: Canary, tmp_path: Path, open_page: OpenPage
) -> None:
    url = canary.url
    image, frame, link, style, form = (tag(name) for name in ("img", "iframe", "a", "style", "form"))
    css = text("a{color:red}")
    style["childNodes"].append(css)
    shapes = svg("svg", svg("image"))
    attributes = {
        image["id"]: {"src": f"{url}/a", "srcset": f"{url}/b", "onerror": "alert(1)"},
        frame["id"]: {"src": f"{url}/c", "srcdoc": "<script>alert(1)</script>"},
        link["id"]: {"href": "javascript:alert(1)", "ping": url, "style": f"background:url({url}/d)"},
        style["id"]: {"_cssText": f"@import '{url}/e';b{{background:url({url}/f)}}"},
        form["id"]: {"action": f"{url}/g", "onsubmit": "alert(1)"},
        shapes["childNodes"][0]["id"]: {"href": f"{url}/h", "xlink:href": f"{url}/i"},
    }
    page = play_all(
        made.recording(
            made.meta(),
            made.snapshot(0, image, frame, link, style, form, shapes, tag("b", text("x")), tag("i", text("x"))),
            made.mutation(100, attributes=[{"id": one, "attributes": changes} for one, changes in attributes.items()]),
            made.mutation(110, texts=[{"id": css["id"], "value": f"a{{background:url({url}/j)}}"}]),
            made.event(8, 120, id=style["id"], adds=[{"rule": f"i{{background:url({url}/k)}}", "index": 0}]),
            made.click(300),
        ),
        tmp_path,
        open_page,
    )
    page.seek(page.total)
    names = page.in_frame("page => page.querySelector('img').getAttributeNames()")
    was = {"data-replay-was-src", "data-replay-was-srcset"}
    assert set(names) == {"data-replay-missing", "data-replay-unsized", *was}
    assert page.in_frame("page => page.querySelector('a').getAttribute('href')") == "about:blank"


def test_changes_of_the_newer_format_run_nothing_and_request_nothing(
    canary: Canary, tmp_path: Path, open_page: OpenPage
) -> None:
    url = canary.url
    nodes = [
        1,
        [None, "#document"],
        [1, "HTML"],
        [1, "BODY"],
        [1, "SCRIPT", ["src", f"{url}/script"]],
        [2, "IMG", ["src", f"{url}/image"], ["onerror", "alert(1)"]],
        [3, "A", ["href", "javascript:alert(1)"]],
        [4, "svg>svg", ["onload", "alert(1)"]],
        [1, "svg>script", ["href", f"{url}/svg"]],
    ]
    sheets = [[7, [f"@import '{url}/import';p{{background:url({url}/p)}}"]], [8, [0, 0]]]
    snapshot = made.record(2, 0, [nodes, *sheets], format=1)
    later = made.change(
        100, [3, [4, ["src", f"{url}/set"]]], [1, [7, "IFRAME", ["srcdoc", "<script>alert(1)</script>"]]]
    )
    play_all(made.recording(made.meta(), snapshot, later, made.click(300)), tmp_path, open_page)


def test_the_policy_of_the_page_would_stop_requests_of_the_recorded_page(
    canary: Canary, tmp_path: Path, open_page: OpenPage
) -> None:
    page = open_page(write_player(made.recording(made.meta(), made.snapshot()), tmp_path / "replay.html"))
    page.in_frame("(page, [url]) => { page.body.style.background = `url(${url}/missed)` }", canary.url)
    page.settle()
    requests = [one for one in page.offenses if not one.startswith("a request")]
    assert requests
    assert all("Content Security Policy" in one for one in requests)
    page.offenses.clear()


def test_names_that_browsers_reject_are_replaced(tmp_path: Path, open_page: OpenPage) -> None:
    odd = ["a b", "<script>", "1", "", "a:b:c", "é\u0000", "x" * 5000, "constructor", "__proto__"]
    elements = [tag(name, **{"a b": "1", "1": "2", "": "3", "@click": "4", "__proto__": "5"}) for name in odd]
    elements += [svg(name) for name in odd]
    doctype = {"type": 1, "id": next(ids), "name": "a b>", "publicId": '">', "systemId": "'"}
    snapshot = made.snapshot(0, *elements)
    snapshot["data"]["node"]["childNodes"].insert(0, doctype)
    page = play_all(made.recording(made.meta(), snapshot, made.click(300)), tmp_path, open_page)
    # All but the long one, in HTML and in SVG.
    assert page.in_frame("page => page.querySelectorAll('x-unknown').length") == 2 * (len(odd) - 1)


def test_the_style_of_a_hidden_element_is_as_written_after_seeking_too(tmp_path: Path, open_page: OpenPage) -> None:
    style = "font-family:'a;b:c';color:\nred;content:'\\\n;x'"
    size = {"rr_width": "9px", "rr_height": "8px"}
    early, late = tag("p", text("x"), style=style), tag("p", text("x"), style=style, **size)
    add = {"parentId": made.BODY, "nextId": None, "node": late}
    hide = {"id": early["id"], "attributes": {**size, "style": f"{style};top:0"}}
    resize = {"id": late["id"], "attributes": {"rr_height": "7px"}}
    records = [made.mutation(50, adds=[add]), made.mutation(100, attributes=[hide, resize]), made.click(200)]
    page = play_all(made.recording(made.meta(), made.snapshot(0, early), *records), tmp_path, open_page)
    shown = "page => [...page.querySelectorAll('p')].map(one => [one.getAttribute('style'), one.dataset.replayHidden])"
    expected = [[f"{style};top:0;width:9px;height:8px", ""], [f"{style};width:9px;height:7px", ""]]
    assert page.in_frame(shown) == expected
    page.seek(0)
    page.seek(page.total)
    assert page.in_frame(shown) == expected


def test_documents_other_than_html_are_shown_as_far_as_possible(tmp_path: Path, open_page: OpenPage) -> None:
    odd_roots: list[dict[str, Any]] = [
        {"type": 0, "id": 0, "childNodes": []},
        {"type": 0, "id": 0, "childNodes": [text("text"), {**svg("svg", svg("circle", r="5"))}]},
        {"type": 0, "id": 0, "childNodes": [tag("html"), tag("html", tag("body")), text("x"), {"type": 4, "id": 3}]},
        tag("div", text("no document")),
        {
            "type": 0,
            "id": 0,
            "childNodes": [tag("html", tag("body", {"type": 4, "id": 5}, {"type": 0, "id": 7, "childNodes": []}))],
        },
        {"type": 3, "id": 0, "textContent": "only text"},
    ]
    records: list[dict[str, Any]] = [made.meta()]
    for number, root in enumerate(odd_roots):
        data = {"node": root, "initialOffset": {"top": 0, "left": 0}}
        records += [made.record(2, number * 20, data), made.click(number * 20 + 5, id=root["id"])]
    page = play_all(made.recording(*records), tmp_path, open_page)
    page.seek(70)
    assert page.in_frame("page => page.body.textContent") == "no document"


def test_a_document_nested_too_deeply_for_browsers_is_cut_and_noted(tmp_path: Path, open_page: OpenPage) -> None:
    nodes = [1, [None, "#document"], [1, "HTML"], [1, "BODY"], *([1, "DIV"] for _ in range(4000))]
    snapshot = made.record(2, 0, [nodes], format=1)
    later = made.change(50, [1, [1, "P"], [0, "P"]])  # below the deepest
    page = play_all(made.recording(made.meta(), snapshot, later, made.click(90)), tmp_path, open_page)
    assert 500 < page.in_frame("page => page.querySelectorAll('div').length") < 520
    assert page.in_frame("page => page.querySelectorAll('p').length") == 0
    assert "in places where the player cannot build them" in (page.page.locator("#notes").text_content() or "")


def test_absurd_numbers_neither_stop_nor_freeze_the_player(tmp_path: Path, open_page: OpenPage) -> None:
    page = play_all(
        made.recording(
            made.meta(width=1e9, height=-5),
            made.snapshot(),
            made.event(4, 10, width=0, height=1e300),
            made.event(3, 20, id=made.ROOT, x=1e300, y=-1e300),
            made.event(3, 30, id=9999, x=1, y=1),
            made.event(1, 40, positions=[]),
            made.event(1, 50, positions=[{"x": 1e300, "y": 0, "id": 12345, "timeOffset": -1e300}]),
            made.event(2, 60, type=77, id=made.BODY, x=1, y=1),
            made.event(2, 70, type=2, id=-5),
            made.event(7, 80, id=made.BODY, type=0),
            made.event(8, 90, id=made.BODY, adds=[{"rule": "a{", "index": [9, 9]}], removes=[{"index": -1}]),
            made.mutation(91, texts=[{"id": 100, "value": "x"}]),
            made.event(8, 92, id=made.BODY, adds=[{"rule": "a{}", "index": 0}]),
            made.record(9, 95, {"frustrationTypes": ["rage_click"] * 3, "recordIds": [1, 2]}),
            made.record(12, 96, [[6, [0, 1, 2]], [99, 1], [2, 4444]]),
            made.click(-(10**15)),
            made.record(3, 1e300, {"source": 2, "type": 2, "id": 1}),
        ),
        tmp_path,
        open_page,
    )
    assert page.total == 96 + 100
