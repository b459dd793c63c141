"""A segment: some seconds of one view, with its metadata and its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import attrs
import msgspec

from .records import Record, decode_record

__all__ = ["Segment", "SegmentMetadata", "decode_metadata"]


@attrs.frozen(kw_only=True)
class SegmentMetadata:
    """What the SDK states about a segment; None where it does not, or states something of another type."""

    application_id: str | None = None
    session_id: str | None = None
    view_id: str | None = None
    start: int | float | None = None
    """Timestamp of the first record, in milliseconds of Unix time."""

    end: int | float | None = None
    """Timestamp of the last record, in milliseconds of Unix time."""

    records_count: int | None = None
    index_in_view: int | None = None
    """Counted from 0."""

    has_full_snapshot: bool | None = None
    creation_reason: str | None = None
    """`init`, `segment_duration_limit`, `segment_bytes_limit`, `view_change`, `before_unload`, `visibility_hidden` or
    `page_frozen`; browsers only."""

    source: str | None = None
    """`browser`, `android`, `ios`, `flutter`, `react-native` or what else there may be."""

    raw_segment_size: int | None = None
    """Bytes before compression, where the part `event` of the upload was found too."""

    compressed_segment_size: int | None = None
    """Bytes as uploaded, where the part `event` of the upload was found too."""

    extra: dict[str, Any] = attrs.field(factory=dict[str, Any], hash=False)
    """All other members, as they were."""


_members = msgspec.json.Decoder(dict[str, Any])
_NESTED = {"application": "application_id", "session": "session_id", "view": "view_id"}
_TYPES: dict[str, tuple[type, ...]] = {
    "start": (int, float),
    "end": (int, float),
    "records_count": (int,),
    "index_in_view": (int,),
    "has_full_snapshot": (bool,),
    "creation_reason": (str,),
    "source": (str,),
    "raw_segment_size": (int,),
    "compressed_segment_size": (int,),
}


def decode_metadata(raw: bytes) -> SegmentMetadata | None:
    """Metadata from the members of a segment's object; None where they are not valid JSON."""
    try:
        members = _members.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    fields: dict[str, Any] = {}
    for name, types in _TYPES.items():
        # By the very type: a bool is an int in Python, but none in JSON.
        if type(members.get(name)) in types:
            fields[name] = members.pop(name)
    for name, field in _NESTED.items():
        inner = members.get(name)
        if isinstance(inner, dict) and isinstance(identifier := cast("dict[str, Any]", inner).get("id"), str):
            fields[field] = identifier
            if len(cast("dict[str, Any]", inner)) == 1:
                del members[name]
    return SegmentMetadata(**fields, extra=members)


@attrs.frozen(kw_only=True, eq=False)
class Segment:
    """Some seconds of one view."""

    metadata: SegmentMetadata
    count: int
    """Records that were found, which need not be the `records_count` that the metadata states."""

    size: int
    """Bytes of the segment as JSON."""

    whole: bool
    """False where its end was not found: there may have been more records, and its metadata is missing."""

    file: str
    """The name of the file it was found in, or `bytes`, `page` or `stream`."""

    offset: int
    """Bytes from the start of the file: where what it was found in begins."""

    digest: bytes = attrs.field(repr=False)
    """Of all records; the same segment, downloaded twice, has the same one."""

    _held: tuple[bytes, ...] | None = attrs.field(alias="held", repr=False)
    _read_again: Callable[[], Iterator[bytes]] = attrs.field(alias="read_again", repr=False)

    @property
    def is_held(self) -> bool:
        """Whether its records are in memory, and not read again from their source."""
        return self._held is not None

    def let_go(self) -> Segment:
        """The same segment without its records in memory."""
        return attrs.evolve(self, held=None)

    def raw_records(self) -> Iterator[bytes]:
        """The records in order, each as JSON; raises SegmentError where the source cannot be read again."""
        return self._read_again() if self._held is None else iter(self._held)

    def records(self) -> Iterator[Record]:
        """The records in order, decoded one at a time; raises SegmentError where the source cannot be read again."""
        return map(decode_record, self.raw_records())
