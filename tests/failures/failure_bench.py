"""Runs one operation against an emulator, with a time of its own, and looks at what comes out."""

from __future__ import annotations

import asyncio
import pickle
import re
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import Context
from functools import cache
from pathlib import Path
from typing import Any, TypeVarTuple

import anyio
import httpx
import pytest
from attrs import define, field, frozen
from failure_faults import API_KEY, APP_KEY, START, UNDISTURBED, Expected
from failure_operations import STRICT, Operation, answer_to, seeded, state_of
from rum_replay import (
    AsyncReplayClient,
    ReplayClient,
    ReplayError,
    RetryEvent,
    RetryPolicy,
    SegmentDownload,
    SegmentPage,
)
from rum_replay_emulator import Clock, Emulator, ManualClock
from trio.testing import MockClock

__all__ = ["FACES", "Bench", "FakeTime", "Outcome", "Ran", "check", "check_error", "drained", "drained_async", "fine"]

Ts = TypeVarTuple("Ts")


class FakeTime:
    """A clock that moves only when somebody sleeps, which is recorded."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return 500.0 + sum(self.slept)

    def time(self) -> float:
        return START + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def async_sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@frozen
class Outcome:
    """What a call came to."""

    value: Any = None
    """What it gave; with an error, the items that had been given before."""

    error: ReplayError | None = None


def new_emulator(clock: Clock | None = None) -> Emulator:
    return seeded(Emulator(clock=clock or ManualClock(START), assumptions=STRICT))


@define
class Bench:
    """An emulator, a time, and clients for them.

    The emulator's own time stands still, so that what it holds at the end can be compared.
    """

    emulator: Emulator = field(factory=new_emulator)
    time: FakeTime = field(factory=FakeTime)
    retries: list[RetryEvent] = field(factory=list[RetryEvent])

    def options(self) -> dict[str, Any]:
        """Arguments for either client."""
        return {
            "api_key": API_KEY,
            "app_key": APP_KEY,
            "site": "us1",
            "retry": RetryPolicy(jitter=0),
            "clock": self.time,
            "on_retry": self.retries.append,
        }


def directory_for(operation: Operation) -> AbstractContextManager[str]:
    """An empty one, for those that write."""
    return tempfile.TemporaryDirectory() if operation.name == "download_segments" else nullcontext("never used")


def run_sync(bench: Bench, operation: Operation) -> Outcome:
    given: list[Any] = []
    with (
        directory_for(operation) as directory,
        httpx.Client(transport=bench.emulator.transport(), trust_env=False) as http_client,
        no_real_sleep(),
    ):
        client = ReplayClient(**bench.options(), http_client=http_client)
        try:
            return Outcome(drained(operation.call(client, Path(directory)), given))
        except ReplayError as error:
            return Outcome(given, error)


async def _run(bench: Bench, operation: Operation) -> Outcome:
    given: list[Any] = []
    with directory_for(operation) as directory:
        async with httpx.AsyncClient(transport=bench.emulator.transport(), trust_env=False) as http_client:
            client = AsyncReplayClient(**bench.options(), http_client=http_client)
            try:
                return Outcome(await drained_async(operation.call(client, Path(directory)), given))
            except ReplayError as error:
                return Outcome(given, error)


def run_asyncio(bench: Bench, operation: Operation) -> Outcome:
    return anyio.run(_run, bench, operation, backend_options={"loop_factory": LoopWithoutTimers})


def run_trio(bench: Bench, operation: Operation) -> Outcome:
    clock = MockClock(autojump_threshold=0)
    ended_at = START

    async def run() -> Outcome:
        nonlocal ended_at
        outcome = await _run(bench, operation)
        ended_at = clock.current_time()
        return outcome

    outcome = anyio.run(run, backend="trio", backend_options={"clock": clock})
    assert ended_at == 0, "something slept by trio's clock"
    return outcome


FACES: dict[str, Callable[[Bench, Operation], Outcome]] = {"sync": run_sync, "async": run_asyncio, "trio": run_trio}


class LoopWithoutTimers(asyncio.SelectorEventLoop):
    """An event loop in which nothing can wait for the real time."""

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        raise AssertionError(f"a timer was set: {callback}")


_guard = threading.local()


def _forbid_sleep(event: str, _arguments: tuple[Any, ...]) -> None:
    if event == "time.sleep" and getattr(_guard, "is_on", False):
        raise AssertionError("time.sleep was called")


sys.addaudithook(_forbid_sleep)


@contextmanager
def no_real_sleep() -> Iterator[None]:
    """Make `time.sleep` fail in this thread."""
    _guard.is_on = True
    try:
        yield
    finally:
        _guard.is_on = False


def drained(result: Any, given: list[Any]) -> Any:
    """The plain value of a call, bytes for segments; what is iterated is added to `given` item by item."""
    if not hasattr(result, "__iter__"):
        return _plain(result)
    for item in result:
        given.append(_plain(item))
    return given


async def drained_async(result: Any, given: list[Any]) -> Any:
    """The same for what an asynchronous method gives."""
    if not hasattr(result, "__aiter__"):
        return _plain(await result)
    async for item in result:
        given.append(_plain(item))
    return given


def _plain(value: Any) -> Any:
    if isinstance(value, SegmentDownload):
        return [file.read_bytes() for file in value.files]
    return value.content if isinstance(value, SegmentPage) else value


@frozen
class Ran:
    """An operation that nothing disturbed."""

    value: Any
    first_body: bytes
    """Of the server's first answer."""

    state_before: list[bytes]
    state_after: list[bytes]


@cache
def fine(operation: Operation) -> Ran:
    """What the operation gives and does when nothing fails."""
    state_before = state_of(new_emulator())
    bench = Bench()
    outcome = run_sync(bench, operation)
    assert outcome.error is None
    assert bench.time.slept == []
    assert len(bench.emulator.requests) == operation.requests_on_success
    first_body = answer_to(bench.emulator.requests[0], new_emulator())
    return Ran(outcome.value, first_body, state_before, state_of(bench.emulator))


def check(
    operation: Operation, expected: Expected, outcome: Outcome, bench: Bench, details: Mapping[str, Any] | None = None
) -> None:
    """Compare everything about one cell; `details` are attributes that an error must have."""
    sends = len(bench.emulator.requests)
    if expected.error is None:
        assert outcome == Outcome(fine(operation).value if expected.value is UNDISTURBED else expected.value)
    else:
        check_error(operation, outcome.error, expected.error, {"attempts": expected.attempts, **(details or {})})
        assert outcome.value == expected.given
    assert sends == expected.sends
    check_waits(operation, expected, bench)
    state = state_of(bench.emulator)
    assert state == (fine(operation).state_after if expected.is_applied else fine(operation).state_before)


def check_waits(operation: Operation, expected: Expected, bench: Bench) -> None:
    assert bench.time.slept == pytest.approx(expected.waits)
    told = [(event.operation, event.method, event.url_template, event.attempt, event.wait) for event in bench.retries]
    assert told == [
        (operation.operation_id, operation.method, operation.url_template, number, wait)
        for number, wait in enumerate(bench.time.slept, 1)
    ]


def check_error(
    operation: Operation, error: ReplayError | None, kind: type[ReplayError], details: Mapping[str, Any]
) -> None:
    """Exactly of this class, with these attributes, complete, alone, portable and without secrets."""
    assert type(error) is kind
    assert isinstance(error, ReplayError)
    facts = {"method": operation.method, "url_template": operation.url_template, **details}
    assert {name: getattr(error, name) for name in facts} == facts
    ids = ", ".join(f"{name}={value}" for name, value in error.ids.items())
    assert str(error).startswith(f"{operation.method} {operation.url_template}{f' ({ids})' if ids else ''}: ")
    assert set(error.ids) >= set(re.findall(r"{(\w+)}", operation.url_template))
    assert error.__cause__ is None
    assert error.__context__ is None
    pickled = pickle.dumps(error)
    copy = pickle.loads(pickled)
    assert (type(copy), str(copy), vars(copy)) == (kind, str(error), vars(error))
    shown = f"{error} {error!r} {vars(error)} {pickled!r}"
    assert API_KEY not in shown
    assert APP_KEY not in shown
