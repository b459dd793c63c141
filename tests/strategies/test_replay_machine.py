"""Client and emulator behave like a simple model for any sequence of operations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from rum_replay import NotFoundError, Playlist
from rum_replay_emulator import Emulator, Fault, ManualClock, User

from .contract_judge import examples
from .flavors import Driver, driver_of

MIRA, NOOR = User(), User(handle="noor@example.com", name="Noor", uuid="0b9c4f51-2d37-4a86-9e10-7a5c3f18d264", id=2)
SESSIONS = ["session", "ses/sion?", "日本 🎬", "%2e%2e"]
VIEWS = ["/home", "/päy"]

texts = st.text(st.characters(codec="utf-8"), max_size=8)
descriptions = st.none() | texts
sessions = st.sampled_from(SESSIONS)
page_sizes = st.none() | st.integers(1, 3)
moments = st.integers(1_000_000_000_000, 4_000_000_000_000)


@attrs.define
class PlaylistState:
    name: str
    description: str | None
    creator: str
    created_at: float
    updated_at: float
    sessions: list[str] = attrs.field(factory=list[str])


@attrs.frozen
class WatchState:
    user: str
    application: str
    milliseconds: int


class ReplayMachine(RuleBasedStateMachine):
    playlists: Bundle[str] = Bundle("playlists")
    snapshots: Bundle[str] = Bundle("snapshots")

    def __init__(self, driver: Driver) -> None:
        super().__init__()
        self.driver = driver
        self.clock = ManualClock()
        self.emulator = Emulator(clock=self.clock)
        self.client = driver.client(self.emulator)
        self.fault: Fault | None = None
        self.playlist_states: dict[str, PlaylistState] = {}
        self.snapshot_states: dict[str, dict[str, Any]] = {}
        self.watches: dict[str, list[WatchState]] = {}

    def do(self, operation: Callable[[Any], Any]) -> Any:
        # No two requests arrive at the same time, so that every time in an answer shows which request set it.
        self.clock.advance(1)
        return self.driver.run(self.client, operation)

    @initialize(target=playlists, name=texts, description=descriptions)
    def create_playlists_with_sessions(self, name: str, description: str | None) -> MultipleResults[str]:
        ids = [cast("str", self.create_playlist(*made)) for made in ((name, description), ("other", None))]
        for session in SESSIONS[1:]:
            self.add_session(ids[0], session, None)
        return multiple(*ids)

    @initialize(target=snapshots, name=texts)
    def create_a_snapshot(self, name: str) -> str:
        return cast("str", self.create_snapshot(name, VIEWS[0], 0))

    @initialize(first=moments, second=moments)
    def watch_a_session(self, first: int, second: int) -> None:
        self.watch(SESSIONS[0], "shop", "e", first)
        self.watch(SESSIONS[0], "blog", "f", second)

    @rule(seconds=st.integers(1, 10**6))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(user=st.sampled_from([MIRA, NOOR]))
    def another_user_acts(self, user: User) -> None:
        self.emulator.user = user

    @rule(status=st.sampled_from([None, 429]), times=st.integers(1, 2))
    def a_fault_is_scripted(self, status: int | None, times: int) -> None:
        # Faults after which the client may repeat any method, because the request was not applied.
        if self.fault is None or self.fault.used == self.fault.times:
            self.fault = self.emulator.faults.add(
                status=status, disconnect="connect" if status is None else None, times=times
            )

    # Playlists

    @rule(target=playlists, name=texts, description=descriptions)
    def create_playlist(self, name: str, description: str | None) -> str:
        made = self.do(lambda replay: replay.playlists.create(name, description=description))
        now = self.clock.time()
        assert made.id not in self.playlist_states
        state = PlaylistState(name, description, self.emulator.user.uuid, now, now)
        self.playlist_states[made.id] = state
        self.check_playlist(made, state)
        return str(made.id)

    @rule(id=playlists, name=texts, description=descriptions)
    def update_playlist(self, id: str, name: str, description: str | None) -> None:
        updated = self.do(lambda replay: replay.playlists.update(id, name=name, description=description))
        state = self.playlist_states[id]
        state.name, state.description, state.updated_at = name, description, self.clock.time()
        self.check_playlist(updated, state)

    @rule(id=playlists)
    def get_playlist(self, id: str) -> None:
        self.check_playlist(self.do(lambda replay: replay.playlists.get(int(id))), self.playlist_states[id])

    @rule(id=consumes(playlists))
    def delete_playlist(self, id: str) -> None:
        self.do(lambda replay: replay.playlists.delete(id))
        del self.playlist_states[id]
        for operation in (
            lambda replay: replay.playlists.get(id),
            lambda replay: replay.playlists.delete(id),
            lambda replay: replay.playlists.update(id, name=""),
            lambda replay: replay.playlists.add_session(id, "session"),
            lambda replay: replay.playlists.list_sessions(id),
        ):
            with pytest.raises(NotFoundError):
                self.do(operation)

    @rule(page_size=page_sizes, by=st.sampled_from([None, MIRA, NOOR]))
    def list_playlists(self, page_size: int | None, by: User | None) -> None:
        uuid = None if by is None else by.uuid
        listed = self.do(lambda replay: replay.playlists.list(page_size=page_size, created_by=uuid))
        expected = [other for other, state in self.playlist_states.items() if uuid in (None, state.creator)]
        assert [playlist.id for playlist in listed] == expected
        for playlist in listed:
            self.check_playlist(playlist, self.playlist_states[playlist.id])

    @rule(id=playlists, data=st.data())
    def search_playlists(self, id: str, data: st.DataObject) -> None:
        name = self.playlist_states[id].name
        part = data.draw(st.sampled_from([name, name[1:], name[:1], name.upper()]))
        listed = self.do(lambda replay: replay.playlists.list(query=part))
        wanted = part.casefold()
        assert [playlist.id for playlist in listed] == [
            other
            for other, state in self.playlist_states.items()
            if wanted in state.name.casefold() or wanted in (state.description or "").casefold()
        ]

    @rule(id=playlists, session=sessions, ts=st.none() | moments)
    def add_session(self, id: str, session: str, ts: int | None) -> None:
        added = self.do(lambda replay: replay.playlists.add_session(id, session, ts=ts))
        assert (added.id, added.track) == (session, "rum")
        state = self.playlist_states[id]
        if session not in state.sessions:
            state.sessions.append(session)
            state.updated_at = self.clock.time()
        self.get_playlist(id)

    @rule(id=playlists, data=st.data())
    def remove_session(self, id: str, data: st.DataObject) -> None:
        state = self.playlist_states[id]
        session = data.draw(st.sampled_from(state.sessions + SESSIONS))
        if session in state.sessions:
            self.do(lambda replay: replay.playlists.remove_session(id, session))
            state.sessions.remove(session)
            state.updated_at = self.clock.time()
        else:
            with pytest.raises(NotFoundError):
                self.do(lambda replay: replay.playlists.remove_session(id, session))
        self.get_playlist(id)

    @rule(id=playlists, named=st.lists(sessions, min_size=1, max_size=5))
    def remove_sessions(self, id: str, named: list[str]) -> None:
        self.do(lambda replay: replay.playlists.remove_sessions(id, named))
        state = self.playlist_states[id]
        left = [session for session in state.sessions if session not in named]
        if left != state.sessions:
            state.sessions, state.updated_at = left, self.clock.time()
        self.get_playlist(id)

    @rule(id=playlists, page_size=page_sizes, limit=st.none() | st.integers(0, 4))
    def list_sessions(self, id: str, page_size: int | None, limit: int | None) -> None:
        listed = self.do(lambda replay: replay.playlists.list_sessions(id, page_size=page_size, limit=limit))
        assert [session.id for session in listed] == self.playlist_states[id].sessions[:limit]

    def check_playlist(self, playlist: Playlist, state: PlaylistState) -> None:
        assert playlist.created_by is not None
        assert playlist.created_by.uuid == state.creator
        assert playlist.created_at == datetime.fromtimestamp(state.created_at, UTC)
        assert playlist.updated_at == datetime.fromtimestamp(state.updated_at, UTC)
        assert (playlist.name, playlist.description) == (state.name, state.description)
        assert playlist.session_count == len(state.sessions)

    # Viewership

    @rule(session=sessions, application=st.sampled_from(["shop", "blog"]), event=texts, milliseconds=moments)
    def watch(self, session: str, application: str, event: str, milliseconds: int) -> None:
        recorded = self.do(
            lambda replay: replay.viewership.record_watch(
                session, application_id=application, event_id=event, timestamp=milliseconds
            )
        )
        assert (recorded.application_id, recorded.event_id) == (application, event)
        assert recorded.timestamp == at(milliseconds)
        watches = self.watches.setdefault(session, [])
        watches.append(WatchState(self.emulator.user.uuid, application, milliseconds))
        self.list_history(page_size=None, after=None, before=None, application=None, named=None)

    @rule(session=sessions)
    def delete_watches(self, session: str) -> None:
        self.do(lambda replay: replay.viewership.delete_watches(session))
        mine = self.emulator.user.uuid
        self.watches[session] = [watch for watch in self.watches.get(session, []) if watch.user != mine]

    @rule(session=sessions, page_size=page_sizes)
    def list_watchers(self, session: str, page_size: int | None) -> None:
        listed = self.do(lambda replay: replay.viewership.list_watchers(session, page_size=page_size))
        times: dict[str, list[int]] = {}
        for watch in self.watches.get(session, []):
            times.setdefault(watch.user, []).append(watch.milliseconds)
        assert {watcher.id: (watcher.watch_count, watcher.last_watched_at) for watcher in listed} == {
            user: (len(seen), at(max(seen))) for user, seen in times.items()
        }
        assert len(listed) == len(times)

    @rule(
        page_size=page_sizes,
        after=st.none() | moments,
        before=st.none() | moments,
        application=st.sampled_from([None, "shop"]),
        named=st.none() | st.lists(sessions, min_size=1, max_size=2),
    )
    def list_history(
        self,
        page_size: int | None,
        after: int | None,
        before: int | None,
        application: str | None,
        named: list[str] | None,
    ) -> None:
        if after is not None and before is not None:
            after, before = sorted((after, before))
        listed = self.do(
            lambda replay: replay.viewership.list_history(
                page_size=page_size,
                watched_after=after,
                watched_before=before,
                application_id=application,
                session_ids=named,
            )
        )
        expected: dict[str, datetime] = {}
        for session, watches in self.watches.items():
            matching = [
                watch.milliseconds
                for watch in watches
                if watch.user == self.emulator.user.uuid
                and application in (None, watch.application)
                and (after is None or watch.milliseconds >= after)
                and (before is None or watch.milliseconds <= before)
            ]
            if matching and (named is None or session in named):
                expected[session] = at(max(matching))
        assert {watched.id: watched.last_watched_at for watched in listed} == expected
        seen = [watched.last_watched_at for watched in listed]
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == len(expected)

    # Heatmaps

    @rule(target=snapshots, name=texts, view=st.sampled_from(VIEWS), start=st.integers(-(2**63), 2**63 - 1))
    def create_snapshot(self, name: str, view: str, start: int) -> str:
        asked = {
            "application_id": "shop",
            "device_type": "mobile",
            "event_id": name,
            "is_device_type_selected_by_user": False,
            "snapshot_name": name,
            "start": start,
            "view_name": view,
        }
        made = self.do(lambda replay: replay.heatmaps.create(**asked))
        assert made.id not in self.snapshot_states
        now = self.clock.time()
        self.snapshot_states[made.id] = {**asked, "created_at": now, "modified_at": now, "session_id": None}
        self.check_snapshot(made)
        return str(made.id)

    @rule(id=snapshots, start=st.integers(0, 10**6), session=st.none() | sessions)
    def update_snapshot(self, id: str, start: int, session: str | None) -> None:
        asked: dict[str, Any] = {"event_id": "e", "is_device_type_selected_by_user": True, "start": start}
        updated = self.do(lambda replay: replay.heatmaps.update(id, **asked, session_id=session))
        state = self.snapshot_states[id]
        state |= {**asked, "modified_at": self.clock.time(), "session_id": session or state["session_id"]}
        self.check_snapshot(updated)

    @rule(id=consumes(snapshots))
    def delete_snapshot(self, id: str) -> None:
        self.do(lambda replay: replay.heatmaps.delete(id))
        del self.snapshot_states[id]
        with pytest.raises(NotFoundError):
            self.do(lambda replay: replay.heatmaps.delete(id))

    @rule(view=st.sampled_from(VIEWS), limit=st.none() | st.integers(1, 3))
    def list_snapshots(self, view: str, limit: int | None) -> None:
        listed = self.do(lambda replay: replay.heatmaps.list(view, limit=limit))
        expected = [other for other, state in self.snapshot_states.items() if state["view_name"] == view]
        assert [snapshot.id for snapshot in listed] == expected[:limit]
        for snapshot in listed:
            self.check_snapshot(snapshot)

    def check_snapshot(self, snapshot: Any) -> None:
        expected = dict(self.snapshot_states[snapshot.id])
        for name in ("created_at", "modified_at"):
            assert getattr(snapshot, name) == datetime.fromtimestamp(expected.pop(name), UTC)
        assert {name: getattr(snapshot, name) for name in expected} == expected

    @invariant()
    def every_request_was_an_operation(self) -> None:
        assert all(request.operation is not None for request in self.emulator.requests)

    def teardown(self) -> None:
        self.list_playlists(page_size=2, by=None)
        for view in VIEWS:
            self.list_snapshots(view, limit=None)
        for session in SESSIONS:
            self.list_watchers(session, page_size=1)
        self.do(lambda replay: replay.aclose() if self.driver.portal else replay.close())


def at(milliseconds: int) -> datetime:
    # Exact, unlike a division of floats.
    seconds, rest = divmod(milliseconds, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)


@pytest.mark.parametrize("flavor", ["sync", "asyncio", "trio"])
def test_client_and_emulator_behave_like_the_model(flavor: str) -> None:
    with driver_of(flavor) as driver:
        # Any callable works, although the annotation says class.
        machine = cast("type[ReplayMachine]", lambda: ReplayMachine(driver))
        run_state_machine_as_test(machine, settings=settings(examples(15), stateful_step_count=40))
