"""Servers and proxies with certificates of an authority of the tests, on loopback sockets."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import h2.config
import h2.connection
import h2.events
import trustme

from .loopback_peer import Loopback, listen

__all__ = ["authority", "certificate", "connect_through", "serve_http2", "server_context", "tls_listen", "trusting"]


@cache
def authority() -> trustme.CA:
    return trustme.CA()


def certificate(*names: str, expired: bool = False, early: bool = False) -> trustme.LeafCert:
    """Of the authority of the tests; valid now unless said otherwise."""
    now = datetime.now(UTC)
    begin, end = (
        (now - timedelta(days=3), now - timedelta(days=1))
        if expired
        else (now - timedelta(days=1), now + timedelta(days=3))
    )
    if early:
        begin = now + timedelta(days=1)
    return authority().issue_cert(*names, not_before=begin, not_after=end)


def server_context(leaf: trustme.LeafCert, protocols: Sequence[str] = ("http/1.1",)) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(protocols)
    leaf.configure_cert(context)
    return context


def trusting() -> ssl.SSLContext:
    """What clients need to trust these servers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority().configure_trust(context)
    return context


@contextmanager
def tls_listen(context: ssl.SSLContext, handle: Callable[[ssl.SSLSocket], None]) -> Iterator[Loopback]:
    """A listener with TLS; connections whose handshake fails are dropped."""

    def secure(connection: socket.socket) -> None:
        with context.wrap_socket(connection.dup(), server_side=True) as secured:
            handle(secured)

    with listen(secure) as loopback:
        yield Loopback(f"https://127.0.0.1:{loopback.port}", loopback.port, loopback.received)


Header = tuple[str, str]


@contextmanager
def serve_http2(answer: Callable[[list[Header]], tuple[list[Header], bytes]]) -> Iterator[Loopback]:
    """An HTTP/2 server; `answer` makes headers and body from the headers of each request."""

    def handle(connection: ssl.SSLSocket) -> None:
        state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        state.initiate_connection()
        connection.sendall(state.data_to_send())
        while data := connection.recv(65536):
            for event in state.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    received: Any = event
                    headers, body = answer(list(received.headers))
                    state.send_headers(received.stream_id, headers)
                    state.send_data(received.stream_id, body, end_stream=True)
            connection.sendall(state.data_to_send())

    with tls_listen(server_context(certificate("127.0.0.1"), ["h2"]), handle) as loopback:
        yield loopback


def connect_through(client: socket.socket, port: int) -> None:
    """Answer a CONNECT that was received, and pass bytes on to a port until either side ends."""
    import threading

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    with socket.create_connection(("127.0.0.1", port)) as server:
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        thread = threading.Thread(target=pass_on, args=(server, client), daemon=True)
        thread.start()
        pass_on(client, server)
        thread.join()
