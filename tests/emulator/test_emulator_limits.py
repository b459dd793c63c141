"""What the emulator accepts at most: sizes, times and connections, over real sockets, and bodies without any."""

from __future__ import annotations

import asyncio
import json
import re
import select
import socket
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from urllib.parse import urlsplit

import freezegun
import httpx
import pytest
import trio
from rum_replay import AsyncReplayClient, ReplayClient, RetryPolicy, StatusError
from rum_replay_emulator import Assumptions, Emulator, RateLimit
from rum_replay_emulator.limits import LIMITS, Limits
from rum_replay_emulator.server import serve

from .emulator_api import KEYS, PLAYLISTS

KIB, MIB = 1024, 1024 * 1024
HEAD = b"Host: localhost\r\nDD-API-KEY: a\r\nDD-APPLICATION-KEY: b\r\n"
GET = f"GET {PLAYLISTS} HTTP/1.1\r\n".encode() + HEAD
POST = f"POST {PLAYLISTS} HTTP/1.1\r\n".encode() + HEAD
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 413 "


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with emulator.serve() as base_url:
        yield base_url


@contextmanager
def connected(url: str) -> Iterator[socket.socket]:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as connection:
        yield connection


def rest_of(connection: socket.socket) -> bytes:
    """Everything until the server closes."""
    received = bytearray()
    while part := connection.recv(65536):
        received += part
    return bytes(received)


def one_answer(connection: socket.socket) -> tuple[int, bytes]:
    """The status and the body of the next answer, on a connection that may stay open."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(1)  # not a byte of what follows
        assert part, received
        received += part
    length = int(re.search(rb"(?i)\r\ncontent-length: (\d+)", received)[1])  # type: ignore[index]
    body = bytearray()
    while len(body) < length:
        part = connection.recv(length - len(body))
        assert part, len(body)
        body += part
    return int(received.split()[1]), bytes(body)


def answer_to(url: str, request: bytes) -> tuple[int, bytes]:
    """The status and the body that a request gets; the server closes the connection."""
    with connected(url) as connection:
        connection.sendall(request)
        head, _, body = rest_of(connection).partition(b"\r\n\r\n")
    assert b"\r\nconnection: close" in head.lower()
    return int(head.split()[1]), body


def sent_until_closed(connection: socket.socket, pieces: Iterator[bytes]) -> int:
    """The number of bytes after which the server no longer takes any."""
    sent = 0
    for piece in pieces:
        try:
            connection.sendall(piece)
        except OSError:
            return sent
        sent += len(piece)
        assert sent < 100 * MIB, "the server reads without end"
    raise AssertionError("there is no end")


def error_of(body: bytes) -> str:
    (error,) = json.loads(body)["errors"]
    assert isinstance(error, str)
    return error


BODIES: dict[str, tuple[bytes, bytes]] = {
    "length": (POST + b"Content-Length: 104857600\r\n\r\n", b"a" * MIB),
    "length of 20 digits": (POST + b"Content-Length: 99999999999999999999\r\n\r\n", b"a" * MIB),
    "length with zeros": (POST + b"Content-Length: 00000000000104857600\r\n\r\n", b"a" * MIB),
    "chunks": (CHUNKED, b"100000\r\n" + b"a" * MIB + b"\r\n"),
    "one chunk": (CHUNKED + b"ffffffffff\r\n", b"a" * MIB),
    "small chunks": (CHUNKED, b"1\r\na\r\n" * 100_000),
    "a chunk size without end": (CHUNKED, b"0" * MIB),
    "a chunk extension without end": (CHUNKED + b"1;", b"e" * MIB),
    "chunk extensions": (CHUNKED, (b"1;" + b"e" * 60_000 + b"\r\na\r\n") * 20),
    "trailers": (CHUNKED + b"0\r\n", b"a: b\r\n" * 100_000),
    "a trailer without end": (CHUNKED + b"0\r\na: ", b"b" * MIB),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_beyond_the_limit_is_answered_and_not_read_to_its_end(emulator: Emulator, url: str, kind: str) -> None:
    start, piece = BODIES[kind]
    fault = emulator.faults.add(status=500)
    with connected(url) as connection:
        connection.sendall(start)
        sent_until_closed(connection, repeat(piece))
        head, _, body = rest_of(connection).partition(b"\r\n\r\n")
    assert head.startswith(TOO_LARGE)
    assert error_of(body)
    assert emulator.requests == []
    assert fault.used == 0


def test_memory_stays_flat(url: str) -> None:
    piece = b"100000\r\n" + b"a" * MIB + b"\r\n"
    with connected(url) as connection:
        tracemalloc.start()
        try:
            connection.sendall(CHUNKED)
            sent_until_closed(connection, repeat(piece))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert rest_of(connection).startswith(TOO_LARGE)
    assert peak < 4 * LIMITS.body_size


def test_a_client_that_waits_to_be_told_to_continue_is_refused_at_once(url: str) -> None:
    status, _ = answer_to(url, POST + b"Expect: 100-continue\r\nContent-Length: 104857600\r\n\r\n")
    assert status == 413


def test_a_client_that_waits_to_continue_with_a_small_body_may(url: str) -> None:
    body = document(100)
    with connected(url) as connection:
        connection.sendall(POST + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert one_answer(connection)[0] == 201


def test_more_than_was_announced_is_not_part_of_the_body(emulator: Emulator, url: str) -> None:
    with connected(url) as connection:
        connection.sendall(POST + b"Content-Length: 2\r\n\r\n{}")
        assert one_answer(connection)[0] == 400
        sent_until_closed(connection, repeat(b"a" * MIB))
        assert rest_of(connection).startswith(b"HTTP/1.1 414 ")
    assert [request.body for request in emulator.requests] == [b"{}"]


def test_what_follows_the_last_request_is_ignored(emulator: Emulator, url: str) -> None:
    emulator.faults.add(operation="ListRumReplayPlaylists", delay=0.2)
    with connected(url) as connection:
        connection.sendall(GET + b"Connection: close\r\n\r\n")
        while not emulator.requests:
            connection.sendall(b"a" * KIB)
        assert rest_of(connection).startswith(b"HTTP/1.1 200 ")
    assert len(emulator.requests) == 1


def test_a_body_that_is_too_large_and_invalid_is_answered_once(
    emulator: Emulator, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = b"100000\r\n" + b"a" * MIB + b"\r\n"
    for _ in range(20):
        with connected(url) as connection:
            connection.sendall(CHUNKED + body * 3 + b"ffff0\r\n" + b"a" * 0xFFFF0 + b"\r\n" + b"10\r\n" + b"a" * 16)
            connection.sendall(b"\r\n1\r\na\r\nx\r\n")
            assert rest_of(connection).count(b"HTTP/1.1 4") == 1
    assert emulator.requests == []
    assert "Exception" not in caplog.text


def document(size: int) -> bytes:
    """A request body of so many bytes."""
    start, end = b'{"data":{"type":"rum_replay_playlist","attributes":{"name":"', b'"}}}'
    return start + b"n" * (size - len(start) - len(end)) + end


SIZES = [(LIMITS.body_size, 201), (LIMITS.body_size + 1, 413)]
SENDERS: dict[str, Callable[[Emulator, bytes], httpx.Response]] = {}


def sender(function: Callable[[Emulator, bytes], httpx.Response]) -> Callable[[Emulator, bytes], httpx.Response]:
    SENDERS[function.__name__] = function
    return function


@sender
def over_a_socket(emulator: Emulator, body: bytes) -> httpx.Response:
    with emulator.serve() as url:
        return httpx.post(url + PLAYLISTS, content=body, headers=KEYS, trust_env=False, verify=False)


@sender
def over_a_socket_in_chunks(emulator: Emulator, body: bytes) -> httpx.Response:
    with emulator.serve() as url:
        return httpx.post(url + PLAYLISTS, content=pieces(body), headers=KEYS, trust_env=False, verify=False)


@sender
def in_process(emulator: Emulator, body: bytes) -> httpx.Response:
    with httpx.Client(transport=emulator.transport(), headers=KEYS) as client:
        return client.post(f"http://any.example{PLAYLISTS}", content=body)


@sender
def in_process_in_pieces(emulator: Emulator, body: bytes) -> httpx.Response:
    with httpx.Client(transport=emulator.transport(), headers=KEYS) as client:
        return client.post(f"http://any.example{PLAYLISTS}", content=pieces(body))


@sender
def in_process_without_a_length(emulator: Emulator, body: bytes) -> httpx.Response:
    with httpx.Client(transport=emulator.transport(), headers={**KEYS, "Transfer-Encoding": "chunked"}) as client:
        return client.post(f"http://any.example{PLAYLISTS}", content=body)


@sender
def in_process_asyncio(emulator: Emulator, body: bytes) -> httpx.Response:
    return asyncio.run(sent_async(emulator.transport(), body))


@sender
def in_process_trio(emulator: Emulator, body: bytes) -> httpx.Response:
    return trio.run(sent_async, emulator.transport(), body)


@sender
def in_process_asyncio_in_pieces(emulator: Emulator, body: bytes) -> httpx.Response:
    return asyncio.run(sent_async(emulator.transport(), async_pieces(body)))


@sender
def under_another_server(emulator: Emulator, body: bytes) -> httpx.Response:
    return asyncio.run(sent_async(httpx.ASGITransport(emulator.asgi), body))


@sender
def under_another_server_in_pieces(emulator: Emulator, body: bytes) -> httpx.Response:
    return asyncio.run(sent_async(httpx.ASGITransport(emulator.asgi), async_pieces(body)))


async def sent_async(transport: httpx.AsyncBaseTransport, body: bytes | AsyncIterator[bytes]) -> httpx.Response:
    async with httpx.AsyncClient(transport=transport, headers=KEYS) as client:
        return await client.post(f"http://any.example{PLAYLISTS}", content=body)


def pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 64 * KIB):
        yield body[start : start + 64 * KIB]


async def async_pieces(body: bytes) -> AsyncIterator[bytes]:
    for piece in pieces(body):
        yield piece


@pytest.mark.parametrize(("size", "status"), SIZES)
@pytest.mark.parametrize("send", SENDERS.values(), ids=SENDERS)
def test_the_limit_of_a_body_is_the_same_everywhere(
    emulator: Emulator, send: Callable[[Emulator, bytes], httpx.Response], size: int, status: int
) -> None:
    response = send(emulator, document(size))
    assert response.status_code == status
    assert len(emulator.requests) == (status == 201)
    if status == 413:
        assert response.json() == {"errors": [f"body: is larger than {LIMITS.body_size} bytes"]}


def test_pieces_without_end_are_not_read_to_their_end_in_process(emulator: Emulator) -> None:
    asked = 0

    def endless() -> Iterator[bytes]:
        nonlocal asked
        while True:
            asked += 1
            yield b"a" * MIB

    with httpx.Client(transport=emulator.transport(), headers=KEYS) as client:
        assert client.post(f"http://any.example{PLAYLISTS}", content=endless()).status_code == 413
    assert asked == LIMITS.body_size // MIB + 1


@pytest.mark.parametrize("length", ["104857600", "9" * 19, "9" * 21, "1" + "0" * 5_000])
def test_an_announced_length_is_believed_in_process(emulator: Emulator, length: str) -> None:
    def unread() -> Iterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    with httpx.Client(transport=emulator.transport(), headers={**KEYS, "Content-Length": length}) as client:
        assert client.post(f"http://any.example{PLAYLISTS}", content=unread()).status_code == 413


def test_the_answer_has_the_assumed_shape_of_errors_and_does_not_count() -> None:
    emulator = Emulator(assumptions=Assumptions(error_shape="json_api"), rate_limit=RateLimit(1, 60))
    for send in SENDERS.values():
        response = send(emulator, document(LIMITS.body_size + 1))
        assert response.status_code == 413
        assert response.json()["errors"][0]["detail"] == f"body: is larger than {LIMITS.body_size} bytes"
    assert in_process(emulator, document(100)).status_code == 201


def test_the_error_reaches_a_synchronous_caller(emulator: Emulator, url: str) -> None:
    with (
        ReplayClient(base_url=url, api_key="a", app_key="b", retry=RetryPolicy(attempts=1)) as replay,
        pytest.raises(StatusError, match=r"413 .*body: is larger than 4194304 bytes"),
    ):
        replay.playlists.create("n" * 5 * MIB)
    assert emulator.requests == []


@pytest.mark.parametrize("tick", [0, 3600])
def test_times_out_in_real_time_while_freezegun_stops_the_clock_or_lets_it_jump(emulator: Emulator, tick: int) -> None:
    with (
        serve(emulator.asgi, 0, limits=Limits(request_seconds=0.5)) as url,
        freezegun.freeze_time("2026-01-01", auto_tick_seconds=tick),
        connected(url) as connection,
    ):
        connection.sendall(GET)
        connection.sendall(b"\r\n")
        assert one_answer(connection)[0] == 200
        connection.sendall(GET)
        assert one_answer(connection)[0] == 408
    assert len(emulator.requests) == 1


def test_the_error_reaches_an_asynchronous_caller(emulator: Emulator, url: str) -> None:
    async def create() -> None:
        async with AsyncReplayClient(base_url=url, api_key="a", app_key="b", retry=RetryPolicy(attempts=1)) as replay:
            await replay.playlists.create("n" * 5 * MIB)

    with pytest.raises(StatusError, match=r"413 .*body: is larger than 4194304 bytes"):
        asyncio.run(create())
    assert emulator.requests == []


def test_the_largest_request_that_makes_sense_is_accepted(emulator: Emulator, url: str) -> None:
    ids = [f"{number:036}" for number in range(50_000)]
    with ReplayClient(base_url=url, api_key="a", app_key="b") as replay:
        playlist = replay.playlists.create("p")
        for session_id in (ids[0], "other"):
            replay.playlists.add_session(playlist.id, session_id)
        replay.playlists.remove_sessions(playlist.id, ids)
        assert [session.id for session in replay.playlists.list_sessions(playlist.id)] == ["other"]
    assert len(emulator.requests[3].body) < LIMITS.body_size


def test_of_many_problems_with_a_large_body_one_is_reported(emulator: Emulator) -> None:
    path = f"http://any.example{PLAYLISTS}/1/sessions"
    with httpx.Client(transport=emulator.transport(), headers=KEYS) as client:
        few = client.request("DELETE", path, content=b'{"data":[%b]}' % b",".join([b"0"] * 5_000))
        many = client.request("DELETE", path, content=b'{"data":[%b]}' % b",".join([b"0"] * 2_000_000))
        missing = client.request("DELETE", path, content=b'{"data":[%b]}' % b",".join([b"{}"] * 1_000_000))
    assert (few.status_code, many.status_code, missing.status_code) == (400, 400, 400)
    assert len(few.json()["errors"]) == 5_000
    assert few.json()["errors"][:1] == many.json()["errors"]
    assert missing.json()["errors"] == ["data.0.type: is required"]


HEADS = {
    "a long URL": (414, GET.replace(b"playlists", b"playlists/" + b"9" * 33_000) + b"\r\n"),
    "a long query": (414, GET.replace(b" HTTP", b"?a=" + b"9" * 33_000 + b" HTTP") + b"\r\n"),
    "a URL without end": (414, b"GET /" + b"a" * 400_000),
    "a long header": (431, GET + b"A: " + b"b" * 66_000 + b"\r\n\r\n"),
    "a header without end": (431, GET + b"A: " + b"b" * 400_000),
    "a folded header without end": (431, GET + b"A: b\r\n" + b" b\r\n" * 100_000),
    "large headers": (431, GET + (b"A: " + b"b" * 1_000 + b"\r\n") * 66 + b"\r\n"),
    "headers without end": (431, GET + b"A: b\r\n" * 80_000),
    "many headers": (431, GET + b"A: b\r\n" * 98 + b"\r\n"),
    "NUL in a header": (400, GET + b"A: \0\r\n\r\n"),
    "NUL in the URL": (400, GET.replace(b"playlists", b"play\0lists") + b"\r\n"),
    "a name with a space": (400, GET + b"A b: c\r\n\r\n"),
    "a name without a value": (400, GET + b"A\r\n\r\n"),
    "a carriage return alone": (400, GET + b"A: b\rC: d\r\n\r\n"),
    "two lengths": (400, POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
    "a length that is none": (400, POST + b"Content-Length: -1\r\n\r\n"),
    "a length beyond all bounds": (400, POST + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n"),
    "length and chunks": (400, POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"),
    "another transfer coding": (501, POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n"),
    "two transfer codings": (501, POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "a chunk size that is none": (400, CHUNKED + b"x\r\n"),
    "a chunk without its end": (400, CHUNKED + b"1\r\naa\r\n"),
    "another protocol": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01"),
    "another version": (400, b"GET / HTTP/2\r\n\r\n"),
    "an empty line": (400, b"\r\n\r\n"),
}


@pytest.mark.parametrize("kind", HEADS)
def test_a_head_beyond_the_limits_is_refused(emulator: Emulator, url: str, kind: str) -> None:
    expected, request = HEADS[kind]
    status, body = answer_to(url, request)
    assert status == expected
    assert error_of(body)
    assert emulator.requests == []
    assert httpx.get(url + PLAYLISTS, headers=KEYS, trust_env=False, verify=False).status_code == 200


def test_a_gigabyte_of_headers_is_not_read(url: str) -> None:
    with connected(url) as connection:
        connection.sendall(GET)
        sent_until_closed(connection, repeat(b"A: b\r\n" * 100_000))
        assert rest_of(connection).startswith(b"HTTP/1.1 431 ")


def test_heads_within_the_limits_are_answered(url: str) -> None:
    with connected(url) as connection:
        long = GET.replace(b" HTTP", b"?a=" + b"9" * 32_000 + b" HTTP") + (b"A: " + b"b" * 300 + b"\r\n") * 97
        connection.sendall((long + b"\r\n") * 10 + GET.replace(b"\r\n", b"\n") + b"\n")
        assert [one_answer(connection)[0] for _ in range(11)] == [200] * 11
        for _ in range(10):
            connection.sendall(long + b"\r\n")
            assert one_answer(connection)[0] == 200


def test_requests_may_be_sent_before_the_answer_to_the_last_one(emulator: Emulator, url: str) -> None:
    body = document(100)
    create = POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    with connected(url) as connection:
        connection.sendall(
            (create + CHUNKED + b"64\r\n" + body + b"\r\n0\r\n\r\n") * 20 + POST + b"Content-Length: x\r\n\r\n"
        )
        with connection.makefile("rb") as file:
            received = file.read()
    assert received.count(b"HTTP/1.1 201 ") == 40
    assert received.count(b"HTTP/1.1 400 ") == 1
    assert len(emulator.requests) == 40


HASTY = Limits(request_seconds=0.1, idle_seconds=0.5, linger_seconds=0.1)


@pytest.fixture
def hasty_url(emulator: Emulator) -> Iterator[str]:
    with serve(emulator.asgi, 0, limits=HASTY) as url:
        yield url


STARTS = {
    "a byte": b"G",
    "a line": b"GET / HTTP/1.1\r\n",
    "a header": GET + b"A: ",
    "a head": POST + b"Content-Length: 1000\r\n\r\n",
    "a body": POST + b"Content-Length: 1000\r\n\r\n{",
    "a chunk size": CHUNKED + b"3",
    "a chunk": CHUNKED + b"fff\r\n{",
    "a trailer": CHUNKED + b"0\r\na: ",
    "a second request": GET + b"\r\nGET",
}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_a_request_that_trickles_in_times_out(emulator: Emulator, hasty_url: str, start: bytes) -> None:
    with connected(hasty_url) as connection:
        connection.sendall(start)
        if start.startswith(GET + b"\r\n"):
            assert one_answer(connection)[0] == 200
            emulator.requests.clear()
        while not select.select([connection], [], [], 0.01)[0]:
            connection.sendall(b"0")
        status, body = one_answer(connection)
        assert (status, error_of(body)) == (408, "the request took longer than 0.1 s to arrive")
    assert emulator.requests == []


def test_a_request_that_began_before_the_last_answer_times_out(hasty_url: str) -> None:
    with connected(hasty_url) as connection:
        connection.sendall(GET + b"\r\nGET")
        assert one_answer(connection)[0] == 200
        assert one_answer(connection)[0] == 408


@pytest.mark.parametrize("requests", [0, 1, 2])
def test_a_connection_without_a_request_is_closed(hasty_url: str, requests: int) -> None:
    with connected(hasty_url) as connection:
        for _ in range(requests):
            connection.sendall(GET + b"\r\n")
            assert one_answer(connection)[0] == 200
        assert connection.recv(1) == b""


def test_the_time_without_a_request_is_the_same_before_and_after_one(emulator: Emulator) -> None:
    with (
        serve(emulator.asgi, 0, limits=Limits(idle_seconds=0.2, request_seconds=1)) as url,
        connected(url) as used,
        connected(url) as late,
    ):
        used.sendall(GET + b"\r\n")
        late.sendall(b"G")
        assert one_answer(used)[0] == 200
        readable, _, _ = select.select([used, late], [], [], 30)
        assert (readable, used.recv(1)) == ([used], b"")


def test_a_client_that_never_closes_is_closed(hasty_url: str) -> None:
    with connected(hasty_url) as connection:
        connection.sendall(GET + b"A: \0\r\n\r\n")
        assert rest_of(connection).startswith(b"HTTP/1.1 400 ")
        # Only the half to the client is closed yet; the other one follows, and nothing arrives there any more.
        sent_until_closed(connection, repeat(b"a"))


def wait_for_a_timeout(url: str) -> None:
    """Return when a request of somebody else has timed out."""
    with connected(url) as other:
        other.sendall(b"G")
        assert one_answer(other)[0] == 408


def test_what_takes_long_after_the_request_has_arrived_does_not_time_out(emulator: Emulator, hasty_url: str) -> None:
    emulator.faults.add(operation="ListRumReplayPlaylists", delay=0.7)
    emulator.faults.add(operation="ListRumReplayPlaylists", timeout="read")
    with connected(hasty_url) as delayed:
        delayed.sendall(GET + b"\r\n")
        assert one_answer(delayed)[0] == 200
    with connected(hasty_url) as hanging:
        hanging.sendall(GET + b"\r\n")
        for _ in range(6):
            wait_for_a_timeout(hasty_url)
        assert select.select([hanging], [], [], 0)[0] == []


def test_a_request_in_pieces_has_no_deadline_once_it_has_arrived(emulator: Emulator) -> None:
    emulator.faults.add(operation="ListRumReplayPlaylists", timeout="read")
    with serve(emulator.asgi, 0, limits=Limits(request_seconds=1)) as url, connected(url) as connection:
        for piece in (GET, b"A: b\r\n", b"\r\n"):
            connection.sendall(piece)
            httpx.get(url, trust_env=False)  # after this the server has seen the piece
        wait_for_a_timeout(url)
        assert select.select([connection], [], [], 0)[0] == []


def test_a_large_answer_may_be_read_slowly(emulator: Emulator, hasty_url: str) -> None:
    emulator.faults.add(status=200, body=b"x" * 40_000_000)
    with connected(hasty_url) as connection:
        connection.sendall(GET + b"\r\n")
        received = connection.recv(1)
        for _ in range(6):
            wait_for_a_timeout(hasty_url)
        with connection.makefile("rb") as file:
            received += file.read(39_000_000)
            wait_for_a_timeout(hasty_url)
            received += file.read()
    assert len(received.partition(b"\r\n\r\n")[2]) == 40_000_000


@pytest.fixture
def narrow_url(emulator: Emulator) -> Iterator[str]:
    with serve(emulator.asgi, 0, limits=Limits(connections=3)) as url:
        yield url


def test_connections_without_a_request_make_room(narrow_url: str) -> None:
    opened: list[socket.socket] = []
    try:
        for _ in range(50):
            opened.append(
                socket.create_connection((urlsplit(narrow_url).hostname or "", urlsplit(narrow_url).port or 0), 30)
            )
        assert [connection.recv(1) for connection in opened[:-3]] == [b""] * 47
        opened[-3].sendall(GET + b"\r\n")
        assert one_answer(opened[-3])[0] == 200
        # Those that have waited longest are closed first.
        with connected(narrow_url) as another:
            another.sendall(GET + b"\r\n")
            assert one_answer(another)[0] == 200
            assert opened[-2].recv(1) == b""
            for connection in (opened[-3], opened[-1]):
                connection.sendall(GET + b"\r\n")
                assert one_answer(connection)[0] == 200
    finally:
        for connection in opened:
            connection.close()


def test_more_connections_than_allowed_are_refused_while_all_are_in_use(emulator: Emulator, narrow_url: str) -> None:
    emulator.faults.add(operation="ListRumReplayPlaylists", timeout="read", times=3)
    with connected(narrow_url) as first, connected(narrow_url) as second, connected(narrow_url) as third:
        for connection in (first, second, third):
            connection.sendall(GET + b"\r\n")
        while len(emulator.requests) < 3:
            select.select([], [], [], 0.01)
        for _ in range(5):
            with connected(narrow_url) as refused:
                status, body = one_answer(refused)
            assert status == 503
            assert error_of(body) == "all of the 3 connections that the emulator allows are in use"
        second.close()
        while True:
            with connected(narrow_url) as fourth:
                fourth.sendall(GET + b"\r\n")
                status, _ = one_answer(fourth)
                if status == 200:
                    break
            assert status == 503


@pytest.mark.parametrize("header", [b"", b"Connection: close\r\n"])
def test_a_connection_whose_answer_is_not_read_is_in_use(emulator: Emulator, header: bytes) -> None:
    emulator.faults.add(status=200, body=b"x" * 20_000_000, times=2)
    with (
        serve(emulator.asgi, 0, limits=Limits(connections=2)) as url,
        connected(url) as first,
        connected(url) as second,
    ):
        for connection in (first, second):
            connection.sendall(GET + header + b"\r\n")
            assert connection.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
        for _ in range(2):
            with connected(url) as third:
                assert one_answer(third)[0] == 503
        assert len(one_answer(first)[1]) == 20_000_000
        with connected(url) as third:
            third.sendall(GET + b"\r\n")
            assert one_answer(third)[0] == 200
        assert len(one_answer(second)[1]) == 20_000_000


def test_the_limits_are_said_in_one_sentence() -> None:
    assert str(Limits()) == (
        "A request may have a body of 4 MiB, a URL of 32 KiB and 100 headers of 64 KiB together, and must arrive "
        "within 30 s; there may be 200 connections, and those without a request are closed after 60 s or when others "
        "need the room."
    )
    other = Limits(
        body_size=2048,
        target_size=3 * MIB,
        header_count=7,
        head_size=4096,
        request_seconds=1.5,
        connections=8,
        idle_seconds=9,
    )
    assert str(other) == (
        "A request may have a body of 2 KiB, a URL of 3 MiB and 7 headers of 4 KiB together, and must arrive within "
        "1.5 s; there may be 8 connections, and those without a request are closed after 9 s or when others need the "
        "room."
    )
