"""Python environments for tests: made without pip, and filled by uv, or by pip where only that finds an index."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

__all__ = ["InstallationError", "install", "make", "python_in"]

_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


class InstallationError(Exception):
    """Something cannot be installed; its text is what the last tool printed."""


def python_in(environment: Path) -> Path:
    """The interpreter of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make(environment: Path) -> Path:
    """Make an empty environment, also where there was another one; gives its interpreter."""
    # pip takes longer to unpack than most that is installed.
    venv.create(environment, clear=True, with_pip=False)
    return python_in(environment)


def install(python: Path, *arguments: str, cwd: Path | None = None) -> None:
    """Install what the arguments name, as pip takes them; raises InstallationError."""
    quiet = ["install", "--quiet"]
    tools = [[*_PIP, "--python", str(python), *quiet, "--no-compile"]]
    # That of this environment, unless people have their own.
    places = [os.environ.get("PATH", ""), str(Path(sys.executable).parent)]
    if uv := shutil.which("uv", path=os.pathsep.join(places)):
        tools.insert(0, [uv, "pip", *quiet, "--python", str(python)])
    output = ""
    for tool in tools:
        done = subprocess.run(
            [*tool, *arguments], cwd=cwd, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode == 0:
            return
        # What does not fit is on standard output, and that it does not on standard error.
        output = f"{done.stdout}\n{done.stderr}"
    lines = [line for line in output.splitlines() if line.strip() and not line.startswith("WARNING")]
    raise InstallationError("\n".join(lines))
