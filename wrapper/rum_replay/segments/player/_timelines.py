"""Which views play one after the other: those of a session, but for views that were open at the same time."""

from __future__ import annotations

from heapq import heappush, heapreplace

import attrs

from .._recording import Recording, View
from ..records._base import Number

__all__ = ["Timeline", "timelines_of"]

_OVERLAP = 1_000
"""Milliseconds that a view's last records may come after the beginning of the next one in the same tab."""


@attrs.define
class Timeline:
    """Views of one session that follow each other, as in one tab of a browser."""

    session_id: str | None
    views: list[View] = attrs.field(factory=list[View])


def timelines_of(recording: Recording) -> list[Timeline]:
    """All views, by the start of their timeline; a view that begins while others go on was in another tab."""
    timelines: list[Timeline] = []
    by_session: dict[str | None, list[tuple[Number, int]]] = {}
    for view in recording.views:
        free = by_session.setdefault(view.session_id, [])
        start, end = view.start, view.end
        if free and (start is None or free[0][0] <= start + _OVERLAP):
            free_from, number = free[0]
            heapreplace(free, (free_from if end is None else end, number))
        else:
            number = len(timelines)
            timelines.append(Timeline(view.session_id))
            heappush(free, (0 if end is None else end, number))
        timelines[number].views.append(view)
    return timelines
