"""Record the pages in tests/data/pages anew with Datadog's browser SDK, unmodified from npm, in Chromium.

usage: scripts/record_pages [--version VERSION] [PAGE ...]

Serves the pages in tests/data/pages/sources from loopback, uses them as the steps below say, and replaces the folders
that hold what the SDK uploaded: one file for each request, with the exact bytes of its body. Beside them are
truth.json, which has the steps and, at each snap, where the named elements were and how they looked, and pictures.
Uses the version of the SDK in origin.json, which must have the checksum recorded there; with --version, another one.
With names of pages, records only these. On a busy machine the SDK records late, and what moves is not where it was.
Requires Chromium, npm, which uses the registry that it is configured for, and the font Liberation Sans.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import shutil
import sys
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from npm_packages import fetch, integrity, member
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from rum_replay.segments.heatmap._screenshot import BROWSERS

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "tests" / "data" / "pages"
PACKAGE, SCRIPT = "@datadog/browser-rum", "BUNDLE in scripts/record_pages.py"
BUNDLE = "bundle/"
"""Folder of the package with the SDK as one file, and the parts that it loads."""

VIEWPORT: ViewportSize = {"width": 480, "height": 360}
UPLOADED_EVERY = 6_000
"""Milliseconds within which the SDK uploads what it has; what it has when the page is closed does not always arrive."""

PICTURES = {"wide.png": (240, 120), "square.png": (40, 40)}  # pixels

OPTIONS = {
    "applicationId": "11111111-1111-4111-8111-111111111111",
    "clientToken": "pub00000000000000000000000000000000",
    "site": "datadoghq.com",
    "service": "pages",
    "sessionSampleRate": 100,
    "sessionReplaySampleRate": 100,
    "telemetrySampleRate": 0,
    "defaultPrivacyLevel": "allow",
    "enableExperimentalFeatures": ["session_replay_record_canvas"],
    "sessionReplayCanvasRecording": {"enable": True, "quality": "high"},
}

# What is done in each page. Numbers are pauses in milliseconds, and `snap` saves how the page looks.
SNAP = ("snap",)
STEPS: dict[str, list[tuple[Any, ...] | int]] = {
    "layout": [
        *(1500, SNAP, ("click", "#in-card"), ("click", "#search"), ("type", "Shoes"), ("scroll", "#outer", 90), 300),
        *(("scroll", "#inner", 60), 300, SNAP, ("scroll", "", 250), 400, ("click", "#in-inner"), ("click", "#menu")),
        *(500, ("click", "#menu"), ("click", "#chat"), SNAP, ("scroll", "", 750), 400, ("click", "#last")),
        *(("click", "#chat"), SNAP, 300),
    ],
    "motion": [
        *(1500, SNAP, ("click", "#open"), 700, SNAP, 700, SNAP, 1200, SNAP, ("click", "#open"), 500, SNAP),
        *(("click", "#open"), 500, SNAP, ("click", "#toast"), 600, SNAP, 700, SNAP, 1200, ("click", "#go"), 900, SNAP),
        *(1500, SNAP, ("click", "#title"), 300),
    ],
    "nesting": [
        *(1500, SNAP, ("click", "#in-paragraph"), ("click", "#inner-button"), ("click", "#fraction"), 300),
        *(("click", "#show"), 400, ("click", "#name"), ("type", "Ada"), SNAP, ("click", "#yes"), 400),
        *(("click", "#pop"), 400, SNAP, 300),
    ],
    "components": [1500, SNAP, ("click", "#add"), 500, SNAP, ("click", "#second"), 300],
    "canvas": [2000, SNAP, ("click", "#plain"), ("click", "#draw"), 1500, SNAP, ("click", "#grow"), 1500, SNAP, 300],
}

# The boxes of all elements with an id, also in shadow trees, and how visible they are.
SEE = """() => {
    const seen = {};
    const walk = (root, prefix) => {
        for (const one of root.querySelectorAll("[id]")) {
            const name = prefix + "#" + one.id, {x, y, width, height} = one.getBoundingClientRect();
            const {opacity, visibility, transform} = getComputedStyle(one);
            seen[name] = {box: [x, y, width, height].map(each => Math.round(each * 1000) / 1000)};
            if (MOVES) Object.assign(seen[name], {opacity: Number(opacity), visibility, transform});
            if (one.scrollTop) seen[name].scroll = one.scrollTop;
            if (one.shadowRoot) walk(one.shadowRoot, name + " >>> ");
        }
    };
    walk(document, "");
    return {t: Date.now(), scroll: [scrollX, scrollY], seen};
}"""
FIND = """selector => {
    const one = document.querySelector(selector);
    const {x, y, width, height} = one.getBoundingClientRect();
    return [x, y, width, height];
}"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/record_pages", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--version", help="record with another version of the SDK")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"record only these of {', '.join(STEPS)}")
    options = parser.parse_args()
    if unknown := set(options.pages) - set(STEPS):
        parser.error(f"there is no page {min(unknown)}; there are {', '.join(STEPS)}")
    if options.version and options.pages:
        parser.error("record all pages with another version")
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        sys.exit("Chromium was not found; install it, for example Debian's package chromium")
    origin = json.loads((PAGES / "origin.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        packed = fetch(PACKAGE, options.version or origin["version"], Path(folder))
        if options.version is None and integrity(packed) != origin["integrity"]:
            sys.exit(f"{PACKAGE} {origin['version']} has changed: its checksum is {integrity(packed)}")
        with tarfile.open(packed) as archive:
            package = json.loads(member(archive, "package.json", SCRIPT))
            paths = [one.name.removeprefix("package/") for one in archive.getmembers()]
            parts = [path for path in paths if path.startswith(BUNDLE) and "salesforce" not in path]
            sdk = {path.removeprefix(BUNDLE): member(archive, path, SCRIPT) for path in parts}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
            for name in options.pages or STEPS:
                record(browser, name, sdk)
            chromium = browser.version
        about = {
            "package": PACKAGE,
            "version": package["version"],
            "license": package["license"],
            "repository": package["repository"]["url"],
            "integrity": integrity(packed),
            "browser": f"Chromium {chromium}",
            "refresh": "scripts/record_pages",
        }
    names = sorted(
        path for path in PAGES.rglob("*") if path.is_file() and path.name not in ("README.md", "origin.json")
    )
    sums = {path.relative_to(PAGES).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in names}
    about["files"] = {name: {"sha256": digest} for name, digest in sums.items()}
    (PAGES / "origin.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8", newline="\n")
    print(f"{sum(path.stat().st_size for path in names):,} bytes in {len(names)} files")
    return 0


class Site:
    """The pages, what they load, and the intake that the SDK uploads to."""

    def __init__(self, sdk: dict[str, bytes]) -> None:
        self.uploads: list[bytes] = []
        site, pictures = self, {name: picture(*size) for name, size in PICTURES.items()}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path[1:].partition("?")[0]
                source = PAGES / "sources" / name
                if name == "sdk.js":
                    begin = f"DD_RUM.init({json.dumps({**OPTIONS, 'proxy': f'{site.url}/intake'})})"
                    self._answer("text/javascript", sdk["datadog-rum.js"] + b"\n" + begin.encode())
                elif name in sdk:
                    self._answer("text/javascript", sdk[name])
                elif name in pictures:
                    self._answer("image/png", pictures[name])
                else:
                    self._answer("text/html", source.read_bytes() if source.is_file() else b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if "%2Fapi%2Fv2%2Freplay" in self.path:
                    site.uploads.append(body)
                self._answer("application/json", b"{}")

            def _answer(self, kind: str, content: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def picture(width: int, height: int) -> bytes:
    """A picture with something to recognize in it."""
    drawn, file = Image.new("P", (width, height), 0), io.BytesIO()
    drawn.putpalette([79, 70, 229, 254, 243, 199])
    ImageDraw.Draw(drawn).ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), 1)
    drawn.save(file, "PNG", optimize=True)
    return file.getvalue()


@contextmanager
def served(sdk: dict[str, bytes]) -> Iterator[Site]:
    site = Site(sdk)
    thread = threading.Thread(target=site.server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join()
        site.server.server_close()


def record(browser: Browser, name: str, sdk: dict[str, bytes]) -> None:
    """Use a page, and replace the folder with its recording."""
    folder = PAGES / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with served(sdk) as site, browser.new_context(viewport=VIEWPORT) as context:
        page = context.new_page()
        page.goto(f"{site.url}/{name}.html")
        done = [one for step in STEPS[name] for one in [perform(page, step, name, folder)] if one is not None]
        page.wait_for_timeout(UPLOADED_EVERY)
    for number, body in enumerate(site.uploads):
        (folder / f"upload-{number:02}.multipart").write_bytes(body)
    lines = ",\n".join(json.dumps(one) for one in done)
    (folder / "truth.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8", newline="\n")
    print(f"{name}: {len(site.uploads)} uploads")


def perform(page: Page, step: tuple[Any, ...] | int, name: str, folder: Path) -> dict[str, Any] | None:
    """Do one step; returns what was done."""
    if isinstance(step, int):
        page.wait_for_timeout(step)
        return None
    what, *arguments = step
    if what == "snap":
        # Date.now() and the pictures of animations are of one frame.
        seen = page.evaluate(SEE.replace("MOVES", json.dumps(name == "motion")))
        number = len(list(folder.glob("*.png")))
        take_picture(page, folder / f"snap-{number}.png")
        return {"what": "snap", "number": number, **seen}
    at = {"t": page.evaluate("Date.now()"), "what": what}
    if what == "click":
        box = page.evaluate(FIND, arguments[0])
        x, y = round(box[0] + box[2] / 2), round(box[1] + box[3] / 2)
        page.mouse.click(x, y)
        return {**at, "selector": arguments[0], "box": box, "x": x, "y": y}
    if what == "type":
        page.keyboard.type(arguments[0], delay=20)
        return {**at, "text": arguments[0]}
    selector, top = arguments
    page.evaluate(
        "([selector, top]) => (selector ? document.querySelector(selector) : window).scrollTo(0, top)", [selector, top]
    )
    return {**at, "selector": selector, "top": top}


def take_picture(page: Page, path: Path) -> None:
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
