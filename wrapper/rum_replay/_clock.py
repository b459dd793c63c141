"""What time it is, and waiting: the one place that asks the operating system, and the one thing to replace in tests."""

import sys
import time
from collections.abc import Callable, Container, Generator
from contextlib import contextmanager
from types import BuiltinFunctionType
from typing import Protocol

import anyio

from ._errors import ConfigurationError
from ._public import public

__all__ = ["Clock", "SystemClock", "checked_clock", "clock_for", "is_overridden", "override_clock", "wrap_clocks"]


class Clock(Protocol):
    """Time as a client sees it. Anything with these four methods will do, such as the emulator's `ManualClock`."""

    def time(self) -> float:
        """The Unix time in seconds: for timestamps that default to now, and for rate limits that reset at a date."""
        ...

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back: for deadlines and rate limits."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait, in `ReplayClient`."""
        ...

    async def async_sleep(self, seconds: float) -> None:
        """Wait, in `AsyncReplayClient`, under asyncio or trio."""
        ...


class SystemClock:
    """The time of this machine.

    Functions are looked up at each call, so that freezegun and time-machine are seen. `monotonic` goes on, though:
    waits take real time, and a deadline that never comes would let them go on forever.
    """

    def time(self) -> float:
        """The Unix time in seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back."""
        if sys.platform == "win32":
            return time.monotonic()
        # freezegun stops the other functions, and has the same effect on modules imported while time is frozen.
        return time.clock_gettime(time.CLOCK_MONOTONIC)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Wait, under asyncio or trio."""
        if isinstance(time.monotonic, BuiltinFunctionType):
            await anyio.sleep(seconds)
        else:  # freezegun has stopped the clock of the event loop as well
            await anyio.to_thread.run_sync(time.sleep, seconds, abandon_on_cancel=True)


public(Clock, SystemClock)

_SYSTEM = SystemClock()
_overrides: list[tuple[Container[str], Clock]] = []
_wrappers: list[Callable[[Clock], Clock]] = []


@contextmanager
def override_clock(hosts: Container[str], clock: Clock) -> Generator[None]:
    """Give a clock to all clients of these hosts that were given none, those that exist already included; for tests.

    Waits have no jitter then, so that tests can rely on how long they are.
    """
    override = (hosts, clock)
    _overrides.append(override)
    try:
        yield
    finally:
        _overrides.remove(override)


@contextmanager
def wrap_clocks(wrap: Callable[[Clock], Clock]) -> Generator[None]:
    """Put something between the clocks that `clock_for` gives and the clients that use them; for tests.

    Within another such context, only the inner one counts.
    """
    _wrappers.append(wrap)
    try:
        yield
    finally:
        _wrappers.remove(wrap)


def clock_for(host: str) -> Clock:
    """The clock of a client that was given none: this machine's, unless a test overrides it."""
    clock = next((clock for hosts, clock in reversed(_overrides) if host in hosts), _SYSTEM)
    return _wrappers[-1](clock) if _wrappers else clock


def is_overridden(host: str) -> bool:
    """Whether `clock_for` gives another clock than this machine's."""
    return any(host in hosts for hosts, _ in _overrides)


def checked_clock(clock: Clock | None) -> Clock | None:
    """The clock as it is; raises ConfigurationError for anything that lacks a method of `Clock`."""
    missing = [
        name for name in ("time", "monotonic", "sleep", "async_sleep") if not callable(getattr(clock, name, None))
    ]
    if clock is not None and missing:
        raise ConfigurationError(f"clock must be a Clock: {type(clock).__name__} has no method {missing[0]!r}")
    return clock
