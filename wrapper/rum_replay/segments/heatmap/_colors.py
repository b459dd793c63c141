"""Colors for numbers of clicks: perceptually even, and distinguishable by lightness alone.

From light yellow through red to dark violet, by equal steps of lightness and hue in the color space Oklab
(https://bottosson.github.io/posts/oklab/): the order is visible to all kinds of color vision and in grayscale.
"""

from __future__ import annotations

import math
from itertools import takewhile

__all__ = ["COLORS", "opacity", "share", "ticks"]

_LIGHTNESS = 0.90, 0.36
_CHROMA = 0.16
_HUE = 100.0, -40.0  # degrees: from yellow, through red at 30, to violet

_FAINTEST = 0.05
"""Number of clicks below which nothing is drawn: the tail of a Gaussian never ends."""

_OPACITY = 0.62, 0.85


def share(clicks: float, most: float) -> float:
    """The position of a number of clicks on the scale, 0 to 1; logarithmic, so that one shows beside thousands."""
    return math.log1p(clicks) / math.log1p(most)


def opacity(clicks: float, most: float) -> float:
    """How opaque a number of clicks is, 0 to 1; a single click is visible whatever `most` is."""
    if clicks < _FAINTEST:
        return 0
    if clicks < 1:
        rise = (clicks - _FAINTEST) / (1 - _FAINTEST)
        return _OPACITY[0] * math.sqrt(rise)
    return _OPACITY[0] + (_OPACITY[1] - _OPACITY[0]) * share(clicks, most)


def ticks(most: float) -> list[int]:
    """Numbers to write beside the scale: 1, 10, 100 … and the highest."""
    highest = max(1, round(most))
    powers = (10**power for power in range(20))
    # A last power closer to the highest number would overlap it.
    return [*takewhile(lambda power: power <= highest / 2, powers), highest]


def _color(share: float) -> tuple[int, int, int]:
    lightness, hue = (ends[0] + (ends[1] - ends[0]) * share for ends in (_LIGHTNESS, _HUE))
    a, b = _CHROMA * math.cos(math.radians(hue)), _CHROMA * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return _level(red), _level(green), _level(blue)


def _level(linear: float) -> int:
    """A linear channel as sRGB, 0 to 255."""
    light = min(max(linear, 0.0), 1.0)
    return round(255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


COLORS = tuple(_color(step / 255) for step in range(256))
"""Red, green and blue, 0 to 255, from few clicks to most."""
