"""Draw the heatmap for the guide: one page in all recordings of the tests, put together.

usage: scripts/picture_heatmap

Writes docs/images/heatmap.png. Needs Chromium, and the font Liberation Sans to look as the recorded page did.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rum_replay import ReplayError, segments
from rum_replay.segments.heatmap import heatmap_of

ROOT = Path(__file__).resolve().parent.parent
RECORDINGS = ROOT / "tests" / "data" / "segments"
PICTURE = ROOT / "docs" / "images" / "heatmap.png"
PAGE = "http://127.0.0.1:*/"  # Each recording had a port of its own.
HEIGHT = 720  # Pixels; below, the page is empty.


def main() -> int:
    folders = sorted(path for path in RECORDINGS.iterdir() if path.is_dir())
    recordings = (segments.open(sorted(folder.glob("seg-*"))) for folder in folders)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    try:
        heatmap_of(recordings, url=PAGE, height=HEIGHT).write_png(PICTURE)
    except ReplayError as error:
        sys.exit(str(error))
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
