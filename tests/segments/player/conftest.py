"""A browser for the player's pages: Chromium, driven over its DevTools protocol by Playwright.

Playwright, because it is released monthly, takes the Chromium that the system has without loading one of its own, and
tells of requests, console, dialogs and new pages. Its synchronous face runs an event loop in this thread for as long as
it is open, so it stays within this folder, where nothing else needs one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from ..recorded import FOLDERS, NAMES
from .recorded_player import Recorded
from .replay_page import ReplayPage

# Root cannot use Chromium's own sandbox; the others make pictures the same everywhere.
ARGUMENTS = ["--no-sandbox", "--hide-scrollbars", "--force-color-profile=srgb", "--disable-lcd-text"]
EXECUTABLES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, except where CI is set, which must have one."""
    executable = next(filter(None, map(shutil.which, EXECUTABLES)), None)
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium: .ci/run installs it")
        pytest.skip("this needs Chromium, such as Debian's package chromium")
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=executable, args=ARGUMENTS) as chromium,
    ):
        yield chromium


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[Path], ReplayPage]]:
    """Opens a page that write_player wrote; at the end of the test it must have done nothing that it should not."""
    opened: list[ReplayPage] = []

    def open_one(path: Path) -> ReplayPage:
        opened.append(ReplayPage(browser, path))
        return opened[-1]

    yield open_one
    for page in opened:
        page.close()
        page.check()


@pytest.fixture(scope="package", params=FOLDERS, ids=NAMES)
def recorded(request: pytest.FixtureRequest) -> Recorded:
    """Each of the seven recordings."""
    return Recorded(request.param)


@pytest.fixture(scope="package")
def played(recorded: Recorded, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplayPage]:
    """The player with a recording, open for all tests of it."""
    page = ReplayPage(browser, recorded.write(tmp_path_factory.mktemp("player")))
    yield page
    page.close()
