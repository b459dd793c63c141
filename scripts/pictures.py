"""Make the guide's pictures of the player and of a heatmap from the tests' recordings.

usage: scripts/pictures

Writes docs/images/player.png and docs/images/heatmap.png. Requires Chromium, and the font Liberation Sans for the pages
to look as they did when they were recorded.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from rum_replay import segments
from rum_replay.segments.heatmap._screenshot import BROWSERS

ROOT = Path(__file__).resolve().parent.parent
RECORDINGS = ROOT / "tests" / "data" / "segments"
IMAGES = ROOT / "docs" / "images"

PLAYED = RECORDINGS / "browser-sdk-7.16.2-allow"
MOMENT = 5_900  # Milliseconds; the form is filled in, and a button was clicked many times.
WINDOW = 1280, 800

PAGE = "http://127.0.0.1:*/"  # The port differs between recordings.
HEIGHT = 720  # Pixels; below that the page is empty.


def picture_player(path: Path, executable: str) -> None:
    """One recording, in the middle."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        recording = segments.open(sorted(PLAYED.glob("seg-*")))
        page = segments.write_player(recording, Path(folder) / "replay.html", title="Checkout")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": WINDOW[0], "height": WINDOW[1]})
        window.goto(page.as_uri())
        window.locator("#position:enabled").fill(str(MOMENT))
        window.locator("#play").focus()
        window.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        picture = Image.open(io.BytesIO(window.screenshot()))
        browser.close()
    picture.convert("RGB").save(path, optimize=True)


def picture_heatmap(path: Path) -> None:
    """One page, from all recordings."""
    folders = sorted(path for path in RECORDINGS.iterdir() if path.is_dir())
    recordings = (segments.open(sorted(folder.glob("seg-*"))) for folder in folders)
    segments.heatmap_of(recordings, url=PAGE, height=HEIGHT).write_png(path)


def main() -> int:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit("Chromium was not found; install it, for example Debian's package chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    picture_player(IMAGES / "player.png", executable)
    picture_heatmap(IMAGES / "heatmap.png")
    for path in sorted(IMAGES.iterdir()):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
