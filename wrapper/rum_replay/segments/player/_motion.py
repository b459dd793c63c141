"""How long animations and transitions of recorded pages last, so that the player knows what to replay after a seek, and
since when elements are as they are, because what moves began then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from ..dom import AttributeSet, Effect, NodeAdded, Page
from ..records import Number
from ._chunks import Pace
from ._events import shifted

__all__ = ["Births", "Motion"]

_DECLARATION = re.compile(rb"(?:animation|transition)[a-z-]*+\s*+:[^;{}\"]*+|--[\w-]++\s*+:\s*+[\d.]++m?s\b")
_TIME = re.compile(rb"(?<![\w.#-])(\d{1,6}+(?>\.\d{1,6}+)?+|\.\d{1,6}+)(m?s)\b")
_LEAST, _MOST = 1_000, 5_000
"""Milliseconds that are replayed before a time; beyond them, times of animations are less exact."""


class Motion:
    """Notes how long the longest animation or transition in events of the player may take with its delay."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.longest = 0
        """Milliseconds; 0 if nothing on the pages moves."""

    def noted(self, events: Iterable[bytes]) -> Iterator[bytes]:
        """The same events, noted."""
        for event in events:
            if self.longest < _MOST and (b"animation" in event or b"transition" in event):
                self._note(event)
                self._pace.is_moving = self.longest > 0
            yield event

    def _note(self, event: bytes) -> None:
        for declaration in _DECLARATION.finditer(event):
            if b"infinite" not in declaration.group():
                times = _TIME.findall(declaration.group())
                length = sum(float(number) * (1 if unit == b"ms" else 1_000) for number, unit in times)
                self.longest = min(_MOST, max(self.longest, _LEAST, round(length)))
            else:
                self.longest = max(self.longest, _LEAST)


class Births:
    """Since when elements of a page are there, and have their class and style, if not since its full snapshot."""

    def __init__(self) -> None:
        self._added: dict[int, Number] = {}
        self._styled: dict[int, Number] = {}

    def clear(self) -> None:
        """A full snapshot replaced the page."""
        self._added.clear()
        self._styled.clear()

    def note(self, effects: Iterable[Effect], now: Number) -> None:
        """Note what a record did to the page."""
        for effect in effects:
            if isinstance(effect, NodeAdded):
                self._added[effect.node.id] = now
            elif isinstance(effect, AttributeSet) and effect.name in ("class", "style"):
                self._styled[effect.id] = now

    def of(self, page: Page) -> bytes:
        """The times for a checkpoint, as JSON."""
        nodes = page.nodes
        self._added = {node: time for node, time in self._added.items() if node in nodes}
        self._styled = {node: time for node, time in self._styled.items() if node in nodes}
        times = {"added": self._added, "styled": self._styled}
        return msgspec.json.encode(
            {name: [(shifted(node), time) for node, time in kept.items()] for name, kept in times.items()}
        )
