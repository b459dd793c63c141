"""Times in requests that are "now": they are the recorded ones while a cassette replays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine
from pytest_rum_replay.cassettes import Cassette, document, open_cassette
from pytest_rum_replay.cassettes.clock import CassetteClock
from pytest_rum_replay.cassettes.errors import CassetteMissError
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.interaction import Interaction, RecordedRequest, RecordedResponse
from pytest_rum_replay.secrecy.pseudonyms import Pseudonyms
from pytest_rum_replay.secrecy.redaction import Redactor
from rum_replay import AsyncReplayClient, ReplayClient, query
from rum_replay._clock import clock_for
from rum_replay_emulator import Emulator, ManualClock, RateLimit
from rum_replay_emulator.sample import load_sample

from .inner_runs import LEAN

NOON = datetime(2026, 4, 2, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=200)


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with emulator.serve() as url:
        yield url


def client(url: str) -> ReplayClient:
    return ReplayClient(base_url=url, api_key="0123456789abcdef", app_key="0123456789abcdef0123")


def use(url: str, *sessions: str) -> None:
    with client(url) as replay:
        playlist = replay.playlists.create("Checkout bugs")
        for session in sessions:
            replay.playlists.add_session(playlist.id, session)
            replay.viewership.record_watch(session, application_id="a", event_id="e")


def add(url: str, *sessions: str) -> None:
    with client(url) as replay:
        for session in sessions:
            replay.playlists.add_session(1, session)


def times(cassette: Cassette) -> list[str]:
    urls = [played.request.url for played in cassette.played]
    return [parse_qs(urlsplit(url).query)["ts"][0] for url in urls if "ts=" in url]


def test_a_defaulted_time_is_the_recorded_one(path: Path, url: str) -> None:
    with open_cassette(path, mode=Mode.ONCE) as recording:
        use(url, "s1", "s2")
    sent = [parse_qs(urlsplit(one.request.url).query).get("ts", []) for one in recording.recorded]
    time.sleep(0.002)
    with open_cassette(path) as replaying:
        use(url, "s1", "s2")
        assert clock_for("any.host").time() < time.time()
    assert times(replaying) == [ts for found in sent for ts in found]
    assert len(times(replaying)) == 2
    assert clock_for("any.host").time() >= time.time() - 1


def test_a_search_of_the_last_days_is_the_recorded_one(path: Path, emulator: Emulator, url: str) -> None:
    events = load_sample().events(emulator.clock.time() * 1000)
    for event in events:
        event["attributes"]["attributes"]["usr"] = {"email": "mira.holt@shop.example", "name": "Mira Holt"}
    emulator.load_events(events)

    def found() -> list[list[str]]:
        redactor = Redactor(environment={}, pseudonyms=Pseudonyms())
        with open_cassette(path, mode=Mode.ONCE, redactor=redactor, pseudonyms=True), client(url) as replay:
            mine, last_days = query.attribute("usr.email", "mira.holt@shop.example"), timedelta(days=7)
            sessions = replay.sessions.search(mine, start=last_days, end=None)
            clicks = replay.events.search(f"{mine} @type:action", start=last_days, end=None, page_size=10)
            return [[view.id for one in sessions for view in one.views], [str(click.id) for click in clicks]]

    recorded = found()
    assert [len(ids) for ids in recorded] == [2, 15]
    emulator.reset()
    with time_machine.travel(LATER + timedelta(days=400)):
        assert found() == recorded
    assert "mira" not in path.read_text(encoding="utf-8").lower()


def test_searches_that_were_made_before_others_were_sent_are_the_recorded_ones(
    path: Path, emulator: Emulator, url: str
) -> None:
    emulator.load_events(load_sample().events(emulator.clock.time() * 1000))

    def found(time: datetime) -> list[int]:
        with (
            time_machine.travel(time, tick=False) as clock,
            open_cassette(path, mode=Mode.ONCE),
            client(url) as replay,
        ):
            views = replay.events.search("@type:view", start=timedelta(days=7), end=None, page_size=10)
            clock.shift(0.123)
            clicks = replay.events.search("@type:action", start=timedelta(days=7), end=None, page_size=10)
            return [len(list(views)), len(list(clicks))]

    assert found(datetime.now(UTC)) == [2, 15]
    emulator.reset()
    assert found(LATER) == [2, 15]


def test_the_file_says_which_requests_contain_the_time_of_the_clock(path: Path, url: str) -> None:
    with open_cassette(path, mode=Mode.ONCE):
        use(url, "s1")
    content = path.read_text(encoding="utf-8")
    assert content.count("\n  clock: '20") == 2
    interactions = document.read(path)
    assert interactions is not None
    assert [one.clock is None for one in interactions] == [True, False, False]
    assert f"ts={interactions[1].clock}" in interactions[1].request.url
    assert document.load(document.dump(interactions), path) == interactions


def test_a_shared_cassette_serves_each_test_alone_and_all_in_any_order(path: Path, url: str) -> None:
    with client(url) as replay:
        replay.playlists.create("Checkout bugs")
    for number, session in enumerate(("s1", "s2", "s3")):
        with (
            time_machine.travel(NOON + timedelta(days=number)),
            open_cassette(path, mode=Mode.NEW, allow_unplayed=True),
        ):
            add(url, session)
    for order in (("s3",), ("s2",), ("s3", "s1", "s2")):
        with open_cassette(path, allow_unplayed=True):
            add(url, *order)


def test_what_was_recorded_is_replayed_in_mode_new_and_the_rest_is_sent_at_the_present_time(
    path: Path, url: str, emulator: Emulator
) -> None:
    with time_machine.travel(NOON), open_cassette(path, mode=Mode.ONCE):
        use(url, "s1")
    before = len(emulator.requests)
    with time_machine.travel(LATER, tick=False), open_cassette(path, mode=Mode.NEW) as cassette:
        use(url, "s1", "s2")
    assert [request.operation for request in emulator.requests[before:]] == [
        "AddRumReplaySessionToPlaylist",
        "CreateRumReplaySessionWatch",
    ]
    assert emulator.requests[before].query["ts"] == str(int(LATER.timestamp() * 1000))
    assert len(cassette.played) == 3


def test_recording_all_again_replaces_entries_although_their_times_differ(path: Path, url: str) -> None:
    with client(url) as replay:
        replay.playlists.create("Checkout bugs")
    for moment in (NOON, LATER):
        with time_machine.travel(moment), open_cassette(path, mode=Mode.ALL):
            add(url, "s1", "s2")
    interactions = document.read(path)
    assert interactions is not None
    assert [one.recorded_at.date() for one in interactions] == [LATER.date()] * 2


def test_concurrent_requests_are_answered_whatever_their_order(path: Path, url: str) -> None:
    def add_all(replay: ReplayClient, sessions: list[str]) -> None:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda session: replay.playlists.add_session(1, session), sessions))

    sessions = [f"s{number}" for number in range(20)]
    with client(url) as replay:
        replay.playlists.create("Checkout bugs")
        with open_cassette(path, mode=Mode.ONCE):
            add_all(replay, sessions)
    with client(url) as replay, open_cassette(path):
        add_all(replay, sessions[::-1])


def test_waits_are_skipped_while_replaying(path: Path) -> None:
    emulator = Emulator(rate_limit=RateLimit(2, 1.0))
    emulator.faults.add(status=503, headers={"Retry-After": "1"}, times=1)

    def listed() -> None:
        with client(served) as replay:
            for _ in range(3):
                assert list(replay.playlists.list()) == []

    with emulator.serve() as served, open_cassette(path, mode=Mode.ONCE):
        listed()
    started = time.monotonic()
    with open_cassette(path) as replaying:
        listed()
    assert replaying.seconds_skipped > 1
    assert time.monotonic() - started < replaying.seconds_skipped


def test_asynchronous_clients_get_the_recorded_time_and_do_not_wait(path: Path, emulator: Emulator, url: str) -> None:
    async def work() -> None:
        async with AsyncReplayClient(base_url=url, api_key="0123456789", app_key="0123456789") as replay:
            playlist = await replay.playlists.create("Checkout bugs")
            await replay.playlists.add_session(playlist.id, "s1")
            assert [one.id async for one in replay.playlists.list_sessions(playlist.id)] == ["s1"]

    emulator.faults.add(operation="ListRumReplayPlaylistSessions", status=503, headers={"Retry-After": "1"}, times=1)
    with open_cassette(path, mode=Mode.ONCE):
        asyncio.run(work())
    with open_cassette(path) as replaying:
        asyncio.run(work())
    assert replaying.seconds_skipped >= 1
    assert times(replaying)[0] in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("own", ["client's clock", "raw client"])
def test_a_miss_because_of_another_clock_says_so(path: Path, url: str, own: str) -> None:
    def add_at(moment: datetime) -> None:
        if own == "raw client":
            with httpx.Client(base_url=url) as http:
                ts = int(moment.timestamp() * 1000)
                http.post(f"/api/v2/rum/replay/playlists/1/sessions/s1?ts={ts}", json={"at": moment.isoformat()})
        else:
            clock = ManualClock(moment.timestamp())
            with ReplayClient(base_url=url, api_key="0123456789", app_key="0123456789", clock=clock) as replay:
                replay.playlists.add_session(1, "s1")

    with client(url) as replay:
        replay.playlists.create("Checkout bugs")
    with open_cassette(path, mode=Mode.ONCE):
        add_at(NOON)
    with open_cassette(path):
        add_at(NOON)
    with pytest.raises(CassetteMissError, match="Only the time differs, so recording again will not help"):  # noqa: SIM117
        with open_cassette(path):
            add_at(LATER)


@pytest.mark.parametrize("change", ["?ts=1775131200000&size=2", "/other?ts=1775131200000", "?ts=17"])
def test_a_miss_for_other_reasons_does_not_blame_the_clock(path: Path, url: str, change: str) -> None:
    with httpx.Client(base_url=url) as http:
        with open_cassette(path, mode=Mode.ONCE):
            http.get("/api/v2/rum/replay/playlists?ts=1775131200123")
        with pytest.raises(CassetteMissError) as caught, open_cassette(path):
            http.get("/api/v2/rum/replay/playlists" + change)
    assert "Only the time differs" not in str(caught.value)


def test_a_time_that_the_test_gave_itself_is_compared_exactly(path: Path, url: str) -> None:
    with client(url) as replay:
        replay.playlists.create("Checkout bugs")
        with open_cassette(path, mode=Mode.ONCE):
            replay.playlists.add_session(1, "s1", ts=NOON)
        with pytest.raises(CassetteMissError), open_cassette(path):
            replay.playlists.add_session(1, "s1", ts=LATER)


def test_the_readmes_own_calls_replay(pytester: pytest.Pytester, url: str) -> None:
    pytester.makepyfile(
        f"""
        from rum_replay import ReplayClient

        def test_it(rum_replay_cassette):
            with ReplayClient(base_url={url!r}, api_key="0123456789", app_key="0123456789") as replay:
                playlist = replay.playlists.create("A")
                replay.playlists.add_session(playlist.id, "s-1")
        """
    )
    pytester.runpytest_inprocess(*LEAN, "--rum-replay-record=once").assert_outcomes(passed=1)
    with time_machine.travel(LATER):
        pytester.runpytest_inprocess(*LEAN).assert_outcomes(passed=1)


YEARS = ["1960-05-05", "1970-01-01", "1999-12-31", "2033-05-19", "2040-01-01", "2286-11-21", "2600-01-01"]


@pytest.mark.parametrize("start", YEARS)
def test_time_may_be_moved_to_any_year_while_recording(path: Path, url: str, start: str) -> None:
    with time_machine.travel(start), open_cassette(path, mode=Mode.ONCE):
        use(url, "s1", "s2")
    assert path.read_text(encoding="utf-8").count(f"clock: '{start}T00:00:00.") == 4
    with open_cassette(path):
        use(url, "s1", "s2")


def test_the_age_of_a_recording_is_real_whatever_time_its_test_has(pytester: pytest.Pytester, url: str) -> None:
    pytester.makepyfile(
        f"""
        import freezegun
        import pytest

        @pytest.fixture(autouse=True)
        def frozen():
            with freezegun.freeze_time("2020-02-02"):
                yield

        @pytest.mark.rum_replay_cassette(max_age="90d")
        def test_it(rum_replay_cassette):
            from rum_replay import ReplayClient
            with ReplayClient(base_url={url!r}, api_key="0123456789", app_key="0123456789") as replay:
                replay.playlists.create("A")
        """
    )
    pytester.runpytest_inprocess(*LEAN, "--rum-replay-record=once").assert_outcomes(passed=1)
    (file,) = pytester.path.rglob("*.yaml")
    recorded = file.read_text(encoding="utf-8")
    today = f"recorded_at: '{datetime.now(UTC):%Y-%m}"
    assert today in recorded
    pytester.runpytest_inprocess(*LEAN).assert_outcomes(passed=1)
    file.write_text(recorded.replace(today, "recorded_at: '2020-01"), encoding="utf-8")
    result = pytester.runpytest_inprocess(*LEAN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*is too old: an entry is from 2020-01-*"])


def test_each_recording_answers_once_although_it_is_found_in_two_ways(path: Path, url: str) -> None:
    with client(url) as replay:
        replay.playlists.create("Checkout bugs")
    with open_cassette(path, mode=Mode.ONCE):
        add(url, "s1")
    with pytest.raises(CassetteMissError, match="recorded 1 time and was requested once more"), open_cassette(path):
        add(url, "s1", "s1")


def test_every_millisecond_is_the_recorded_one(path: Path) -> None:
    path.parent.mkdir()
    for clock in range(1_782_907_200_000, 1_782_907_200_200):
        request, response = RecordedRequest("GET", f"https://h/?ts={clock}"), RecordedResponse(200)
        path.write_bytes(document.dump([Interaction(request, response, NOON, clock)]))
        with open_cassette(path, allow_unplayed=True) as cassette:
            assert int(cassette.clock_time(0.0) * 1000) == clock


def test_skipped_waits_do_not_reach_the_clock_below_and_count_as_passed(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(document.dump([]))
    below = ManualClock(1000)
    with open_cassette(path) as cassette:
        clock = CassetteClock(cassette, below)
        clock.sleep(5)
        asyncio.run(clock.async_sleep(7))
        assert clock.monotonic() == 1012
    assert below.time() == 1000
    with open_cassette(path, mode=Mode.ALL) as recording:
        clock = CassetteClock(recording, below)
        clock.sleep(5)
        asyncio.run(clock.async_sleep(7))
        assert clock.monotonic() == 1012
    assert below.time() == 1012
