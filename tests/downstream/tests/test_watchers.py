"""The asynchronous part, under asyncio and trio."""

import pytest
from replay_triage.watchers import watchers_of
from rum_replay import AsyncReplayClient, PermissionDeniedError, Watcher
from rum_replay_emulator import Emulator

pytestmark = pytest.mark.anyio


def handles(watchers: object) -> list[str]:
    assert isinstance(watchers, list)
    return [watcher.handle for watcher in watchers if isinstance(watcher, Watcher)]


async def test_the_watchers_of_all_sessions_are_found(api: Emulator) -> None:
    found = await watchers_of(["session-1", "session-2", "session-9"])
    assert {session_id: handles(watchers) for session_id, watchers in found.items()} == {
        "session-1": ["ana@shop.example", "ben@shop.example"],
        "session-2": ["ana@shop.example"],
        "session-9": [],
    }


async def test_a_later_watcher_is_found_too(api: Emulator, rum_replay_async_client: AsyncReplayClient) -> None:
    await rum_replay_async_client.viewership.record_watch("session-9", application_id="shop", event_id="event")
    assert handles((await watchers_of(["session-9"]))["session-9"]) == ["ana@shop.example"]


@pytest.mark.rum_replay_fault(operation="ListRumReplaySessionWatchers", status=403)
async def test_a_session_that_is_forbidden_does_not_affect_the_others(api: Emulator) -> None:
    found = await watchers_of(["session-1", "session-3"])
    refused = [error for error in found.values() if isinstance(error, PermissionDeniedError)]
    assert len(refused) == 1  # the event loop decides which is requested first
    assert [len(handles(watchers)) for watchers in found.values() if watchers not in refused] == [2]
