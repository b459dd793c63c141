"""`import rum_replay`, and importing a client, against `import httpx`, each in a fresh interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

from .measure import Row, paired_values, seconds, times
from .wheel import ROOT, build_wheel

__all__ = ["run"]

_PROGRAM = "import time; started = time.perf_counter(); {}; print(time.perf_counter() - started)"


def run(*, quick: bool) -> Iterator[Row]:
    if quick:
        yield from _rows(Path(sys.executable), rounds=2, where="in this environment, where httpx loads click and rich")
        return
    with tempfile.TemporaryDirectory() as folder:
        yield from _rows(_plain_environment(Path(folder)), rounds=41, where="where nothing else is installed")


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


def _import_time(python: Path, statement: str) -> Callable[[], float]:
    """Seconds that the statement takes with compiled bytecode."""
    command = [str(python), "-I", "-c", _PROGRAM.format(statement)]
    return lambda: float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _plain_environment(folder: Path) -> Path:
    """An environment with rum-replay, its pinned dependencies and nothing else.

    Where click and rich are installed, as in the environment of the tests, httpx imports them for its command line, so
    it would look slower there than it usually is.
    """
    wheels = folder / "wheels"
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pins = ["--constraint", str(ROOT / "constraints.txt")]
    installed = subprocess.run([*install, *pins, str(build_wheel(wheels))], capture_output=True, text=True, check=False)
    if installed.returncode:
        sys.exit(f"the dependencies cannot be installed: {installed.stderr}")
    return python
