"""Pages of the player whose recordings are in chunks of any size."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rum_replay import segments
from rum_replay.segments.player._chunks import Pace
from rum_replay.segments.player._page import write_page

WHOLE = 1 << 60
"""A size in bytes that no chunk reaches, so that there is one for each full snapshot."""


def write_in_chunks(recording: segments.Recording, path: Path, size: int) -> Path:
    """Write the page with a checkpoint after as many bytes of events, however large the recorded page is."""
    with path.open("wb") as file:
        write_page(file, recording, "In chunks", partial(Pace, size=size, pages=0))
    return path
