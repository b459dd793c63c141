"""The times of a segment's records, as runs between which the clock jumps; taken while they are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ..._json import FAILURES
from .._clocks import FURTHEST, JUMP, Run, packed_runs
from ..records import FrustrationRecord, Number

__all__ = ["RunCollector"]

_MOST_RUNS, _FEWEST_RUNS = 1_000, 4
"""Runs of one segment; the fewest apply once the recording has `_ALL_RUNS`."""

_ALL_RUNS = 100_000

_LONGEST_JOINED = 3_600_000
"""Milliseconds without records within one run, in segments of very many runs."""


class _Head(msgspec.Struct, gc=False):
    type: Any = None
    timestamp: Any = None


_head = msgspec.json.Decoder(_Head)
_heads = msgspec.json.Decoder(list[_Head])


def _heads_of(records: list[bytes]) -> Iterable[_Head]:
    try:
        return _heads.decode(b"[" + b",".join(records) + b"]")
    except FAILURES:
        return map(_head_of, records)


def _head_of(record: bytes) -> _Head:
    try:
        return _head.decode(record)
    except FAILURES:
        return _Head()


class RunCollector:
    """Takes the records of one segment in order; `all_runs` is how many runs the recording has so far."""

    def __init__(self, all_runs: int = 0) -> None:
        self._most = _MOST_RUNS if all_runs < _ALL_RUNS else _FEWEST_RUNS
        self._runs: list[Run] = []
        self._count = 0
        self._low: Number = 0
        self._high: Number | None = None
        self._gap = JUMP
        self._is_full = False

    def add(self, records: list[bytes]) -> None:
        """Add records, each as JSON; those without a time belong to the run in which they are."""
        # On local variables, since this runs for every record.
        frustration, low, high, count = FrustrationRecord.type, self._low, self._high, self._count
        for head in _heads_of(records):
            time = head.timestamp
            if (type(time) is int or type(time) is float) and head.type != frustration:
                if high is None:
                    low = high = _near(time)
                elif high - JUMP <= time <= high + self._gap:
                    if time > high:
                        high = time
                    elif time < low:
                        low = time
                elif not self._is_full:
                    self._end_run(Run(count, low, high))
                    # Of what comes after too many jumps, everything has one time.
                    low = high = high if self._is_full else _near(time)
                    count = 0
            count += 1
        self._low, self._high, self._count = low, high, count

    @property
    def count(self) -> int:
        """The number of runs."""
        return len(self._runs) + (self._high is not None)

    def runs(self) -> bytes:
        """The runs of all records so far, packed."""
        last = [] if self._high is None else [Run(self._count, self._low, self._high)]
        return packed_runs(self._runs + last)

    def _end_run(self, run: Run) -> None:
        self._runs.append(run)
        while len(self._runs) >= self._most and not self._is_full:
            self._join_runs()

    def _join_runs(self) -> None:
        """Take short pauses as parts of runs, to save memory."""
        self._gap *= 2
        joined: list[Run] = []
        for run in self._runs:
            if joined and 0 <= run.low - joined[-1].high <= self._gap:
                before = joined.pop()
                joined.append(Run(before.records + run.records, before.low, run.high))
            else:
                joined.append(run)
        self._runs = joined
        self._is_full = self._gap > _LONGEST_JOINED


def _near(time: Number) -> Number:
    return max(-FURTHEST, min(time, FURTHEST))
