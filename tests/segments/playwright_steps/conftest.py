"""A browser, and the page that was recorded, served as it was then."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ..browsing import browser

__all__ = ["browser", "recorded_page"]

FOLDER = Path(__file__).parents[2] / "data" / "recorded-page"


class _Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        """A file; every other path is the page, which makes its own addresses."""
        translated = super().translate_path(path)
        return translated if Path(translated).is_file() else str(FOLDER / "index.html")

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture(scope="module")
def recorded_page() -> Iterator[str]:
    """The URL of the page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(FOLDER)))
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
