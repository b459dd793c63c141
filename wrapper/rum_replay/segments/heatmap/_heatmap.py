"""A heatmap, and what can be made of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from ..._files import replacing
from ..dom import Size
from ..records import Number
from ._clicks import PageClick
from ._imaging import require_pillow

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Heatmap"]


@attrs.frozen(kw_only=True, eq=False)
class Heatmap:
    """Clicks over the page as it looked."""

    clicks: tuple[PageClick, ...] = attrs.field(repr=False)
    """All clicks shown, in pixels of the page; view by view, in the order in which they were recorded."""

    left_out: Mapping[str, int]
    """How many clicks are not shown, by reason."""

    url: str
    """Of the page shown; empty where it is not recorded."""

    pattern: str
    """The pattern for URLs whose clicks are shown."""

    time: Number
    """The moment at which the page is shown, in milliseconds of Unix time."""

    viewport: Size
    """What the page is laid out in, in pixels, without scroll bars."""

    width: int
    """Of the picture, in pixels."""

    height: int
    """Down to the lowest part of the page that anybody saw, in pixels; recordings do not tell how high pages are."""

    markup: str = attrs.field(repr=False)
    """The page as inert HTML."""

    @property
    def sessions(self) -> int:
        """How many sessions the clicks are of."""
        return len({click.session_id for click in self.clicks})

    @property
    def views(self) -> int:
        """How many views the clicks are of."""
        return len({(click.session_id, click.view_id) for click in self.clicks})

    def to_image(self) -> Image:
        """The clicks alone: a transparent picture of `width` × `height`, mode RGBA.

        Raises ConfigurationError where Pillow is not installed.
        """
        require_pillow()
        from ._density import Density

        return Density.of(self.clicks, (self.width, self.height)).to_image()

    def write_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one HTML file that runs nothing, asks for nothing, and replaces `path` once it is whole.

        What the page refers to and the recording does not hold, such as images, is left out. Gives the path back.
        Raises ConfigurationError where Pillow is not installed, OSError where the file cannot be written.
        """
        require_pillow()
        from ._document import html_of

        content = html_of(self).encode("utf-8", "replace")
        with replacing(path) as file:
            file.write(content)
        return Path(path)

    def write_png(self, path: str | os.PathLike[str], *, background: str | os.PathLike[str] | None = None) -> Path:
        """Write a picture with a legend below it, which replaces `path` once it is whole. Gives the path back.

        The page is taken from `background`, a picture that shows it from its top left corner, and is brought to the
        page's width; without one it is drawn by Chromium, which is looked for on PATH as
        `chromium-headless-shell`, `chromium`, `chromium-browser` or `google-chrome`, or is what the environment
        variable RUM_REPLAY_CHROMIUM names.

        Raises ConfigurationError where Pillow is not installed, or there is neither; SegmentError where `background`
        is no picture or Chromium fails; OSError where the file cannot be written.
        """
        require_pillow()
        from ._picture import png_of

        content = png_of(self, background)
        with replacing(path) as file:
            file.write(content)
        return Path(path)
