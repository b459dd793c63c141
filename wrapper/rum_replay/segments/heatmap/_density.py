"""The number of clicks around each pixel, and its picture."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, cast

import attrs
from PIL import Image, ImageMath

from ._colors import COLORS, opacity, share
from ._visits import PageClick

__all__ = ["SCALE_RULE", "SPREAD", "Density", "scale_image"]

SPREAD = 14
"""Standard deviation of the Gaussian by which each click is spread, in pixels: a finger, or a small button."""

SCALE_RULE = f"clicks at and around each place (Gaussian, standard deviation {SPREAD} px; the scale is logarithmic)"

_MAX_PLACES = 10_000
_BAND_HEIGHT = 512
_LEVELS = 1 << 16
"""The size of Pillow's largest lookup table."""

_STEPS = 1 << 12
"""Levels are looked up in steps, each with one color; a step changes a color by less than one level."""


@attrs.frozen(eq=False)
class Density:
    """Clicks at and around each pixel: a click counts 1 where it is, and less with distance."""

    image: Image.Image
    """One number per pixel, mode F."""

    most: float
    """The highest number."""

    @classmethod
    def of(cls, clicks: Iterable[PageClick], size: tuple[int, int]) -> Density:
        """Spread clicks, which must be within the size, by a Gaussian."""
        places = _places(clicks)
        image = Image.new("F", size)
        radius = math.ceil(SPREAD * math.sqrt(2 * math.log(20 * max(1, places.total()))))
        kernel = _gaussian(radius)
        for (x, y), count in sorted(places.items()):
            _add(image, kernel, x - radius, y - radius, count)
        return cls(image, cast("float", image.getextrema()[1]))

    def to_image(self) -> Image.Image:
        """In colors, transparent where nobody clicked, mode RGBA."""
        # Pixels are looked up by the fourth root of their numbers, which resolves small numbers better.
        numbers = [self.most * (step / (_STEPS - 1)) ** 4 for step in range(_STEPS)]
        colors = _lookup(255 * share(number, self.most) for number in numbers)
        opacities = _lookup(255 * opacity(number, self.most) for number in numbers)
        palette = [level for color in COLORS for level in color]
        picture = Image.new("RGBA", self.image.size, (*COLORS[0], 0))
        for top, band in _bands(self.image):
            if not opacity(cast("float", band.getextrema()[1]), self.most):
                continue  # most of a high page has no clicks, and lookups take long
            levels = ImageMath.lambda_eval(_level, density=band, scale=(_LEVELS - 1) / self.most**0.25)
            shown = levels.point(colors, "L")
            shown.putpalette(palette)
            colored = shown.convert("RGB")
            colored.putalpha(levels.point(opacities, "L"))
            picture.paste(colored, (0, top))
        return picture


def scale_image(width: int, height: int) -> Image.Image:
    """All colors from left to right, mode RGB; sizes in pixels."""
    row = bytes(level for x in range(width) for level in COLORS[x * len(COLORS) // width])
    return Image.frombytes("RGB", (width, height), row * height)


def _places(clicks: Iterable[PageClick]) -> Counter[tuple[int, int]]:
    """The number of clicks at each pixel, or in each square of a coarser grid if too many pixels have some."""
    exact = Counter((int(click.x), int(click.y)) for click in clicks)
    places, square = exact, 1
    while len(places) > _MAX_PLACES:
        square *= 2
        places = Counter[tuple[int, int]]()
        for (x, y), count in exact.items():
            places[x - x % square + square // 2, y - y % square + square // 2] += count
    return places


def _gaussian(radius: int) -> Image.Image:
    """A picture of one click, mode F; 1 at its center."""
    profile = [math.exp(-(distance**2) / (2 * SPREAD**2)) for distance in range(-radius, radius + 1)]
    levels = array("f", [across * down for down in profile for across in profile])
    return Image.frombytes("F", (len(profile), len(profile)), levels.tobytes())


def _add(image: Image.Image, kernel: Image.Image, left: int, top: int, count: int) -> None:
    box = (left, top, left + kernel.width, top + kernel.height)
    image.paste(ImageMath.lambda_eval(_sum, here=image.crop(box), kernel=kernel, count=count), box)


def _sum(given: dict[str, Any]) -> Any:
    return given["here"] + given["kernel"] * given["count"]


def _lookup(values: Iterable[float]) -> list[int]:
    """A lookup table for all levels, from a value for each step."""
    return [value for exact in values for value in [round(exact)] * (_LEVELS // _STEPS)]


def _level(given: dict[str, Any]) -> Any:
    return given["convert"](given["density"] ** 0.25 * given["scale"] + 0.5, "I")


def _bands(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Horizontal bands of a picture with the top of each: processing one at a time saves memory."""
    for top in range(0, image.height, _BAND_HEIGHT):
        yield top, image.crop((0, top, image.width, min(top + _BAND_HEIGHT, image.height)))
