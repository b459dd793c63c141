"""A server in a separate process, so that it shares an interpreter with neither side: canned answers on 127.0.0.1.

    python -m benchmarks.peer            answers every request with the same small body
    python -m benchmarks.peer 1073741824 answers every request with this many bytes

It prints its port on the first line, and ends when its input ends.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .answers import PLAYLIST

__all__ = ["encoded_peer", "peer"]

_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Thu, 02 Apr 2026 15:03:42 GMT\r\n"
    b"Content-Length: %d\r\n%s\r\n"
)
_RATE_LIMIT = (
    b"X-RateLimit-Limit: 600\r\nX-RateLimit-Period: 60\r\nX-RateLimit-Remaining: 599\r\nX-RateLimit-Reset: 23\r\n"
    b"X-RateLimit-Name: rum_replay\r\n"
)
_SMALL = _HEAD % (len(PLAYLIST), b"") + PLAYLIST
_SMALL_WITH_RATE_LIMIT = _HEAD % (len(PLAYLIST), _RATE_LIMIT) + PLAYLIST


@contextmanager
def encoded_peer(page: bytes, coding: str) -> Iterator[str]:
    """The base URL of a server in this process that answers for segments with one page, else as `peer`."""
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding.encode(), len(page))

    def answer_all() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as request:
                while line := request.readline():
                    is_page = b"/segments" in line
                    while request.readline().strip():
                        pass
                    connection.sendall(head + page if is_page else _SMALL)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer_all, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)


@contextmanager
def peer(size: int | None = None) -> Iterator[str]:
    """The base URL of a running server; answers below `/limited` have the headers of a rate limit."""
    command = [sys.executable, "-m", "benchmarks.peer", *([] if size is None else [str(size)])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.stdin.close()
            process.wait()


class _Canned(asyncio.Protocol):
    """Answers each request without a body as soon as its blank line arrives. asyncio sets TCP_NODELAY."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(b"\r\n\r\n"):
            limited = self._received.startswith(b"GET /limited")
            self._received = b""
            self._transport.write(_SMALL_WITH_RATE_LIMIT if limited else _SMALL)


async def _serve_small() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Canned, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def _serve_large(size: int) -> None:
    """Blocking sends from one buffer, as fast as the kernel accepts them."""
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    threading.Thread(target=_send_to_all, args=(server, size), daemon=True).start()
    sys.stdin.read()


def _send_to_all(server: socket.socket, size: int) -> None:
    block = memoryview(bytes(range(256)) * 4096)
    while True:
        connection, _ = server.accept()
        with connection, connection.makefile("rb") as request:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while request.readline().strip():
                pass
            connection.sendall(_HEAD % (size, b"Connection: close\r\n"))
            for start in range(0, size, len(block)):
                connection.sendall(block[: size - start])


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _serve_large(int(sys.argv[1]))
    else:
        asyncio.run(_serve_small())
