"""A heatmap as PNG: the clicks over a picture of the page, and a legend below."""

from __future__ import annotations

import io
import math
import os
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont, ImageOps

from ..._errors import SegmentError
from ._colors import share, ticks
from ._density import Density
from ._document import page_of, scale_of
from ._legend import SCALE_RULE, legend_of
from ._screenshot import photograph

if TYPE_CHECKING:
    from ._heatmap import Heatmap

__all__ = ["png_of"]

_MARGIN, _LINE, _SIZE = 16, 20, 14
_INDENT = 110
_SCALE = 320, 14
_PAPER, _INK, _FAINT = "#ffffff", "#20242a", "#5b6470"
_NOTHING = "#e6e8eb"


def png_of(heatmap: Heatmap, background: str | os.PathLike[str] | None) -> bytes:
    """The picture as PNG; the page is that of `background`, or is drawn by Chromium."""
    size = heatmap.width, heatmap.height
    if background is None:
        taken = _opened(io.BytesIO(photograph(page_of(heatmap), *size)), "Chromium's picture").crop((0, 0, *size))
    else:
        taken = _fitted(_opened(Path(background), str(background)), size)
    density = Density.of(heatmap.clicks, size)
    taken.paste(overlay := density.to_image(), (0, 0), overlay)
    legend = _legend(heatmap, density.most)
    whole = Image.new("RGB", (taken.width, taken.height + legend.height), _PAPER)
    whole.paste(taken, (0, 0))
    whole.paste(legend, (0, taken.height))
    file = io.BytesIO()
    whole.save(file, "PNG", optimize=True)
    return file.getvalue()


def _opened(file: Path | io.BytesIO, name: str) -> Image.Image:
    """A picture without transparency."""
    try:
        with Image.open(file) as picture:
            on_white = Image.new("RGBA", picture.size, _PAPER)
            on_white.alpha_composite(picture.convert("RGBA"))
            return on_white.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        reason = str(error)
    raise SegmentError(f"{name} cannot be used as a picture of the page: {reason}")


def _fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A picture in the page's width, and at least its height."""
    width, height = size
    if picture.width != width:
        shown = math.ceil(height * picture.width / width)
        picture = ImageOps.scale(picture.crop((0, 0, picture.width, min(shown, picture.height))), width / picture.width)
    page = Image.new("RGB", size, _NOTHING)
    page.paste(picture, (0, 0))
    return page


def _legend(heatmap: Heatmap, most: float) -> Image.Image:
    font = ImageFont.load_default(_SIZE)
    # Letters are about half as wide as high.
    columns = max(20, 2 * (heatmap.width - _INDENT - 2 * _MARGIN) // _SIZE)
    rows = [(heading, textwrap.wrap(_printable(text), columns) or [""]) for heading, text in legend_of(heatmap)]
    rule = textwrap.wrap(f"Colors: {SCALE_RULE}", max(20, columns + _INDENT // _SIZE * 2))
    lines = sum(len(wrapped) for _, wrapped in rows) + len(rule) + 1
    legend = Image.new("RGB", (heatmap.width, 2 * _MARGIN + lines * _LINE + _SCALE[1] + _MARGIN), _PAPER)
    draw = ImageDraw.Draw(legend)
    draw.line((0, 0, heatmap.width, 0), fill=_FAINT)
    top = _MARGIN
    for heading, wrapped in rows:
        draw.text((_MARGIN, top), heading, fill=_FAINT, font=font)
        for line in wrapped:
            draw.text((_MARGIN + _INDENT, top), line, fill=_INK, font=font)
            top += _LINE
    top += _MARGIN // 2
    wide = min(_SCALE[0], heatmap.width - 2 * _MARGIN)
    if wide > 0:
        legend.paste(scale_of(wide, _SCALE[1]), (_MARGIN, top))
        top += _SCALE[1] + 2
        for tick in ticks(most):
            at = _MARGIN + wide * min(1.0, share(tick, most))
            draw.text((at, top), f"{tick:,}", fill=_INK, font=font, anchor="ra" if tick == ticks(most)[-1] else "ma")
        top += _LINE
    for line in rule:
        draw.text((_MARGIN, top), line, fill=_FAINT, font=font)
        top += _LINE
    return legend


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
