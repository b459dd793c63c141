"""Fixtures of the plugin's tests that several modules use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from rum_replay_emulator import Emulator


class Installed:
    """A distribution that reads its files once."""

    def __init__(self, distribution: metadata.Distribution) -> None:
        self.distribution = distribution

    def __getattr__(self, name: str) -> Any:
        return getattr(self.distribution, name)

    @cached_property
    def entry_points(self) -> metadata.EntryPoints:
        return self.distribution.entry_points

    @cached_property
    def files(self) -> list[metadata.PackagePath] | None:
        return self.distribution.files


INSTALLED = [Installed(one) for one in metadata.distributions()]


@pytest.fixture(scope="module", autouse=True)
def installed_once() -> Iterator[None]:
    """To find plugins, each run of pytest within a test looks at everything that is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(metadata, "distributions", lambda: INSTALLED)
        yield


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a cassette is; its folder does not exist yet."""
    return tmp_path / "cassettes" / "test_pay.yaml"


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()
