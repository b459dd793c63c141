"""`import rum_replay`, importing a client, and `rum-replay --help`, against `import httpx`, in fresh interpreters."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

from .measure import Row, paired, paired_values, seconds, times
from .wheel import ROOT, build_wheel

__all__ = ["run"]

_PROGRAM = "import time; started = time.perf_counter(); {}; print(time.perf_counter() - started)"


def run(*, quick: bool) -> Iterator[Row]:
    python = Path(sys.executable)
    if quick:
        yield from _rows(python, rounds=2, where="in this environment, where httpx loads click and rich")
        yield from _command_rows(python, python, rounds=2)
        return
    with tempfile.TemporaryDirectory() as folder:
        plain = _plain_environment(Path(folder) / "plain")
        yield from _rows(plain, rounds=41, where="where nothing else is installed")
        yield from _command_rows(_plain_environment(Path(folder) / "cli", extra="cli"), plain, rounds=41)


def _rows(python: Path, *, rounds: int, where: str) -> Iterator[Row]:
    """The package imports its modules on first use, so the second row is the cost for an application."""
    httpx = _import_time(python, "import httpx")
    for statement, aim in (("import rum_replay", 1.25), ("from rum_replay import ReplayClient", None)):
        pair = paired_values(_import_time(python, statement), httpx, rounds=rounds)
        yield Row(
            f"`{statement}` against `import httpx`, {where}",
            seconds(pair.ours),
            seconds(pair.other),
            times(pair.ratio),
            "" if aim is None else f"≤ {aim} ×",
            None if aim is None else pair.ratio <= aim,
        )


def _command_rows(python: Path, plain: Path, *, rounds: int) -> Iterator[Row]:
    """Whole processes; the extra `cli` brings click and rich, which httpx then loads for a command of its own."""
    for other, where in ((python, "there"), (plain, "where neither click nor rich is installed")):
        pair = paired(
            _process(python, "-m", "rum_replay", "--help"), _process(other, "-c", "import httpx"), rounds=rounds
        )
        yield Row(
            f'`rum-replay --help`, with the extra `cli`, against `python -c "import httpx"` {where}',
            seconds(pair.ours),
            seconds(pair.other),
            times(pair.ratio),
            "≤ 2 ×",
            pair.ratio <= 2,
        )


def _process(python: Path, *arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([str(python), "-I", *arguments], check=True, capture_output=True)


def _import_time(python: Path, statement: str) -> Callable[[], float]:
    """Seconds that the statement takes with compiled bytecode."""
    command = [str(python), "-I", "-c", _PROGRAM.format(statement)]
    return lambda: float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _plain_environment(folder: Path, extra: str = "") -> Path:
    """An environment with rum-replay, its pinned dependencies, those of one extra and nothing else.

    Where click and rich are installed, as in the environment of the tests, httpx imports them for its command line, so
    it would look slower there than it usually is.
    """
    wheels = folder / "wheels"
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pins = ["--constraint", str(ROOT / "constraints.txt")]
    installed = subprocess.run(
        [*install, *pins, str(build_wheel(wheels)) + (f"[{extra}]" if extra else "")],
        capture_output=True,
        text=True,
        check=False,
    )
    if installed.returncode:
        sys.exit(f"the dependencies cannot be installed: {installed.stderr}")
    return python
