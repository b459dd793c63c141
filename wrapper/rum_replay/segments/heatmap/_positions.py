"""How elements move when a page is scrolled, as far as the recorded CSS says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from ..dom import Effect, Node, Page, Size
from ..dom._cascade import Cascade
from ..dom._style_rules import Properties

__all__ = ["PROPERTIES", "Behavior", "Styles"]

_NAMES = (
    r"position|top|right|bottom|left|inset(?:-block|-inline)?(?:-start|-end)?"
    r"|overflow(?:-[xy])?|transform|translate|rotate|scale|perspective|(?:backdrop-)?filter|will-change|contain"
    r"|content-visibility"
)
_HINTS = (
    *("position", "overflow", "inset", "top", "left", "right", "bottom", "transform", "translate", "rotate", "scale"),
    *("perspective", "filter", "will-change", "contain", "content-visibility"),
)
_SHORTHANDS = {
    "inset": ("top", "right", "bottom", "left"),
    "inset-block": ("top", "bottom"),
    "inset-block-end": ("bottom",),
    "inset-block-start": ("top",),
    "inset-inline": ("left", "right"),
    "inset-inline-end": ("right",),
    "inset-inline-start": ("left",),
    "overflow": ("overflow-x", "overflow-y"),
}
_OVERFLOWS = ("overflow-x", "overflow-y")
_SIDES = ("top", "right", "bottom", "left")
_MOVING = frozenset({"absolute", "fixed", "sticky"})
# What is fixed within an element with one of these is fixed to that, and not to the viewport.
_TRANSFORMS = frozenset({"backdrop-filter", "filter", "perspective", "rotate", "scale", "transform", "translate"})
_HOLDING = {
    "contain": re.compile(r"\b(?:content|layout|paint|strict)\b"),
    "content-visibility": re.compile(r"\b(?:auto|hidden)\b"),
    "will-change": re.compile(rf"(?<![-\w])(?:contain|{'|'.join(sorted(_TRANSFORMS))})(?![-\w])"),
    **dict.fromkeys(_TRANSFORMS, re.compile(r"\A(?!(?:none|initial|unset|revert|revert-layer)\Z)")),
}
_OF_FILTERS = frozenset({"backdrop-filter", "filter"})
_SCROLLING = frozenset({"auto", "hidden", "overlay", "scroll"})


@attrs.frozen
class Behavior:
    """How an element moves."""

    position: str = "static"
    sides: frozenset[str] = frozenset()
    """The edges that its style gives a distance to: of the viewport, if its position is fixed."""

    scrolls: bool = False
    """Whether its style makes it scroll what is in it."""

    holds_fixed: bool = False
    """Whether what is fixed within it is fixed to it, such as within an element with a `transform`."""

    def holds(self, position: str) -> bool:
        """Whether it is what an element in it with this position, `absolute` or `fixed`, is placed in."""
        return self.holds_fixed or (position == "absolute" and self.position != "static")


def _position(value: str) -> str:
    return value.removeprefix("-webkit-")


PROPERTIES = Properties(
    names=_NAMES,
    hints=_HINTS,
    shorthands=_SHORTHANDS,
    matters=lambda name, value: name in _HOLDING or (name == "position" and _position(value) in _MOVING),
)
"""What is read; rules that take nothing out of the flow do not matter."""


class Styles:
    """The style sheets of a page, as records change it."""

    def __init__(self) -> None:
        self._cascade = Cascade(PROPERTIES)

    def note(self, effects: Sequence[Effect], page: Page) -> None:
        """Note what a record did to the page; nothing is kept until somebody asks."""
        self._cascade.note(effects, page)

    def are_complete(self) -> bool:
        """Whether all style sheets of the page were recorded, as of the last question."""
        return self._cascade.are_complete()

    def behaviors(self, elements: Sequence[Node], page: Page, viewport: Size) -> list[Behavior] | None:
        """How an element and those around it move, from the inside out; None if it would take too long to find out."""
        found = self._cascade.values(elements, page, viewport)
        return None if found is None else [_behavior(*one) for one in zip(elements, found, strict=True)]


def _behavior(element: Node, values: dict[str, str]) -> Behavior:
    if not values:
        return _FIXED if _is_fixed_at_first(element) else _STATIC
    return Behavior(
        position=_position(values.get("position", "fixed" if _is_fixed_at_first(element) else "static")),
        sides=frozenset(side for side in _SIDES if values.get(side, "auto") not in ("auto", "initial", "unset")),
        scrolls=any(values.get(name) in _SCROLLING for name in _OVERFLOWS),
        holds_fixed=any(
            name in _HOLDING and _HOLDING[name].search(value) is not None
            for name, value in values.items()
            if element.name != "html" or name not in _OF_FILTERS
        ),
    )


def _is_fixed_at_first(element: Node) -> bool:
    """Whether it is fixed to the viewport as long as no style says otherwise."""
    return element.in_top_layer or "popover" in element.attributes


_STATIC = Behavior()
_FIXED = Behavior(position="fixed")
