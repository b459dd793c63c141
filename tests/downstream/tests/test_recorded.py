"""The app against recorded answers: see README.md for how to record them again."""

import pytest
from conftest import JULY, TEAM
from pytest_rum_replay.cassettes import Cassette
from replay_triage.connection import connect
from replay_triage.ranking import report
from replay_triage.triage import triage
from replay_triage.watchers import watchers_of
from rum_replay import NotFoundError

SESSIONS = ["session-1", "session-2", "session-3"]


@pytest.fixture
def anyio_backend() -> str:
    """One event loop, and therefore one cassette, for each test."""
    return "asyncio"


def writes(cassette: Cassette) -> list[str]:
    """The methods of requests that change something, replayed or recorded."""
    requests = [played.request for played in cassette.played] + [made.request for made in cassette.recorded]
    return [request.method for request in requests if request.method != "GET"]


@pytest.mark.parametrize("top", [1, 3])
def test_the_most_watched_sessions_are_collected(recorded_api: Cassette, top: int) -> None:
    ranked = triage("Watched most", watched_after=JULY, top=top)
    assert [session.session_id for session in ranked] == ["session-3", "session-1", "session-2"][:top]
    assert writes(recorded_api) == ["POST"] + ["PUT"] * top


@pytest.mark.anyio
async def test_concurrent_requests_get_their_own_answers(recorded_api: Cassette) -> None:
    found = await watchers_of(SESSIONS)
    counts = {
        session_id: sum(watcher.watch_count for watcher in watchers)
        for session_id, watchers in found.items()
        if isinstance(watchers, list)
    }
    assert counts == {"session-1": 2, "session-2": 1, "session-3": 3}


@pytest.mark.rum_replay_cassette(pseudonyms=True)
def test_a_report_is_the_same_with_pseudonyms(recorded_api: Cassette) -> None:
    lines = report(triage("Watched most", watched_after=JULY, top=2)).splitlines()
    assert [line.partition(" by ")[0] for line in lines] == ["1. session-3: 3 watches", "2. session-1: 2 watches"]
    first, second = ({*line.partition(" by ")[2].split(", ")} for line in lines)
    assert first == second
    assert len(first) == 2
    if recorded_api.replaying:
        assert not first & {user.handle for user in TEAM.values()}


def test_a_missing_playlist_is_an_error(recorded_api: Cassette) -> None:
    with connect() as replay, pytest.raises(NotFoundError):
        replay.playlists.get(404)


@pytest.mark.rum_replay_cassette("history", max_age="520w")
class TestSharedHistory:
    def test_it_holds_three_sessions(self, recorded_api: Cassette) -> None:
        with connect() as replay:
            history = list(replay.viewership.list_history(watched_after=JULY))
        assert sorted(session.id for session in history) == SESSIONS

    def test_the_last_one_was_watched_by_two(self, recorded_api: Cassette) -> None:
        with connect() as replay:
            (latest,) = replay.viewership.list_history(watched_after=JULY, limit=1)
            assert len(list(replay.viewership.list_watchers(latest.id))) == 2
