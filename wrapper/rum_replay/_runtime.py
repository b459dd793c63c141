"""What the generated synchronous code calls in the place of each asynchronous helper."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
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
    "abandon",
    "async_abandon",
    "async_run_blocking",
    "async_wait",
    "run_blocking",
    "wait",
]

T = TypeVar("T")
R = TypeVar("R")

Consumer = Callable[[T], R]
_MOST_BUFFERED = 100
"""Chunks that may still come out of buffers once a stream is closed."""

AsyncConsumer = Callable[[T], Awaitable[R]]
AsyncEvent = anyio.Event
AsyncLock = anyio.Lock


def abandon(chunks: Iterator[bytes]) -> None:
    """Nothing: only asynchronous generators have to be ended."""


async def async_abandon(chunks: AsyncIterator[bytes]) -> None:
    """Let the generators behind a stream that was closed fail and end; trio warns of those that are left half used."""
    with suppress(Exception):
        for _ in range(_MOST_BUFFERED):
            await anext(chunks)


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
