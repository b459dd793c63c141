"""`import rum_replay` against `import httpx`, each in a fresh interpreter."""

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

_PROGRAM = "import time; started = time.perf_counter(); import {}; print(time.perf_counter() - started)"


def run(*, quick: bool) -> Iterator[Row]:
    if quick:
        yield _row(Path(sys.executable), rounds=2, where="in this environment, where httpx loads click and rich")
        return
    with tempfile.TemporaryDirectory() as folder:
        yield _row(_plain_environment(Path(folder)), rounds=41, where="where nothing else is installed")


def _row(python: Path, *, rounds: int, where: str) -> Row:
    pair = paired_values(_import_time(python, "rum_replay"), _import_time(python, "httpx"), rounds=rounds)
    return Row(
        f"`import rum_replay` against `import httpx`, {where}",
        seconds(pair.ours),
        seconds(pair.other),
        times(pair.ratio),
        "≤ 1.25 ×",
        pair.ratio <= 1.25,
    )


def _import_time(python: Path, module: str) -> Callable[[], float]:
    """Seconds that the import statement takes, its bytecode being compiled already."""
    command = [str(python), "-I", "-c", _PROGRAM.format(module)]
    return lambda: float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _plain_environment(folder: Path) -> Path:
    """An environment with rum-replay, its pinned dependencies and nothing else.

    httpx imports its command line, hence click and rich, wherever those are installed, as in the environment of the
    tests: measured there, it would look slower than it is for others.
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
