"""Two things measured side by side, and the resulting row of a table."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median

from attrs import frozen

__all__ = ["Pair", "Row", "paired", "paired_values", "seconds", "times"]


@frozen
class Pair:
    """Our cost and the other's: the medians of all runs, and the median of the ratios of single runs."""

    ours: float
    other: float
    ratio: float


@frozen
class Row:
    """One line of the results, as text."""

    measure: str
    ours: str
    other: str
    ratio: str
    aim: str = ""
    """Empty if the row only helps to understand another one."""

    met: bool | None = None

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "met" if self.met else "missed"


def paired(
    ours: Callable[[], object], other: Callable[[], object], *, rounds: int, clock: Callable[[], float] | None = None
) -> Pair:
    """Run both alternately, in changing order, after one run of each that counts only if there are no rounds.

    A disturbance of the machine that lasts longer than a run affects both, so look at the ratio of adjacent runs.
    With a `clock`, its seconds count instead of elapsed time.
    """
    return paired_values(lambda: _timed(ours, clock), lambda: _timed(other, clock), rounds=rounds)


def paired_values(ours: Callable[[], float], other: Callable[[], float], *, rounds: int) -> Pair:
    """The same for functions that measure themselves and return their cost."""
    warm_up = ours(), other()
    costs: list[tuple[float, float]] = [] if rounds else [warm_up]
    for number in range(rounds):
        if number % 2:
            theirs = other()
            costs.append((ours(), theirs))
        else:
            costs.append((ours(), other()))
    return Pair(
        ours=median(mine for mine, _ in costs),
        other=median(theirs for _, theirs in costs),
        ratio=median(mine / theirs for mine, theirs in costs),
    )


def _timed(function: Callable[[], object], clock: Callable[[], float] | None) -> float:
    # Neither side pays for the other's garbage, but each for its own.
    gc.collect()
    clock = clock or time.perf_counter
    started = clock()
    result = function()
    elapsed = clock() - started
    del result
    return elapsed


def seconds(value: float) -> str:
    """A duration with three digits, in a suitable unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e6:.3g} µs"


def times(ratio: float) -> str:
    """A ratio as text, such as `1.06 ×` or `1/41.2`."""
    return f"{ratio:.2f} ×" if ratio >= 0.1 or ratio == 0 else f"1/{1 / ratio:.1f}"
