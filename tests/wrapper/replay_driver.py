"""Drives both clients through one interface, so that each scenario is written once.

`Blocking` gives the asynchronous client the interface of the synchronous one: each call runs in an event loop in
another thread, under asyncio or trio. Scenarios need not know which client they use, and the code under test is the
real one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, cast

import attrs
import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from rum_replay import AsyncReplayClient, ReplayClient, RetryPolicy

API_KEY = "1f8c0a4be25d47d0933b1c7e6a52d90f"
APP_KEY = "ddapp_5Qb0zJ7nWk2LtR9xYpVc4HsGmD8eUf"
BEARER_TOKEN = "ddpat_7KqT3vXw9ZbR5nLmC2yHsJd8FgP4eUa"
SECRETS = (API_KEY, APP_KEY, BEARER_TOKEN)

FLAVORS = ("sync", "asyncio", "trio")

Peer = Callable[[httpx.Request], httpx.Response]
"""Takes the place of the network and the server."""


@attrs.define
class FakeClock:
    """A clock that moves only when code sleeps or a test advances it."""

    seconds: float = 1000.0
    unix_time: float = 1_782_907_200.0
    slept: list[float] = attrs.field(factory=list[float])

    def time(self) -> float:
        return self.unix_time

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    async def async_sleep(self, seconds: float) -> None:
        self.sleep(seconds)

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
        self.unix_time += seconds


class Driver:
    """Opens clients of one flavour; closes them at the end."""

    def __init__(self, flavor: str) -> None:
        self.flavor = flavor
        self.clock = FakeClock()
        self._portal: BlockingPortal | None = None
        self._stack = ExitStack()

    @property
    def http_client_class(self) -> type[httpx.Client | httpx.AsyncClient]:
        return httpx.Client if self.flavor == "sync" else httpx.AsyncClient

    @staticmethod
    def retry_policy(**options: Any) -> RetryPolicy:
        """A policy with predictable waits: 0.25, 0.5, 1 … seconds."""
        return RetryPolicy(**{"backoff": 0.25, "jitter": 0.0, **options})

    def open(self, peer: Peer | str | None = None, *, keys: bool = True, **options: Any) -> ReplayClient:
        """A client that talks to a function, or to the server at a base URL; `options` are for its constructor."""
        if keys:
            options = {"api_key": API_KEY, "app_key": APP_KEY, **options}
        options.setdefault("retry", self.retry_policy())
        options.setdefault("clock", self.clock)
        if isinstance(peer, str):
            options["base_url"] = peer
        elif peer is not None:
            if "base_url" not in options:
                options.setdefault("site", "us1")
            options["http_client"] = self.open_http_client(transport=httpx.MockTransport(peer))
        if self.flavor == "sync":
            return self._stack.enter_context(ReplayClient(**options))
        client = AsyncReplayClient(**options)
        self._stack.callback(self.portal.call, client.aclose)
        return cast("ReplayClient", Blocking(client, self.portal))

    def open_http_client(self, **options: Any) -> httpx.Client | httpx.AsyncClient:
        if self.flavor == "sync":
            return self._stack.enter_context(httpx.Client(**options))
        client = httpx.AsyncClient(**options)
        self._stack.callback(self.portal.call, client.aclose)
        return client

    @property
    def portal(self) -> BlockingPortal:
        if self._portal is None:
            self._portal = self._stack.enter_context(start_blocking_portal(self.flavor))
        return self._portal

    def close(self) -> None:
        self._stack.close()


class Blocking:
    """Wraps an asynchronous object in the interface that it would have if it were synchronous."""

    def __init__(self, target: Any, portal: BlockingPortal) -> None:
        self._target = target
        self._portal = portal

    def __getattr__(self, name: str) -> Any:
        return self._wrapped(getattr(self._target, "aclose" if name == "close" else name))

    def __iter__(self) -> Iterator[Any]:
        return Blocking(self._target.__aiter__(), self._portal)

    def __next__(self) -> Any:
        try:
            return self._portal.call(self._target.__anext__)
        except StopAsyncIteration:
            pass
        raise StopIteration

    def __repr__(self) -> str:
        return repr(self._target)

    def _wrapped(self, value: Any) -> Any:
        if inspect.iscoroutinefunction(value):
            return lambda *arguments, **options: self._portal.call(_bound(value, arguments, options))
        if inspect.ismethod(value):
            return lambda *arguments, **options: self._wrapped(value(*arguments, **options))
        is_group = type(value).__module__.startswith("rum_replay._async")
        if is_group or isinstance(value, AsyncReplayClient) or hasattr(value, "__aiter__"):
            return Blocking(value, self._portal)
        return value


def _bound(function: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> Callable[[], Any]:
    return lambda: function(*arguments, **options)


def with_client(client: ReplayClient, function: Callable[[Any], Any]) -> Any:
    """What a function that takes a client of either kind gives, once it is there."""
    if isinstance(client, Blocking):
        return client._portal.call(function, client._target)
    return function(client)


def unwrapped(client: ReplayClient) -> Any:
    """The client itself, without the blocking wrapper."""
    return client._target if isinstance(client, Blocking) else client
