"""Clients bound to an emulator, and other people's clients led to it."""

from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import anyio
import attrs
import httpx
import pytest
from rum_replay import AsyncReplayClient, ReplayClient, RetryPolicy
from rum_replay._async.transport import AsyncTransport
from rum_replay._retry import DEFAULT_RETRY_POLICY
from rum_replay._sites import SITES
from rum_replay._sync.transport import Transport
from rum_replay_emulator import Clock, Emulator, ManualClock

from pytest_rum_replay.emulators.environment import SITE, credentials_for, name_emulator

__all__ = ["async_client_of", "client_of", "emulated_environment", "waiting_on"]

_API_HOSTS = frozenset(httpx.URL(site.api_url).host for site in SITES)


def waiting_on(clock: Clock, policy: RetryPolicy = DEFAULT_RETRY_POLICY) -> RetryPolicy:
    """The policy with waits that move the emulator's clock and take no time; what a policy sets itself stays.

    Deadlines are told by that clock too, and waits are as long as the policy allows instead of random.
    A clock that is no `ManualClock` is left alone: then a wait is nothing at all.
    """

    def advance(seconds: float) -> None:
        if isinstance(clock, ManualClock):
            clock.advance(seconds)

    async def async_advance(seconds: float) -> None:
        advance(seconds)
        await anyio.sleep(0)  # other tasks get their turn, as in a wait that takes time

    replacements: dict[str, Any] = {
        "clock": clock,
        "wall_clock": clock,
        "sleep": advance,
        "async_sleep": async_advance,
        "random": lambda: 1.0,
    }
    defaults = {
        name: value
        for name, value in replacements.items()
        if getattr(policy, name) is getattr(DEFAULT_RETRY_POLICY, name)
    }
    return attrs.evolve(policy, **defaults)


@contextmanager
def client_of(emulator: Emulator, options: Mapping[str, Any]) -> Generator[ReplayClient]:
    """A client of an emulator that was made with these options, closed at the end."""
    with httpx.Client(transport=emulator.transport(), trust_env=False) as http_client:
        yield ReplayClient(
            site=SITE, http_client=http_client, retry=waiting_on(emulator.clock), **credentials_for(options)
        )


@contextmanager
def async_client_of(emulator: Emulator, options: Mapping[str, Any]) -> Generator[AsyncReplayClient]:
    """The same for async code. No event loop is needed here, whichever one the test runs under."""
    http_client = httpx.AsyncClient(transport=emulator.transport(), trust_env=False)
    try:
        yield AsyncReplayClient(
            site=SITE, http_client=http_client, retry=waiting_on(emulator.clock), **credentials_for(options)
        )
    finally:
        _finish(http_client.aclose())


def _finish(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that has nothing to wait for: closing a client whose transport has no connections."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    coroutine.close()
    raise RuntimeError("closing a client without connections waited for something")


@contextmanager
def emulated_environment(emulator: Emulator, options: Mapping[str, Any]) -> Generator[None]:
    """Lead code that makes its own clients to the emulator: by the environment's variables, and in httpx itself.

    Requests to the API's hosts end in the emulator, those of clients that existed before included; all others go where
    they would have gone. Clients of this package wait on the emulator's clock, as `waiting_on` says.
    """
    with pytest.MonkeyPatch.context() as patch:
        name_emulator(patch, credentials_for(options))
        _lead_requests(patch, emulator)
        for kind in (Transport, AsyncTransport):
            for name in ("now", "stream"):
                patch.setattr(kind, name, _with_emulated_waits(getattr(kind, name), emulator.clock))
        yield


def _lead_requests(patch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    transport = emulator.transport()
    handle, handle_async = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    @wraps(handle)
    def lead(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        return transport.handle_request(request) if request.url.host in _API_HOSTS else handle(self, request)

    @wraps(handle_async)
    async def lead_async(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.url.host in _API_HOSTS:
            return await transport.handle_async_request(request)
        return await handle_async(self, request)

    patch.setattr(httpx.HTTPTransport, "handle_request", lead)
    patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", lead_async)


def _with_emulated_waits(method: Callable[..., Any], clock: Clock) -> Callable[..., Any]:
    @wraps(method)
    def with_emulated_waits(transport: Transport | AsyncTransport, *arguments: Any) -> Any:
        if httpx.URL(transport.base_url).host in _API_HOSTS:
            transport = attrs.evolve(transport, retry=waiting_on(clock, transport.retry))
        return method(transport, *arguments)

    return with_emulated_waits
