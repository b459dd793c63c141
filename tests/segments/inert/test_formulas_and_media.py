"""Formulas, films and strings in style sheets: all outputs show them as the live page did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page
from rum_replay import segments

from .. import made
from ..browsing import picture_of
from .test_boxes import SERIALIZE, changes

FORMULA = (
    '<math id="NAMEmath" display="block"><semantics><mrow><mfrac><mi>x</mi><msqrt><mn>2</mn></msqrt></mfrac><mo>+</mo>'
    "<mtext><b>bold</b> <span>text</span></mtext><munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>0</mn></mrow>"
    '<mi>n</mi></munderover><mspace width="2em"/><menclose notation="box"><mi>a</mi></menclose></mrow>'
    '<annotation-xml encoding="text/html"><p>as <i>HTML</i></p></annotation-xml>'
    '<annotation-xml encoding="MathML-Content"><apply><plus/><ci>x</ci></apply></annotation-xml>'
    '<annotation-xml encoding="image/svg+xml"><svg width="9" height="9"><rect width="9" height="9"/></svg>'
    "</annotation-xml></semantics></math>"
)
TEXT = r"""'url(x) → q @import "y"; /* no \"comment */ \28 \'src(' /* a comment */ 'image-set('"""
FILM = 'width="200" height="80" style="background:#9bd;display:inline-block"'
PAGE = (
    f"<!DOCTYPE html><html><head><style>body {{ margin: 8px; font: 16px/20px sans-serif }} mfrac {{ color: #a00 }}"
    f"#place::before {{ content: {TEXT} }}</style>"
    f"</head><body><p>{FORMULA.replace('NAME', 'first')}</p><mi id='html'>not MathML</mi>"
    f'<p><video id="bare" {FILM}></video><video id="with" controls {FILM}></video></p>'
    f'<p><video id="loses" controls {FILM}></video><video id="gets" {FILM}></video></p>'
    '<audio id="sound"></audio><audio id="player" controls></audio>'
    f'<x-shadow><template shadowrootmode="open"><video id="inside" {FILM}></video></template></x-shadow>'
    '<span id="place"></span></body></html>'
)
CHANGE = f"""() => {{
    const find = id => document.getElementById(id);
    find("loses").controls = false; find("gets").controls = true;
    find("place").innerHTML = {FORMULA.replace("NAME", "late")!r};
}}"""
NAMES = """page => [...page.querySelectorAll("math, math *, mi, svg")].map(one => {
    const {x, y, width, height} = one.getBoundingClientRect();
    return [one.localName, one.namespaceURI.split("/").at(-1), ...[x, y, width, height].map(Math.round)];
})"""
TEXT_SHOWN = "html => getComputedStyle(html.querySelector('#place'), '::before').content"
BLUE = (0x99, 0xBB, 0xDD)


def films(frame: Frame) -> list[bool]:
    """Whether each film is nothing but its background."""
    shots = [picture_of(frame.locator(f"#{name}")) for name in ("bare", "with", "loses", "gets", "inside")]
    colors = [shot.getcolors(1 << 16) for shot in shots]
    return [(200 * 80, BLUE) in (counts or ()) for counts in colors]


def in_markup(recording: segments.Recording, path: Path, page: Page) -> Frame:
    # In a frame without scripts, as in the other outputs.
    path.with_name("markup.html").write_text(segments.to_html(segments.page_at(recording.views[0])), encoding="utf-8")
    path.write_text(
        '<iframe sandbox="allow-same-origin" width="1000" height="700" src="markup.html"></iframe>', encoding="utf-8"
    )
    page.goto(path.as_uri())
    return page.frames[1]


def in_heatmap(recording: segments.Recording, path: Path, page: Page) -> Frame:
    page.goto(segments.heatmap_of(recording).write_html(path).as_uri())
    page.locator("input[type=checkbox]").uncheck()  # the clicks
    return page.frames[1]


def in_player(recording: segments.Recording, path: Path, page: Page) -> Frame:
    page.goto(segments.write_player(recording, path).as_uri())
    position = page.locator("#position:enabled")
    for offset in ("2000", "0", "400", "2000"):  # To the changes, back, and there again.
        position.fill(offset)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.frames[1]


@pytest.fixture(scope="module")
def live(browser: Browser) -> tuple[segments.Recording, list[Any], str]:
    """A page that changes, as recorded, and what was there afterwards."""
    with browser.new_context(viewport={"width": 1000, "height": 700}) as context:
        page = context.new_page()
        page.set_content(PAGE)
        before = page.evaluate(SERIALIZE)
        page.evaluate(CHANGE)
        after = page.evaluate(SERIALIZE)
        names = page.evaluate(f"({NAMES})(document)")
        text = page.locator("html").evaluate(TEXT_SHOWN)
    snapshot = made.record(2, 0, {"node": before, "initialOffset": {"top": 0, "left": 0}})
    records = [made.meta(), snapshot, changes(before, after), made.click(2000)]
    assert "url(x) → q @import" in text
    return made.recording(*records), names, text


@pytest.mark.parametrize("show", [in_markup, in_player, in_heatmap])
def test_formulas_films_and_strings_in_styles_are_as_they_were(
    show: Callable[[segments.Recording, Path, Page], Frame],
    live: tuple[segments.Recording, list[Any], str],
    browser: Browser,
    tmp_path: Path,
) -> None:
    recording, names, text = live
    assert [name for name, namespace, *_ in names if name == "mi" and namespace == "xhtml"] == ["mi"]
    assert sum(namespace == "MathML" for _, namespace, *_ in names) > 40
    with browser.new_context(viewport={"width": 1600, "height": 1100}) as context:
        frame = show(recording, tmp_path / "page.html", context.new_page())
        shown = frame.locator("html").evaluate(f"html => ({NAMES})(html.ownerDocument)")
        assert [one[:2] for one in shown] == [one[:2] for one in names]
        assert shown == [[*one[:2], *(pytest.approx(length, abs=1) for length in one[2:])] for one in names]
        assert frame.locator("html").evaluate(TEXT_SHOWN) == text
        assert films(frame) == [True, False, True, False, True]
