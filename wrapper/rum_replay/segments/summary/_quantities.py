"""Times, time spans, pixels and bytes within plausible bounds: recordings may contain any number. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

import attrs

from ..records import Number

__all__ = ["Span", "covered", "is_moment", "plausible_bytes", "plausible_pixels"]

_YEAR_10000 = 253_402_300_800_000
_MAX_PIXELS = 1_000_000_000
_MAX_BYTES = 1 << 53


@attrs.frozen
class Span:
    """A span of time, in milliseconds of Unix time."""

    start: Number
    end: Number


def is_moment(time: Number | None) -> TypeGuard[Number]:
    """Whether a timestamp is between 1970 and 9999: no clock writes any other."""
    return time is not None and 0 <= time < _YEAR_10000


def covered(spans: Iterable[Span]) -> Number:
    """Milliseconds that spans cover together; overlaps count once."""
    total: Number = 0
    reached: Number = 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        start = max(span.start, reached)
        if span.end > start:
            total += span.end - start
            reached = span.end
    return total


def plausible_pixels(length: Number | None) -> Number | None:
    """The length or position, or None if no page can have it."""
    return length if length is not None and -_MAX_PIXELS <= length <= _MAX_PIXELS else None


def plausible_bytes(size: int | None) -> int | None:
    """The size, or None if nothing can have it."""
    return size if size is not None and 0 <= size <= _MAX_BYTES else None
