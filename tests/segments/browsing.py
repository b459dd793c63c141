"""A browser for pages that are written, and a server that nothing in them may reach: Chromium, driven by Playwright.

Playwright, because it is released monthly, takes the Chromium that the system has without loading one of its own, and
tells of requests, console, dialogs and new pages. Its synchronous face runs an event loop in this thread for as long as
it is open, so it is open within the folders that import these fixtures alone, where nothing else needs a loop.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from rum_replay.segments.heatmap._screenshot import BROWSERS

# Root cannot use Chromium's own sandbox; the others make pictures the same everywhere.
ARGUMENTS = ["--no-sandbox", "--hide-scrollbars", "--force-color-profile=srgb", "--disable-lcd-text"]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, except where CI is set, which must have one."""
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium: .ci/run installs it")
        pytest.skip("this needs Chromium, such as Debian's package chromium")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=executable, args=ARGUMENTS) as chromium,
    ):
        yield chromium


class Canary:
    """A server that hostile markup points to, and that nobody should ever ask."""

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
    """At the end of the test nothing has been asked of it."""
    yield server
    asked = list(server.asked)
    server.asked.clear()
    assert asked == []
