"""Since when a page is a guess, because records are missing, and whether ids of nodes still mean its nodes."""

from __future__ import annotations

from ..records import (
    ChangeRecord,
    IncrementalSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Number,
    Record,
    ViewportResizeData,
)

__all__ = ["Certainty"]

_NO_SNAPSHOT = "no full snapshot comes before"


class Certainty:
    """What is known to be missing since the last full snapshot."""

    def __init__(self) -> None:
        self.since: Number | None = None
        self.because: str | None = None
        self.has_implicit_ids = False
        """Whether any ids were given by counting nodes, since the last full snapshot."""
        self._last_gap: str | None = None

    @property
    def knows_elements(self) -> bool:
        """Whether ids of nodes mean the nodes of the page."""
        return self.because is None or not self.has_implicit_ids

    def note_gap(self, gap: str, since: Number | None) -> bool:
        """Note that something is missing since a time; False if the same gap was noted before."""
        is_new, self._last_gap = gap != self._last_gap, gap
        if self.because is None:
            self.since, self.because = since, gap
        return is_new

    def note_snapshot(self, gap: str | None, time: Number, *, has_implicit_ids: bool) -> None:
        """A full snapshot makes up for everything that is missing before it; after it, there may be a gap."""
        self.has_implicit_ids = has_implicit_ids
        self.since, self.because = (None, None) if gap is None else (time, gap)

    def note_before_snapshot(self, record: Record) -> None:
        """Note a record that comes before the first full snapshot."""
        needs_snapshot = isinstance(record, ChangeRecord | IncrementalSnapshotRecord)
        if isinstance(record, MobileIncrementalSnapshotRecord):
            # Android states the size of the screen before the first one.
            needs_snapshot = not isinstance(record.data, ViewportResizeData)
        if self.because is None and needs_snapshot:
            self.since, self.because = record.timestamp, _NO_SNAPSHOT
