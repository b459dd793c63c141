"""Cassettes that no test uses: reported only where that is sure, and removed on request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rum_replay_emulator import Emulator

from .inner_runs import LEAN

TITLE = "cassettes that no test uses"


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*LEAN, *arguments)


def reported(result: pytest.RunResult) -> list[str]:
    """The readable parts of the names of the reported files."""
    names = [Path(line).stem for line in result.stdout.lines if line.endswith(".yaml")]
    return sorted(name.rpartition("-")[0] or name for name in names)


def source(url: str, *tests: str, before: str = "") -> str:
    functions = "\n".join(f"@CASSETTE\ndef {test}(): httpx.get('{url}/x', verify=False)" for test in tests)
    return f"import httpx, pytest\n{before}\nCASSETTE = pytest.mark.rum_replay_cassette\n{functions}"


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with emulator.serve() as url:
        yield url


@pytest.fixture(autouse=True)
def recorded(pytester: pytest.Pytester, url: str) -> None:
    """A suite of two modules, each of which has lost a test, and a shared cassette that is not used any more."""
    for name in ("one", "two"):
        pytester.makepyfile(**{f"test_{name}": source(url, f"test_kept_{name}", f"test_lost_{name}")})
    shared = source(url).replace("CASSETTE =", "SHARED = pytest.mark.rum_replay_cassette('shared')\nCASSETTE =")
    pytester.makepyfile(test_shared=shared + f"\n@SHARED\ndef test_it(): httpx.get('{url}/x', verify=False)")
    run(pytester, "--rum-replay-record=once").assert_outcomes(passed=5)
    for name in ("one", "two"):
        pytester.makepyfile(**{f"test_{name}": source(url, f"test_kept_{name}")})
    pytester.path.joinpath("test_shared.py").unlink()


def test_all_are_reported_if_all_modules_were_collected(pytester: pytest.Pytester) -> None:
    assert reported(run(pytester)) == ["shared", "test_lost_one", "test_lost_two"]


@pytest.mark.parametrize(
    "before", ["pytest.importorskip('nothing_like_it')", "pytest.skip('not here', allow_module_level=True)"]
)
def test_those_of_a_module_that_skips_itself_are_not_reported(pytester: pytest.Pytester, url: str, before: str) -> None:
    pytester.makepyfile(test_two=source(url, "test_kept_two", before=before))
    assert reported(run(pytester)) == ["test_lost_one"]


@pytest.mark.parametrize("ignore", ["collect_ignore = ['test_two.py']", "collect_ignore_glob = ['*two.py']"])
def test_those_of_a_module_that_is_ignored_are_not_reported(pytester: pytest.Pytester, ignore: str) -> None:
    pytester.makeconftest(ignore)
    assert reported(run(pytester)) == ["test_lost_one"]


def test_those_of_a_module_that_is_gone_are_reported(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("test_two.py").unlink()
    assert reported(run(pytester)) == ["shared", "test_kept_two", "test_lost_one", "test_lost_two"]


def test_in_a_folder_of_all_modules_are_looked_for_everywhere(pytester: pytest.Pytester, url: str) -> None:
    pytester.makeini("[pytest]\nrum_replay_cassette_dir = ../recordings\n")
    for folder in ("a", "b"):
        pytester.mkdir(folder)
        pytester.path.joinpath(folder, f"test_in_{folder}.py").write_text(source(url, f"test_{folder}", "test_lost"))
    run(pytester, "--rum-replay-record=once", "a", "b").assert_outcomes(passed=4)
    pytester.path.joinpath("a", "test_in_a.py").write_text(source(url, "test_a"))
    pytester.path.joinpath("b", "conftest.py").write_text("collect_ignore = ['test_in_b.py']")
    assert reported(run(pytester, "a", "b")) == ["test_lost"]


@pytest.mark.parametrize("option", ["--stepwise", "-x", "--maxfail=1"])
def test_after_a_run_that_was_cut_short_nothing_is_reported(pytester: pytest.Pytester, option: str) -> None:
    pytester.makepyfile(test_a="def test_failing(): assert 0")
    result = pytester.runpytest_inprocess(*LEAN[1:], option)
    result.assert_outcomes(failed=1)
    assert reported(result) == []


def test_pruning_lists_what_is_unused_and_says_how_to_remove_it(pytester: pytest.Pytester) -> None:
    before = sorted(pytester.path.rglob("*.yaml"))
    result = run(pytester, "--rum-replay-prune")
    assert reported(result) == ["shared", "test_lost_one", "test_lost_two"]
    result.stdout.fnmatch_lines([f"*{TITLE}*", "to remove them: --rum-replay-prune=delete"])
    assert sorted(pytester.path.rglob("*.yaml")) == before


def test_pruning_removes_what_is_unused_if_all_tests_passed(pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("test_two.py").unlink()
    run(pytester, "--rum-replay-prune=delete").stdout.fnmatch_lines(["they were removed"])
    (kept,) = pytester.path.rglob("*.yaml")
    assert kept.name.startswith("test_kept_one-")
    assert not (pytester.path / "cassettes" / "test_two").exists()
    run(pytester, "--rum-replay-prune=delete").stdout.fnmatch_lines([f"*{TITLE}*", "none"])


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "they were not removed, because tests failed"),
        (["-k", "kept"], "it is not known which these are: only some of the tests were collected or run"),
        (["-x"], "it is not known which these are: only some of the tests were collected or run"),
    ],
)
def test_pruning_removes_nothing_otherwise(pytester: pytest.Pytester, arguments: list[str], line: str) -> None:
    pytester.makepyfile(test_a="def test_failing(): assert 0")
    before = sorted(pytester.path.rglob("*.yaml"))
    run(pytester, "--rum-replay-prune=delete", *arguments).stdout.fnmatch_lines([line])
    assert sorted(pytester.path.rglob("*.yaml")) == before


def test_wider_cassettes_are_in_use_even_if_their_tests_are_skipped(pytester: pytest.Pytester, url: str) -> None:
    wide = f"""
        import httpx, pytest

        @pytest.fixture(scope="module")
        def wide(rum_replay_cassette_module):
            httpx.get("{url}/x", verify=False)

        def test_wide(wide): pass
    """
    pytester.makepyfile(test_wide=wide)
    run(pytester, "--rum-replay-record=once", "test_wide.py").assert_outcomes(passed=1)
    pytester.makepyfile(test_wide=wide.replace("def test_wide", "@pytest.mark.skip\n        def test_wide"))
    assert reported(run(pytester)) == ["shared", "test_lost_one", "test_lost_two"]
