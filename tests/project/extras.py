"""Processes that see only what an extra installs, although everything is installed here."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

__all__ = ["environment_with"]

_HIDING = """import sys
class Hidden:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name in {hidden!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}: no extra that was asked for installs it", name=name)
sys.meta_path.insert(0, Hidden)
"""


def environment_with(folder: Path, *extras: str) -> dict[str, str]:
    """The variables for a process that can import what these extras of rum-replay install, and nothing else.

    Writes a module into the folder that Python imports when it starts.
    """
    needed = _needed(extras)
    of_modules = packages_distributions()
    hidden = {name for name, owners in of_modules.items() if needed.isdisjoint(map(canonicalize_name, owners))}
    (folder / "sitecustomize.py").write_text(_HIDING.format(hidden=hidden), encoding="utf-8")
    return {**os.environ, "PYTHONPATH": str(folder)}


def _needed(extras: tuple[str, ...]) -> set[str]:
    """The distributions that these extras install, and pip, which is in every environment."""
    found = {"pip"}
    waiting = [("rum-replay", extra) for extra in ("", *extras)]
    seen = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        found.add(name)
        try:
            lines = requires(name) or ()
        except PackageNotFoundError:  # for another platform
            continue
        for line in lines:
            one = Requirement(line)
            if one.marker is None or one.marker.evaluate({"extra": extra}):
                more = {(str(canonicalize_name(one.name)), wanted) for wanted in ("", *one.extras)} - seen
                seen |= more
                waiting += more
    return found
