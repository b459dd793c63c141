"""The emulator without sockets: an httpx transport, for sync and async clients alike."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import cast

import httpx

from rum_replay_emulator.answer import Answer
from rum_replay_emulator.clock import ManualClock
from rum_replay_emulator.core import Core, Exchange
from rum_replay_emulator.faults import Fault
from rum_replay_emulator.limits import LIMITS, declares_more

__all__ = ["EmulatorTransport"]


class EmulatorTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Passes requests to the emulator and raises the errors that httpx raises over a network. Answers for any host."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            _limit_body(request)
            request.read()
        except _TooLargeError:
            return _response(self._core.body_too_large())
        return self._respond(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            _limit_body(request)
            await request.aread()
        except _TooLargeError:
            return _response(self._core.body_too_large())
        return self._respond(request)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.partition(b"?")
        exchange = self._core.exchange(
            request.method, path.decode("ascii"), query.decode("ascii"), request.headers.raw, request.content
        )
        fault = exchange.fault
        if fault is not None:
            self._raise_without_answer(request, exchange, fault)
        answer = exchange.answer
        stream: httpx.ByteStream | None = None
        if fault is not None and fault.disconnect == "body":
            stream = _BrokenStream(
                answer.body[: len(answer.body) // 2],
                httpx.ReadError("[Errno 104] Connection reset by peer", request=request),
            )
        elif fault is not None and fault.truncate is not None and fault.truncate < len(answer.body):
            stream = _BrokenStream(
                answer.body[: fault.truncate],
                httpx.RemoteProtocolError(
                    "peer closed connection without sending complete message body "
                    f"(received {fault.truncate} bytes, expected {len(answer.body)})",
                    request=request,
                ),
            )
        return _response(answer, stream)

    def _raise_without_answer(self, request: httpx.Request, exchange: Exchange, fault: Fault) -> None:
        """Apply the delay, then raise the error of a fault that leaves no answer at all."""
        if fault.timeout == "connect":
            raise httpx.ConnectTimeout("timed out", request=request)
        if fault.timeout == "read":
            raise httpx.ReadTimeout("timed out", request=request)
        if fault.delay:
            limit = request.extensions.get("timeout", {}).get("read")
            if limit is not None and fault.delay >= limit:
                raise httpx.ReadTimeout("timed out", request=request)
            if isinstance(self._core.clock, ManualClock):
                self._core.clock.advance(fault.delay)
        if fault.disconnect == "connect":
            raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
        if fault.disconnect == "before" or (fault.disconnect == "body" and not exchange.answer.body):
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)


def _response(answer: Answer, stream: httpx.ByteStream | None = None) -> httpx.Response:
    headers = [(name.encode("ascii"), value.encode("ascii")) for name, value in answer.headers]
    if answer.has_body:
        headers.append((b"Content-Length", b"%d" % len(answer.body)))
    return httpx.Response(answer.status, headers=headers, stream=stream or httpx.ByteStream(answer.body))


class _TooLargeError(Exception):
    """The body of a request exceeds the limit."""


def _limit_body(request: httpx.Request) -> None:
    """Let reading a body stop at the limit. Raises _TooLargeError if it is known already that it is exceeded."""
    if declares_more(request.headers.raw, LIMITS.body_size):
        raise _TooLargeError
    if not isinstance(request.stream, httpx.ByteStream):
        request.stream = _LimitedStream(request.stream)
    elif len(request.read()) > LIMITS.body_size:
        raise _TooLargeError


class _LimitedStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a request up to the limit, followed by an error if there is more."""

    def __init__(self, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> None:
        self._stream = stream
        self._room = LIMITS.body_size

    def __iter__(self) -> Iterator[bytes]:
        for part in cast(Iterable[bytes], self._stream):
            yield self._counted(part)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in cast(AsyncIterable[bytes], self._stream):
            yield self._counted(part)

    def _counted(self, part: bytes) -> bytes:
        self._room -= len(part)
        if self._room < 0:
            raise _TooLargeError
        return part


class _BrokenStream(httpx.ByteStream):
    """Some bytes, followed by an error."""

    def __init__(self, part: bytes, error: httpx.TransportError) -> None:
        super().__init__(part)
        self._part = part
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        if self._part:
            yield self._part
        raise self._error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._part:
            yield self._part
        raise self._error
