"""Fixtures of the plugin's tests that several modules use."""

from __future__ import annotations

from pathlib import Path

import pytest
from rum_replay_emulator import Emulator


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a cassette is; its folder does not exist yet."""
    return tmp_path / "cassettes" / "test_pay.yaml"


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()
