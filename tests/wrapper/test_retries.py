"""Retries as the server sees them."""

from __future__ import annotations

from collections.abc import Callable
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
from .replay_samples import SNAPSHOT, WATCH, many, one, playlist


class Script:
    """Plays one outcome after the other, the last one for ever: a status, an answer or an exception."""

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

REPEATABLE: dict[str, tuple[Operation, httpx.Response]] = {
    "get": (lambda client: client.playlists.get(1), one()),
    "list": (lambda client: list(client.playlists.list(limit=1)), many(playlist(1))),
    "put": (lambda client: client.playlists.update(1, name="n"), one()),
    "delete": (lambda client: client.playlists.delete(1), httpx.Response(204)),
    "bulk delete": (lambda client: client.playlists.remove_sessions(1, ["s"]), httpx.Response(204)),
    "segments": (lambda client: list(client.sessions.iter_segments("s", "v")), httpx.Response(200, content=b"x")),
}
CREATES: dict[str, tuple[Operation, httpx.Response]] = {
    "create playlist": (lambda client: client.playlists.create("n"), one(status=201)),
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
        one(SNAPSHOT, 201),
    ),
    "update snapshot": (
        lambda client: client.heatmaps.update("i", event_id="e", is_device_type_selected_by_user=True, start=1),
        one(SNAPSHOT),
    ),
    "record watch": (
        lambda client: client.viewership.record_watch("s", application_id="a", event_id="e"),
        one(WATCH, 201),
    ),
}
ALL = {**REPEATABLE, **CREATES}

PASSING: list[int | Exception] = [
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


NEVER_ARRIVED: list[int | Exception] = [
    429,
    httpx.ConnectError("x"),
    httpx.ConnectTimeout("x"),
    httpx.PoolTimeout("x"),
    httpx.ProxyError("x"),
]
MAY_HAVE_ARRIVED: list[int | Exception] = [
    fault for fault in PASSING if fault != 429 and not isinstance(fault, httpx.ConnectError | httpx.ConnectTimeout)
]


@pytest.mark.parametrize("name", REPEATABLE)
def test_get_put_and_delete_outlast_what_passes(driver: Driver, name: str) -> None:
    call, success = REPEATABLE[name]
    for passing in PASSING:
        script = Script(passing, passing, passing, success)
        call(driver.open(script))
        assert len(script.received) == 4, passing
        bodies = [request.content for request in script.received]
        assert bodies == bodies[:1] * 4
    assert driver.time.slept == [0.25, 0.5, 1.0] * len(PASSING)


@pytest.mark.parametrize("name", CREATES)
def test_post_and_patch_outlast_what_cannot_have_been_carried_out(driver: Driver, name: str) -> None:
    call, success = CREATES[name]
    for passing in NEVER_ARRIVED:
        script = Script(passing, passing, success)
        call(driver.open(script))
        assert len(script.received) == 3, passing


@pytest.mark.parametrize("name", CREATES)
def test_post_and_patch_are_not_sent_again_where_they_may_have_arrived(driver: Driver, name: str) -> None:
    call, success = CREATES[name]
    for failure in MAY_HAVE_ARRIVED:
        script = Script(failure, success)
        with pytest.raises(ReplayError, match=r"^(POST|PATCH) /api/v2/") as caught:
            call(driver.open(script))
        assert len(script.received) == 1, failure
        assert caught.value.attempts == 1
    assert len(MAY_HAVE_ARRIVED) == 11
    assert driver.time.slept == []


@pytest.mark.parametrize("name", CREATES)
def test_post_and_patch_are_repeated_on_request(driver: Driver, name: str) -> None:
    call, success = CREATES[name]
    for failure in MAY_HAVE_ARRIVED:
        script = Script(failure, success)
        call(driver.open(script, retry=driver.time.policy(repeat_creates=True)))
        assert len(script.received) == 2, failure


@pytest.mark.parametrize("name", ALL)
def test_what_is_wrong_for_good_is_not_sent_again(driver: Driver, name: str) -> None:
    script = Script(409)
    with pytest.raises(ConflictError):
        ALL[name][0](driver.open(script))
    assert len(script.received) == 1


def test_after_four_attempts_the_last_failure_is_raised(driver: Driver) -> None:
    script = Script(500, 502, 503, 504, one())
    with pytest.raises(ServerError, match=r"504 Gateway Timeout.*\(after 4 attempts\)") as caught:
        driver.open(script).playlists.get(1)
    assert (caught.value.attempts, len(script.received)) == (4, 4)


def test_connection_failures_and_timeouts_have_their_errors(driver: Driver) -> None:
    for outcome, cls, applied in [
        (httpx.ReadError("cut"), ConnectionFailedError, True),
        (httpx.ConnectError("refused"), ConnectionFailedError, False),
        (httpx.ReadTimeout("slow"), RequestTimeoutError, True),
        (httpx.ConnectTimeout("slow"), RequestTimeoutError, False),
    ]:
        with pytest.raises(ConnectionFailedError, match=f"api.datadoghq.com.*{type(outcome).__name__}") as caught:
            driver.open(Script(outcome)).playlists.get(1)
        assert type(caught.value) is cls
        assert caught.value.may_have_been_applied is applied
        assert caught.value.__context__ is None


def test_an_earlier_attempt_that_may_have_arrived_is_remembered(driver: Driver) -> None:
    with pytest.raises(ConnectionFailedError) as caught:
        driver.open(Script(httpx.ReadError("x"), httpx.ConnectError("x"))).playlists.get(1)
    assert caught.value.may_have_been_applied


DELETES: dict[str, Operation] = {
    "playlist": lambda client: client.playlists.delete(1),
    "session": lambda client: client.playlists.remove_session(1, "s"),
    "sessions": lambda client: client.playlists.remove_sessions(1, ["s"]),
    "snapshot": lambda client: client.heatmaps.delete("s"),
    "watches": lambda client: client.viewership.delete_watches("s"),
}


@pytest.mark.parametrize("name", DELETES)
def test_a_delete_whose_answer_was_lost_has_succeeded_when_nothing_is_left(driver: Driver, name: str) -> None:
    for lost in MAY_HAVE_ARRIVED:
        script = Script(lost, 429, 404)
        assert DELETES[name](driver.open(script)) is None
        assert len(script.received) == 3, lost


@pytest.mark.parametrize("name", DELETES)
@pytest.mark.parametrize("outcomes", [[404], [429, 404], [httpx.ConnectError("x"), 404]], ids=repr)
def test_a_delete_of_what_was_never_there_is_an_error(driver: Driver, name: str, outcomes: list[Any]) -> None:
    with pytest.raises(NotFoundError):
        DELETES[name](driver.open(Script(*outcomes)))


@pytest.mark.parametrize("name", ["get", "put", "list", "segments"])
def test_other_requests_find_nothing_after_a_retry_too(driver: Driver, name: str) -> None:
    with pytest.raises(NotFoundError):
        REPEATABLE[name][0](driver.open(Script(500, 404)))


def limited(**headers: str) -> httpx.Response:
    return httpx.Response(429, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_the_wait_is_the_one_that_the_server_asks_for(driver: Driver) -> None:
    script = Script(
        limited(x_ratelimit_reset="7, 7"), limited(retry_after="1.5"), limited(x_ratelimit_reset="0"), one()
    )
    driver.open(script).playlists.get(1)
    assert driver.time.slept == [7.25, 2.0, 1.0]


def test_a_reset_given_as_a_unix_time_is_waited_for(driver: Driver) -> None:
    script = Script(limited(x_ratelimit_reset=str(int(driver.time.unix_time) + 9)), one())
    driver.open(script).playlists.get(1)
    assert driver.time.slept == [9.25]


@pytest.mark.parametrize("value", ["nan", "garbage", "", "-3", "0"])
def test_a_senseless_reset_is_met_with_the_ordinary_backoff(driver: Driver, value: str) -> None:
    script = Script(limited(x_ratelimit_reset=value), one())
    driver.open(script).playlists.get(1)
    assert driver.time.slept == [0.25]


@pytest.mark.parametrize("value", ["60", "3600", "1e400", "inf"])
def test_a_reset_beyond_the_deadline_fails_at_once_with_the_numbers(driver: Driver, value: str) -> None:
    headers = {"x_ratelimit_limit": "300", "x_ratelimit_remaining": "0", "x_ratelimit_reset": value}
    script = Script(limited(**headers), one())
    with pytest.raises(RateLimitError) as caught:
        driver.open(script).playlists.get(1)
    error = caught.value
    assert driver.time.slept == []
    assert (error.limit, error.remaining, error.attempts) == (300.0, 0.0, 1)
    assert error.retry_after == error.reset == min(float(value), 1.7976931348623157e308)
    assert "(limit 300, remaining 0, seconds to wait" in str(error)


def test_the_deadline_holds_for_all_attempts_together(driver: Driver) -> None:
    script = Script(limited(retry_after="29"), limited(retry_after="29"), limited(retry_after="29"), one())
    with pytest.raises(RateLimitError):
        driver.open(script).playlists.get(1)
    assert driver.time.slept == [29.25, 29.5]


def test_the_time_that_attempts_take_counts_for_the_deadline(driver: Driver) -> None:
    def peer(_: httpx.Request) -> httpx.Response:
        driver.time.pass_by(30.0)
        raise httpx.ReadTimeout("slow")

    with pytest.raises(RequestTimeoutError) as caught:
        driver.open(peer).playlists.get(1)
    assert caught.value.attempts == 2


def answered(remaining: str, reset: str = "30", name: str | None = "rum", **more: str) -> httpx.Response:
    headers = {"x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset, **more}
    return httpx.Response(
        200, json={"data": playlist(1)}, headers=headers | ({"x-ratelimit-name": name} if name else {})
    )


def test_a_used_up_limit_is_waited_for_before_the_next_call(driver: Driver) -> None:
    client = driver.open(Script(answered("0"), answered("9")))
    client.playlists.get(1)
    driver.time.pass_by(10.0)
    client.playlists.get(1)
    client.playlists.get(1)
    assert driver.time.slept == [20.0]


def test_a_limit_is_shared_by_operations_through_its_name(driver: Driver) -> None:
    client = driver.open(Script(answered("5"), answered("0"), answered("9")))
    client.playlists.get(1)
    client.playlists.update(1, name="n")
    client.playlists.get(1)
    assert driver.time.slept == [30.0]


def test_a_limit_without_a_name_is_that_of_one_operation(driver: Driver) -> None:
    client = driver.open(Script(answered("5", name=None), answered("0", name=None), answered("9", name=None)))
    client.playlists.get(1)
    client.playlists.update(1, name="n")
    client.playlists.get(1)
    assert driver.time.slept == []
    client.playlists.update(1, name="n")
    assert driver.time.slept == [30.0]


def test_copies_share_what_is_known_of_limits(driver: Driver) -> None:
    client = driver.open(Script(answered("0"), answered("9")))
    client.playlists.get(1)
    client.with_options(timeout=3).playlists.get(1)
    assert driver.time.slept == [30.0]


def test_a_limit_that_opens_beyond_the_deadline_is_left_to_the_server(driver: Driver) -> None:
    client = driver.open(Script(answered("0", reset="61"), answered("9")))
    client.playlists.get(1)
    client.playlists.get(1)
    assert driver.time.slept == []


def test_the_wait_for_a_limit_counts_for_the_deadline(driver: Driver) -> None:
    client = driver.open(Script(answered("0", reset="50"), limited(retry_after="20"), one()))
    client.playlists.get(1)
    with pytest.raises(RateLimitError):
        client.playlists.get(1)
    assert driver.time.slept == [50.0]


def test_a_hook_hears_of_each_retry_before_its_wait(driver: Driver) -> None:
    events: list[tuple[RetryEvent, int]] = []
    script = Script(503, httpx.ReadTimeout("x"), one())
    client = driver.open(script, on_retry=lambda event: events.append((event, len(driver.time.slept))))
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


def test_retries_can_be_switched_off(driver: Driver) -> None:
    script = Script(503, one())
    with pytest.raises(ServerError):
        driver.open(script).with_options(retry=driver.time.policy(attempts=1)).playlists.get(1)
    assert len(script.received) == 1


def test_a_refused_connection_is_tried_again_for_creates_too(driver: Driver) -> None:
    client = driver.open(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(ConnectionFailedError, match=r"127\.0\.0\.1 .*ConnectError.*after 4 attempts") as caught:
        client.playlists.create("n")
    assert not caught.value.may_have_been_applied


def test_a_server_that_hangs_up_after_a_create_is_not_asked_twice(driver: Driver) -> None:
    def answer(_: Received) -> None:
        raise ConnectionAbortedError

    with serve(answer) as loopback, pytest.raises(ConnectionFailedError, match=r"POST .*RemoteProtocolError") as caught:
        driver.open(loopback.url).playlists.create("n")
    assert len(loopback.received) == 1
    assert caught.value.may_have_been_applied


def test_an_answer_that_breaks_off_is_asked_for_again(driver: Driver) -> None:
    def answer(received: Received) -> None:
        if len(loopback.received) == 1:
            received.write(b'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"data": ')
            raise ConnectionAbortedError
        received.respond(body=one().content)

    with serve(answer) as loopback:
        assert driver.open(loopback.url).playlists.get(1).id == "48213"
    assert len(loopback.received) == 2


def test_a_limit_that_opens_right_at_the_deadline_is_waited_for(driver: Driver) -> None:
    client = driver.open(Script(answered("0", reset="60"), answered("9")))
    client.playlists.get(1)
    client.playlists.get(1)
    assert driver.time.slept == [60.0]


def test_a_reset_counts_from_when_the_answer_came(driver: Driver) -> None:
    script = Script(answered("0"), answered("9"))

    def peer(request: httpx.Request) -> httpx.Response:
        driver.time.pass_by(5.0)
        return script(request)

    client = driver.open(peer)
    client.playlists.get(1)
    client.playlists.get(1)
    assert driver.time.slept == [30.0]
