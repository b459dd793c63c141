"""How a wireframe is drawn: one element at its place on the screen, with everything about it in its style.

Every value is checked, so that nothing recorded gets into a style but numbers, colors and names of fonts. What the
schemas of DataDog/rum-events-format leave open is decided here: a border lies within the box; opacity applies to the
text and image too; an image fills its box; in a gradient, points of the same color are on lines at right angles to the
line from its start to its end; lines of text are 1.2 times as high as the font, and text that does not say how it is
truncated may exceed its box, because the fonts of phones are not recorded.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ...records._mobile import (
    EmbeddedContentWireframe,
    EmbeddedViewWireframe,
    ImageWireframe,
    PlaceholderWireframe,
    ShapeBorder,
    ShapeStyle,
    ShapeWireframe,
    TextWireframe,
    WebviewWireframe,
    Wireframe,
)
from .drawing import Area, Box, Drawing, color_of, extent, members, number, pixels, px, real
from .texts import text_block, text_box_style

__all__ = ["FRAMED", "TEXT_ELEMENT", "area_of", "drawing_of", "is_visible", "place_style", "problems_of"]

FRAMED = (WebviewWireframe, EmbeddedViewWireframe, EmbeddedContentWireframe)
"""The wireframes with a slot, in which records of their own are shown."""

TEXT_ELEMENT = "mobile-text"
"""The name of the elements that texts are."""

_NAMES: dict[type[Any], str] = {
    ShapeWireframe: "mobile-shape",
    TextWireframe: TEXT_ELEMENT,
    ImageWireframe: "mobile-image",
    PlaceholderWireframe: "mobile-placeholder",
    WebviewWireframe: "mobile-web-view",
    EmbeddedViewWireframe: "mobile-embedded-content",
    EmbeddedContentWireframe: "mobile-embedded-content",
}
_HATCH = "background:repeating-linear-gradient(45deg,#8882 0 6px,#8884 6px 12px)"
# Not positioned, or outlines would be below it.
_WHOLE_BOX = "display:block;width:100%;height:100%"
_NOTE = "mobile-note"
"""Text of ours, which is not that of the app: `text_of` leaves it out."""

_MAX_ID = 100
_MAX_STOPS = 100
_MAX_IMAGE = 16 << 20
"""Characters of base64."""

_BASE64 = re.compile(r"[A-Za-z0-9+/]++={0,2}")
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
}


def area_of(wireframe: Wireframe) -> Area:
    """Where a wireframe is: in its box, without what its clip cuts off and what is beyond its rounded corners."""
    left, top = pixels(wireframe.x), pixels(wireframe.y)
    width, height = extent(wireframe.width), extent(wireframe.height)
    whole = cut = Box(left, top, left + width, top + height)
    if (clip := wireframe.clip) is not None:
        cut = Box(
            left + extent(clip.left),
            top + extent(clip.top),
            whole.right - extent(clip.right),
            whole.bottom - extent(clip.bottom),
        )
    style = None if isinstance(wireframe, PlaceholderWireframe) else wireframe.shape_style
    radius = extent(None if style is None else style.corner_radius)
    return Area(whole, cut, min(radius, width / 2, height / 2))


def is_visible(wireframe: Wireframe) -> bool:
    """Whether anything of it can be seen; what draws nothing does not cover what is below it."""
    if isinstance(wireframe, PlaceholderWireframe):
        return True
    style = wireframe.shape_style
    if style is not None and style.opacity is not None and style.opacity <= 0:
        return False
    if isinstance(wireframe, TextWireframe) and (wireframe.text or "").strip():
        font = wireframe.text_style
        if font is None or not _is_transparent(color_of(font.color) or "#000000"):
            return True
    if isinstance(wireframe, ImageWireframe):
        return True
    if isinstance(wireframe, FRAMED):
        return wireframe.is_visible is not False
    return _paints(wireframe.shape_style, wireframe.border)


def problems_of(wireframe: Wireframe) -> Iterator[str]:
    """What cannot be drawn as it is recorded."""
    if None in (wireframe.x, wireframe.y, wireframe.width, wireframe.height):
        yield "a wireframe without a position or size, which is taken for 0"
    if isinstance(wireframe, PlaceholderWireframe):
        return
    if isinstance(wireframe, FRAMED) and wireframe.slot_id is None:
        yield "a web view that does not say which one it is"
    if isinstance(wireframe, ImageWireframe) and wireframe.base64 and _data_url(wireframe.base64) is None:
        yield "an image of an unknown kind, which is hatched"
    style, border = wireframe.shape_style, wireframe.border
    colors = [style.background_color] if style is not None else []
    if border is not None:
        colors.append(border.color)
    if isinstance(wireframe, TextWireframe) and wireframe.text_style is not None:
        colors.append(wireframe.text_style.color)
    for color in colors:
        if color is not None and color_of(color) is None:
            yield "a color that is not written as #RRGGBB or #RRGGBBAA, which is left out"
    if (
        style is not None
        and style.background_gradient is not None
        and _gradient(style.background_gradient, 1, 1) is None
    ):
        yield "a gradient of an unknown kind, or an invalid one, which is left out"


def _paints(style: ShapeStyle | None, border: ShapeBorder | None) -> bool:
    if border is not None and border.width > 0 and not _is_transparent(color_of(border.color)):
        return True
    if style is None:
        return False
    gradient = style.background_gradient
    if gradient is not None and _gradient(gradient, 1, 1) is not None:
        return True
    return not _is_transparent(color_of(style.background_color))


def _is_transparent(color: str | None) -> bool:
    return color is None or color[7:] == "00"


def drawing_of(wireframe: Wireframe, *, frame: str | None = None) -> Drawing:
    """How to draw a wireframe; `frame` is the style of the frame with what the slot of a wireframe recorded."""
    name = _NAMES[type(wireframe)]
    attributes = {"id": _id(wireframe, name), "data-wireframe": str(wireframe.id)}
    style = [*_box_style(wireframe)]
    content: tuple[Drawing, ...] = ()
    if isinstance(wireframe, PlaceholderWireframe):
        style.append(_HATCH)
        content = (_caption(wireframe.label or "placeholder", "div" if wireframe.label else _NOTE),)
    elif isinstance(wireframe, TextWireframe):
        style += text_box_style(wireframe)
        content = (text_block(wireframe),)
    elif isinstance(wireframe, ImageWireframe):
        style.append("overflow:hidden")
        content = (_image(wireframe),)
    elif isinstance(wireframe, FRAMED):
        style.append("overflow:hidden")
        if wireframe.slot_id is not None:
            attributes["data-slot"] = wireframe.slot_id
        if wireframe.is_visible is False:
            style.append("display:none")
        if frame is not None:
            content = (Drawing(name="iframe", attributes={"style": frame, "frameborder": "0"}),)
        else:
            what = "web view" if isinstance(wireframe, WebviewWireframe) else "embedded content"
            style.append(_HATCH)
            content = (_caption(f"{what}: not in this recording", _NOTE),)
    attributes["style"] = ";".join(style)
    return Drawing(name=name, attributes=attributes, children=content)


def _id(wireframe: Wireframe, name: str) -> str:
    """A permanent id is the same in all sessions; several wireframes of one element may share it."""
    if wireframe.permanent_id:
        return f"{wireframe.permanent_id[:_MAX_ID]}-{name.partition('-')[2]}"
    return f"wireframe-{wireframe.id}"


def place_style(wireframe: Wireframe) -> str:
    """The first part of the style of a wireframe's element, which says where it is; `;width:` follows."""
    return f"position:absolute;box-sizing:border-box;left:{px(wireframe.x)};top:{px(wireframe.y)}"


def _box_style(wireframe: Wireframe) -> list[str]:
    width, height = extent(wireframe.width), extent(wireframe.height)
    style = [place_style(wireframe), f"width:{px(width)};height:{px(height)}"]
    cut = wireframe.clip
    # With nothing but zeros, changes say that there is no clip any more; with a negative one, there is.
    if cut is not None and any(sides := (cut.top, cut.right, cut.bottom, cut.left)):
        style.append(f"clip-path:inset({' '.join(px(extent(side)) for side in sides)})")
    if isinstance(wireframe, PlaceholderWireframe):
        return style
    border = wireframe.border
    if border is not None and (color := color_of(border.color)) is not None:
        thick = extent(border.width)
        if 2 * thick >= min(width, height):
            style.append(f"box-shadow:inset 0 0 0 {px(thick)} {color}")
        elif thick > 0:
            # Unlike a border, it is drawn over the content.
            style.append(f"outline:{px(thick)} solid {color};outline-offset:{px(-thick)}")
    if wireframe.shape_style is not None:
        style += _shape_style(wireframe.shape_style, width, height)
    return style


def _shape_style(shape: ShapeStyle, width: float, height: float) -> list[str]:
    style: list[str] = []
    if (color := color_of(shape.background_color)) is not None:
        style.append(f"background-color:{color}")
    if shape.background_gradient is not None:
        gradient = _gradient(shape.background_gradient, width, height)
        if gradient is not None:
            style.append(f"background-image:{gradient}")
    if shape.corner_radius is not None and shape.corner_radius > 0:
        style.append(f"border-radius:{px(shape.corner_radius)}")
    if shape.opacity is not None and shape.opacity < 1:
        style.append(f"opacity:{number(max(shape.opacity, 0))}")
    return style


def _gradient(gradient: Mapping[str, Any], width: float, height: float) -> str | None:
    """A linear gradient between two points, in parts of the box's size; None for any other."""
    start, end = _point(gradient.get("startPoint"), width, height), _point(gradient.get("endPoint"), width, height)
    stops: object = gradient.get("stops")
    if gradient.get("type") != "linear" or start is None or end is None or not isinstance(stops, list):
        return None
    right, down = end[0] - start[0], end[1] - start[1]
    length = math.hypot(right, down)
    if length == 0:
        right, down = 0, 1
    angle = math.atan2(right, -down)
    # In CSS, positions are measured along a line through the center of the box, from where its corner begins.
    along = (math.sin(angle), -math.cos(angle))
    half = (abs(width * along[0]) + abs(height * along[1])) / 2
    first = (start[0] - width / 2) * along[0] + (start[1] - height / 2) * along[1] + half
    colors: list[str] = []
    for stop in cast("list[object]", stops)[:_MAX_STOPS]:
        color, position = _stop(stop)
        if color is None or position is None:
            return None
        colors.append(f"{color} {px(first + position * length)}")
    if not colors:
        return None
    return f"linear-gradient({number(angle)}rad,{','.join(colors if len(colors) > 1 else colors * 2)})"


def _point(point: object, width: float, height: float) -> tuple[float, float] | None:
    x, y = real(members(point).get("x")), real(members(point).get("y"))
    return None if x is None or y is None else (pixels(x * width), pixels(y * height))


def _stop(stop: object) -> tuple[str | None, float | None]:
    color, position = members(stop).get("color"), real(members(stop).get("position"))
    known = None if position is None else min(max(position, 0), 1)
    return (color_of(color) if isinstance(color, str) else None), known


def _caption(text: str, name: str) -> Drawing:
    """A small text in the middle of a box."""
    style = (
        "position:absolute;left:0;right:0;top:50%;transform:translateY(-50%);overflow:hidden;color:#555555;"
        "font:11px/1.2 sans-serif;text-align:center;text-overflow:ellipsis;white-space:nowrap"
    )
    return Drawing(name=name, attributes={"style": style}, text=text)


def _image(wireframe: ImageWireframe) -> Drawing:
    source = _data_url(wireframe.base64)
    if source is not None:
        return Drawing(name="img", attributes={"src": source, "alt": "", "style": f"{_WHOLE_BOX};object-fit:fill"})
    if wireframe.is_empty or wireframe.resource_id is None:
        words = "empty image" if wireframe.is_empty else "image"
        return Drawing(name="div", attributes={"style": f"{_WHOLE_BOX};{_HATCH}"}, children=(_caption(words, _NOTE),))
    # A canvas, like those that show an image that browsers' SDKs upload separately.
    attributes = {
        "width": number(max(1, extent(wireframe.width))),
        "height": number(max(1, extent(wireframe.height))),
        "style": f"{_WHOLE_BOX};{_HATCH}",
    }
    caption = (_caption("image", _NOTE),)
    return Drawing(name="canvas", attributes=attributes, children=caption, resource=wireframe.resource_id)


def _data_url(encoded: str | None) -> str | None:
    """A data URL of an image whose first bytes show a type that holds nothing but pixels; never SVG."""
    if not encoded:
        return None
    content = encoded.partition(",")[2] if encoded.startswith("data:") else encoded
    if len(content) > _MAX_IMAGE:
        return None
    # Up to version 2.6, the SDK for Android divides it into lines.
    content = "".join(content.split())
    if not _BASE64.fullmatch(content):
        return None
    beginning = base64.b64decode(content[: min(len(content) // 4 * 4, 64)])
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return f"data:image/webp;base64,{content}"
    kind = next((kind for signature, kind in _SIGNATURES.items() if beginning.startswith(signature)), None)
    return None if kind is None else f"data:{kind};base64,{content}"
