"""When records were made, as far as their clocks can be believed: one rule, for everything that uses these times. Pure.

A view's records are divided into runs: consecutive records whose times neither go back nor forward by more than
`JUMP`. Between two runs a clock jumps, or nothing happened, or records of a mobile app are out of order by up to
`DISORDER`, which is kept. Which of these is decided like this:

1. Runs of years before 2000 or after 2199 are out of line if the view has others, and so are runs more than
   `DISORDER` outside what their segment states about its start and end, if others are within that.
2. Runs are out of line, too, if they are further from the times before and after them than these are from each
   other, and than they last; of neighbors of which either may be, those with fewer records. They follow on the record
   before them, and what comes after them keeps its time.
3. Another step back means that the clock was set back, and one of more than `LONGEST_GAP` forward that it was set
   forward: the distance counts as none, and other times move along. The first clock that gave two records, and a
   tenth of all, their times holds: what RUM states about a view was timed by it, too.
4. Any other step forward is a gap in which nothing happened, such as a computer that slept, and stays.

Distances within a run stay. If no time of a view is plausible, there is nothing to mend by except a start that its
segments state; without one, times outside the years 1970 to 9999 count from 1970.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import attrs

from .records import FrustrationRecord, Number, Record

__all__ = [
    "DISORDER",
    "FURTHEST",
    "JUMP",
    "LONGEST_GAP",
    "MendedRun",
    "Run",
    "is_plausible",
    "mend",
    "mended_time",
    "packed_runs",
    "runs_in",
]

JUMP = 1_000
"""Milliseconds by which times change within a run, and may go back in recordings of browsers."""

DISORDER = 10_000
"""Milliseconds by which times may go back in recordings of mobile apps, of which none was available, and by which
records may be outside what their segment states."""

LONGEST_GAP = 30 * 86_400_000
"""Milliseconds; sessions end after hours, but a computer may sleep in between."""

_YEAR_2000, _YEAR_2200, _YEAR_10000 = 946_684_800_000, 7_258_118_400_000, 253_402_300_800_000
FURTHEST = 10**18
"""Milliseconds; times further away are taken as this far, so that one can calculate with them."""

_LONGEST_PAUSE = 60_000
"""Milliseconds of a pause between runs out of line that count as their duration, since it may be a jump itself; and
by how much runs must be out of line if there are some on both sides."""

_FEWEST_BY_CLOCK = 10
"""One in so many records must have their times from a clock for it to hold."""

_MOST_LOOKED_AT = 64
"""Runs before a jump that may be out of line."""

_MOST_LOOKED_AHEAD = 8
"""Runs after a jump that may be out of line instead of those before it."""

_LONGEST_FRUSTRATION = 3_600_000
"""Milliseconds; frustration records have the time of an earlier click, which is less than this before them."""


_packed = struct.Struct("<3d")


class Run(NamedTuple):
    """Consecutive records of a segment whose clock does not jump."""

    records: int
    """How many."""

    low: Number
    """The earliest time, in milliseconds of Unix time as recorded."""

    high: Number

    is_stated: bool = True
    """Whether what the segment states about its start and end includes it, or nothing of the segment."""

    @property
    def may_be_in_line(self) -> bool:
        """Whether its times may be right."""
        return self.is_stated and is_plausible(self.low)


@attrs.frozen
class MendedRun:
    """A run, and when it was."""

    records: int
    """How many."""

    low: Number
    high: Number
    """Later times in it are taken as this one."""

    start: Number
    """The mended time of what was recorded as `low`."""

    @property
    def shift(self) -> Number:
        """Milliseconds by which it is later than recorded."""
        return self.start - self.low

    @property
    def end(self) -> Number:
        """The mended time of what was recorded as `high`."""
        return self.start + (self.high - self.low)


def is_plausible(time: Number) -> bool:
    """Whether a clock that was ever set may show this time."""
    return _YEAR_2000 <= time < _YEAR_2200


def mended_time(run: MendedRun, record: Record) -> Number | None:
    """The mended time of a record in a run; None if it has no time."""
    if record.timestamp is None:
        return None
    earliest = run.low - (_LONGEST_FRUSTRATION if isinstance(record, FrustrationRecord) else 0)
    return _whole(run.start + (min(max(record.timestamp, earliest), run.high) - run.low))


def _whole(time: Number) -> Number:
    return int(time) if isinstance(time, float) and time.is_integer() else time


def packed_runs(runs: Sequence[Run]) -> bytes:
    """Runs as three numbers each, since there may be very many segments."""
    return b"".join(_packed.pack(run.records, run.low, run.high) for run in runs)


def runs_in(packed: bytes) -> list[Run]:
    """Runs from what `packed_runs` returned."""
    return [Run(int(records), _whole(low), _whole(high)) for records, low, high in _packed.iter_unpack(packed)]


def mend(
    segments: Sequence[Sequence[Run]], stated_start: Number | None = None, *, back: Number = JUMP
) -> list[MendedRun] | None:
    """When the runs of a view's segments were, in the order of the records; None if all are as recorded.

    `stated_start` is what the view's segments state, and `back` by how many milliseconds records may be earlier than
    those before them.
    """
    if _are_in_line(segments, back):
        return None  # At once, since nearly all are.
    plausible = [[run for run in runs if run.may_be_in_line] for runs in segments]
    if not any(plausible):
        return _shifted_to(stated_start, _Placement(segments, back).mended())
    all_runs = [run for runs in segments for run in runs]
    mended = _with_implausible(all_runs, iter(_Placement(plausible, back).mended()))
    return mended if any(run.start != run.low for run in mended) else None


def _are_in_line(segments: Sequence[Sequence[Run]], back: Number) -> bool:
    """Whether all runs are plausible and follow on one another by the clock that recorded them."""
    previous: Number | None = None
    reached: Number = 0
    for runs in segments:
        for run in runs:
            if not run.may_be_in_line:
                return False
            if previous is None:
                previous = reached = run.low
            if run.low - previous > LONGEST_GAP or run.low < reached - back:
                return False
            previous = run.high
            reached = max(reached, previous)
    return True


def _shifted_to(stated_start: Number | None, mended: list[MendedRun]) -> list[MendedRun] | None:
    """Runs of which none has a plausible time."""
    first = min((run.start for run in mended), default=0)
    last = max((run.end for run in mended), default=0)
    if stated_start is not None and is_plausible(stated_start):
        shift = stated_start - first
    elif first >= 0 and last < _YEAR_10000:
        shift = 0
    elif last > first:
        shift = -first
    else:
        return None  # Nothing says how long anything took.
    shifted = [attrs.evolve(run, start=run.start + shift) for run in mended]
    return shifted if any(run.shift for run in shifted) else None


class _Placement:
    """Puts runs one after another, each with the clock that it was recorded by."""

    def __init__(self, segments: Iterable[Sequence[Run]], back: Number) -> None:
        self._back = back
        self._runs = [run for runs in segments for run in runs]
        self._starts: list[Number] = []
        self._clocks: list[Number | None] = []
        """For each run, the milliseconds by which its clock is behind the first; None if it is out of line."""
        self._clock: Number = 0
        self._reached: Number = 0
        self._changed = -_MOST_LOOKED_AT - 1
        self._previous: Number = 0
        """The mended end of the last run."""
        for number, run in enumerate(self._runs):
            self._place(number, run)

    def mended(self) -> list[MendedRun]:
        counts = Counter[Number]()
        for run, clock in zip(self._runs, self._clocks, strict=True):
            if clock is not None:
                counts[clock] += run.records
        least = max(2, sum(counts.values()) / _FEWEST_BY_CLOCK)
        most = max(counts, key=counts.__getitem__, default=0)
        holds = next((clock for clock, records in counts.items() if records >= least), most)
        starts = [
            start - holds if clock is None else run.low + (clock - holds)
            for run, start, clock in zip(self._runs, self._starts, self._clocks, strict=True)
        ]
        return [
            MendedRun(run.records, run.low, run.high, _whole(start))
            for run, start in zip(self._runs, starts, strict=True)
        ]

    def _place(self, number: int, run: Run) -> None:
        if number == 0:
            self._previous = self._reached = run.low
        step = run.low + self._clock - self._previous
        is_fault = step > LONGEST_GAP or run.low + self._clock < self._reached - self._back
        if is_fault or (step > JUMP and number - self._changed <= _MOST_LOOKED_AT):
            before = self._before_outliers(number)
            if before is not None and self._is_rather_an_outlier(number, before):
                before = None  # which shows when those after it are placed
            if before is not None:
                self._move_outliers(before, number)
                is_fault = run.low + self._clock < self._reached - JUMP
            if is_fault:
                self._clock = self._reached - run.low
            if before is not None or is_fault:
                self._changed = number
        self._starts.append(run.low + self._clock)
        self._clocks.append(self._clock)
        self._previous = run.high + self._clock
        self._reached = max(self._reached, self._previous)

    def _before_outliers(self, number: int) -> int | None:
        """The last run that is in line with this one, if those between them are not."""
        low = self._runs[number].low
        lowest_above: Number = 4 * FURTHEST
        highest_below: Number = -4 * FURTHEST
        duration: Number = 0
        pause: Number = 0
        for earlier in range(number - 2, max(-1, number - 2 - _MOST_LOOKED_AT), -1):
            between = self._runs[earlier + 1]
            if between.low > low:
                lowest_above = min(lowest_above, between.low)
            else:
                highest_below = max(highest_below, between.high)
            duration += between.high - between.low + min(pause, _LONGEST_PAUSE)
            pause = max(0, between.low - self._runs[earlier].high)
            high = self._runs[earlier].high
            distance = low - high
            nearest = min(lowest_above - low, high - highest_below)
            are_on_both_sides = max(lowest_above, -highest_below) < FURTHEST * 2
            least = max(distance, duration, _LONGEST_PAUSE if are_on_both_sides else 0)
            if self._is_in_line(earlier) and -JUMP <= distance <= LONGEST_GAP and nearest > least:
                return earlier
        return None

    def _is_in_line(self, number: int) -> bool:
        return number < len(self._clocks) and self._clocks[number] is not None

    def _is_rather_an_outlier(self, number: int, before: int) -> bool:
        """Whether it and some after it are as well out of line, and have fewer records than those after `before`."""
        most = sum(run.records for run in self._runs[before + 1 : number])
        count = 0
        for following in range(number + 1, min(number + 1 + _MOST_LOOKED_AHEAD, len(self._runs))):
            count += self._runs[following - 1].records
            if count >= most:
                break
            if self._before_outliers(following) == number - 1:
                return True
        return False

    def _move_outliers(self, before: int, number: int) -> None:
        clock = self._clocks[before]
        if clock is None:
            return
        first = before + 1
        end = self._runs[before].high + clock
        ceiling = self._runs[number].low + clock
        runs = self._runs[first:number]
        moved = _in_between(runs, end, ceiling)
        self._starts[first:number] = [run.start for run in moved]
        self._clocks[first:number] = [None] * len(moved)
        self._clock, self._reached = clock, max(end, moved[-1].end)


def _in_between(runs: Sequence[Run], start: Number, ceiling: Number, *, is_cut: bool = False) -> list[MendedRun]:
    """Runs that follow on `start`, with the pauses between them if there is room for these."""
    pauses = _pauses(runs)
    has_room = sum(pauses) + _duration(runs) <= ceiling - start
    placed: list[MendedRun] = []
    for run, pause in zip(runs, pauses, strict=True):
        start += pause if has_room else 0
        high = min(run.high, run.low + max(0, ceiling - start)) if is_cut else run.high
        placed.append(MendedRun(run.records, run.low, high, _whole(start)))
        start = placed[-1].end
    return placed


def _pauses(runs: Sequence[Run]) -> list[Number]:
    """The milliseconds before each run in which nothing happened; none where the clock jumps."""
    steps = [run.low - before.high for before, run in pairwise(runs)]
    return [0, *(step if 0 < step <= LONGEST_GAP else 0 for step in steps)][: len(runs)]


def _duration(runs: Sequence[Run]) -> Number:
    return sum(run.high - run.low for run in runs)


def _with_implausible(runs: Sequence[Run], mended: Iterator[MendedRun]) -> list[MendedRun]:
    """All runs; those of implausible years follow on the run before them, or else end where the first one begins."""
    placed: list[MendedRun] = []
    waiting: list[Run] = []
    reached: Number | None = None
    for run in runs:
        if not run.may_be_in_line:
            waiting.append(run)
            continue
        following = next(mended)
        start = following.start - _duration(waiting) - sum(_pauses(waiting)) if reached is None else reached
        placed += [*_in_between(waiting, start, following.start, is_cut=True), following]
        waiting, reached = [], following.end if reached is None else max(reached, following.end)
    return placed + _in_between(waiting, 0 if reached is None else reached, FURTHEST)
