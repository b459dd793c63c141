"""How the app reacts to failures of the API or the network, without actual waiting."""

from pathlib import Path

import pytest
from conftest import JULY
from replay_triage.archive import keep
from replay_triage.triage import triage
from replay_triage.watchers import watchers_of
from rum_replay import (
    ConnectionFailedError,
    RateLimitError,
    ReplayClient,
    RequestTimeoutError,
    ServerError,
    UnexpectedResponseError,
)
from rum_replay_emulator import Emulator

HISTORY = "ListRumReplayViewershipHistorySessions"
WATCHERS = "ListRumReplaySessionWatchers"
SEGMENTS = "GetSegments"
RATE_LIMITED = {
    "X-RateLimit-Limit": "10",
    "X-RateLimit-Period": "60",
    "X-RateLimit-Remaining": "0",
    "X-RateLimit-Reset": "30",
    "X-RateLimit-Name": "rum_replay",
}


def request_count(api: Emulator, operation: str) -> int:
    return sum(request.operation == operation for request in api.requests)


@pytest.mark.rum_replay_fault(operation=HISTORY, status=429, headers=RATE_LIMITED)
def test_it_waits_for_a_rate_limit(api: Emulator) -> None:
    before = api.clock.time()
    assert len(triage("Watched most", watched_after=JULY)) == 3
    assert api.clock.time() - before >= 30


@pytest.mark.rum_replay_fault(operation=HISTORY, status=429, headers={"Retry-After": "7"}, times=None)
def test_a_rate_limit_that_does_not_end_is_an_error(api: Emulator) -> None:
    with pytest.raises(RateLimitError) as caught:
        triage("Watched most", watched_after=JULY)
    assert caught.value.retry_after == 7
    assert request_count(api, HISTORY) == caught.value.attempts == 4


@pytest.mark.rum_replay_fault(operation=WATCHERS, status=503, times=2)
def test_a_short_outage_has_no_effect(api: Emulator) -> None:
    assert len(triage("Watched most", watched_after=JULY)) == 3
    assert request_count(api, WATCHERS) == 2 + 3 * 2  # each list takes another page that shows its end


@pytest.mark.rum_replay_fault(operation=HISTORY, disconnect="before")
@pytest.mark.rum_replay_fault(operation=WATCHERS, disconnect="body")
@pytest.mark.rum_replay_fault(operation=WATCHERS, disconnect="connect")
def test_broken_connections_are_replaced(api: Emulator) -> None:
    assert len(triage("Watched most", watched_after=JULY)) == 3


@pytest.mark.rum_replay_fault(operation="CreateRumReplayPlaylist", disconnect="before", applied=True)
def test_a_playlist_that_may_exist_is_not_created_again(api: Emulator, rum_replay_client: ReplayClient) -> None:
    with pytest.raises(ConnectionFailedError):
        triage("Watched most", watched_after=JULY)
    assert [playlist.name for playlist in rum_replay_client.playlists.list()] == ["Watched most"]
    assert request_count(api, "CreateRumReplayPlaylist") == 1
    triage("Watched most", watched_after=JULY)
    assert len(list(rum_replay_client.playlists.list())) == 1


@pytest.mark.rum_replay_fault(operation=HISTORY, status=200, body="<html>not what was asked</html>")
def test_an_answer_that_is_not_json_is_an_error(api: Emulator) -> None:
    with pytest.raises(UnexpectedResponseError):
        triage("Watched most", watched_after=JULY)


@pytest.mark.rum_replay_fault(operation=HISTORY, delay=3600, times=4)
def test_an_answer_that_takes_an_hour_is_an_error(api: Emulator) -> None:
    with pytest.raises(RequestTimeoutError):
        triage("Watched most", watched_after=JULY)


@pytest.mark.rum_replay_fault(operation=SEGMENTS, truncate=5)
def test_a_truncated_replay_is_downloaded_again(rum_replay_environment: Emulator, tmp_path: Path) -> None:
    rum_replay_environment.load_segments("session-1", "view-1", [b"segment one", b"segment two"])
    assert keep("session-1", "view-1", tmp_path) == 22
    assert b"".join(path.read_bytes() for path in sorted(tmp_path.glob("*.bin"))) == b"segment onesegment two"
    assert request_count(rum_replay_environment, SEGMENTS) == 2


@pytest.mark.rum_replay_fault(operation=SEGMENTS, truncate=5, times=4)
def test_a_replay_that_is_always_truncated_is_an_error(rum_replay_environment: Emulator, tmp_path: Path) -> None:
    rum_replay_environment.load_segments("session-1", "view-1", [b"segment one"])
    with pytest.raises(ConnectionFailedError):
        keep("session-1", "view-1", tmp_path)
    assert not list(tmp_path.glob("*.bin"))


@pytest.mark.anyio
class TestAsync:
    @pytest.mark.rum_replay_fault(operation=WATCHERS, status=429, headers=RATE_LIMITED)
    async def test_it_waits_for_a_rate_limit(self, api: Emulator) -> None:
        before = api.clock.time()
        assert isinstance((await watchers_of(["session-1"]))["session-1"], list)
        assert api.clock.time() - before >= 30

    @pytest.mark.rum_replay_fault(operation=WATCHERS, status=503)
    @pytest.mark.rum_replay_fault(operation=WATCHERS, disconnect="before")
    @pytest.mark.rum_replay_fault(operation=WATCHERS, truncate=10)
    async def test_short_failures_have_no_effect(self, api: Emulator) -> None:
        found = await watchers_of(["session-3"])
        assert isinstance(found["session-3"], list)
        assert request_count(api, WATCHERS) == 3 + 2

    @pytest.mark.rum_replay_fault(operation=WATCHERS, status=502, times=None)
    async def test_an_outage_is_reported(self, api: Emulator) -> None:
        found = await watchers_of(["session-1"])
        assert isinstance(found["session-1"], ServerError)
        assert request_count(api, WATCHERS) == 4
