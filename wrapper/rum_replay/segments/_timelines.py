"""The timelines of a recording: which views play one after another, and the times of their events."""

from __future__ import annotations

from heapq import heappop, heappush, heapreplace

import attrs

from ._clocks import LONGEST_GAP
from ._recording import Recording, View
from .records import Number

__all__ = ["Timeline", "TimelineClock", "timelines_of"]

_OVERLAP = 1_000
"""Milliseconds for which the last records of a view may follow the start of the next view in the same tab."""

_LATEST = 8.64e15  # The last time in milliseconds that a JavaScript Date can hold.


@attrs.define
class Timeline:
    """Views of one session that follow one another, as in one browser tab."""

    session_id: str | None
    views: list[View] = attrs.field(factory=list[View])


def timelines_of(recording: Recording) -> list[Timeline]:
    """The timelines of all views, by their start; a view that starts while others continue was in another tab.

    One that starts too long after others has a timeline of its own, because a clock was set in between.
    """
    timelines: list[Timeline] = []
    by_session: dict[str | None, list[tuple[Number, int]]] = {}
    for view in recording.views:
        free = by_session.setdefault(view.session_id, [])
        start, end = view.start, view.end
        while free and start is not None and start - free[0][0] > LONGEST_GAP:
            heappop(free)
        if free and (start is None or free[0][0] <= start + _OVERLAP):
            free_from, number = free[0]
            heapreplace(free, (free_from if end is None else end, number))
        else:
            number = len(timelines)
            timelines.append(Timeline(view.session_id))
            heappush(free, (0 if end is None else end, number))
        timelines[number].views.append(view)
    return timelines


@attrs.define
class TimelineClock:
    """The time on one timeline, in milliseconds of Unix time.

    It never goes backwards, because the player sorts events by time and must keep the order of the records.
    """

    start: Number | None = None
    now: Number = 0

    def at(self, timestamp: Number) -> Number:
        """The time of a record; the previous one if the timestamp is earlier than that or out of range."""
        if self.start is None:
            self.start = self.now = timestamp if 0 <= timestamp <= _LATEST else 0
        elif self.now < timestamp <= _LATEST:
            self.now = timestamp
        return self.now
