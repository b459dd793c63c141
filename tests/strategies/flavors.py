"""Operations that are written once and run with the synchronous or the asynchronous client."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from rum_replay import AsyncReplayClient, ReplayClient
from rum_replay_emulator import Emulator, ManualClock

OPTIONS: dict[str, Any] = {"api_key": "a", "app_key": "b", "site": "us1", "clock": ManualClock()}


class Driver:
    """Runs operations with the client of one flavor. Listings are returned as lists."""

    def __init__(self, portal: BlockingPortal | None) -> None:
        self.portal = portal

    def client(self, emulator: Emulator) -> Any:
        if self.portal is None:
            return ReplayClient(**OPTIONS, http_client=httpx.Client(transport=emulator.transport()))
        return AsyncReplayClient(**OPTIONS, http_client=httpx.AsyncClient(transport=emulator.transport()))

    def run(self, client: Any, operation: Callable[[Any], Any]) -> Any:
        if self.portal is None:
            result = operation(client)
            return list(result) if hasattr(result, "pages") else result
        return self.portal.call(self._awaited, client, operation)

    @staticmethod
    async def _awaited(client: Any, operation: Callable[[Any], Any]) -> Any:
        result = operation(client)
        return await result if inspect.isawaitable(result) else [item async for item in result]


@contextmanager
def driver_of(flavor: str) -> Iterator[Driver]:
    if flavor == "sync":
        yield Driver(None)
        return
    with start_blocking_portal(flavor) as portal:
        yield Driver(portal)
