"""Where the emulator takes the time from."""

from collections.abc import Callable
from datetime import UTC, datetime

__all__ = ["Clock", "ManualClock", "instant", "is_leap_second", "rfc3339"]

Clock = Callable[[], float]
"""Gives the time in seconds since 1970-01-01 UTC, as `time.time` does."""


class ManualClock:
    """A clock that stands still until a test moves it.

    `start` is in seconds since 1970-01-01 UTC. Call the clock to read it.
    """

    def __init__(self, start: float = 1_782_907_200.0) -> None:
        self._now = start

    def __call__(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock forward.

        Raises ValueError for a negative number: this clock never goes back.
        """
        if seconds < 0:
            raise ValueError(f"a clock cannot go back: {seconds}")
        self._now += seconds


def rfc3339(seconds: float) -> str:
    """The point in time as the API writes it: UTC with milliseconds, such as `2026-07-01T12:00:00.000Z`."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_leap_second(timestamp: str) -> bool:
    """Whether an RFC 3339 text names the second 60, which Python's calendar lacks."""
    return timestamp[17:19] == "60"


def instant(timestamp: str) -> float:
    """Milliseconds since 1970-01-01 UTC of an RFC 3339 text.

    A leap second counts as the second after it. Raises ValueError for a year that Python's calendar lacks.
    """
    text = timestamp.upper()
    leap = is_leap_second(text)
    if leap:
        text = f"{text[:17]}59{text[19:]}"
    return (datetime.fromisoformat(text) - datetime.fromtimestamp(0, UTC)).total_seconds() * 1000 + 1000 * leap
