"""Derived files and folders: replaced, or compared with those in the checkout."""

from __future__ import annotations

import shutil
from pathlib import Path


def differences(fresh: Path, present: Path) -> list[str]:
    """How the file or folder that is present differs from a fresh one: one line for each file. Caches are ignored."""
    fresh_files, present_files = _files(fresh), _files(present)
    rows = [f"missing: {present / name}" for name in fresh_files - present_files]
    rows += [f"not derived from anything: {present / name}" for name in present_files - fresh_files]
    rows += [
        f"differs: {present / name}"
        for name in fresh_files & present_files
        if (fresh / name).read_bytes() != (present / name).read_bytes()
    ]
    return sorted(rows)


def replace(fresh: Path, present: Path) -> None:
    """Replace the file or folder that is present, including stale files, with the fresh one."""
    if fresh.is_file():
        shutil.copyfile(fresh, present)
        return
    shutil.rmtree(present, ignore_errors=True)
    shutil.copytree(fresh, present)


def _files(place: Path) -> set[str]:
    """Relative paths of the files in a folder; `.` for a file."""
    if not place.is_dir():
        return {"."} if place.exists() else set()
    return {
        path.relative_to(place).as_posix()
        for path in place.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
