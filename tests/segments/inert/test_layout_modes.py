"""Pages of any document type, or of none: all outputs lay them out as browsers did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rum_replay import segments
from rum_replay.segments.heatmap._document import page_document

from .. import made
from .test_boxes import SERIALIZE

STRICT, LOOSE = (f"http://www.w3.org/TR/xhtml1/DTD/xhtml1-{name}.dtd" for name in ("strict", "transitional"))
DOCTYPES = [
    None,
    ("html", "", ""),
    ("html", "", "about:legacy-compat"),
    ("other", "", ""),
    ("html", "-//W3C//DTD HTML 4.01//EN", "http://www.w3.org/TR/html4/strict.dtd"),
    ("html", "-//W3C//DTD HTML 4.01 Transitional//EN", ""),
    ("html", "-//W3C//DTD HTML 4.01 Transitional//EN", "http://www.w3.org/TR/html4/loose.dtd"),
    ("html", "-//w3c//dtd html 4.01 frameset//en", ""),
    ("html", "-//W3C//DTD HTML 4.0 Transitional//EN", "http://www.w3.org/TR/html4/loose.dtd"),
    ("html", "-//W3C//DTD XHTML 1.0 Strict//EN", STRICT),
    ("html", "-//W3C//DTD XHTML 1.0 Transitional//EN", LOOSE),
    ("html", "-//W3C//DTD XHTML 1.1//EN", ""),
    ("html", "-//W3C//DTD HTML 3.2 Final//EN", ""),
    ("html", "-//W3C//DTD W3 HTML//EN", ""),
    ("html", "-//W3O//DTD W3 HTML 3.0//EN//", ""),
    ("html", "-/W3C/DTD HTML 4.0 Transitional/EN", ""),
    ("html", "-//IETF//DTD HTML 2.0//EN", ""),
    ("html", "-//Netscape Comm. Corp.//DTD Strict HTML//EN", ""),
    ("html", "-//SoftQuad//DTD HoTMetaL PRO 4.0::19971010::extensions to HTML 4.0//EN", ""),
    ("html", "HTML", ""),
    ("html", "any", "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd"),
]
IMAGE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='90' height='40'/%3E"
BODY = (
    f'<table><tr><td><img src="{IMAGE}"></td></tr></table><div style="height:50%"><p style="height:50%">é</p></div>'
    '<p style="font-size:30px"><span style="font-size:9px">small</span></p>'
)
LOOK = """html => [html.ownerDocument.compatMode, ...[...html.querySelectorAll("body *")].map(one => {
    const {x, y, width, height} = one.getBoundingClientRect();
    return [x, y, width, height];
})]"""


def live(page: Page, doctype: tuple[str, str, str] | None, attributes: str) -> tuple[segments.Recording, Any]:
    name, public, system = doctype or ("", "", "")
    ids = f' PUBLIC "{public}"' if public else " SYSTEM" if system else ""
    text = f"<!DOCTYPE {name}{ids}" + (f' "{system}">' if system else ">") if name else ""
    page.set_content(f"{text}<html{attributes}><head></head><body>{BODY}</body></html>")
    node = page.evaluate(SERIALIZE)
    if doctype is not None:
        node["childNodes"][0] |= {"publicId": public, "systemId": system}
    recording = made.recording(
        made.meta(), made.record(2, 0, {"node": node, "initialOffset": {"top": 0, "left": 0}}), made.click(5)
    )
    return recording, page.locator("html").evaluate(LOOK)


def shown(recording: segments.Recording, page: Page, folder: Path) -> dict[str, Any]:
    """How a recording looks, by the file that shows it."""
    replay = segments.write_player(recording, folder / "replay.html")
    heatmap = segments.heatmap_of(recording).write_html(folder / "heat.html")
    found: dict[str, Any] = {}
    for path in (replay, heatmap):
        page.goto(path.as_uri())
        if path is replay:
            page.locator("#position:enabled").wait_for()
        found[path.name] = page.frames[-1].locator("html").evaluate(LOOK)
    (folder / "page.html").write_text(segments.to_html(segments.page_at(recording.views[0])), encoding="utf-8")
    page.set_viewport_size({"width": 1000, "height": 700})
    page.goto((folder / "page.html").as_uri())
    found["page.html"] = page.locator("html").evaluate(LOOK)
    return found


@pytest.mark.parametrize("doctype", DOCTYPES, ids=str)
@pytest.mark.parametrize("attributes", ["", ' xmlns="http://www.w3.org/1999/xhtml"'])
def test_pages_are_laid_out_as_their_document_type_says(
    doctype: tuple[str, str, str] | None, attributes: str, browser: Browser, tmp_path: Path
) -> None:
    with browser.new_context(viewport={"width": 1000, "height": 700}) as context:
        page = context.new_page()
        recording, expected = live(page, doctype, attributes)
        page.set_viewport_size({"width": 1500, "height": 1000})
        found = shown(recording, page, tmp_path)
    assert {name: one for name, one in found.items() if one != expected} == {}


def test_pages_that_are_too_long_for_an_address_are_shown_all_the_same() -> None:
    assert 'srcdoc="<p>' in page_document(f"<p>{'x' * 2_000_000}", (9, 9)).replace("&lt;p&gt;", "<p>")
    assert 'src="data:' in page_document("<p>x", (9, 9))
