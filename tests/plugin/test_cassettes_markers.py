"""Which tests have a cassette, with which options, and when what they recorded is saved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_rum_replay.cassette_tests import options_of
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.options import CassetteOptions
from rum_replay_emulator import Emulator

from .inner_runs import LEAN


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*LEAN, *arguments)


class TestMarkers:
    SUITE = """
        import pytest
        from rum_replay import ReplayClient

        pytestmark = pytest.mark.rum_replay_cassette(allow_unplayed=True, max_age="4w")

        def get():
            with ReplayClient(base_url=URL, api_key="0123456789", app_key="0123456789") as replay:
                return [playlist.name for playlist in replay.playlists.list()]

        @pytest.mark.rum_replay_cassette(record="new", max_age="2w")
        class TestClass:
            @pytest.mark.rum_replay_cassette(record="once")
            @pytest.mark.rum_replay_cassette("shared", max_age="1w")
            def test_stacked(self, request):
                assert get() == []

            def test_class(self):
                assert get() == []

        def test_module():
            assert get() == []

        class TestUnit(__import__("unittest").TestCase):
            def test_unittest(self):
                assert get() == []
    """

    @pytest.fixture
    def emulator_used(self, pytester: pytest.Pytester) -> Iterator[Emulator]:
        emulator = Emulator()
        with emulator.serve() as url:
            pytester.makepyfile(test_marked=self.SUITE.replace("URL", repr(url)))
            yield emulator

    def test_the_marker_alone_gives_a_cassette(self, pytester: pytest.Pytester, emulator_used: Emulator) -> None:
        run(pytester, "--rum-replay-record=rewrite").assert_outcomes(passed=4)
        assert len(emulator_used.requests) == 4
        names = sorted(path.name.rpartition("-")[0] for path in pytester.path.rglob("*.yaml"))
        assert names == ["", "TestClass-test_class", "TestUnit-test_unittest", "test_module"]
        run(pytester).assert_outcomes(passed=4)
        assert len(emulator_used.requests) == 4
        assert "no test uses" not in run(pytester).stdout.str()

    def test_without_a_recording_nothing_is_sent(self, pytester: pytest.Pytester, emulator_used: Emulator) -> None:
        # Two of them say themselves that they record.
        run(pytester, "-k", "module or unittest").assert_outcomes(failed=2, deselected=2)
        assert emulator_used.requests == []

    def test_markers_add_up_and_the_nearest_counts_for_each_option(self, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(test_marked=self.SUITE.replace("URL", "None"))
        found = {
            item.name: options_of(item)
            for item in pytester.inline_run(*LEAN, "--collect-only")
            .getcalls("pytest_collection_finish")[0]
            .session.items
        }
        assert found == {
            "test_stacked": CassetteOptions("shared", record=Mode.ONCE, max_age="1w", allow_unplayed=True),
            "test_class": CassetteOptions(record=Mode.NEW, max_age="2w", allow_unplayed=True),
            "test_module": CassetteOptions(max_age="4w", allow_unplayed=True),
            "test_unittest": CassetteOptions(max_age="4w", allow_unplayed=True),
        }


class TestOutcomes:
    """Only a test that passes in all its phases saves what it recorded."""

    SUITE = """
        import pytest
        from rum_replay import ReplayClient

        RUNS = []

        @pytest.fixture
        def created(rum_replay_cassette):
            with ReplayClient(base_url=URL, api_key="0123456789", app_key="0123456789") as replay:
                yield replay.playlists.create("x")
                {teardown}

        {marker}
        def test_it(created):
            {call}
    """
    REWRITTEN = ("", "", "")
    KEPT = (
        ("raise RuntimeError", "", ""),
        ("pytest.fail('late')", "", ""),
        ("pytest.skip('late')", "", ""),
        ("", "@pytest.mark.xfail", "assert 0"),
        ("", "@pytest.mark.xfail(strict=True)", ""),
        ("raise RuntimeError", "@pytest.mark.xfail", "assert 0"),
        ("", "", "pytest.skip('now')"),
        ("", "", "pytest.xfail('now')"),
        ("", "", "assert 0"),
    )

    @pytest.mark.parametrize("outcome", [REWRITTEN, *KEPT, ("", "@pytest.mark.xfail", "")], ids=str)
    def test_the_file_is_replaced_only_if_nothing_failed(
        self, pytester: pytest.Pytester, outcome: tuple[str, str, str]
    ) -> None:
        teardown, marker, call = outcome
        with Emulator().serve() as url:

            def write(teardown: str, marker: str, call: str) -> None:
                lines = {"{teardown}": teardown or "pass", "{marker}": marker, "{call}": call or "pass"}
                source = self.SUITE.replace("URL", repr(url))
                for place, text in lines.items():
                    source = source.replace(place, text)
                pytester.makepyfile(test_outcome=source)

            write(*self.REWRITTEN)
            run(pytester, "--rum-replay-record=rewrite").assert_outcomes(passed=1)
            (path,) = pytester.path.rglob("*.yaml")
            before = path.read_bytes()
            write(teardown, marker, call)
            run(pytester, "--rum-replay-record=rewrite")
        assert (path.read_bytes() == before) is (outcome in self.KEPT)

    def test_a_test_that_is_run_again_saves_its_last_attempt(self, pytester: pytest.Pytester) -> None:
        pytester.makeconftest(
            """
            import pytest
            from _pytest.runner import runtestprotocol

            def pytest_runtest_protocol(item, nextitem):
                for attempt in range(3):
                    reports = runtestprotocol(item, nextitem=nextitem, log=False)
                    if all(report.passed for report in reports) or attempt == 2:
                        break
                    item._initrequest()
                for report in reports:
                    item.ihook.pytest_runtest_logreport(report=report)
                return True
            """
        )
        with Emulator().serve() as url:
            source = self.SUITE.replace("URL", repr(url)).replace("{teardown}", "pass").replace("{marker}", "")
            pytester.makepyfile(test_again=source.replace("{call}", "RUNS.append(1); assert len(RUNS) == 2"))
            run(pytester, "--rum-replay-record=once").assert_outcomes(passed=1)
        (path,) = pytester.path.rglob("*.yaml")
        assert path.read_text(encoding="utf-8").count("- recorded_at:") == 1
        assert "playlists/2" not in path.read_text(encoding="utf-8")
        assert "'2'" in path.read_text(encoding="utf-8"), "the second attempt made the second playlist"
