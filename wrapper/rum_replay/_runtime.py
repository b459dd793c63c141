"""What the generated synchronous code calls in the place of each asynchronous helper."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Lock
from typing import Any, TypeVar

import anyio
import anyio.to_thread

__all__ = [
    "AsyncConsumer",
    "AsyncEvent",
    "AsyncLock",
    "AsyncWork",
    "Consumer",
    "Event",
    "Lock",
    "Work",
    "abandon",
    "async_abandon",
    "async_run_blocking",
    "async_together",
    "async_wait",
    "run_blocking",
    "together",
    "wait",
]

T = TypeVar("T")
R = TypeVar("R")

Consumer = Callable[[T], R]
_MOST_BUFFERED = 100
"""Chunks that may still come out of buffers once a stream is closed."""

AsyncConsumer = Callable[[T], Awaitable[R]]
Work = Callable[[], T]
AsyncWork = Callable[[], Awaitable[T]]
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


def together(work: Callable[[], None], count: int, stop: Callable[[], object]) -> None:
    """Do the same work in several threads, and return when all have ended.

    If this one is interrupted meanwhile, or the work fails, `stop` is called, which must let all of them end.
    """
    with ThreadPoolExecutor(count, "rum-replay-archive") as threads:
        under_way = [threads.submit(work) for _ in range(count)]
        try:
            for one in under_way:
                one.result()
        except BaseException:
            stop()
            raise


async def async_together(work: Callable[[], Coroutine[Any, Any, None]], count: int, _: Callable[[], object]) -> None:
    """Do the same work in several tasks, and return when all have ended; the work must not fail."""
    async with anyio.create_task_group() as group:
        for _number in range(count):
            group.start_soon(work)


def wait(event: Event, seconds: float | None = None) -> None:
    """Return when the event is set, or after so many seconds."""
    event.wait(seconds)


async def async_wait(event: AsyncEvent, seconds: float | None = None) -> None:
    """Return when the event is set, or after so many seconds."""
    with anyio.move_on_after(seconds):
        await event.wait()
