"""The timelines of a recording: which views play one after another, and the times of their events."""

from __future__ import annotations

from bisect import bisect_left, insort

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

    Otherwise it is in the tab of the view that ended last, or is just about to end; unless that is so long ago that a
    clock was set in between. Web views on the screens of an app are in tabs of their own.
    """
    timelines: list[Timeline] = []
    by_session: dict[tuple[str | None, bool], list[tuple[Number, int]]] = {}
    for view in recording.views:
        ends = by_session.setdefault((view.session_id, view.is_in_slot), [])
        start, end = view.start, view.end
        place = _place_before(start, ends)
        free_from: Number = 0
        if place is None:
            number = len(timelines)
            timelines.append(Timeline(view.session_id))
        else:
            free_from, number = ends.pop(place)
        insort(ends, (free_from if end is None else end, number))
        timelines[number].views.append(view)
    return timelines


def _place_before(start: Number | None, ends: list[tuple[Number, int]]) -> int | None:
    """Where in the ends of timelines, in order, the one is on which a view goes on; None if it is on none of them."""
    if not ends:
        return None
    if start is None:
        return len(ends) - 1
    later = bisect_left(ends, (start, 0))
    near = [place for place in (later - 1, later) if 0 <= place < len(ends) and _may_follow(start, ends[place][0])]
    return min(near, key=lambda place: abs(ends[place][0] - start), default=None)


def _may_follow(start: Number, end: Number) -> bool:
    return -_OVERLAP <= start - end <= LONGEST_GAP


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
