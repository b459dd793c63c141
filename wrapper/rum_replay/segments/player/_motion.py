"""How long animations and transitions of recorded pages last, so that the player knows what to replay after a seek."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["Motion"]

_DECLARATION = re.compile(rb"(?:animation|transition)[a-z-]*+\s*+:[^;{}\"]*+|--[\w-]++\s*+:\s*+[\d.]++m?s\b")
_TIME = re.compile(rb"(?<![\w.#-])(\d{1,6}+(?:\.\d{1,6}+)?+|\.\d{1,6}+)(m?s)\b")
_LEAST, _MOST = 1_000, 5_000
"""Milliseconds that are replayed before a time; beyond them, times of animations are less exact."""


class Motion:
    """Notes how long the longest animation or transition in events of the player may take with its delay."""

    def __init__(self) -> None:
        self.longest = 0
        """Milliseconds; 0 if nothing on the pages moves."""

    def noted(self, events: Iterable[bytes]) -> Iterator[bytes]:
        """The same events, noted."""
        for event in events:
            if self.longest < _MOST and (b"animation" in event or b"transition" in event):
                self._note(event)
            yield event

    def _note(self, event: bytes) -> None:
        for declaration in _DECLARATION.finditer(event):
            if b"infinite" not in declaration.group():
                times = _TIME.findall(declaration.group())
                length = sum(float(number) * (1 if unit == b"ms" else 1_000) for number, unit in times)
                self.longest = min(_MOST, max(self.longest, _LEAST, round(length)))
            else:
                self.longest = max(self.longest, _LEAST)
