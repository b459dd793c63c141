"""Processes of our own, as the command uses them: started when there is more than one thing to do, ended with it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.context import BaseContext
from typing import Any, NoReturn, ParamSpec, TypeVar

from ..._files import remove_unfinished
from .._recording import OPENER, open_recording

__all__ = ["OwnProcesses", "core_count"]

P = ParamSpec("P")
R = TypeVar("R")

_MOST_ON_WINDOWS = 61
_LITTLE = 256 << 10
"""Bytes of segments, compressed; about a second of work."""

_PATIENCE = 5.0
"""Seconds in which a process that has to end must have removed its unfinished file."""


def core_count() -> int:
    """Number of cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class OwnProcesses(Executor):
    """So many processes, started when there is enough to do for several.

    They end when this process does, however it ends, and leave no unfinished files if they are interrupted.
    """

    def __init__(self, count: int) -> None:
        self._max_workers = min(count, _MOST_ON_WINDOWS) if sys.platform == "win32" else count
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Let a process do something; raises BrokenProcessPool if one has died."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._max_workers, mp_context=_context(), initializer=_prepare)
        return self._pool.submit(fn, *args, **kwargs)

    def is_worth_it(self, sizes: Iterable[int]) -> bool:
        """Whether tasks of so many bytes take longer than starting processes."""
        several = list(sizes)
        return self._pool is not None or (len(several) > 1 and sum(several) > _LITTLE)

    def renew(self) -> None:
        """Start new processes, after one has died."""
        self.shutdown(wait=False)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes when they have done what was submitted."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait, cancel_futures=cancel_futures)

    def stop(self) -> None:
        """End the processes at once, without unfinished files."""
        processes: dict[int, Any] = getattr(self._pool, "_processes", None) or {}
        running = list(processes.values())
        for process in running:
            process.terminate()
        for process in running:
            process.join(_PATIENCE)
            process.kill()
        self.shutdown()


def _context() -> BaseContext:
    """How to start processes: by a fork where nothing can go wrong with one, since that imports nothing again."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return get_context("fork")
    if sys.platform == "win32":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(
        [name for name in sys.modules if name.startswith(("rum_replay.segments", "pyarrow."))]
    )
    return context


def _prepare() -> None:
    """Prepare a new process: interrupts end it quietly, and so does the end of its parent."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    OPENER.set(open_recording)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end(*_: object) -> NoReturn:
    # At once: an exception could be raised where it is lost, or while a file is being removed.
    remove_unfinished()
    os._exit(1)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
