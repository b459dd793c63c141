"""Scrolling and resizing, which are recorded in many steps: as one action for each movement."""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from ..dom import Node, Scroll, Scrolled
from ..dom._roles import control_of
from ..records import Number
from ._moment import Action, Moment

__all__ = ["Movements"]

_PAUSE = 1_000
"""Milliseconds after which another movement begins."""

_MAX_SCROLLERS = 100
_SCROLLED_BY_BROWSERS = frozenset({"button", "input", "label", "summary"})
"""What is in them is scrolled to the end of a text that is typed, or to a check box that is hidden there."""

E = TypeVar("E")


@attrs.define
class _Scrolling(Generic[E]):
    """Scrolling in one direction."""

    action: Action[E]
    position: tuple[Number, Number]
    step: tuple[Number, Number] = (0, 0)
    has_more: bool = False
    """Whether something was added to the page meanwhile, as by lists whose next part comes when the last is reached."""

    def turns(self, position: tuple[Number, Number]) -> bool:
        """Whether a new position is in another direction."""
        return any((new - old) * step < 0 for new, old, step in zip(position, self.position, self.step, strict=True))

    def move(self, position: tuple[Number, Number]) -> None:
        """Go on to a position."""
        left, top = (new - old for new, old in zip(position, self.position, strict=True))
        self.step = (left or self.step[0], top or self.step[1])
        self.position = position
        self.action.details["position"] = list(position)
        if self.has_more:
            self.action.details["grows"] = True


class Movements(Generic[E]):
    """The movements of a view."""

    def __init__(self, moment: Moment[E]) -> None:
        self.size: tuple[Number, Number] | None = None
        """Width and height of the layout viewport, in pixels."""

        self._moment = moment
        self._positions: dict[int, tuple[Number, Number]] = {}
        """Where the page and what was scrolled in it are, as far as known; of the first 100."""

        self._scrolling: dict[int, _Scrolling[E]] = {}
        self._resizing: Action[E] | None = None
        self._last: Number = 0

    @property
    def since(self) -> Number | None:
        """When the first movement began that has not ended, in milliseconds of Unix time."""
        times = [scrolling.action.at for scrolling in self._scrolling.values()]
        return min(times if self._resizing is None else [*times, self._resizing.at], default=None)

    def pause(self) -> None:
        """End all movements that have paused by now."""
        if self._moment.now - self._last > _PAUSE:
            self.end()

    def start(self, root: Node, scroll: Scroll) -> None:
        """There is another page."""
        self._positions = {root.id: (scroll.left, scroll.top)}

    def note_added(self) -> None:
        """Note that a node was added to the page."""
        for scrolling in self._scrolling.values():
            scrolling.has_more = True

    def scroll(self, effect: Scrolled) -> None:
        """The page or an element was scrolled."""
        moment, position = self._moment, (effect.left, effect.top)
        before = self._positions.get(effect.id, position)
        if effect.id in self._positions or len(self._positions) < _MAX_SCROLLERS:
            if self._positions.get(effect.id) == position:
                return  # Browsers say so, too, when it was moved and is back.
            self._positions[effect.id] = position
        self._last = moment.now
        scroller = moment.page.find(effect.id)
        if scroller is None and moment.page.uncertain_because is None:
            return  # It has just gone.
        if scroller is not None and control_of(scroller).name in _SCROLLED_BY_BROWSERS:
            return
        scrolling = self._scrolling.get(effect.id)
        if scrolling is not None and not scrolling.turns(position):
            scrolling.move(position)
            return
        if scrolling is not None or len(self._scrolling) >= _MAX_SCROLLERS:
            self.end()
        is_page = moment.page.root is not None and effect.id == moment.page.root.id
        action = moment.action("scroll", None if is_page else effect.id)
        self._scrolling[effect.id] = _Scrolling(action, before)
        self._scrolling[effect.id].move(position)

    def resize(self, width: Number, height: Number, *, is_listed: bool) -> None:
        """The viewport has a size; the first one is no movement."""
        size = (width, height)
        if self.size is not None and size != self.size and is_listed:
            self._last = self._moment.now
            if self._resizing is None:
                kind = {"is_mobile": True} if self._moment.page.is_mobile else {}
                self._resizing = self._moment.action("resize", **kind)
            self._resizing.details["viewport"] = list(size)
        self.size = size

    def end(self) -> None:
        """End all movements."""
        for scrolling in self._scrolling.values():
            self._moment.add(scrolling.action)
        self._scrolling.clear()
        if self._resizing is not None:
            self._moment.add(self._resizing)
        self._resizing = None
