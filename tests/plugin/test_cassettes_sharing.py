"""The cassettes of a whole session: shared ones and unused ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pytest_rum_replay.cassettes import document
from pytest_rum_replay.cassettes.cassette import Cassette
from pytest_rum_replay.cassettes.errors import CassetteMissError, CassetteUsageError
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.naming import cassette_path
from pytest_rum_replay.cassettes.options import CassetteOptions
from pytest_rum_replay.cassettes.session import CassetteSession
from pytest_rum_replay.cassettes.usage import CassetteUsage
from rum_replay_emulator import Emulator

PLAYLISTS = "/api/v2/rum/replay/playlists"
SHARED = CassetteOptions("checkout")


@pytest.fixture
def module(tmp_path: Path) -> Path:
    return tmp_path / "test_pay.py"


@pytest.fixture
def shared(module: Path) -> Path:
    return module.parent / "cassettes" / "checkout.yaml"


@pytest.fixture
def http(emulator: Emulator) -> Iterator[httpx.Client]:
    headers = {"DD-API-KEY": "0123456789abcdef", "DD-APPLICATION-KEY": "fedcba9876543210"}
    with emulator.serve() as url, httpx.Client(base_url=url, headers=headers, trust_env=False, verify=False) as client:
        yield client


def ask(
    session: CassetteSession, module: Path, http: httpx.Client, *numbers: int, options: CassetteOptions = SHARED
) -> Cassette:
    """A passing test that requests these playlists."""
    with session.open(module, f"{module.name}::test_{numbers}", options) as cassette:
        for number in numbers:
            http.get(f"{PLAYLISTS}/{number}")
    return cassette


def asked(path: Path) -> list[str]:
    return [entry.request.url[-1] for entry in document.load(path.read_bytes(), path)]


class TestSharing:
    def test_tests_that_share_a_cassette_record_it_together(
        self, module: Path, shared: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        session = CassetteSession(Mode.ONCE)
        ask(session, module, http, 1, 2)
        ask(session, module, http, 2, 3)
        assert asked(shared) == ["1", "2", "3"]
        assert len(emulator.requests) == 3

    def test_each_test_plays_it_from_the_start_and_none_has_to_play_all_of_it(
        self, module: Path, shared: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        ask(CassetteSession(Mode.ONCE), module, http, 1, 2)
        count = len(emulator.requests)
        session = CassetteSession()
        ask(session, module, http, 1)
        ask(session, module, http, 1, 2)
        assert len(emulator.requests) == count

    def test_a_later_session_only_replays_it(self, module: Path, http: httpx.Client) -> None:
        ask(CassetteSession(Mode.ONCE), module, http, 1)
        with pytest.raises(CassetteMissError):
            ask(CassetteSession(Mode.ONCE), module, http, 2)

    def test_rewriting_it_for_one_test_keeps_what_the_others_need(
        self, module: Path, shared: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        session = CassetteSession(Mode.ONCE)
        ask(session, module, http, 1, 2)
        count = len(emulator.requests)
        ask(CassetteSession(Mode.REWRITE), module, http, 2)
        assert asked(shared) == ["1", "2"]
        assert len(emulator.requests) == count + 1

    @pytest.mark.parametrize("mode", [Mode.ONCE, Mode.NEW, Mode.ALL, Mode.REWRITE])
    def test_it_is_not_recorded_while_tests_run_in_parallel(
        self, module: Path, shared: Path, http: httpx.Client, mode: Mode
    ) -> None:
        with pytest.raises(CassetteUsageError) as caught:
            ask(CassetteSession(mode, parallel=True), module, http, 1)
        assert "cannot be recorded while tests run in parallel" in str(caught.value)
        assert f"pytest --rum-replay-record={mode} " in str(caught.value)
        assert "-p no:xdist" in str(caught.value)
        assert not shared.exists()

    @pytest.mark.parametrize("mode", [Mode.NONE, Mode.ONCE])
    def test_it_is_replayed_in_parallel(self, module: Path, http: httpx.Client, mode: Mode) -> None:
        ask(CassetteSession(Mode.ONCE), module, http, 1)
        assert ask(CassetteSession(mode, parallel=True), module, http, 1).replaying

    def test_a_cassette_of_one_test_is_recorded_in_parallel_too(self, module: Path, http: httpx.Client) -> None:
        cassette = ask(CassetteSession(Mode.ONCE, parallel=True), module, http, 1, options=CassetteOptions())
        assert asked(cassette.path) == ["1"]


class TestOptions:
    def test_the_marker_overrides_the_mode_of_the_session(self, module: Path, http: httpx.Client) -> None:
        cassette = ask(CassetteSession(Mode.NONE), module, http, 1, options=CassetteOptions(record="once"))
        assert asked(cassette.path) == ["1"]
        with pytest.raises(CassetteMissError):
            ask(CassetteSession(Mode.ALL), module, http, 2, options=CassetteOptions("other", record="none"))

    def test_repeats_and_unplayed_entries_may_be_allowed(self, module: Path, http: httpx.Client) -> None:
        node = f"{module.name}::test_(1,)"
        with CassetteSession(Mode.ONCE).open(module, node, CassetteOptions()):
            http.get(f"{PLAYLISTS}/1")
            http.get(f"{PLAYLISTS}/2")
        options = CassetteOptions(allow_playback_repeats=True, allow_unplayed=True)
        with CassetteSession().open(module, node, options):
            http.get(f"{PLAYLISTS}/1")
            http.get(f"{PLAYLISTS}/1")

    def test_pseudonyms_replace_people_and_the_replay_still_matches(
        self, module: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        new = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "Checkout bugs"}}}

        def work(session: CassetteSession, options: CassetteOptions) -> str:
            with session.open(module, f"{module.name}::test_a", options) as cassette:
                created = http.post(PLAYLISTS, json=new).json()["data"]["attributes"]["created_by"]
                # A second person, who gets a different pseudonym only if the first was seen in the answer.
                http.get(PLAYLISTS, params={"filter[created_by_uuid]": "0a0b0c0d-1111-4222-8333-444455556666"})
                http.get(PLAYLISTS, params={"filter[created_by_uuid]": created["uuid"]})
            return cassette.path.read_text(encoding="utf-8")

        handle = emulator.user.handle
        assert handle not in work(CassetteSession(Mode.ONCE, pseudonyms=True), CassetteOptions())
        assert handle not in work(CassetteSession(Mode.NONE, pseudonyms=True), CassetteOptions())
        assert handle in work(CassetteSession(Mode.REWRITE, pseudonyms=True), CassetteOptions(pseudonyms=False))
        assert handle not in work(CassetteSession(Mode.REWRITE), CassetteOptions(pseudonyms=True))

    def test_cassettes_are_in_the_folder_of_the_session(self, module: Path, http: httpx.Client) -> None:
        session = CassetteSession(Mode.ONCE, "recordings")
        assert ask(session, module, http, 1).path == module.parent / "recordings" / "checkout.yaml"


class TestUsage:
    def recorded(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document.dump([]))
        return path

    def test_files_next_to_collected_tests_that_no_test_uses_are_unused(self, tmp_path: Path) -> None:
        module = tmp_path / "test_pay.py"
        usage = CassetteUsage()
        usage.collected(module, "cassettes")
        used = self.recorded(cassette_path(module, "test_pay.py::test_a"))
        unused = [
            self.recorded(cassette_path(module, "test_pay.py::test_gone")),
            self.recorded(cassette_path(tmp_path / "test_removed.py", "test_removed.py::test_a")),
            self.recorded(tmp_path / "cassettes" / "nobodys.yaml"),
        ]
        usage.uses(used)
        assert set(usage.unused(tmp_path, ["test_*.py"])) == set(unused)

    def test_files_of_other_plugins_are_not_reported(self, tmp_path: Path) -> None:
        usage = CassetteUsage()
        usage.collected(tmp_path / "test_pay.py", "cassettes")
        self.recorded(tmp_path / "elsewhere" / "cassettes" / "x.yaml")
        self.recorded(tmp_path / "cassettes" / ".x.tmp")
        (tmp_path / "cassettes" / "theirs.yaml").write_text("interactions: []\nversion: 1\n", encoding="utf-8")
        assert usage.unused(tmp_path, ["test_*.py"]) == []

    def test_nothing_is_unused_when_only_some_tests_were_collected(self, tmp_path: Path) -> None:
        usage = CassetteUsage(partial=True)
        usage.collected(tmp_path / "test_pay.py", "cassettes")
        self.recorded(tmp_path / "cassettes" / "x.yaml")
        assert usage.unused(tmp_path, ["test_*.py"]) == []

    def test_the_usage_of_several_processes_is_combined(self, tmp_path: Path) -> None:
        one, other = CassetteUsage(), CassetteUsage()
        for number, usage in enumerate((one, other)):
            usage.collected(tmp_path / "test_pay.py", "cassettes")
            usage.uses(self.recorded(tmp_path / "cassettes" / f"{number}.yaml"))
        third = self.recorded(tmp_path / "cassettes" / "third.yaml")
        assert CassetteUsage.merged([one.message(), other.message()]).unused(tmp_path, ["test_*.py"]) == [third]
        other.partial = True
        for usages in ((one, other), (other, one)):
            assert CassetteUsage.merged([usage.message() for usage in usages]).unused(tmp_path, ["test_*.py"]) == []

    def test_an_open_cassette_is_in_use(self, module: Path, http: httpx.Client) -> None:
        session = CassetteSession(Mode.ONCE)
        session.usage.collected(module, "cassettes")
        ask(session, module, http, 1)
        assert session.usage.unused(module.parent, ["test_*.py"]) == []
