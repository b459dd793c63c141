"""Times of events: never backwards, for the player sorts by them, and their order is that of the records."""

from __future__ import annotations

import attrs

from ..records._base import Number

__all__ = ["Clock"]

_LATEST = 8.64e15  # The last moment that JavaScript has a date for.


@attrs.define
class Clock:
    """The time on one timeline, in milliseconds of Unix time."""

    start: Number | None = None
    now: Number = 0

    def at(self, timestamp: Number) -> Number:
        """A record's time, or that of the one before where it is no time or goes backwards."""
        if self.start is None:
            self.start = self.now = timestamp if 0 <= timestamp <= _LATEST else 0
        elif self.now < timestamp <= _LATEST:
            self.now = timestamp
        return self.now
