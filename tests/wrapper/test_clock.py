"""The clock of a client: passed to it, shared with its copies, and compatible with frozen time."""

from __future__ import annotations

import subprocess
import sys
from time import monotonic
from typing import Any

import anyio
import httpx
import pytest
from rum_replay import AsyncReplayClient, Clock, ConfigurationError, ReplayClient, SystemClock
from rum_replay._clock import clock_for, override_clock
from rum_replay_emulator import Emulator, ManualClock
from rum_replay_emulator import SystemClock as EmulatorSystemClock

from .replay_driver import API_KEY, APP_KEY

KEYS: dict[str, Any] = {"api_key": API_KEY, "app_key": APP_KEY, "site": "us1"}


def client_for(emulator: Emulator, **options: Any) -> ReplayClient:
    return ReplayClient(**KEYS, http_client=httpx.Client(transport=emulator.transport()), **options)


def record_watch_now(client: ReplayClient) -> float:
    """Record a watch without giving a time; returns the time that was sent, in seconds."""
    watch = client.viewership.record_watch("s", application_id="a", event_id="e")
    assert watch.timestamp is not None
    return watch.timestamp.timestamp()


def test_client_and_emulator_can_share_a_clock() -> None:
    clock = ManualClock(1_000_000_000)
    emulator = Emulator(clock=clock)
    client = client_for(emulator, clock=emulator.clock)
    assert record_watch_now(client) == 1_000_000_000
    clock.advance(5)
    assert record_watch_now(client.with_options(timeout=3)) == 1_000_000_005
    emulator.faults.add(status=429, headers={"Retry-After": "7"})
    list(client.playlists.list())
    assert 1_000_000_012 <= clock.time() <= 1_000_000_012.5


def test_async_client_waits_on_its_clock() -> None:
    emulator = Emulator(clock=ManualClock(1_000_000_000))
    emulator.faults.add(status=503, headers={"Retry-After": "30"})

    async def run() -> None:
        http_client = httpx.AsyncClient(transport=emulator.transport())
        async with AsyncReplayClient(**KEYS, http_client=http_client, clock=emulator.clock) as client:
            assert [playlist async for playlist in client.playlists.list()] == []

    anyio.run(run)
    assert emulator.clock.time() >= 1_000_000_030


def test_clients_accept_the_clocks_of_the_emulator() -> None:
    clocks: list[Clock] = [ManualClock(), EmulatorSystemClock(), SystemClock()]
    for clock in clocks:
        assert client_for(Emulator(clock=clock), clock=clock).playlists.create("p").name == "p"


@pytest.mark.parametrize("clock", [3, "now", object(), monotonic])
@pytest.mark.parametrize("cls", [ReplayClient, AsyncReplayClient])
def test_object_that_is_not_a_clock_is_rejected(cls: type[Any], clock: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"clock must be a Clock: .* has no method 'time'"):
        cls(**KEYS, clock=clock)


def test_clock_without_one_of_the_methods_is_rejected() -> None:
    class IncompleteClock:
        time = monotonic = sleep = ManualClock().time

    with pytest.raises(ConfigurationError, match="IncompleteClock has no method 'async_sleep'"):
        ReplayClient(**KEYS, clock=IncompleteClock())  # type: ignore[arg-type]


def test_innermost_clock_override_applies_to_its_hosts_until_it_exits() -> None:
    outer, inner = ManualClock(1), ManualClock(2)
    with override_clock({"a", "b"}, outer):
        with override_clock({"b"}, inner):
            assert (clock_for("a"), clock_for("b")) == (outer, inner)
            assert isinstance(clock_for("c"), SystemClock)
        assert clock_for("b") is outer
    assert isinstance(clock_for("a"), SystemClock)


FREEZE = {
    "freezegun": ("from freezegun import freeze_time as freeze", "freeze('2020-01-01')"),
    "time-machine": (
        "import time_machine; from datetime import datetime, timezone",
        "time_machine.travel(datetime(2020, 1, 1, tzinfo=timezone.utc), tick=False)",
    ),
}


@pytest.mark.parametrize("library", FREEZE)
def test_time_may_be_frozen_before_the_first_response_is_decoded(library: str) -> None:
    imports, freeze = FREEZE[library]
    # In a separate process, because modules that are first imported while time is frozen could break.
    program = f"""
{imports}
import httpx
from rum_replay import ReplayClient
from rum_replay_emulator import Emulator

emulator = Emulator()
def client():
    transport = emulator.transport()
    return ReplayClient(site="us1", api_key="a", app_key="b", http_client=httpx.Client(transport=transport))

early = client()
with {freeze}:
    print(client().playlists.create("frozen").created_at.isoformat())
    early.playlists.add_session("1", "s")
    print(emulator.requests[-1].query["ts"])
    print(early.viewership.record_watch("s", application_id="a", event_id="e").timestamp.isoformat())
    [watched] = client().viewership.list_history()
    print(watched.last_watched_at.isoformat())
print(client().playlists.create("thawed").created_at.year > 2020)
"""
    command = [sys.executable, "-W", "error", "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    moment = "2020-01-01T00:00:00+00:00"
    assert result.stdout.split() == [moment, "1577836800000", moment, moment, "True"]


@pytest.mark.parametrize("library", FREEZE)
def test_waits_end_although_time_is_frozen(library: str) -> None:
    imports, freeze = FREEZE[library]
    program = f"""
{imports}
import anyio
from rum_replay import AsyncReplayClient, ReplayClient
from rum_replay_emulator import Emulator, RateLimit

emulator = Emulator(rate_limit=RateLimit(1, 0.3))
keys = dict(api_key="0123456789", app_key="0123456789")

async def wait():
    async with AsyncReplayClient(base_url=url, **keys) as client:
        assert [one async for one in client.playlists.list()] == []

with {freeze}, emulator.serve() as url:
    with ReplayClient(base_url=url, **keys) as client:
        for _ in range(2):
            assert list(client.playlists.list()) == []
    for backend in ("asyncio", "trio"):
        emulator.faults.add(status=503, headers={{"Retry-After": "0"}})
        anyio.run(wait, backend=backend)
print(len(emulator.requests) >= 6)
"""
    command = [sys.executable, "-W", "error", "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (result.stdout, result.stderr) == ("True\n", "")
