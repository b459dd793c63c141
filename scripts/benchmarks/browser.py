"""Chromium, and the processor time of what it shows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rum_replay.segments.heatmap._screenshot import BROWSERS

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["is_installed", "new_page"]


def is_installed() -> bool:
    """Whether there is a Chromium."""
    return any(map(shutil.which, BROWSERS))


@contextmanager
def new_page(width: int, height: int) -> Iterator[tuple[Page, Callable[[], float]]]:
    """An empty page of a new browser, and the seconds of processor time that its process has used so far."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)))
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(120_000)
        devices = browser.new_browser_cdp_session()

        def used() -> float:
            processes = devices.send("SystemInfo.getProcessInfo")["processInfo"]
            return float(sum(one["cpuTime"] for one in processes if one["type"] == "renderer"))

        yield page, used
