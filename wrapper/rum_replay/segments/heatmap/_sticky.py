"""Where clicks on sticky elements are while nothing is scrolled, as far as clicks show that."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations

import attrs

from ..dom import Node, NodeKind, css_path
from ..records import Number
from ._positions import Behavior

__all__ = ["Sticking", "Unstuck", "sticking_of", "unstuck"]

_MAX_SIBLINGS = 100
"""Elements before a sticky one that are looked at."""

_MAX_NUMBERED = 1_000

_MAX_READ = 1_000  # Characters of a text or style before one.

_EDGES = (("left", "right"), ("top", "bottom"))
_UNRENDERED = frozenset({"head", "link", "meta", "noscript", "script", "style", "template", "title"})
_SIZING = ("height:", "padding", "block-size:", "aspect-ratio:", "border")
"""What in an inline style gives an empty element a size."""

_NEAR = 24
"""Pixels between clicks on one thing that did not move."""

_MOST_HIGH = 150
"""Pixels; hardly any bar at an edge of the viewport is higher."""

_MAX_COMPARED = 100
"""Clicks that are compared with one another."""

_HALF_A_BAR = 28  # Pixels.

_CELLS, _ROWS = frozenset({"td", "th"}), frozenset({"tbody", "tfoot", "thead", "tr"})
_CELL_ROLES = frozenset({"cell", "columnheader", "gridcell", "rowheader"})
_ROW_ROLES = frozenset({"row", "rowgroup"})
_REPLACED = frozenset({"canvas", "hr", "iframe", "img", "input", "object", "svg", "video"})


@attrs.frozen
class Sticking:
    """A sticky element and what it sticks in, when something on it was clicked."""

    scroll: tuple[Number, Number]
    """How far that was scrolled, in pixels from the left and the top."""

    sides: frozenset[str]
    """The edges that the element may stick to."""

    is_first: tuple[bool, bool]
    """Whether nothing comes before it in its row, and nothing above it, so that it sticks once that is scrolled."""

    element: str = ""
    """The selector of the sticky element, or of all cells in its row if these stick to the top."""

    distances: tuple[Number, Number, Number] = (0, 0, 0)
    """At least how far it stays from the left, top and bottom edges while it sticks there."""

    viewport: Number | None = None
    """The height of the viewport, if the element sticks there, or to the lower edge of what scrolls within the page."""

    is_within: bool = False
    """Whether it sticks in what scrolls within the page."""

    order: tuple[int, ...] = ()
    """Where in the element, in the order of the document, that is which was clicked."""

    @property
    def is_at_bottom(self) -> bool:
        """Whether it sticks to the lower edge of the viewport, and to nothing else on that axis."""
        return self.viewport is not None and "bottom" in self.sides and "top" not in self.sides


def sticking_of(
    clicked: Node,
    element: Node,
    behavior: Behavior,
    scroll: tuple[Number, Number],
    *,
    around: Node | None,
    height: Number | None,
) -> Sticking:
    """How an element sticks in what is scrolled so far; `height` is that of the viewport, if it may stick there."""
    if around is not None and "top" in behavior.sides:
        height = None
    row = element.parent if element.name in _CELLS and "top" in behavior.sides else None
    return Sticking(
        scroll=scroll,
        sides=behavior.sides,
        is_first=_is_first(element, around),
        element=css_path(element) if row is None else f"{css_path(row)} > *",
        distances=behavior.distances,
        viewport=height if behavior.zoom == 1 else None,
        is_within=around is not None,
        order=_order(clicked, element),
    )


def _order(node: Node, element: Node) -> tuple[int, ...]:
    """How many siblings come before a node and before each element that it is in, from the outside in."""
    order: list[int] = []
    while node is not element and node.parent is not None:
        number, sibling = 0, node.previous_sibling
        while sibling is not None and number < _MAX_NUMBERED:
            number, sibling = number + 1, sibling.previous_sibling
        order.append(number)
        node = node.parent
    return tuple(reversed(order))


_Clicks = Sequence[tuple[Hashable, tuple[Number, Number], Sticking]]


@attrs.frozen
class Unstuck:
    """Where clicks on sticky elements are while nothing is scrolled, and which of the elements stick then."""

    places: list[tuple[Number, Number]]
    """Of the clicks, in pixels of the page."""

    edges: Mapping[str, tuple[str, Number]]
    """Elements that are shown where they stick, by their selectors: `top` and their least distance from the top of the
    page, or `bottom` and that from the lower edge of the viewport.
    """


def unstuck(clicks: _Clicks, height: Number) -> Unstuck:
    """Where clicks on sticky elements are in a viewport of some height while nothing is scrolled.

    Each click is what was clicked, its place as if nothing stuck, and how it stuck. An element sticks once that in
    which it sticks is scrolled by a certain amount. That amount is not recorded; clicks on the same thing, or on
    anything in the element, show it, see `_sticks_from`. An element that was clicked near the lower edge of the
    viewport, to which it sticks, is there.
    """
    places = [place for _, place, _ in clicks]
    by_target: defaultdict[Hashable, list[int]] = defaultdict(list)
    by_element: defaultdict[tuple[str, frozenset[str]], list[int]] = defaultdict(list)
    bottom = _at_bottom(clicks)
    for number, (target, _, sticking) in enumerate(clicks):
        by_target[target, sticking.sides].append(number)
        by_element[sticking.element, sticking.sides].append(number)
    left, top = ([place[axis] for place in places] for axis in (0, 1))

    def move(numbers: list[int], coordinates: Iterable[Number], found: list[Number]) -> None:
        for number, coordinate in zip(numbers, coordinates, strict=True):
            found[number] = coordinate

    for numbers in by_target.values():
        stuck, here = [clicks[number][2] for number in numbers], [places[number] for number in numbers]
        move(numbers, _on_axis(here, stuck, 0), left)
        move(numbers, _on_axis(here, stuck, 1), top)
    for (element, sides), numbers in by_element.items():
        stuck, here = [clicks[number][2] for number in numbers], [places[number] for number in numbers]
        if element in bottom:
            move(numbers, _above_bottom(here, stuck, height), top)
        elif "top" in sides:
            least = _sticks_from([clicks[number] for number in numbers])
            move(numbers, [y - max(0, one.scroll[1] - least) for (_, y), one in zip(here, stuck, strict=True)], top)
    edges = {element: ("bottom", distance) for element, distance in bottom.items()}
    return Unstuck(list(zip(left, top, strict=True)), edges | _at_top(clicks))


def _sticks_from(clicks: _Clicks) -> Number:
    """How far that in which an element sticks to the top is scrolled when it begins to stick.

    It is at most the distance from where it sticks to the highest click on anything in it. Something that was clicked
    before that and after shows it. Otherwise it is taken for what it was at the first click, or, if nothing was
    scrolled then or all clicks are on a bar, for the amount with which the highest clicks before and after that are
    in the same place.
    """
    first = min(one.scroll[1] for _, _, one in clicks)
    most = min(y - one.distances[1] for _, (_, y), one in clicks)
    by_target: defaultdict[Hashable, list[tuple[Number, Number]]] = defaultdict(list)
    for target, (_, y), one in clicks:
        by_target[target].append((one.scroll[1], y))
    shown: list[Number] = []
    stuck: list[tuple[Number, Number]] = []
    for found in by_target.values():
        before, highest = min(found)
        after = [(scroll, y) for scroll, y in found if scroll > first and (scroll >= most or y - highest > _NEAR)]
        if any(before <= most and scroll - before > _NEAR >= y - highest for scroll, y in after):
            return math.inf  # It is as long as what it is in.
        stuck += after
        top = min((y - scroll for scroll, y in after), default=math.inf)
        if highest - before - top > _NEAR:
            shown.append(highest - top)
    is_first = all(one.is_first[1] for _, _, one in clicks)
    # What comes first may have room before it, which a click shows before anything was scrolled.
    if is_first and first > 0:
        return 0
    if shown:
        least = min(shown)
    elif _are_in_order(clicks, first, most):
        return math.inf
    elif not stuck:
        return most
    elif _is_bar(clicks) or (first <= 0 and not is_first):
        least = min(y for _, (_, y), _ in clicks) - min(y - scroll for scroll, y in stuck)
    else:
        least = first
    return max(first, least)


def _is_bar(clicks: _Clicks) -> bool:
    """Whether an element was clicked near the upper edge of the viewport only, to which it sticks."""
    return all(y - one.scroll[1] - one.distances[1] <= _MOST_HIGH for _, (_, y), one in clicks)


def _are_in_order(clicks: _Clicks, first: Number, most: Number) -> bool:
    """Whether an element is as long as what it is in: what comes later in it is further down, unless it sticks."""
    after = [one for one in clicks if one[2].scroll[1] >= most > first][:_MAX_COMPARED]
    against = 0
    for (_, (_, y), one), (_, (_, later), other) in combinations(sorted(after, key=lambda it: it[2].order), 2):
        while_stuck = later - (other.scroll[1] - one.scroll[1])
        against += (while_stuck < y - _NEAR) - (later < y - _NEAR)
    return against > 0


def _at_top(clicks: _Clicks) -> dict[str, tuple[str, Number]]:
    """Elements that stick to the upper edge of the viewport, and how far down they are at their first click.

    What was clicked when nothing was scrolled, or comes first on the page, is there anyway.
    """
    first: dict[str, Number] = {}
    others: set[str] = set()
    for _, _, one in clicks:
        if one.viewport is None or one.is_first[1] or "top" not in one.sides or one.scroll[1] <= 0:
            others.add(one.element)
        place = one.distances[1] + one.scroll[1]
        first[one.element] = min(place, first.get(one.element, place))
    return {element: ("top", place) for element, place in first.items() if element not in others}


def _at_bottom(clicks: _Clicks) -> dict[str, Number]:
    """Elements that stick to the lower edge of the viewport, and how far they stay from it.

    They were clicked near it. Where a page is scrolled to what comes below them, they are further up, but not before:
    then they are higher than a bar, and what sticks is their lower end. Where something ends that scrolls within the
    page follows from the lowest click on what sticks there.
    """
    near: dict[str, Number] = {}
    far: dict[str, Number] = {}
    distances: dict[str, Number] = {}
    others: set[str] = set()
    # Where what scrolls within the page was not scrolled, it is not shown whole, and they are where they were.
    moved = {one.element for _, _, one in clicks if one.scroll[1] > 0 or not one.is_within}
    ends: dict[str, Number] = {}
    for _, (_, y), one in clicks:
        if one.is_within:
            end = _from_bottom(y, one) - _HALF_A_BAR
            ends[one.element] = min(end, ends.get(one.element, end))
    for _, (_, y), one in clicks:
        element, from_bottom = one.element, _from_bottom(y, one)
        distance = ends.get(element, one.distances[2])
        edge = y + from_bottom  # Of the viewport, on the page.
        if not one.is_at_bottom:
            others.add(element)
        elif from_bottom - distance <= _MOST_HIGH:
            near[element], distances[element] = max(edge, near.get(element, edge)), distance
        else:
            far[element] = min(edge, far.get(element, edge))
    return {
        element: distance
        for element, distance in distances.items()
        if element in moved - others and near[element] < far.get(element, math.inf)
    }


def _from_bottom(on_page: Number, sticking: Sticking) -> Number:
    """How far a click was from the lower edge of the viewport; infinite if its element does not stick there."""
    return math.inf if sticking.viewport is None else sticking.viewport - (on_page - sticking.scroll[1])


def _above_bottom(places: list[tuple[Number, Number]], stuck: list[Sticking], height: Number) -> list[Number]:
    """How far below the top of the page clicks on one thing are that sticks to the lower edge of the viewport.

    When the page is scrolled so far that it no longer sticks, it is higher, which shows where it is on the page: in a
    high viewport that may be above its edge.
    """
    lowest = max(y for _, y in places)
    from_bottom = [_from_bottom(y, one) for (_, y), one in zip(places, stuck, strict=True)]
    least = min(from_bottom)
    beyond = [max(0, one.scroll[1] - (lowest - ((one.viewport or 0) - least))) for one in stuck]
    above = max(0, height - least - lowest) if any(beyond) else 0
    return [height - distance + more - above for distance, more in zip(from_bottom, beyond, strict=True)]


def _on_axis(places: list[tuple[Number, Number]], stuck: list[Sticking], axis: int) -> list[Number]:
    """One coordinate of clicks on one thing before it sticks, in pixels; those below the top follow from others."""
    start, end = _EDGES[axis]
    on_page, scrolls = [place[axis] for place in places], [one.scroll[axis] for one in stuck]
    seen = [place - scroll for place, scroll in zip(on_page, scrolls, strict=True)]
    is_first = all(one.is_first[axis] for one in stuck)
    if start in stuck[0].sides:
        # What comes first may have room before it, which a click shows before anything was scrolled.
        least = 0 if is_first and min(scrolls) > 0 else min(on_page) - min(seen)
        return [place + min(scroll, least) for place, scroll in zip(seen, scrolls, strict=True)]
    if end in stuck[0].sides:
        # In layouts from right to left, scrolling is negative, and what comes first is at the right.
        furthest = 0 if is_first and max(scrolls) < 0 else max(on_page) - max(seen)
        return [place + max(scroll, furthest) for place, scroll in zip(seen, scrolls, strict=True)]
    return on_page


def _is_first(element: Node, around: Node | None) -> tuple[bool, bool]:
    """Whether nothing that has a size precedes an element in what scrolls it, to the left and above.

    As far as the markup shows: cells precede those in the same row to the left, and rows precede others above.
    """
    looked_at = 0
    is_leftmost = is_topmost = True
    while element is not around and (is_leftmost or is_topmost):
        sibling = element.previous_sibling
        while sibling is not None:
            looked_at += 1
            if looked_at > _MAX_SIBLINGS:
                return False, False
            if _may_have_size(sibling):
                role = element.attributes.get("role", "")
                is_leftmost = is_leftmost and (element.name in _ROWS or role in _ROW_ROLES)
                is_topmost = is_topmost and (element.name in _CELLS or role in _CELL_ROLES)
                break
            sibling = sibling.previous_sibling
        if element.parent is None:
            break
        element = element.parent
    return is_leftmost, is_topmost


def _may_have_size(node: Node) -> bool:
    if node.kind is not NodeKind.ELEMENT:
        return node.kind in (NodeKind.TEXT, NodeKind.CDATA) and bool(node.text[:_MAX_READ].strip())
    if node.name in _UNRENDERED or "hidden" in node.attributes:
        return False
    style = "".join(node.attributes.get("style", "")[:_MAX_READ].lower().split())
    if any(one in style for one in ("display:none", "position:absolute", "position:fixed")):
        return False
    is_empty = node.first_child is None and node.shadow_root is None
    return not is_empty or node.name in _REPLACED or any(one in style for one in _SIZING)
