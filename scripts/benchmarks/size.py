"""The size of an installation on disk: whole blocks, with bytecode, without dependencies on either side."""

from __future__ import annotations

import compileall
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

from .measure import Row, times
from .wheel import build_wheel

__all__ = ["run"]

_BLOCK = 512
"""The unit of `st_blocks`, in bytes, on every file system."""


def run(*, quick: bool) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        ours, official = Path(folder, "ours"), Path(folder, "official")
        with zipfile.ZipFile(build_wheel(Path(folder))) as wheel:
            wheel.extractall(ours)
        for file in files("datadog-api-client") or ():
            if file.suffix != ".pyc" and ".." not in file.parts:
                target = official.joinpath(*file.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), target)
        if not quick:  # pip compiles what it installs
            for installed in (ours, official):
                compileall.compile_dir(installed, quiet=1, workers=0)
        size = _size(official)
        what = "installed size" if quick else "installed size with bytecode"
        ratio = _size(ours) / size
        yield Row(
            f"{what}, against the official client, both without dependencies",
            _described(ours),
            _described(official),
            times(ratio),
            "≤ 1/40",
            ratio <= 1 / 40,
        )
        for others, left in (
            (("rum_replay_emulator", "pytest_rum_replay"), "the same without the emulator and the pytest plugin"),
            (
                ("rum_replay/segments",),
                "the same, also without the segment tools: the functions of the official client",
            ),
        ):
            for other in others:
                shutil.rmtree(ours / other)
            yield Row(left, _described(ours), _described(official), times(_size(ours) / size))


def _size(folder: Path) -> int:
    """Bytes on disk."""
    return sum(
        status.st_blocks * _BLOCK if hasattr(status, "st_blocks") else status.st_size
        for status in (path.lstat() for path in folder.rglob("*"))
    )


def _described(folder: Path) -> str:
    return f"{_size(folder) / 1e6:.2f} MB in {sum(path.is_file() for path in folder.rglob('*')):,} files"
