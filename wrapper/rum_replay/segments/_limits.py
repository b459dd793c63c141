"""How much memory and time reading may take."""

from typing import Any

import attrs

from .._arguments import check_instance
from .._errors import InvalidRequestError

__all__ = ["Limits", "limits_or_default"]

_MIB = 1 << 20


def _check(_: Any, attribute: "attrs.Attribute[int]", value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidRequestError(f"Limits.{attribute.name} must be an integer of at least 0, not {value!r:.80}")


def _limit(default: int) -> int:
    field: int = attrs.field(default=default, validator=_check)
    return field


@attrs.frozen(kw_only=True)
class Limits:
    """Bounds on memory and time; the defaults fit recordings of several gigabytes and keep memory below 200 MiB.

    A record larger than `max_record`, or an image larger than `max_resource`, is skipped and reported, and what exceeds
    `max_held`, `max_unreadable` or `max_unreadable_bytes` is not kept in memory. Beyond any other limit,
    `SegmentLimitError` is raised: real recordings do not come close, so the source is an attack or an accident.

    Raises InvalidRequestError if a limit is not an integer of at least 0.
    """

    max_depth: int = _limit(8)
    """Envelopes within envelopes, such as zlib in base64 in JSON in gzip: four."""

    max_nesting: int = _limit(10_000)
    """Brackets within brackets in JSON. A record nests two for each level of the DOM; browsers parse 512 levels."""

    max_ratio: int = _limit(500)
    """Bytes that one byte of a compressed stream may become, checked once more than 16 MiB have been unpacked.

    Segments of recorded pages stay below 10; deflate reaches 1,032 at most.
    """

    max_unpacked: int = _limit(64 << 30)
    """Bytes that may be unpacked from one source, those of all layers added up."""

    max_record: int = _limit(16 * _MIB)
    """Bytes of one record as JSON. Larger ones are skipped and reported."""

    max_resource: int = _limit(8 * _MIB)
    """Bytes of one image that was uploaded beside the segments. Larger ones are skipped and reported."""

    max_resources: int = _limit(200_000)
    """Such images in one recording; each takes about 1 KB while the recording is in use."""

    max_records: int = _limit(20_000_000)
    """Records in one source."""

    max_segments: int = _limit(200_000)
    """Segments in one recording; each takes about 2 KB while the recording is in use."""

    max_held: int = _limit(8 * _MIB)
    """Bytes of records held in memory, for each segment and for a recording; others are read again when needed."""

    max_unreadable: int = _limit(1_000)
    """Unreadable parts kept for the report; further ones are only counted."""

    max_unreadable_bytes: int = _limit(4 * _MIB)
    """Bytes kept for the report from all unreadable parts together."""


def limits_or_default(limits: Limits | None) -> Limits:
    """The limits to use for an argument; raises InvalidRequestError if it is something else."""
    return Limits() if limits is None else check_instance("limits", limits, Limits, "a Limits")
