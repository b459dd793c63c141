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

# A pattern that begins with letters is searched for several times as fast as one of alternatives. No name is read again
# from each of its characters.
_MOVING = tuple(re.compile(name + rb"([a-z-]{,30}+)\s*+:([^;{}\"]*+)") for name in (b"animation", b"transition"))
_CUSTOM = re.compile(rb"(?<![\w-])--[\w-]++\s*+:\s*+([\d.]++m?s\b)")
_TIME = re.compile(rb"(?<![\w.#-])(\d{1,6}+(?>\.\d{1,6}+)?+|\.\d{1,6}+)(m?s)\b")
_OTHER_NUMBERS = re.compile(rb"(?:cubic-bezier|linear|steps)\([^()]*+\)")
_COUNT = re.compile(rb"(?<![\w.#%-])(\d{1,6}+(?>\.\d{1,6}+)?+)(?![\w.%])")
_LEAST, _MOST = 1_000, 5_000
"""Milliseconds that are replayed before a time; beyond them, times of animations are less exact."""


class Motion:
    """Notes how long the longest animation or transition in events of the player may take with its delay."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self.longest = 0
        """Milliseconds; 0 if nothing on the pages moves."""
        # The longest times of each kind, in milliseconds, and how often an animation runs, since which belong together
        # is not known.
        self._whole = self._duration = self._delay = self._custom = 0.0
        self._count = 1.0
        self._has_variables = False

    def noted(self, events: Iterable[bytes]) -> Iterator[bytes]:
        """The same events, noted."""
        for event in events:
            if self.longest < _MOST and (b"animation" in event or b"transition" in event):
                self._note(event)
                self._pace.is_moving = self.longest > 0
            yield event

    def _note(self, event: bytes) -> None:
        others, *customs = _CUSTOM.split(event)
        self._custom = max(self._custom, *(max(_times(custom)) for custom in customs[::2]), 0)
        others = b"".join((others, *customs[1::2]))
        declarations = {declaration for moving in _MOVING for declaration in moving.findall(others)}
        for of, value in declarations:
            self._note_value(of, value)
        if declarations:
            length = max(self._whole, self._duration + self._delay) + (self._custom if self._has_variables else 0)
            self.longest = min(_MOST, max(self.longest, _LEAST, round(self._count * length)))

    def _note_value(self, of: bytes, value: bytes) -> None:
        if b"infinite" in value:
            return
        times = _times(value)
        self._has_variables = self._has_variables or b"var(" in value
        if of == b"-duration":
            self._duration = max(self._duration, *times)
        elif of == b"-delay":
            self._delay = max(self._delay, *times)
        else:
            self._whole = max(self._whole, sum(times))
        # Also the factors of calculated times.
        self._count = max(self._count, *map(float, _COUNT.findall(_OTHER_NUMBERS.sub(b"", value))), 1)


def _times(value: bytes) -> list[float]:
    """Times in milliseconds; 0 is the first of them."""
    return [0, *(float(number) * (1 if unit == b"ms" else 1_000) for number, unit in _TIME.findall(value))]


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
