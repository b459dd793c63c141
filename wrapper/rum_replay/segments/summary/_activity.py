"""Active time: how long somebody did something, told from pointers, fields, scrolling and the size of the window.

A heuristic. Interactions no more than `ACTIVITY_GAP` apart make a span of activity, and active time is what such spans
cover; an interaction alone covers none. Reading or watching without touching anything is not seen, and a page that
scrolls or fills in fields by script looks active.
"""

from __future__ import annotations

from ..records import Number
from ._quantities import Span

__all__ = ["ACTIVITY_GAP", "ACTIVITY_RULE", "Activity"]

ACTIVITY_GAP = 10_000
"""Milliseconds between two interactions of one span of activity, at most."""

ACTIVITY_RULE = (
    f"active time: what interactions (pointer, form field, scroll, resize) at most {ACTIVITY_GAP / 1000:g} s apart "
    "cover; scripts that scroll or fill in fields count too"
)

# A browser session ends after 4 hours, which is 1,440 gaps; what is more comes from hostile timestamps and is let go.
_MOST_SPANS = 1_500


class Activity:
    """Takes the moments of a view's interactions one after another."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._start: Number | None = None
        self._last: Number = 0

    def add(self, time: Number) -> None:
        """Note an interaction; one that is earlier than the last adds nothing."""
        if self._start is None:
            self._start = time
        elif time - self._last > ACTIVITY_GAP:
            self._close()
            self._start = time
        self._last = max(self._last, time)

    def _close(self) -> None:
        if self._start is not None and self._last > self._start and len(self._spans) < _MOST_SPANS:
            self._spans.append(Span(self._start, self._last))

    def spans(self) -> tuple[Span, ...]:
        """All spans, in order; ends the view."""
        self._close()
        self._start = None
        return tuple(self._spans)
