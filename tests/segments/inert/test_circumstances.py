"""CSS that asks how a page is shown gets the answers of the live page: scripts, the focus, what was in view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from rum_replay import segments
from rum_replay.segments import _inert as inert

from .. import made
from ..hostile import tag
from .test_boxes import in_heatmap, in_markup, in_player, measured, page, tab

__all__ = ["page", "tab"]

Show = Callable[[segments.Recording, Path, Page], list[Any]]
every_output = pytest.mark.parametrize("show", [in_markup, in_player, in_heatmap])


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("@media (scripting: enabled){a{b:c}}", "@media (min-width:0){a{b:c}}"),
        ("@media screen and ( SCRIPTING ){a{}}", "@media screen and (min-width:0){a{}}"),
        ("@media not (scripting:none){a{}}", "@media not (max-width:0){a{}}"),
        ("@media (scripting: initial-only), print{a{}}", "@media (max-width:0), print{a{}}"),
        ("a{content:'(scripting: none)'}", r"a{content:'\28 scripting: none)'}"),
        ("a{content-visibility: auto;b:c}", "a{contain: layout style paint;b:c}"),
        ("content-visibility:AUTO !important", "contain:layout style paint !important"),
        ("a{content-visibility:hidden}", "a{content-visibility:hidden}"),
        (
            "a{animation:b linear;animation-timeline: scroll(root)}",
            "a{animation:b linear;--replay-by-scrolling:1e7s;animation-timeline: scroll(root)}",
        ),
        ("a{animation-timeline:view()}", "a{animation-timeline:view()}"),
        *[
            (f"@supports {asked} {{a{{color:red}}}}", f"@supports {asked} {{a{{color:red}}}}")
            for asked in ("(animation-timeline: scroll())", "not ( animation-timeline:scroll(root))")
        ],
    ],
)
def test_what_depends_on_how_a_page_is_shown_is_written_as_it_was(css: str, expected: str) -> None:
    assert inert.css(css) == expected


def test_media_queries_in_attributes_are_those_of_the_page() -> None:
    assert inert.attributes("source", {"media": "(scripting: none)"}) == {"media": "(max-width:0)"}
    assert inert.attribute("style", "media", "print") == "print"


@every_output
def test_scripts_ran_and_everything_was_laid_out(show: Show, page: Page, tmp_path: Path) -> None:
    css = """
        body { margin: 0 } .case > * { height: 50px } @media (scripting: none) { .hidden { display: none } }
        @media (scripting: enabled) { .enabled { height: 90px } }
        .later { height: auto !important; content-visibility: auto; contain-intrinsic-size: 1px 700px }
        .later b { display: block; height: 30px; margin: 10px 0 }
    """
    names = ["hidden", "enabled", *["later"] * 20]
    cases = (tag("div", tag("b"), **{"class": name}) for name in names)
    styles = [tag("style", _cssText=css), tag("style", _cssText=".hidden { display: none }", media="(scripting: none)")]
    recording = made.recording(
        made.meta(), made.snapshot(0, *styles, tag("div", *cases, **{"class": "case"})), made.click(2)
    )
    [boxes] = show(recording, tmp_path / "page.html", page)
    assert [box[3] for box in boxes[1::2]] == [50, 90, *[50] * 20]


@every_output
def test_what_moves_by_scrolling_is_where_nothing_is_scrolled(show: Show, page: Page, tmp_path: Path) -> None:
    css = """
        @keyframes shrink { from { height: 80px } to { height: 20px } }
        .case { height: 2000px } .case div { height: 40px; animation: shrink linear both; animation-timeline: scroll() }
    """
    case = tag("div", tag("div", tag("i")), **{"class": "case"})
    recording = made.recording(made.meta(), made.snapshot(0, tag("style", _cssText=css), case), made.click(2))
    [boxes] = show(recording, tmp_path / "page.html", page)
    assert boxes[1][3] == 80
    page.wait_for_timeout(1000)  # Nothing goes on by time either, however slowly.
    assert measured(page.frames[-1])[0][1][3] == 80


@every_output
@pytest.mark.parametrize(
    ("records", "is_open"),
    [
        ([made.event(2, 3, type=5, id=501)], True),
        ([made.event(2, 3, type=5, id=501), made.event(2, 4, type=6, id=501)], False),
        ([made.event(2, 3, type=5, id=501), made.mutation(4, removes=[{"parentId": 500, "id": 501}])], False),
    ],
)
def test_menus_are_open_as_long_as_the_focus_is_in_them(
    show: Show, records: list[Any], is_open: bool, page: Page, tmp_path: Path
) -> None:
    css = """
        .menu { display: none; height: 70px } .case:focus-within .menu { display: block }
        a:focus-visible { padding-left: 100px } a:focus { display: block; height: 30px }
    """
    link = made.element(501, "a", {"type": 3, "id": 502, "textContent": "Menu"}, href="#")
    case = made.element(500, "div", link, made.element(503, "div", **{"class": "menu"}), **{"class": "case"})
    recording = made.recording(
        *(made.meta(), made.snapshot(0, tag("style", _cssText=css), case), made.event(2, 2, type=1, id=501, x=1, y=1)),
        *(*records, made.click(5)),
    )
    [boxes] = show(recording, tmp_path / "page.html", page)
    if show is in_player:
        position = page.locator("#position:enabled")
        position.fill(position.get_attribute("max") or "")
        [boxes] = page.evaluate(MEASURE_IN_PLAYER)
    menu = boxes[-1]
    assert menu[3] == (70 if is_open else 0)
    if is_open:
        assert boxes[1][3] == 30


@every_output
@pytest.mark.parametrize(
    ("focused", "expected"),
    [(501, ["auto", "none", "none"]), (502, ["none", "none", "none"]), (505, ["none", "none", "auto"])],
)
def test_browsers_frame_what_has_the_focus_unless_the_page_styles_that(
    show: Show, focused: int, expected: list[str], page: Page, tmp_path: Path
) -> None:
    shadow = {"type": 11, "id": 504, "isShadowRoot": True, "childNodes": [made.element(505, "input")]}
    component = {**made.element(503, "x-field", shadow), "isShadowHost": True}
    fields = (made.element(501, "input"), made.element(502, "input", style="outline: none"), component)
    recording = made.recording(
        *(made.meta(), made.snapshot(0, made.element(500, "div", *fields, **{"class": "case"}))),
        *(made.event(2, 1, type=5, id=focused), made.click(5)),
    )
    show(recording, tmp_path / "page.html", page)
    if show is in_player:
        position = page.locator("#position:enabled")
        position.fill(position.get_attribute("max") or "")
    styles = """() => [...document.querySelectorAll('.case > *')]
        .map(one => getComputedStyle(one.shadowRoot?.querySelector('input') ?? one).outlineStyle)"""
    if show is in_player:
        styles = styles.replace("document", "document.querySelector('#stage iframe').contentDocument")
    assert (page if show is in_player else page.frames[-1]).evaluate(styles) == expected


MENUS = (
    ".menu { display: none } .case:hover > .menu { display: block } .menu:not(:HOVER) { color: red }",
    ".case:not(:hover) > .menu { display: none }",
    ".case { & > .menu { display: none } &:hover > .menu { display: block } }",
)
INNER_MENUS = (
    ":host(:not(:hover)) ::slotted(.menu) { display: none }",
    ".inner:not(:hover) ::slotted(.menu) { display: none }",
)


@pytest.mark.parametrize("show", [in_markup, in_player])
@pytest.mark.parametrize("under_mouse", [None, 501, 503, 600])
@pytest.mark.parametrize(("css", "inner_css"), [*((css, "") for css in MENUS), *(("", css) for css in INNER_MENUS)])
def test_menus_are_open_while_the_mouse_is_on_what_opens_them(
    show: Show, under_mouse: int | None, css: str, inner_css: str, page: Page, tmp_path: Path
) -> None:
    css = ".menu { height: 70px }" + css
    link = made.element(501, "a", {"type": 3, "id": 502, "textContent": "Menu"}, href="#")
    menu = made.element(503, "div", {"type": 3, "id": 504, "textContent": "Item"}, **{"class": "menu"})
    sheets = [{"cssRules": [inner_css]}]
    inner = made.element(510, "div", made.element(511, "slot"), **{"class": "inner"})
    root = {"type": 11, "id": 509, "isShadowRoot": True, "adoptedStyleSheets": sheets, "childNodes": [inner]}
    case = made.element(500, "div", link, menu, *([root] if inner_css else []), **{"class": "case"})
    position = {"x": 1, "y": 1, "id": under_mouse, "timeOffset": 0}
    recording = made.recording(
        *(made.meta(), made.snapshot(0, tag("style", _cssText=css), case, made.element(600, "p"))),
        *(() if under_mouse is None else (made.event(1, 3, positions=[position]),)),
        made.event(3, 50, id=made.ROOT, x=0, y=0),
    )
    [boxes] = show(recording, tmp_path / "page.html", page)
    if show is in_player:
        slider = page.locator("#position:enabled")
        slider.fill(slider.get_attribute("max") or "")
        [boxes] = page.evaluate(MEASURE_IN_PLAYER)
    assert boxes[-1][3] == (70 if under_mouse in (501, 503) else 0)


MEASURE_IN_PLAYER = """() => [...document.querySelector("#stage iframe").contentDocument.querySelectorAll(".case")].map(
    one => [one, ...one.querySelectorAll("*")].map(each => Object.values(each.getBoundingClientRect().toJSON())))"""


@pytest.mark.parametrize("show", [in_markup, in_heatmap])
def test_nothing_changes_gradually_while_style_sheets_come_one_after_another(
    show: Show, page: Page, tmp_path: Path
) -> None:
    recording = made.recording(
        made.meta(),
        made.snapshot(
            0,
            tag("style", _cssText=".case div { transition: all 100s }"),
            tag("div", tag("div", tag("i")), **{"class": "case"}),
            tag("style", _cssText=".case div { height: 40px }"),
        ),
        made.click(2),
    )
    show(recording, tmp_path / "page.html", page)
    frame = page.frames[-1]
    frame.locator("html").evaluate("html => html.querySelectorAll('style')[1].append('.case div { height: 9px }')")
    assert measured(frame)[0][1][3] == 9
