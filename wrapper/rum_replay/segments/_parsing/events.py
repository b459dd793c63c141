"""What the parsers yield while they go through a stream: batches of records, and after them what is said about them."""

from __future__ import annotations

from typing import NamedTuple

from .window import Location

__all__ = ["Event", "Image", "Metadata", "Records", "SegmentEnd"]


class Records(NamedTuple):
    """Some records of a segment, each as JSON."""

    items: list[bytes]

    are_followed_by_damage: bool = False
    """Whether at least one record that cannot be read comes after them."""


class SegmentEnd(NamedTuple):
    """The segment whose records came before is over."""

    metadata: bytes
    """The other members of its object, as JSON."""

    location: Location
    """Where the object begins."""

    size: int
    """Bytes of the object, unpacked."""

    complete: bool
    """False if the end of the object was not found."""


class Metadata(NamedTuple):
    """A segment's metadata without its records, as in the part `event` that the SDK uploads with each segment."""

    metadata: bytes
    location: Location


class Image(NamedTuple):
    """An image that was uploaded beside segments."""

    id: str
    media_type: str
    content: bytes
    location: Location


Event = Records | SegmentEnd | Metadata | Image
