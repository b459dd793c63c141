"""What canvases show: the images that were uploaded beside the segments."""

from __future__ import annotations

import base64

from ... import _inert as inert
from .._nodes import Node

__all__ = ["Drawings"]

_DRAWINGS = 32 << 20
"""Characters of images in one page or player."""


class Drawings:
    """What canvases show, as data URLs, up to a limit of characters in all."""

    def __init__(self, limit: int = _DRAWINGS) -> None:
        self._left = limit
        self.missing: set[str] = set()
        """The ids of images that were not found, or for which there was no room."""

    def style(self, node: Node) -> str:
        """Declarations for a canvas; raises FileError or SegmentError if an image cannot be read again."""
        return inert.canvas_style(node.attributes, self._url(node))

    def _url(self, node: Node) -> str | None:
        image = node.image
        if image is not None:
            length = len("data:;base64,") + len(image.media_type) + (image.size + 2) // 3 * 4
            if length <= self._left:
                self._left -= length
                return f"data:{image.media_type};base64,{base64.b64encode(image.read()).decode()}"
        if node.image_resource is not None:
            self.missing.add(node.image_resource)
        return None

    def lacks(self, node: Node) -> bool:
        """Whether a canvas is shown without what was drawn on it."""
        return node.image is None or node.image_resource in self.missing
