"""Hostile pages in all three outputs, in a browser that notes requests, scripts and navigation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import attrs
import pytest
from playwright.sync_api import Browser, Dialog, Page, Request, Route
from rum_replay import segments

from .. import made
from ..browsing import Canary
from ..hostile import hostile_elements, hostile_entries, hostile_sheets, tag, text

# What Chromium loads of the hostile elements where no script runs: something of each kind.
LOADED = {
    *("/audio/src", "/iframe/src", "/image/srcset", "/img/srcset", "/table/background", "/video/poster", "/video/src"),
    *("/from-html", "/image", "/input", "/object", "/preload", "/shadow", "/sheet.css", "/source"),
    *(f"/css/{number}/background/{kind}" for number in (0, 1, 2, 4, 5, 6, 9) for kind in ("inline", "sheet", "svg")),
    *("/css/0/border-image-source/inline", "/css/0/content/inline", "/css/0/list-style-image/inline"),
    *("/css/0/mask-image/inline", "/css/0/shape-outside/inline", "/import/0", "/import/1", "/in-style", "/reference"),
}


def as_markup(recording: segments.Recording, path: Path) -> Path:
    path.write_text(segments.to_html(segments.page_at(recording.views[0])), encoding="utf-8", errors="replace")
    return path


def as_player(recording: segments.Recording, path: Path) -> Path:
    return segments.write_player(recording, path)


def as_heatmap(recording: segments.Recording, path: Path) -> Path:
    return segments.heatmap_of(recording).write_html(path)


Write = Callable[[segments.Recording, Path], Path]
every_output = pytest.mark.parametrize("write", [as_markup, as_player, as_heatmap])


@attrs.define(slots=False)  # Playwright marks methods.
class Watched:
    """A page in Chromium, and everything that it did."""

    page: Page
    did: list[str] = attrs.field(factory=list[str])

    def open(self, path: Path) -> None:
        """Open a file and wait until it is shown."""
        page = self.page
        page.context.on("page", lambda other: self.did.append(f"opened {other.url}"))
        page.on("dialog", self._dismiss)
        page.on("console", lambda message: self.did.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.did.append(f"error: {error}"))
        page.on("download", lambda download: self.did.append(f"downloaded {download.url}"))
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
        self.draw()

    def draw(self) -> None:
        """Wait for two frames."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def note_request(self, request: Request) -> None:
        """All but the embedded images, and documents that are a part of the page."""
        if not request.url.startswith(("data:image/", "data:audio/", "about:srcdoc")):
            self.did.append(f"requested {request.url[:200]}")

    def _dismiss(self, dialog: Dialog) -> None:
        self.did.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context()
    one = Watched(context.new_page())
    context.on("request", one.note_request)
    yield one
    context.close()


def hostile_page(url: str) -> segments.Recording:
    """A page of everything hostile, and with a sheet that script adopted."""
    adopted = made.change(
        2, [7, [f"@import '{url}/a';p{{background:url({url}/adopted)}}", [f"all{{dt{{background:url({url}/media)}}"]]]
    )
    attach = made.change(3, [8, [made.ROOT, 0]])
    snapshot = made.snapshot(0, *hostile_elements(url), *hostile_entries(url))
    return made.recording(made.meta(), snapshot, adopted, attach, made.click(5))


@every_output
def test_a_hostile_page_runs_nothing_requests_nothing_and_navigates_nowhere(
    write: Write, canary: Canary, tmp_path: Path, watched: Watched
) -> None:
    path = write(hostile_page(canary.url), tmp_path / "page.html")
    watched.open(path)
    if write is as_markup:
        # The others show the page in a frame that cannot be used.
        assert watched.page.locator("form").count() >= 4
        watched.page.evaluate("""() => {
            for (const form of document.forms) form.requestSubmit();
            for (const button of document.querySelectorAll("button, input[type=image]")) button.click();
        }""")
        assert watched.page.evaluate("[...document.links].every(link => link.href == 'about:blank')")
    if write is as_player:
        position = watched.page.locator("#position:enabled")
        position.fill(position.get_attribute("max") or "")
    watched.draw()
    assert watched.page.url == path.as_uri()
    assert watched.did == [f"requested {path.as_uri()}"]


@every_output
def test_no_order_of_pieces_of_css_loads_anything(
    write: Write, canary: Canary, tmp_path: Path, watched: Watched
) -> None:
    hosts = [sheet_in_shadow(sheet) for sheet in hostile_sheets(canary.url, 600)]
    path = write(made.recording(made.meta(), made.snapshot(0, *hosts), made.click(5)), tmp_path / "page.html")
    watched.open(path)
    assert watched.did == [f"requested {path.as_uri()}"]


def sheet_in_shadow(sheet: str) -> dict[str, Any]:
    root = {
        "type": 11,
        "id": tag("x")["id"],
        "isShadowRoot": True,
        "childNodes": [tag("style", text(sheet)), tag("b", text("x"))],
    }
    return tag("x-host", root)


def test_the_same_elements_as_recorded_make_all_these_requests(browser: Browser, tmp_path: Path) -> None:
    """Or else the tests above would see nothing in any markup. Scripts and refreshes would lead away at once."""
    url = "http://server.test"
    elements = [one for one in hostile_elements(url) if one["tagName"].lower() != "meta"]
    sheets = map(sheet_in_shadow, hostile_sheets(url, 600))
    path = tmp_path / "page.html"
    path.write_text("".join(map(recorded_markup, [*sheets, *hostile_entries(url), *elements])), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    asked: set[str] = set()

    def refuse(route: Route) -> None:
        asked.add(route.request.url.removeprefix(url))
        route.abort()

    context.route(f"{url}/**", refuse)
    page = context.new_page()
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    context.close()
    random = {address for address in asked if address.startswith("/sheet/")}
    assert len(random) >= 100
    assert asked - random >= LOADED


def recorded_markup(node: dict[str, Any]) -> str:
    if node["type"] == 3:
        return str(node["textContent"])
    inner = "".join(map(recorded_markup, node["childNodes"]))
    if node["type"] == 11:
        return f'<template shadowrootmode="open">{inner}</template>'
    attributes = "".join(f' {name}="{escape(str(value))}"' for name, value in node["attributes"].items())
    return f"<{node['tagName']}{attributes}>{inner}</{node['tagName']}>"
