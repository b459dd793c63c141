"""What comes out of a stream: records in batches, and what is said about them behind them."""

from __future__ import annotations

from typing import NamedTuple

from .budget import Place

__all__ = ["Event", "Metadata", "Records", "SegmentEnd"]


class Records(NamedTuple):
    """Some records of a segment, each as JSON."""

    items: list[bytes]


class SegmentEnd(NamedTuple):
    """All records of a segment have come."""

    metadata: bytes
    """The other members of its object, as JSON."""

    place: Place
    """Where the object begins."""

    size: int
    """Bytes of the object, unpacked."""

    whole: bool
    """False where the object does not end."""


class Metadata(NamedTuple):
    """A segment's metadata without its records, as in the part `event` that the SDK uploads beside them."""

    metadata: bytes
    place: Place


Event = Records | SegmentEnd | Metadata
