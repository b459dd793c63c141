"""A heatmap as one HTML file, and its page alone as another."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files
from string import Template

from PIL import Image

from ._colors import COLORS, share, ticks
from ._density import SCALE_RULE, Density, scale_image
from ._visits import PageClick

__all__ = ["heatmap_document", "page_document"]

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


def heatmap_document(markup: str, clicks: Iterable[PageClick], size: tuple[int, int], legend: Mapping[str, str]) -> str:
    """The page, given as inert markup, with the clicks over it and a legend above; `size` in pixels."""
    density = Density.of(clicks, size)
    template = files("rum_replay.segments.heatmap").joinpath("assets", "heatmap.html").read_text(encoding="utf-8")
    return Template(template).substitute(
        policy=_POLICY,
        title=escape(f"Clicks on {legend['Page']}"),
        width=size[0],
        height=size[1],
        rows="".join(f"<dt>{escape(heading)}</dt><dd>{escape(text)}</dd>" for heading, text in legend.items()),
        scale=_data_url(scale_image(len(COLORS), 1)),
        ticks="".join(_ticks(density.most)),
        rule=escape(SCALE_RULE),
        frame=_frame(markup, size),
        heat=_data_url(density.to_image()),
        alt=escape(f"{legend['Clicks']}, as colors over the page"),
    )


def page_document(markup: str, size: tuple[int, int]) -> str:
    """The page alone, at the top left of the window; `size` in pixels."""
    return Template(_PAGE).substitute(frame=_frame(markup, size))


def _frame(markup: str, size: tuple[int, int]) -> str:
    """The recorded page, which can neither run scripts, nor be used, nor reach its surroundings."""
    width, height = size
    return (
        f'<iframe sandbox="" inert tabindex="-1" scrolling="no" width="{width}" height="{height}" '
        f'srcdoc="{escape(markup)}"></iframe>'
    )


def _ticks(most: float) -> Iterable[str]:
    for tick in ticks(most):
        yield f'<span style="left:{100 * min(1.0, share(tick, most)):.1f}%">{tick:,}</span>'


def _data_url(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
