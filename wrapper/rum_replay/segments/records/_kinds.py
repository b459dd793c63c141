"""Every kind of record, and the decoder that tells them apart by `type`."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Literal, TypeVar

import msgspec

from ._base import Number, RecordBase, Wire
from ._changes import Change, decode_changes
from ._deep_json import decode_deep
from ._incremental import IncrementalData
from ._mobile import MobileIncrementalData, MobileSnapshot
from ._nodes import Node

__all__ = [
    "ChangeRecord",
    "DomSnapshot",
    "FocusRecord",
    "FrustrationRecord",
    "FullSnapshotRecord",
    "IncrementalSnapshotRecord",
    "MetaRecord",
    "MobileFullSnapshotRecord",
    "MobileIncrementalSnapshotRecord",
    "Record",
    "UnknownRecord",
    "ViewEndRecord",
    "VisualViewportRecord",
    "decode_record",
]


T = TypeVar("T")


class Offset(Wire, frozen=True):
    """How far the page was scrolled when it was recorded, in pixels."""

    top: Number
    left: Number


class DomSnapshot(Wire, frozen=True):
    """The whole DOM as a tree."""

    node: Node
    initial_offset: Offset


class FullSnapshotRecord(RecordBase, frozen=True, kw_only=True):
    """2: the whole DOM, from which a view can be rebuilt."""

    type: ClassVar[int] = 2
    format: Literal[0, 1] = 0
    """0: `data` is a tree; 1: it is a list of changes."""

    data: DomSnapshot | tuple[Change, ...]


class IncrementalSnapshotRecord(RecordBase, frozen=True, tag_field="type", tag=3, kw_only=True):
    """3: something happened; `data` has a class for each `source`."""

    type: ClassVar[int] = 3
    data: IncrementalData
    id: int | None = None
    """What frustration records refer to; on mouse interactions."""


class Screen(Wire, frozen=True):
    """Size of the layout viewport in pixels, and the page's URL (browsers only)."""

    width: Number
    height: Number
    href: str | None = None


class MetaRecord(RecordBase, frozen=True, tag_field="type", tag=4, kw_only=True):
    """4: what is recorded, at the start of a view."""

    type: ClassVar[int] = 4
    data: Screen


class Focus(msgspec.Struct, frozen=True):
    """Whether the page or app has the focus."""

    has_focus: bool


class FocusRecord(RecordBase, frozen=True, tag_field="type", tag=6, kw_only=True):
    """6: the page gained or lost the focus."""

    type: ClassVar[int] = 6
    data: Focus


class ViewEndRecord(RecordBase, frozen=True, tag_field="type", tag=7, kw_only=True):
    """7: the view ended; the last view of a session often lacks it."""

    type: ClassVar[int] = 7


class VisualViewport(Wire, frozen=True, kw_only=True):
    """The part of the page that is seen, in pixels, as in browsers' `visualViewport`."""

    offset_left: Number
    offset_top: Number
    page_left: Number
    page_top: Number
    width: Number
    height: Number
    scale: Number
    """Of a pinch zoom."""


class VisualViewportRecord(RecordBase, frozen=True, tag_field="type", tag=8, kw_only=True):
    """8: what is seen of the page changed."""

    type: ClassVar[int] = 8
    data: VisualViewport


class Frustration(Wire, frozen=True):
    """Signals of frustration and the clicks that caused them."""

    frustration_types: tuple[str, ...]
    """`rage_click`, `error_click`, `dead_click`."""

    record_ids: tuple[int, ...]
    """`IncrementalSnapshotRecord.id` of what made up the clicks; in recordings of 5.35.1, of each `up`."""


class FrustrationRecord(RecordBase, frozen=True, tag_field="type", tag=9, kw_only=True):
    """9: the SDK noticed frustration; up to browser SDK 6.31, and with a timestamp that goes backwards."""

    type: ClassVar[int] = 9
    data: Frustration


class MobileFullSnapshotRecord(RecordBase, frozen=True, tag_field="type", tag=10, kw_only=True):
    """10: the whole screen of a mobile app."""

    type: ClassVar[int] = 10
    data: MobileSnapshot


class MobileIncrementalSnapshotRecord(RecordBase, frozen=True, tag_field="type", tag=11, kw_only=True):
    """11: something happened on the screen of a mobile app; `data` has a class for each `source`."""

    type: ClassVar[int] = 11
    data: MobileIncrementalData


class ChangeRecord(RecordBase, frozen=True, kw_only=True):
    """12: the DOM changed; browser SDK 7 on."""

    type: ClassVar[int] = 12
    data: tuple[Change, ...]


class UnknownRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record of a kind that is not known, or whose data does not have the shape that is known of its kind."""

    type: int | None
    """None where it does not say."""

    timestamp: Number | None
    """Milliseconds of Unix time; None where it does not say."""

    source: int | None
    """The `source` of its data, where it says so."""

    reason: str
    raw: bytes
    """The record as it was recorded."""


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
    """A record from its JSON; whatever does not fit becomes an `UnknownRecord`, with the reason. Raises nothing."""
    try:
        return _decode(raw, raw)
    except _FAILURES as error:
        reason = str(error)
    # JavaScript cuts strings between the halves of a character and writes the half as an escape, which no decoder
    # of UTF-8 takes. What was recorded stays in `raw`.
    if (whole := _HALF_CHARACTER.sub(_mended, raw)) != raw:
        try:
            return _decode(whole, raw)
        except _FAILURES as error:
            reason = str(error)
    return _unknown(whole, raw, reason)


_FAILURES = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
# Whole pairs and other escapes are matched too, so that none is looked at from its middle; only a half is captured.
_HALF_CHARACTER = re.compile(
    rb"\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(\\u[dD][89a-fA-F][\da-fA-F]{2})|\\.", re.DOTALL
)


class _FullSnapshot(RecordBase, frozen=True, tag_field="type", tag=2, kw_only=True):
    format: Literal[0, 1] = 0
    data: DomSnapshot | list[msgspec.Raw]


class _DeepSnapshot(RecordBase, frozen=True, tag_field="type", tag=2, kw_only=True):
    format: Literal[0] = 0
    data: DomSnapshot


class _Change(RecordBase, frozen=True, tag_field="type", tag=12, kw_only=True):
    data: list[msgspec.Raw]


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
    if isinstance(record, _Change):
        return ChangeRecord(
            timestamp=record.timestamp, slot_id=record.slot_id, data=decode_changes(record.data), raw=raw
        )
    if isinstance(record, _FullSnapshot | _DeepSnapshot):
        data = record.data if isinstance(record.data, DomSnapshot) else decode_changes(record.data)
        return FullSnapshotRecord(
            timestamp=record.timestamp, slot_id=record.slot_id, format=record.format, data=data, raw=raw
        )
    # Frozen for everybody else; here the record is still being built.
    decoded: Record = record
    msgspec.structs.force_setattr(decoded, "raw", raw)
    return decoded


def _mended(match: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if match.group(1) else match.group()


class _Source(msgspec.Struct):
    source: Any = None


class _Head(msgspec.Struct):
    type: Any = None
    timestamp: Any = None
    data: msgspec.Raw = msgspec.Raw(b"null")


def _unknown(readable: bytes, raw: bytes, reason: str) -> UnknownRecord:
    head = _as_far_as_readable(readable, _Head)
    source = _as_far_as_readable(head.data, _Source).source
    return UnknownRecord(
        type=head.type if type(head.type) is int else None,
        timestamp=head.timestamp if type(head.timestamp) in (int, float) else None,
        source=source if type(source) is int else None,
        reason=reason,
        raw=raw,
    )


def _as_far_as_readable(raw: bytes | msgspec.Raw, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except _FAILURES:
        return kind()
