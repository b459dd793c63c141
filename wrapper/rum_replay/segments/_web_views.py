"""The records of web views that belong on the screen of a mobile app: the SDKs upload them as views of their own."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
from itertools import chain

from ._recording import View
from .records import MobileFullSnapshotRecord, Number, Record, UnknownRecord

__all__ = ["InnerRecords", "records_with_inner"]


class InnerRecords:
    """The records of all web views on the screen of a view, by time; used once, along with the view's own records."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._records: Iterator[tuple[Number, Record]] | None = None
        self._next: tuple[Number, Record] | None = None

    def before(self, record: Record) -> Iterator[Record]:
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

    def rest(self) -> Iterator[Record]:
        """Those that come after the last record of the view, up to its end."""
        if self._records is not None and self._next is not None and self._view.end is not None:
            for time, record in chain([self._next], self._records):
                if time > self._view.end:
                    break
                yield record


def records_with_inner(view: View) -> Iterator[Record]:
    """The records of a view with those of the web views on its screen."""
    inner = InnerRecords(view)
    for record in view.records():
        yield from inner.before(record)
        yield record
    yield from inner.rest()


def _timed(view: View) -> Iterator[tuple[Number, Record]]:
    """The records of a web view, each with the latest time so far, because their order counts; none of a screen."""
    latest: Number = 0
    for record in view.records():
        if isinstance(record, UnknownRecord):
            continue
        if record.slot_id is None:
            return
        latest = max(latest, record.timestamp)
        yield latest, record


def _time(timed: tuple[Number, Record]) -> Number:
    return timed[0]
