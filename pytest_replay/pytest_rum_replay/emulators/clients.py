"""Clients connected to an emulator, and clients of other code redirected to it."""

from collections.abc import Coroutine, Generator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import httpx
import pytest
from rum_replay import AsyncReplayClient, ReplayClient, RetryPolicy
from rum_replay._clock import override_clock
from rum_replay._sites import SITES
from rum_replay_emulator import Emulator

from pytest_rum_replay.emulators.environment import SITE, credentials_for, name_emulator

__all__ = ["async_client_of", "client_of", "emulated_environment"]

_WITHOUT_JITTER = RetryPolicy(jitter=0)
_API_HOSTS = frozenset(httpx.URL(site.api_url).host for site in SITES)


@contextmanager
def client_of(emulator: Emulator, options: Mapping[str, Any]) -> Generator[ReplayClient]:
    """A client of an emulator that was made with these options, closed at the end."""
    with httpx.Client(transport=emulator.transport(), trust_env=False) as http_client:
        yield ReplayClient(
            site=SITE, http_client=http_client, retry=_WITHOUT_JITTER, clock=emulator.clock, **credentials_for(options)
        )


@contextmanager
def async_client_of(emulator: Emulator, options: Mapping[str, Any]) -> Generator[AsyncReplayClient]:
    """The same for async code. No event loop is needed here, whichever one the test runs under."""
    http_client = httpx.AsyncClient(transport=emulator.transport(), trust_env=False)
    try:
        yield AsyncReplayClient(
            site=SITE, http_client=http_client, retry=_WITHOUT_JITTER, clock=emulator.clock, **credentials_for(options)
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
    """Connect code that creates its own clients to the emulator: by environment variables, and in httpx itself.

    The emulator answers requests to the API's hosts, including those of clients that existed before; all others are
    sent as usual. Clients of this package that were given no clock use the emulator's, and their waits have no jitter.
    """
    with pytest.MonkeyPatch.context() as patch, override_clock(_API_HOSTS, emulator.clock):
        name_emulator(patch, credentials_for(options))
        _route_requests(patch, emulator)
        yield


def _route_requests(patch: pytest.MonkeyPatch, emulator: Emulator) -> None:
    transport = emulator.transport()
    handle, handle_async = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    @wraps(handle)
    def route(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        return transport.handle_request(request) if request.url.host in _API_HOSTS else handle(self, request)

    @wraps(handle_async)
    async def route_async(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.url.host in _API_HOSTS:
            return await transport.handle_async_request(request)
        return await handle_async(self, request)

    patch.setattr(httpx.HTTPTransport, "handle_request", route)
    patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", route_async)
