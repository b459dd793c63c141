"""Take the picture of the player for the guide, with a recording of the tests.

usage: scripts/picture_player

Writes docs/images/player.png. Needs Chromium, and the font Liberation Sans to look as the recorded page did.
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
from rum_replay.segments.player import write_player

ROOT = Path(__file__).resolve().parent.parent
RECORDING = ROOT / "tests" / "data" / "segments" / "browser-sdk-7.16.2-allow"
PICTURE = ROOT / "docs" / "images" / "player.png"
MOMENT = 5_900  # Milliseconds; the form is filled, and a button was clicked many times.
WINDOW = 1280, 800


def main() -> int:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        sys.exit("this needs Chromium, such as Debian's package chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        recording = segments.open(sorted(RECORDING.glob("seg-*")))
        page = write_player(recording, Path(folder) / "replay.html", title="Checkout")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": WINDOW[0], "height": WINDOW[1]})
        window.goto(page.as_uri())
        window.locator("#position:enabled").fill(str(MOMENT))
        window.locator("#play").focus()
        window.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        picture = Image.open(io.BytesIO(window.screenshot()))
        browser.close()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("RGB").save(PICTURE, optimize=True)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
