"""The budget for reading one source: how much of the limits is used, and a report of what could not be read."""

from collections.abc import Callable
from typing import NamedTuple, NoReturn

import attrs

from ..._errors import SegmentLimitError
from .._limits import Limits
from .window import Location

__all__ = ["SAMPLE_SIZE", "Budget", "Restart", "Unreadable"]

SAMPLE_SIZE = 1 << 12
"""Bytes of an unreadable part that are kept."""

_RATIO_CHECKED_ABOVE = 16 << 20
_ATTEMPTS = 100_000


@attrs.frozen(kw_only=True)
class Unreadable:
    """A part of a source that could not be read, or only in part."""

    source: str
    """The name of the file, or `bytes`, `page` or `stream`."""

    offset: int
    """Bytes from the start of the source. For something compressed: where it was unpacked from."""

    unpacked_offset: int | None
    """Bytes from the start of the unpacked stream; None if the part itself is in the source."""

    length: int
    """Bytes of the part, unpacked if `unpacked_offset` is not None."""

    reason: str
    raw: bytes | None = attrs.field(repr=False)
    """Its first 4,096 bytes; None once the report holds as many bytes as it may."""


class Restart(NamedTuple):
    """Where reading can start again, with the same result."""

    offset: int
    """Bytes from the start of the source."""

    attempts_left: int


_START = Restart(0, _ATTEMPTS)


@attrs.define
class Budget:
    """What is left to spend on one source; everything that reads it shares one of these."""

    source: str
    limits: Limits
    on_unreadable: Callable[[Unreadable], object]
    unpacked: int = 0
    """Bytes unpacked so far."""

    records: int = 0
    attempts_left: int = _ATTEMPTS
    """How often reading may still be tried after something unreadable; then the rest of it is skipped as a whole."""

    restart: Restart = _START
    """The start of the outermost envelope that is being read."""

    def report(self, location: Location, length: int, reason: str, raw: bytes) -> None:
        """Report a part that cannot be read."""
        self.on_unreadable(
            Unreadable(
                source=self.source,
                offset=location.offset,
                unpacked_offset=None if location.exact else location.stream_offset,
                length=length,
                reason=reason,
                raw=raw,
            )
        )

    def count_unpacked(self, location: Location, size: int) -> None:
        """Count bytes that were unpacked."""
        self.unpacked += size
        if self.unpacked > self.limits.max_unpacked:
            self.stop("max_unpacked", location, f"more than {self.limits.max_unpacked:,} bytes unpacked")

    def check_ratio(self, location: Location, packed: int, unpacked: int) -> None:
        """Check the bytes of one compressed stream, before and after unpacking."""
        if unpacked > _RATIO_CHECKED_ABOVE and unpacked > self.limits.max_ratio * packed:
            self.stop("max_ratio", location, f"{packed:,} bytes became {unpacked:,}")

    def count_records(self, location: Location, number: int) -> None:
        """Count records that were found."""
        self.records += number
        if self.records > self.limits.max_records:
            self.stop("max_records", location, f"more than {self.limits.max_records:,} records")

    def stop(self, limit: str, location: Location, reason: str) -> NoReturn:
        """Raise SegmentLimitError for a limit that was exceeded."""
        raise SegmentLimitError(
            f"{self.source}, byte {location.offset:,}: {reason}; Limits.{limit} is {getattr(self.limits, limit):,}",
            limit=limit,
            source=self.source,
            offset=location.offset,
        )
