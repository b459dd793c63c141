"""Tasks run by an executor: few at a time, each result as soon as it is there, and workers that die replaced."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from pickle import PicklingError
from typing import Any, Generic, NoReturn, TypeVar

import attrs

from ..._errors import ConfigurationError, InvalidRequestError, ReplayError, SegmentError
from .processes import OwnProcesses

__all__ = ["ATTEMPTS", "run"]

T = TypeVar("T")
R = TypeVar("R")

ATTEMPTS = 3
"""How often a task is tried whose worker dies."""

_MOST_BREAKS = 5
"""How often workers may die before any of them has finished a task."""

_PAUSE = 0.1
"""Seconds after which a process is started that could not be started; one that died is still there for a moment."""

_MOST_IN_FLIGHT = 256
"""Batches; two for each of a hundred workers, and some."""

_BATCHES = 64
_MOST_IN_BATCH, _MOST_BYTES_IN_BATCH = 32, 4 << 20


@attrs.define(eq=False)
class _Batch(Generic[T]):
    """Tasks that one worker gets at once: handing over many small ones would take longer than doing them."""

    tasks: list[tuple[int, T]]
    tries: int = 0
    """How often its worker died; or, when several were at work, one of them."""


def run(
    function: Callable[[T], R],
    tasks: Sequence[T],
    executor: Executor | None,
    *,
    size: Callable[[T], int] = lambda _: 0,
) -> Iterator[tuple[int, R | ReplayError]]:
    """The results of all tasks, each with the task's number, in any order; the error, if it raised one of ours.

    Without an executor, everything is done here. `size` is in bytes. A worker that dies is replaced: what the others
    were doing is done again, and a task whose workers died three times has a SegmentError as its result.

    Raises InvalidRequestError if the executor takes no tasks, and ConfigurationError if its workers cannot do any.
    """
    if executor is None or (isinstance(executor, OwnProcesses) and not executor.is_worth_it(map(size, tasks))):
        for number, task in enumerate(tasks):
            yield number, _result(function, task)
        return
    runner = _Runner[T, R](function, executor)
    try:
        yield from runner.results(_batches(tasks, size))
    finally:
        runner.close()


def _batches(tasks: Sequence[T], size: Callable[[T], int]) -> Iterator[_Batch[T]]:
    most = min(_MOST_IN_BATCH, max(1, len(tasks) // _BATCHES))
    batch: list[tuple[int, T]] = []
    left = _MOST_BYTES_IN_BATCH
    for number, task in enumerate(tasks):
        batch.append((number, task))
        left -= size(task)
        if len(batch) >= most or left <= 0:
            yield _Batch(batch)
            batch, left = [], _MOST_BYTES_IN_BATCH
    if batch:
        yield _Batch(batch)


def _result(function: Callable[[T], R], task: T) -> R | ReplayError:
    try:
        return function(task)
    except ReplayError as error:
        return error


def work_on_batch(function: Callable[[T], R], tasks: Iterable[T], _: str) -> list[R | ReplayError]:
    """What a worker does. The last argument makes each attempt another one for executors that keep results."""
    return [_result(function, task) for task in tasks]


class _Runner(Generic[T, R]):
    """Keeps an executor busy, and makes another one when it breaks."""

    def __init__(self, function: Callable[[T], R], executor: Executor) -> None:
        self._function = function
        self._executor = executor
        self._given = executor
        self._in_flight: dict[Future[list[R | ReplayError]], _Batch[T]] = {}
        self._suspects: deque[_Batch[T]] = deque()
        """What a worker may have died of: tried one after another, so that it is known which."""
        self._again: deque[_Batch[T]] = deque()
        self._breaks = 0
        self._has_worked = False

    def results(self, batches: Iterable[_Batch[T]]) -> Iterator[tuple[int, R | ReplayError]]:
        coming = iter(batches)
        while self._fill(coming):
            if not self._in_flight:
                continue
            done, _ = wait(self._in_flight, return_when=FIRST_COMPLETED)
            if any(isinstance(_error_of(future), BrokenExecutor) for future in done):
                done, _ = wait(self._in_flight)  # at once: all have the same error, or are done
                self._replace()
            for future in done:
                batch = self._in_flight.pop(future)
                error = _error_of(future)
                if error is None:
                    self._has_worked = True
                    yield from zip((number for number, _ in batch.tasks), future.result(), strict=True)
                elif isinstance(error, BrokenExecutor):
                    self._suspects += _singles(batch)
                elif type(error).__name__ == "KilledWorker":  # of Dask, which tries a task on several workers
                    self._again += _singles(batch)
                else:
                    _raise(error)
            yield from self._given_up(self._again)
            yield from self._given_up(self._suspects)

    def _fill(self, coming: Iterator[_Batch[T]]) -> bool:
        """Submit as much as may be in flight; False if nothing is left to do."""
        if self._suspects:
            if not self._in_flight:
                self._submit(self._suspects.popleft())
            return True
        while len(self._in_flight) < self._most_in_flight():
            batch = self._again.popleft() if self._again else next(coming, None)
            if batch is None:
                break
            if not self._submit(batch):
                return True
        return bool(self._in_flight)

    def _given_up(self, batches: deque[_Batch[T]]) -> Iterator[tuple[int, SegmentError]]:
        for batch in [one for one in batches if len(one.tasks) == 1 and one.tries >= ATTEMPTS]:
            batches.remove(batch)
            reason = f"the process that worked on it died, {ATTEMPTS} times; it may need more memory than there is"
            yield batch.tasks[0][0], SegmentError(reason)

    def _most_in_flight(self) -> int:
        # Two for each worker: what is in flight when a worker dies is done again, one after another.
        workers: Any = getattr(self._executor, "_max_workers", None)
        return 2 * workers if isinstance(workers, int) else _MOST_IN_FLIGHT

    def _submit(self, batch: _Batch[T]) -> bool:
        """Whether it was accepted; if not, the executor is broken and is replaced, and it is tried again."""
        tasks = [task for _, task in batch.tasks]
        try:
            future = self._executor.submit(work_on_batch, self._function, tasks, uuid.uuid4().hex)
        except (BrokenExecutor, EOFError, OSError):  # the latter two if a process cannot be started
            self._suspects += _singles(batch)
            if not self._in_flight:
                time.sleep(_PAUSE)
                self._replace()
            return False
        except RuntimeError as error:
            raise InvalidRequestError(f"the executor takes no tasks: {error}") from error
        self._in_flight[future] = batch
        return True

    def _replace(self) -> None:
        broken = self._executor
        self._breaks += 1
        is_renewable = hasattr(broken, "_max_workers") and not isinstance(broken, ThreadPoolExecutor)
        if not is_renewable or (self._breaks > _MOST_BREAKS and not self._has_worked):
            raise ConfigurationError(
                "the workers of the executor die before they have done anything: a program that starts processes needs "
                "`if __name__ == '__main__':` around what it does, an initializer must not fail, and each worker needs "
                "some 100 MB of memory"
            )
        if isinstance(broken, OwnProcesses):
            broken.renew()
            return
        if broken is not self._given:
            broken.shutdown(wait=False)
        # The standard library has no way to ask for these.
        known = {name: getattr(broken, f"_{name}", None) for name in ("max_workers", "mp_context", "initializer")}
        self._executor = ProcessPoolExecutor(**known, initargs=getattr(broken, "_initargs", ()))

    def close(self) -> None:
        """Take back what has not begun; what runs is left to end."""
        # Those are stopped by their owner, upon which CPython would fail at what is canceled already.
        if not isinstance(self._executor, OwnProcesses):
            for future in self._in_flight:
                future.cancel()
        if self._executor is not self._given:
            self._executor.shutdown(wait=False, cancel_futures=True)


def _singles(batch: _Batch[T]) -> list[_Batch[T]]:
    """Its tasks one by one, so that it shows which of them a worker dies of."""
    return [_Batch([task], batch.tries + 1) for task in batch.tasks]


def _error_of(future: Future[Any]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _raise(error: BaseException) -> NoReturn:
    """Raise what is not about a task: one of our errors, where it is known what to do."""
    if isinstance(error, ReplayError):
        raise error
    if isinstance(error, CancelledError):
        reason = "the executor was shut down, or lost its workers, before the work was done"
    elif isinstance(error, ImportError | AttributeError | PicklingError) or (
        isinstance(error, RuntimeError) and "eserializ" in str(error)
    ):
        reason = f"the workers lack rum-replay, or have another version of it: {error}"
    elif isinstance(error, OSError) or type(error).__module__.partition(".")[0] == "distributed":
        reason = f"the workers cannot be reached: {error}"
    else:
        raise error
    raise ConfigurationError(reason) from error
