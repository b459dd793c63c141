"""What recorded pages do if neither a policy nor a sandbox protects people who open them: still nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path

import attrs
import pytest
from playwright.sync_api import Browser, Dialog, Page, Route
from rum_replay import segments

from .. import made
from ..attacks import ANIMATIONS, ATTRIBUTES, DECLARATIONS, ELEMENTS, SHEETS, attacked
from ..browsing import Canary

# Written out once more: what no page that we write may contain.
FORBIDDEN = {
    *("animate", "animatecolor", "animatemotion", "animatetransform", "applet", "base", "discard", "embed", "frame"),
    *("frameset", "noembed", "noframes", "noscript", "object", "param", "script", "set"),
}

# What is in the recorded page, in all its shadow roots: `name name=value …` of each element.
_INSIDE = """page => {
    const found = [], roots = [page];
    for (const root of roots) for (const one of root.querySelectorAll("*")) {
        if (one.shadowRoot) roots.push(one.shadowRoot);
        const names = [one.localName.toLowerCase().split(":").at(-1)];
        for (const {name, value} of one.attributes) {
            const local = name.toLowerCase().split(":").at(-1);
            if (/^on|^rr_|^shadowroot|src|href|action|data$|background|poster|ping|manifest|base/.test(local))
                names.push(`${local}=${value}`);
        }
        found.push(names);
    }
    return found;
}"""
_FRAME = {"markup": "document", "player": "document.querySelector('#stage iframe').contentDocument"}
_FRAME["heatmap"] = "document.querySelector('iframe').contentDocument"


def unprotected(path: Path) -> dict[str, int]:
    """Take policy and sandbox off a page; returns how many of each there were."""
    text, taken = path.read_text(encoding="utf-8"), dict[str, int]()
    for what, pattern in {
        "policy": r'<meta http-equiv="Content-Security-Policy"[^>]*>',
        "sandbox": r' sandbox="" inert',
        "player's sandbox": r'[\w.]+\.setAttribute\("sandbox","allow-same-origin"\)(?=,)',
        "player's check": r"(?<=\{)if\(\w+\.UNSAFE_allowUnprotectedRebuild\)(?=return)",
    }.items():
        text, taken[what] = re.subn(pattern, "0" if what == "player's sandbox" else "", text)
    path.write_text(text, encoding="utf-8")
    return taken


@attrs.define(slots=False)  # Playwright marks methods.
class Opened:
    """The page, and what it did that harmless pages do not."""

    page: Page
    did: list[str] = attrs.field(factory=list[str])

    def watch(self) -> None:
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.did.append(f"error: {error}"))
        self.page.on("popup", lambda page: self.did.append(f"opened {page.url}"))
        self.page.on("download", lambda download: self.did.append(f"downloaded {download.url}"))
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("framenavigated", lambda frame: self._note(frame.url))

    def _note(self, url: str) -> None:
        if not url.startswith(("data:image/", "about:blank", "about:srcdoc")):
            self.did.append(url)

    def _dismiss(self, dialog: Dialog) -> None:
        self.did.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    with browser.new_context() as context:
        one = Opened(context.new_page())
        one.watch()
        yield one


@pytest.mark.parametrize(
    ("output", "protection"),
    [
        ("markup", {}),
        ("player", {"policy": 1, "player's sandbox": 1, "player's check": 1}),
        ("heatmap", {"policy": 1, "sandbox": 1}),
    ],
)
def test_attacks_do_nothing_where_nothing_protects_from_them(
    output: str, protection: dict[str, int], canary: Canary, tmp_path: Path, opened: Opened
) -> None:
    assert len(ELEMENTS) + len(ANIMATIONS) + len(ATTRIBUTES) + len(DECLARATIONS) + len(SHEETS) >= 190
    recording = made.recording(*attacked(canary.url))
    path = tmp_path / f"{output}.html"
    if output == "markup":
        view = recording.views[0]
        path.write_text(segments.to_html(segments.page_at(view, view.end)), encoding="utf-8", errors="replace")
    elif output == "player":
        segments.write_player(recording, path)
    else:
        segments.heatmap_of(recording).write_html(path)
    taken = {what: number for what, number in unprotected(path).items() if number}
    assert taken == protection
    page = opened.page
    page.goto(path.as_uri())
    if output == "player":
        page.locator("#position:enabled").wait_for()
        page.keyboard.press("End")
        page.keyboard.press("Home")
        page.keyboard.press("k")
        page.locator("#play:not(.playing)").wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    inside: list[list[str]] = page.evaluate(f"({_INSIDE})({_FRAME[output]})")
    assert len(inside) > 2_000
    # What was recorded is written by names that mean nothing to browsers.
    allowed = ("href=about:blank", "src=data:image/", "data-replay-was-")
    assert [one for names in inside for one in names[1:] if not one.startswith(allowed)] == []
    assert {names[0] for names in inside} & FORBIDDEN == set()
    assert opened.did == [path.as_uri()] * 2  # Requested, and navigated to.


def test_the_same_attacks_as_recorded_load_something(browser: Browser, tmp_path: Path) -> None:
    """Or else the test above would see nothing in any page; no script runs here, and parsers undo some others."""
    url = "http://server.test"
    pieces: list[str] = []
    for number, declarations in enumerate(DECLARATIONS):
        address = f"{url}/declarations/{number}"
        pieces.append(f'<b title="{address}" style="{escape(declarations.replace("ADDRESS", address))}">x</b>')
    for number, sheet in enumerate(SHEETS):
        style = f"<style>{sheet.replace('ADDRESS', f'{url}/sheet/{number}')}</style>"
        pieces.append(f'<x-host><template shadowrootmode="open">{style}<b>x</b></template></x-host>')
    for number, (element, name, value) in enumerate(ATTRIBUTES):
        attribute = f'{name}="{escape(value.replace("ADDRESS", f"{url}/attribute/{number}"))}"'
        if element not in ("body", "html"):
            pieces.append(f"<p><{element} {attribute}></{element}></p><svg><{element} {attribute}></{element}></svg>")
    path = tmp_path / "page.html"
    path.write_text("".join(pieces), encoding="utf-8")
    loaded: set[str] = set()

    def refuse(route: Route) -> None:
        loaded.add(route.request.url.removeprefix(f"{url}/").partition("#")[0])
        route.abort()

    with browser.new_context(java_script_enabled=False) as context:
        context.route(f"{url}/**", refuse)
        page = context.new_page()
        page.goto(path.as_uri())
        page.wait_for_load_state("networkidle")
    kinds = Counter(address.partition("/")[0] for address in loaded)
    assert (kinds["declarations"] >= 20, kinds["sheet"] >= 20, kinds["attribute"] >= 12) == (True, True, True), kinds
