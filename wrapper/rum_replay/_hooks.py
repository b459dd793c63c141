"""Functions of the caller's that are called on the way. Both clients call them alike, so they are plain functions."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TypeVar

from ._errors import ConfigurationError

__all__ = ["checked_hook"]

Hook = TypeVar("Hook", bound="Callable[..., object] | None")


def checked_hook(name: str, hook: Hook) -> Hook:
    """The hook as it is; raises ConfigurationError for one that nobody would await, or that cannot be called."""
    if hook is None:
        return hook
    if not callable(hook):
        raise ConfigurationError(f"{name} must be a function, not {type(hook).__name__}")
    if inspect.iscoroutinefunction(hook) or inspect.iscoroutinefunction(getattr(hook, "__call__", None)):  # noqa: B004
        raise ConfigurationError(f"{name} must be a plain function: nothing awaits an `async def`")
    return hook
