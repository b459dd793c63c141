"""Where a click is on a page that is not scrolled at all, relative to the element that was clicked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice

import attrs

from ..dom import Node, Page, Size, css_path
from ..dom._css.matching import shown_around
from ..records import Number
from ..summary._quantities import plausible_pixels
from ._positions import Behavior, Styles
from ._sticky import Sticking, sticking_of

__all__ = ["RULES", "Anchoring", "Place", "Placement", "Places"]

_MAX_DEPTH = 100
"""Elements around a clicked one that are looked at; with more of them, nothing is known."""

_MAX_SCROLLERS = 100
"""Distinct elements of a view that scroll what was clicked."""

_VIEWPORT = frozenset({"body", "html"})
"""Elements whose style makes the viewport scroll, as a rule, and not themselves."""


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
    Placement.STICKY: "on sticky elements, placed where these are before scrolling, as far as clicks show that",
    Placement.VIEWPORT: "fixed to the viewport, which is shown at the top",
    Placement.UNKNOWN: "by how far the page was scrolled, because their element or its style is not in the recording",
}
"""The rules in words."""


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
                if sticky is not None and sticking is None:
                    sticking = sticking_of(path[0], *sticky, amount, around=element, height=viewport.height)
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
            sticking = sticking or sticking_of(path[0], *sticky, (scroll.left, scroll.top), around=None, height=height)
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


def _scroll(element: Node, zoom: float) -> tuple[Number, Number]:
    """How far what is in an element was scrolled, in pixels of the viewport."""
    if element.scroll is None:
        return 0, 0
    left, top = plausible_pixels(element.scroll.left), plausible_pixels(element.scroll.top)
    return (left or 0, top or 0) if zoom == 1 else ((left or 0) * zoom, (top or 0) * zoom)


def _is_in_viewport(path: Sequence[Node], behaviors: Sequence[Behavior]) -> bool:
    """Whether the viewport scrolls what no other element does: if root and body are to scroll, the body does."""
    return not all(one.scrolls for element, one in zip(path, behaviors, strict=True) if element.name in _VIEWPORT)


def _anchoring(behavior: Behavior, x: Number, y: Number, viewport: Size) -> Anchoring | None:
    right = viewport.width - x if "right" in behavior.sides and "left" not in behavior.sides else None
    bottom = viewport.height - y if "bottom" in behavior.sides and "top" not in behavior.sides else None
    return None if right is None and bottom is None else Anchoring(right, bottom)
