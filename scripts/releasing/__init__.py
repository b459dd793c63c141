"""The checks of `scripts/release`. Each is a function that yields what is wrong, a line each."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

__all__ = ["ROOT", "UnknownError", "output_of"]

ROOT = Path(__file__).resolve().parents[2]


class UnknownError(Exception):
    """Whether something is wrong could not be found out; the text says why."""


def output_of(command: Sequence[str], cwd: Path = ROOT) -> str:
    """What a program prints; raises UnknownError if it fails. Names of files need not be UTF-8."""
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", errors="backslashreplace", check=False
    )
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise UnknownError(f"{' '.join(command[:4])} … failed: {last}")
    return done.stdout
