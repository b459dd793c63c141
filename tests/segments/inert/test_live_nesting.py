"""What scripts nested, and formulas, in all outputs; see `test_live_pages`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rum_replay import segments

from ..live_pages import NESTING, SEE, LivePage, Snap

# What contains what, by id; no HTML parser builds the first six.
PARENTS = {
    "in-paragraph": "paragraph",
    "inner-link": "outer-link",
    "inner-button": "outer-button",
    "inner-form": "outer-form",
    "row": "table",
    "in-form": "inner-form",
    "cell": "row",
    "root": "fraction",
}
NEST = """page => Object.fromEntries(
    [...page.querySelectorAll("[id]")].map(one => [one.id, [one.parentElement.id, one.namespaceURI.split("/").pop()]])
)"""

Show = Callable[[LivePage, Snap, Path, Page], None]


def look(script: str, page: Page) -> Any:
    """Run a script with the document of the recorded page, which is in a frame that runs no scripts, or is the page."""
    frame = page.frames[-1]
    return frame.locator("html").evaluate(f"html => ({script})(html.ownerDocument)")


def in_player(live: LivePage, snap: Snap, path: Path, page: Page) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(segments.write_player(live.recording, path).as_uri())
    page.locator("#position:enabled").wait_for()
    start = page.evaluate("() => JSON.parse(document.getElementById('index').textContent).timelines[0].start")
    page.locator("#position").fill(str(round(snap.time - start)))
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def in_markup(live: LivePage, snap: Snap, path: Path, page: Page) -> None:
    path.write_text(segments.to_html(segments.page_at(live.recording.views[0], snap.time)), encoding="utf-8")
    page.set_viewport_size({"width": 480, "height": 360})
    page.goto(path.as_uri())


def in_heatmap(live: LivePage, snap: Snap, path: Path, page: Page) -> None:
    page.goto(segments.heatmap_of(live.recording, at=snap.time).write_html(path).as_uri())


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 480, "height": 360}) as context:
        yield context.new_page()


def off(live: dict[str, list[float]], seen: dict[str, Any]) -> dict[str, Any]:
    found = {name: seen[name]["box"] if name in seen else None for name in live}
    return {name: (box, found[name]) for name, box in live.items() if found[name] != pytest.approx(box, abs=1)}


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("show", [in_player, in_markup, in_heatmap])
def test_what_scripts_nested_and_formulas_are_as_they_were(show: Show, number: int, page: Page, tmp_path: Path) -> None:
    snap = NESTING.snaps[number]
    show(NESTING, snap, tmp_path / "page.html", page)
    nested = look(NEST, page)
    assert {name: nested.get(name, [None])[0] for name in PARENTS} == PARENTS
    assert {name for name, (_, namespace) in nested.items() if namespace == "MathML"} == {"math", "fraction", "root"}
    assert off(snap.boxes(), look(SEE, page)["seen"]) == {}
