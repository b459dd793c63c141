"""The main job, against the emulator."""

import pytest
from conftest import JULY
from replay_triage.triage import triage
from rum_replay import ReplayClient
from rum_replay_emulator import Emulator


def names_and_sessions(replay: ReplayClient) -> dict[str, list[str]]:
    return {
        playlist.name: [session.id for session in replay.playlists.list_sessions(playlist.id)]
        for playlist in replay.playlists.list()
    }


def test_the_most_watched_sessions_are_added_to_a_new_playlist(api: Emulator, rum_replay_client: ReplayClient) -> None:
    ranked = triage("Watched most", watched_after=JULY, top=2)
    assert [(session.session_id, session.watch_count) for session in ranked] == [("session-3", 3), ("session-1", 2)]
    assert ranked[0].watchers == ("ben@shop.example", "ana@shop.example")
    assert names_and_sessions(rum_replay_client) == {"Watched most": ["session-3", "session-1"]}


def test_a_playlist_with_this_name_is_reused(api: Emulator, rum_replay_client: ReplayClient) -> None:
    rum_replay_client.playlists.create("Watched most, by team")
    playlist = rum_replay_client.playlists.create("Watched most")
    rum_replay_client.playlists.add_session(playlist.id, "session-0")
    triage("Watched most", watched_after=JULY, top=1)
    assert names_and_sessions(rum_replay_client) == {
        "Watched most": ["session-0", "session-3"],
        "Watched most, by team": [],
    }


def test_earlier_watches_do_not_count_and_create_no_playlist(api: Emulator, rum_replay_client: ReplayClient) -> None:
    assert triage("Watched most", watched_after=JULY.replace(day=20)) == ()
    assert names_and_sessions(rum_replay_client) == {}
    assert not [request for request in api.requests if request.method == "POST"]


@pytest.mark.parametrize("count", [0, 1, 60])
def test_all_pages_of_the_history_are_read(
    rum_replay_environment: Emulator, rum_replay_client: ReplayClient, count: int
) -> None:
    for number in range(count):
        rum_replay_client.viewership.record_watch(
            f"session-{number}", application_id="shop", event_id="event", timestamp=JULY
        )
    assert len(triage("All", watched_after=JULY, top=100)) == count
