"""How many clicks there are around each pixel, as a picture."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, cast

import attrs
from PIL import Image, ImageMath

from ._clicks import PageClick
from ._colors import COLORS, opacity, share

__all__ = ["SPREAD", "Density"]

SPREAD = 14
"""Standard deviation of the Gaussian that each click is spread by, in pixels: a finger, or a small button."""

_MOST_PLACES = 10_000
_BAND = 512
_LEVELS = 1 << 16
"""As many as Pillow looks up."""
_STEPS = 1 << 12
"""Levels are looked up in steps, each with one color; one step is less than a level of a color."""


@attrs.frozen(eq=False)
class Density:
    """Clicks at and around each pixel: a click counts 1 where it is and less with the distance."""

    image: Image.Image
    """One number for each pixel, mode F."""

    most: float
    """The highest number."""

    @classmethod
    def of(cls, clicks: Iterable[PageClick], size: tuple[int, int]) -> Density:
        """Spread clicks, which must lie within the size, by a Gaussian."""
        places = _places(clicks)
        image = Image.new("F", size)
        radius = math.ceil(SPREAD * math.sqrt(2 * math.log(20 * max(1, places.total()))))
        kernel = _gaussian(radius)
        for (x, y), count in sorted(places.items()):
            _add(image, kernel, x - radius, y - radius, count)
        return cls(image, cast("float", image.getextrema()[1]))

    def to_image(self) -> Image.Image:
        """In colors, transparent where nobody clicked, mode RGBA."""
        # What pixels are looked up by is the fourth root, which keeps the small numbers apart.
        numbers = [self.most * (step / (_STEPS - 1)) ** 4 for step in range(_STEPS)]
        colors = _lookup(255 * share(number, self.most) for number in numbers)
        opacities = _lookup(255 * opacity(number, self.most) for number in numbers)
        palette = [level for color in COLORS for level in color]
        picture = Image.new("RGBA", self.image.size)
        for top, band in _bands(self.image):
            levels = ImageMath.lambda_eval(_level, density=band, scale=(_LEVELS - 1) / self.most**0.25)
            shown = levels.point(colors, "L")
            shown.putpalette(palette)
            colored = shown.convert("RGB")
            colored.putalpha(levels.point(opacities, "L"))
            picture.paste(colored, (0, top))
        return picture


def _places(clicks: Iterable[PageClick]) -> Counter[tuple[int, int]]:
    """How many clicks there are at each pixel; of very many different ones, at each of coarser squares."""
    exact = Counter((int(click.x), int(click.y)) for click in clicks)
    places, square = exact, 1
    while len(places) > _MOST_PLACES:
        square *= 2
        places = Counter[tuple[int, int]]()
        for (x, y), count in exact.items():
            places[x - x % square + square // 2, y - y % square + square // 2] += count
    return places


def _gaussian(radius: int) -> Image.Image:
    """A picture of one click, mode F; 1 in the middle."""
    profile = [math.exp(-(distance**2) / (2 * SPREAD**2)) for distance in range(-radius, radius + 1)]
    levels = array("f", [across * down for down in profile for across in profile])
    return Image.frombytes("F", (len(profile), len(profile)), levels.tobytes())


def _add(image: Image.Image, kernel: Image.Image, left: int, top: int, count: int) -> None:
    box = (left, top, left + kernel.width, top + kernel.height)
    image.paste(ImageMath.lambda_eval(_sum, here=image.crop(box), kernel=kernel, count=count), box)


def _sum(given: dict[str, Any]) -> Any:
    return given["here"] + given["kernel"] * given["count"]


def _lookup(values: Iterable[float]) -> list[int]:
    """A number for each level, from those for each step."""
    return [value for exact in values for value in [round(exact)] * (_LEVELS // _STEPS)]


def _level(given: dict[str, Any]) -> Any:
    return given["convert"](given["density"] ** 0.25 * given["scale"] + 0.5, "I")


def _bands(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Parts of a picture, as wide as it is, with where each begins: what is made of them takes little memory."""
    for top in range(0, image.height, _BAND):
        yield top, image.crop((0, top, image.width, min(top + _BAND, image.height)))
