"""A browser for the pages that we write, and a server that nothing in them may reach: Chromium, driven by Playwright.

Playwright is released monthly, can use the system's Chromium instead of downloading one, and reports requests, console
messages, dialogs and new pages. Its synchronous API runs an event loop in this thread while it is open. So only the
folders that import these fixtures open it, where nothing else needs an event loop.
"""

from __future__ import annotations

import io
import os
import shutil
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright
from rum_replay.segments.heatmap._screenshot import BROWSERS

# Root cannot use Chromium's own sandbox; the others make pictures the same everywhere.
ARGUMENTS = ["--no-sandbox", "--hide-scrollbars", "--force-color-profile=srgb", "--disable-lcd-text"]
IN_CI = bool(os.environ.get("CI"))


@contextmanager
def chromium() -> Generator[Browser]:
    """Chromium. Without it the test is skipped, or fails if CI is set."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        if IN_CI:
            pytest.fail("there is no Chromium: .ci/run installs it")
        pytest.skip("this needs Chromium, such as Debian's package chromium")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=executable, args=ARGUMENTS) as started,
    ):
        yield started


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def picture_of(shown: Page | Locator, **options: Any) -> Image.Image:
    """A screenshot of a page or an element; options are those of Playwright."""
    try:
        raw = shown.screenshot(**options)
    except Error as error:
        # On a busy machine, Chromium may not have drawn a page that was only just laid out.
        if "Unable to capture screenshot" not in error.message:
            raise
        raw = shown.screenshot(**options)
    return Image.open(io.BytesIO(raw)).convert("RGB")


class Canary:
    """A server that hostile markup points to, and that must never receive a request."""

    def __init__(self) -> None:
        asked = self.asked = list[str]()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"alert(1)")

            do_POST = do_GET

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture(scope="module")
def server() -> Iterator[Canary]:
    canary = Canary()
    thread = threading.Thread(target=canary.server.serve_forever, args=[0.05])
    thread.start()
    yield canary
    canary.server.shutdown()
    thread.join()
    canary.server.server_close()


@pytest.fixture
def canary(server: Canary) -> Iterator[Canary]:
    """Fails the test if the server received a request."""
    yield server
    asked = list(server.asked)
    server.asked.clear()
    assert asked == []
