"""Values that a process must not share with its children."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["PerProcess"]

T = TypeVar("T")

_forks = 0
"""How many forks lie between the first process and this one."""


def _forked() -> None:
    global _forks  # noqa: PLW0603
    _forks += 1


if hasattr(os, "register_at_fork"):  # everywhere but on Windows, which does not fork
    os.register_at_fork(after_in_child=_forked)


class PerProcess(Generic[T]):
    """A value of which each forked process makes its own, when it first asks for it.

    A parent's value is kept in its children, untouched: to collect it would close what it holds, and a lock in it may
    be held by a thread that the child does not have.
    """

    def __init__(self, value: T, renewed: Callable[[T], T]) -> None:
        self._values = {_forks: value}
        self._renewed = renewed

    def get(self) -> T:
        """This process's value."""
        try:
            return self._values[_forks]
        except KeyError:
            # Threads may do this at the same time; the first value counts.
            return self._values.setdefault(_forks, self._renewed(self._values[max(self._values)]))
