"""What one attempt may take of the network, however slowly or endlessly the server answers.

The timeouts of the HTTP library begin anew with each piece that arrives, and informational answers (1xx) can follow one
another forever. So every read asks the attempt under way how long it may still wait.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import attrs
import httpcore
import httpx

from .._clock import Clock

__all__ = ["Allowance", "allowance", "connection_pools", "give_up", "most_connections", "watch"]

HEAD_BYTES = 1 << 20
"""Bytes that all heads of an answer may have together: informational answers, then status line and headers."""


@attrs.define
class Allowance:
    """What the attempt under way may still take; it belongs to one thread or task."""

    clock: Clock
    limit: float
    """Seconds that the attempt may take."""

    ends_at: float | None = attrs.field(
        init=False, default=attrs.Factory(lambda self: self.clock.monotonic() + self.limit, takes_self=True)
    )
    """Monotonic time in seconds; None: it may go on as long as pieces arrive in time."""

    head_bytes: int | None = HEAD_BYTES
    """Bytes left for the head; None once the head is complete."""

    def seconds(self, timeout: float | None) -> float | None:
        """How long the next read may take; raises httpcore.ReadTimeout if no time is left."""
        if self.ends_at is None:
            return timeout
        if self.is_over:
            raise httpcore.ReadTimeout(self.complaint)
        left = self.ends_at - self.clock.monotonic()
        return left if timeout is None else min(timeout, left)

    @property
    def is_over(self) -> bool:
        """Whether no time is left."""
        return self.ends_at is not None and self.clock.monotonic() >= self.ends_at

    @property
    def complaint(self) -> str:
        """What to say then."""
        return f"the answer was still arriving after {self.limit:g} s"

    def count(self, size: int) -> None:
        """Some bytes have arrived; raises httpcore.RemoteProtocolError if they are too many for a head."""
        if self.head_bytes is not None:
            self.head_bytes -= size
            if self.head_bytes < 0:
                raise httpcore.RemoteProtocolError(f"the answer began with more than {HEAD_BYTES:,} bytes of headers")


allowance: ContextVar[Allowance | None] = ContextVar("allowance", default=None)
"""Of the attempt under way in this thread or task."""


class _AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if (allowed := allowance.get()) is None:
            return await self._stream.read(max_bytes, timeout)
        data = await self._stream.read(max_bytes, allowed.seconds(timeout))
        allowed.count(len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._backend.connect_tcp(host, port, timeout, local_address, socket_options))

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._backend.connect_unix_socket(path, timeout, socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


def connection_pools(client: httpx.AsyncClient) -> list[Any]:
    """The pools of connections of an HTTP client; none if its transports are of other kinds, as in tests."""
    # httpx offers no way to reach them. Where it changes, nothing is found, and tests that need them fail.
    transports = [getattr(client, "_transport", None), *getattr(client, "_mounts", {}).values()]
    pools = [getattr(transport, "_pool", None) for transport in transports]
    return [pool for pool in pools if isinstance(pool, httpcore.AsyncConnectionPool)]


def most_connections(client: httpx.AsyncClient) -> int | None:
    """How many requests the smallest of the pools sends at once; None if there is no limit, or no pool."""
    return min((pool._max_connections for pool in connection_pools(client)), default=None)


async def give_up(client: httpx.AsyncClient, trace: object) -> None:
    """Release the connection of a request that was cancelled; `trace` is that extension of the request.

    A cancellation that arrives at certain moments, such as while a connection is being handed over or closed, leaves it
    in the pool for good, and in the end none is left for other requests.
    """
    for pool in connection_pools(client):
        with pool._optional_thread_lock:
            pool._requests = [one for one in pool._requests if one.request.extensions.get("trace") is not trace]
            in_use = {id(one.connection) for one in pool._requests}
            lost = [one for one in pool.connections if id(one) not in in_use and not (one.is_idle() or one.is_closed())]
            pool._connections = [one for one in pool.connections if one not in lost]
            replaced = pool._assign_requests_to_connections()
        await pool._close_connections([*lost, *replaced])


def watch(client: httpx.AsyncClient) -> None:
    """Make a new HTTP client keep to the allowance of each attempt."""
    for pool in connection_pools(client):
        pool._network_backend = _AsyncBackend(pool._network_backend)
