"""The emulator as an ASGI application, for servers."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol, cast

from attrs import evolve

from rum_replay_emulator.answer import Answer
from rum_replay_emulator.core import Core, Exchange
from rum_replay_emulator.faults import Fault
from rum_replay_emulator.limits import LIMITS, declares_more

__all__ = ["ASGI", "CONNECTION", "Application", "Connection", "Message", "Receive", "Send", "refuse"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGI = Callable[[Message, Receive, Send], Awaitable[None]]

CONNECTION = "rum_replay_emulator.connection"
"""The key in `scope["extensions"]` under which a server may offer a `Connection`."""


class Connection(Protocol):
    """The connection itself, which ASGI does not expose."""

    def write(self, data: bytes, /) -> None:
        """Send raw bytes, bypassing the server's HTTP."""
        ...

    def close(self) -> None:
        """Send the bytes that are still pending, then close."""
        ...

    async def reset(self) -> None:
        """Send the bytes that are still pending, then reset the connection (TCP RST)."""
        ...

    def linger(self) -> None:
        """Send the bytes that are still pending and the end of the stream; close when the client does, or soon.

        What the client still sends is read and discarded, so that it receives the answer."""
        ...


class Application:
    """Answers `http` scopes and supports `lifespan`. A body is read up to its limit, 4 MiB, and then answered 413.

    Faults that break a connection need a server that offers a `Connection`, as `Emulator.serve` does. Under any other
    server the application raises ConnectionAbortedError instead, which makes servers close the connection.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            raise NotImplementedError(f"the emulator supports HTTP only, not {scope['type']}")

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        body = bytearray()
        more = True
        too_large = declares_more(scope["headers"], LIMITS.body_size)
        while more and not too_large:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            too_large = len(body) > LIMITS.body_size
        if too_large:
            body.clear()
            await refuse(self._core.body_too_large(), scope, receive, send)
            return
        exchange = self._core.exchange(
            scope["method"],
            cast(bytes, scope["raw_path"]).decode("latin-1"),
            cast(bytes, scope["query_string"]).decode("latin-1"),
            scope["headers"],
            bytes(body),
        )
        fault = exchange.fault
        if fault is None:
            await _send_start(exchange.answer, send)
            await send({"type": "http.response.body", "body": exchange.answer.body})
        else:
            await _apply_fault(exchange, fault, _connection(scope) or _NoConnection(), receive, send)


async def refuse(answer: Answer, scope: Message, receive: Receive, send: Send) -> None:
    """Answer a request that may not have arrived whole, without reading the rest, and close the connection."""
    if scope.get("http_version", "1.1").startswith("1"):  # later versions have no such header
        answer = evolve(answer, headers=(*answer.headers, ("Connection", "close")))
    connection = _connection(scope)
    await _send_start(answer, send)
    await send({"type": "http.response.body", "body": answer.body, "more_body": connection is not None})
    if connection is not None:
        connection.linger()
        await _wait_for_disconnect(receive)


def _connection(scope: Message) -> Connection | None:
    found: Connection | None = scope.get("extensions", {}).get(CONNECTION)
    return found


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _send_start(answer: Answer, send: Send) -> None:
    headers = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in answer.headers]
    if answer.has_body:
        headers.append((b"content-length", b"%d" % len(answer.body)))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})


async def _apply_fault(exchange: Exchange, fault: Fault, connection: Connection, receive: Receive, send: Send) -> None:
    answer = exchange.answer
    if fault.timeout is not None:
        await _wait_for_disconnect(receive)
        return
    if fault.delay and await _disconnects_within(fault.delay, receive):
        return
    if fault.disconnect in ("connect", "before") or (fault.disconnect == "body" and not answer.body):
        connection.close()
        await _wait_for_disconnect(receive)
    elif answer.status < 200:
        # No server ends a response with an informational status, so these bytes bypass the server's HTTP.
        lines = [f"HTTP/1.1 {answer.status} ", *(f"{name}: {value}" for name, value in answer.headers), "", ""]
        connection.write("\r\n".join(lines).encode("ascii"))
        connection.close()
        await _wait_for_disconnect(receive)
    elif fault.disconnect == "body" or (fault.truncate is not None and fault.truncate < len(answer.body)):
        part = len(answer.body) // 2 if fault.truncate is None else fault.truncate
        await _send_start(answer, send)
        await send({"type": "http.response.body", "body": answer.body[:part], "more_body": True})
        if fault.disconnect == "body":
            await connection.reset()
        else:
            connection.close()
        await _wait_for_disconnect(receive)
    else:
        await _send_start(answer, send)
        await send({"type": "http.response.body", "body": answer.body})


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _disconnects_within(seconds: float, receive: Receive) -> bool:
    try:
        await asyncio.wait_for(_wait_for_disconnect(receive), seconds)
    except TimeoutError:
        return False
    return True


class _NoConnection:
    def write(self, _data: bytes, /) -> None:
        raise ConnectionAbortedError("a scripted fault broke the connection")

    def close(self) -> None:
        raise ConnectionAbortedError("a scripted fault broke the connection")

    async def reset(self) -> None:
        raise ConnectionAbortedError("a scripted fault broke the connection")

    def linger(self) -> None:
        raise ConnectionAbortedError("a scripted fault broke the connection")
