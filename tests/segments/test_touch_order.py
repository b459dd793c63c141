"""Touches that the SDK for iOS writes after what it recorded later."""

from __future__ import annotations

import msgspec
from rum_replay.segments._gaps import Gap, PlacedRecord, placed_records
from rum_replay.segments._touch_order import with_touches_in_order

from .made import START, phone, screen, screen_change, tap


def placed(*touches: float, gap: Gap | None = None) -> list[PlacedRecord]:
    """A screen that changes at 100 and 200 ms, and touches that are written after that, the first after a gap."""
    changes = screen_change(100), screen_change(200, removes=[{"id": 1}])
    (view,) = phone(screen(0), *changes, *(tap(at, "down") for at in touches)).views
    records = list(placed_records(view.segments))
    return [msgspec.structs.replace(one, gap=gap) if one.position == 4 else one for one in records]


def times(records: list[PlacedRecord]) -> list[float]:
    return [(one.record.timestamp or 0) - START for one in with_touches_in_order(records)]


def test_they_come_before_the_changes_that_are_later() -> None:
    assert times(placed(150, 160)) == [0, 0, 100, 150, 160, 200]
    assert times(placed(200)) == [0, 0, 100, 200, 200]
    assert [one.position for one in with_touches_in_order(placed(200))][-1] == 4, "one at the same time stays after it"


def test_nothing_moves_across_records_that_are_missing() -> None:
    assert times(placed(150, gap=Gap(before="segment 1 is missing"))) == [0, 0, 100, 200, 150]
