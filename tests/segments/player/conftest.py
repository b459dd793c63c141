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
    """Opens pages of the player; at the end of the test, none of them may have committed an offense."""
    pages: list[ReplayPage] = []

    def open_page(path: Path) -> ReplayPage:
        pages.append(ReplayPage(browser, path))
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()
        page.check()


@pytest.fixture(scope="package", params=FOLDERS, ids=NAMES)
def recorded(request: pytest.FixtureRequest) -> Recorded:
    """Each of the recordings in tests/data."""
    return Recorded(request.param)


@pytest.fixture(scope="package")
def played(recorded: Recorded, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplayPage]:
    """The player with a recording, shared by all tests of that recording."""
    page = ReplayPage(browser, recorded.write(tmp_path_factory.mktemp("player")))
    yield page
    page.close()
