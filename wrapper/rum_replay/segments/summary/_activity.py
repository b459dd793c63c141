"""Active time, inferred from pointers, form fields, scrolling and the size of the window.

A heuristic. Interactions at most `ACTIVITY_GAP` apart form a span of activity, and active time is the time that such
spans cover; a single interaction covers none. Reading or watching without touching anything is not detected, and a page
that scrolls or fills in fields by script appears active.
"""

from __future__ import annotations

from ..records import Number
from ._quantities import Span

__all__ = ["ACTIVITY_GAP", "ACTIVITY_RULE", "Activity"]

ACTIVITY_GAP = 10_000
"""Maximum number of milliseconds between consecutive interactions of one span of activity."""

ACTIVITY_RULE = (
    f"active time: the time covered by interactions (pointer, form field, scroll, resize) at most "
    f"{ACTIVITY_GAP / 1000:g} s apart; scripts that scroll or fill in fields count too"
)

# A browser session ends after 4 hours, which is 1,440 gaps. More spans come from hostile timestamps and are dropped.
_MAX_SPANS = 1_500


class Activity:
    """Collects the times of a view's interactions."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._start: Number | None = None
        self._last: Number = 0

    def add(self, time: Number) -> None:
        """Add an interaction; one that is earlier than the last adds nothing."""
        if self._start is None:
            self._start = time
        elif time - self._last > ACTIVITY_GAP:
            self._close()
            self._start = time
        self._last = max(self._last, time)

    def _close(self) -> None:
        if self._start is not None and self._last > self._start and len(self._spans) < _MAX_SPANS:
            self._spans.append(Span(self._start, self._last))

    def spans(self) -> tuple[Span, ...]:
        """All spans, in order; nothing can be added afterwards."""
        self._close()
        self._start = None
        return tuple(self._spans)
