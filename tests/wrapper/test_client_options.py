"""Client options, copies, closing, hooks and timeouts."""

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
from .replay_samples import item_response

# httpx does not close its own generators when a body is not read completely, and trio warns about that.
IGNORE_UNCLOSED_GENERATORS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Recorder:
    """Responds to every request with a playlist, and records the requests."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return item_response()


def test_user_agent_names_library_python_and_httpx_versions(driver: Driver) -> None:
    recorder = Recorder()
    driver.open(recorder).playlists.get(1)
    assert recorder.requests[0].headers["user-agent"] == (
        f"rum-replay/{rum_replay.__version__} python/{platform.python_version()} httpx/{httpx.__version__}"
    )


def test_custom_http_client_cannot_override_required_headers(driver: Driver) -> None:
    recorder = Recorder()
    custom = driver.open_http_client(
        transport=httpx.MockTransport(recorder),
        headers={"User-Agent": "mine", "DD-API-KEY": "mine", "Accept": "text/html", "X-Mine": "kept"},
        timeout=None,
        base_url="https://elsewhere.example",
    )
    driver.open(site="eu1", http_client=custom).playlists.get(1)
    request = recorder.requests[0]
    assert request.url.host == "api.datadoghq.eu"
    assert request.headers["user-agent"].startswith("rum-replay/")
    assert request.headers["dd-api-key"] == API_KEY
    assert request.headers["accept"] == "application/json"
    assert request.headers["x-mine"] == "kept"
    assert request.extensions["timeout"] == {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 30.0}


def test_timeouts_are_finite_by_default_and_configurable_per_client_and_copy(driver: Driver) -> None:
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
def test_disabling_timeouts_is_rejected(cls: type[ReplayClient]) -> None:
    with pytest.raises(ConfigurationError, match=r"^timeout.* must be .*number of seconds above 0"):
        cls(api_key=API_KEY, app_key=APP_KEY, timeout=None)  # type: ignore[arg-type]


def test_options_of_the_wrong_type_are_rejected(driver: Driver) -> None:
    other = httpx.AsyncClient() if driver.flavor == "sync" else httpx.Client()
    for options, message in (
        ({"http_client": other}, f"must be an httpx.{driver.http_client_class.__name__}, not"),
        ({"http_client": object()}, "http_client"),
        ({"retry": None}, "RetryPolicy"),
        ({"retry": 3}, "RetryPolicy"),
        ({"timeout": "5"}, "timeout"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            driver.open("http://127.0.0.1:1", **options)
    client = driver.open(Recorder())
    invalid: list[dict[str, Any]] = [{"retry": 0}, {"timeout": 0}, {"timeout": -1}]
    for options in invalid:
        with pytest.raises(ConfigurationError):
            client.with_options(**options)


def test_copy_inherits_other_options_and_does_not_change_the_original(driver: Driver) -> None:
    called: list[str] = []
    recorder = Recorder()
    client = driver.open(recorder, on_response=lambda _: called.append("first"))
    copy = client.with_options(on_response=lambda _: called.append("second"))
    again = copy.with_options(timeout=9)
    for each in (client, copy, again):
        each.playlists.get(1)
    assert called == ["first", "second", "second"]
    assert [request.extensions["timeout"]["read"] for request in recorder.requests] == [30.0, 30.0, 9]
    assert client.base_url == copy.base_url == "https://api.datadoghq.com"


def test_copies_share_the_connection(driver: Driver) -> None:
    ports = []

    def respond(received: Received) -> None:
        ports.append(received.peer_port)
        received.respond(200, {}, item_response().content)

    with serve(respond) as loopback:
        client = driver.open(loopback.url)
        client.playlists.get(1)
        client.with_options(timeout=3).playlists.get(1)
        client.with_options(timeout=4).playlists.get(1)
    assert len(set(ports)) == 1


def test_closing_a_copy_has_no_effect_and_closing_the_original_closes_every_copy(driver: Driver) -> None:
    with serve(lambda received: received.respond(200, {}, item_response().content)) as loopback:
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


def test_custom_http_client_is_not_closed(driver: Driver) -> None:
    custom = driver.open_http_client(transport=httpx.MockTransport(Recorder()))
    driver.open(site="us1", http_client=custom).close()
    assert not custom.is_closed


def test_leaving_the_context_manager_closes_the_client() -> None:
    with serve(lambda received: received.respond(200, {}, item_response().content)) as loopback:
        with ReplayClient(api_key=API_KEY, app_key=APP_KEY, base_url=loopback.url) as client:
            client.playlists.get(1)
        with pytest.raises(ConfigurationError, match="closed"):
            client.playlists.get(1)


@pytest.mark.anyio
async def test_leaving_the_async_context_manager_closes_the_client() -> None:
    with serve(lambda received: received.respond(200, {}, item_response().content)) as loopback:
        async with AsyncReplayClient(api_key=API_KEY, app_key=APP_KEY, base_url=loopback.url) as client:
            await client.playlists.get(1)
        with pytest.raises(ConfigurationError, match="closed"):
            await client.playlists.get(1)


def test_on_response_receives_the_raw_response_of_every_attempt(driver: Driver) -> None:
    outcomes = [httpx.Response(503), item_response(), httpx.Response(404, text="gone")]
    seen: list[tuple[type, int, bytes]] = []
    client = driver.open(
        lambda _: outcomes.pop(0),
        on_response=lambda response: seen.append((type(response), response.status_code, response.content)),
    )
    client.playlists.get(1)
    with pytest.raises(NotFoundError):
        client.playlists.get(1)
    assert seen == [
        (httpx.Response, 503, b""),
        (httpx.Response, 200, item_response().content),
        (httpx.Response, 404, b"gone"),
    ]


def test_event_hooks_of_a_custom_http_client_may_read_the_response_first(driver: Driver) -> None:
    seen: list[bytes] = []

    def read(response: httpx.Response) -> None:
        seen.append(response.read())

    async def aread(response: httpx.Response) -> None:
        seen.append(await response.aread())

    with serve(lambda received: received.respond(200, {}, item_response().content)) as loopback:
        hook = read if driver.flavor == "sync" else aread
        client = driver.open(loopback.url, http_client=driver.open_http_client(event_hooks={"response": [hook]}))
        assert client.playlists.get(1).id == "48213"
        assert [page.content for page in client.sessions.iter_segments("s", "v")] == [item_response().content]
    assert seen == [item_response().content] * 2


@pytest.mark.parametrize("reads", [True, False])
def test_event_hook_that_calls_raise_for_status_changes_nothing(driver: Driver, reads: bool) -> None:
    def raise_for_status(response: httpx.Response) -> None:
        if reads:
            response.read()
        response.raise_for_status()

    async def raise_for_status_async(response: httpx.Response) -> None:
        if reads:
            await response.aread()
        response.raise_for_status()

    hook = raise_for_status if driver.flavor == "sync" else raise_for_status_async
    seen: list[int] = []
    with serve(lambda received: received.respond(404, {"X-Request-Id": "r"}, b'{"errors": ["gone"]}')) as loopback:
        custom = driver.open_http_client(event_hooks={"response": [hook]})
        client = driver.open(
            loopback.url, http_client=custom, on_response=lambda response: seen.append(response.status_code)
        )
        with pytest.raises(NotFoundError) as caught:
            client.playlists.get(1)
        with pytest.raises(NotFoundError):
            list(client.sessions.iter_segments("s", "v"))
        assert len(loopback.received) == 2
    assert caught.value.errors == (("gone",) if reads else ())
    assert caught.value.request_id == "r"
    assert seen == [404, 404]


class AsyncHook:
    async def __call__(self, _: object) -> None:
        """Would never be awaited."""


async def async_hook(_: object) -> None:
    """Would never be awaited."""


@pytest.mark.parametrize("hook", [async_hook, AsyncHook(), "text", 3])
def test_hook_that_is_async_or_not_callable_is_rejected(driver: Driver, hook: Any, tmp_path: Path) -> None:
    for name in ("on_retry", "on_response"):
        with pytest.raises(ConfigurationError, match=f"{name} must be a"):
            driver.open(Recorder(), **{name: hook})
        with pytest.raises(ConfigurationError, match=f"{name} must be a"):
            driver.open(Recorder()).with_options(**{name: hook})
    with pytest.raises(InvalidRequestError, match="progress must be a"):
        driver.open(Recorder()).sessions.download_segments("s", "v", tmp_path, progress=hook)


def test_error_of_a_client_closed_between_attempts_describes_the_request(driver: Driver) -> None:
    requested: list[str] = []

    def unavailable(request: httpx.Request) -> httpx.Response:
        requested.append(request.method)
        return httpx.Response(503)

    def close(_: object) -> None:
        if isinstance(http_client, httpx.Client):
            http_client.close()
        else:
            with suppress(StopIteration):  # this transport never waits, so one step completes it
                http_client.aclose().send(None)

    http_client = driver.open_http_client(transport=httpx.MockTransport(unavailable))
    client = driver.open(site="us1", http_client=http_client, on_retry=close)
    with pytest.raises(ConnectionFailedError, match="closed before the call could be sent again") as caught:
        client.playlists.delete(1)
    assert requested == ["DELETE"]
    assert (caught.value.attempts, caught.value.method, caught.value.may_have_been_applied) == (1, "DELETE", True)
    with pytest.raises(ConfigurationError, match="this client is closed"):
        client.playlists.delete(1)


@IGNORE_UNCLOSED_GENERATORS  # and the connection of the first loop
def test_async_client_is_bound_to_one_event_loop() -> None:
    async def get(client: AsyncReplayClient) -> str:
        return (await client.playlists.get(1)).id

    with serve(lambda received: received.respond(200, {}, item_response().content)) as loopback:
        client = AsyncReplayClient(api_key=API_KEY, app_key=APP_KEY, base_url=loopback.url)
        assert asyncio.run(get(client)) == "48213"
        with pytest.raises(ConfigurationError, match=r"cannot be used any more, or not here: .*loop"):
            asyncio.run(get(client))
    del client
    gc.collect()  # so that the warning about the unclosed connection is raised in this test, not a later one


@pytest.mark.parametrize("url", ["https://a..b", "https://.example", f"https://{'a' * 64}.example"])
def test_host_that_is_not_a_valid_dns_name_is_a_configuration_error(driver: Driver, url: str) -> None:
    with pytest.raises(ConfigurationError, match="no HTTP client can be set up"):
        driver.open(url)


def test_proxy_that_is_not_a_valid_dns_name_is_a_failed_connection(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://a..b:1")
    with pytest.raises(ConnectionFailedError) as caught:
        driver.open("https://api.example").playlists.create("x")
    assert not caught.value.may_have_been_applied


def test_on_response_sees_a_body_that_cannot_be_decoded(driver: Driver) -> None:
    seen: list[bytes] = []
    client = driver.open(
        lambda _: httpx.Response(200, content=b"odd"), on_response=lambda response: seen.append(response.content)
    )
    with pytest.raises(UnexpectedResponseError):
        client.playlists.get(1)
    assert seen == [b"odd"]


def test_client_repr_shows_the_base_url(driver: Driver) -> None:
    client = driver.open(Recorder(), site="eu1")
    assert client.base_url == "https://api.datadoghq.eu"
    name = "ReplayClient" if driver.flavor == "sync" else "AsyncReplayClient"
    assert repr(client) == f"{name}(base_url='https://api.datadoghq.eu')"


def test_path_in_the_base_url_is_prepended_to_operation_paths(driver: Driver) -> None:
    recorder = Recorder()
    driver.open(recorder, base_url="https://proxy.example/datadog/").playlists.get(7)
    assert str(recorder.requests[0].url) == "https://proxy.example/datadog/api/v2/rum/replay/playlists/7"


def test_method_groups_are_cached_per_client(driver: Driver) -> None:
    client = unwrapped(driver.open(Recorder()))
    assert client.playlists is client.playlists
    assert client.with_options(timeout=1).playlists is not client.playlists


# ---- Timeouts on real sockets ----------------------------------------------------------------------------------------


def test_server_that_never_responds_times_out(driver: Driver) -> None:
    ended = threading.Event()

    def stay_silent(connection: socket.socket) -> None:
        connection.recv(65536)
        ended.wait(30)

    with listen(stay_silent) as loopback:
        client = driver.open(loopback.url, timeout=0.05)
        with pytest.raises(RequestTimeoutError, match="ReadTimeout") as caught:
            client.playlists.get(1)
        assert caught.value.attempts == 4
        with pytest.raises(RequestTimeoutError) as created:
            client.playlists.create("n")
        assert created.value.attempts == 1
        assert created.value.may_have_been_applied
        ended.set()


def test_response_that_stalls_midway_times_out(driver: Driver) -> None:
    ended = threading.Event()

    def stall(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        ended.wait(30)

    with listen(stall) as loopback:
        client = driver.open(loopback.url, timeout=0.05, retry=driver.retry_policy(attempts=2))
        with pytest.raises(RequestTimeoutError) as caught:
            client.playlists.get(1)
        assert caught.value.attempts == 2
        ended.set()


@IGNORE_UNCLOSED_GENERATORS
def test_body_that_trickles_in_is_cut_off_at_the_deadline(driver: Driver) -> None:
    """Each piece arrives within the read timeout, so only a limit for the whole body can end it."""
    ended = threading.Event()

    def trickle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        for _ in range(500):
            if ended.wait(0.002):
                return
            connection.sendall(b" ")
            driver.clock.advance(1.0)

    with listen(trickle) as loopback:
        client = driver.open(loopback.url, timeout=10, retry=driver.retry_policy(attempts=1))
        with pytest.raises(RequestTimeoutError, match="still arriving after 60 s"):
            client.playlists.get(1)
        ended.set()


@IGNORE_UNCLOSED_GENERATORS
def test_read_timeout_longer_than_the_deadline_limits_the_whole_body_instead(driver: Driver) -> None:
    def peer(_: httpx.Request) -> httpx.Response:
        class Slow(httpx.SyncByteStream, httpx.AsyncByteStream):
            def __iter__(self) -> Any:
                driver.clock.advance(100)
                yield item_response().content

            async def __aiter__(self) -> Any:
                driver.clock.advance(100)
                yield item_response().content

        return httpx.Response(200, stream=Slow())

    assert driver.open(peer, timeout=Timeout(read=120)).playlists.get(1).id == "48213"
    with pytest.raises(RequestTimeoutError, match="after 60 s"):
        driver.open(peer, retry=driver.retry_policy(attempts=1)).playlists.get(1)


def test_client_is_usable_after_an_error_response(driver: Driver) -> None:
    def respond(received: Received) -> None:
        received.respond(404 if len(loopback.received) == 1 else 200, {}, item_response().content)

    with serve(respond) as loopback:
        client = driver.open(loopback.url)
        with pytest.raises(NotFoundError):
            client.playlists.get(1)
        assert client.playlists.get(1).id == "48213"


def test_server_that_does_not_speak_http_is_a_failed_connection(driver: Driver) -> None:
    def speak_smtp(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"220 smtp.example ESMTP\r\n")

    with listen(speak_smtp) as loopback, pytest.raises(ConnectionFailedError, match="RemoteProtocolError"):
        driver.open(loopback.url, retry=driver.retry_policy(attempts=1)).playlists.get(1)


def test_default_clock_uses_real_time_and_sleep() -> None:
    assert abs(SystemClock().time() - system_time.time()) < 60
    before = system_time.monotonic()
    SystemClock().sleep(0.001)
    assert before < SystemClock().monotonic() - 0.001


@pytest.mark.anyio
async def test_default_async_sleep_works_under_asyncio_and_trio() -> None:
    before = SystemClock().monotonic()
    await SystemClock().async_sleep(0.001)
    assert SystemClock().monotonic() - before >= 0.001


def test_type_annotations_of_public_names_can_be_evaluated() -> None:
    for name in rum_replay.__all__:
        value = getattr(rum_replay, name)
        if isinstance(value, type):
            get_type_hints(value, localns=vars(sys.modules[value.__module__]))
