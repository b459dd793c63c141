"""What a server can make an ordinary call take: memory and time."""

from __future__ import annotations

import gzip
import itertools
import socket
import threading
import tracemalloc
from typing import Any

import httpx
import pytest
from rum_replay import (
    AsyncReplayClient,
    ConfigurationError,
    ConnectionFailedError,
    NotFoundError,
    ReplayClient,
    RequestTimeoutError,
    ServerError,
    UnexpectedResponseError,
)

from .loopback_peer import Received, listen, serve
from .replay_driver import Driver, FakeClock
from .replay_samples import item_response
from .test_client_options import IGNORE_UNCLOSED_GENERATORS

MIB = 1 << 20
SMALL = MIB
ONE_LAYER = gzip.compress(bytes(64 * MIB))
BOMBS = {
    "gzip": ONE_LAYER,
    "gzip, gzip": gzip.compress(ONE_LAYER),
    "gzip, gzip, gzip": gzip.compress(gzip.compress(ONE_LAYER)),
}
ITEM = item_response().content


def once(driver: Driver) -> Any:
    return driver.retry_policy(attempts=1)


@pytest.mark.parametrize("coding", BOMBS)
def test_small_answer_cannot_take_much_memory(driver: Driver, coding: str) -> None:
    with serve(lambda received: received.respond(200, {"Content-Encoding": coding}, BOMBS[coding])) as loopback:
        client = driver.open(loopback.url, max_body_size=SMALL)
        tracemalloc.start()
        try:
            with pytest.raises(UnexpectedResponseError, match=r"larger than 1,048,576 bytes, the limit max_body_size"):
                client.playlists.get(1)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 8 * MIB


@pytest.mark.parametrize("coding", BOMBS)
@pytest.mark.parametrize(("status", "error"), [(404, NotFoundError), (500, ServerError)])
def test_error_with_too_large_a_body_is_still_that_error(
    driver: Driver, coding: str, status: int, error: type[NotFoundError]
) -> None:
    with serve(lambda received: received.respond(status, {"Content-Encoding": coding}, BOMBS[coding])) as loopback:
        client = driver.open(loopback.url, max_body_size=SMALL, retry=once(driver))
        with pytest.raises(error, match="the body was not kept: it is larger than") as caught:
            client.playlists.get(1)
        assert (caught.value.status, caught.value.body) == (status, b"")


@IGNORE_UNCLOSED_GENERATORS
@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}], ids=["plain", "gzip"])
def test_limit_is_exact(driver: Driver, headers: dict[str, str]) -> None:
    body = gzip.compress(ITEM) if headers else ITEM
    with serve(lambda received: received.respond(200, headers, body)) as loopback:
        assert driver.open(loopback.url, max_body_size=len(ITEM)).playlists.get(1).id == "48213"
        with pytest.raises(UnexpectedResponseError, match="max_body_size"):
            driver.open(loopback.url, max_body_size=len(ITEM) - 1).playlists.get(1)


@IGNORE_UNCLOSED_GENERATORS
def test_endless_body_ends_at_the_limit(driver: Driver) -> None:
    def endless(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")

    with listen(endless) as loopback:
        client = driver.open(loopback.url, max_body_size=SMALL)
        with pytest.raises(UnexpectedResponseError, match="max_body_size"):
            client.playlists.get(1)


def test_default_limit_is_64_mib_and_a_copy_may_have_another(sync_driver: Driver) -> None:
    driver = sync_driver
    body = ITEM + b" " * (64 * MIB - len(ITEM))
    with serve(lambda received: received.respond(200, {"Content-Encoding": "gzip"}, compressed[0])) as loopback:
        client = driver.open(loopback.url)
        compressed = [gzip.compress(body + b" ", 1)]
        with pytest.raises(UnexpectedResponseError, match="larger than 67,108,864 bytes"):
            client.playlists.get(1)
        assert client.with_options(max_body_size=65 * MIB).playlists.get(1).id == "48213"


@pytest.mark.parametrize("size", [0, -1, 1.5, True, "64", float("inf")])
@pytest.mark.parametrize("cls", [ReplayClient, AsyncReplayClient])
def test_limit_must_be_a_number_of_bytes(cls: type[ReplayClient], size: Any) -> None:
    with pytest.raises(ConfigurationError, match="max_body_size must be"):
        cls(site="us1", api_key="k", app_key="a", max_body_size=size)
    with pytest.raises(ConfigurationError, match="max_body_size must be"):
        cls(site="us1", api_key="k", app_key="a").with_options(max_body_size=size)


def test_pages_of_segments_have_no_such_limit(driver: Driver) -> None:
    with serve(
        lambda received: received.respond(200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(MIB)))
    ) as loopback:
        client = driver.open(loopback.url, max_body_size=1000)
        assert [len(page.content) for page in client.sessions.iter_segments("session", "view")] == [MIB]


def test_hooks_see_the_decoded_body(driver: Driver) -> None:
    seen: list[bytes] = []
    with serve(lambda received: received.respond(200, {"Content-Encoding": "gzip"}, gzip.compress(ITEM))) as loopback:
        client = driver.open(loopback.url, on_response=lambda response: seen.append(response.content))
        client.playlists.get(1)
    assert seen == [ITEM]


def test_answer_whose_compressed_data_is_cut_off_is_asked_for_again(driver: Driver) -> None:
    bodies = iter([gzip.compress(ITEM)[:-9], gzip.compress(ITEM)[:-1], gzip.compress(ITEM)])
    with serve(lambda received: received.respond(200, {"Content-Encoding": "gzip"}, next(bodies))) as loopback:
        assert driver.open(loopback.url).playlists.get(1).id == "48213"
    assert len(loopback.received) == 3


def test_create_whose_answer_is_cut_off_is_not_repeated(driver: Driver) -> None:
    body = gzip.compress(ITEM)[:-1]
    with (
        serve(lambda received: received.respond(201, {"Content-Encoding": "gzip"}, body)) as loopback,
        pytest.raises(ConnectionFailedError, match="TruncatedBody: the body ends in the middle") as caught,
    ):
        driver.open(loopback.url).playlists.create("name")
    assert len(loopback.received) == 1
    assert caught.value.may_have_been_applied


HEADS = {
    "informational answers": b"HTTP/1.1 102 Processing\r\n\r\n",
    "early hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n",
}


@pytest.mark.parametrize("piece", HEADS.values(), ids=list(HEADS))
def test_informational_answers_without_end_take_no_longer_than_the_deadline(driver: Driver, piece: bytes) -> None:
    ended = threading.Event()

    def slowly(connection: socket.socket) -> None:
        connection.recv(65536)
        while not ended.wait(0.002):
            connection.sendall(piece)
            driver.clock.advance(1.0)

    with listen(slowly) as loopback:
        client = driver.open(loopback.url, timeout=10, retry=driver.retry_policy(attempts=1, deadline=30.0))
        with pytest.raises(
            RequestTimeoutError, match=r"ReadTimeout: (the answer was still arriving after 30 s|timed out)"
        ):
            client.playlists.get(1)
        ended.set()


def test_headers_that_trickle_in_take_no_longer_than_the_deadline(driver: Driver) -> None:
    ended = threading.Event()

    def slowly(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not ended.wait(0.002):
            connection.sendall(b"x")
            driver.clock.advance(1.0)

    with listen(slowly) as loopback:
        client = driver.open(loopback.url, timeout=10, retry=driver.retry_policy(attempts=1, deadline=30.0))
        with pytest.raises(RequestTimeoutError, match="still arriving after 30 s"):
            client.playlists.get(1)
        ended.set()


@pytest.mark.parametrize(
    "piece", [*HEADS.values(), b"X-Header: value\r\n", b"x" * 1000], ids=[*HEADS, "many headers", "a long header"]
)
def test_head_without_end_ends_at_a_limit_of_bytes(driver: Driver, piece: bytes) -> None:
    def quickly(connection: socket.socket) -> None:
        connection.recv(65536)
        if not piece.startswith(b"HTTP"):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-First: ")
        while True:
            connection.sendall(piece * 10_000)

    with listen(quickly) as loopback:
        client = driver.open(loopback.url, retry=once(driver))
        with pytest.raises(ConnectionFailedError, match="RemoteProtocolError") as caught:
            client.playlists.get(1)
        assert not isinstance(caught.value, RequestTimeoutError)


def test_page_of_segments_that_makes_progress_is_not_cut_off(driver: Driver) -> None:
    class Ticking(FakeClock):
        """Five seconds pass whenever the client looks, which it does before it reads if its time is limited."""

        def monotonic(self) -> float:
            self.advance(5.0)
            return super().monotonic()

    def slowly(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            ended.wait(0.002)
            connection.sendall(b"x")

    ended = threading.Event()
    with listen(slowly) as loopback:
        pages = driver.open(loopback.url, clock=Ticking()).sessions.iter_segments("session", "view")
        assert [page.content for page in pages] == [b"x" * 100]


def test_later_attempts_take_what_is_left_of_the_deadline(driver: Driver) -> None:
    """The deadline is for the call, so that it does not begin anew with each attempt."""
    attempts = itertools.count()
    ended = threading.Event()

    def slowly(connection: socket.socket) -> None:
        connection.recv(65536)
        if next(attempts) == 0:
            driver.clock.advance(20.0)
            connection.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: x")
        while not ended.wait(0.002):
            driver.clock.advance(0.5)
            connection.sendall(b"x")

    with listen(slowly) as loopback:
        client = driver.open(loopback.url, timeout=5, retry=driver.retry_policy(attempts=2, deadline=30.0))
        with pytest.raises(RequestTimeoutError, match=r"still arriving after 9\.75 s"):
            client.playlists.get(1)
        ended.set()


@IGNORE_UNCLOSED_GENERATORS
def test_client_stays_usable_after_an_answer_that_was_too_large(driver: Driver) -> None:
    bodies = iter([b" " * 2 * MIB, ITEM])

    def respond(received: Received) -> None:
        received.respond(200, {}, next(bodies))

    with serve(respond) as loopback:
        client = driver.open(loopback.url, max_body_size=SMALL)
        with pytest.raises(UnexpectedResponseError):
            client.playlists.get(1)
        assert client.playlists.get(1).id == "48213"


def test_limit_holds_for_the_caller_s_http_client(driver: Driver) -> None:
    with serve(lambda received: received.respond(200, {"Content-Encoding": "gzip"}, ONE_LAYER)) as loopback:
        http_client: httpx.Client | httpx.AsyncClient = driver.open_http_client()
        client = driver.open(loopback.url, http_client=http_client, max_body_size=SMALL)
        with pytest.raises(UnexpectedResponseError, match="max_body_size"):
            client.playlists.get(1)
