"""Notes of what style sheets lack."""

from __future__ import annotations

from collections import Counter

from .. import _inert as inert

__all__ = ["StyleNotes"]

_INCOMPLETE = (
    "style rules of which browsers do not give recorders all values (a shorthand with var(), and a part of it set "
    "again): sizes and colors may differ"
)
_IMAGES = "images of style sheets, such as backgrounds, that come from a server and are not in the recording"
_FONTS = "fonts that come from a server and are not in the recording: texts may be wider or narrower"


class StyleNotes:
    """Counts each style sheet once, which many components may share."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        """Style sheets that lack something."""

    def of_sheet(self, css: str) -> Counter[str]:
        """What a style sheet lacks that was not counted yet, as inert CSS."""
        images, fonts = inert.left_out(css)
        lacking = +Counter({_INCOMPLETE: inert.incomplete_rules(css), _IMAGES: images, _FONTS: fonts})
        if not lacking or css in self._known:
            return Counter()
        self._known.add(css)
        return lacking

    def of_attribute(self, css: str) -> Counter[str]:
        """What the style of an element lacks, as inert CSS."""
        return +Counter({_IMAGES: inert.left_out(css)[0]})
