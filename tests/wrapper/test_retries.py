"""Retries, as seen by the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from rum_replay import (
    ConflictError,
    ConnectionFailedError,
    NotFoundError,
    RateLimitError,
    ReplayClient,
    ReplayError,
    RequestTimeoutError,
    RetryEvent,
    ServerError,
)

from .loopback_peer import Received, free_port, serve
from .replay_driver import Driver
from .replay_samples import SNAPSHOT, WATCH, item_response, list_response, playlist_data


class ScriptedServer:
    """Produces the given outcomes in order, then repeats the last one: a status, a response or an exception."""

    def __init__(self, *outcomes: int | httpx.Response | Exception) -> None:
        self.outcomes = list(outcomes)
        self.received: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.received.append(request)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, int):
            return httpx.Response(outcome)
        return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)


Operation = Callable[[ReplayClient], Any]

IDEMPOTENT: dict[str, tuple[Operation, httpx.Response]] = {
    "get": (lambda client: client.playlists.get(1), item_response()),
    "list": (lambda client: list(client.playlists.list(limit=1)), list_response(playlist_data(1))),
    "put": (lambda client: client.playlists.update(1, name="n"), item_response()),
    "delete": (lambda client: client.playlists.delete(1), httpx.Response(204)),
    "bulk delete": (lambda client: client.playlists.remove_sessions(1, ["s"]), httpx.Response(204)),
    "segments": (lambda client: list(client.sessions.iter_segments("s", "v")), httpx.Response(200, content=b"x")),
}
CREATES: dict[str, tuple[Operation, httpx.Response]] = {
    "create playlist": (lambda client: client.playlists.create("n"), item_response(status=201)),
    "create snapshot": (
        lambda client: client.heatmaps.create(
            application_id="a",
            device_type="d",
            event_id="e",
            is_device_type_selected_by_user=True,
            snapshot_name="s",
            start=1,
            view_name="v",
        ),
        item_response(SNAPSHOT, 201),
    ),
    "update snapshot": (
        lambda client: client.heatmaps.update("i", event_id="e", is_device_type_selected_by_user=True, start=1),
        item_response(SNAPSHOT),
    ),
    "record watch": (
        lambda client: client.viewership.record_watch("s", application_id="a", event_id="e"),
        item_response(WATCH, 201),
    ),
}
ALL = {**IDEMPOTENT, **CREATES}

TRANSIENT_FAILURES: list[int | Exception] = [
    408,
    429,
    500,
    502,
    503,
    504,
    520,
    599,
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.ReadTimeout("slow"),
    httpx.WriteError("broken pipe"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
]


NOT_APPLIED: list[int | Exception] = [
    429,
    httpx.ConnectError("x"),
    httpx.ConnectTimeout("x"),
    httpx.PoolTimeout("x"),
    httpx.ProxyError("x"),
]
MAY_HAVE_BEEN_APPLIED: list[int | Exception] = [
    fault
    for fault in TRANSIENT_FAILURES
    if fault != 429 and not isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout)
]


@pytest.mark.parametrize("name", IDEMPOTENT)
def test_get_put_and_delete_are_retried_after_transient_failures(driver: Driver, name: str) -> None:
    call, success = IDEMPOTENT[name]
    for failure in TRANSIENT_FAILURES:
        server = ScriptedServer(failure, failure, failure, success)
        call(driver.open(server))
        assert len(server.received) == 4, failure
        bodies = [request.content for request in server.received]
        assert bodies == bodies[:1] * 4
    assert driver.clock.slept == [0.25, 0.5, 1.0] * len(TRANSIENT_FAILURES)


@pytest.mark.parametrize("name", CREATES)
def test_post_and_patch_are_retried_if_they_cannot_have_been_applied(driver: Driver, name: str) -> None:
    call, success = CREATES[name]
    for failure in NOT_APPLIED:
        server = ScriptedServer(failure, failure, success)
        call(driver.open(server))
        assert len(server.received) == 3, failure


@pytest.mark.parametrize("name", CREATES)
def test_post_and_patch_are_not_retried_if_they_may_have_been_applied(driver: Driver, name: str) -> None:
    call, success = CREATES[name]
    for failure in MAY_HAVE_BEEN_APPLIED:
        server = ScriptedServer(failure, success)
        with pytest.raises(ReplayError, match=r"^(POST|PATCH) /api/v2/") as caught:
            call(driver.open(server))
        assert len(server.received) == 1, failure
        assert caught.value.attempts == 1
    assert len(MAY_HAVE_BEEN_APPLIED) == 11
    assert driver.clock.slept == []


@pytest.mark.parametrize("name", CREATES)
def test_post_and_patch_are_retried_with_repeat_creates(driver: Driver, name: str) -> None:
    call, success = CREATES[name]
    for failure in MAY_HAVE_BEEN_APPLIED:
        server = ScriptedServer(failure, success)
        call(driver.open(server, retry=driver.retry_policy(repeat_creates=True)))
        assert len(server.received) == 2, failure


@pytest.mark.parametrize("name", ALL)
def test_permanent_failure_is_not_retried(driver: Driver, name: str) -> None:
    server = ScriptedServer(409)
    with pytest.raises(ConflictError):
        ALL[name][0](driver.open(server))
    assert len(server.received) == 1


def test_after_four_attempts_the_last_failure_is_raised(driver: Driver) -> None:
    server = ScriptedServer(500, 502, 503, 504, item_response())
    with pytest.raises(ServerError, match=r"504 Gateway Timeout.*\(after 4 attempts\)") as caught:
        driver.open(server).playlists.get(1)
    assert (caught.value.attempts, len(server.received)) == (4, 4)


def test_connection_failures_and_timeouts_raise_the_matching_error(driver: Driver) -> None:
    for outcome, cls, applied in [
        (httpx.ReadError("cut"), ConnectionFailedError, True),
        (httpx.ConnectError("refused"), ConnectionFailedError, False),
        (httpx.ReadTimeout("slow"), RequestTimeoutError, True),
        (httpx.ConnectTimeout("slow"), RequestTimeoutError, False),
    ]:
        with pytest.raises(ConnectionFailedError, match=f"api.datadoghq.com.*{type(outcome).__name__}") as caught:
            driver.open(ScriptedServer(outcome)).playlists.get(1)
        assert type(caught.value) is cls
        assert caught.value.may_have_been_applied is applied
        assert caught.value.__context__ is None


def test_earlier_attempt_that_may_have_been_applied_is_remembered(driver: Driver) -> None:
    with pytest.raises(ConnectionFailedError) as caught:
        driver.open(ScriptedServer(httpx.ReadError("x"), httpx.ConnectError("x"))).playlists.get(1)
    assert caught.value.may_have_been_applied


DELETES: dict[str, Operation] = {
    "playlist": lambda client: client.playlists.delete(1),
    "session": lambda client: client.playlists.remove_session(1, "s"),
    "sessions": lambda client: client.playlists.remove_sessions(1, ["s"]),
    "snapshot": lambda client: client.heatmaps.delete("s"),
    "watches": lambda client: client.viewership.delete_watches("s"),
}


@pytest.mark.parametrize("name", DELETES)
def test_404_after_a_delete_that_may_have_been_applied_is_a_success(driver: Driver, name: str) -> None:
    for failure in MAY_HAVE_BEEN_APPLIED:
        server = ScriptedServer(failure, 429, 404)
        assert DELETES[name](driver.open(server)) is None
        assert len(server.received) == 3, failure


@pytest.mark.parametrize("name", DELETES)
@pytest.mark.parametrize("outcomes", [[404], [429, 404], [httpx.ConnectError("x"), 404]], ids=repr)
def test_404_is_an_error_if_no_earlier_delete_may_have_been_applied(
    driver: Driver, name: str, outcomes: list[Any]
) -> None:
    with pytest.raises(NotFoundError):
        DELETES[name](driver.open(ScriptedServer(*outcomes)))


@pytest.mark.parametrize("name", ["get", "put", "list", "segments"])
def test_404_after_a_retry_is_an_error_for_other_requests(driver: Driver, name: str) -> None:
    with pytest.raises(NotFoundError):
        IDEMPOTENT[name][0](driver.open(ScriptedServer(500, 404)))


def rate_limited(**headers: str) -> httpx.Response:
    return httpx.Response(429, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_wait_is_the_one_requested_by_the_server(driver: Driver) -> None:
    server = ScriptedServer(
        rate_limited(x_ratelimit_reset="7, 7"),
        rate_limited(retry_after="1.5"),
        rate_limited(x_ratelimit_reset="0"),
        item_response(),
    )
    driver.open(server).playlists.get(1)
    assert driver.clock.slept == [7.25, 2.0, 1.0]


def test_reset_may_be_a_unix_time(driver: Driver) -> None:
    server = ScriptedServer(rate_limited(x_ratelimit_reset=str(int(driver.clock.unix_time) + 9)), item_response())
    driver.open(server).playlists.get(1)
    assert driver.clock.slept == [9.25]


@pytest.mark.parametrize("value", ["nan", "garbage", "", "-3", "0"])
def test_invalid_reset_falls_back_to_the_regular_backoff(driver: Driver, value: str) -> None:
    server = ScriptedServer(rate_limited(x_ratelimit_reset=value), item_response())
    driver.open(server).playlists.get(1)
    assert driver.clock.slept == [0.25]


@pytest.mark.parametrize("value", ["60", "3600", "1e400", "inf"])
def test_reset_beyond_the_deadline_fails_immediately_with_the_limits_in_the_error(driver: Driver, value: str) -> None:
    headers = {"x_ratelimit_limit": "300", "x_ratelimit_remaining": "0", "x_ratelimit_reset": value}
    server = ScriptedServer(rate_limited(**headers), item_response())
    with pytest.raises(RateLimitError) as caught:
        driver.open(server).playlists.get(1)
    error = caught.value
    assert driver.clock.slept == []
    assert (error.limit, error.remaining, error.attempts) == (300.0, 0.0, 1)
    assert error.retry_after == error.reset == min(float(value), 1.7976931348623157e308)
    assert "(limit 300, remaining 0, seconds to wait" in str(error)


def test_deadline_covers_all_attempts_together(driver: Driver) -> None:
    server = ScriptedServer(
        rate_limited(retry_after="29"), rate_limited(retry_after="29"), rate_limited(retry_after="29"), item_response()
    )
    with pytest.raises(RateLimitError):
        driver.open(server).playlists.get(1)
    assert driver.clock.slept == [29.25, 29.5]


def test_duration_of_attempts_counts_towards_the_deadline(driver: Driver) -> None:
    def peer(_: httpx.Request) -> httpx.Response:
        driver.clock.advance(30.0)
        raise httpx.ReadTimeout("slow")

    with pytest.raises(RequestTimeoutError) as caught:
        driver.open(peer).playlists.get(1)
    assert caught.value.attempts == 2


def success_with_limit(remaining: str, reset: str = "30", name: str | None = "rum", **more: str) -> httpx.Response:
    headers = {"x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset, **more}
    return httpx.Response(
        200, json={"data": playlist_data(1)}, headers=headers | ({"x-ratelimit-name": name} if name else {})
    )


def test_next_call_waits_for_an_exhausted_limit(driver: Driver) -> None:
    client = driver.open(ScriptedServer(success_with_limit("0"), success_with_limit("9")))
    client.playlists.get(1)
    driver.clock.advance(10.0)
    client.playlists.get(1)
    client.playlists.get(1)
    assert driver.clock.slept == [20.0]


def test_operations_share_a_limit_of_the_same_name(driver: Driver) -> None:
    client = driver.open(ScriptedServer(success_with_limit("5"), success_with_limit("0"), success_with_limit("9")))
    client.playlists.get(1)
    client.playlists.update(1, name="n")
    client.playlists.get(1)
    assert driver.clock.slept == [30.0]


def test_unnamed_limit_applies_to_one_operation(driver: Driver) -> None:
    client = driver.open(
        ScriptedServer(
            success_with_limit("5", name=None), success_with_limit("0", name=None), success_with_limit("9", name=None)
        )
    )
    client.playlists.get(1)
    client.playlists.update(1, name="n")
    client.playlists.get(1)
    assert driver.clock.slept == []
    client.playlists.update(1, name="n")
    assert driver.clock.slept == [30.0]


def test_copies_share_known_limits(driver: Driver) -> None:
    client = driver.open(ScriptedServer(success_with_limit("0"), success_with_limit("9")))
    client.playlists.get(1)
    client.with_options(timeout=3).playlists.get(1)
    assert driver.clock.slept == [30.0]


def test_limit_that_resets_after_the_deadline_is_left_to_the_server(driver: Driver) -> None:
    client = driver.open(ScriptedServer(success_with_limit("0", reset="61"), success_with_limit("9")))
    client.playlists.get(1)
    client.playlists.get(1)
    assert driver.clock.slept == []


def test_wait_for_a_limit_counts_towards_the_deadline(driver: Driver) -> None:
    client = driver.open(
        ScriptedServer(success_with_limit("0", reset="50"), rate_limited(retry_after="20"), item_response())
    )
    client.playlists.get(1)
    with pytest.raises(RateLimitError):
        client.playlists.get(1)
    assert driver.clock.slept == [50.0]


def test_on_retry_is_called_before_each_wait(driver: Driver) -> None:
    events: list[tuple[RetryEvent, int]] = []
    server = ScriptedServer(503, httpx.ReadTimeout("x"), item_response())
    client = driver.open(server, on_retry=lambda event: events.append((event, len(driver.clock.slept))))
    client.playlists.get(1)
    template = "/api/v2/rum/replay/playlists/{playlist_id}"
    assert events == [
        (
            RetryEvent(
                operation="GetRumReplayPlaylist",
                method="GET",
                url_template=template,
                attempt=1,
                wait=0.25,
                reason="503",
            ),
            0,
        ),
        (
            RetryEvent(
                operation="GetRumReplayPlaylist",
                method="GET",
                url_template=template,
                attempt=2,
                wait=0.5,
                reason="ReadTimeout",
            ),
            1,
        ),
    ]


def test_retries_can_be_disabled(driver: Driver) -> None:
    server = ScriptedServer(503, item_response())
    with pytest.raises(ServerError):
        driver.open(server).with_options(retry=driver.retry_policy(attempts=1)).playlists.get(1)
    assert len(server.received) == 1


def test_creates_are_retried_after_a_refused_connection(driver: Driver) -> None:
    client = driver.open(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(ConnectionFailedError, match=r"127\.0\.0\.1 .*ConnectError.*after 4 attempts") as caught:
        client.playlists.create("n")
    assert not caught.value.may_have_been_applied


def test_create_is_not_retried_if_the_server_hangs_up(driver: Driver) -> None:
    def respond(_: Received) -> None:
        raise ConnectionAbortedError

    with (
        serve(respond) as loopback,
        pytest.raises(ConnectionFailedError, match=r"POST .*RemoteProtocolError") as caught,
    ):
        driver.open(loopback.url).playlists.create("n")
    assert len(loopback.received) == 1
    assert caught.value.may_have_been_applied


def test_request_is_retried_after_an_interrupted_response(driver: Driver) -> None:
    def respond(received: Received) -> None:
        if len(loopback.received) == 1:
            received.write(b'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"data": ')
            raise ConnectionAbortedError
        received.respond(body=item_response().content)

    with serve(respond) as loopback:
        assert driver.open(loopback.url).playlists.get(1).id == "48213"
    assert len(loopback.received) == 2


def test_limit_that_resets_exactly_at_the_deadline_is_waited_for(driver: Driver) -> None:
    client = driver.open(ScriptedServer(success_with_limit("0", reset="60"), success_with_limit("9")))
    client.playlists.get(1)
    client.playlists.get(1)
    assert driver.clock.slept == [60.0]


def test_reset_is_relative_to_the_arrival_of_the_response(driver: Driver) -> None:
    server = ScriptedServer(success_with_limit("0"), success_with_limit("9"))

    def peer(request: httpx.Request) -> httpx.Response:
        driver.clock.advance(5.0)
        return server(request)

    client = driver.open(peer)
    client.playlists.get(1)
    client.playlists.get(1)
    assert driver.clock.slept == [30.0]


def limited(reset: str, *statuses: int) -> Iterator[httpx.Response]:
    headers = {"X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    for status in statuses:
        yield httpx.Response(status, headers=headers, json=item_response().json() if status == 200 else None)


def test_refusal_that_says_0_seconds_is_not_followed_by_another_at_once(driver: Driver) -> None:
    answers = limited("0", 429, 200)
    driver.open(lambda _: next(answers)).playlists.get(1)
    assert sum(driver.clock.slept) == pytest.approx(1.0)
