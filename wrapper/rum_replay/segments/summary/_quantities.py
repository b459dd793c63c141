"""Moments, spans of time, pixels and bytes, as far as they can be true: recordings may hold any number. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from ..records import Number

__all__ = ["Span", "covered", "is_moment", "plausible_bytes", "plausible_pixels"]

_YEAR_10000 = 253_402_300_800_000
_MOST_PIXELS = 1_000_000_000
_MOST_BYTES = 1 << 53


@attrs.frozen
class Span:
    """From one moment to another, in milliseconds of Unix time."""

    start: Number
    end: Number


def is_moment(time: Number | None) -> bool:
    """Whether a timestamp lies between 1970 and 9999: what lies beyond was not written by a clock."""
    return time is not None and 0 <= time < _YEAR_10000


def covered(spans: Iterable[Span]) -> Number:
    """Milliseconds that spans cover together; where they overlap, once."""
    total: Number = 0
    reached: Number = 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        start = max(span.start, reached)
        if span.end > start:
            total += span.end - start
            reached = span.end
    return total


def plausible_pixels(length: Number | None) -> Number | None:
    """The length or place, unless no page can have it."""
    return length if length is not None and -_MOST_PIXELS <= length <= _MOST_PIXELS else None


def plausible_bytes(size: int | None) -> int | None:
    """The size, unless nothing can have it."""
    return size if size is not None and 0 <= size <= _MOST_BYTES else None
