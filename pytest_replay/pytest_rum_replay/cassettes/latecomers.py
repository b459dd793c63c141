"""Threads and tasks that outlive their test: what they send belongs to that test, and not to the one that runs then."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from attrs import frozen

from pytest_rum_replay.cassettes.errors import CassetteUsageError

__all__ = ["Running", "check_sender", "note_left_behind", "some_left_behind"]

_loops: WeakSet[asyncio.AbstractEventLoop] = WeakSet()
"""Those from which requests were sent; others cannot be found."""

_left_behind: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
"""Threads and tasks, with the test that they belong to."""

# Where workers of thread pools wait for work, perhaps of another test.
_POOLS = frozenset({"thread.py", "threading.py", "queue.py", "_asyncio.py", "_thread_cache.py"})
# The task in which anyio runs tests and fixtures, one after another.
_RUNNERS = frozenset({"TestRunner._run_tests_and_fixtures"})


@frozen
class Running:
    """The threads and tasks at a moment."""

    threads: frozenset[threading.Thread]
    tasks: frozenset[Any]

    @classmethod
    def now(cls) -> "Running":
        return cls(frozenset(threading.enumerate()), frozenset(_tasks()))


def note_left_behind(before: Running, test: str | None) -> None:
    """At the end of a test: what runs now and did not run before belongs to it."""
    now = Running.now()
    threads = now.threads - before.threads - {threading.current_thread()}
    for left in (*filter(_is_busy, threads), *(now.tasks - before.tasks)):
        _left_behind.setdefault(left, test or "another test")


def some_left_behind() -> bool:
    """Whether anything of an earlier test still runs."""
    return any(left.is_alive() if isinstance(left, threading.Thread) else not left.done() for left in _left_behind)


def check_sender(request: str) -> None:
    """Raise CassetteUsageError if a request comes from a thread or task of an earlier test."""
    task = _current_task()
    if task is not None:
        _loops.add(task.get_loop())
    for sender, what in ((task, "task"), (threading.current_thread(), "thread")):
        test = None if sender is None else _left_behind.get(sender)
        if test is not None:
            raise CassetteUsageError(
                f"{request} was not sent, and is in no cassette: it comes from a {what} that {test} left behind. "
                "Wait for its end in that test, or cancel it"
            )


def _current_task() -> "asyncio.Task[Any] | None":
    try:
        return asyncio.current_task()
    except RuntimeError:  # no event loop runs in this thread
        return None


def _tasks() -> Iterator[Any]:
    current = _current_task()
    for loop in list(_loops):
        if not loop.is_closed():
            for task in asyncio.all_tasks(loop):
                if task is not current and getattr(task.get_coro(), "__qualname__", "") not in _RUNNERS:
                    yield task


def _is_busy(thread: threading.Thread) -> bool:
    # The documented way to see a thread's stack, in spite of its name.
    frame = sys._current_frames().get(thread.ident or 0)  # pyright: ignore[reportPrivateUsage]
    while frame is not None:
        if PurePath(frame.f_code.co_filename).name not in _POOLS:
            return True
        frame = frame.f_back
    return False
