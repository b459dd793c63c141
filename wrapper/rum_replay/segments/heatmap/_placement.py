"""Where a click is on a page that is not scrolled at all, relative to the element that was clicked."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice

import attrs

from ..dom import Node, NodeKind, Page, Size, css_path
from ..dom._matching import shown_around
from ..records import Number
from ..summary._quantities import plausible_pixels
from ._positions import Behavior, Styles

__all__ = ["RULES", "Anchoring", "Place", "Placement", "Places", "Sticking", "Unstuck", "unstuck"]

_MAX_DEPTH = 100
"""Elements around a clicked one that are looked at; with more of them, nothing is known."""

_MAX_SIBLINGS = 100
"""Elements before a sticky one that are looked at."""

_MAX_READ = 1_000  # Characters of a text or style before one.

_MAX_SCROLLERS = 100
"""Distinct elements of a view that scroll what was clicked."""

_VIEWPORT = frozenset({"body", "html"})
"""Elements whose style makes the viewport scroll, as a rule, and not themselves."""

_EDGES = (("left", "right"), ("top", "bottom"))
_UNRENDERED = frozenset({"head", "link", "meta", "noscript", "script", "style", "template", "title"})
_SIZING = ("height:", "padding", "block-size:", "aspect-ratio:", "border")
"""What in an inline style gives an empty element a size."""

_MOST_LONG = 1_500
"""Pixels; hardly any sticky element is longer. Those that are as long as what they are in do not stick."""

_MOST_HIGH = 150
"""Pixels; hardly any bar at the lower edge of the viewport is higher."""

_CELLS, _ROWS = frozenset({"td", "th"}), frozenset({"tbody", "tfoot", "thead", "tr"})
_CELL_ROLES = frozenset({"cell", "columnheader", "gridcell", "rowheader"})
_ROW_ROLES = frozenset({"row", "rowgroup"})
_REPLACED = frozenset({"canvas", "hr", "iframe", "img", "input", "object", "svg", "video"})


class Placement(StrEnum):
    """The rule by which a click was placed on the page."""

    PAGE = "page"
    """By how far the page was scrolled: what was clicked scrolls with it."""

    SCROLLER = "scroller"
    """By how far the elements around it, which scroll by themselves, and the page were scrolled."""

    STICKY = "sticky"
    """Where its sticky element is while nothing is scrolled: as far as clicks show that, or at the lower edge of the
    viewport if it sticks there."""

    VIEWPORT = "viewport"
    """Where it was in the viewport: what was clicked is fixed there."""

    UNKNOWN = "unknown"
    """By how far the page was scrolled, though it is not known whether the element, or its style, scrolls with it."""


RULES = {
    Placement.PAGE: "by how far the page was scrolled",
    Placement.SCROLLER: "by how far the scrolling elements around them were scrolled, too, which are shown whole",
    Placement.STICKY: "on sticky elements, placed where these are while nothing is scrolled",
    Placement.VIEWPORT: "fixed to the viewport, which is shown at the top",
    Placement.UNKNOWN: "by how far the page was scrolled, because their element or its style is not in the recording",
}
"""The rules in words."""


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
    """The selector of the sticky element."""

    distances: tuple[Number, Number, Number] = (0, 0, 0)
    """At least how far it stays from the left, top and bottom edges while it sticks there."""

    viewport: Number | None = None
    """The height of the viewport, if the element sticks to its lower edge, and to nothing else on that axis."""


@attrs.frozen
class Anchoring:
    """The distance of a click on a fixed element from the edges of the viewport that it keeps to, in pixels."""

    right: Number | None
    bottom: Number | None

    def in_viewport(self, x: Number, y: Number, viewport: Size) -> tuple[Number, Number]:
        """Where the click is in a viewport of another size."""
        return (
            x if self.right is None else viewport.width - self.right,
            y if self.bottom is None else viewport.height - self.bottom,
        )


@attrs.frozen
class Place:
    """Where a click is."""

    x: Number
    """Pixels from the left edge of the page, as if sticky elements did not stick."""

    y: Number
    placement: Placement
    scrollers: tuple[str, ...] = ()
    """Selectors of the elements that were scrolled around it."""

    moves: Sticking | Anchoring | None = None


class Places:
    """Finds the places of clicks in one view."""

    def __init__(self) -> None:
        self._styles = Styles()
        self._scrollers = set[str]()
        self.note = self._styles.note

    def of(self, x: Number, y: Number, node: Node | None, page: Page, viewport: Size) -> Place:
        """The place of a click at a position in the viewport."""
        scroll = page.scroll
        on_page = Place(x + scroll.left, y + scroll.top, Placement.UNKNOWN)
        path = [] if node is None else list(islice(shown_around(node), _MAX_DEPTH + 1))
        if not 0 < len(path) <= _MAX_DEPTH:
            return on_page
        behaviors = self._styles.behaviors(path, page, viewport)
        if behaviors is None:
            return on_page
        left: Number = 0
        top: Number = 0
        scrolled: list[Node] = []
        sticky: tuple[Node, Behavior] | None = None
        sticking: Sticking | None = None
        for element, behavior, is_fixed in self._moving(path, behaviors):
            amount = _scroll(element, behavior.zoom)
            if element is not node and (amount != (0, 0) or (behavior.scrolls and element.name not in _VIEWPORT)):
                if sticky is not None:
                    sticking = sticking or _sticking(*sticky, amount, element)
                sticky = None
                if amount != (0, 0):
                    scrolled.append(element)
                    left, top = left + amount[0], top + amount[1]
            if is_fixed:
                moves = sticking or _anchoring(behavior, x + left, y + top, viewport)
                return Place(x + left, y + top, Placement.VIEWPORT, self._selectors(scrolled), moves)
            if behavior.position == "sticky" and behavior.sides and sticking is None:
                sticky = sticky or (element, behavior)
        if sticky is not None:
            height = viewport.height if _is_in_viewport(path, behaviors) else None
            sticking = sticking or _sticking(*sticky, (scroll.left, scroll.top), None, height)
        if sticking is not None:
            placement = Placement.STICKY
        elif scrolled:
            placement = Placement.SCROLLER
        else:
            is_certain = self._styles.are_complete() or (scroll.left, scroll.top) == (0, 0)
            placement = Placement.PAGE if is_certain else Placement.UNKNOWN
        place = x + left + scroll.left, y + top + scroll.top
        return Place(*place, placement, self._selectors(scrolled), sticking)

    def _moving(self, path: Sequence[Node], behaviors: Sequence[Behavior]) -> Iterator[tuple[Node, Behavior, bool]]:
        """The elements that move one another, from the inside out, and whether each is fixed to the viewport.

        What is placed absolutely is moved by nothing between it and what it is placed in.
        """
        out_of = ""  # The position of what is placed in something further out.
        outermost = max((number for number, one in enumerate(behaviors) if one.holds_fixed), default=-1)
        for number, (element, behavior) in enumerate(zip(path, behaviors, strict=True)):
            if out_of and not behavior.holds(out_of):
                continue
            out_of = ""
            is_fixed = behavior.position == "fixed"
            if is_fixed and number < outermost:
                out_of, is_fixed = "fixed", False
            elif behavior.position == "absolute" and self._styles.are_complete():
                out_of = "absolute"
            yield element, behavior, is_fixed

    def _selectors(self, scrolled: list[Node]) -> tuple[str, ...]:
        """The selectors of elements, as far as there are not too many."""
        selectors = [css_path(element) for element in scrolled]
        if len(self._scrollers) < _MAX_SCROLLERS:
            self._scrollers.update(selectors)
        return tuple(selector for selector in selectors if selector in self._scrollers)


@attrs.frozen
class Unstuck:
    """Where clicks on sticky elements are while nothing is scrolled, and which of the elements stick then."""

    places: list[tuple[Number, Number]]
    """Of the clicks, in pixels of the page."""

    bars: Mapping[str, Number]
    """Elements that stick to the lower edge of the viewport, by their selectors, and how far they stay from it."""


def unstuck(clicks: Sequence[tuple[Hashable, tuple[Number, Number], Sticking]], height: Number) -> Unstuck:
    """Where clicks on sticky elements are in a viewport of some height while nothing is scrolled.

    Each click is what was clicked, its place as if nothing stuck, and how it stuck. An element sticks once that in
    which it sticks is scrolled by a certain amount. That amount is not recorded; among clicks on the same thing it is
    the one with which all are in the same place. If that is far from the highest click on anything in the sticky
    element, it is at most the distance from where it sticks to that click. An element that was clicked near the lower
    edge of the viewport, to which it sticks, is there.
    """
    places = [place for _, place, _ in clicks]
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    most: dict[str, list[Number]] = {}
    bars = _bars(clicks)
    for number, (target, place, sticking) in enumerate(clicks):
        groups[target, sticking.sides].append(number)
        room = [max(0, place[axis] - sticking.distances[axis]) for axis in (0, 1)]
        most[sticking.element] = list(map(min, most.get(sticking.element, room), room))
    for numbers in groups.values():
        stuck = [clicks[number][2] for number in numbers]
        latest, is_bar = most[stuck[0].element], stuck[0].element in bars
        here = [places[number] for number in numbers]
        left = _on_axis(here, stuck, 0, latest[0])
        top = _at_bottom(here, stuck, height) if is_bar else _on_axis(here, stuck, 1, latest[1])
        for number, x, y in zip(numbers, left, top, strict=True):
            places[number] = x, y
    return Unstuck(places, bars)


def _bars(clicks: Sequence[tuple[Hashable, tuple[Number, Number], Sticking]]) -> dict[str, Number]:
    """Elements that stick to the lower edge of the viewport, and how far they stay from it.

    They were clicked near it. Where a page is scrolled to what comes below them, they are further up, but not before:
    then they are higher than a bar, and what sticks is their lower end.
    """
    near: dict[str, Number] = {}
    far: dict[str, Number] = {}
    distances: dict[str, Number] = {}
    others: set[str] = set()
    for _, (_, y), one in clicks:
        element, scroll, distance = one.element, one.scroll[1], one.distances[2]
        if one.viewport is None:
            others.add(element)
        elif _from_bottom(y, one) - distance <= _MOST_HIGH:
            near[element], distances[element] = max(scroll, near.get(element, scroll)), distance
        else:
            far[element] = min(scroll, far.get(element, scroll))
    return {
        element: distance
        for element, distance in distances.items()
        if element not in others and near[element] < far.get(element, math.inf)
    }


def _from_bottom(on_page: Number, sticking: Sticking) -> Number:
    """How far a click was from the lower edge of the viewport; infinite if its element does not stick there."""
    return math.inf if sticking.viewport is None else sticking.viewport - (on_page - sticking.scroll[1])


def _at_bottom(places: list[tuple[Number, Number]], stuck: list[Sticking], height: Number) -> list[Number]:
    """How far below the top of the page clicks on one thing are that sticks to the lower edge of the viewport.

    When the page is scrolled so far that it no longer sticks, it is higher.
    """
    lowest = max(y for _, y in places)
    from_bottom = [_from_bottom(y, one) for (_, y), one in zip(places, stuck, strict=True)]
    least = min(from_bottom)
    beyond = [max(0, one.scroll[1] - (lowest - ((one.viewport or 0) - least))) for one in stuck]
    return [height - distance + more for distance, more in zip(from_bottom, beyond, strict=True)]


def _on_axis(places: list[tuple[Number, Number]], stuck: list[Sticking], axis: int, most: Number) -> list[Number]:
    """One coordinate of clicks on one thing before it sticks, in pixels.

    Unless that is near, it sticks to the left or top at the latest when that is scrolled by `most`.
    """
    start, end = _EDGES[axis]
    on_page, scrolls = [place[axis] for place in places], [one.scroll[axis] for one in stuck]
    seen = [place - scroll for place, scroll in zip(on_page, scrolls, strict=True)]
    is_first = all(one.is_first[axis] for one in stuck)
    if start in stuck[0].sides:
        # What comes first may have room before it, which a click shows before anything was scrolled.
        least = 0 if is_first and min(scrolls) > 0 else min(on_page) - min(seen)
        if min(on_page) - most > _MOST_LONG:
            least = min(least, most)
        return [place + min(scroll, least) for place, scroll in zip(seen, scrolls, strict=True)]
    if end in stuck[0].sides:
        # In layouts from right to left, scrolling is negative, and what comes first is at the right.
        furthest = 0 if is_first and max(scrolls) < 0 else max(on_page) - max(seen)
        return [place + max(scroll, furthest) for place, scroll in zip(seen, scrolls, strict=True)]
    return on_page


def _scroll(element: Node, zoom: float) -> tuple[Number, Number]:
    """How far what is in an element was scrolled, in pixels of the viewport."""
    if element.scroll is None:
        return 0, 0
    left, top = plausible_pixels(element.scroll.left), plausible_pixels(element.scroll.top)
    return (left or 0, top or 0) if zoom == 1 else ((left or 0) * zoom, (top or 0) * zoom)


def _sticking(
    element: Node, behavior: Behavior, scroll: tuple[Number, Number], around: Node | None, height: Number | None = None
) -> Sticking:
    """How an element sticks in what is scrolled so far; `height` is that of the viewport, if it is the viewport."""
    is_at_bottom = "bottom" in behavior.sides and "top" not in behavior.sides and behavior.zoom == 1
    return Sticking(
        scroll=scroll,
        sides=behavior.sides,
        is_first=_is_first(element, around),
        element=css_path(element),
        distances=behavior.distances,
        viewport=height if is_at_bottom else None,
    )


def _is_in_viewport(path: Sequence[Node], behaviors: Sequence[Behavior]) -> bool:
    """Whether the viewport scrolls what no other element does: if root and body are to scroll, the body does."""
    return not all(one.scrolls for element, one in zip(path, behaviors, strict=True) if element.name in _VIEWPORT)


def _anchoring(behavior: Behavior, x: Number, y: Number, viewport: Size) -> Anchoring | None:
    right = viewport.width - x if "right" in behavior.sides and "left" not in behavior.sides else None
    bottom = viewport.height - y if "bottom" in behavior.sides and "top" not in behavior.sides else None
    return None if right is None and bottom is None else Anchoring(right, bottom)


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
