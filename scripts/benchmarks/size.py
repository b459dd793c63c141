"""What an installation takes on disk, dependencies and compiled bytecode left out on both sides."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

from .measure import Row, times
from .wheel import build_wheel

__all__ = ["run"]


def run(*, quick: bool) -> Iterator[Row]:
    del quick  # it is quick
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(build_wheel(Path(folder))) as wheel:
        ours = [member.file_size for member in wheel.infolist()]
    official = [
        Path(str(file.locate())).stat().st_size
        for file in files("datadog-api-client") or ()
        if file.suffix != ".pyc" and file.name not in ("INSTALLER", "REQUESTED", "direct_url.json")
    ]
    ratio = sum(ours) / sum(official)
    yield Row(
        "installed size, against the official client, both without dependencies",
        _described(ours),
        _described(official),
        times(ratio),
        "≤ 1/40",
        ratio <= 1 / 40,
    )


def _described(sizes: list[int]) -> str:
    return f"{sum(sizes) / 1e6:.3f} MB in {len(sizes):,} files"
