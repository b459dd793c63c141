"""Without an extra, the command says how to install it."""

from __future__ import annotations

import pytest

from .bench import Result, run_process


def without(module: str, *arguments: str) -> Result:
    program = f"import sys; sys.modules[{module!r}] = None; from rum_replay._cli import main; main()"
    return run_process(*arguments, python=("-c", program))


@pytest.mark.parametrize("module", ["click", "rich"])
@pytest.mark.parametrize("arguments", [(), ("--help",), ("demo",)])
def test_without_the_command_line(module: str, arguments: tuple[str, ...]) -> None:
    assert 'pip install "rum-replay[cli]"' in without(module, *arguments).failed()


@pytest.mark.parametrize("module", ["uvicorn", "jsonschema_rs", "rum_replay_emulator"])
@pytest.mark.parametrize("command", ["demo", "emulator"])
def test_without_the_emulator(module: str, command: str) -> None:
    assert 'pip install "rum-replay[emulator]"' in without(module, command).failed()


def test_without_the_emulator_all_else_works() -> None:
    assert without("jsonschema_rs", "--help").succeeded().out.startswith("Usage: rum-replay")
