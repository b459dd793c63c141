"""What one reading of one source has used of its limits, and what it could not read."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, NoReturn

import attrs

from ..._errors import SegmentLimitError
from .._limits import Limits

__all__ = ["Place", "Reading", "Unreadable"]

_RATIO_STARTS_AT = 16 << 20


class Place(NamedTuple):
    """Where in a source something stands."""

    offset: int
    """Bytes from the start of the source."""

    exact: bool
    """False within something unpacked: then `offset` is where those bytes were unpacked from."""

    unpacked: int
    """Bytes from the start of the unpacked stream; the same as `offset` where nothing was unpacked."""


@attrs.frozen(kw_only=True)
class Unreadable:
    """A part of a source that could not be read, or not for what it is."""

    source: str
    """The name of the file, or `bytes` or `stream`."""

    offset: int
    """Bytes from the start of the source. Within something compressed: where that part was unpacked from."""

    unpacked_offset: int | None
    """Bytes from the start of the unpacked stream; None where the part stands in the source as it is."""

    length: int
    """Bytes of it, unpacked where `unpacked_offset` is."""

    reason: str
    raw: bytes | None = attrs.field(repr=False)
    """Its first bytes, all where there are few; None once the report holds as many as it may."""


@attrs.define
class Reading:
    """Counts what is spent on one source; everything that reads it shares one of these."""

    source: str
    limits: Limits
    report: Callable[[Unreadable], object]
    unpacked: int = 0
    records: int = 0
    tries: int = 100_000
    """How often reading may still be tried behind something that cannot be read: then it is passed over as a whole."""

    unit: int = 0
    """Where the outermost thing that is being read begins, in bytes: reading can begin anew there."""

    def cannot_read(self, place: Place, length: int, reason: str, raw: bytes | None) -> None:
        """Report a part and go on."""
        unpacked = None if place.exact else place.unpacked
        self.report(
            Unreadable(
                source=self.source,
                offset=place.offset,
                unpacked_offset=unpacked,
                length=length,
                reason=reason,
                raw=raw,
            )
        )

    def unpack(self, place: Place, size: int, packed: int, total: int) -> None:
        """Note that `size` bytes more came out of a stream, of which `total` came out of `packed` in all."""
        self.unpacked += size
        if self.unpacked > self.limits.max_unpacked:
            self.stop("max_unpacked", place, f"more than {self.limits.max_unpacked:,} bytes unpacked")
        if total > _RATIO_STARTS_AT and total > self.limits.max_ratio * packed:
            self.stop("max_ratio", place, f"{packed:,} bytes became {total:,}")

    def count_records(self, place: Place, number: int) -> None:
        """Note that records were found."""
        self.records += number
        if self.records > self.limits.max_records:
            self.stop("max_records", place, f"more than {self.limits.max_records:,} records")

    def stop(self, limit: str, place: Place, what: str) -> NoReturn:
        """Raise for a limit that was passed."""
        raise SegmentLimitError(
            f"{self.source}, byte {place.offset:,}: {what}; Limits.{limit} is {getattr(self.limits, limit):,}",
            limit=limit,
            source=self.source,
            offset=place.offset,
        )
