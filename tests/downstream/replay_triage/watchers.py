"""The watchers of several sessions, requested concurrently."""

from collections.abc import Iterable

import anyio
from rum_replay import AsyncReplayClient, ReplayError, Watcher

from replay_triage.connection import connect_async


async def watchers_of(session_ids: Iterable[str]) -> dict[str, list[Watcher] | ReplayError]:
    """The watchers of each session, or the error if they cannot be listed; one failure does not affect the others."""
    found: dict[str, list[Watcher] | ReplayError] = {}
    async with connect_async() as replay, anyio.create_task_group() as tasks:
        for session_id in session_ids:
            tasks.start_soon(_ask, replay, session_id, found)
    return found


async def _ask(replay: AsyncReplayClient, session_id: str, found: dict[str, list[Watcher] | ReplayError]) -> None:
    try:
        found[session_id] = [watcher async for watcher in replay.viewership.list_watchers(session_id)]
    except ReplayError as error:
        found[session_id] = error
