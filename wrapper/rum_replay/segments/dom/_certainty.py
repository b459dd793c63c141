"""Since when a page is a guess, because records are missing, and whether ids of nodes still mean its nodes."""

from __future__ import annotations

from ..records import ChangeRecord, IncrementalSnapshotRecord, Number, Record

__all__ = ["Certainty"]

_NO_SNAPSHOT = "no full snapshot comes before"


class Certainty:
    """What is known to be missing since the last full snapshot."""

    def __init__(self) -> None:
        self.since: Number | None = None
        self.because: str | None = None
        self._has_implicit_ids = False
        self._last_gap: str | None = None

    @property
    def knows_elements(self) -> bool:
        """Whether ids of nodes mean the nodes of the page."""
        return self.because is None or not self._has_implicit_ids

    def note_gap(self, gap: str, since: Number | None) -> bool:
        """Note that something is missing since a time; False if the same gap was noted before."""
        is_new, self._last_gap = gap != self._last_gap, gap
        if self.because is None:
            self.since, self.because = since, gap
        return is_new

    def note_snapshot(self, gap: str | None, time: Number, *, has_implicit_ids: bool) -> None:
        """A full snapshot makes up for everything that is missing before it; after it, there may be a gap."""
        self._has_implicit_ids = has_implicit_ids
        self.since, self.because = (None, None) if gap is None else (time, gap)

    def note(self, record: Record, *, has_snapshot: bool) -> None:
        """Note a record that changes the page."""
        if isinstance(record, ChangeRecord):
            self._has_implicit_ids = True
        builds_on_snapshot = isinstance(record, ChangeRecord | IncrementalSnapshotRecord)
        if builds_on_snapshot and not has_snapshot and self.because is None:
            self.since, self.because = record.timestamp, _NO_SNAPSHOT
