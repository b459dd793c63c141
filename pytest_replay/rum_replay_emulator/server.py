"""A real HTTP server for the emulator. The only module that imports uvicorn."""

import asyncio
import socket
import struct
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, cast

from rum_replay_emulator.admission import Admission
from rum_replay_emulator.answer import error_answer, phrase
from rum_replay_emulator.asgi import ASGI, CONNECTION
from rum_replay_emulator.assumptions import Assumptions
from rum_replay_emulator.clock import SystemClock
from rum_replay_emulator.extras import install_command
from rum_replay_emulator.hosts import AllowedHosts
from rum_replay_emulator.limits import LIMITS, Limits

try:
    import h11
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol
except ImportError as error:
    raise ImportError(
        f"the emulator's server needs uvicorn ({error}): {install_command('emulator')}", name=error.name
    ) from error

__all__ = ["serve"]

_BACKLOG = 200
"""Also the number of connections that are accepted before one of them can be refused: each takes an open file."""


@contextmanager
def serve(
    application: ASGI,
    port: int,
    host: str = "127.0.0.1",
    *,
    allowed_hosts: Iterable[str] = (),
    limits: Limits = LIMITS,
) -> Generator[str]:
    """Serve in a separate thread until the context ends; yields the base URL for clients on this machine.

    Port 0 picks a free one. Raises OSError when the port is in use, and for a host that is not an address of this
    machine, and ValueError for an allowed host that is not a host. Answers that are still being sent when the context
    ends are cut off.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    # The protocol is given explicitly because asyncio disables Nagle's algorithm only for sockets that have it set.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        # The port of a server that has just ended is free again. On Windows, where that is so anyway, this option would
        # allow two servers on one port; there, the one that forbids it is set.
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        hosts = AllowedHosts.of(listener.getsockname()[0], host, allowed_hosts)
        server = _Server(Admission(application, hosts, limits), limits)
        thread = Thread(target=server.run, args=([listener],), name="rum-replay-emulator", daemon=True)
        thread.start()
        server.ready.wait()
        try:
            if not server.started:
                raise RuntimeError("the server did not start; the output of its thread says why")
            yield f"http://{_reached_at(family, listener.getsockname())}"
        finally:
            server.stop()
            thread.join()


def _reached_at(family: socket.AddressFamily, address: tuple[Any, ...]) -> str:
    """Host and port for a URL; a server on all addresses is reached at that of the loopback interface."""
    host, port = address[:2]
    if family == socket.AF_INET6:
        return f"[{'::1' if host == '::' else host}]:{port}"
    return f"{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared, not bound


class _Config(uvicorn.Config):
    def __init__(self, application: ASGI, limits: Limits) -> None:
        super().__init__(
            application,
            interface="asgi3",
            http=_Protocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            backlog=_BACKLOG,
            h11_max_incomplete_event_size=limits.head_size,
        )
        self.limits = limits


class _Server(uvicorn.Server):
    """Uvicorn's server, with a signal that it is ready and a stop that takes effect immediately."""

    def __init__(self, application: ASGI, limits: Limits) -> None:
        super().__init__(_Config(application, limits))
        self.ready = Event()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self.ready.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        # Limits and delays take real time, also where freezegun stops time or lets it jump.
        self._loop.time = SystemClock().monotonic  # type: ignore[method-assign]
        self._stopping = asyncio.Event()
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        await self._stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Uvicorn's own shutdown always waits a tenth of a second for connections to end; these are cut off.
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # the application learns that the connections are lost
        if tasks := list(self.server_state.tasks):
            await asyncio.wait(tasks)

    def stop(self) -> None:
        if self.started:
            self._loop.call_soon_threadsafe(self._stopping.set)


class _Protocol(H11Protocol):
    """Uvicorn's HTTP over h11, with limits, and giving the application access to the connection.

    Uvicorn's timer for idle connections runs while a connection waits for a request or lingers.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.app: Any = self._with_connection(self.app)
        self._limits = cast(_Config, self.config).limits
        self.timeout_keep_alive: Any = self._limits.idle_seconds
        self._deadline: asyncio.TimerHandle | None = None
        self._framing = 0
        """How much of a request has arrived that is not its body, in bytes."""

        self._room: int | None = None
        """How much more to discard, if the connection lingers."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
        if self._make_room():
            self._wait(self.timeout_keep_alive)
        else:
            self._refuse(503, f"all of the {self._limits.connections} connections that the emulator allows are in use")

    def connection_lost(self, exc: Exception | None) -> None:
        self._unset_keepalive_if_required()
        self._set_deadline(running=False)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._room is not None:
            self._room -= len(data)
            if self._room < 0:
                self.transport.close()
        elif self.conn.their_state is not h11.MUST_CLOSE:  # what follows the last request is not read as another one
            before = self._body_size()
            super().data_received(data)
            self._framing += len(data) - (self._body_size() - before)
            self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - it says nothing
        # Called while the exception is handled, which has the status that fits.
        hint = getattr(sys.exception(), "error_status_hint", 400)
        in_body = self.conn.our_state is h11.SEND_RESPONSE
        if hint == 431 and in_body:
            self._refuse(413, "the size of a chunk, or what follows the last one, is too long")
        elif hint == 431 and b"\n" not in self.conn.trailing_data[0]:
            self._refuse(414, f"the URL is longer than {self._limits.target_size} bytes")
        elif hint == 431:
            self._refuse(431, f"the headers are larger than {self._limits.head_size} bytes")
        elif hint == 501:
            self._refuse(501, "Transfer-Encoding: must be chunked")
        else:
            self._refuse(400, f"the {'body' if in_body else 'request'} is not valid HTTP/1.1")

    def linger(self) -> None:
        """End the stream and close it when the client does, or soon; discard what the client still sends."""
        if self._room is not None or self.transport.is_closing():
            return
        self._room = self._limits.linger_size
        if cast(Any, self.cycle) is not None:  # the application cannot answer any more
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write_eof()
        self._wait(self._limits.linger_seconds)

    def _make_room(self) -> bool:
        """Close the connections that have waited longest, if there are too many; False if there still are."""
        if len(self.connections) <= self._limits.connections:
            return True
        surplus = -self._limits.connections
        waiting: list[tuple[float, asyncio.Transport]] = []
        for protocol in cast(set[_Protocol], self.connections):
            is_sending = protocol.transport.get_write_buffer_size() > 0
            if is_sending or not protocol.transport.is_closing():
                surplus += 1
                if protocol.timeout_keep_alive_task is not None and not is_sending:
                    waiting.append((protocol.timeout_keep_alive_task.when(), protocol.transport))
        for _, transport in sorted(waiting, key=lambda pair: pair[0])[: max(surplus, 0)]:
            transport.close()
        return surplus <= len(waiting)

    def _wait(self, seconds: float) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.transport.close)

    def _watch(self) -> None:
        """Let the deadline of a request run from its first byte to its last, and limit what surrounds its body."""
        if self._room is not None or self.transport.is_closing():
            return
        state = self.conn.their_state
        arriving = state is h11.SEND_BODY or (state is h11.IDLE and bool(self.conn.trailing_data[0]))
        if not arriving:
            self._framing = 0
        self._set_deadline(running=arriving)
        if self._framing > self._limits.framing_size:
            self._refuse(413, f"the sizes of the body's chunks take more than {self._limits.framing_size} bytes")

    def _body_size(self) -> int:
        return 0 if cast(Any, self.cycle) is None else len(self.cycle.body)

    def _set_deadline(self, *, running: bool) -> None:
        if running and self._deadline is None:
            self._deadline = self.loop.call_later(self._limits.request_seconds, self._time_out)
        elif not running and self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _time_out(self) -> None:
        self._refuse(408, f"the request took longer than {self._limits.request_seconds:g} s to arrive")

    def _refuse(self, status: int, error: str) -> None:
        """Answer in the place of the application, unless that has begun to, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and self._room is None:
            body = error_answer(status, [error], Assumptions()).body
            lines = [
                f"HTTP/1.1 {status} {phrase(status)}",
                "Content-Type: application/json",
                f"Content-Length: {len(body)}",
                "Connection: close",
            ]
            self.transport.write("\r\n".join([*lines, "", ""]).encode("ascii") + body)
        self.linger()

    def _with_connection(self, application: Any) -> Any:
        async def with_connection(scope: Any, receive: Any, send: Any) -> None:
            scope["extensions"] = {CONNECTION: _Connection(self.transport, self.linger)}
            await application(scope, receive, send)

        return with_connection


class _Connection:
    def __init__(self, transport: asyncio.Transport, linger: Callable[[], None]) -> None:
        self._transport = transport
        self.linger = linger

    def write(self, data: bytes, /) -> None:
        self._transport.write(data)

    def close(self) -> None:
        self._transport.close()

    async def reset(self) -> None:
        # A reset overtakes bytes that the peer has not received yet, so wait until those have arrived.
        connection = self._transport.get_extra_info("socket")
        while not self._transport.is_closing() and (
            self._transport.get_write_buffer_size() or _bytes_in_the_kernel(connection)
        ):
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        if not self._transport.is_closing():
            # With a linger time of zero, closing sends a reset.
            linger = struct.pack("HH" if sys.platform == "win32" else "ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._transport.abort()


def _bytes_in_the_kernel(connection: socket.socket) -> int:
    """The number of bytes that the peer has not acknowledged. Only Linux reports it; elsewhere a pause must suffice."""
    if sys.platform != "linux":
        return 0
    import fcntl
    import termios

    return int.from_bytes(fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder)
