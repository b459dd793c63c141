"""Cut copies of segments beside the whole ones, as a download leaves them that was broken off and repeated.

A segment's metadata comes after its records, so a cut copy may state neither its view nor its index. What it has of the
records is then what the whole segment begins with. Whole copies may be there in several forms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Sequence

import msgspec

from ._segment import DIGEST_SIZE, Segment

__all__ = ["cut_copies", "have_same_records", "outline_of"]

_Cuts = dict[int, dict[bytes, list[Segment]]]
"""By the number of their records, and by the digest of these."""


def cut_copies(segments: Sequence[Segment]) -> dict[Segment, Segment]:
    """The cut segments of unknown view or index that another segment begins with, each with that one.

    Reads what may be whole segments once more, as far as necessary.
    """
    cuts: dict[bytes, _Cuts] = {}
    for segment in segments:
        is_known = segment.metadata.view_id is not None and segment.metadata.index_in_view is not None
        if segment.count and not segment.complete and not is_known:
            by_count = cuts.setdefault(segment.first_digest, {})
            by_count.setdefault(segment.count, {}).setdefault(segment.digest, []).append(segment)
    if not cuts:
        return {}
    found: dict[Segment, Segment] = {}
    places = {segment: place for place, segment in enumerate(segments)}
    may_be_whole = [segment for segment in segments if segment.first_digest in cuts]
    # One that is cut itself may be the whole of shorter ones, and the first of equal ones counts.
    for whole in sorted(may_be_whole, key=lambda segment: (not segment.complete, -segment.count)):
        for cut in _beginnings(whole, cuts[whole.first_digest]):
            is_shorter = whole.complete or cut.count < whole.count or places[whole] < places[cut]
            if cut is not whole and is_shorter and whole not in found:
                found.setdefault(cut, whole)
    return found


def _beginnings(whole: Segment, cuts: _Cuts) -> Iterable[Segment]:
    """The cut segments that a segment begins with."""
    yield from cuts.get(whole.count, {}).get(whole.digest, ())
    most = max((count for count in cuts if count < whole.count), default=0)
    if not most:
        return
    hashed = hashlib.blake2b(digest_size=DIGEST_SIZE)
    for count, record in enumerate(whole.raw_records(), 1):
        hashed.update(record)
        if count in cuts:
            yield from cuts[count].get(hashed.digest(), ())
        if count == most:
            return


def outline_of(segment: Segment) -> Hashable:
    """What copies have in common, however their JSON is written: how many records, and the runs of their times."""
    return segment.count, *segment.recorded_runs()


def have_same_records(one: Segment, other: Segment) -> bool:
    """Whether two segments have the same records, however their JSON is written; reads them only if that may be so."""
    if one.digest == other.digest:
        return True
    return outline_of(one) == outline_of(other) and all(map(_are_equal, one.raw_records(), other.raw_records()))


def _are_equal(one: bytes, other: bytes) -> bool:
    try:
        return one == other or msgspec.json.decode(one) == msgspec.json.decode(other)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
