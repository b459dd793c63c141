"""Elements to draw as values, and numbers and colors of a recording as CSS may contain them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import cast

import attrs

__all__ = ["Area", "Box", "Drawing", "color_of", "extent", "members", "number", "pixels", "px", "real"]

MAX_LENGTH = 100_000
"""Pixels, for positions and sizes; no screen is larger."""

_COLOR = re.compile(r"#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}(?:[0-9A-Fa-f]{2})?)")
_SHORT = len("#RGBA")
_ARGB = re.compile(r"#([0-9A-Fa-f]{1,2}|[0-9A-Fa-f]{5}|[0-9A-Fa-f]{7})")
"""The SDK for React Native writes colors of little opacity like this, without their leading zeros."""


@attrs.frozen(kw_only=True)
class Drawing:
    """An element to draw, as a value."""

    name: str
    attributes: Mapping[str, str]
    children: tuple[Drawing, ...] = ()
    text: str | None = None
    """The text in it, instead of children."""

    is_svg: bool = False
    resource: str | None = None
    """The id of the image that it shows, if that is not in the recording."""


@attrs.frozen
class Box:
    """Where something is on the screen, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle of it."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return self.right <= self.left or self.bottom <= self.top

    def contains(self, x: float, y: float) -> bool:
        """Whether a point is in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom


@attrs.frozen
class Area:
    """Where a wireframe can be seen."""

    whole: Box
    cut: Box
    """Without what its clip cuts off."""

    radius: float
    """Of the corners of the whole."""

    def contains(self, x: float, y: float) -> bool:
        """Whether a point is in it."""
        box, radius = self.whole, self.radius
        across = max(box.left + radius - x, x - box.right + radius, 0)
        down = max(box.top + radius - y, y - box.bottom + radius, 0)
        return self.cut.contains(x, y) and math.hypot(across, down) <= (radius if across and down else math.inf)


def pixels(length: float | None) -> float:
    """A length or position within bounds."""
    return 0 if length is None else min(max(length, -MAX_LENGTH), MAX_LENGTH)


def extent(length: float | None) -> float:
    """A length that is not negative."""
    return max(0, pixels(length))


def px(length: float | None) -> str:
    """A length or position as CSS writes it."""
    # SDKs record whole numbers, and this is most of the work of an update.
    if type(length) is int and -MAX_LENGTH <= length <= MAX_LENGTH:
        return f"{length}px"
    return f"{number(pixels(length))}px"


def number(value: float) -> str:
    """A number as CSS writes it, with up to four decimals."""
    if type(value) is int:
        return str(value)
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def color_of(recorded: str | None) -> str | None:
    """A color `#RRGGBB` or `#RRGGBBAA`, or the same with one digit for two equal ones; None for anything else."""
    if recorded is None:
        return None
    if (unpadded := _ARGB.fullmatch(recorded)) is not None:
        argb = unpadded[1].zfill(8)
        return f"#{argb[2:]}{argb[:2]}"
    if not _COLOR.fullmatch(recorded):
        return None
    return recorded if len(recorded) > _SHORT else "#" + "".join(2 * digit for digit in recorded[1:])


def members(value: object) -> dict[str, object]:
    """The members of an object; none for anything else."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def real(value: object, least: float = -MAX_LENGTH, most: float = MAX_LENGTH) -> float | None:
    """A number within bounds; None for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return min(max(value, least), most)
