"""The page of the player in a browser, used as people do, and monitored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Download,
    Error,
    FloatRect,
    Locator,
    Page,
    Request,
    ViewportSize,
)

from ..browsing import picture_of

# Large enough to show the recorded pages in their original size.
WINDOW: ViewportSize = {"width": 1400, "height": 900}


class ReplayPage:
    """A page; `offenses` collects everything that it must never do."""

    def __init__(self, browser: Browser, path: Path) -> None:
        self.offenses: list[str] = []
        self.context = browser.new_context(viewport=WINDOW)
        self.page = self.context.new_page()
        self.context.on("page", self._note_page)
        self.context.on("request", self._note_request)
        self.page.on("dialog", self._note_dialog)
        self.page.on("pageerror", self._note_error)
        self.page.on("download", self._note_download)
        self.page.on("console", self._note_message)
        self.url = path.as_uri()
        self.page.goto(self.url)
        self.page.locator("#position:enabled").wait_for()

    def _note_page(self, page: Page) -> None:
        self.offenses.append(f"a new page: {page.url}")

    def _note_request(self, request: Request) -> None:
        if request.url != self.url and not request.url.startswith("data:"):
            self.offenses.append(f"a request: {request.url}")

    def _note_dialog(self, dialog: Dialog) -> None:
        self.offenses.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _note_error(self, error: Error) -> None:
        self.offenses.append(f"an error: {error}")

    def _note_download(self, download: Download) -> None:
        self.offenses.append(f"a download: {download.url}")

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.offenses.append(message.text)

    def close(self) -> None:
        """Close the page."""
        self.context.close()

    def check(self) -> None:
        """Fail if the page committed an offense or navigated away."""
        assert not self.offenses, self.offenses
        assert self.page.url == self.url

    def in_frame(self, function: str, *arguments: Any) -> Any:
        """Call a JavaScript function with the recorded document and a list of arguments, and return its result.

        It runs in the enclosing page, because the frame cannot run scripts.
        """
        call = f"arguments => ({function})(document.querySelector('#stage iframe').contentDocument, arguments)"
        return self.page.evaluate(call, list(arguments))

    @property
    def start(self) -> float:
        """The start of the timeline in milliseconds of Unix time."""
        start: float = self.page.evaluate(
            "() => JSON.parse(document.getElementById('index').textContent).timelines[0].start"
        )
        return start

    @property
    def total(self) -> int:
        """The length of the timeline in milliseconds."""
        return int(self.page.locator("#position").get_attribute("max") or "0")

    @property
    def position(self) -> int:
        """The current position in milliseconds from the start of the timeline."""
        return int(self.page.locator("#position").input_value())

    def seek(self, offset: float) -> None:
        """Move the slider, and wait until the page is drawn."""
        self.page.locator("#position").fill(str(round(offset)))
        self.settle()

    def settle(self) -> None:
        """Wait until the player shows what it was asked for, and two frames are drawn."""
        self.page.locator("#stage:not([aria-busy=true])").wait_for()
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def marks(self, kind: str) -> list[str]:
        """The entries of one kind in the list of events."""
        return self.page.locator(f"nav li button:has(.dot.{kind}) .label").all_inner_texts()

    @property
    def current(self) -> list[str]:
        """The entries in the list of events that are marked as current, view first; one line each."""
        return [" ".join(one.split()) for one in self.page.locator("nav [aria-current]").all_inner_texts()]

    def is_in_view(self, entry: Locator) -> bool:
        """Whether an entry in the list is visible as a whole, below the title of its view."""
        inside: bool = entry.evaluate(
            """one => {
                const [list, box] = [document.querySelector("nav"), one].map(each => each.getBoundingClientRect());
                const top = list.top + one.closest("#views > li").firstElementChild.offsetHeight;
                return box.height > 0 && box.top >= top - 1 && box.bottom <= list.bottom + 1;
            }"""
        )
        return inside

    def screenshot(self) -> Image.Image:
        """A screenshot of the recorded page, without the pointer."""
        box: FloatRect | None = self.page.locator("#stage iframe").bounding_box()
        assert box is not None
        return picture_of(self.page, clip=box, style=".replayer-mouse, .replayer-mouse-tail { display: none }")

    def boxes(self, *selectors: str) -> list[dict[str, float]]:
        """The boxes of elements of the recorded page, in pixels from the top left corner of its viewport."""
        boxes: list[dict[str, float]] = self.in_frame(
            "(page, selectors) => [...page.querySelectorAll(selectors.join())].map(element => {"
            " const {left, top, right, bottom} = element.getBoundingClientRect(); return {left, top, right, bottom} })",
            *selectors,
        )
        return boxes
