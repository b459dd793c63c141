"""Points in time as text: RFC 3339, written in UTC. Pure."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Literal

__all__ = ["EPOCH", "parse_rfc3339", "rfc3339"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The start of Unix time."""


def rfc3339(time: datetime | float, precision: Literal["seconds", "milliseconds"] = "milliseconds") -> str:
    """The time in UTC, such as `2026-07-01T12:00:00.250Z`; what is finer than `precision` is cut off.

    `time` is an aware datetime or milliseconds of Unix time, of the years 1 to 9999.
    """
    if not isinstance(time, datetime):
        time = EPOCH + timedelta(milliseconds=time)
    # The first and last hours of the calendar may have no date in UTC; they keep their own offset.
    in_utc = time.astimezone(UTC) if 1 < time.year < MAXYEAR else time
    return in_utc.isoformat(timespec=precision).replace("+00:00", "Z")


def parse_rfc3339(text: str) -> datetime:
    """The aware datetime that a text states; other forms of ISO 8601 are read too, if they have an offset.

    Raises ValueError, with the text and the reason, for anything else.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        pass  # answered below, so that no foreign exception is chained
    else:
        if time.utcoffset() is not None:
            return time
        raise ValueError(f"{text!r} has no offset from UTC")
    raise ValueError(f"{text!r} is not a time")
