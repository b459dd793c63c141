"""The shell commands that the demo and the emulator suggest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rum_replay._cli.emulator import path_commands
from rum_replay_emulator.command import set_variable


def test_nothing_to_do_if_the_shell_finds_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert path_commands() == []


def test_a_command_beside_the_interpreter_is_added_to_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert path_commands() == [f'export PATH="{Path(sys.executable).parent}:$PATH"']


def test_nothing_to_suggest_if_the_command_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert path_commands() == []


def test_variables_are_set_in_the_syntax_of_the_shell() -> None:
    assert set_variable("DD_SITE", "datadoghq.eu") == 'export DD_SITE="datadoghq.eu"'
