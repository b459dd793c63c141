"""The base classes of all records."""

from __future__ import annotations

from typing import ClassVar

import msgspec

__all__ = ["Number", "RecordBase", "Wire"]

Number = int | float
"""JSON has only numbers; those that the SDK wrote as integers stay integers."""


class Wire(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A part of a record, decoded from members in camelCase; unknown members remain in the record's `raw`."""


class RecordBase(Wire, frozen=True, kw_only=True):
    """A record: one event in a view."""

    type: ClassVar[int]
    """The number of the kind of record."""

    timestamp: Number
    """Milliseconds of Unix time. Frustration records are older than the records before them.

    In records of a Recording it is mended where the clock of their view jumped; `raw` has the recorded time.
    """

    slot_id: str | None = None
    """The slot of a mobile screen, such as a web view, that recorded it."""

    # Not decoded from JSON: a member with this name would be overwritten.
    raw: bytes = msgspec.field(default=b"", name="$raw")
    """The JSON of the record exactly as it was recorded, including unknown members."""
