"""The player with the recordings of tests/data, and what is known of those."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
from rum_replay import segments
from rum_replay.segments.player import write_player

from ..recorded import segment_files


@attrs.frozen
class Recorded:
    """One of the recordings."""

    folder: Path

    @property
    def steps(self) -> list[dict[str, Any]]:
        """What was done."""
        steps: list[dict[str, Any]] = json.loads((self.folder / "truth.json").read_bytes())
        return steps

    @property
    def snaps(self) -> list[tuple[int, str]]:
        """When the page was looked at, in milliseconds of Unix time, and the name of what was then kept."""
        return [(step["t"], step["n"]) for step in self.steps if step["what"] == "snap"]

    def tree(self, name: str) -> dict[str, Any]:
        """The browser's own DOM."""
        tree: dict[str, Any] = json.loads((self.folder / f"tree-{name}.json").read_bytes())
        return tree

    def write(self, folder: Path) -> Path:
        """Write the player's page into a folder."""
        return write_player(segments.open(segment_files(self.folder)), folder / f"{self.folder.name}.html")
