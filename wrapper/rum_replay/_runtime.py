"""What the generated synchronous code calls in the place of each asynchronous helper."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio.to_thread

from ._retry import RetryPolicy

__all__ = ["Action", "AsyncAction", "async_run_blocking", "async_sleep", "run_blocking", "sleep"]

T = TypeVar("T")

Action = Callable[[T], None]
AsyncAction = Callable[[T], Awaitable[None]]


def sleep(policy: RetryPolicy, seconds: float) -> None:
    policy.sleep(seconds)


def async_sleep(policy: RetryPolicy, seconds: float) -> Awaitable[None]:
    return policy.async_sleep(seconds)


def run_blocking(function: Callable[[], T]) -> T:
    return function()


def async_run_blocking(function: Callable[[], T]) -> Awaitable[T]:
    """Run file work in a thread, so that the event loop goes on meanwhile."""
    return anyio.to_thread.run_sync(function)
