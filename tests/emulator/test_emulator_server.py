"""The emulator over real sockets, with httpx's own transport and with raw sockets."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from rum_replay_emulator import Emulator
from rum_replay_emulator.asgi import Message, Receive, Send
from rum_replay_emulator.faults import Disconnect
from rum_replay_emulator.server import serve

from .emulator_api import KEYS, PLAYLISTS

BODY = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "p"}}}


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with emulator.serve() as base_url:
        yield base_url


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers=KEYS, trust_env=False, verify=False, timeout=5) as client:
        yield client


def names(client: httpx.Client) -> list[str]:
    return [playlist["attributes"]["name"] for playlist in client.get(PLAYLISTS).json()["data"]]


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def raw_exchange(url: str, data: bytes, *, pause: float = 0.0, pause_after: int = 0) -> tuple[bytes, bool]:
    """Everything that the server sends before it closes the connection, and whether it reset the connection.

    The client stops reading for `pause` seconds once it has `pause_after` bytes.
    """
    with socket.create_connection(("127.0.0.1", port_of(url)), timeout=5) as connection:
        connection.sendall(data)
        received = bytearray()
        try:
            while True:
                if pause and len(received) >= pause_after:
                    time.sleep(pause)
                    pause = 0.0
                if not (chunk := connection.recv(65536)):
                    break
                received += chunk
        except ConnectionResetError:
            return bytes(received), True
        return bytes(received), False


REQUEST = (
    f"GET {PLAYLISTS} HTTP/1.1\r\nHost: [::1]\r\nDD-API-KEY: a\r\nDD-APPLICATION-KEY: b\r\nConnection: close\r\n\r\n"
).encode()


def test_the_server_listens_on_loopback_and_shares_its_state(
    emulator: Emulator, url: str, client: httpx.Client
) -> None:
    assert url.startswith("http://127.0.0.1:")
    assert client.post(PLAYLISTS, json=BODY).status_code == 201
    with httpx.Client(transport=emulator.transport(), base_url="https://any.example", headers=KEYS) as in_process:
        assert names(in_process) == ["p"]
    with emulator.serve() as second_url:
        assert second_url != url
        assert (
            httpx.get(second_url + PLAYLISTS, headers=KEYS, trust_env=False, verify=False).json()
            == client.get(PLAYLISTS).json()
        )


def test_a_given_port_is_used_and_released() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    for _ in range(2):
        with Emulator().serve(port) as url:
            assert url == f"http://127.0.0.1:{port}"
            assert httpx.get(url + PLAYLISTS, headers=KEYS, trust_env=False, verify=False).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_a_port_in_use_raises() -> None:
    with Emulator().serve() as url, pytest.raises(OSError, match="in use"), Emulator().serve(port_of(url)):
        raise AssertionError("unreachable")


def test_no_thread_is_left_behind() -> None:
    before = set(threading.enumerate())
    with Emulator().serve():
        assert len(set(threading.enumerate()) - before) == 1
    assert set(threading.enumerate()) == before


def test_an_error_in_the_context_propagates_and_stops_the_server() -> None:
    before = set(threading.enumerate())
    with pytest.raises(LookupError), Emulator().serve():
        raise LookupError
    assert set(threading.enumerate()) == before


def test_only_the_emulators_own_headers_are_sent(url: str) -> None:
    received, _ = raw_exchange(url, REQUEST)
    head = received.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    assert head[0] == b"http/1.1 200 ok"
    assert {line.partition(b":")[0] for line in head[1:]} == {b"content-type", b"content-length", b"connection"}


def test_bodies_and_encoded_paths_arrive_as_sent(emulator: Emulator, client: httpx.Client) -> None:
    client.post(PLAYLISTS, json=BODY)
    assert client.put(f"{PLAYLISTS}/1/sessions/a%2Fb%20%C3%A9?ts=1").status_code == 201
    assert client.get(f"{PLAYLISTS}/1/sessions").json()["data"][0]["id"] == "a/b é"
    items = {"data": [{"type": "rum_replay_session", "id": "a/b é"}]}
    assert client.request("DELETE", f"{PLAYLISTS}/1/sessions", json=items).status_code == 204
    assert client.get(f"{PLAYLISTS}/1/sessions").json() == {"data": []}
    assert emulator.requests[-2].json() == items


def test_a_large_body_arrives_whole(client: httpx.Client) -> None:
    big = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "p", "description": "d" * 3_000_000}}}
    assert client.post(PLAYLISTS, json=big).json()["data"]["attributes"]["description"] == "d" * 3_000_000


def test_small_answers_are_sent_without_delay() -> None:
    seen: list[int] = []

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        (connection,) = scope["extensions"].values()
        sock = connection._transport.get_extra_info("socket")
        seen.append(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    # Any ASGI application works here, though only the emulator's is meant to be served.
    with serve(application, 0) as base_url:
        assert httpx.get(base_url, trust_env=False).status_code == 204
    # Otherwise Nagle's algorithm and delayed acknowledgements cost about 40 ms per request.
    assert seen[0] != 0


def test_many_threads_make_as_many_playlists(url: str, client: httpx.Client) -> None:
    def create(_: int) -> int:
        created = httpx.post(url + PLAYLISTS, json=BODY, headers=KEYS, trust_env=False, verify=False)
        return int(created.json()["data"]["id"])

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(create, range(40)))
    assert sorted(ids) == list(range(1, 41))
    assert len(names(client)) == 25


@pytest.mark.parametrize("status", [404, 429, 509, 512, 520, 529, 599])
def test_any_status_with_repeated_headers(emulator: Emulator, client: httpx.Client, status: int) -> None:
    headers = [("X-RateLimit-Reset", "7"), ("X-RateLimit-Reset", "7")]
    emulator.faults.add(status=status, headers=headers, body=b"\xff")
    response = client.get(PLAYLISTS)
    assert (response.status_code, response.content) == (status, b"\xff")
    assert response.headers.get_list("x-ratelimit-reset") == ["7", "7"]
    assert client.get(PLAYLISTS).status_code == 200


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_a_body_has_none(emulator: Emulator, client: httpx.Client, status: int) -> None:
    emulator.faults.add(status=status, body="ignored")
    response = client.get(PLAYLISTS)
    assert (response.status_code, response.content) == (status, b"")
    assert client.get(PLAYLISTS).status_code == 200


def test_an_informational_status_is_sent_and_nothing_after_it(emulator: Emulator, url: str) -> None:
    emulator.faults.add(status=103, headers={"Link": "</a>"})
    assert raw_exchange(url, REQUEST) == (b"HTTP/1.1 103 \r\nLink: </a>\r\n\r\n", False)


@pytest.mark.parametrize("disconnect", ["connect", "before"])
def test_the_connection_is_closed_before_any_answer(
    emulator: Emulator, url: str, client: httpx.Client, disconnect: Disconnect
) -> None:
    emulator.faults.add(disconnect=disconnect, times=2)
    assert raw_exchange(url, REQUEST) == (b"", False)
    with pytest.raises(httpx.RemoteProtocolError, match="Server disconnected without sending a response"):
        client.post(PLAYLISTS, json=BODY)
    assert names(client) == []


def test_the_connection_is_reset_in_the_middle_of_the_body(emulator: Emulator, url: str, client: httpx.Client) -> None:
    emulator.faults.add(disconnect="body", times=2)
    received, was_reset = raw_exchange(url, REQUEST)
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"content-length: 11" in head.lower()
    assert (body, was_reset) == (b'{"dat', True)
    with pytest.raises(httpx.ReadError):
        client.post(PLAYLISTS, json=BODY)
    assert names(client) == ["p"]


# At the first pause more is left to send than the kernel's buffers hold; at the second they hold all the rest.
@pytest.mark.parametrize("pause_after", [0, 17_000_000])
def test_a_reset_waits_for_a_client_that_reads_slowly(emulator: Emulator, url: str, pause_after: int) -> None:
    emulator.faults.add(disconnect="body", status=200, body=b"x" * 40_000_000)
    received, was_reset = raw_exchange(url, REQUEST, pause=0.1, pause_after=pause_after)
    assert (len(received.partition(b"\r\n\r\n")[2]), was_reset) == (20_000_000, True)


def test_an_answer_without_a_body_is_interrupted_before_it_begins(emulator: Emulator, client: httpx.Client) -> None:
    client.post(PLAYLISTS, json=BODY)
    emulator.faults.add(disconnect="body")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        client.delete(f"{PLAYLISTS}/1")
    assert names(client) == []


def test_a_truncated_answer_is_closed_cleanly(emulator: Emulator, url: str, client: httpx.Client) -> None:
    emulator.faults.add(truncate=8, times=2)
    received, was_reset = raw_exchange(url, REQUEST)
    assert (received.partition(b"\r\n\r\n")[2], was_reset) == (b'{"data":', False)
    with pytest.raises(httpx.RemoteProtocolError, match=r"received 8 bytes, expected 11"):
        client.get(PLAYLISTS)
    emulator.faults.add(truncate=11)
    assert client.get(PLAYLISTS).json() == {"data": []}


def test_a_delay_takes_real_time(emulator: Emulator, client: httpx.Client) -> None:
    emulator.faults.add(delay=0.2)
    start = time.monotonic()
    assert client.get(PLAYLISTS).status_code == 200
    assert time.monotonic() - start >= 0.2


def test_a_delay_does_not_block_other_requests(emulator: Emulator) -> None:
    emulator.faults.add(operation="CreateRumReplayPlaylist", delay=30)
    with ThreadPoolExecutor(1) as pool:
        with emulator.serve() as url:
            slow = pool.submit(httpx.post, url + PLAYLISTS, json=BODY, headers=KEYS, trust_env=False, timeout=60)
            while not emulator.requests:
                time.sleep(0.01)
            assert httpx.get(url + PLAYLISTS, headers=KEYS, trust_env=False, verify=False).status_code == 200
            assert not slow.done()
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            slow.result()


@pytest.mark.parametrize("fault", [{"delay": 30}, {"timeout": "read"}, {"timeout": "connect"}])
def test_a_client_that_gives_up_sees_a_timeout(emulator: Emulator, client: httpx.Client, fault: dict[str, Any]) -> None:
    emulator.faults.add(**fault)
    with pytest.raises(httpx.ReadTimeout):
        client.get(PLAYLISTS, timeout=0.2)
    assert client.get(PLAYLISTS).status_code == 200


@pytest.mark.parametrize("fault", [{"delay": 30}, {"timeout": "read"}])
def test_stopping_does_not_wait_for_hanging_requests(emulator: Emulator, fault: dict[str, Any]) -> None:
    emulator.faults.add(**fault)
    with ThreadPoolExecutor(1) as pool:
        with emulator.serve() as url:
            hanging = pool.submit(httpx.get, url + PLAYLISTS, headers=KEYS, trust_env=False, timeout=30)
            while not emulator.requests:
                time.sleep(0.01)
        # Cut off by the stop, not by a timeout of the client.
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            hanging.result()


def test_anything_but_http_is_rejected(url: str, client: httpx.Client) -> None:
    received, _ = raw_exchange(url, b"nonsense\r\n\r\n")
    assert received.startswith(b"HTTP/1.1 400 ")
    assert client.get(PLAYLISTS).status_code == 200


def test_the_application_runs_under_another_server(emulator: Emulator) -> None:
    config = uvicorn.Config(emulator.asgi, port=0, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=KEYS, trust_env=False, verify=False) as client:
            assert client.post(PLAYLISTS, json=BODY).status_code == 201
            emulator.faults.add(truncate=3)
            with pytest.raises(httpx.RemoteProtocolError):
                client.get(PLAYLISTS)
            assert names(client) == ["p"]
    finally:
        server.should_exit = True
        thread.join()


def test_the_application_serves_httpx_asgi_transport(emulator: Emulator) -> None:
    async def exchange() -> httpx.Response:
        transport = httpx.ASGITransport(emulator.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator", headers=KEYS) as client:
            emulator.faults.add(disconnect="before")
            with pytest.raises(ConnectionAbortedError):
                await client.get(PLAYLISTS)
            return await client.post(PLAYLISTS, json=BODY)

    assert asyncio.run(exchange()).status_code == 201


def test_a_request_with_an_incomplete_body_is_not_carried_out(emulator: Emulator) -> None:
    messages: list[dict[str, object]] = [
        {"type": "http.request", "body": b'{"data": ', "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: object) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "raw_path": PLAYLISTS.encode(), "query_string": b"", "headers": []}
    asyncio.run(emulator.asgi(scope, receive, send))
    assert sent == []
    assert emulator.requests == []
