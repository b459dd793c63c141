"""The fixture `rum_replay_cassette` in a user's suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rum_replay_emulator import Emulator

from .inner_runs import LEAN

CONFTEST = """
import pytest
from rum_replay import ReplayClient
from rum_replay_emulator import ManualClock

@pytest.fixture
def replay():
    with ReplayClient(
        base_url={url!r}, api_key="0123456789abcdef0123456789abcdef", app_key="89abcdef" * 5,
        clock=ManualClock(),
    ) as client:
        yield client
"""
TESTS = """
import pytest

@pytest.mark.parametrize("name", ["a/b", "a-b", "a:b"])
def test_create(rum_replay_cassette, replay, name):
    assert replay.playlists.create(name).name == name

def test_missing(rum_replay_cassette, replay):
    from rum_replay import NotFoundError
    with pytest.raises(NotFoundError):
        replay.playlists.get(404)
"""


@pytest.fixture(autouse=True)
def server(pytester: pytest.Pytester, emulator: Emulator) -> Iterator[None]:
    with emulator.serve() as url:
        pytester.makeconftest(CONFTEST.format(url=url))
        yield


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*LEAN, "-W", "error", *arguments)


def cassettes(pytester: pytest.Pytester) -> list[Path]:
    return sorted(pytester.path.rglob("*.yaml"))


def test_a_suite_is_recorded_once_and_then_replayed_without_the_network(
    pytester: pytest.Pytester, emulator: Emulator
) -> None:
    pytester.makepyfile(test_pay=TESTS)
    run(pytester, "--rum-replay-record=once").assert_outcomes(passed=4)
    assert len(cassettes(pytester)) == 4
    assert {path.parent for path in cassettes(pytester)} == {pytester.path / "cassettes" / "test_pay"}
    count = len(emulator.requests)
    run(pytester).assert_outcomes(passed=4)
    run(pytester, "--rum-replay-record=none").assert_outcomes(passed=4)
    assert len(emulator.requests) == count


def test_without_a_cassette_the_failure_gives_a_command_that_works(
    pytester: pytest.Pytester, emulator: Emulator
) -> None:
    pytester.makepyfile(test_pay=TESTS)
    result = run(pytester, "-k", "missing")
    result.assert_outcomes(failed=1, deselected=3)
    result.stdout.fnmatch_lines(
        ["*CassetteMissError: the cassette has no answer for GET http://127.0.0.1:*/api/v2/rum/replay/playlists/404"]
    )
    assert not emulator.requests
    assert "0123456789abcdef" not in result.stdout.str()
    assert "pytest --rum-replay-record=new test_pay.py::test_missing" in result.stdout.str()
    run(pytester, "--rum-replay-record=new", "test_pay.py::test_missing").assert_outcomes(passed=1)
    run(pytester, "test_pay.py::test_missing").assert_outcomes(passed=1)


def test_a_miss_that_the_code_swallowed_fails_at_teardown_with_its_explanation(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_pay="""
        def test_swallowed(rum_replay_cassette, replay):
            for _ in range(3):
                try:
                    replay.playlists.get(1)
                except Exception:
                    pass
        """
    )
    result = run(pytester)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*test_swallowed: the cassette has no answer for GET *", "To add it to the cassette: *pytest *"]
    )


def test_a_test_that_fails_is_not_recorded(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_pay="""
        import pytest

        def test_fails(rum_replay_cassette, replay):
            replay.playlists.create("a")
            assert False

        def test_skips(rum_replay_cassette, replay):
            replay.playlists.create("a")
            pytest.skip("later")

        @pytest.mark.xfail
        def test_is_expected_to_fail(rum_replay_cassette, replay):
            replay.playlists.create("a")
            assert False

        @pytest.fixture
        def broken(rum_replay_cassette, replay):
            replay.playlists.create("a")
            raise RuntimeError

        def test_has_a_broken_fixture(broken):
            pass
        """
    )
    run(pytester, "--rum-replay-record=once").assert_outcomes(failed=1, skipped=1, xfailed=1, errors=1)
    assert cassettes(pytester) == []


def test_a_failed_rewrite_keeps_the_old_file(pytester: pytest.Pytester) -> None:
    source = "def test_one(rum_replay_cassette, replay):\n    replay.playlists.create('a')\n    assert {}\n"
    pytester.makepyfile(test_pay=source.format(True))
    run(pytester, "--rum-replay-record=once").assert_outcomes(passed=1)
    (path,) = cassettes(pytester)
    before = path.read_bytes()
    pytester.makepyfile(test_pay=source.format(False))
    run(pytester, "--rum-replay-record=rewrite").assert_outcomes(failed=1)
    assert path.read_bytes() == before


def test_unplayed_entries_fail_a_passing_test_unless_allowed(pytester: pytest.Pytester) -> None:
    source = """
        import pytest

        @pytest.mark.rum_replay_cassette(allow_unplayed={allowed})
        def test_one(rum_replay_cassette, replay):
            replay.playlists.create("a")
            if {again}:
                replay.playlists.create("b")
        """
    pytester.makepyfile(test_pay=source.format(allowed=False, again=True))
    run(pytester, "--rum-replay-record=once").assert_outcomes(passed=1)
    pytester.makepyfile(test_pay=source.format(allowed=False, again=False))
    result = run(pytester)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*without requesting 1 entry of 2 in the cassette *", "  entry 2, POST *"])
    pytester.makepyfile(test_pay=source.format(allowed=True, again=False))
    run(pytester).assert_outcomes(passed=1)


def test_a_cassette_older_than_its_maximum_age_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_pay="""
        import pytest

        @pytest.mark.rum_replay_cassette(max_age="90d")
        def test_one(rum_replay_cassette, replay):
            replay.playlists.create("a")
        """
    )
    run(pytester, "--rum-replay-record=once").assert_outcomes(passed=1)
    run(pytester).assert_outcomes(passed=1)
    (path,) = cassettes(pytester)
    text = path.read_text(encoding="utf-8")
    day = text.partition("recorded_at: '")[2][:10]
    path.write_text(text.replace(f"recorded_at: '{day}", "recorded_at: '2020-01-01"), encoding="utf-8")
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*is too old: an entry is from 2020-01-01, *", "*--rum-replay-record=rewrite *"])


def test_an_invalid_marker_is_an_error_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_pay="""
        import pytest

        @pytest.mark.rum_replay_cassette(mode="new")
        def test_one(rum_replay_cassette):
            pass
        """
    )
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*unexpected keyword argument 'mode'; it takes name, record, max_age,*"])


class TestUnusedFiles:
    @pytest.fixture(autouse=True)
    def _recorded_and_one_removed(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(test_pay=TESTS)
        run(pytester, "--rum-replay-record=once").assert_outcomes(passed=4)
        pytester.makepyfile(test_pay=TESTS.replace('"a/b", ', ""))

    def test_they_are_reported_at_the_end(self, pytester: pytest.Pytester) -> None:
        result = run(pytester)
        result.assert_outcomes(passed=3)
        result.stdout.fnmatch_lines(["*cassettes that no test uses*", "*test_create-a-b-*.yaml*"])
        assert result.ret == 0

    def test_they_are_reported_when_workers_share_the_tests(self, pytester: pytest.Pytester) -> None:
        result = pytester.runpytest_subprocess(*LEAN, "-n", "2")
        result.assert_outcomes(passed=3)
        result.stdout.fnmatch_lines(["*cassettes that no test uses*", "*test_create-a-b-*.yaml*"])
        assert result.stdout.str().count(".yaml") == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            ["-k", "missing"],
            ["test_pay.py"],
            ["test_pay.py::test_missing"],
            ["--deselect", "test_pay.py::test_missing"],
            ["--ignore", "test_other.py"],
            ["--ignore-glob", "*other.py"],
            ["-m", "not slow"],
        ],
    )
    def test_a_partial_run_reports_nothing(self, pytester: pytest.Pytester, arguments: list[str]) -> None:
        pytester.makepyfile(test_other="import pytest\n\n@pytest.mark.slow\ndef test_slow():\n    pass\n")
        pytester.makeini("[pytest]\nmarkers = slow")
        assert "no test uses" not in run(pytester, *arguments).stdout.str()

    def test_a_test_that_is_skipped_keeps_its_cassette(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(test_pay=TESTS.replace("import pytest\n", "import pytest\npytestmark = pytest.mark.skip\n"))
        result = run(pytester)
        result.assert_outcomes(skipped=4)
        assert "no test uses" not in result.stdout.str()


def test_a_shared_cassette_is_not_recorded_by_several_workers(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_pay="""
        import pytest

        @pytest.mark.rum_replay_cassette("shared")
        @pytest.mark.parametrize("name", ["a", "b"])
        def test_one(rum_replay_cassette, replay, name):
            replay.playlists.create(name)
        """
    )
    result = pytester.runpytest_subprocess(*LEAN, "-n", "2", "--rum-replay-record=new")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*cannot be recorded while tests run in parallel*"])
    run(pytester, "--rum-replay-record=new").assert_outcomes(passed=2)
    pytester.runpytest_subprocess(*LEAN, "-n", "2").assert_outcomes(passed=2)
    assert [path.name for path in cassettes(pytester)] == ["shared.yaml"]


def test_cassettes_of_single_tests_are_recorded_by_several_workers(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_pay=TESTS)
    pytester.runpytest_subprocess(*LEAN, "-n", "2", "--rum-replay-record=once").assert_outcomes(passed=4)
    assert len(cassettes(pytester)) == 4
    run(pytester).assert_outcomes(passed=4)
