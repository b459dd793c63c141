"""What all records share."""

from __future__ import annotations

from typing import ClassVar

import msgspec

__all__ = ["Number", "RecordBase", "Wire"]

Number = int | float
"""JSON does not tell them apart; what the SDK wrote as an integer stays one."""


class Wire(msgspec.Struct, frozen=True, rename="camel"):
    """A part of a record, read from members in camelCase; members that are not known stay in the record's `raw`."""


class RecordBase(Wire, frozen=True, kw_only=True):
    """One thing that happened in a view."""

    type: ClassVar[int]
    """The number that stands for the kind of record."""

    timestamp: Number
    """Milliseconds of Unix time. Those of frustration records go backwards."""

    slot_id: str | None = None
    """The web view or other slot of a mobile screen that recorded it."""

    # Not read from JSON: whatever a member of that name holds is replaced.
    raw: bytes = msgspec.field(default=b"", name="$raw")
    """The record as it was recorded: its bytes of JSON, unknown members included."""
