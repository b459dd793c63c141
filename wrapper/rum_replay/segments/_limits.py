"""How much reading may cost."""

from __future__ import annotations

import attrs

__all__ = ["Limits"]

_MIB = 1 << 20


@attrs.frozen(kw_only=True)
class Limits:
    """Bounds of memory and time; the defaults fit recordings of several gigabytes and keep memory below 200 MiB.

    Beyond `max_record` a record is skipped and reported. Beyond any other, `SegmentLimitError` is raised: a recording
    does not come near them, so what does is an attack or an accident.
    """

    max_depth: int = 8
    """Envelopes within envelopes, such as zlib in base64 in JSON in gzip."""

    max_nesting: int = 10_000
    """Brackets within brackets in JSON. A record nests two for each level of the DOM; browsers parse 512 levels."""

    max_ratio: int = 500
    """Bytes that one byte of a compressed stream may become, looked at once 16 MiB have come out of it.

    Segments of the recorded pages stay below 10; deflate reaches 1,032 at most.
    """

    max_unpacked: int = 64 << 30
    """Bytes that all unpacking of one source may give, each layer counted."""

    max_record: int = 16 * _MIB
    """Bytes of one record as JSON. Larger ones are skipped and reported."""

    max_records: int = 20_000_000
    """Records in one source."""

    max_segments: int = 200_000
    """Segments in one recording; each costs about 2 KB while it is open."""

    max_held: int = 8 * _MIB
    """Bytes of records held in memory, in a segment and in a recording; what is larger is read again when asked for."""

    max_unreadable: int = 1_000
    """Unreadable parts kept for the report; more of them are counted."""

    max_unreadable_bytes: int = 4 * _MIB
    """Bytes of unreadable parts kept for the report, all together."""
