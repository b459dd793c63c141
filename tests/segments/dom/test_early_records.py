"""What web views recorded before the first snapshot of their screen is kept, but not without a limit."""

from __future__ import annotations

import pytest
from rum_replay.segments import FullSnapshotRecord, IncrementalSnapshotRecord, decode_record
from rum_replay.segments.dom import _early_records

SNAPSHOT = b'{"type":2,"timestamp":1,"slotId":"1","format":1,"data":[]}'
SCROLL = b'{"type":3,"timestamp":2,"slotId":"1","data":{"source":3,"id":0,"x":0,"y":9}}'


def kept(count: int) -> list[object]:
    early = _early_records.EarlyRecords()
    for raw in (SNAPSHOT, *[SCROLL] * count):
        record = decode_record(raw)
        assert isinstance(record, FullSnapshotRecord | IncrementalSnapshotRecord)
        early.note(record, None)
    return [record for _, record, _ in early.take()]


def test_beyond_the_limit_they_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_early_records, "_MAX_BYTES", len(SNAPSHOT) + 2 * len(SCROLL))
    assert len(kept(2)) == 3
    assert kept(3) == []
    assert kept(9) == []
