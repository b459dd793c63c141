from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import httpx
import pytest
from rum_replay import (
    AsyncReplayClient,
    NotFoundError,
    Playlist,
    RateLimitError,
    ReplayClient,
    RequestTimeoutError,
    RetryPolicy,
    SystemClock,
    Timeout,
)

from .loopback_peer import Received, serve
from .replay_driver import API_KEY, APP_KEY
from .replay_samples import list_response, playlist_data

THREADS, CALLS = 16, 8


class FlakyServer:
    """Returns the requested playlist; every fifth response is a 503, every seventh reports an exhausted rate limit."""

    def __init__(self) -> None:
        self.count = 0
        self.lock = threading.Lock()

    def __call__(self, received: Received) -> None:
        with self.lock:
            self.count += 1
            count = self.count
        if count % 5 == 0:
            received.respond(503)
            return
        number = int(received.target.rpartition("/")[2].partition("?")[0])
        headers = {"X-RateLimit-Remaining": "0" if count % 7 == 0 else "9", "X-RateLimit-Reset": "0.001"}
        received.respond(200, headers, httpx.Response(200, json={"data": playlist_data(number)}).content)


ONCE = RetryPolicy(attempts=1)
PATIENT = RetryPolicy(attempts=50, backoff=0.0)


def test_one_client_serves_many_threads() -> None:
    with (
        serve(FlakyServer()) as loopback,
        ReplayClient(base_url=loopback.url, api_key=API_KEY, app_key=APP_KEY, retry=PATIENT) as client,
    ):

        def work(thread: int) -> list[Playlist]:
            own_client = client if thread % 2 else client.with_options(timeout=20)
            return [own_client.playlists.get(thread * 1000 + number) for number in range(CALLS)]

        with ThreadPoolExecutor(THREADS) as pool:
            results = list(pool.map(work, range(THREADS)))
    assert [[int(item.id) for item in items] for items in results] == [
        [thread * 1000 + number for number in range(CALLS)] for thread in range(THREADS)
    ]


@pytest.mark.anyio
async def test_one_client_serves_many_tasks() -> None:
    results: dict[int, list[int]] = {}
    with serve(FlakyServer()) as loopback:
        async with AsyncReplayClient(base_url=loopback.url, api_key=API_KEY, app_key=APP_KEY, retry=PATIENT) as client:

            async def work(task: int) -> None:
                own_client = client if task % 2 else client.with_options(timeout=20)
                results[task] = [int((await own_client.playlists.get(task * 1000 + n)).id) for n in range(CALLS)]

            async with anyio.create_task_group() as group:
                for task in range(THREADS):
                    group.start_soon(work, task)
    assert results == {task: [task * 1000 + n for n in range(CALLS)] for task in range(THREADS)}


@pytest.mark.anyio
async def test_task_waiting_for_a_retry_does_not_block_other_tasks() -> None:
    order: list[str] = []
    retried, others_done = anyio.Event(), anyio.Event()

    class UntilOthersAreDone(SystemClock):
        async def async_sleep(self, seconds: float) -> None:
            retried.set()
            await others_done.wait()

    def peer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/404"):
            return httpx.Response(404)
        if request.url.path.endswith("/1") and not retried.is_set():
            return httpx.Response(503)
        return httpx.Response(200, json={"data": playlist_data(1)})

    async with httpx.AsyncClient(transport=httpx.MockTransport(peer)) as http_client:
        client = AsyncReplayClient(
            site="us1", api_key=API_KEY, app_key=APP_KEY, http_client=http_client, clock=UntilOthersAreDone()
        )

        async def slow() -> None:
            await client.playlists.get(1)
            order.append("slow")

        async with anyio.create_task_group() as group:
            group.start_soon(slow)
            await retried.wait()
            await client.playlists.get(2)
            with pytest.raises(NotFoundError):
                await client.playlists.get(404)
            order.append("others")
            others_done.set()
    assert order == ["others", "slow"]


@pytest.fixture
def collected() -> Iterator[None]:
    yield
    gc.collect()


def leaves_sockets(test: Callable[..., Any]) -> Callable[..., Any]:
    """Before 4.16, anyio leaves sockets to the garbage collector when connecting is cancelled; that harms nothing here.

    They are collected before the next test, which would fail.
    """
    ignored = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    decorated: Callable[..., Any] = ignored(pytest.mark.usefixtures("collected")(test))
    return decorated


@leaves_sockets
@pytest.mark.anyio
@pytest.mark.parametrize(("tasks", "rounds"), [(150, 5), (1000, 1)])
async def test_calls_cancelled_while_they_wait_for_a_connection_leave_it_to_others(tasks: int, rounds: int) -> None:
    healthy = threading.Event()
    healthy.set()

    def respond(received: Received) -> None:
        healthy.wait(60)
        received.respond(200, {}, httpx.Response(200, json={"data": playlist_data(1)}).content)

    with serve(respond) as loopback:
        async with AsyncReplayClient(base_url=loopback.url, api_key=API_KEY, app_key=APP_KEY) as client:
            answered: list[str] = []

            async def impatient() -> None:
                with anyio.move_on_after(0.05):
                    answered.append((await client.playlists.get(1)).id)

            async def patient() -> None:
                answered.append((await client.playlists.get(1)).id)

            await patient()  # so that the client knows of no rate limit, and the calls below go out at once
            answered.clear()
            healthy.clear()
            for _ in range(rounds):
                async with anyio.create_task_group() as group:
                    for _ in range(tasks):
                        group.start_soon(impatient)
            assert answered == []
            healthy.set()
            async with anyio.create_task_group() as group:
                for _ in range(tasks):
                    group.start_soon(patient)
            assert answered == ["1"] * tasks


MOMENTS = range(60)
"""Steps of the event loop after which a call is cancelled; an answer takes about half as many."""


@asynccontextmanager
async def with_one_connection(url: str) -> AsyncIterator[AsyncReplayClient]:
    limits, timeout = httpx.Limits(max_connections=1), Timeout(pool=1)
    async with httpx.AsyncClient(limits=limits, verify=False) as http_client:
        yield AsyncReplayClient(
            base_url=url, api_key=API_KEY, app_key=APP_KEY, http_client=http_client, retry=ONCE, timeout=timeout
        )


def answer_at_once(received: Received) -> None:
    received.respond(200, {}, httpx.Response(200, json={"data": playlist_data(1)}).content)


@leaves_sockets
@pytest.mark.anyio
async def test_a_call_that_is_cancelled_at_any_moment_leaves_its_connection_to_others() -> None:
    with serve(answer_at_once) as loopback:
        async with with_one_connection(loopback.url) as client:
            for moment in MOMENTS:
                async with anyio.create_task_group() as group:
                    group.start_soon(client.playlists.get, 1)
                    for _ in range(moment):
                        await anyio.lowlevel.checkpoint()
                    group.cancel_scope.cancel()
                assert (await client.playlists.get(1)).id == "1"


@leaves_sockets
def test_a_task_of_asyncio_that_is_cancelled_at_any_moment_leaves_its_connection_to_others() -> None:
    async def work() -> None:
        async with with_one_connection(loopback.url) as client:
            for moment in MOMENTS:
                task = asyncio.ensure_future(client.playlists.get(1))
                for _ in range(moment):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.wait([task])
                assert (await client.playlists.get(1)).id == "1"

    with serve(answer_at_once) as loopback:
        asyncio.run(work())


@pytest.mark.anyio
async def test_call_waits_for_a_connection_as_long_as_the_pool_timeout_says() -> None:
    healthy, asked = threading.Event(), threading.Event()

    def respond(received: Received) -> None:
        asked.set()
        healthy.wait(60)
        received.respond(200, {}, httpx.Response(200, json={"data": playlist_data(1)}).content)

    with serve(respond) as loopback:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as http_client:
            client = AsyncReplayClient(
                base_url=loopback.url, api_key=API_KEY, app_key=APP_KEY, http_client=http_client, retry=ONCE
            )
            async with anyio.create_task_group() as group:
                group.start_soon(client.playlists.get, 1)
                await anyio.to_thread.run_sync(asked.wait)
                impatient = client.with_options(timeout=Timeout(pool=0.01))
                for _ in range(3):
                    with pytest.raises(
                        RequestTimeoutError, match=r"no connection became free within 0\.01 s"
                    ) as caught:
                        await impatient.heatmaps.delete("snapshot")
                    assert not caught.value.may_have_been_applied
                healthy.set()
            assert (await impatient.with_options(timeout=10).playlists.get(1)).id == "1"


class LimitedServer:
    """Allows five requests in each quarter of a second, and says so."""

    LIMIT, PERIOD = 5, 0.25

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: Counter[int] = Counter()
        self.order: list[int] = []

    def __call__(self, received: Received) -> None:
        with self.lock:
            now = time.monotonic()
            window = int(now / self.PERIOD)
            self.counts[window] += 1
            count = self.counts[window]
            allowed = count <= self.LIMIT
            number = int(received.target.rpartition("/")[2])
            if number not in self.order:
                self.order.append(number)
        headers = {
            "X-RateLimit-Limit": str(self.LIMIT),
            "X-RateLimit-Remaining": str(max(0, self.LIMIT - count)),
            "X-RateLimit-Reset": str((window + 1) * self.PERIOD - now),
            "X-RateLimit-Name": "replay",
        }
        body = httpx.Response(200, json={"data": playlist_data(number)}).content
        received.respond(200 if allowed else 429, headers, body if allowed else b"")

    @property
    def refused(self) -> list[int]:
        """How many requests each window refused."""
        return [count - self.LIMIT for count in self.counts.values() if count > self.LIMIT]


NUMBERS = list(range(1, 41))


def test_burst_of_threads_is_spread_over_the_windows_of_the_rate_limit() -> None:
    server = LimitedServer()
    with (
        serve(server) as loopback,
        ReplayClient(base_url=loopback.url, api_key=API_KEY, app_key=APP_KEY) as client,
        ThreadPoolExecutor(len(NUMBERS)) as pool,
    ):
        results = list(pool.map(client.playlists.get, NUMBERS))
    assert [int(playlist.id) for playlist in results] == NUMBERS
    assert all(refused == 1 for refused in server.refused)


@pytest.mark.anyio
async def test_burst_of_tasks_is_spread_in_the_order_of_arrival() -> None:
    server = LimitedServer()
    arrived: list[int] = []
    with serve(server) as loopback:
        async with AsyncReplayClient(base_url=loopback.url, api_key=API_KEY, app_key=APP_KEY) as client:

            async def get(number: int) -> None:
                arrived.append(number)
                assert int((await client.playlists.get(number)).id) == number

            async with anyio.create_task_group() as group:
                for number in NUMBERS:
                    group.start_soon(get, number)
    assert all(refused == 1 for refused in server.refused)
    assert sorted(server.order) == NUMBERS
    # Those of one window go out at the same time, and the server's threads take them in any order.
    assert all(abs(server.order.index(number) - arrived.index(number)) <= server.LIMIT for number in NUMBERS)


@pytest.mark.anyio
async def test_calls_without_room_before_their_deadline_are_not_sent() -> None:
    server = LimitedServer()
    errors: list[RateLimitError] = []
    short = RetryPolicy(deadline=0.4)
    with serve(server) as loopback:
        async with AsyncReplayClient(base_url=loopback.url, api_key=API_KEY, app_key=APP_KEY, retry=short) as client:

            async def get(number: int) -> None:
                try:
                    await client.playlists.get(number)
                except RateLimitError as error:
                    errors.append(error)

            async with anyio.create_task_group() as group:
                for number in NUMBERS:
                    group.start_soon(get, number)
    unsent = [error for error in errors if error.attempts == 0]
    # Five in each of the windows that begin within the deadline, and at most one refusal in each.
    assert len(unsent) >= len(NUMBERS) - 3 * (server.LIMIT + 1)
    assert len(server.order) == len(NUMBERS) - len(unsent)
    assert all("leaves no room before the deadline of 0.4 s (limit 5" in str(error) for error in unsent)


@pytest.mark.anyio
async def test_client_is_usable_after_a_cancelled_call() -> None:
    ended = threading.Event()

    def respond(received: Received) -> None:
        if received.target.endswith("/1"):
            ended.wait(30)
        received.respond(200, {}, httpx.Response(200, json={"data": playlist_data(2)}).content)

    with serve(respond) as loopback:
        async with AsyncReplayClient(base_url=loopback.url, api_key=API_KEY, app_key=APP_KEY) as client:
            with anyio.move_on_after(0.05) as scope:
                await client.playlists.get(1)
            assert scope.cancelled_caught
            assert (await client.playlists.get(2)).id == "2"
        ended.set()


def eight_pages_of_five(request: httpx.Request) -> httpx.Response:
    number = int(request.url.params["page[number]"])
    return list_response(*(playlist_data(number * 5 + offset) for offset in range(5)) if number < 8 else ())


@pytest.mark.parametrize("pages", [False, True])
def test_threads_that_share_an_iterator_share_its_items(pages: bool) -> None:
    with httpx.Client(transport=httpx.MockTransport(eight_pages_of_five)) as http_client:
        client = ReplayClient(site="us1", api_key=API_KEY, app_key=APP_KEY, http_client=http_client)
        listing = client.playlists.list()
        items, page_iterator = iter(listing), listing.pages()

        def work(_: int) -> list[str]:
            return [item.id for page in page_iterator for item in page] if pages else [item.id for item in items]

        with ThreadPoolExecutor(4) as pool:
            ids = [identifier for ids in pool.map(work, range(4)) for identifier in ids]
    assert sorted(map(int, ids)) == list(range(40))


@pytest.mark.anyio
@pytest.mark.parametrize("pages", [False, True])
async def test_tasks_that_share_an_iterator_share_its_items(pages: bool) -> None:
    async def peer(request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0)
        return eight_pages_of_five(request)

    ids: list[str] = []
    async with httpx.AsyncClient(transport=httpx.MockTransport(peer)) as http_client:
        client = AsyncReplayClient(site="us1", api_key=API_KEY, app_key=APP_KEY, http_client=http_client)
        listing = client.playlists.list()
        items, page_iterator = aiter(listing), listing.pages()

        async def work() -> None:
            if pages:
                async for page in page_iterator:
                    ids.extend(item.id for item in page)
            else:
                async for item in items:
                    ids.append(item.id)

        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(work)
            with anyio.move_on_after(0):
                await anext(items)  # given up at once: what it would have got goes to the others
    assert sorted(map(int, ids)) == list(range(40))


@pytest.mark.anyio
async def test_tasks_that_share_an_iterator_of_segments_share_its_pages() -> None:
    async def peer(request: httpx.Request) -> httpx.Response:
        await anyio.sleep(0)
        number = int(request.url.params.get("paging", "0"))
        return httpx.Response(200, content=b"%d" % number, headers={"x-paging": str(number + 1)} if number < 9 else {})

    contents: list[bytes] = []
    async with httpx.AsyncClient(transport=httpx.MockTransport(peer)) as http_client:
        client = AsyncReplayClient(site="us1", api_key=API_KEY, app_key=APP_KEY, http_client=http_client)
        segments = client.sessions.iter_segments("session", "view")

        async def work() -> None:
            async for page in segments:
                contents.append(page.content)

        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(work)
    assert sorted(contents) == [b"%d" % number for number in range(10)]


@pytest.mark.anyio
async def test_many_tasks_can_iterate_one_list_at_once() -> None:
    def peer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params["page[number]"])
        return (
            list_response(*(playlist_data(number * 2 + offset) for offset in range(2)))
            if number < 3
            else list_response()
        )

    counts: list[list[str]] = []
    async with httpx.AsyncClient(transport=httpx.MockTransport(peer)) as http_client:
        client = AsyncReplayClient(site="us1", api_key=API_KEY, app_key=APP_KEY, http_client=http_client)
        listing = client.playlists.list()

        async def work() -> None:
            counts.append([item.id async for item in listing])

        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(work)
    assert counts == [list("012345")] * 5
