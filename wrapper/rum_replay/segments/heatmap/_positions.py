"""How elements move when a page is scrolled, as far as the recorded CSS says it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import attrs

from ..dom import Effect, Node, Page, Size
from ..dom._css.style_rules import Properties
from ..dom._styles.cascade import Cascade

__all__ = ["PROPERTIES", "Behavior", "Styles"]

_NAMES = (
    r"position|top|right|bottom|left|inset(?:-block|-inline)?(?:-start|-end)?"
    r"|overflow(?:-[xy])?|transform|translate|rotate|scale|perspective|(?:backdrop-)?filter|will-change|contain"
    r"|content-visibility|direction|zoom"
)
_HINTS = (
    *("position", "overflow", "inset", "top", "left", "right", "bottom", "transform", "translate", "rotate", "scale"),
    *("perspective", "filter", "will-change", "contain", "content-visibility", "direction", "zoom"),
)
_SHORTHANDS = {
    "inset": ("top", "right", "bottom", "left"),
    "inset-block": ("top", "bottom"),
    "inset-block-end": ("bottom",),
    "inset-block-start": ("top",),
    "inset-inline": ("inline-start", "inline-end"),
    "inset-inline-end": ("inline-end",),
    "inset-inline-start": ("inline-start",),
    "overflow": ("overflow-x", "overflow-y"),
}
_OVERFLOWS = ("overflow-x", "overflow-y")
_SIDES = {one: one for one in ("top", "right", "bottom", "left")}
_BY_DIRECTION = {
    "ltr": {**_SIDES, "inline-start": "left", "inline-end": "right"},
    "rtl": {**_SIDES, "inline-start": "right", "inline-end": "left"},
}
_ZOOM = re.compile(r"(\d{1,4}+(?>\.\d{1,9}+)?+|\.\d{1,9}+)(%?)")
_LENGTH = re.compile(r"(-?\d{1,6}+(?>\.\d{1,9}+)?+|-?\.\d{1,9}+)(px|rem)")
_REM = 16  # Pixels, unless a page says otherwise.
_VARIABLE = re.compile(r"var\(\s*+(--[-\w]++)\s*+(?>,((?>[^()]++|\([^()]*+\))*+))?+\)")
_MOST_VARIABLES, _MAX_VALUE = 8, 200
"""How deep variables may refer to one another, and characters of a value in which they are looked up."""
_MOVING = frozenset({"absolute", "fixed", "sticky"})
# What is fixed within an element with one of these is fixed to that, and not to the viewport.
_TRANSFORMS = frozenset({"backdrop-filter", "filter", "perspective", "rotate", "scale", "transform", "translate"})
_HOLDING = {
    "contain": re.compile(r"\b(?:content|layout|paint|strict)\b"),
    "content-visibility": re.compile(r"\b(?:auto|hidden)\b"),
    "will-change": re.compile(rf"(?<![-\w])(?:contain|{'|'.join(sorted(_TRANSFORMS))})(?![-\w])"),
    **dict.fromkeys(_TRANSFORMS, re.compile(r"\A(?!(?:none|initial|unset|revert|revert-layer)\Z)")),
}
_ALWAYS = frozenset({*_HOLDING, "zoom"})
_OF_FILTERS = frozenset({"backdrop-filter", "filter"})
_SCROLLING = frozenset({"auto", "hidden", "overlay", "scroll"})


@attrs.frozen
class Behavior:
    """How an element moves."""

    position: str = "static"
    sides: frozenset[str] = frozenset()
    """The edges that its style gives a distance to: of the viewport, if its position is fixed."""

    distances: tuple[float, float, float] = (0, 0, 0)
    """At least how far it stays from the left, top and bottom edges, in pixels of the viewport, where that is known."""

    scrolls: bool = False
    """Whether its style makes it scroll what is in it."""

    holds_fixed: bool = False
    """Whether what is fixed within it is fixed to it, such as within an element with a `transform`."""

    zoom: float = 1
    """How many pixels of the viewport a pixel in it is."""

    def holds(self, position: str) -> bool:
        """Whether it is what an element in it with this position, `absolute` or `fixed`, is placed in."""
        return self.holds_fixed or (position == "absolute" and self.position != "static")


def _position(value: str) -> str:
    return value.removeprefix("-webkit-")


PROPERTIES = Properties(
    names=_NAMES,
    hints=_HINTS,
    shorthands=_SHORTHANDS,
    matters=lambda name, value: name in _ALWAYS or (name == "position" and _position(value) in _MOVING),
)
"""What is read; rules that take nothing out of the flow do not matter."""

_VARIABLES = Properties(names=r"--[-\w]++", hints=("--",), matters=lambda _name, _value: True)


class Styles:
    """The style sheets of a page, as records change it."""

    def __init__(self) -> None:
        self._cascade, self._variables = Cascade(PROPERTIES), Cascade(_VARIABLES)

    def note(self, effects: Sequence[Effect], page: Page) -> None:
        """Note what a record did to the page; nothing is kept until somebody asks."""
        self._cascade.note(effects, page)
        self._variables.note(effects, page)

    def are_complete(self) -> bool:
        """Whether all style sheets of the page were recorded, as of the last question."""
        return self._cascade.are_complete()

    def behaviors(self, elements: Sequence[Node], page: Page, viewport: Size) -> list[Behavior] | None:
        """How an element and those around it move, from the inside out; None if it would take too long to find out."""
        found = self._cascade.values(elements, page, viewport)
        if found is None:
            return None
        if any("var(" in value for values in found for value in values.values()):
            found = self._with_variables(found, self._variables.values(elements, page, viewport) or [])
        behaviors: list[Behavior] = []
        direction, zoom = "ltr", 1.0  # Those of what is around an element hold within it.
        for element, values in zip(reversed(elements), reversed(found), strict=True):
            stated = values.get("direction") or element.attributes.get("dir", "").lower()
            direction = stated if stated in _BY_DIRECTION else direction
            zoom *= _zoom(values.get("zoom", ""))
            behaviors.append(_behavior(element, values, direction, zoom))
        return behaviors[::-1]

    def _with_variables(
        self, found: Sequence[dict[str, str]], variables: Sequence[dict[str, str]]
    ) -> list[dict[str, str]]:
        """The values of elements with those of variables, which elements have from what is around them."""
        known: dict[str, str] = {}
        resolved: list[dict[str, str]] = []
        for values, own in zip(reversed(found), reversed(variables), strict=False):
            known = known | own if own else known
            resolved.append({name: _resolved(value, known) for name, value in values.items()})
        return resolved[::-1] or list(found)


def _zoom(value: str) -> float:
    found = _ZOOM.fullmatch(value)
    return (float(found[1]) * (0.01 if found[2] else 1) or 1) if found is not None else 1


def _resolved(value: str, variables: Mapping[str, str]) -> str:
    """A value with those of variables in it, as far as they are known."""
    for _ in range(_MOST_VARIABLES):
        if "var(" not in value or len(value) > _MAX_VALUE:
            break
        value = _VARIABLE.sub(lambda found: variables.get(found[1], found[2] or "unknown")[:_MAX_VALUE].strip(), value)
    return value


def _pixels(value: str) -> float:
    """A length, or a sum of several; 0 if it cannot be read without its surroundings."""
    total = 0.0
    for term in value.replace("calc", "").replace("(", " ").replace(")", " ").split(" + "):
        found = _LENGTH.fullmatch(term.strip())
        if found is None:
            return 0
        total += float(found[1]) * (_REM if found[2] == "rem" else 1)
    return total


def _behavior(element: Node, values: dict[str, str], direction: str, zoom: float) -> Behavior:
    if not values and zoom == 1:
        return _FIXED if _is_fixed_at_first(element) else _STATIC
    sides = _BY_DIRECTION[direction].items()
    left, top, bottom = (
        zoom * max(_pixels(values.get(name, "")) for name, side in sides if side == edge)
        for edge in ("left", "top", "bottom")
    )
    return Behavior(
        position=_position(values.get("position", "fixed" if _is_fixed_at_first(element) else "static")),
        sides=frozenset(side for name, side in sides if values.get(name, "auto") not in ("auto", "initial", "unset")),
        distances=(left, top, bottom),
        scrolls=any(values.get(name) in _SCROLLING for name in _OVERFLOWS),
        holds_fixed=any(
            name in _HOLDING and _HOLDING[name].search(value) is not None
            for name, value in values.items()
            if element.name != "html" or name not in _OF_FILTERS
        ),
        zoom=zoom,
    )


def _is_fixed_at_first(element: Node) -> bool:
    """Whether it is fixed to the viewport as long as no style says otherwise."""
    return element.in_top_layer or "popover" in element.attributes


_STATIC = Behavior()
_FIXED = Behavior(position="fixed")
