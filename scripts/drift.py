"""Derived files and folders: written anew, or compared with what stands in the checkout."""

from __future__ import annotations

import shutil
from pathlib import Path


def differences(fresh: Path, standing: Path) -> list[str]:
    """What is wrong with the standing file or folder, a line for each file. Caches do not count."""
    fresh_files, standing_files = _files(fresh), _files(standing)
    rows = [f"missing: {standing / name}" for name in fresh_files - standing_files]
    rows += [f"not derived from anything: {standing / name}" for name in standing_files - fresh_files]
    rows += [
        f"differs: {standing / name}"
        for name in fresh_files & standing_files
        if (fresh / name).read_bytes() != (standing / name).read_bytes()
    ]
    return sorted(rows)


def replace(fresh: Path, standing: Path) -> None:
    """Put the fresh file or folder in the place of the standing one, stale files and all."""
    if fresh.is_file():
        shutil.copyfile(fresh, standing)
        return
    shutil.rmtree(standing, ignore_errors=True)
    shutil.copytree(fresh, standing)


def _files(place: Path) -> set[str]:
    """Paths relative to the place; `.` for a place that is a file."""
    if not place.is_dir():
        return {"."} if place.exists() else set()
    return {
        path.relative_to(place).as_posix()
        for path in place.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
