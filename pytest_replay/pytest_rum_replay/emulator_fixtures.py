"""The fixtures of emulators and of clients that are connected to them.

The plugin imports this module in every run, so it imports nothing heavy: each fixture does when it is first used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rum_replay import AsyncReplayClient, ReplayClient
    from rum_replay_emulator import Emulator
    from rum_replay_emulator.sample import SampleSession

    from pytest_rum_replay.emulators.checked import CheckedEmulators
    from pytest_rum_replay.emulators.server import EmulatorServer

EMULATORS: pytest.StashKey[CheckedEmulators] = pytest.StashKey()
"""The emulators of a test, if it has any."""

PASSED: pytest.StashKey[bool] = pytest.StashKey()
"""Whether a test has passed so far; set by the plugin."""


@pytest.fixture
def rum_replay_emulator_options() -> Mapping[str, Any]:
    """Arguments for the emulators of each test: override it, for example with `{"rate_limit": RateLimit(5, 60)}`.

    They are those of `rum_replay_emulator.Emulator`; by default there are none. The clients send the credentials that
    are required by `api_key`, `app_key` or `bearer_token`.
    """
    return {}


@pytest.fixture
def rum_replay_emulator(
    _rum_replay_emulators: CheckedEmulators, rum_replay_emulator_options: Mapping[str, Any]
) -> Emulator:
    """A stand-in for the RUM Session Replay API, new and empty for each test, in this process and without sockets.

    Its clock is a `ManualClock`: only the test and the waits of our clients move it. Look at `requests`, script
    `faults`, `load_segments`, or give `transport()` to an httpx client. The marker `rum_replay_fault` scripts faults,
    too. Every answer is checked against the API's contract when the test ends.
    """
    from rum_replay_emulator import ManualClock

    return _rum_replay_emulators.create(ManualClock(), rum_replay_emulator_options)


@pytest.fixture
def rum_replay_sample(rum_replay_emulator: Emulator) -> SampleSession:
    """A short session that was recorded with Datadog's browser SDK, loaded into `rum_replay_emulator`.

    It has two views with segments, and events, made from them, that say that it ended an hour ago by the emulator's
    clock: searches find it. The value has its ids, views and segments.
    """
    from rum_replay_emulator.sample import load_sample

    sample = load_sample()
    rum_replay_emulator.load_session(sample)
    return sample


@pytest.fixture
def rum_replay_client(
    rum_replay_emulator: Emulator, rum_replay_emulator_options: Mapping[str, Any]
) -> Iterator[ReplayClient]:
    """A `ReplayClient` that talks to `rum_replay_emulator` and never sleeps between retries.

    Its waits move the emulator's clock instead, and have no jitter. It is closed when the test ends.
    """
    from pytest_rum_replay.emulators.clients import client_of

    with client_of(rum_replay_emulator, rum_replay_emulator_options) as client:
        yield client


@pytest.fixture
def rum_replay_async_client(
    rum_replay_emulator: Emulator, rum_replay_emulator_options: Mapping[str, Any]
) -> Iterator[AsyncReplayClient]:
    """An `AsyncReplayClient` that talks to `rum_replay_emulator` and never sleeps between retries.

    It works under asyncio and trio and with any plugin that runs async tests, or with none. Its waits move the
    emulator's clock instead, and have no jitter. It is closed when the test ends.
    """
    from pytest_rum_replay.emulators.clients import async_client_of

    with async_client_of(rum_replay_emulator, rum_replay_emulator_options) as client:
        yield client


@pytest.fixture
def rum_replay_environment(
    rum_replay_emulator: Emulator, rum_replay_emulator_options: Mapping[str, Any]
) -> Iterator[Emulator]:
    """Code that makes its own `ReplayClient()`, `AsyncReplayClient()` or httpx client reaches `rum_replay_emulator`.

    The environment contains a site and invented credentials, and no others. The emulator answers every request that
    httpx would send to the API's host at any Datadog site, including those of clients that existed before; requests to
    other hosts, and clients with their own transport, are not affected. Our clients wait on the emulator's clock
    instead of sleeping, unless they were given a clock. The value of the fixture is the emulator.
    """
    from pytest_rum_replay.emulators.clients import emulated_environment

    with emulated_environment(rum_replay_emulator, rum_replay_emulator_options):
        yield rum_replay_emulator


@pytest.fixture
def rum_replay_server(
    _rum_replay_loopback: EmulatorServer,
    _rum_replay_emulators: CheckedEmulators,
    rum_replay_emulator_options: Mapping[str, Any],
) -> EmulatorServer:
    """An emulator over HTTP on 127.0.0.1, for code in other processes or without httpx: `.url` and `.emulator`.

    The address is the same for the whole session (one for each xdist worker). The emulator behind it is new and empty
    for each test, different from `rum_replay_emulator`, and uses the system's clock.
    """
    from rum_replay_emulator import SystemClock

    _rum_replay_loopback.emulator = _rum_replay_emulators.create(SystemClock(), rum_replay_emulator_options)
    return _rum_replay_loopback


@pytest.fixture(name="_rum_replay_loopback", scope="session")
def loopback_server() -> Iterator[EmulatorServer]:
    """The server behind `rum_replay_server`."""
    from pytest_rum_replay.emulators.server import serving

    with serving() as server:
        yield server


@pytest.fixture(name="_rum_replay_emulators")
def emulators_of_test(request: pytest.FixtureRequest) -> Iterator[CheckedEmulators]:
    """The emulators of one test. It ends after all fixtures that use it, so their last requests are checked too."""
    from pytest_rum_replay.emulators.checked import CheckedEmulators

    test: pytest.Item = request.node
    emulators = test.stash[EMULATORS] = CheckedEmulators(test)
    yield emulators
    problems = list(emulators.problems(passed=test.stash.get(PASSED, False)))
    if problems:
        pytest.fail("\n\n".join(problems), pytrace=False)
