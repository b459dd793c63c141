"""How the layers of a composition tree are drawn: boxes within boxes, one for each step that CSS cannot combine.

A layer draws nothing itself. Its modifiers apply, in their order, to what is drawn in it. Within one box, CSS applies
filters before it clips, so a modifier after a clip needs a box around. What the schemas leave open is decided here: the
radius of a blur is its standard deviation, and that of a shadow twice as much, as in CSS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import attrs

from ...records._mobile import CompositionLayer
from .drawing import Drawing, color_of, extent, number, pixels, px, real
from .paths import Polygon, polygons_of

__all__ = ["LayerBoxes", "boxes_of", "clips_of", "is_transparent"]

_MAX_MODIFIERS = 20
_MAX_BOXES = 8
_MAX_PATH = 100_000
_MAX_BLUR = 1_000
_MAX_FACTOR = 1_000
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZzEe0-9+\-.,\s]++", re.ASCII)
_MATRIX = 20
_IGNORED = {
    "backgroundMaterial": "a layer of glass, behind which nothing is blurred",
    "maskImage": "a layer with a mask that is uploaded separately, which is drawn without the mask",
}
_UNDRAWN = {
    "destinationIn": "a layer that only cuts others (destinationIn), which is not drawn",
    "destinationOut": "a layer that only cuts others (destinationOut), which is not drawn",
}


@attrs.define
class LayerBoxes:
    """The boxes of a layer, from the outermost on; what is in the layer is in the last one."""

    boxes: list[Drawing]
    problems: list[str]
    is_drawn: bool = True


@attrs.define
class _Box:
    filters: list[str] = attrs.field(factory=list[str])
    matrices: list[Drawing] = attrs.field(factory=list[Drawing])
    shadow: Drawing | None = None
    clip: str | None = None


def boxes_of(layer: CompositionLayer) -> LayerBoxes:
    """How to draw a layer, and what cannot be drawn of it."""
    problems: list[str] = []
    inner: list[_Box] = [_Box()]
    if len(layer.modifiers) > _MAX_MODIFIERS:
        problems.append("a modifier of a layer with more than 20, which is left out")
    for position, modifier in enumerate(layer.modifiers[:_MAX_MODIFIERS]):
        _modify(inner, modifier, f"layer-{layer.id}-{position}", problems)
    if len(inner) > _MAX_BOXES:
        problems.append("modifiers that need more than 8 boxes, which are left out")
    operation = layer.composite_operation
    undrawn = _UNDRAWN.get(operation or "")
    if undrawn is not None:
        problems.append(undrawn)
    elif operation not in (None, "sourceOver", "plusDarker"):
        problems.append("a layer with an unknown composite operation, which is drawn over the others")
    boxes = [_drawing(box, layer) for box in reversed(inner[:_MAX_BOXES])]
    outer = dict(boxes[0].attributes) | {"id": f"layer-{layer.id}"}
    place = f"left:{px(layer.x)};top:{px(layer.y)}"
    blending = ";mix-blend-mode:plus-darker" if operation == "plusDarker" else ""
    outer["style"] = f"{place};{outer['style']}{blending}"
    boxes[0] = attrs.evolve(boxes[0], name="mobile-layer", attributes=outer)
    # Wireframes and layers have positions on the screen, so the last box begins where the screen does.
    origin = f"position:absolute;left:{px(-pixels(layer.x))};top:{px(-pixels(layer.y))};width:0;height:0"
    boxes.append(Drawing(name="div", attributes={"style": origin}))
    return LayerBoxes(boxes, problems, is_drawn=undrawn is None)


def is_transparent(layer: CompositionLayer) -> bool:
    """Whether a modifier makes everything in a layer invisible."""
    values = (real(one.get("value"), 0, 1) for one in layer.modifiers[:_MAX_MODIFIERS] if one.get("type") == "opacity")
    return 0 in values


def clips_of(layer: CompositionLayer) -> Iterator[tuple[tuple[Polygon, ...], bool]]:
    """The clips of a layer as polygons, from its corner on, each with whether its fill rule is `evenodd`.

    Those with very long paths are left out.
    """
    for modifier in layer.modifiers[:_MAX_MODIFIERS]:
        if modifier.get("type") == "clip" and _clip(modifier) is not None:
            polygons = polygons_of(_path(modifier) or "")
            if polygons is not None:
                yield polygons, modifier.get("fillRule") == "evenodd"


def _drawing(box: _Box, layer: CompositionLayer) -> Drawing:
    size = f"width:{px(extent(layer.width))};height:{px(extent(layer.height))}"
    style = ["position:absolute", size]
    if box.filters:
        style.append(f"filter:{' '.join(box.filters)}")
    if box.clip is not None:
        style.append(f"clip-path:{box.clip}")
    before = [*box.matrices, *([] if box.shadow is None else [box.shadow])]
    return Drawing(name="div", attributes={"style": ";".join(style)}, children=tuple(before))


def _modify(boxes: list[_Box], modifier: Mapping[str, Any], name: str, problems: list[str]) -> None:
    """Add a modifier to the outermost box, which is the last one here, or to a new one around it."""
    kind = str(modifier.get("type"))
    if kind == "clip":
        clip = _clip(modifier)
        if clip is not None:
            _open_box(boxes).clip = clip
            return
    elif kind == "shadow" and "path" in modifier:
        shadow = _shadow_of_path(modifier)
        if shadow is not None:
            # It is behind everything so far, unmodified.
            boxes.append(_Box(shadow=shadow))
            return
    elif kind in ("colorMatrix", "brightnessBias"):
        matrix = _matrix(modifier) if kind == "colorMatrix" else _bias(modifier)
        if matrix is not None:
            box = _open_box(boxes)
            box.matrices.append(_matrix_filter(name, matrix))
            box.filters.append(f"url(#{name})")
            return
    elif kind in _IGNORED:
        problems.append(_IGNORED[kind])
        return
    elif (function := _function(modifier)) is not None:
        _open_box(boxes).filters.append(function)
        return
    problems.append("an invalid modifier of a layer" if kind in _KINDS else "a modifier of an unknown kind")


_KINDS = frozenset({"clip", "shadow", "colorMatrix", "brightnessBias", "opacity", "saturate", "gaussianBlur"})


def _open_box(boxes: list[_Box]) -> _Box:
    """A box that is neither clipped yet, nor has a shadow that a modifier would apply to before the content's."""
    if boxes[-1].clip is not None:
        boxes.append(_Box())
    return boxes[-1]


def _function(modifier: Mapping[str, Any]) -> str | None:
    """The function of CSS that does the same."""
    kind = modifier.get("type")
    if kind == "opacity":
        value = real(modifier.get("value"), 0, 1)
        return None if value is None else f"opacity({number(value)})"
    if kind == "saturate":
        value = real(modifier.get("value"), 0, _MAX_FACTOR)
        return None if value is None else f"saturate({number(value)})"
    radius = real(modifier.get("radius"), 0, _MAX_BLUR)
    if kind == "gaussianBlur":
        return None if radius is None else f"blur({number(radius)}px)"
    if kind == "shadow":
        color, offsets = _color(modifier), _offsets(modifier)
        if color is not None and offsets is not None and radius is not None:
            return f"drop-shadow({px(offsets[0])} {px(offsets[1])} {number(radius)}px {color})"
    return None


def _clip(modifier: Mapping[str, Any]) -> str | None:
    path = _path(modifier)
    rule = modifier.get("fillRule", "nonzero")
    if path is None or rule not in ("nonzero", "evenodd"):
        return None
    return f'path({rule},"{path}")'


def _path(modifier: Mapping[str, Any]) -> str | None:
    """A path of SVG, which consists of letters for commands and of numbers; browsers ignore what is not one."""
    path = modifier.get("path")
    if not isinstance(path, str) or len(path) > _MAX_PATH or not _PATH.fullmatch(path):
        return None
    return " ".join(path.split())


def _shadow_of_path(modifier: Mapping[str, Any]) -> Drawing | None:
    path, color, offsets = _path(modifier), _color(modifier), _offsets(modifier)
    radius = real(modifier.get("radius"), 0, _MAX_BLUR)
    if path is None or color is None or offsets is None or radius is None:
        return None
    outline = Drawing(name="path", attributes={"d": path, "fill": color}, is_svg=True)
    style = (
        f"position:absolute;overflow:visible;left:{px(offsets[0])};top:{px(offsets[1])};"
        f"filter:blur({number(radius / 2)}px)"
    )
    return Drawing(
        name="svg", attributes={"width": "1", "height": "1", "style": style}, children=(outline,), is_svg=True
    )


def _matrix_filter(name: str, matrix: Sequence[float]) -> Drawing:
    values = {"type": "matrix", "values": " ".join(map(number, matrix))}
    step = Drawing(name="feColorMatrix", attributes=values, is_svg=True)
    # Without this, browsers compute with other numbers than those of colors.
    attributes = {
        "id": name,
        "color-interpolation-filters": "sRGB",
        "x": "-50%",
        "y": "-50%",
        "width": "200%",
        "height": "200%",
    }
    definition = Drawing(name="filter", attributes=attributes, children=(step,), is_svg=True)
    hidden = {"width": "0", "height": "0", "style": "position:absolute"}
    return Drawing(name="svg", attributes=hidden, children=(definition,), is_svg=True)


def _matrix(modifier: Mapping[str, Any]) -> list[float] | None:
    matrix = modifier.get("matrix")
    if not isinstance(matrix, list):
        return None
    values = [real(value, -_MAX_FACTOR, _MAX_FACTOR) for value in cast("list[object]", matrix)[: _MATRIX + 1]]
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) == _MATRIX else None


def _bias(modifier: Mapping[str, Any]) -> list[float] | None:
    bias = real(modifier.get("value"), -1, 1)
    if bias is None:
        return None
    return [*(1, 0, 0, 0, bias), *(0, 1, 0, 0, bias), *(0, 0, 1, 0, bias), *(0, 0, 0, 1, 0)]


def _color(modifier: Mapping[str, Any]) -> str | None:
    color = modifier.get("color")
    return color_of(color) if isinstance(color, str) else None


def _offsets(modifier: Mapping[str, Any]) -> tuple[float, float] | None:
    x, y = (real(modifier.get(name), -10_000, 10_000) for name in ("offsetX", "offsetY"))
    return None if x is None or y is None else (x, y)
