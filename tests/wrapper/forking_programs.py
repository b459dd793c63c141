"""Programs that fork with a client in hand; run by test_forks.py, each in a process without other threads.

usage: forking_programs.py PROGRAM BASE_URL

Each prints the lines that its children report, and exits with status 0 if every child ended.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import httpx
from rum_replay import AsyncReplayClient, ReplayClient, ReplayError

CHILDREN, CALLS = 4, 10
KEYS: Any = {"api_key": "k" * 32, "app_key": "a" * 40}


def report(line: str) -> None:
    os.write(1, f"{line}\n".encode())  # in one piece, also if others write


def fork(work: Callable[[int], None]) -> None:
    """Run `work` in children that end like workers of gunicorn: without cleaning up."""
    for child in range(CHILDREN):
        if os.fork() == 0:
            try:
                work(child)
            finally:
                os._exit(0)


def join() -> None:
    for _ in range(CHILDREN):
        os.wait()


def get_playlists(client: ReplayClient, child: int) -> None:
    for number in range(CALLS):
        wanted = str(1000 * (child + 1) + number)
        try:
            got = client.playlists.get(wanted).id
        except ReplayError as error:
            report(f"{type(error).__name__}: {error}")
        else:
            report("ok" if got == wanted else f"asked for {wanted}, got {got}")


def preloaded(url: str) -> None:
    """gunicorn --preload: the application has made calls when its workers are forked, and goes on making some."""
    with ReplayClient(base_url=url, **KEYS) as client:
        client.playlists.get(1)
        fork(lambda child: get_playlists(client, child))
        get_playlists(client, CHILDREN)
        join()


def copies(url: str) -> None:
    """Copies made by `with_options`, before the fork and after it, share the child's connections."""
    with ReplayClient(base_url=url, **KEYS) as client:
        copy = client.with_options(timeout=20)
        copy.playlists.get(1)

        def work(child: int) -> None:
            get_playlists(copy, child)
            get_playlists(copy.with_options(timeout=30), child)

        fork(work)
        join()


def closed_by_children(url: str) -> None:
    """A child that leaves the `with` block closes its own connections only."""
    with ReplayClient(base_url=url, **KEYS) as client:
        client.playlists.get(1)

        def work(child: int) -> None:
            get_playlists(client, child)
            client.close()
            try:
                client.playlists.get(1)
            except ReplayError as error:
                report(f"{type(error).__name__}: {error}")

        fork(work)
        join()
        get_playlists(client, CHILDREN)


def closed_before(url: str) -> None:
    """A client that was closed before the fork is closed in the children."""
    client = ReplayClient(base_url=url, **KEYS)
    client.playlists.get(1)
    client.close()
    fork(lambda child: get_playlists(client, child))
    join()


def under_load(url: str) -> None:
    """Threads of the parent are in the middle of calls, and may hold any lock."""
    with ReplayClient(base_url=url, **KEYS) as client:
        client.playlists.get(1)
        threads = [threading.Thread(target=get_playlists, args=(client, 10 + number)) for number in range(20)]
        for thread in threads:
            thread.start()
        fork(lambda child: get_playlists(client, child))
        for thread in threads:
            thread.join()
        join()


def prefork(url: str) -> None:
    """Celery's prefork pool: a process that was forked forks again."""
    with ReplayClient(base_url=url, **KEYS) as client:
        client.playlists.get(1)

        def work(child: int) -> None:
            get_playlists(client, child)
            if os.fork() == 0:
                get_playlists(client, child + 10)
                os._exit(0)
            get_playlists(client, child + 20)
            os.wait()

        fork(work)
        join()


_shared: ReplayClient


def _work_in_pool(child: int) -> None:
    get_playlists(_shared, child)


def process_pool(url: str) -> None:
    """multiprocessing's way of forking, whose children clean up when they end."""
    global _shared
    with ReplayClient(base_url=url, **KEYS) as _shared:
        _shared.playlists.get(1)
        with ProcessPoolExecutor(CHILDREN, mp_context=multiprocessing.get_context("fork")) as pool:
            list(pool.map(_work_in_pool, range(CHILDREN)))
        get_playlists(_shared, CHILDREN)


def asynchronous(url: str) -> None:
    """A client that was used in the parent's event loop is used in loops of the children."""
    client = AsyncReplayClient(base_url=url, **KEYS)

    async def get(numbers: list[int]) -> None:
        async def one(number: int) -> None:
            got = (await client.playlists.get(number)).id
            report("ok" if got == str(number) else f"asked for {number}, got {got}")

        async with asyncio.TaskGroup() as group:
            for number in numbers:
                group.create_task(one(number))

    async def parent() -> None:
        await client.playlists.get(1)
        loop = asyncio.get_running_loop()
        # Forked while the parent's loop runs, so that its sockets are registered with the operating system.
        await loop.run_in_executor(None, fork, lambda child: asyncio.run(get([1000 * child + n for n in range(CALLS)])))
        await get([9000 + number for number in range(CALLS)])
        await loop.run_in_executor(None, join)
        await get([9500 + number for number in range(CALLS)])
        await client.aclose()

    asyncio.run(parent())


def http_client_in_use(url: str) -> None:
    """The caller's HTTP client cannot be made anew; with connections in it, it is refused."""
    with httpx.Client() as http_client:
        client = ReplayClient(base_url=url, http_client=http_client, **KEYS)
        client.playlists.get(1)
        fork(lambda child: get_playlists(client, child))
        join()
        get_playlists(client, CHILDREN)


def http_client_unused(url: str) -> None:
    """Without connections it is as good as a new one."""
    with httpx.Client() as http_client:
        client = ReplayClient(base_url=url, http_client=http_client, **KEYS)
        fork(lambda child: get_playlists(client, child))
        join()


if __name__ == "__main__":
    globals()[sys.argv[1]](sys.argv[2])
