"""What may go wrong before a request is sent, over real TLS and through real proxies."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from rum_replay import ConnectionFailedError, ReplayError, RequestTimeoutError, Timeout
from rum_replay._certificates import no_certificates, trusted_certificates

from .loopback_peer import Loopback, listen
from .replay_driver import Driver
from .replay_samples import item_response
from .tls_peer import authority, certificate, connect_through, server_context, tls_listen, trusting

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(item_response().content), item_response().content)


def answer(connection: socket.socket) -> None:
    while connection.recv(65536):
        connection.sendall(ANSWER)


# ---- Certificates ---------------------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[Callable[[], Any], bool, str]] = {
    "unknown authority": (lambda: certificate("127.0.0.1"), False, "authority is not trusted here.*SSL_CERT_FILE"),
    "other host": (lambda: certificate("other.example"), True, "belongs to another host.*base_url"),
    "other address": (lambda: certificate("127.0.0.2"), True, "belongs to another host.*base_url"),
    "expired": (lambda: certificate("127.0.0.1", expired=True), True, "expired.*machine's clock"),
    "not yet valid": (lambda: certificate("127.0.0.1", early=True), True, "not yet valid.*machine's clock"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_certificate_is_not_tried_again(driver: Driver, name: str) -> None:
    make, is_trusted, message = REFUSED[name]
    accepted: list[socket.socket] = []
    context = server_context(make())

    def handshake(connection: socket.socket) -> None:
        accepted.append(connection)
        context.wrap_socket(connection.dup(), server_side=True).close()

    trust = trusting() if is_trusted else ssl.create_default_context()
    with listen(handshake) as loopback:
        http_client = driver.open_http_client(verify=trust)
        client = driver.open(f"https://127.0.0.1:{loopback.port}", http_client=http_client)
        with pytest.raises(ConnectionFailedError, match=rf"CERTIFICATE_VERIFY_FAILED.*{message}") as caught:
            client.playlists.get(1)
    assert caught.value.attempts == len(accepted) == 1
    assert not caught.value.may_have_been_applied
    assert driver.clock.slept == []


def test_certificate_of_a_proxy_is_not_tried_again(driver: Driver) -> None:
    with tls_listen(server_context(certificate("other.example")), answer) as loopback:
        proxy = httpx.Proxy(loopback.url, ssl_context=trusting())
        client = driver.open("https://api.example", http_client=driver.open_http_client(proxy=proxy))
        with pytest.raises(ConnectionFailedError, match="belongs to another host") as caught:
            client.playlists.get(1)
    assert caught.value.attempts == 1


def test_authority_named_in_the_environment_is_trusted(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority().cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with tls_listen(server_context(certificate("127.0.0.1")), answer) as loopback:
        assert driver.open(loopback.url).playlists.get(1).id == "48213"
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(ConnectionFailedError, match="authority is not trusted here"):
            driver.open(loopback.url).playlists.get(1)


def test_certificates_are_read_once_and_only_for_tls() -> None:
    context = trusted_certificates({})
    assert trusted_certificates({"SSL_CERT_FILE": ""}) is context
    assert len(context.get_ca_certs()) > 100
    for_plain_http = no_certificates()
    assert for_plain_http.get_ca_certs() == []
    for one in (context, for_plain_http):
        assert (one.verify_mode, one.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_handshake_that_is_cut_off_is_tried_again(driver: Driver) -> None:
    context = server_context(certificate("127.0.0.1"))
    accepted: list[socket.socket] = []

    def second_time(connection: socket.socket) -> None:
        accepted.append(connection)
        if len(accepted) == 1:
            connection.recv(10)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            return
        with context.wrap_socket(connection.dup(), server_side=True) as secured:
            answer(secured)

    with listen(second_time) as loopback:
        http_client = driver.open_http_client(verify=trusting())
        client = driver.open(f"https://127.0.0.1:{loopback.port}", http_client=http_client)
        assert client.playlists.get(1).id == "48213"
    assert len(accepted) == 2


# ---- Proxies --------------------------------------------------------------------------------------------------------


def read_connect(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received and (data := connection.recv(65536)):
        received += data
    return received


def replying(*pieces: bytes, reset: bool = False) -> Callable[[socket.socket], None]:
    def handle(connection: socket.socket) -> None:
        assert read_connect(connection).startswith(b"CONNECT ")
        for piece in pieces:
            connection.sendall(piece)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

    return handle


def keep_silent(connection: socket.socket) -> None:
    read_connect(connection)
    connection.recv(1)


def stop_in_the_answer(connection: socket.socket) -> None:
    read_connect(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-")
    connection.recv(1)


def stop_in_the_handshake(connection: socket.socket) -> None:
    read_connect(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while connection.recv(65536):
        pass


CONNECT_FAILURES: dict[str, Callable[[socket.socket], None]] = {
    "dropped before the CONNECT was read": lambda connection: None,
    "dropped before an answer": replying(),
    "reset before an answer": replying(reset=True),
    "dropped in the status": replying(b"HTTP/1."),
    "dropped in the headers": replying(b"HTTP/1.1 200 OK\r\nX-Something: "),
    "407": replying(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"),
    "502": replying(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nno."),
    "302": replying(b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\n\r\n"),
    "garbage": replying(b"\x16\x03\x01 SSH-2.0-proxy\r\n\r\n"),
    "dropped after its 200": replying(b"HTTP/1.1 200 OK\r\n\r\n"),
    "reset after its 200": replying(b"HTTP/1.1 200 OK\r\n\r\n", reset=True),
    "no TLS after its 200": replying(b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "silent": keep_silent,
    "silent in its answer": stop_in_the_answer,
    "silent in the handshake": stop_in_the_handshake,
}
IMPATIENT = Timeout(connect=0.2, read=0.2, write=5, pool=5)


@pytest.fixture(params=["http", "https"])
def open_proxy(request: pytest.FixtureRequest) -> Callable[[Callable[[Any], None]], Any]:
    """Opens a proxy with a handler for each of its connections."""
    encrypted = partial(tls_listen, server_context(certificate("127.0.0.1")))
    return listen if request.param == "http" else encrypted


def client_behind(driver: Driver, proxy: Loopback, url: str, **options: Any) -> Any:
    through = httpx.Proxy(proxy.url, ssl_context=trusting() if proxy.url.startswith("https") else None)
    return driver.open(url, http_client=driver.open_http_client(proxy=through, verify=trusting()), **options)


# CPython leaves a socket open that is reset just before its handshake (SSLSocket._create).
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", CONNECT_FAILURES)
def test_request_whose_connect_failed_was_never_sent(driver: Driver, open_proxy: Any, name: str) -> None:
    with open_proxy(CONNECT_FAILURES[name]) as proxy:
        once = driver.retry_policy(attempts=1)
        timeout = IMPATIENT if "silent" in name else Timeout()
        client = client_behind(driver, proxy, "https://api.example", retry=once, timeout=timeout)
        for group, method in (("playlists", "create"), ("viewership", "delete_watches")):
            with pytest.raises(ConnectionFailedError) as caught:
                getattr(getattr(client, group), method)("n")
            assert not caught.value.may_have_been_applied, caught.value
            assert isinstance(caught.value, RequestTimeoutError) is ("silent" in name)


def test_create_is_sent_once_the_connect_succeeds(driver: Driver, open_proxy: Any) -> None:
    with tls_listen(server_context(certificate("127.0.0.1")), answer) as server:

        def pass_through(connection: socket.socket) -> None:
            read_connect(connection)
            connect_through(connection, server.port)

        turns = iter([replying(), replying(b"HTTP/1.1 20"), pass_through])

        def take_turns(connection: socket.socket) -> None:
            next(turns)(connection)

        with open_proxy(take_turns) as proxy:
            client = client_behind(driver, proxy, server.url)
            assert client.playlists.create("n").id == "48213"
    assert driver.clock.slept == [0.25, 0.5]


def receive(connection: socket.socket) -> None:
    connection.recv(65536)


def test_request_that_is_lost_behind_the_proxy_may_have_been_applied(driver: Driver, open_proxy: Any) -> None:
    def proxy_to_server(connection: socket.socket) -> None:
        read_connect(connection)
        connect_through(connection, server.port)

    with (
        tls_listen(server_context(certificate("127.0.0.1")), receive) as server,
        open_proxy(proxy_to_server) as proxy,
    ):
        client = client_behind(driver, proxy, server.url)
        with pytest.raises(ReplayError) as caught:
            client.playlists.create("n")
        assert isinstance(caught.value, ConnectionFailedError)
        assert caught.value.may_have_been_applied
        assert caught.value.attempts == 1


def test_request_forwarded_by_a_plain_proxy_may_have_been_applied(driver: Driver) -> None:
    """Without TLS there is no CONNECT: the proxy gets the request itself."""
    with listen(receive) as proxy:
        client = client_behind(driver, proxy, "http://127.0.0.1:1")
        with pytest.raises(ConnectionFailedError) as caught:
            client.playlists.create("n")
    assert caught.value.may_have_been_applied
