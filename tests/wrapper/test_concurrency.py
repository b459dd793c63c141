from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest
from rum_replay import AsyncReplayClient, NotFoundError, Playlist, ReplayClient, RetryPolicy, SystemClock

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
