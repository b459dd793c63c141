"""The player in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ..browsing import browser, canary, server
from ..recorded import FOLDERS, NAMES
from .recorded_player import Recorded
from .replay_page import ReplayPage

__all__ = ["browser", "canary", "open_page", "played", "recorded", "server"]


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
