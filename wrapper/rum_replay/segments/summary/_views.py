"""The summary of a view, as a value."""

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
    """Summary of a view, in milliseconds, bytes and pixels; results of a rule of ours are marked as such."""

    view_id: str | None
    session_id: str | None
    application_id: str | None
    source: str | None
    """`browser`, `android`, `ios` …"""

    start: Number | None
    """Milliseconds of Unix time, of its first record; as stated by its segments if no record has a time, or None."""

    end: Number | None
    """Milliseconds of Unix time."""

    activity: tuple[Span, ...] = attrs.field(repr=False)
    """When somebody was active; a heuristic, see `ACTIVITY_RULE`."""

    segments: int
    records: int
    size: int
    """Size of its segments as JSON, in bytes."""

    compressed_size: int | None
    """Size of its segments as uploaded, in bytes; None unless all of them state it."""

    viewport: Viewport | None
    """The first one."""

    resizes: int
    pages: tuple[str, ...]
    """Distinct URLs, in order; the first 1,000."""

    clicks: int
    """Number of clicks, by pointers, keys and scripts, see `LABEL_RULE`; on mobile, of taps, see `TAP_RULE`."""

    unattributed_clicks: int
    """How many of the clicks cannot be attributed to an element, because records are missing before them."""

    key_inputs: int
    """See `KEY_INPUT_RULE`."""

    selections: int
    """See `SELECTION_RULE`."""

    scrolls: int
    """Number of records of a new scroll position of the document: the SDK writes several per movement."""

    scroll_depth: Number | None
    """The lowest edge of the page that was in the viewport, in pixels from the top of the page; None on mobile."""

    document_height: Number | None
    """In pixels; usually None, because sizes are recorded only for hidden elements."""

    frustrations: dict[str, int] = attrs.field(hash=False)
    """Number of frustrations that the SDK recorded, by type; browser SDK up to 6.31 only."""

    rage_clicks: int
    """A heuristic, see `RAGE_CLICK_RULE`."""

    dead_clicks: int
    """A heuristic, see `DEAD_CLICK_RULE`."""

    signals: tuple[Signal, ...] = attrs.field(repr=False)
    """The rage and dead clicks, in the order in which they were detected; the first 1,000."""

    report: ViewReport = attrs.field(repr=False)
    """What is missing."""

    unknown: dict[str, int] = attrs.field(hash=False, repr=False)
    """Number of records and changes that are kept raw, by kind."""

    problems: tuple[str, ...] = attrs.field(repr=False)
    """Everything that is known to be wrong with it, one sentence each."""

    @property
    def duration(self) -> Number | None:
        """Milliseconds from start to end."""
        return None if self.start is None or self.end is None else self.end - self.start

    @property
    def active_time(self) -> Number:
        """Milliseconds during which somebody was active; a heuristic, see `ACTIVITY_RULE`."""
        return covered(self.activity)

    @property
    def scroll_share(self) -> float | None:
        """`scroll_depth` as a share of `document_height`, 0 to 1; None if either is unknown."""
        if self.scroll_depth is None or not self.document_height:
            return None
        return min(1.0, self.scroll_depth / self.document_height)

    def to_dict(self) -> dict[str, Any]:
        """The summary as JSON values; results of a rule of ours are under `heuristics`."""
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
