"""The documentation site: it is built without warnings, its links lead somewhere, and it works in a browser."""

from __future__ import annotations

import functools
import html
import http.server
import importlib
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from extras import environment_with
from playwright.sync_api import Browser, FrameLocator, Page

from tests.segments.browsing import chromium

ROOT = Path(__file__).resolve().parents[2]
# Public packages whose names the reference has.
DESCRIBED = [
    "rum_replay",
    "rum_replay.query",
    "rum_replay.segments",
    "rum_replay.segments.dom",
    "rum_replay.segments.exports",
    "rum_replay.segments.heatmap",
    "rum_replay.segments.player",
    "rum_replay.segments.playwright_steps",
    "rum_replay.segments.records",
    "rum_replay.segments.session_timeline",
    "rum_replay.segments.summary",
    "rum_replay_emulator",
    "rum_replay_emulator.sample",
    "rum_replay_emulator.mobile_sample",
    "pytest_rum_replay.factories",
    "pytest_rum_replay.strategies",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, built as scripts/site does, with what that installs."""
    place = tmp_path_factory.mktemp("documentation")
    folder = place / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**environment_with(place, "site"), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "requires" not in done.stderr, "what lays out signatures is missing"
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


class Document(HTMLParser):
    """The ids of a page, and what it refers to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.references: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.ids.add(value)
            elif name in ("href", "src") and value:
                self.references.add(value)


def pages_of(site: Path) -> list[Path]:
    """The pages that people read; 404.html names its files as seen from the root of a server."""
    own = (path for path in site.rglob("*.html") if path.relative_to(site).parts[0] not in ("assets", "samples"))
    return sorted(path for path in own if path.name != "404.html")


def test_every_page_is_built_and_every_link_leads_somewhere(site: Path) -> None:
    documents = {path: Document(path) for path in pages_of(site)}
    written = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    assert written <= {path.relative_to(site) for path in documents}
    broken: list[str] = []
    checked = 0
    for path, document in documents.items():
        for reference in document.references:
            parts = urlsplit(reference)
            if parts.scheme or parts.netloc:
                continue
            checked += 1
            target = path if not parts.path else (path.parent / unquote(parts.path)).resolve()
            anchored = parts.fragment and target in documents
            if not target.is_file() or (anchored and unquote(parts.fragment) not in documents[target].ids):
                broken.append(f"{path.name}: {reference}")
    assert broken == []
    assert checked > 1000


def test_the_reference_has_every_public_name(site: Path) -> None:
    ids = {name for path in (site / "reference").glob("*.html") for name in Document(path).ids}
    described = {name.rpartition(".")[2] for name in ids}
    names = [(module, name) for module in DESCRIBED for name in importlib.import_module(module).__all__]
    aliases = {"AsyncReplayClient", "__version__"}  # the page of ReplayClient says what is different
    assert [f"{module}.{name}" for module, name in names if name not in described | aliases] == []


def test_lists_of_arguments_are_lists(site: Path) -> None:
    text = (site / "reference" / "client.html").read_text(encoding="utf-8")
    assert re.search(r"<li>\s*(<p>)?<code>bearer_token</code>: instead of the keys;", text)


def test_the_reference_shows_defaults_and_no_code_behind_them(site: Path) -> None:
    def signature(page: str, name: str) -> str:
        text = (site / "reference" / page).read_text(encoding="utf-8")
        (code,) = re.findall(rf'id="{re.escape(name)}".*?<code>(.*?)</code>', text, re.DOTALL)
        return " ".join(html.unescape(re.sub("<[^>]+>", "", code)).split())

    assert signature("errors.html", "rum_replay.ReplayError.method") == "method: str | None"
    assert signature("models.html", "rum_replay.PlaylistSession.session_event") == (
        "session_event: dict[str, Any] | None = None"
    )
    assert signature("segments.html", "rum_replay.segments.Recording.resources") == "resources: Mapping[str, Resource]"
    for page in (site / "reference").glob("*.html"):
        assert not re.search(r"= *(attrs\.|msgspec\.)?field\(", re.sub("<[^>]+>", "", page.read_text(encoding="utf-8")))


def test_every_page_works_on_wide_and_narrow_screens_in_light_and_dark(site: Path, browser: Browser) -> None:
    problems: list[str] = []
    page = browser.new_page(color_scheme="light")
    page.on("console", lambda message: problems.extend([f"{page.url}: {message.text}"] * (message.type == "error")))
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("requestfailed", lambda request: problems.append(f"{page.url}: no {request.url}"))
    page.on("request", lambda request: problems.extend([f"asks for {request.url}"] * request.url.startswith("http")))
    screens = [("default", 1280), ("slate", 375)]  # the second is dark
    for path in pages_of(site):
        page.goto(path.as_uri())
        for scheme, width in screens:
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("scheme => document.querySelector(`input[data-md-color-scheme=${scheme}]`).click()", scheme)
            faults = page.evaluate(FAULTS, scheme)
            problems += [f"{path.name}, {width} pixels, {scheme}: {fault}" for fault in faults]
        screens.reverse()  # the next page begins as this one ends, so each has to change once only
        if path.name == "samples.html":
            check_samples(page)
    page.close()
    assert problems == []


# Text has to contrast with its background as WCAG asks for: 4.5.
FAULTS = """
scheme => {
  const channels = color => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = color => {
    const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = channels(color).map(c => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  document.documentElement.scrollWidth; // starts the transitions of a new width, which are then ended
  for (const animation of document.getAnimations()) animation.finish();
  const style = getComputedStyle(document.body), page = light(style.backgroundColor);
  const faults = [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push("is wider than the screen");
  if (page > 0.5 !== (scheme === "default")) faults.push(`has the background ${style.backgroundColor}`);
  const text = light(style.color);
  if ((Math.max(page, text) + 0.05) / (Math.min(page, text) + 0.05) < 4.5) faults.push(`has text in ${style.color}`);
  return faults;
}
"""


def check_samples(page: Page) -> None:
    player = page.frame_locator("iframe[src='samples/player.html']")
    player.locator("#position:enabled").wait_for()
    heatmap = page.frame_locator("iframe[src='samples/heatmap.html']")
    page.locator("iframe[src='samples/heatmap.html']").scroll_into_view_if_needed()
    assert "Show the clicks" in text_of(heatmap)
    page.locator("iframe[src='samples/timeline.txt']").scroll_into_view_if_needed()
    assert "clicks button “Buy”" in text_of(page.frame_locator("iframe[src='samples/timeline.txt']"))


def text_of(frame: FrameLocator) -> str:
    return frame.locator("body").inner_text()


@pytest.mark.parametrize("place", ["file", "server"])
def test_the_search_needs_nothing_but_files(site: Path, browser: Browser, place: str) -> None:
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(QuietHandler, directory=str(site))
    ) as server:
        threading.Thread(target=server.serve_forever, args=[0.05]).start()
        start = site.as_uri() if place == "file" else f"http://127.0.0.1:{server.server_port}"
        page = browser.new_page()
        page.goto(f"{start}/index.html")
        page.locator("input.md-search__input").click()
        page.keyboard.type("may_have_been_applied")
        found = page.locator(".md-search-result__link[href*='errors.html']").first
        found.wait_for()
        found.click()
        page.wait_for_url("**/errors.html*")
        page.close()
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


def test_the_menu_has_every_page() -> None:
    configured = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    menu = yaml.load(configured.partition("\ntheme:")[0], yaml.SafeLoader)["nav"]
    listed = {page for entry in menu for value in entry.values() for page in pages_in(value)}
    assert {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")} <= listed


def pages_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for entry in value:
            for inner in entry.values():
                yield from pages_in(inner)
