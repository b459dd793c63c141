"""What a page needs in a frame of another size than its viewport had, which depends on its own styles."""

from __future__ import annotations

import re

from ..dom import Node, NodeKind, Page, Size
from ..dom._css.style_rules import Properties
from ..dom._styles.cascade import Cascade

__all__ = ["FrameStyles"]

_SIDES = ("top", "right", "bottom", "left")
_OVERFLOWS = ("overflow-x", "overflow-y")
_PROPERTIES = Properties(
    names=(
        r"box-sizing|display|(?:max-)?width|height|margin(?:-top|-left|-right|-inline)?|overflow(?:-[xy])?"
        r"|padding(?:-top|-left|-right|-block(?:-start)?|-inline)?|position"
    ),
    hints=("box-sizing", "display", "width", "height", "margin", "overflow", "padding", "position"),
    shorthands={
        "margin": tuple(f"margin-{side}" for side in _SIDES),
        "margin-inline": ("margin-left", "margin-right"),
        "overflow": _OVERFLOWS,
        "padding": tuple(f"padding-{side}" for side in _SIDES),
        "padding-block": ("padding-top", "padding-bottom"),
        "padding-block-start": ("padding-top",),
        "padding-inline": ("padding-left", "padding-right"),
    },
    matters=lambda _name, _value: True,
)
_LENGTH = re.compile(r"0|\d{1,4}+(?>\.\d{1,9}+)?+(?:px|r?em|ch)")
_ZERO = re.compile(r"0++(?>\.0++)?+[a-z]*+")
_SCROLLING = frozenset({"auto", "hidden", "overlay", "scroll"})


class FrameStyles:
    """Reads the styles of a page."""

    def __init__(self, page: Page, layout: Size) -> None:
        self._page, self._layout = page, layout
        self._cascade = Cascade(_PROPERTIES)

    def is_without_padding(self, element: Node) -> bool:
        """Whether its style says that it has no padding above what is in it."""
        values = self._cascade.values([element], self._page, self._layout) or [{}]
        return _ZERO.fullmatch(values[0].get("padding-top", "")) is not None

    def of_root(self, origin: tuple[int, int], beyond: float, *, has_fixed: bool) -> str:
        """Rules that make the root as large as the viewport was, and what is fixed relative to it.

        If nothing that is fixed matters, a root that others are placed in, such as a footer, keeps its height.

        The frame is `beyond` pixels wider than the viewport was. `height` stays as it is: only if the page sets it,
        percentages within it mean anything. In a frame that is not wider, the width is right by itself, also of a root
        that is narrower than the viewport. A wider one would have the root in its middle, or at the right where pages
        begin there.
        """
        root, body = self._of_root_and_body()
        (left, top), height = origin, f"{self._layout.height:g}px"
        style = f"min-height:{height}!important;"
        if has_fixed or "height" in root or root.get("position", "static") == "static":
            style += f"max-height:{height}!important;"
        centered = self._centered(root) if has_fixed else ""
        if centered or root.keys().isdisjoint(("width", "max-width")):
            style += f"box-sizing:border-box!important;{centered}"
        if beyond:
            right = f"{beyond - left:g}px"
            style += f"position:absolute!important;left:{left}px!important;right:{right}!important;top:0!important;"
            if not centered and "%" in root.get("max-width", "%"):
                style += f"max-width:{self._layout.width:g}px!important;"
        has_margin = (margin := _length(root, "margin-top")) not in ("0px", "")
        if has_margin:
            # What is fixed is placed in the padding box.
            padding = _length(root, "padding-top") or "0px"
            style += f"padding-top:calc({margin} + {padding})!important;"
        if top or has_margin:
            # It is part of the layout, as for what sticks.
            style += f"margin-top:{top}px!important;"
        rules = f":root{{{style}overflow:visible!important;will-change:transform!important}}"
        if _scrolls(root) and _scrolls(body):
            # As the root has none, the page would have that of the body, and margins in the body would be its own.
            block = "display:flow-root!important;" if body.get("display", "block") == "block" else ""
            rules += f"body{{{block}overflow:visible!important}}"
        return rules

    def _centered(self, root: dict[str, str]) -> str:
        """What keeps a narrow root in the middle by room in it: what is fixed is placed in the whole viewport."""
        width = _length(root, "max-width")
        sides = {side: _length(root, f"padding-{side}") for side in ("left", "right")}
        if not width or not all(sides.values()) or any(root.get(f"margin-{side}") != "auto" for side in sides):
            return ""
        beside = f"({self._layout.width:g}px - {width}) / 2"
        is_within = root.get("box-sizing") == "border-box"
        paddings = (
            f"padding-{side}:{f'calc({one} + max(0px, {beside}))' if is_within else f'max({one}, {beside})'}!important;"
            for side, one in sides.items()
        )
        return f"max-width:none!important;margin-left:0!important;margin-right:0!important;{''.join(paddings)}"

    def _of_root_and_body(self) -> tuple[dict[str, str], dict[str, str]]:
        """What is stated of the two; nothing if that is not known."""
        root = self._page.root
        top_level = () if root is None else root.children if root.kind is NodeKind.DOCUMENT else (root,)
        html = next((one for one in top_level if one.kind is NodeKind.ELEMENT), None)
        body = None if html is None else next((one for one in html.children if one.name == "body"), None)
        if html is None or body is None:
            return {}, {}
        of_body, of_root = self._cascade.values([body, html], self._page, self._layout) or ({}, {})
        return of_root, of_body


def _scrolls(values: dict[str, str]) -> bool:
    return any(values.get(name) in _SCROLLING for name in _OVERFLOWS)


def _length(values: dict[str, str], name: str) -> str:
    """A length that can be calculated with; empty if it is none."""
    value = values.get(name, "0" if name.startswith("padding") else "")
    return ("0px" if value == "0" else value) if _LENGTH.fullmatch(value) else ""
