"""A heatmap, and the files that can be made of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ..._arguments import check_path
from ..._errors import ConfigurationError
from ..._extras import install_command
from ..._files import replacing
from .._work.by_session import FailedSource
from ..dom import Size
from ..records import Number
from ..summary._quantities import is_moment
from ._elements import ClickedElement, clicked_elements
from ._placement import RULES, Placement
from ._visits import PageClick

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Heatmap"]

_MAX_URL_LENGTH = 300


@attrs.frozen(kw_only=True, eq=False)
class Heatmap:
    """Clicks over the page as it looked."""

    clicks: tuple[PageClick, ...] = attrs.field(repr=False)
    """All clicks shown, in pixels of the picture; view by view, in the order in which they were recorded."""

    left_out: Mapping[str, int]
    """How many clicks are not shown, by reason."""

    url: str
    """URL of the page shown; empty if it is not recorded. For a mobile screen, `view:` and the id of the view."""

    is_mobile: bool = False
    """Whether it shows the screen of a mobile app, and taps: see `Page.is_mobile`."""

    pattern: str
    """The pattern for URLs whose clicks are shown."""

    time: Number
    """The time at which the page is shown, in milliseconds of Unix time."""

    uncertain_because: str | None
    """What is missing before that time, so that the page may have looked different; None if nothing is known to be."""

    viewport: Size
    """The size in which the page is laid out, in pixels, without scroll bars."""

    width: int
    """Width of the picture, in pixels."""

    height: int
    """Height of the picture, in pixels: down to the lowest part of the page that anybody saw.

    Recordings do not state the height of pages.
    """

    origin: tuple[int, int] = (0, 0)
    """Where the top left corner of the page is in the picture, in pixels.

    Not at 0, 0 if clicks are on what scrolls beyond the left or the upper edge of the page, such as a table in a layout
    from right to left, or the messages of a chat.
    """

    _page_width: int = attrs.field(repr=False, alias="page_width")
    """Width of the page, in pixels; what scrolls in it may exceed it in the picture."""

    markup: str = attrs.field(repr=False)
    """The page as inert HTML."""

    failed: tuple[FailedSource, ...] = ()
    """What could not be read; its clicks are not shown."""

    @property
    def elements(self) -> tuple[ClickedElement, ...]:
        """All elements that were clicked, those with most clicks first; their clicks add up to `clicks`."""
        return clicked_elements(self.clicks)

    @property
    def placements(self) -> Mapping[Placement, int]:
        """How many clicks were placed by each rule; those on `Placement.VIEWPORT` move with the viewport."""
        counts = Counter(click.placement for click in self.clicks)
        return {placement: counts[placement] for placement in Placement if counts[placement]}

    @property
    def sessions(self) -> int:
        """Number of sessions that the clicks come from."""
        return len({click.session_id for click in self.clicks})

    @property
    def views(self) -> int:
        """Number of views that the clicks come from."""
        return len({(click.session_id, click.view_id) for click in self.clicks})

    def to_image(self) -> Image:
        """The clicks alone: a transparent picture of `width` × `height`, mode RGBA.

        Raises ConfigurationError if Pillow is not installed.
        """
        _require_pillow()
        from ._density import Density

        return Density.of(self.clicks, self._size).to_image()

    def write_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one HTML file that runs nothing, makes no requests, and replaces `path` once it is whole.

        It shows the clicks over the page, scaled to the width of the window, and lists the 20 most clicked elements.
        Anything that the page refers to and the recording does not contain, such as images, is left out. Returns the
        path. Raises ConfigurationError if Pillow is not installed, FileError if the file cannot be written,
        InvalidRequestError if `path` is not a path.
        """
        target = check_path("path", path)
        _require_pillow()
        from ._document import heatmap_document

        with replacing(target) as file:
            content = heatmap_document(self.markup, self.clicks, self._size, self._legend())
            file.write(content.encode("utf-8", "replace"))
        return Path(target)

    def write_png(self, path: str | os.PathLike[str], *, background: str | os.PathLike[str] | None = None) -> Path:
        """Write a picture with a legend below it, which replaces `path` once it is whole. Returns the path.

        The page is taken from `background`, a picture that shows it from its top left corner and is scaled to the
        page's width. Without one, Chromium draws it: the first of `chromium-headless-shell`, `chromium`,
        `chromium-browser` and `google-chrome` on PATH, or the one that the environment variable RUM_REPLAY_CHROMIUM
        names.

        Raises ConfigurationError if Pillow is not installed, or if there is neither a `background` nor a Chromium that
        draws the page within a minute; FileError if the file cannot be written or `background` cannot be read;
        InvalidRequestError if `background` is not a picture, or either is not a path.
        """
        target = check_path("path", path)
        given = None if background is None else check_path("background", background)
        _require_pillow()
        from ._document import page_document
        from ._picture import drawn_page, given_page, heatmap_png

        with replacing(target) as file:
            if given is None:
                page = drawn_page(page_document(self.markup, self._size), self._size)
            else:
                page = given_page(given, self._size, self._page_width, self.origin)
            file.write(heatmap_png(page, self.clicks, self._legend()))
        return Path(target)

    @property
    def _size(self) -> tuple[int, int]:
        return self.width, self.height

    def _legend(self) -> dict[str, str]:
        """Headings, and the text for each."""
        page = _shortened(self.pattern) or "(URL not recorded)"
        views, sessions = _number(self.views, "view"), _number(self.sessions, "session")
        legend = {
            "Page": page if self.url in ("", self.pattern) else f"{page} (shown: {_shortened(self.url)})",
            "Shown as of": (
                f"{_time(self.time)}, in a viewport of {self.viewport.width:.0f}x{self.viewport.height:.0f} px"
            ),
            "Clicks": f"{len(self.clicks):,} in {views} of {sessions}",
        }
        if set(self.placements) - {Placement.PAGE}:
            placed = (f"{count:,} {RULES[placement]}" for placement, count in self.placements.items())
            legend["Placed"] = "; ".join(placed)
        if self.is_mobile:
            legend["Mobile app"] = (
                "the screen is drawn from wireframes, and clicks are taps; made from the published schemas, never seen "
                "with a recording of an app"
            )
        if self.uncertain_because is not None:
            legend["Uncertain"] = f"the page may have looked different: {self.uncertain_because}"
        if self.left_out:
            legend["Not shown"] = "; ".join(f"{count:,} {reason}" for reason, count in self.left_out.items())
        if self.failed:
            legend["Not read"] = _number(len(self.failed), "source")
        return legend


def _require_pillow() -> None:
    """Pillow is imported when the first picture is drawn; raises ConfigurationError if it is not installed."""
    try:
        import_module("PIL.Image")
    except ImportError as error:
        reason = str(error)
    else:
        return
    raise ConfigurationError(f"heatmaps need Pillow ({reason}): {install_command('analysis')}")


def _shortened(url: str) -> str:
    return url if len(url) <= _MAX_URL_LENGTH else f"{url[:_MAX_URL_LENGTH]}..."


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _time(time: Number) -> str:
    return f"{datetime.fromtimestamp(time / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC" if is_moment(time) else f"{time:g} ms"
