"""The kinds of records, and the decoder that chooses the class by `type`."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Literal, TypeVar

import msgspec

from ..._arguments import check_instance
from ..._json import FAILURES, without_lone_surrogates
from ._base import Number, RecordBase, Wire
from ._changes import Change, decode_changes
from ._deep_json import decode_deep
from ._incremental import IncrementalData
from ._mobile import MobileIncrementalData, MobileSnapshot
from ._mobile_parts import readable_parts
from ._nodes import Node

__all__ = [
    "ChangeRecord",
    "DomSnapshot",
    "Focus",
    "FocusRecord",
    "Frustration",
    "FrustrationRecord",
    "FullSnapshotRecord",
    "IncrementalSnapshotRecord",
    "MetaRecord",
    "MobileFullSnapshotRecord",
    "MobileIncrementalSnapshotRecord",
    "Offset",
    "Record",
    "Screen",
    "UnknownRecord",
    "ViewEndRecord",
    "VisualViewport",
    "VisualViewportRecord",
    "decode_record",
]

T = TypeVar("T")


class Offset(Wire, frozen=True):
    """The scroll position of the page when it was recorded, in pixels."""

    top: Number
    left: Number


class DomSnapshot(Wire, frozen=True):
    """The whole DOM as a tree."""

    node: Node
    initial_offset: Offset


class FullSnapshotRecord(RecordBase, frozen=True, kw_only=True):
    """2: the whole DOM, from which the view can be shown."""

    type: ClassVar[int] = 2
    format: Literal[0, 1] = 0
    """0 if `data` is a tree; 1 if it is a list of changes."""

    data: DomSnapshot | tuple[Change, ...]


class IncrementalSnapshotRecord(RecordBase, frozen=True, tag_field="type", tag=3, kw_only=True):
    """3: a change of the page or a user interaction; `data` has a class for each `source`."""

    type: ClassVar[int] = 3
    data: IncrementalData
    id: int | None = None
    """The number by which frustration records refer to it; only on mouse interactions."""


class Screen(Wire, frozen=True):
    """The size of the layout viewport in pixels, and the URL of the page (only from browsers)."""

    width: Number
    height: Number
    href: str | None = None


class MetaRecord(RecordBase, frozen=True, tag_field="type", tag=4, kw_only=True):
    """4: the screen that is recorded, at the start of a view."""

    type: ClassVar[int] = 4
    data: Screen


class Focus(msgspec.Struct, frozen=True, gc=False):
    """Whether the page or app has focus."""

    has_focus: bool


class FocusRecord(RecordBase, frozen=True, tag_field="type", tag=6, kw_only=True):
    """6: the page gained or lost focus."""

    type: ClassVar[int] = 6
    data: Focus


class ViewEndRecord(RecordBase, frozen=True, tag_field="type", tag=7, kw_only=True):
    """7: the view ended; the last view of a session often has no such record."""

    type: ClassVar[int] = 7


class VisualViewport(Wire, frozen=True, kw_only=True):
    """The visible part of the page in pixels, as in the `visualViewport` of browsers."""

    offset_left: Number
    offset_top: Number
    page_left: Number
    page_top: Number
    width: Number
    height: Number
    scale: Number
    """The pinch-zoom factor."""


class VisualViewportRecord(RecordBase, frozen=True, tag_field="type", tag=8, kw_only=True):
    """8: another part of the page is visible."""

    type: ClassVar[int] = 8
    data: VisualViewport


class Frustration(Wire, frozen=True):
    """The kinds of frustration that the SDK detected, and the clicks that caused them."""

    frustration_types: tuple[str, ...]
    """`rage_click`, `error_click`, `dead_click`."""

    record_ids: tuple[int, ...]
    """The `IncrementalSnapshotRecord.id` of the interactions in these clicks; in recordings of 5.35.1, of each `up`."""


class FrustrationRecord(RecordBase, frozen=True, tag_field="type", tag=9, kw_only=True):
    """9: the SDK detected frustration; up to browser SDK 6.31. Its timestamp is older than those before it."""

    type: ClassVar[int] = 9
    data: Frustration


class MobileFullSnapshotRecord(RecordBase, frozen=True, tag_field="type", tag=10, kw_only=True):
    """10: the whole screen of a mobile app."""

    type: ClassVar[int] = 10
    data: MobileSnapshot
    unread: tuple[str, ...] = msgspec.field(default=(), name="$unread")
    """What of it cannot be read and is left out."""


class MobileIncrementalSnapshotRecord(RecordBase, frozen=True, tag_field="type", tag=11, kw_only=True):
    """11: a change of a mobile app's screen or a user interaction; `data` has a class for each `source`."""

    type: ClassVar[int] = 11
    data: MobileIncrementalData
    unread: tuple[str, ...] = msgspec.field(default=(), name="$unread")
    """What of it cannot be read and is left out."""


class ChangeRecord(RecordBase, frozen=True, kw_only=True):
    """12: the DOM changed; from browser SDK 7 on."""

    type: ClassVar[int] = 12
    data: tuple[Change, ...]


class UnknownRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record of an unknown kind, or of a known kind with an unexpected shape."""

    type: int | None
    """None if the record does not state it."""

    timestamp: Number | None
    """Milliseconds of Unix time, mended as those of other records; None if the record does not state it."""

    source: int | None
    """The `source` of its data; None if the record does not state it."""

    reason: str
    """Why it could not be decoded."""

    raw: bytes
    """The JSON of the record exactly as it was recorded."""


Record = (
    FullSnapshotRecord
    | IncrementalSnapshotRecord
    | MetaRecord
    | FocusRecord
    | ViewEndRecord
    | VisualViewportRecord
    | FrustrationRecord
    | MobileFullSnapshotRecord
    | MobileIncrementalSnapshotRecord
    | ChangeRecord
    | UnknownRecord
)


def decode_record(raw: bytes) -> Record:
    """Decode a record from its JSON; one that cannot be decoded becomes an `UnknownRecord` with the reason.

    Raises InvalidRequestError if `raw` is not bytes, and nothing else.
    """
    if type(raw) is not bytes:
        check_instance("raw", raw, bytes, "bytes of JSON")
    try:
        return _decode(raw, raw)
    except FAILURES as error:
        reason = str(error)
    # `raw` keeps the original.
    if (repaired := _NUMBERED_SLOT.sub(rb'\1"\2"', without_lone_surrogates(raw))) != raw:
        try:
            return _decode(repaired, raw)
        except FAILURES as error:
            reason = str(error)
    return _mobile_record(repaired, raw) or _unknown(repaired, raw, reason)


class _FullSnapshot(RecordBase, frozen=True, tag_field="type", tag=2, kw_only=True):
    format: Literal[0, 1] = 0
    data: DomSnapshot | list[msgspec.Raw]


class _DeepSnapshot(RecordBase, frozen=True, tag_field="type", tag=2, kw_only=True):
    format: Literal[0] = 0
    data: DomSnapshot


class _Change(RecordBase, frozen=True, tag_field="type", tag=12, kw_only=True):
    data: list[msgspec.Raw]


_WITH_RAW_PARTS = (_Change, _FullSnapshot, _DeepSnapshot)
_decoder = msgspec.json.Decoder(
    _FullSnapshot
    | IncrementalSnapshotRecord
    | MetaRecord
    | FocusRecord
    | ViewEndRecord
    | VisualViewportRecord
    | FrustrationRecord
    | MobileFullSnapshotRecord
    | MobileIncrementalSnapshotRecord
    | _Change
)


def _decode(readable: bytes, raw: bytes) -> Record:
    try:
        record = _decoder.decode(readable)
    except RecursionError as too_deep:
        try:
            record = msgspec.convert(decode_deep(readable), _DeepSnapshot | IncrementalSnapshotRecord)
        except msgspec.MsgspecError:
            raise too_deep from None
    if isinstance(record, IncrementalSnapshotRecord) or not isinstance(record, _WITH_RAW_PARTS):
        # Records are frozen, but this one is still being built.
        msgspec.structs.force_setattr(record, "raw", raw)
        if isinstance(record, _MOBILE) and record.unread:
            msgspec.structs.force_setattr(record, "unread", ())
        return record
    if isinstance(record, _Change):
        return ChangeRecord(
            timestamp=record.timestamp, slot_id=record.slot_id, data=decode_changes(record.data), raw=raw
        )
    data = record.data if isinstance(record.data, DomSnapshot) else decode_changes(record.data)
    return FullSnapshotRecord(
        timestamp=record.timestamp, slot_id=record.slot_id, format=record.format, data=data, raw=raw
    )


_NUMBERED_SLOT = re.compile(rb'(?<!\\)("slotId"\s*+:\s*+)(-?\d++)(?=\s*+[,}])')
"""A slot whose id is a number, as those of wireframes are."""

_MOBILE = (MobileFullSnapshotRecord, MobileIncrementalSnapshotRecord)


def _mobile_record(readable: bytes, raw: bytes) -> MobileFullSnapshotRecord | MobileIncrementalSnapshotRecord | None:
    """What can be read of a mobile record; None if that is nothing."""
    if _decode_or_default(readable, _RecordHead).type not in (10, 11):
        return None
    try:
        found = readable_parts(msgspec.json.decode(readable))
        if found is None:
            return None
        parts, unread = found
        record = msgspec.convert(parts, MobileFullSnapshotRecord | MobileIncrementalSnapshotRecord)
    except FAILURES:
        return None
    msgspec.structs.force_setattr(record, "raw", raw)
    msgspec.structs.force_setattr(record, "unread", unread)
    return record


class _DataHead(msgspec.Struct, gc=False):
    source: Any = None


class _RecordHead(msgspec.Struct, gc=False):
    type: Any = None
    timestamp: Any = None
    data: msgspec.Raw = msgspec.Raw(b"null")


def _unknown(readable: bytes, raw: bytes, reason: str) -> UnknownRecord:
    head = _decode_or_default(readable, _RecordHead)
    source = _decode_or_default(head.data, _DataHead).source
    return UnknownRecord(
        type=head.type if type(head.type) is int else None,
        timestamp=head.timestamp if type(head.timestamp) in (int, float) else None,
        source=source if type(source) is int else None,
        reason=reason,
        raw=raw,
    )


def _decode_or_default(raw: bytes | msgspec.Raw, cls: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=cls)
    except FAILURES:
        return cls()
