"""The records of web views that belong on the screen of a mobile app: the SDKs upload them as views of their own."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import chain

import msgspec

from ._gaps import Gap, PlacedRecord
from ._recording import View
from .records import MobileFullSnapshotRecord, Number, Record, UnknownRecord

__all__ = ["InnerRecords", "records_with_inner"]

_Timed = tuple[Number, PlacedRecord]


class InnerRecords:
    """The records of all web views on the screen of a view, by time; used once, along with the view's own records."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._records: Iterator[_Timed] | None = None
        self._next: _Timed | None = None

    def before(self, record: Record) -> Iterator[PlacedRecord]:
        """Those that come before a record of the view itself; none before its first full snapshot.

        Iterating raises FileError or SegmentError if a source cannot be read again, or has changed.
        """
        if self._records is not None:
            time = record.timestamp
            while self._next is not None and time is not None and self._next[0] < time:
                yield self._next[1]
                self._next = next(self._records, None)
        elif self._view.companions and isinstance(record, MobileFullSnapshotRecord) and record.slot_id is None:
            self._records = merge(*map(_timed, self._view.companions), key=_time)
            self._next = next(self._records, None)

    def rest(self) -> Iterator[PlacedRecord]:
        """Those that come after the last record of the view, up to the next screen."""
        until = self._view.followed_at
        if self._records is not None and self._next is not None:
            for time, placed in chain([self._next], self._records):
                if until is not None and time >= until:
                    break
                yield placed


def records_with_inner(view: View) -> Iterator[PlacedRecord]:
    """The records of a view with those of the web views on its screen."""
    inner = InnerRecords(view)
    for placed in view.placed_records():
        yield from inner.before(placed.record)
        yield placed
    yield from inner.rest()


def _timed(view: View) -> Iterator[_Timed]:
    """The records of a web view, each with the latest time so far, because their order counts; none of a screen."""
    latest: Number = 0
    missing: str | None = None
    for placed in view.placed_records():
        record = placed.record
        if isinstance(record, UnknownRecord):
            # It states no slot; what is missing is, for the record after it.
            if placed.gap is not None:
                missing = missing or placed.gap.before or placed.gap.within
            continue
        if record.slot_id is None:
            return
        latest = max(latest, record.timestamp)
        if missing is not None:
            within = None if placed.gap is None else placed.gap.within
            yield latest, msgspec.structs.replace(placed, gap=Gap(missing, within))
            missing = None
        else:
            yield latest, placed


def _time(timed: _Timed) -> Number:
    return timed[0]
