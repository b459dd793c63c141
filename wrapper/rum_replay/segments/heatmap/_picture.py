"""A heatmap as PNG: the clicks over a picture of the page, and a legend below."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from PIL import Image, ImageDraw, ImageFont, ImageOps

from ..._errors import ConfigurationError, InvalidRequestError
from ..._files import file_errors
from ._colors import share, ticks
from ._density import SCALE_RULE, Density, scale_image
from ._screenshot import take_screenshot
from ._visits import PageClick

__all__ = ["drawn_page", "given_page", "heatmap_png"]

_MARGIN, _LINE_HEIGHT, _FONT_SIZE = 16, 20, 14
_INDENT = 110
_SCALE_WIDTH, _SCALE_HEIGHT = 320, 14
_PAPER, _INK, _FAINT = "#ffffff", "#20242a", "#5b6470"
_OUTSIDE = "#e6e8eb"
"""Color of the part of the page that a background does not cover."""


def given_page(path: str, size: tuple[int, int], width: int, origin: tuple[int, int] = (0, 0)) -> Image.Image:
    """The page as a file shows it from its top left corner, scaled to its width, in pixels.

    `size` is that of the picture, and `origin` where that corner is in it.

    Raises FileError if it cannot be read, InvalidRequestError if it is not a picture.
    """
    with file_errors(path, "read"), Path(path).open("rb") as file:
        try:
            return _fitted(_decoded(file), size, width, origin)
        except Exception as error:  # Pillow's decoders raise errors of many kinds for damaged files
            if isinstance(error, OSError) and error.errno is not None:
                raise
            reason = str(error) or type(error).__name__
    raise InvalidRequestError(f"{path} cannot be used as a picture of the page: {reason}")


def drawn_page(document: str, size: tuple[int, int]) -> Image.Image:
    """The page as Chromium draws it; raises ConfigurationError if it does not."""
    content = take_screenshot(document, *size)
    try:
        return _fitted(_decoded(io.BytesIO(content)), size, size[0])
    except Exception as error:  # noqa: BLE001 - Pillow's decoders raise errors of many kinds
        reason = str(error) or type(error).__name__
    raise ConfigurationError(f"Chromium's screenshot cannot be read: {reason}; give a picture as `background`")


def heatmap_png(page: Image.Image, clicks: Sequence[PageClick], legend: Mapping[str, str]) -> bytes:
    """The clicks over a picture of the page, and the legend below it."""
    density = Density.of(clicks, page.size)
    page.paste(overlay := density.to_image(), (0, 0), overlay)
    below = _legend_image(legend, density.most, page.width)
    whole = Image.new("RGB", (page.width, page.height + below.height), _PAPER)
    whole.paste(page, (0, 0))
    whole.paste(below, (0, page.height))
    file = io.BytesIO()
    whole.save(file, "PNG", optimize=True)
    return file.getvalue()


def _decoded(file: IO[bytes]) -> Image.Image:
    """A picture without transparency."""
    with Image.open(file) as picture:
        on_white = Image.new("RGBA", picture.size, _PAPER)
        on_white.alpha_composite(picture.convert("RGBA"))
        return on_white.convert("RGB")


def _fitted(picture: Image.Image, size: tuple[int, int], width: int, origin: tuple[int, int] = (0, 0)) -> Image.Image:
    """A picture scaled to the page's width, cut or extended to the size of what is shown."""
    height = size[1] - origin[1]
    if picture.width != width:
        shown = math.ceil(height * picture.width / width)
        picture = ImageOps.scale(picture.crop((0, 0, picture.width, min(shown, picture.height))), width / picture.width)
    page = Image.new("RGB", size, _OUTSIDE)
    page.paste(picture, origin)
    return page


def _legend_image(legend: Mapping[str, str], most: float, width: int) -> Image.Image:
    font = ImageFont.load_default(_FONT_SIZE)
    # Letters are about half as wide as high.
    columns = max(20, 2 * (width - _INDENT - 2 * _MARGIN) // _FONT_SIZE)
    rows = [(heading, textwrap.wrap(_printable(text), columns) or [""]) for heading, text in legend.items()]
    rule = textwrap.wrap(f"Colors: {SCALE_RULE}", max(20, columns + _INDENT // _FONT_SIZE * 2))
    lines = sum(len(wrapped) for _, wrapped in rows) + len(rule) + 1
    image = Image.new("RGB", (width, 2 * _MARGIN + lines * _LINE_HEIGHT + _SCALE_HEIGHT + _MARGIN), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.line((0, 0, width, 0), fill=_FAINT)
    top = _MARGIN
    for heading, wrapped in rows:
        draw.text((_MARGIN, top), heading, fill=_FAINT, font=font)
        for line in wrapped:
            draw.text((_MARGIN + _INDENT, top), line, fill=_INK, font=font)
            top += _LINE_HEIGHT
    top += _MARGIN // 2
    scale_width = min(_SCALE_WIDTH, width - 2 * _MARGIN)
    if scale_width > 0:
        image.paste(scale_image(scale_width, _SCALE_HEIGHT), (_MARGIN, top))
        top += _SCALE_HEIGHT + 2
        *lower, highest = ticks(most)
        for tick in (*lower, highest):
            left = _MARGIN + scale_width * min(1.0, share(tick, most))
            draw.text((left, top), f"{tick:,}", fill=_INK, font=font, anchor="ra" if tick == highest else "ma")
        top += _LINE_HEIGHT
    for line in rule:
        draw.text((_MARGIN, top), line, fill=_FAINT, font=font)
        top += _LINE_HEIGHT
    return image


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
