"""The ranking, which makes no requests: values from factories and from the contract itself."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_rum_replay.factories import Factory
from pytest_rum_replay.strategies import model
from replay_triage.ranking import most_watched, report
from rum_replay import WatchedSession, Watcher

WATCHED = st.lists(
    st.tuples(model(WatchedSession, nasty=True), st.lists(model(Watcher, nasty=True), max_size=3)), max_size=4
)


def test_the_session_watched_last_is_first_among_equals() -> None:
    make = Factory()
    old, new = make.watched_session(id="old"), make.watched_session(id="new")
    assert [session.session_id for session in most_watched([(old, []), (new, [])], top=2)] == ["new", "old"]


def test_watchers_are_sorted_by_how_often_they_watched() -> None:
    make = Factory(seed=7)
    late = datetime(2026, 12, 24, tzinfo=UTC)
    watchers = [make.watcher(handle="b@x.example", watch_count=1), make.watcher(handle="a@x.example", watch_count=1)]
    watchers.append(make.watcher(handle="c@x.example", watch_count=9, last_watched_at=late))
    (session,) = most_watched([(make.watched_session(id="session-1"), watchers)], top=1)
    assert session.last_watched_at == late
    assert report([session]) == "1. session-1: 11 watches by c@x.example, a@x.example, b@x.example"


def test_a_session_without_watchers_is_reported() -> None:
    ranked = most_watched([(Factory().watched_session(id="session-1"), [])], top=1)
    assert report(ranked) == "1. session-1: 0 watches by nobody"
    assert report([]) == "nothing was watched"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
@given(watched=WATCHED, top=st.integers(0, 5))
def test_every_possible_answer_is_ranked(watched: list[tuple[WatchedSession, list[Watcher]]], top: int) -> None:
    ranked = most_watched(watched, top=top)
    assert len(ranked) == min(top, len(watched))
    counts = [session.watch_count for session in ranked]
    assert counts == sorted(counts, reverse=True)
    left_out = len(watched) - len(ranked)
    totals = sorted(sum(watcher.watch_count for watcher in watchers) for _, watchers in watched)
    assert sorted(counts) == totals[left_out:]
    report(ranked).encode()
