"""The player with the recordings in tests/data, and the facts about these."""

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
        """The steps of the driver that made the recording."""
        steps: list[dict[str, Any]] = json.loads((self.folder / "truth.json").read_bytes())
        return steps

    @property
    def snaps(self) -> list[tuple[int, str]]:
        """The times at which the page was saved, in milliseconds of Unix time, and the names of the saved files."""
        return [(step["t"], step["n"]) for step in self.steps if step["what"] == "snap"]

    def tree(self, name: str) -> dict[str, Any]:
        """The DOM of the browser in the form of `Page.to_dict`."""
        tree: dict[str, Any] = json.loads((self.folder / f"tree-{name}.json").read_bytes())
        return tree

    def write(self, folder: Path) -> Path:
        """Write the page of the player to a folder."""
        return write_player(segments.open(segment_files(self.folder)), folder / f"{self.folder.name}.html")
