"""Two things measured side by side, and the row of a table that comes of it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median

from attrs import frozen

__all__ = ["Pair", "Row", "paired", "paired_values", "seconds", "times"]


@frozen
class Pair:
    """What we cost and what the other costs: the medians of all runs, and the median of the ratios run by run."""

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
    """Empty where the row only helps to understand another one."""

    met: bool | None = None

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "met" if self.met else "missed"


def paired(
    ours: Callable[[], object], other: Callable[[], object], *, rounds: int, clock: Callable[[], float] | None = None
) -> Pair:
    """Run both in turn, after one run of each that counts only if there is no round; who goes first changes.

    What disturbs the machine for longer than a run disturbs both, so the ratio of neighbours is what to look at.
    With a `clock`, its seconds count instead of the time that passes.
    """
    return paired_values(lambda: _timed(ours, clock), lambda: _timed(other, clock), rounds=rounds)


def paired_values(ours: Callable[[], float], other: Callable[[], float], *, rounds: int) -> Pair:
    """The same for two that measure themselves."""
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
    # Neither side pays for the other's garbage; each pays for its own.
    gc.collect()
    clock = clock or time.perf_counter
    started = clock()
    result = function()
    elapsed = clock() - started
    del result
    return elapsed


def seconds(value: float) -> str:
    """A duration with three digits, in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e6:.3g} µs"


def times(ratio: float) -> str:
    """A ratio as text, such as `1.06 ×` or `1/41.2`."""
    return f"{ratio:.2f} ×" if ratio >= 0.1 else f"1/{1 / ratio:.1f}"
