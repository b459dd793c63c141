"""The face for servers: an ASGI application."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol, cast

from rum_replay_emulator.core import Core, Exchange
from rum_replay_emulator.faults import Fault

__all__ = ["ASGI", "CONNECTION", "Application", "Connection", "Message", "Receive", "Send"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGI = Callable[[Message, Receive, Send], Awaitable[None]]

CONNECTION = "rum_replay_emulator.connection"
"""The key in `scope["extensions"]` under which a server may offer a `Connection`."""


class Connection(Protocol):
    """What ASGI has no words for: the connection itself."""

    def write(self, data: bytes, /) -> None:
        """Send bytes as they are, past the server's HTTP."""
        ...

    def close(self) -> None:
        """Send what is still to be sent, then close."""
        ...

    async def reset(self) -> None:
        """Send what is still to be sent, then reset the connection (TCP RST)."""
        ...


class Application:
    """Answers `http` scopes and takes part in `lifespan`.

    Faults that break a connection need a server that offers a `Connection`, as `Emulator.serve` does. Under any other
    server the application raises ConnectionAbortedError in their place, upon which servers close the connection.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            raise NotImplementedError(f"the emulator speaks HTTP only, not {scope['type']}")

    async def _http(self, scope: Message, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        exchange = self._core.exchange(
            scope["method"],
            cast(bytes, scope["raw_path"]).decode("latin-1"),
            cast(bytes, scope["query_string"]).decode("latin-1"),
            scope["headers"],
            body,
        )
        fault = exchange.fault
        if fault is None:
            await _send_start(exchange, send)
            await send({"type": "http.response.body", "body": exchange.answer.body})
        else:
            connection: Connection | None = scope.get("extensions", {}).get(CONNECTION)
            await _suffer(exchange, fault, connection or _NoConnection(), receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _send_start(exchange: Exchange, send: Send) -> None:
    answer = exchange.answer
    headers = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in answer.headers]
    if answer.has_body:
        headers.append((b"content-length", b"%d" % len(answer.body)))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})


async def _suffer(exchange: Exchange, fault: Fault, connection: Connection, receive: Receive, send: Send) -> None:
    answer = exchange.answer
    if fault.timeout is not None:
        await _client_gone(receive)
        return
    if fault.delay and await _is_gone_within(fault.delay, receive):
        return
    if fault.disconnect in ("connect", "before") or (fault.disconnect == "body" and not answer.body):
        connection.close()
        await _client_gone(receive)
    elif answer.status < 200:
        # A server's HTTP cannot end with an informational status, so the bytes are written past it.
        lines = [f"HTTP/1.1 {answer.status} ", *(f"{name}: {value}" for name, value in answer.headers), "", ""]
        connection.write("\r\n".join(lines).encode("ascii"))
        connection.close()
        await _client_gone(receive)
    elif fault.disconnect == "body" or (fault.truncate is not None and fault.truncate < len(answer.body)):
        part = len(answer.body) // 2 if fault.truncate is None else fault.truncate
        await _send_start(exchange, send)
        await send({"type": "http.response.body", "body": answer.body[:part], "more_body": True})
        if fault.disconnect == "body":
            await connection.reset()
        else:
            connection.close()
        await _client_gone(receive)
    else:
        await _send_start(exchange, send)
        await send({"type": "http.response.body", "body": answer.body})


async def _client_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _is_gone_within(seconds: float, receive: Receive) -> bool:
    try:
        await asyncio.wait_for(_client_gone(receive), seconds)
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
