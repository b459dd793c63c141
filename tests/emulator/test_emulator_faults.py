"""Scripted faults in process, through a sync client and through an async one on asyncio and on trio."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import httpx
import pytest
import trio
from rum_replay_emulator import Emulator, ManualClock, RateLimit, SystemClock

from .emulator_api import KEYS, PLAYLISTS

URL = f"https://api.datadoghq.com{PLAYLISTS}"
BODY = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "p"}}}


class Send(Protocol):
    def __call__(self, method: str = "GET", url: str = URL, **arguments: Any) -> httpx.Response: ...


class SendTo(Protocol):
    def __call__(self, emulator: Emulator, method: str, url: str, **arguments: Any) -> httpx.Response: ...


def send_sync(emulator: Emulator, method: str, url: str, **arguments: Any) -> httpx.Response:
    with httpx.Client(transport=emulator.transport(), headers=KEYS) as client:
        return client.request(method, url, **arguments)


async def send_async(emulator: Emulator, method: str, url: str, arguments: dict[str, Any]) -> httpx.Response:
    async with httpx.AsyncClient(transport=emulator.transport(), headers=KEYS) as client:
        return await client.request(method, url, **arguments)


def send_asyncio(emulator: Emulator, method: str, url: str, **arguments: Any) -> httpx.Response:
    return asyncio.run(send_async(emulator, method, url, arguments))


def send_trio(emulator: Emulator, method: str, url: str, **arguments: Any) -> httpx.Response:
    return trio.run(send_async, emulator, method, url, arguments)


@pytest.fixture(params=[send_sync, send_asyncio, send_trio], ids=["sync", "asyncio", "trio"])
def send(request: pytest.FixtureRequest, emulator: Emulator) -> Send:
    send_to: SendTo = request.param

    def send(method: str = "GET", url: str = URL, **arguments: Any) -> httpx.Response:
        return send_to(emulator, method, url, **arguments)

    return send


def names(emulator: Emulator) -> list[str]:
    return [playlist["attributes"]["name"] for playlist in send_sync(emulator, "GET", URL).json()["data"]]


@pytest.mark.parametrize("status", [300, 404, 429, 500, 503, 509, 512, 520, 529, 599])
def test_a_scripted_status_is_sent_once_with_the_documented_body(emulator: Emulator, send: Send, status: int) -> None:
    emulator.faults.add(status=status)
    response = send()
    assert response.status_code == status
    if status >= 400:
        assert response.headers["content-type"] == "application/json"
        (error,) = response.json()["errors"]
        assert isinstance(error, str)
    else:
        assert response.content == b""
    assert send().status_code == 200


@pytest.mark.parametrize("status", [101, 103, 204, 304])
def test_a_status_without_a_body_has_none(emulator: Emulator, send: Send, status: int) -> None:
    emulator.faults.add(status=status, body="ignored", headers={"X-Other": "kept"})
    response = send()
    assert (response.status_code, response.content) == (status, b"")
    assert "content-length" not in response.headers
    assert "content-type" not in response.headers
    assert response.headers["x-other"] == "kept"


@pytest.mark.parametrize(
    ("body", "content", "content_type"),
    [
        ("<html>", b"<html>", "text/plain; charset=utf-8"),
        (b"\xff\x00", b"\xff\x00", "application/octet-stream"),
        ({"errors": [{"title": "Forbidden"}]}, b'{"errors":[{"title":"Forbidden"}]}', "application/json"),
        ([], b"[]", "application/json"),
        ("", b"", "text/plain; charset=utf-8"),
    ],
)
def test_a_body_can_be_anything(emulator: Emulator, send: Send, body: Any, content: bytes, content_type: str) -> None:
    emulator.faults.add(status=403, body=body)
    response = send()
    assert (response.status_code, response.content) == (403, content)
    assert response.headers["content-type"] == content_type
    assert response.headers["content-length"] == str(len(content))


def test_scripted_headers_replace_others_and_may_repeat(emulator: Emulator, send: Send) -> None:
    headers = [("X-RateLimit-Reset", "7"), ("X-RateLimit-Reset", "7"), ("content-type", "text/html")]
    emulator.faults.add(status=502, body="<html>", headers=headers)
    response = send()
    assert response.headers.get_list("x-ratelimit-reset") == ["7", "7"]
    assert response.headers["x-ratelimit-reset"] == "7, 7"
    assert response.headers.get_list("content-type") == ["text/html"]


def test_headers_alone_are_added_to_the_real_answer(emulator: Emulator, send: Send) -> None:
    emulator.faults.add(headers={"X-Request-Id": "1"})
    response = send("POST", json=BODY)
    assert response.status_code == 201
    assert response.json()["data"]["attributes"]["name"] == "p"
    assert response.headers["x-request-id"] == "1"
    assert names(emulator) == ["p"]


def test_a_body_alone_keeps_the_real_status(emulator: Emulator, send: Send) -> None:
    emulator.faults.add(body="not what you expect")
    response = send("POST", json=BODY)
    assert (response.status_code, response.text) == (201, "not what you expect")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert names(emulator) == ["p"]


def test_scripted_answers_keep_the_headers_of_the_rate_limit(emulator: Emulator, send: Send) -> None:
    emulator.rate_limit = RateLimit(5, 60)
    emulator.faults.add(status=500)
    emulator.faults.add(status=429, headers={"x-ratelimit-remaining": "0"})
    assert send().headers["x-ratelimit-remaining"] == "4"
    assert send().headers.get_list("x-ratelimit-remaining") == ["0"]


def test_a_fault_waits_for_its_operation(emulator: Emulator, send: Send) -> None:
    fault = emulator.faults.add(operation="CreateRumReplayPlaylist", status=500)
    assert send().status_code == 200
    assert fault.used == 0
    assert send("POST", json=BODY).status_code == 500
    assert fault.used == 1
    assert names(emulator) == []


def test_faults_are_applied_in_order_and_as_often_as_requested(emulator: Emulator, send: Send) -> None:
    emulator.faults.add(operation="ListRumReplayPlaylists", status=500, times=2)
    emulator.faults.add(operation="CreateRumReplayPlaylist", status=501)
    emulator.faults.add(status=502)
    emulator.faults.add(operation="ListRumReplayPlaylists", status=503)
    assert [send().status_code for _ in range(5)] == [500, 500, 502, 503, 200]
    assert send("POST", json=BODY).status_code == 501


def test_a_fault_without_a_count_applies_until_it_is_cleared(emulator: Emulator, send: Send) -> None:
    emulator.faults.add(status=500, times=None)
    assert [send().status_code for _ in range(3)] == [500, 500, 500]
    emulator.faults.clear()
    assert send().status_code == 200


def test_a_fault_for_any_operation_applies_to_unknown_paths(emulator: Emulator, send: Send) -> None:
    emulator.faults.add(status=520)
    assert send(url="https://api.datadoghq.com/nowhere").status_code == 520


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ({"disconnect": "connect"}, httpx.ConnectError, "Connection refused"),
        ({"disconnect": "before"}, httpx.RemoteProtocolError, "Server disconnected without sending a response."),
        ({"disconnect": "body"}, httpx.ReadError, "reset"),
        ({"timeout": "connect"}, httpx.ConnectTimeout, "timed out"),
        ({"timeout": "read"}, httpx.ReadTimeout, "timed out"),
        ({"delay": 30}, httpx.ReadTimeout, "timed out"),
        (
            {"truncate": 5},
            httpx.RemoteProtocolError,
            r"peer closed connection without sending complete message body \(received 5 bytes, expected 11\)",
        ),
    ],
)
def test_broken_connections_raise_the_errors_of_a_real_network(
    emulator: Emulator, send: Send, fault: dict[str, Any], error: type[httpx.TransportError], words: str
) -> None:
    added = emulator.faults.add(**fault)
    with pytest.raises(error, match=words) as raised:
        send(timeout=30)
    assert raised.value.request.url == URL
    assert added.used == 1
    assert send().json() == {"data": []}


@pytest.mark.parametrize(("fault", "received"), [({"disconnect": "body"}, b'{"dat'), ({"truncate": 8}, b'{"data":')])
def test_an_interrupted_body_is_received_up_to_the_break(
    emulator: Emulator, fault: dict[str, Any], received: bytes
) -> None:
    emulator.faults.add(**fault)
    parts: list[bytes] = []
    with (
        httpx.Client(transport=emulator.transport(), headers=KEYS) as client,
        client.stream("GET", URL) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-length"] == "11"
        with pytest.raises(httpx.TransportError):
            parts.extend(response.iter_raw())
    assert b"".join(parts) == received


def test_truncating_at_or_beyond_the_end_changes_nothing(emulator: Emulator, send: Send) -> None:
    for length in (11, 12):
        emulator.faults.add(truncate=length)
        assert send().json() == {"data": []}


def test_truncating_to_zero_bytes_still_sends_the_headers(emulator: Emulator, send: Send) -> None:
    emulator.faults.add(truncate=0)
    with pytest.raises(httpx.RemoteProtocolError, match="received 0 bytes, expected 11"):
        send()


def test_an_answer_without_a_body_is_interrupted_before_it_begins(emulator: Emulator, send: Send) -> None:
    send("POST", json=BODY)
    emulator.faults.add(disconnect="body")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        send("DELETE", f"{URL}/1")
    assert names(emulator) == []


@pytest.mark.parametrize(
    ("fault", "applied"),
    [
        ({"status": 500}, False),
        ({"status": 500, "applied": True}, True),
        ({"disconnect": "connect"}, False),
        ({"disconnect": "before"}, False),
        ({"disconnect": "before", "applied": True}, True),
        ({"disconnect": "body"}, True),
        ({"disconnect": "body", "status": 500}, False),
        ({"truncate": 3}, True),
        ({"timeout": "connect"}, False),
        ({"timeout": "read"}, False),
        ({"timeout": "read", "applied": True}, True),
        ({"delay": 1000}, True),
        ({"delay": 1000, "status": 500}, False),
        ({"delay": 1000, "disconnect": "before", "applied": True}, True),
    ],
)
def test_a_request_takes_effect_or_not_depending_on_the_fault(
    emulator: Emulator, send: Send, fault: dict[str, Any], applied: bool
) -> None:
    added = emulator.faults.add(**fault)
    try:
        assert send("POST", json=BODY).status_code == 500
    except httpx.TransportError:
        assert "status" not in fault or "disconnect" in fault or "delay" in fault
    assert added.applied is applied
    assert names(emulator) == (["p"] if applied else [])


def test_a_request_that_cannot_connect_is_not_received(emulator: Emulator, send: Send) -> None:
    emulator.faults.add(disconnect="connect")
    emulator.faults.add(timeout="connect")
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            send()
    assert emulator.requests == []


def test_a_short_delay_moves_a_manual_clock(emulator: Emulator, send: Send, clock: ManualClock) -> None:
    before = clock.time()
    emulator.faults.add(delay=4)
    assert send(timeout=5).status_code == 200
    assert clock.time() == before + 4


def test_a_delay_as_long_as_the_read_timeout_times_out(emulator: Emulator, send: Send, clock: ManualClock) -> None:
    before = clock.time()
    emulator.faults.add(delay=5)
    with pytest.raises(httpx.ReadTimeout):
        send(timeout=httpx.Timeout(None, read=5))
    assert clock.time() == before


def test_without_a_timeout_any_delay_is_waited_for(send: Send, emulator: Emulator, clock: ManualClock) -> None:
    before = clock.time()
    emulator.faults.add(delay=86_400)
    assert send(timeout=None).status_code == 200
    assert clock.time() == before + 86_400


def test_nobody_waits_for_another_clock() -> None:
    class Unmoved(SystemClock):
        def sleep(self, seconds: float) -> None:
            raise AssertionError("somebody waited")

    emulator = Emulator(clock=Unmoved())
    emulator.faults.add(delay=4)
    assert send_sync(emulator, "GET", URL).status_code == 200


def test_a_misspelt_operation_is_answered_with_a_suggestion(emulator: Emulator) -> None:
    with pytest.raises(ValueError, match="unknown operation 'GetSegment'; did you mean 'GetSegments'"):
        emulator.faults.add(operation="GetSegment", status=500)
    with pytest.raises(ValueError, match="did you mean 'CreateRumReplayPlaylist'"):
        emulator.faults.add(operation="create_rum_replay_playlist", status=500)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "nothing goes wrong"),
        ({"times": 2}, "nothing goes wrong"),
        ({"status": 99}, "status"),
        ({"status": 600}, "status"),
        ({"status": 500, "times": 0}, "times"),
        ({"delay": -1}, "delay"),
        ({"delay": float("nan")}, "delay"),
        ({"truncate": -1}, "truncate"),
        ({"disconnect": "after"}, "disconnect"),
        ({"timeout": "write"}, "timeout"),
        ({"disconnect": "before", "truncate": 1}, "exclude each other"),
        ({"timeout": "read", "disconnect": "before"}, "exclude each other"),
        ({"timeout": "read", "delay": 1}, "delay"),
        ({"timeout": "read", "status": 500}, "no answer"),
        ({"disconnect": "before", "body": "b"}, "no answer"),
        ({"disconnect": "connect", "headers": {"A": "b"}}, "no answer"),
        ({"disconnect": "connect", "applied": True}, "cannot take effect"),
        ({"timeout": "connect", "applied": True}, "cannot take effect"),
        ({"truncate": 1, "applied": False}, "give a status"),
        ({"body": "b", "applied": False}, "give a status"),
        ({"status": 500, "headers": {"Content-Length": "1"}}, "Content-Length"),
        ({"status": 500, "headers": {"transfer-encoding": "chunked"}}, "transfer-encoding"),
        ({"status": 500, "headers": {"Connection": "close"}}, "Connection"),
        ({"status": 500, "headers": {"A": "b\r\nC: d"}}, "not a valid header"),
        ({"status": 500, "headers": {"": "b"}}, "not a valid header"),
        ({"status": 500, "headers": {"A": "é"}}, "not a valid header"),
    ],
)
def test_contradictions_are_refused(emulator: Emulator, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        emulator.faults.add(**arguments)
    assert send_sync(emulator, "GET", URL).status_code == 200
