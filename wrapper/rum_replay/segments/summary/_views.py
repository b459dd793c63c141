"""What happened in a view, as a value."""

from __future__ import annotations

from typing import Any

import attrs

from .._completeness import ViewReport
from ..records import Number
from ._clicks import Signal
from ._quantities import Span, covered
from ._screen import Viewport

__all__ = ["ViewSummary"]


@attrs.frozen(kw_only=True)
class ViewSummary:
    """What happened in a view. Milliseconds, bytes and pixels; what is told by a rule of ours says so."""

    view_id: str | None
    session_id: str | None
    application_id: str | None
    source: str | None
    """`browser`, `android`, `ios` …"""

    start: Number | None
    """Milliseconds of Unix time, as its segments state it or else its records; None where nothing does."""

    end: Number | None
    """Milliseconds of Unix time."""

    activity: tuple[Span, ...] = attrs.field(repr=False)
    """When somebody was active; a heuristic, see `ACTIVITY_RULE`."""

    segments: int
    records: int
    size: int
    """Bytes of its segments as JSON."""

    compressed_size: int | None
    """Bytes of its segments as uploaded; None unless all of them state it."""

    viewport: Viewport | None
    """The first one."""

    resizes: int
    pages: tuple[str, ...]
    """Different URLs, in order; the first 1,000."""

    clicks: int
    """On mobile, taps: see `TAP_RULE`."""

    key_inputs: int
    """See `KEY_INPUT_RULE`."""

    selections: int
    """See `SELECTION_RULE`."""

    scrolls: int
    """Records of another scroll position of the document: the SDK writes some for each movement."""

    scroll_depth: Number | None
    """The lowest edge of the page that was in the viewport, in pixels from the top of the page; None on mobile."""

    document_height: Number | None
    """In pixels; None as a rule, because sizes are recorded of hidden elements only."""

    frustrations: dict[str, int] = attrs.field(hash=False)
    """How many of each type the SDK recorded; browser SDK up to 6.31 only."""

    rage_clicks: int
    """A heuristic, see `RAGE_CLICK_RULE`."""

    dead_clicks: int
    """A heuristic, see `DEAD_CLICK_RULE`."""

    signals: tuple[Signal, ...] = attrs.field(repr=False)
    """The rage and dead clicks in the order in which they are known; the first 1,000."""

    report: ViewReport = attrs.field(repr=False)
    """What is missing."""

    unknown: dict[str, int] = attrs.field(hash=False, repr=False)
    """How many records and changes are kept raw, by kind."""

    problems: tuple[str, ...] = attrs.field(repr=False)
    """All that is known to be wrong with it, a sentence each."""

    @property
    def duration(self) -> Number | None:
        """Milliseconds from start to end."""
        return None if self.start is None or self.end is None else self.end - self.start

    @property
    def active_time(self) -> Number:
        """Milliseconds in which somebody was active; a heuristic, see `ACTIVITY_RULE`."""
        return covered(self.activity)

    @property
    def scroll_share(self) -> float | None:
        """`scroll_depth` as a share of `document_height`, 0 to 1; None where either is unknown."""
        if self.scroll_depth is None or not self.document_height:
            return None
        return min(1.0, self.scroll_depth / self.document_height)

    def to_dict(self) -> dict[str, Any]:
        """All of it as values of JSON; what is told by a rule stands under `heuristics`."""
        fields = attrs.asdict(self, filter=lambda field, _: field.name not in _DERIVED)
        return fields | {
            "duration": self.duration,
            "scroll_share": self.scroll_share,
            "gaps": [list(gap) for gap in self.report.gaps],
            "problems": list(self.problems),
            "pages": list(self.pages),
            "heuristics": {
                "active_time": self.active_time,
                "activity": [attrs.asdict(span) for span in self.activity],
                "rage_clicks": self.rage_clicks,
                "dead_clicks": self.dead_clicks,
                "signals": [attrs.asdict(signal) for signal in self.signals],
            },
        }


_DERIVED = frozenset({"activity", "rage_clicks", "dead_clicks", "signals", "report"})
