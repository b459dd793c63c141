"""How the text of a wireframe is drawn: a block at a side or in the middle of its box, cut off as its style says."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ...records._mobile import TextWireframe
from .drawing import Drawing, color_of, extent, members, number, px, real

__all__ = ["text_block", "text_box_style"]

_FAMILY = re.compile(r"[A-Za-z0-9][\w .\-]{0,60}", re.ASCII)
_FAMILIES = 8
_GENERIC = frozenset(
    {"cursive", "fantasy", "monospace", "sans-serif", "serif", "system-ui"}
    | {"ui-monospace", "ui-rounded", "ui-sans-serif", "ui-serif"}
)
_MAX_FONT = 1_000
_LINE_HEIGHT = 1.2
_LEAST_LINE_HEIGHT = 1.17
"""That of the fonts of phones; a box has room for the lines that it had there, which are drawn a little higher."""

_JUSTIFIED = {"top": "flex-start", "center": "center", "bottom": "flex-end"}
_ALIGNED = frozenset({"left", "center", "right"})
_WRAPPED = "white-space:pre-wrap;overflow-wrap:break-word;unicode-bidi:plaintext"
_ONE_LINE = "overflow:hidden;white-space:nowrap"
_PART = "flex:0 1 auto;min-width:0;overflow:hidden;white-space:pre"
_OTHER_WAY = {"ltr": "rtl", "rtl": "ltr"}


def text_box_style(wireframe: TextWireframe) -> list[str]:
    """The style of the box that the block of text is in."""
    vertical = members(members(wireframe.text_position).get("alignment")).get("vertical")
    sides = " ".join(px(side) for side in _padding(wireframe))
    return [
        f"display:flex;flex-direction:column;padding:{sides}",
        f"justify-content:{_JUSTIFIED.get(str(vertical), 'flex-start')}",
    ]


def _padding(wireframe: TextWireframe) -> tuple[float, float, float, float]:
    """At the top, right, bottom and left; no more than there is room for."""
    padding = members(members(wireframe.text_position).get("padding"))
    top, right, bottom, left = (extent(real(padding.get(side))) for side in ("top", "right", "bottom", "left"))
    width, height = extent(wireframe.width), extent(wireframe.height)
    left, top = min(left, width), min(top, height)
    return top, min(right, width - left), min(bottom, height - top), left


def text_block(wireframe: TextWireframe) -> Drawing:
    """The block of text."""
    font = wireframe.text_style
    size = 10.0 if font is None else min(max(font.size, 1), _MAX_FONT)
    horizontal = str(members(members(wireframe.text_position).get("alignment")).get("horizontal"))
    aligned = horizontal if horizontal in _ALIGNED else "left"
    families = _families("" if font is None else font.family)
    style = (
        f"font:{number(size)}px/{_LINE_HEIGHT} {families};color:{(font and color_of(font.color)) or '#000000'};"
        f"text-align:{aligned};min-width:0;flex:none"
    )
    top, _, bottom, _ = _padding(wireframe)
    lines = int((extent(wireframe.height) - top - bottom + 1) / (size * _LEAST_LINE_HEIGHT))
    mode = None if font is None else font.truncation_mode
    return _truncated(wireframe.text or "", mode, max(1, lines), style, aligned)


def _direction_of(text: str) -> str:
    """The direction of its first letter that has one, as on phones."""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")), "L")
    return "ltr" if strong == "L" else "rtl"


def _truncated(text: str, mode: str | None, lines: int, style: str, aligned: str) -> Drawing:
    """The text in a block that shows as many lines; in several lines, all modes but `clip` cut the last one off."""
    direction = _direction_of(text)
    if direction != "ltr":
        style = f"{style};direction:{direction}"
    # What exceeds a box is where its direction leads to.
    ends_shown = f"direction:{_OTHER_WAY[direction]}"
    if mode not in ("clip", "head", "tail", "middle"):
        return Drawing(name="div", attributes={"style": f"{style};{_WRAPPED}"}, text=text)
    if lines > 1:
        limit = f"display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:{lines}"
        if mode == "clip":
            limit = f"max-height:{number(lines * _LINE_HEIGHT)}em"
        return Drawing(name="div", attributes={"style": f"{style};{_WRAPPED};overflow:hidden;{limit}"}, text=text)
    if mode == "middle":
        half = (len(text) + 1) // 2
        parts = (
            Drawing(name="span", attributes={"style": f"{_PART};text-overflow:ellipsis"}, text=text[:half]),
            Drawing(
                name="span",
                attributes={"style": f"{_PART};{ends_shown}"},
                children=(_isolated(text[half:], direction),),
            ),
        )
        row = {"style": f"{style};display:flex;justify-content:{aligned};overflow:hidden"}
        return Drawing(name="div", attributes=row, children=parts)
    if mode == "head":
        head = {"style": f"{style};{_ONE_LINE};text-overflow:ellipsis;{ends_shown}"}
        return Drawing(name="div", attributes=head, children=(_isolated(text, direction),))
    ellipsis = ";text-overflow:ellipsis" if mode == "tail" else ""
    return Drawing(name="div", attributes={"style": f"{style};{_ONE_LINE}{ellipsis}"}, text=text)


def _isolated(text: str, direction: str) -> Drawing:
    return Drawing(name="span", attributes={"style": f"direction:{direction};unicode-bidi:isolate"}, text=text)


@lru_cache(maxsize=100)
def _families(recorded: str) -> str:
    families: list[str] = []
    for family in recorded.split(",", _FAMILIES)[:_FAMILIES]:
        name = family.strip(" \"'")
        if name.lower() in _GENERIC:
            families.append(name.lower())
        elif name in ("-apple-system", "BlinkMacSystemFont"):
            families.append(name)
        elif _FAMILY.fullmatch(name):
            families.append(f"'{name}'")
    return ",".join(dict.fromkeys([*families, "sans-serif"]))
