"""What the generated synchronous code calls in the place of each asynchronous helper."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio.to_thread

__all__ = ["AsyncConsumer", "Consumer", "async_run_blocking", "run_blocking"]

T = TypeVar("T")
R = TypeVar("R")

Consumer = Callable[[T], R]
AsyncConsumer = Callable[[T], Awaitable[R]]


def run_blocking(function: Callable[[], T]) -> T:
    return function()


def async_run_blocking(function: Callable[[], T]) -> Awaitable[T]:
    """Run file work in a thread, so that the event loop goes on meanwhile."""
    return anyio.to_thread.run_sync(function)
