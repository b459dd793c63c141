"""Touches of apps in the order of their times.

The SDK for iOS writes the touches since its last snapshot after what it records at the next one, with the time of the
first touch. What was touched is on the screen as it was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ._gaps import PlacedRecord
from .records import MobileIncrementalSnapshotRecord, PointerInteractionData

__all__ = ["with_touches_in_order"]


def with_touches_in_order(records: Iterable[PlacedRecord]) -> Iterator[PlacedRecord]:
    """The records of an app, with touches before the changes of one later time that come just before them."""
    changes: list[PlacedRecord] = []
    for placed in records:
        record, is_change = placed.record, False
        if placed.gap is None and isinstance(record, MobileIncrementalSnapshotRecord):
            is_change = not isinstance(record.data, PointerInteractionData)
            since = None if not changes else changes[0].record.timestamp
            if since is not None and not is_change and record.timestamp < since:
                yield placed
                continue
            if is_change and record.timestamp == since:
                changes.append(placed)
                continue
        yield from changes
        changes.clear()
        if is_change:
            changes.append(placed)
        else:
            yield placed
    yield from changes
