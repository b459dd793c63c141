"""The times of a view: the rule of `_clocks`, applied to its segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, compress, islice

import attrs

from ._clocks import DISORDER, JUMP, MendedRun, Run, is_plausible, mend
from ._segment import Segment, SegmentMetadata, are_never_numbered
from .records import Number

__all__ = ["own_time", "with_mended_times"]

_LONGEST_UPLOAD = 60_000
"""Milliseconds; SDKs for apps upload what they recorded in some seconds."""


def with_mended_times(segments: Sequence[Segment], announced: Iterable[SegmentMetadata]) -> tuple[Segment, ...]:
    """The segments of a view, in their order, each with the times that hold: those of its records.

    What segments state counts only if no record of the view has a time, so that everything begins and ends where
    records are. Segments without an index, whose order is not known, are mended alone, unless all are those of an app.
    """
    runs = [_runs_of(segment) for segment in segments]
    known = _earliest_plausible(segments, announced, runs)
    is_app = are_never_numbered(segments)
    are_in_order = [is_app or segment.metadata.index_in_view is not None for segment in segments]
    back = _back_in(segments)
    mended = iter(_mended(list(compress(runs, are_in_order)), known, back))
    return tuple(
        _timed(
            segment,
            list(islice(mended, len(of_one)) if is_in_order else _mended([of_one], known, back)),
            known,
            is_only_stated=not any(runs),
        )
        for of_one, segment, is_in_order in zip(runs, segments, are_in_order, strict=True)
    )


def own_time(segment: Segment) -> Number:
    """When a segment whose place in its view is not known began, by its own records; what it states if none has a time.

    Records long before most of them do not count.
    """
    mended = _mended([_runs_of(segment)], None, _back_in([segment]))
    if not mended:
        return segment.metadata.start or 0
    earliest = max(mended, key=lambda run: run.records).start - _LONGEST_UPLOAD
    return min(run.start for run in mended if run.start >= earliest)


def _back_in(segments: Iterable[Segment]) -> Number:
    return DISORDER if any(segment.metadata.is_mobile for segment in segments) else JUMP


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


def _mended(segments: Sequence[Sequence[Run]], known: Number | None, back: Number) -> list[MendedRun]:
    mended = mend(segments, known, back=back)
    return mended or [MendedRun(run.records, run.low, run.high, run.low) for runs in segments for run in runs]


def _timed(segment: Segment, mended: Sequence[MendedRun], known: Number | None, *, is_only_stated: bool) -> Segment:
    if mended:
        first, last = min(run.start for run in mended), max(run.end for run in mended)
        runs = tuple(mended) if any(run.shift for run in mended) else None
        return attrs.evolve(segment, start=first, end=last, mended_runs=runs)
    start, end = segment.metadata.start, segment.metadata.end
    return attrs.evolve(
        segment,
        start=start if is_only_stated and _is_believed(start, known) else None,
        end=end if is_only_stated and _is_believed(end, known) else None,
    )


def _is_believed(stated: Number | None, known: Number | None) -> bool:
    """Whether what a segment without records states may be true: if others are plausible, it must be."""
    return known is None or (stated is not None and is_plausible(stated))
