"""What the server says about its rate limits. Pure, and never raises.

Header names and oddities (duplicates such as `7, 7`, fractions, a Unix time instead of seconds) are those seen on
Datadog's API at large; the limits of the RUM Replay API itself are unpublished.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

import attrs

__all__ = ["RateLimit", "parse_rate_limit"]

# A reset that is a Unix time is far above any number of seconds that one would wait (this one is 30 years).
_UNIX_TIME_FROM = 946_684_800.0


@attrs.frozen
class RateLimit:
    """The rate-limit headers of one answer; None for a header that is absent or unreadable."""

    limit: float | None = None
    """Requests allowed in one window."""

    remaining: float | None = None
    """Requests left in this window."""

    reset: float | None = None
    """Seconds until the next window."""

    retry_after: float | None = None
    """Seconds that the server asks to wait, from Retry-After."""

    name: str | None = None
    """Which limit it is; several operations may share one."""

    @property
    def wait(self) -> float | None:
        """Seconds to wait before the next request; None if the server does not say."""
        return self.retry_after if self.retry_after is not None else self.reset


_NO_RATE_LIMIT = RateLimit()


def parse_rate_limit(headers: Mapping[str, str], now: float) -> RateLimit:
    """Read the headers (lower-case names); `now` is the Unix time in seconds, for resets given as a date.

    Of a duplicated header the stricter value counts.
    """
    if not any(name.startswith("x-ratelimit-") or name == "retry-after" for name in headers):
        return _NO_RATE_LIMIT
    reset = _number(headers.get("x-ratelimit-reset"), max)
    return RateLimit(
        limit=_number(headers.get("x-ratelimit-limit"), min),
        remaining=_number(headers.get("x-ratelimit-remaining"), min),
        reset=None if reset is None else _seconds_from(reset, now),
        retry_after=_retry_after(headers.get("retry-after"), now),
        name=headers.get("x-ratelimit-name"),
    )


def _number(value: str | None, stricter: Callable[[list[float]], float]) -> float | None:
    numbers: list[float] = []
    for part in (value or "").split(","):
        try:
            number = float(part)
        except ValueError:
            continue
        if not math.isnan(number):
            # More digits than a float holds are a very long time, not an unreadable one.
            numbers.append(min(max(0.0, number), sys.float_info.max))
    return stricter(numbers) if numbers else None


def _seconds_from(reset: float, now: float) -> float:
    return max(0.0, reset - now) if reset >= _UNIX_TIME_FROM else reset


def _retry_after(value: str | None, now: float) -> float | None:
    seconds = _number(value, max)
    if seconds is not None or value is None:
        return seconds
    try:
        moment = parsedate_to_datetime(value)
        # HTTP dates are in GMT; where that is left out, the local time zone must not be taken for it.
        return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None  # what cannot be read is ignored: the backoff decides
