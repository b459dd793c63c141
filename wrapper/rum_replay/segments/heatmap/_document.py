"""A heatmap as one HTML file, and its page alone as another."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from PIL import Image

from ._colors import COLORS, share, ticks
from ._density import Density
from ._legend import SCALE_RULE, legend_of

if TYPE_CHECKING:
    from ._heatmap import Heatmap

__all__ = ["html_of", "page_of", "scale_of"]

# The recorded page inherits it in its frame.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8">'
    f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    "<style>body{margin:0}iframe{display:block;border:0}</style></head><body>$frame</body></html>"
)


def html_of(heatmap: Heatmap) -> str:
    """The page, with the clicks over it and a legend above."""
    density = Density.of(heatmap.clicks, (heatmap.width, heatmap.height))
    rows = legend_of(heatmap)
    template = files("rum_replay.segments.heatmap").joinpath("assets", "heatmap.html").read_text(encoding="utf-8")
    return Template(template).substitute(
        policy=_POLICY,
        title=escape(f"Clicks on {rows[0][1]}"),
        width=heatmap.width,
        height=heatmap.height,
        rows="".join(f"<dt>{escape(heading)}</dt><dd>{escape(text)}</dd>" for heading, text in rows),
        scale=_data_url(scale_of(len(COLORS), 1)),
        ticks="".join(_ticks(density.most)),
        rule=escape(SCALE_RULE),
        frame=_frame(heatmap),
        heat=_data_url(density.to_image()),
        alt=escape(f"{rows[2][1]}, as colors over the page"),
    )


def page_of(heatmap: Heatmap) -> str:
    """The page alone, at the top left of the window."""
    return Template(_PAGE).substitute(frame=_frame(heatmap))


def scale_of(width: int, height: int) -> Image.Image:
    """All colors from left to right."""
    row = bytes(level for x in range(width) for level in COLORS[x * len(COLORS) // width])
    return Image.frombytes("RGB", (width, height), row * height)


def _frame(heatmap: Heatmap) -> str:
    """What was recorded may neither run, nor be used, nor reach what is around it."""
    size = f'width="{heatmap.width}" height="{heatmap.height}"'
    return f'<iframe sandbox="" inert tabindex="-1" scrolling="no" {size} srcdoc="{escape(heatmap.markup)}"></iframe>'


def _ticks(most: float) -> Iterable[str]:
    for tick in ticks(most):
        yield f'<span style="left:{100 * min(1.0, share(tick, most)):.1f}%">{tick:,}</span>'


def _data_url(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
