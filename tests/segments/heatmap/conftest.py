"""Heatmaps' HTML in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from playwright.sync_api import Browser, Dialog, Page

from ..browsing import browser, canary, server

__all__ = ["OpenedPage", "browser", "canary", "open_page", "server"]


@attrs.frozen
class OpenedPage:
    """A page in Chromium, and everything forbidden that it did."""

    page: Page
    violations: list[str]

    def note_dialog(self, dialog: Dialog) -> None:
        self.violations.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def note_request(self, url: str, path: Path) -> None:
        if url != path.as_uri() and not url.startswith("data:"):
            self.violations.append(f"a request: {url}")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[Path], OpenedPage]]:
    """Opens a file; at the end of the test the page must have made no requests and logged nothing."""
    opened: list[OpenedPage] = []

    def open_one(path: Path) -> OpenedPage:
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        page = context.new_page()
        one = OpenedPage(page, [])
        opened.append(one)
        context.on("page", lambda other: one.violations.append(f"a new page: {other.url}"))
        page.on("dialog", lambda dialog: one.note_dialog(dialog))  # noqa: PLW0108 - Playwright marks methods
        page.on("pageerror", lambda error: one.violations.append(f"an error: {error}"))
        page.on("console", lambda message: one.violations.append(f"{message.type}: {message.text}"))
        page.on("request", lambda request: one.note_request(request.url, path))
        page.goto(path.as_uri())
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return one

    yield open_one
    for one in opened:
        one.page.context.close()
        assert one.violations == []
