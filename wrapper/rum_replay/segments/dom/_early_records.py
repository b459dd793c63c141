"""What web views recorded before the first snapshot of the mobile screen around them, in the same view."""

from __future__ import annotations

from typing import cast

from .._gaps import Gap
from ..records import FullSnapshotRecord, MetaRecord, MobileFullSnapshotRecord, Record, RecordBase
from ._nodes import Size

__all__ = ["EarlyRecords", "is_of_screen_size"]

_MAX_BYTES = 4 << 20
"""Beyond, they are given up until the next full snapshot: a web view that is recorded alone can be of any length."""

_Early = tuple[str, Record, Gap | None]


class EarlyRecords:
    """The records of each slot, from its last full snapshot on, and those that state the size of its window."""

    def __init__(self) -> None:
        self.screen: Size | None = None
        """The size that the screen itself states, which comes before its first snapshot."""

        self._records: dict[str, list[_Early]] = {}
        self._meta: dict[str, _Early] = {}
        self._size = 0

    def note(self, record: RecordBase, gap: Gap | None) -> None:
        """Note a record that comes before the first snapshot of a screen."""
        slot = record.slot_id
        if slot is None:
            if isinstance(record, MetaRecord) and is_of_screen_size(record):
                self.screen = Size(record.data.width, record.data.height)
            return
        one = (slot, cast("Record", record), gap)
        if isinstance(record, MetaRecord):
            self._meta[slot] = one
        elif isinstance(record, FullSnapshotRecord | MobileFullSnapshotRecord):
            self._drop(slot)
            self._keep(slot, [self._meta[slot], one] if slot in self._meta else [one])
        elif slot in self._records:
            self._keep(slot, [one])

    def take(self) -> list[_Early]:
        """All of them, by slot; they are forgotten."""
        found = [one for of_slot in self._records.values() for one in of_slot]
        self._records.clear()
        self._meta.clear()
        self._size = 0
        return found

    def _keep(self, slot: str, more: list[_Early]) -> None:
        self._records.setdefault(slot, []).extend(more)
        self._size += sum(len(record.raw) for _, record, _ in more)
        if self._size > _MAX_BYTES:
            self.take()

    def _drop(self, slot: str) -> None:
        self._size -= sum(len(record.raw) for _, record, _ in self._records.pop(slot, ()))


def is_of_screen_size(record: RecordBase) -> bool:
    """Whether a record states the size of a mobile screen, which has no address."""
    return isinstance(record, MetaRecord) and record.slot_id is None and record.data.href is None
