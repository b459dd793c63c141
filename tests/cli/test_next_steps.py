"""What the demo and the emulator say to type can be typed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rum_replay._cli.next_steps import make_command_known, set_variable


def test_a_command_that_the_shell_knows_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert make_command_known() == []


def test_a_command_beside_the_interpreter_is_put_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make_command_known() == [f'export PATH="{Path(sys.executable).parent}:$PATH"']


def test_without_an_installed_command_nothing_is_promised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert make_command_known() == []


def test_variables_are_set_the_way_of_the_shell() -> None:
    assert set_variable("DD_SITE", "datadoghq.eu") == 'export DD_SITE="datadoghq.eu"'
