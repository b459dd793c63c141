"""The steps of a recording, run against the page that was recorded, do what was done then."""

from __future__ import annotations

import json
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rum_replay import segments

from ..recorded import FOLDERS, segment_files

NOTE = """
addEventListener("click", event => noted("click", event.composedPath()[0].id, event.isTrusted), true);
addEventListener("input", event => {
  const field = event.composedPath()[0];
  noted("state", field.id, field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value);
}, true);
// Not the event: browsers report scrolling with the next frame, and the page can be left before that.
const scrollTo = Element.prototype.scrollTo;
Element.prototype.scrollTo = function (...where) {
  scrollTo.apply(this, where);
  noted("scroll", this.id, this.scrollTop);
};
"""
PASSWORD = "not hunter2"


def function_in(source: str) -> Callable[[Page], None]:
    names: dict[str, Any] = {}
    exec(compile(source, "test_recorded.py", "exec"), names)
    function: Callable[[Page], None] = names["test_session"]
    return function


@pytest.mark.parametrize("folder", [FOLDERS[0], FOLDERS[3], FOLDERS[5]], ids=attrgetter("name"))
def test_the_same_is_clicked_entered_and_scrolled(
    folder: Path, browser: Browser, recorded_page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_PW", PASSWORD)
    source = segments.steps(segments.open(segment_files(folder)), base_url=recorded_page)
    noted: list[tuple[Any, ...]] = []
    with browser.new_context() as context:
        context.expose_function("noted", lambda *what: noted.append(what))
        context.add_init_script(NOTE)
        page = context.new_page()
        function_in(source)(page)
        assert page.url.startswith(f"{recorded_page}/second")
        resized = folder.name != "browser-sdk-7.16.2-touch"
        assert page.viewport_size == ({"width": 640, "height": 600} if resized else {"width": 1000, "height": 700})
    steps = json.loads((folder / "truth.json").read_bytes())
    clicks = [f"#{name}" for what, name, is_trusted in noted if what == "click" and is_trusted]
    assert clicks == [step["sel"] for step in steps if step["what"] == "click"]
    states = {name: state for what, name, state in noted if what == "state"}
    assert states == {
        "name": "Ada",
        "pw": PASSWORD,
        "cb": True,
        "r2": True,
        "sel": "b",
        "ta": "seed more",
        "shin": "sh",
    }
    scrolled = [(name, top) for what, name, top in noted if what == "scroll"]
    assert ("scroller", 120) in scrolled
    assert "hunter2" not in source.replace(PASSWORD, "")
