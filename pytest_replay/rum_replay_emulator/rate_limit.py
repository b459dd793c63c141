"""Rate limiting with the five headers that Datadog documents."""

from math import ceil

from attrs import field, frozen, validators

__all__ = ["RateLimit", "RateLimiter"]


@frozen
class RateLimit:
    """`limit` requests in each `period` of seconds.

    A period begins with the first request after the previous period has ended. Every request counts, including those
    that are answered with an error. Raises ValueError for a limit below 0 or a period that is not above 0.
    """

    limit: int = field(validator=validators.ge(0))
    period: float = field(validator=validators.gt(0))
    name: str = "rum_replay"


class RateLimiter:
    """Counts requests against one limit."""

    def __init__(self, rate_limit: RateLimit) -> None:
        self.rate_limit = rate_limit
        self._start: float | None = None
        self._count = 0

    def count(self, now: float) -> tuple[bool, tuple[tuple[str, str], ...]]:
        """Count a request at `now`, in seconds on a clock that never goes back.

        Returns whether it is allowed, and the headers for its answer.
        """
        limit, period = self.rate_limit.limit, self.rate_limit.period
        if self._start is None or now - self._start >= period:
            self._start, self._count = now, 0
        self._count += 1
        return self._count <= limit, (
            ("X-RateLimit-Limit", str(limit)),
            ("X-RateLimit-Period", f"{period:g}"),
            ("X-RateLimit-Remaining", str(max(0, limit - self._count))),
            ("X-RateLimit-Reset", str(ceil(self._start + period - now))),
            ("X-RateLimit-Name", self.rate_limit.name),
        )
