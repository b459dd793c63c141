"""The faults that a network can have, over real sockets, with the same outcomes as without."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from attrs import define, field
from failure_bench import Bench, FakeTime, Outcome, check, drained, drained_async, new_emulator
from failure_faults import Expected, Fault, details_of, expected, fault_named
from failure_operations import ONE_OF_EACH_KIND, OPERATIONS, Operation, seeded
from rum_replay import AsyncReplayClient, ConnectionFailedError, ReplayClient, ReplayError
from rum_replay_emulator import Emulator

FAULTS = [
    fault_named(name)
    for name in (
        "read_timeout",
        "read_timeout_applied",
        "disconnect_before_answer",
        "disconnect_before_answer_applied",
        "disconnect_in_body",
        "disconnect_in_error_body",
        "truncated_body",
        "malformed_json",
        "empty_200",
        "not_utf8",
        "429_with_reset",
        "429_all_repeated",
        "429_retry_after_absurd",
        "503",
        "520",
        "html_502",
        "not_gzip_502",
    )
]

NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Loopback is not encrypted, and loading certificates takes longer than a cell."""


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Emulator, str]]:
    emulator = new_emulator()
    with emulator.serve() as url:
        yield emulator, url


@pytest.fixture
def served(server: tuple[Emulator, str]) -> tuple[Emulator, str]:
    emulator, url = server
    emulator.reset()
    return seeded(emulator), url


class TimeWithEvents(FakeTime):
    """Something happens during each sleep between two attempts."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.meanwhile()

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)


@define
class FirstOnlyIsImpatient:
    """A request hook: the first request waits 50 ms for an answer, all others long enough for any machine."""

    used: bool = field(default=False)

    def __call__(self, request: httpx.Request) -> None:
        if not self.used:
            self.used = True
            request.extensions = {
                **request.extensions,
                "timeout": {"connect": 30, "write": 30, "pool": 30, "read": 0.05},
            }

    async def in_async(self, request: httpx.Request) -> None:
        self(request)


def run_sync(bench: Bench, operation: Operation, url: str, directory: Path, *, impatient: bool = False) -> Outcome:
    hooks: dict[str, list[Callable[..., Any]]] = {"request": [FirstOnlyIsImpatient(not impatient)]}
    given: list[Any] = []
    with httpx.Client(trust_env=False, verify=NO_CERTIFICATES, event_hooks=hooks) as http_client:
        client = ReplayClient(**{**bench.options(), "site": None}, base_url=url, http_client=http_client)
        try:
            return Outcome(drained(operation.call(client, directory), given))
        except ReplayError as error:
            return Outcome(given, error)


async def run_async(bench: Bench, operation: Operation, url: str, directory: Path, impatient: bool) -> Outcome:
    hooks: dict[str, list[Callable[..., Any]]] = {"request": [FirstOnlyIsImpatient(not impatient).in_async]}
    given: list[Any] = []
    async with httpx.AsyncClient(trust_env=False, verify=NO_CERTIFICATES, event_hooks=hooks) as http_client:
        client = AsyncReplayClient(**{**bench.options(), "site": None}, base_url=url, http_client=http_client)
        try:
            return Outcome(await drained_async(operation.call(client, directory), given))
        except ReplayError as error:
            return Outcome(given, error)


def scripted(emulator: Emulator, operation: Operation, fault: Fault) -> Bench:
    """A bench that, between two attempts, waits until the server has applied the fault."""
    script = emulator.faults.add(operation=operation.operation_id, **fault.script_for(operation))

    def until_the_fault_is_applied() -> None:
        while script.used == 0:
            time.sleep(0.001)

    return Bench(emulator, TimeWithEvents(until_the_fault_is_applied))


def check_served(operation: Operation, fault: Fault, outcome: Outcome, bench: Bench) -> None:
    assert isinstance(bench.time, TimeWithEvents)
    bench.time.meanwhile()
    check(operation, expected(operation, fault, 1), outcome, bench, details_of(fault))


@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_failure_over_a_socket(
    operation: Operation, fault: Fault, served: tuple[Emulator, str], tmp_path: Path
) -> None:
    emulator, url = served
    bench = scripted(emulator, operation, fault)
    outcome = run_sync(bench, operation, url, tmp_path, impatient="timeout" in fault.script)
    check_served(operation, fault, outcome, bench)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("fault", FAULTS, ids=str)
@pytest.mark.parametrize("operation", ONE_OF_EACH_KIND, ids=str)
def test_failure_over_an_asynchronous_socket(
    operation: Operation, fault: Fault, backend: str, served: tuple[Emulator, str], tmp_path: Path
) -> None:
    emulator, url = served
    bench = scripted(emulator, operation, fault)
    outcome = anyio.run(run_async, bench, operation, url, tmp_path, "timeout" in fault.script, backend=backend)
    check_served(operation, fault, outcome, bench)


@pytest.fixture
def closed_port() -> Iterator[socket.socket]:
    """Bound, so that no other process takes it, but not listening: the system refuses connections."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken


def url_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


REFUSED = Expected(error=ConnectionFailedError, attempts=4, sends=0, is_applied=False)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_connection_refused(operation: Operation, closed_port: socket.socket, tmp_path: Path) -> None:
    bench = Bench()
    outcome = run_sync(bench, operation, url_of(closed_port), tmp_path)
    check(operation, REFUSED, outcome, bench, {"may_have_been_applied": False})


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("operation", ONE_OF_EACH_KIND, ids=str)
def test_connection_refused_asynchronously(
    operation: Operation, backend: str, closed_port: socket.socket, tmp_path: Path
) -> None:
    bench = Bench()
    outcome = anyio.run(run_async, bench, operation, url_of(closed_port), tmp_path, False, backend=backend)
    check(operation, REFUSED, outcome, bench, {"may_have_been_applied": False})


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_connection_refused_until_the_server_is_up(
    operation: Operation, closed_port: socket.socket, tmp_path: Path
) -> None:
    emulator = new_emulator()
    port = closed_port.getsockname()[1]
    url = url_of(closed_port)
    with ExitStack() as server:

        def start() -> None:
            closed_port.close()
            server.enter_context(emulator.serve(port))

        bench = Bench(emulator, TimeWithEvents(start))
        outcome = run_sync(bench, operation, url, tmp_path)
        check(operation, Expected(attempts=2, sends=operation.requests_on_success), outcome, bench)
