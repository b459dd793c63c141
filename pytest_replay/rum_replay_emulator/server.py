"""A real HTTP server for the emulator. The only module that imports uvicorn."""

import asyncio
import socket
import struct
import sys
from collections.abc import Generator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from rum_replay_emulator.asgi import ASGI, CONNECTION
from rum_replay_emulator.extras import install_command

try:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol
except ImportError as error:
    raise ImportError(
        f"the emulator's server needs uvicorn ({error}): {install_command('emulator')}", name=error.name
    ) from error

__all__ = ["serve"]


@contextmanager
def serve(application: ASGI, port: int, host: str = "127.0.0.1") -> Generator[str]:
    """Serve in a separate thread until the context ends; yields the base URL for clients on this machine.

    Port 0 picks a free one. Raises OSError when the port is in use, and for a host that is not an address of this
    machine. Answers that are still being sent when the context ends are cut off.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    # The protocol is given explicitly because asyncio disables Nagle's algorithm only for sockets that have it set.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        server = _Server(application)
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


class _Server(uvicorn.Server):
    """Uvicorn's server, with a signal that it is ready and a stop that takes effect immediately."""

    def __init__(self, application: ASGI) -> None:
        super().__init__(
            uvicorn.Config(
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
            )
        )
        self.ready = Event()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self.ready.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
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
    """Uvicorn's HTTP over h11, giving the application access to the connection."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.app: Any = self._with_connection(self.app)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)

    def _with_connection(self, application: Any) -> Any:
        async def with_connection(scope: Any, receive: Any, send: Any) -> None:
            scope["extensions"] = {CONNECTION: _Connection(self.transport)}
            await application(scope, receive, send)

        return with_connection


class _Connection:
    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

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
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self._transport.abort()


def _bytes_in_the_kernel(connection: socket.socket) -> int:
    """The number of bytes that the peer has not acknowledged. Only Linux reports it; elsewhere a pause must suffice."""
    if sys.platform != "linux":
        return 0
    import fcntl
    import termios

    return int.from_bytes(fcntl.ioctl(connection.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder)
