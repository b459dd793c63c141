"""The pytest plugin `rum_replay`: options, hooks and the fixtures of cassettes; those of emulators are imported.

pytest imports this module in every run of every project that has rum-replay installed, so it imports nothing heavy:
each fixture imports its dependencies when it is first used.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pytest_rum_replay.emulator_fixtures import (
    EMULATORS,
    PASSED,
    emulators_of_test,
    loopback_server,
    rum_replay_async_client,
    rum_replay_client,
    rum_replay_emulator,
    rum_replay_emulator_options,
    rum_replay_environment,
    rum_replay_sample,
    rum_replay_server,
)
from pytest_rum_replay.options import CASSETTE_MARKER, FAULT_MARKER, add_markers, add_options, options_set

if TYPE_CHECKING:
    from pytest_rum_replay.cassettes import Cassette
    from pytest_rum_replay.cassettes.session import CassetteSession
    from pytest_rum_replay.network.children import SessionGuard
    from pytest_rum_replay.reporting import Report
    from pytest_rum_replay.settings import Settings

# Where pytest finds the fixtures.
__all__ = [
    "emulators_of_test",
    "loopback_server",
    "rum_replay_async_client",
    "rum_replay_cassette",
    "rum_replay_cassette_class",
    "rum_replay_cassette_module",
    "rum_replay_cassette_session",
    "rum_replay_client",
    "rum_replay_emulator",
    "rum_replay_emulator_options",
    "rum_replay_environment",
    "rum_replay_sample",
    "rum_replay_server",
]


class _ClosedCassette(NamedTuple):
    """A cassette whose fixture has ended, to be saved once the outcome of the test's last phase is known."""

    node: pytest.Item | pytest.Collector
    cassette: Cassette
    failed_before: int
    """The number of tests that had failed when it was opened."""


_SETTINGS: pytest.StashKey[Settings] = pytest.StashKey()
_GUARD: pytest.StashKey[SessionGuard] = pytest.StashKey()
_CASSETTES: pytest.StashKey[CassetteSession] = pytest.StashKey()
_DESELECTED: pytest.StashKey[bool] = pytest.StashKey()
_WORKERS: pytest.StashKey[list[dict[str, Any]]] = pytest.StashKey()
_REPORT: pytest.StashKey[Report] = pytest.StashKey()
_CASSETTE: pytest.StashKey[Cassette] = pytest.StashKey()
_CLOSED: pytest.StashKey[list[_ClosedCassette]] = pytest.StashKey()
_TEST: pytest.StashKey[pytest.Item] = pytest.StashKey()

_MARKED = "_rum_replay_marked"
_RESULTS = "rum_replay"
"""The key in xdist's `workeroutput` for the usage and blocked attempts of a worker."""


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    add_markers(config)
    if options_set(config):
        # Checked now, so that an invalid value ends the run before it begins.
        settings = _settings(config)
        if settings.guards_network:
            from pytest_rum_replay.network.children import SessionGuard

            is_worker = hasattr(config, "workerinput")
            guard = config.stash[_GUARD] = SessionGuard(settings.allow_hosts, is_xdist_worker=is_worker)
            guard.install()
            config.add_cleanup(guard.remove)


def _settings(config: pytest.Config) -> Settings:
    if _SETTINGS not in config.stash:
        from pytest_rum_replay.settings import Settings

        config.stash[_SETTINGS] = Settings.of(options_set(config))
    return config.stash[_SETTINGS]


def _cassettes(config: pytest.Config) -> CassetteSession:
    if _CASSETTES not in config.stash:
        from pytest_rum_replay.cassette_tests import cassette_session

        is_worker = hasattr(config, "workerinput")
        config.stash[_CASSETTES] = cassette_session(_settings(config), config.rootpath, is_xdist_worker=is_worker)
    return config.stash[_CASSETTES]


def pytest_deselected(items: list[pytest.Item]) -> None:
    for item in items[:1]:
        item.config.stash[_DESELECTED] = True


def pytest_collection_finish(session: pytest.Session) -> None:
    with_cassette = [scopes for item in session.items if (scopes := _scopes_with_cassette(item))]
    if with_cassette:
        try:
            from pytest_rum_replay.cassette_tests import note_collected
        except ImportError:
            return  # those tests will fail and say what is not installed; the others can run
        cassettes = _cassettes(session.config)
        note_collected(cassettes, session.items, with_cassette)
        if session.testsfailed or session.config.stash.get(_DESELECTED, False):
            cassettes.usage.partial = True


def _uses_cassette(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return "rum_replay_cassette" in names or (_MARKED in names and item.get_closest_marker(CASSETTE_MARKER) is not None)


def _scopes_with_cassette(item: pytest.Item) -> dict[str, pytest.Item | pytest.Collector]:
    """The scopes whose cassettes a test uses, with what they are the scopes of."""
    names = getattr(item, "fixturenames", ())
    nodes = {"class": item.getparent(pytest.Class), "module": item.getparent(pytest.Module), "session": item.session}
    found: dict[str, pytest.Item | pytest.Collector] = {"function": item} if _uses_cassette(item) else {}
    for scope, node in nodes.items():
        if f"rum_replay_cassette_{scope}" in names and node is not None:
            found[scope] = node
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    results: dict[str, Any] = {}
    if _CASSETTES in config.stash:
        results["usage"] = config.stash[_CASSETTES].usage.message()
    if _GUARD in config.stash:
        config.stash[_GUARD].remove()
        results["blocked"] = config.stash[_GUARD].blocked()
    output: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output[_RESULTS] = results
        return
    processes = [*config.stash.get(_WORKERS, ()), results]
    if any(processes) and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        from pytest_rum_replay.reporting import report

        config.stash[_REPORT] = report(session, _settings(config), processes)
        if session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = config.stash[_REPORT].exit_status


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """An xdist worker ended. One that crashed has no output, so it is unknown which cassettes it used."""
    unknown: dict[str, Any] = {"usage": {"folders": [], "modules": [], "used": [], "partial": True}}
    results = getattr(node, "workeroutput", {}).get(_RESULTS, unknown)
    node.config.stash.setdefault(_WORKERS, []).append(results)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _REPORT in config.stash:
        for section in config.stash[_REPORT].sections:
            terminalreporter.section(section.title)
            for line in section.lines:
                terminalreporter.line(line)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.config.stash[_TEST] = item


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    test = request.config.stash.get(_TEST, None)
    if fixturedef.scope == "function" or test is None:
        return (yield)
    with _wide_fixtures_checked(test):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)  # around the plugin that makes a strict xfail that passes a failure
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    if call.excinfo is None:
        report = yield
    else:
        from pytest_rum_replay.tracebacks import explain, shorten_summary

        cassette = item.stash.get(_CASSETTE, None)
        if not item.config.getoption("fulltrace"):
            explain(call.excinfo.value, () if cassette is None else cassette.misses)
        report = yield
        shorten_summary(report)
    if call.when != "teardown":
        item.stash[PASSED] = call.when == "call" and report.passed
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    closed = item.config.stash[_CLOSED] = []
    with _wide_fixtures_checked(item):
        yield  # what is raised here leaves nothing to save: the test failed in its last phase
    with ExitStack() as saving:  # all of them, and then the first failure
        for one in closed:
            saving.callback(_save, one, passed=one.node is not item or item.stash.get(PASSED, False))
    if item.stash.get(PASSED, False) and EMULATORS not in item.stash and item.get_closest_marker(FAULT_MARKER):
        from pytest_rum_replay.cassettes.naming import shown_id

        pytest.fail(
            f"{shown_id(item.nodeid)} has the marker {FAULT_MARKER} but no emulator to apply it to: use "
            "rum_replay_emulator, rum_replay_client, rum_replay_async_client, rum_replay_environment or "
            "rum_replay_server",
            pytrace=False,
        )


@pytest.fixture
def rum_replay_cassette(request: pytest.FixtureRequest) -> Iterator[Cassette]:
    """A `Cassette`: a file that answers the requests of httpx, or that they are recorded into (`--rum-replay-record`).

    `.replaying` is True if nothing is sent to the network, `.path` is the file (in `cassettes`, next to the test
    module), `.played` and `.recorded` are the requests so far. The marker `rum_replay_cassette` sets options.
    Recordings contain no credentials; if the test replays and the environment has none, invented ones are set. At its
    end the test fails for requests that were not recorded, for entries that were not requested, and for answers that do
    not conform to the API's contract. A test that fails saves nothing.
    """
    if "rum_replay_environment" in request.fixturenames:
        # Before the cassette, whatever the order in the test: the cassette then sees the requests to the emulator.
        request.getfixturevalue("rum_replay_environment")
    yield from _cassette_of(request)


@pytest.fixture(scope="class")
def rum_replay_cassette_class(request: pytest.FixtureRequest) -> Iterator[Cassette]:
    """The same for fixtures of the scope `class`: see `rum_replay_cassette_module`."""
    yield from _cassette_of(request)


@pytest.fixture(scope="module")
def rum_replay_cassette_module(request: pytest.FixtureRequest) -> Iterator[Cassette]:
    """A cassette for fixtures of the scope `module`, open until the last test of the module has ended.

    It gets what is sent while no `rum_replay_cassette` is open. It need not be played completely, since not all tests
    may run, and is saved if none of them failed. Recording it needs a single process.
    """
    yield from _cassette_of(request)


@pytest.fixture(scope="session")
def rum_replay_cassette_session(request: pytest.FixtureRequest) -> Iterator[Cassette]:
    """The same for fixtures of the scope `session`; its file is in a folder below pytest's root directory."""
    yield from _cassette_of(request)


def _cassette_of(request: pytest.FixtureRequest) -> Iterator[Cassette]:
    from pytest_rum_replay.cassette_tests import cassette_for

    failed_before = request.session.testsfailed
    with cassette_for(request.node, _cassettes(request.config), request.scope) as cassette:
        request.node.stash[_CASSETTE] = cassette  # for the report on what uses it
        yield cassette
    request.config.stash[_CLOSED].append(_ClosedCassette(request.node, cassette, failed_before))


def _save(closed: _ClosedCassette, *, passed: bool) -> None:
    from pytest_rum_replay.cassette_tests import save_cassette

    node, cassette, failed_before = closed
    save_cassette(node, cassette, passed=passed and node.session.testsfailed == failed_before)


@contextmanager
def _wide_fixtures_checked(test: pytest.Item) -> Generator[None]:
    if not _uses_cassette(test):
        yield
        return
    try:
        from pytest_rum_replay.cassette_tests import wide_fixtures_checked
    except ImportError:
        yield  # the test fails and says what is not installed
        return
    with wide_fixtures_checked(test, _cassettes(test.config)):
        yield


@pytest.fixture(name=_MARKED, autouse=True)
def _marked_with_cassette(request: pytest.FixtureRequest) -> None:
    """The marker `rum_replay_cassette` alone gives a test its cassette, before its other fixtures."""
    is_asked_for = "rum_replay_cassette" in request.fixturenames  # where the test wants it
    if not is_asked_for and request.node.get_closest_marker(CASSETTE_MARKER) is not None:
        request.getfixturevalue("rum_replay_cassette")
