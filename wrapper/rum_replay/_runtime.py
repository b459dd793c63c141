"""What the generated synchronous code calls in the place of each asynchronous helper."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from threading import Event, Lock
from typing import TypeVar

import anyio
import anyio.to_thread

__all__ = [
    "AsyncConsumer",
    "AsyncEvent",
    "AsyncLock",
    "Consumer",
    "Event",
    "Lock",
    "async_run_blocking",
    "async_wait",
    "run_blocking",
    "wait",
]

T = TypeVar("T")
R = TypeVar("R")

Consumer = Callable[[T], R]
AsyncConsumer = Callable[[T], Awaitable[R]]
AsyncEvent = anyio.Event
AsyncLock = anyio.Lock


def run_blocking(function: Callable[[], T]) -> T:
    return function()


def async_run_blocking(function: Callable[[], T]) -> Awaitable[T]:
    """Run file work in a thread, so that the event loop goes on meanwhile."""
    return anyio.to_thread.run_sync(function)


def wait(event: Event, seconds: float | None = None) -> None:
    """Return when the event is set, or after so many seconds."""
    event.wait(seconds)


async def async_wait(event: AsyncEvent, seconds: float | None = None) -> None:
    """Return when the event is set, or after so many seconds."""
    with anyio.move_on_after(seconds):
        await event.wait()
