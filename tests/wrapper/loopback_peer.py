"""Real servers on loopback sockets, with every byte under the control of a test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import attrs


@attrs.define
class Received:
    """A request as it was received."""

    method: str
    target: str
    """Path and query, percent-encoded."""

    headers: dict[str, str]
    body: bytes
    peer_port: int
    """Identifies the connection."""

    respond: Callable[..., None] = attrs.field(repr=False)
    """respond(status=200, headers={}, body=b"")"""

    write: Callable[[bytes], object] = attrs.field(repr=False)
    """Send raw bytes."""


@attrs.define
class Loopback:
    """A running server."""

    url: str
    port: int
    received: list[Received] = attrs.field(factory=list[Received])


@contextmanager
def serve(respond_to: Callable[[Received], None]) -> Iterator[Loopback]:
    """An HTTP/1.1 server on 127.0.0.1; `respond_to` is called for each request, in one thread per connection.

    If it raises ConnectionError, the connection is closed.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def respond(self, status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if status != 204:
                self.wfile.write(body)

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            received = Received(
                method=self.command,
                target=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
                peer_port=self.client_address[1],
                respond=self.respond,
                write=self.wfile.write,
            )
            loopback.received.append(received)
            try:
                respond_to(received)
            except ConnectionError:
                self.close_connection = True

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 512

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # clients that disconnect are expected

    server = Server(("127.0.0.1", 0), Handler)
    loopback = Loopback(f"http://127.0.0.1:{server.server_port}", server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield loopback
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def listen(handle: Callable[[socket.socket], None]) -> Iterator[Loopback]:
    """A bare TCP listener on 127.0.0.1; `handle` is called with each connection, in a separate thread."""
    ended = threading.Event()

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=run, args=(connection,), daemon=True).start()

    def run(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            handle(connection)
            if not ended.is_set():
                connection.shutdown(socket.SHUT_WR)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield Loopback(f"http://127.0.0.1:{port}", port)
        finally:
            ended.set()
            listener.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
