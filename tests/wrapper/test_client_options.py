"""What a client can be told, and the ways out of it."""

from __future__ import annotations

import asyncio
import gc
import platform
import socket
import sys
import threading
import time as system_time
from contextlib import suppress
from pathlib import Path
from typing import Any, get_type_hints

import httpx
import pytest
import rum_replay
from rum_replay import (
    AsyncReplayClient,
    ConfigurationError,
    ConnectionFailedError,
    InvalidRequestError,
    NotFoundError,
    ReplayClient,
    RequestTimeoutError,
    RetryPolicy,
    SystemClock,
    Timeout,
    UnexpectedResponseError,
)

from .loopback_peer import Received, listen, serve
from .replay_driver import API_KEY, APP_KEY, Driver, unwrapped
from .replay_samples import one

# httpx leaves its own generators behind when a body is not read to its end, of which trio warns.
GENERATORS_LEFT_BEHIND = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Recorder:
    """Answers everything with a playlist and keeps the requests."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return one()


def test_the_user_agent_names_library_python_and_httpx(driver: Driver) -> None:
    recorder = Recorder()
    driver.open(recorder).playlists.get(1)
    assert recorder.requests[0].headers["user-agent"] == (
        f"rum-replay/{rum_replay.__version__} python/{platform.python_version()} httpx/{httpx.__version__}"
    )


def test_a_client_brought_along_does_not_change_the_headers_that_matter(driver: Driver) -> None:
    recorder = Recorder()
    mine = driver.open_http_client(
        transport=httpx.MockTransport(recorder),
        headers={"User-Agent": "mine", "DD-API-KEY": "mine", "Accept": "text/html", "X-Mine": "kept"},
        timeout=None,
        base_url="https://elsewhere.example",
    )
    driver.open(site="eu1", http_client=mine).playlists.get(1)
    request = recorder.requests[0]
    assert request.url.host == "api.datadoghq.eu"
    assert request.headers["user-agent"].startswith("rum-replay/")
    assert request.headers["dd-api-key"] == API_KEY
    assert request.headers["accept"] == "application/json"
    assert request.headers["x-mine"] == "kept"
    assert request.extensions["timeout"] == {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 30.0}


def test_timeouts_are_finite_by_default_and_set_for_a_client_or_a_copy(driver: Driver) -> None:
    recorder = Recorder()
    for client in (
        driver.open(recorder),
        driver.open(recorder, timeout=3),
        driver.open(recorder, timeout=Timeout(read=120)),
        driver.open(recorder).with_options(timeout=1.5),
        driver.open(recorder, timeout=3).with_options(retry=RetryPolicy(attempts=1)),
    ):
        client.playlists.get(1)
    assert [tuple(request.extensions["timeout"].values()) for request in recorder.requests] == [
        (5.0, 30.0, 30.0, 30.0),
        (3, 3, 3, 3),
        (5.0, 120, 30.0, 30.0),
        (1.5, 1.5, 1.5, 1.5),
        (3, 3, 3, 3),
    ]


@pytest.mark.parametrize("cls", [ReplayClient, AsyncReplayClient])
def test_no_timeout_at_all_is_refused(cls: type[ReplayClient]) -> None:
    with pytest.raises(ConfigurationError, match=r"^timeout.* must be .*number of seconds above 0"):
        cls(api_key=API_KEY, app_key=APP_KEY, timeout=None)  # type: ignore[arg-type]


def test_options_of_the_wrong_kind_are_refused(driver: Driver) -> None:
    other = httpx.AsyncClient() if driver.flavour == "sync" else httpx.Client()
    for options, words in (
        ({"http_client": other}, f"must be an httpx.{driver.http_client_class.__name__}, not"),
        ({"http_client": object()}, "http_client"),
        ({"retry": None}, "RetryPolicy"),
        ({"retry": 3}, "RetryPolicy"),
        ({"timeout": "5"}, "timeout"),
    ):
        with pytest.raises(ConfigurationError, match=words):
            driver.open("http://127.0.0.1:1", **options)
    client = driver.open(Recorder())
    senseless: list[dict[str, Any]] = [{"retry": 0}, {"timeout": 0}, {"timeout": -1}]
    for options in senseless:
        with pytest.raises(ConfigurationError):
            client.with_options(**options)


def test_a_copy_keeps_what_it_is_not_told_and_leaves_the_original_alone(driver: Driver) -> None:
    heard: list[str] = []
    recorder = Recorder()
    client = driver.open(recorder, on_response=lambda _: heard.append("first"))
    copy = client.with_options(on_response=lambda _: heard.append("second"))
    again = copy.with_options(timeout=9)
    for each in (client, copy, again):
        each.playlists.get(1)
    assert heard == ["first", "second", "second"]
    assert [request.extensions["timeout"]["read"] for request in recorder.requests] == [30.0, 30.0, 9]
    assert client.base_url == copy.base_url == "https://api.datadoghq.com"


def test_copies_use_the_same_connection(driver: Driver) -> None:
    ports = []

    def answer(received: Received) -> None:
        ports.append(received.peer_port)
        received.respond(200, {}, one().content)

    with serve(answer) as loopback:
        client = driver.open(loopback.url)
        client.playlists.get(1)
        client.with_options(timeout=3).playlists.get(1)
        client.with_options(timeout=4).playlists.get(1)
    assert len(set(ports)) == 1


def test_closing_a_copy_closes_nothing_and_closing_the_original_closes_all(driver: Driver) -> None:
    with serve(lambda received: received.respond(200, {}, one().content)) as loopback:
        client = driver.open(loopback.url)
        copy = client.with_options(timeout=3)
        copy.close()
        assert client.playlists.get(1).id == "48213"
        client.close()
        client.close()
        for closed in (client, copy):
            with pytest.raises(ConfigurationError, match="closed"):
                closed.playlists.get(1)
            with pytest.raises(ConfigurationError, match="closed"):
                list(closed.playlists.list())
            with pytest.raises(ConfigurationError, match="closed"):
                list(closed.sessions.iter_segments("s", "v"))
    assert len(loopback.received) == 1


def test_what_was_brought_along_is_not_closed(driver: Driver) -> None:
    mine = driver.open_http_client(transport=httpx.MockTransport(Recorder()))
    driver.open(site="us1", http_client=mine).close()
    assert not mine.is_closed


def test_leaving_the_context_closes_the_client() -> None:
    with serve(lambda received: received.respond(200, {}, one().content)) as loopback:
        with ReplayClient(api_key=API_KEY, app_key=APP_KEY, base_url=loopback.url) as client:
            client.playlists.get(1)
        with pytest.raises(ConfigurationError, match="closed"):
            client.playlists.get(1)


@pytest.mark.anyio
async def test_leaving_the_asynchronous_context_closes_the_client() -> None:
    with serve(lambda received: received.respond(200, {}, one().content)) as loopback:
        async with AsyncReplayClient(api_key=API_KEY, app_key=APP_KEY, base_url=loopback.url) as client:
            await client.playlists.get(1)
        with pytest.raises(ConfigurationError, match="closed"):
            await client.playlists.get(1)


def test_the_raw_answer_of_every_attempt_can_be_had(driver: Driver) -> None:
    outcomes = [httpx.Response(503), one(), httpx.Response(404, text="gone")]
    seen: list[tuple[type, int, bytes]] = []
    client = driver.open(
        lambda _: outcomes.pop(0),
        on_response=lambda response: seen.append((type(response), response.status_code, response.content)),
    )
    client.playlists.get(1)
    with pytest.raises(NotFoundError):
        client.playlists.get(1)
    assert seen == [(httpx.Response, 503, b""), (httpx.Response, 200, one().content), (httpx.Response, 404, b"gone")]


def test_hooks_of_a_client_brought_along_may_read_the_answer_first(driver: Driver) -> None:
    seen: list[bytes] = []

    def read(response: httpx.Response) -> None:
        seen.append(response.read())

    async def aread(response: httpx.Response) -> None:
        seen.append(await response.aread())

    with serve(lambda received: received.respond(200, {}, one().content)) as loopback:
        hook = read if driver.flavour == "sync" else aread
        client = driver.open(loopback.url, http_client=driver.open_http_client(event_hooks={"response": [hook]}))
        assert client.playlists.get(1).id == "48213"
        assert [page.content for page in client.sessions.iter_segments("s", "v")] == [one().content]
    assert seen == [one().content] * 2


@pytest.mark.parametrize("reads", [True, False])
def test_a_hook_that_raises_for_the_status_changes_nothing(driver: Driver, reads: bool) -> None:
    def raise_for_status(response: httpx.Response) -> None:
        if reads:
            response.read()
        response.raise_for_status()

    async def raise_for_status_async(response: httpx.Response) -> None:
        if reads:
            await response.aread()
        response.raise_for_status()

    hook = raise_for_status if driver.flavour == "sync" else raise_for_status_async
    seen: list[int] = []
    with serve(lambda received: received.respond(404, {"X-Request-Id": "r"}, b'{"errors": ["gone"]}')) as loopback:
        brought = driver.open_http_client(event_hooks={"response": [hook]})
        client = driver.open(
            loopback.url, http_client=brought, on_response=lambda response: seen.append(response.status_code)
        )
        with pytest.raises(NotFoundError) as caught:
            client.playlists.get(1)
        with pytest.raises(NotFoundError):
            list(client.sessions.iter_segments("s", "v"))
        assert len(loopback.received) == 2
    assert caught.value.errors == (("gone",) if reads else ())
    assert caught.value.request_id == "r"
    assert seen == [404, 404]


class Awaited:
    async def __call__(self, _: object) -> None:
        """Nobody would await it."""


async def awaited(_: object) -> None:
    """Nobody would await it."""


@pytest.mark.parametrize("hook", [awaited, Awaited(), "text", 3])
def test_a_hook_that_nobody_would_await_or_call_is_refused(driver: Driver, hook: Any, tmp_path: Path) -> None:
    for name in ("on_retry", "on_response"):
        with pytest.raises(ConfigurationError, match=f"{name} must be a"):
            driver.open(Recorder(), **{name: hook})
        with pytest.raises(ConfigurationError, match=f"{name} must be a"):
            driver.open(Recorder()).with_options(**{name: hook})
    with pytest.raises(InvalidRequestError, match="progress must be a"):
        driver.open(Recorder()).sessions.download_segments("s", "v", tmp_path, progress=hook)


def test_a_client_that_is_closed_between_two_attempts_says_what_was_sent(driver: Driver) -> None:
    asked: list[str] = []

    def unavailable(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(503)

    def close(_: object) -> None:
        if isinstance(http_client, httpx.Client):
            http_client.close()
        else:
            with suppress(StopIteration):  # this transport never waits, so one step is all
                http_client.aclose().send(None)

    http_client = driver.open_http_client(transport=httpx.MockTransport(unavailable))
    client = driver.open(site="us1", http_client=http_client, on_retry=close)
    with pytest.raises(ConnectionFailedError, match="closed before the call could be sent again") as caught:
        client.playlists.delete(1)
    assert asked == ["DELETE"]
    assert (caught.value.attempts, caught.value.method, caught.value.may_have_been_applied) == (1, "DELETE", True)
    with pytest.raises(ConfigurationError, match="this client is closed"):
        client.playlists.delete(1)


@GENERATORS_LEFT_BEHIND  # and the first loop's connection
def test_an_asynchronous_client_belongs_to_one_event_loop() -> None:
    async def get(client: AsyncReplayClient) -> str:
        return (await client.playlists.get(1)).id

    with serve(lambda received: received.respond(200, {}, one().content)) as loopback:
        client = AsyncReplayClient(api_key=API_KEY, app_key=APP_KEY, base_url=loopback.url)
        assert asyncio.run(get(client)) == "48213"
        with pytest.raises(ConfigurationError, match=r"cannot be used any more, or not here: .*loop"):
            asyncio.run(get(client))
    del client
    gc.collect()  # here, and not in another test, is where the connection that is left behind may be warned of


@pytest.mark.parametrize("url", ["https://a..b", "https://.example", f"https://{'a' * 64}.example"])
def test_a_host_that_no_dns_can_hold_is_a_configuration_error(driver: Driver, url: str) -> None:
    with pytest.raises(ConfigurationError, match="no HTTP client can be set up"):
        driver.open(url)


def test_a_proxy_whose_name_no_dns_can_hold_is_a_failed_connection(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://a..b:1")
    with pytest.raises(ConnectionFailedError) as caught:
        driver.open("https://api.example").playlists.create("x")
    assert not caught.value.may_have_been_applied


def test_a_body_that_does_not_fit_is_there_for_the_hook(driver: Driver) -> None:
    seen: list[bytes] = []
    client = driver.open(
        lambda _: httpx.Response(200, content=b"odd"), on_response=lambda response: seen.append(response.content)
    )
    with pytest.raises(UnexpectedResponseError):
        client.playlists.get(1)
    assert seen == [b"odd"]


def test_a_client_shows_where_it_goes(driver: Driver) -> None:
    client = driver.open(Recorder(), site="eu1")
    assert client.base_url == "https://api.datadoghq.eu"
    name = "ReplayClient" if driver.flavour == "sync" else "AsyncReplayClient"
    assert repr(client) == f"{name}(base_url='https://api.datadoghq.eu')"


def test_a_path_in_the_base_url_stands_before_the_operations(driver: Driver) -> None:
    recorder = Recorder()
    driver.open(recorder, base_url="https://proxy.example/datadog/").playlists.get(7)
    assert str(recorder.requests[0].url) == "https://proxy.example/datadog/api/v2/rum/replay/playlists/7"


def test_the_groups_belong_to_their_client(driver: Driver) -> None:
    client = unwrapped(driver.open(Recorder()))
    assert client.playlists is client.playlists
    assert client.with_options(timeout=1).playlists is not client.playlists


# ---- Time, on real sockets ------------------------------------------------------------------------------------------


def test_a_server_that_never_answers_is_given_up(driver: Driver) -> None:
    ended = threading.Event()

    def silent(connection: socket.socket) -> None:
        connection.recv(65536)
        ended.wait(30)

    with listen(silent) as loopback:
        client = driver.open(loopback.url, timeout=0.05)
        with pytest.raises(RequestTimeoutError, match="ReadTimeout") as caught:
            client.playlists.get(1)
        assert caught.value.attempts == 4
        with pytest.raises(RequestTimeoutError) as created:
            client.playlists.create("n")
        assert created.value.attempts == 1
        assert created.value.may_have_been_applied
        ended.set()


def test_an_answer_that_stops_in_its_middle_is_given_up(driver: Driver) -> None:
    ended = threading.Event()

    def stalled(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        ended.wait(30)

    with listen(stalled) as loopback:
        client = driver.open(loopback.url, timeout=0.05, retry=driver.time.policy(attempts=2))
        with pytest.raises(RequestTimeoutError) as caught:
            client.playlists.get(1)
        assert caught.value.attempts == 2
        ended.set()


@GENERATORS_LEFT_BEHIND
def test_a_body_that_drips_without_end_is_cut_off(driver: Driver) -> None:
    """Each piece comes within the read timeout, so only a bound for the whole can end it."""
    ended = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        for _ in range(500):
            if ended.wait(0.002):
                return
            connection.sendall(b" ")
            driver.time.pass_by(1.0)

    with listen(drip) as loopback:
        client = driver.open(loopback.url, timeout=10, retry=driver.time.policy(attempts=1))
        with pytest.raises(RequestTimeoutError, match="still arriving after 60 s"):
            client.playlists.get(1)
        ended.set()


@GENERATORS_LEFT_BEHIND
def test_a_read_timeout_above_the_deadline_bounds_the_whole_instead(driver: Driver) -> None:
    def peer(_: httpx.Request) -> httpx.Response:
        class Slow(httpx.SyncByteStream, httpx.AsyncByteStream):
            def __iter__(self) -> Any:
                driver.time.pass_by(100)
                yield one().content

            async def __aiter__(self) -> Any:
                driver.time.pass_by(100)
                yield one().content

        return httpx.Response(200, stream=Slow())

    assert driver.open(peer, timeout=Timeout(read=120)).playlists.get(1).id == "48213"
    with pytest.raises(RequestTimeoutError, match="after 60 s"):
        driver.open(peer, retry=driver.time.policy(attempts=1)).playlists.get(1)


def test_a_refused_answer_does_not_break_the_connection_for_the_next_call(driver: Driver) -> None:
    def answer(received: Received) -> None:
        received.respond(404 if len(loopback.received) == 1 else 200, {}, one().content)

    with serve(answer) as loopback:
        client = driver.open(loopback.url)
        with pytest.raises(NotFoundError):
            client.playlists.get(1)
        assert client.playlists.get(1).id == "48213"


def test_what_is_no_http_is_a_failed_connection(driver: Driver) -> None:
    def babble(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"220 smtp.example ESMTP\r\n")

    with listen(babble) as loopback, pytest.raises(ConnectionFailedError, match="RemoteProtocolError"):
        driver.open(loopback.url, retry=driver.time.policy(attempts=1)).playlists.get(1)


def test_the_default_clock_and_sleeps_are_the_real_ones() -> None:
    assert abs(SystemClock().time() - system_time.time()) < 60
    before = system_time.monotonic()
    SystemClock().sleep(0.001)
    assert before < SystemClock().monotonic() - 0.001


@pytest.mark.anyio
async def test_the_default_asynchronous_sleep_works_under_asyncio_and_trio() -> None:
    before = SystemClock().monotonic()
    await SystemClock().async_sleep(0.001)
    assert SystemClock().monotonic() - before >= 0.001


def test_annotations_of_the_public_names_can_be_evaluated() -> None:
    for name in rum_replay.__all__:
        thing = getattr(rum_replay, name)
        if isinstance(thing, type):
            get_type_hints(thing, localns=vars(sys.modules[thing.__module__]))
