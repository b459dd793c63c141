"""A heatmap as one HTML file, and its page alone as another."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template

from PIL import Image

from ._colors import COLORS, share, ticks
from ._density import SCALE_RULE, SPREAD, Density, scale_image
from ._elements import ClickedElement, clicked_elements
from ._static_page import (
    count_incomplete_rules,
    count_left_out,
    count_modal_dialogs,
    count_open_dialogs,
    count_popovers,
    count_shown_popovers,
    count_unsized,
    count_without_drawing,
    is_hatched,
)
from ._visits import PageClick

__all__ = ["heatmap_document", "page_document"]

# The recorded page inherits it in its frame.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:; "
    "frame-src data:; base-uri 'none'; form-action 'none'"
)
_PAGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8">'
    f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    "<style>body{margin:0}iframe{display:block;border:0}</style></head><body>$frame</body></html>"
)
_STANDARD = "<!doctype html>"
_MOST_IN_URL = 2_000_000
"""Characters; Chromium shows no page whose address is longer than 2 MiB."""

_MAX_LISTED = 20
_MAX_SELECTOR = 300
"""Characters; a tooltip has more."""

_MAX_IN_TOOLTIP = 2_000
_BESIDE = 380
"""Pixels that the list needs beside the page, with the space around it."""


def heatmap_document(markup: str, clicks: Sequence[PageClick], size: tuple[int, int], legend: Mapping[str, str]) -> str:
    """The page, given as inert markup, with the clicks over it, a legend and a list of elements; `size` in pixels."""
    density = Density.of(clicks, size)
    elements = clicked_elements(clicks)
    shown = elements[:_MAX_LISTED]
    rows = dict(legend)
    if is_hatched(markup):
        rows["Hatched"] = "not in the recording, or hidden for privacy"
    if images := count_unsized(markup):
        rows["Images of unknown size"] = f"{images:,}, as style sheets size them, or else as images that failed to load"
    if canvases := count_without_drawing(markup):
        rows["Drawings"] = f"{canvases:,} on canvases, not in the recording or uploaded apart from it and not found"
    if rules := count_incomplete_rules(markup):
        rows["Style rules"] = f"{rules:,} without some values, which browsers do not give to recorders"
    images, fonts = count_left_out(markup)
    if images:
        rows["Images of style sheets"] = f"{images:,}, such as backgrounds, not in the recording"
    if fonts:
        rows["Fonts"] = f"{fonts:,} not in the recording: texts may be wider or narrower"
    if dialogs := count_open_dialogs(markup):
        modal = f"of which {count:,} above all else" if (count := count_modal_dialogs(markup)) else "in the page"
        rows["Dialogs"] = f"{dialogs:,} open, {modal}: whether that was so, and over a backdrop, is not recorded"
    if popovers := count_popovers(markup):
        visible = f", {count:,} of them shown" if (count := count_shown_popovers(markup)) else " hidden"
        rows["Popovers"] = (
            f"{popovers:,}{visible}, since only their use, and what the page says of them, shows that they were there"
        )
    template = files("rum_replay.segments.heatmap").joinpath("assets", "heatmap.html").read_text(encoding="utf-8")
    return Template(template).substitute(
        policy=_POLICY,
        title=escape(f"Clicks on {legend['Page']}"),
        width=size[0],
        height=size[1],
        beside=size[0] + _BESIDE,
        rows="".join(f"<dt>{escape(heading)}</dt><dd>{escape(text)}</dd>" for heading, text in rows.items()),
        scale=_data_url(scale_image(len(COLORS), 1)),
        ticks="".join(_ticks(density.most)),
        rule=escape(SCALE_RULE),
        frame=_frame(markup, size),
        heat=_data_url(density.to_image()),
        alt=escape(f"{legend['Clicks']}, as colors over the page"),
        highlights="\n".join(_highlight(number) for number in range(1, len(shown) + 1)),
        spots="".join(_spots(clicks, shown, size)),
        elements="".join(_element_row(number, element) for number, element in enumerate(shown, 1)),
        others=_others(elements[_MAX_LISTED:]),
    )


def page_document(markup: str, size: tuple[int, int]) -> str:
    """The page alone, at the top left of the window; `size` in pixels."""
    return Template(_PAGE).substitute(frame=_frame(markup, size))


def _frame(markup: str, size: tuple[int, int]) -> str:
    """The recorded page, which can neither run scripts, nor be used, nor reach its surroundings."""
    width, height = size
    attributes = f'sandbox="" inert tabindex="-1" scrolling="no" width="{width}" height="{height}"'
    return f"<iframe {attributes} {_content(markup)}></iframe>"


def _content(markup: str) -> str:
    """The attribute of a frame with what it shows.

    What is in `srcdoc` is laid out by the rules for new pages, whatever its document type.
    """
    if not markup.lower().startswith(_STANDARD) and len(markup) < _MOST_IN_URL:
        encoded = base64.b64encode(markup.encode("utf-8", "replace")).decode()
        if len(encoded) < _MOST_IN_URL:
            return f'src="data:text/html;charset=utf-8;base64,{encoded}"'
    return f'srcdoc="{escape(markup)}"'


def _ticks(most: float) -> Iterable[str]:
    for tick in ticks(most):
        yield f'<span style="left:{100 * min(1.0, share(tick, most)):.1f}%">{tick:,}</span>'


def _element_row(number: int, element: ClickedElement) -> str:
    label = f'<a href="#spot-{number}" dir="auto">{escape(element.label)}</a>'
    path = _path(element.selector) if element.selector else ""
    return (
        f'<tr id="element-{number}"><th scope="row">{label}{path}</th>'
        f"<td>{element.clicks:,}</td><td>{element.share:.1%}</td></tr>\n"
    )


def _path(selector: str) -> str:
    if len(selector) <= _MAX_SELECTOR:
        return f"<code>{escape(selector)}</code>"
    whole = selector if len(selector) <= _MAX_IN_TOOLTIP else f"{selector[:_MAX_IN_TOOLTIP]}…"
    return f'<code title="{escape(whole)}">{escape(selector[:_MAX_SELECTOR])}…</code>'


def _others(elements: Sequence[ClickedElement]) -> str:
    if not elements:
        return ""
    clicks = sum(element.clicks for element in elements)
    return f"<p>and {len(elements):,} more, with {clicks:,} {'click' if clicks == 1 else 'clicks'}</p>"


def _highlight(number: int) -> str:
    """An entry shows its spot while it is pointed at or has the focus, and when its link was followed."""
    return f":root:has(#element-{number}:is(:hover, :focus-within)) #spot-{number},"


def _spots(clicks: Iterable[PageClick], elements: Iterable[ClickedElement], size: tuple[int, int]) -> Iterator[str]:
    """A box around the clicks on each element; where the elements themselves are, only browsers know."""
    boxes: dict[str | None, tuple[float, float, float, float]] = {}
    for click in clicks:
        left, top, right, bottom = boxes.get(click.selector, (click.x, click.y, click.x, click.y))
        boxes[click.selector] = min(left, click.x), min(top, click.y), max(right, click.x), max(bottom, click.y)
    for number, element in enumerate(elements, 1):
        left, top, right, bottom = boxes[element.selector]
        left, top = max(0, left - SPREAD), max(0, top - SPREAD)
        width, height = min(size[0], right + SPREAD) - left, min(size[1], bottom + SPREAD) - top
        yield (
            f'<i class="spot" id="spot-{number}" '
            f'style="left:{left:g}px;top:{top:g}px;width:{width:g}px;height:{height:g}px"></i>'
        )


def _data_url(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
