"""Where the emulator takes the time from, and the form in which the API writes it."""

import sys
import time
from datetime import UTC, datetime
from typing import Protocol

import anyio

__all__ = ["Clock", "ManualClock", "SystemClock", "instant", "is_leap_second", "rfc3339"]


class Clock(Protocol):
    """What time it is, and waiting. A client takes the same object as its `clock`, so that both agree."""

    def time(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    async def async_sleep(self, seconds: float) -> None:
        """Wait, under asyncio or trio."""
        ...


class SystemClock:
    """The time of this machine.

    Functions are looked up at each call, so that freezegun and time-machine are seen. `monotonic` goes on, though, for
    rate limits, since waits take real time.
    """

    def time(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        if sys.platform == "win32":
            return time.monotonic()
        return time.clock_gettime(time.CLOCK_MONOTONIC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Wait, under asyncio or trio."""
        await anyio.sleep(seconds)


class ManualClock:
    """A clock that moves only when a test moves it, or when somebody waits on it; waits take no time.

    `start` is in seconds since 1970-01-01 UTC.
    """

    def __init__(self, start: float = 1_782_907_200.0) -> None:
        self._now = start

    def time(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return self._now

    def monotonic(self) -> float:
        """The same: this clock never goes back."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move the clock forward instead of waiting."""
        self.advance(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Move the clock forward instead of waiting; other tasks get their turn, as in a wait that takes time."""
        self.advance(seconds)
        await anyio.sleep(0)

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
