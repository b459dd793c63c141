"""The times of a view: the rule of `_clocks`, applied to its segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice

import attrs

from ._clocks import DISORDER, JUMP, MendedRun, Run, is_plausible, mend
from ._segment import Segment, SegmentMetadata
from .records import Number

__all__ = ["with_mended_times"]

_TOLERANCE = 2 * 86_400_000
"""Milliseconds by which what a segment states may differ from its records, of which some may be lost."""


def with_mended_times(segments: Sequence[Segment], announced: Iterable[SegmentMetadata]) -> tuple[Segment, ...]:
    """The segments of a view, in their order, each with the times that hold.

    Segments whose order is not known are mended alone: those without an index, and of several that share an index all
    but the one with most records, which move along with that one.
    """
    runs = [_runs_of(segment) for segment in segments]
    known = _earliest_plausible(segments, announced, runs)
    numbers = _in_order(segments)
    is_browser = all(segment.metadata.source in (None, "browser") for segment in segments)
    together = mend([runs[number] for number in numbers.values()], known, back=JUMP if is_browser else DISORDER)
    rest = iter(together or ())
    mended = {number: tuple(islice(rest, len(runs[number]))) for number in numbers.values()}
    result: list[Segment] = []
    for number, segment in enumerate(segments):
        if number in mended:
            of_segment = mended[number]
        else:
            same = numbers.get(segment.metadata.index_in_view)
            shift = next((run.shift for run in mended.get(same, ())), 0) if same is not None else 0
            of_segment = _alone(runs[number], known, shift)
        result.append(_timed(segment, runs[number], of_segment, known))
    return tuple(result)


def _runs_of(segment: Segment) -> list[Run]:
    """The runs of a segment; where it states its start and end, that holds against single records."""
    runs, start, end = segment.recorded_runs(), segment.metadata.start, segment.metadata.end
    if start is None or end is None:
        return runs
    are_stated = [start - DISORDER <= run.low and run.high <= end + DISORDER for run in runs]
    if all(are_stated) or not any(are_stated):
        return runs
    return [run._replace(is_stated=is_stated) for run, is_stated in zip(runs, are_stated, strict=True)]


def _earliest_plausible(
    segments: Iterable[Segment], announced: Iterable[SegmentMetadata], runs: Iterable[Sequence[Run]]
) -> Number | None:
    """The earliest start that is plausible: a stated one, or else one of the records."""
    stated = (metadata.start for metadata in chain((segment.metadata for segment in segments), announced))
    starts = [time for time in stated if time is not None and is_plausible(time)]
    starts = starts or [run.low for several in runs for run in several if run.may_be_in_line]
    return min(starts, default=None)


def _in_order(segments: Sequence[Segment]) -> dict[int | None, int]:
    """For each index in the view the number of its segment, of several the one with most records."""
    numbers: dict[int | None, int] = {}
    for number, segment in enumerate(segments):
        index = segment.metadata.index_in_view
        if index is not None and (index not in numbers or segments[numbers[index]].count < segment.count):
            numbers[index] = number
    return numbers


def _alone(runs: Sequence[Run], known: Number | None, shift: Number) -> tuple[MendedRun, ...]:
    mended = mend([runs], known)
    if mended is None:
        mended = [MendedRun(run.records, run.low, run.high, run.low) for run in runs]
    return tuple(attrs.evolve(run, start=run.start + shift) for run in mended)


def _timed(segment: Segment, runs: Sequence[Run], mended: Sequence[MendedRun], known: Number | None) -> Segment:
    if any(run.shift for run in mended):
        first, last = min(run.start for run in mended), max(run.end for run in mended)
        return attrs.evolve(segment, start=first, end=last, mended_runs=tuple(mended))
    span = (min(run.low for run in runs), max(run.high for run in runs)) if runs else None
    start, end = segment.metadata.start, segment.metadata.end
    if not _is_believed(start, span, known):
        start = None if span is None else span[0]
    if not _is_believed(end, span, known):
        end = None if span is None else span[1]
    return segment if (start, end) == (segment.start, segment.end) else attrs.evolve(segment, start=start, end=end)


def _is_believed(stated: Number | None, span: tuple[Number, Number] | None, known: Number | None) -> bool:
    """Whether what a segment states may be true: near its records, or if it has none, plausible if others are."""
    if stated is None:
        return True
    if span is None:
        return known is None or is_plausible(stated)
    return span[0] - _TOLERANCE <= stated <= span[1] + _TOLERANCE
