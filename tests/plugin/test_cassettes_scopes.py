"""Cassettes for fixtures of a class, a module or the whole session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rum_replay_emulator import Emulator

from .inner_runs import LEAN

SUITE = """
    import pytest
    from rum_replay import ReplayClient

    KEYS = dict(base_url=URL, api_key="0123456789", app_key="0123456789")

    @pytest.fixture(scope="SCOPE")
    def playlist(rum_replay_cassette_SCOPE):
        with ReplayClient(**KEYS) as replay:
            playlist = replay.playlists.create("wide")
            yield playlist
            replay.playlists.delete(playlist.id)

    class TestAll:
        @pytest.mark.rum_replay_cassette
        def test_own(self, playlist):
            with ReplayClient(**KEYS) as replay:
                replay.playlists.add_session(playlist.id, "s1")

        def test_none(self, playlist):
            with ReplayClient(**KEYS) as replay:
                assert [one.id for one in replay.playlists.list_sessions(playlist.id)] == ["s1"]

        def test_other(self, playlist, rum_replay_cassette):
            with ReplayClient(**KEYS) as replay:
                assert replay.playlists.get(playlist.id).name == "wide"
            assert len(rum_replay_cassette.played or rum_replay_cassette.recorded) == 1
"""


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*LEAN, *arguments)


@pytest.fixture
def served(emulator: Emulator, pytester: pytest.Pytester) -> Iterator[str]:
    with emulator.serve() as url:
        yield url


def write(pytester: pytest.Pytester, url: str, scope: str, *changes: tuple[str, str]) -> None:
    source = SUITE.replace("SCOPE", scope).replace("URL", repr(url))
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    pytester.makepyfile(test_wide=source)


def entries(pytester: pytest.Pytester) -> dict[str, int]:
    """The number of entries of each cassette, by the readable part of its name."""
    return {
        path.stem.rpartition("-")[0] or path.stem: path.read_text(encoding="utf-8").count("- recorded_at:")
        for path in pytester.path.rglob("*.yaml")
    }


@pytest.mark.parametrize(("scope", "name"), [("class", "TestAll-class"), ("module", "module"), ("session", "session")])
def test_each_request_is_in_the_narrowest_cassette_that_is_open(
    pytester: pytest.Pytester, served: str, emulator: Emulator, scope: str, name: str
) -> None:
    write(pytester, served, scope)
    run(pytester, "--rum-replay-record=once").assert_outcomes(passed=3)
    assert entries(pytester) == {name: 4, "TestAll-test_own": 1, "TestAll-test_other": 1}  # the list has two pages
    sent = len(emulator.requests)
    result = run(pytester)
    result.assert_outcomes(passed=3)
    assert "no test uses" not in result.stdout.str()
    run(pytester, "-k", "other").assert_outcomes(passed=1, deselected=2)
    pytester.runpytest_subprocess(*LEAN, "-n", "2").assert_outcomes(passed=3)
    assert len(emulator.requests) == sent


def test_a_wide_cassette_is_not_saved_if_a_test_failed_meanwhile(pytester: pytest.Pytester, served: str) -> None:
    write(pytester, served, "module", ('== ["s1"]', "== []"))
    run(pytester, "--rum-replay-record=once").assert_outcomes(passed=2, failed=1)
    assert entries(pytester) == {"TestAll-test_own": 1, "TestAll-test_other": 1}


def test_a_wide_cassette_is_not_saved_if_its_fixture_fails_at_its_end(pytester: pytest.Pytester, served: str) -> None:
    write(pytester, served, "module", ("replay.playlists.delete(playlist.id)", "replay.playlists.get(404)"))
    run(pytester, "--rum-replay-record=once").assert_outcomes(passed=3, errors=1)
    assert "module" not in entries(pytester)


def test_a_wide_cassette_cannot_be_recorded_in_parallel(pytester: pytest.Pytester, served: str) -> None:
    write(pytester, served, "session")
    result = pytester.runpytest_subprocess(*LEAN, "-n", "2", "--rum-replay-record=once")
    result.stdout.fnmatch_lines(["*session: the cassette *session.yaml is shared by several tests*-p no:xdist*"])
    assert "session" not in entries(pytester)


def test_a_missing_wide_recording_is_an_error_that_says_how_to_record_it(
    pytester: pytest.Pytester, served: str, emulator: Emulator
) -> None:
    write(pytester, served, "module")
    result = run(pytester)
    result.stdout.fnmatch_lines(
        ["*the cassette has no answer for POST *", "*pytest --rum-replay-record=new test_wide.py"]
    )
    assert emulator.requests == []


@pytest.mark.parametrize("moment", ["setup", "teardown"])
def test_what_a_wide_fixture_sends_outside_any_cassette_is_refused_while_replaying(
    pytester: pytest.Pytester, moment: str
) -> None:
    pytester.makepyfile(
        f"""
        import httpx
        import pytest
        from rum_replay import ReplayClient
        from rum_replay_emulator import Emulator

        def send():
            with Emulator().serve() as url:
                assert httpx.get(url).status_code == 404  # a server of this machine is asked
            with ReplayClient(site="us1", api_key="0123456789", app_key="0123456789") as replay:
                replay.playlists.create("x")

        @pytest.fixture(scope="module")
        def playlist():
            if "{moment}" == "setup":
                send()
            yield
            if "{moment}" == "teardown":
                send()

        def test_it(playlist, rum_replay_cassette):
            pass
        """
    )
    result = run(pytester)
    result.assert_outcomes(errors=1, passed=int(moment == "teardown"))
    result.stdout.fnmatch_lines(
        ["E *CassetteUsageError: POST api.datadoghq.com was not sent: test_*::test_it replays its cassette, *"]
    )


def test_two_cassettes_of_tests_are_refused_within_a_wide_one_too(pytester: pytest.Pytester, served: str) -> None:
    pytester.makepyfile(
        """
        from pytest_rum_replay.cassettes import open_cassette
        from pytest_rum_replay.cassettes.errors import CassetteUsageError
        import pytest

        def test_it(rum_replay_cassette_module, rum_replay_cassette, tmp_path):
            with pytest.raises(CassetteUsageError, match="while another cassette is open"):
                with open_cassette(tmp_path / "other.yaml"):
                    pass
        """
    )
    run(pytester).assert_outcomes(passed=1)
