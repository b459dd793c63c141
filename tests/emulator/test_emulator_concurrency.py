"""Threads and tasks that use one emulator at the same time: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import anyio
import httpx
import pytest
from rum_replay import AsyncReplayClient, ReplayClient
from rum_replay_emulator import Answer, Assumptions, Emulator, RateLimit, ReceivedRequest

from .emulator_api import API_KEY, APP_KEY, PLAYLISTS, Api

WORKERS, ROUNDS = 20, 25  # threads, and as many tasks; five requests in each round
SHARED = "1"


@pytest.fixture(autouse=True)
def answer_checker() -> None:
    """Not used here: it would need a lock, with which the emulator could do without its own."""


@pytest.fixture
def frequent_switches() -> Iterator[None]:
    """Threads take turns often enough to meet in the middle of almost anything."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def snapshot(name: str) -> dict[str, Any]:
    return {
        "application_id": "shop",
        "device_type": "desktop",
        "event_id": name,
        "is_device_type_selected_by_user": False,
        "snapshot_name": name,
        "start": 0,
        "view_name": "/checkout",
        "session_id": name,
    }


def work_in_threads(replay: ReplayClient) -> list[str]:
    def work(worker: int) -> list[str]:
        return [work_once(f"thread-{worker}-{number}") for number in range(ROUNDS)]

    def work_once(name: str) -> str:
        playlist = replay.playlists.create(name)
        replay.playlists.add_session(SHARED, name)
        replay.viewership.record_watch(name, application_id="shop", event_id=name)
        replay.heatmaps.create(**snapshot(name))
        assert replay.playlists.get(playlist.id).name == name
        return playlist.id

    with ThreadPoolExecutor(WORKERS) as threads:
        return list(chain.from_iterable(threads.map(work, range(WORKERS))))


async def work_in_tasks(url: str) -> list[str]:
    made = list[str]()

    async def work(worker: int) -> None:
        for number in range(ROUNDS):
            await work_once(f"task-{worker}-{number}")

    async def work_once(name: str) -> None:
        playlist = await replay.playlists.create(name)
        await replay.playlists.add_session(SHARED, name)
        await replay.viewership.record_watch(name, application_id="shop", event_id=name)
        await replay.heatmaps.create(**snapshot(name))
        assert (await replay.playlists.get(playlist.id)).name == name
        made.append(playlist.id)

    async with (
        AsyncReplayClient(base_url=url, api_key=API_KEY, app_key=APP_KEY) as replay,
        anyio.create_task_group() as tasks,
    ):
        for worker in range(WORKERS):
            tasks.start_soon(work, worker)
    return made


def test_threads_over_the_transport_and_tasks_over_sockets_lose_nothing() -> None:
    emulator = Emulator(api_key=API_KEY, app_key=APP_KEY)
    with (
        emulator.serve() as url,
        httpx.Client(transport=emulator.transport()) as http_client,
        ReplayClient(http_client=http_client, api_key=API_KEY, app_key=APP_KEY) as replay,
        ThreadPoolExecutor(1) as other_loop,
    ):
        assert replay.playlists.create("shared").id == SHARED
        tasks = other_loop.submit(anyio.run, work_in_tasks, url)
        ids = work_in_threads(replay) + tasks.result()
        names = sorted(
            f"{kind}-{worker}-{number}"
            for kind in ("task", "thread")
            for worker in range(WORKERS)
            for number in range(ROUNDS)
        )
        assert sorted(session.id for session in replay.playlists.list_sessions(SHARED)) == names
        assert replay.playlists.get(SHARED).session_count == len(names)
        assert sorted(playlist.name for playlist in replay.playlists.list()) == sorted([*names, "shared"])
        assert sorted(session.id for session in replay.viewership.list_history()) == names
        snapshots = list(replay.heatmaps.list(view_name="/checkout"))
    assert sorted(snapshot.snapshot_name or "" for snapshot in snapshots) == names
    assert len({snapshot.id for snapshot in snapshots}) == len(set(ids)) == len(names)
    asked = Counter(request.operation for request in emulator.requests)
    assert asked["CreateRumReplayPlaylist"] == len(names) + 1
    assert asked["AddRumReplaySessionToPlaylist"] == len(names)
    assert asked["CreateRumReplaySessionWatch"] == len(names)


@pytest.mark.usefixtures("frequent_switches")
def test_what_is_counted_and_compared_is_exact() -> None:
    assumptions = Assumptions(playlist_names_are_unique=True)
    at_once, most_at_once = 0, 0

    def note(_: ReceivedRequest, __: Answer) -> None:
        nonlocal at_once, most_at_once
        at_once += 1
        most_at_once = max(most_at_once, at_once)
        time.sleep(1e-4)  # lets other threads in, unless they have to wait
        at_once -= 1

    emulator = Emulator(rate_limit=RateLimit(800, 60), assumptions=assumptions, on_answer=note)
    outage = emulator.faults.add(status=503, times=100)
    api = Api(emulator)

    def create(number: int) -> int:
        data = {"type": "rum_replay_playlist", "attributes": {"name": str(number % 50)}}
        return api.post(PLAYLISTS, json={"data": data}).status_code

    with api.client, ThreadPoolExecutor(WORKERS) as threads:
        statuses = Counter(threads.map(create, range(1000)))
    assert statuses == {201: 50, 409: 650, 429: 200, 503: 100}
    assert most_at_once == 1
    assert outage.used == 100
    assert len(emulator.requests) == 1000
