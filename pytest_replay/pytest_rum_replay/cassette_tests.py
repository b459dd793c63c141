"""Tests with a cassette: the options from a test's marker, and the effect of its result on the cassette."""

from collections import ChainMap
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_rum_replay.cassettes import Cassette
from pytest_rum_replay.cassettes.errors import CassetteError, CassetteUsageError
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.naming import shown_id
from pytest_rum_replay.cassettes.options import MARKER, CassetteOptions
from pytest_rum_replay.cassettes.recorder import refusing_outside
from pytest_rum_replay.cassettes.saving import finish
from pytest_rum_replay.cassettes.session import CassetteSession
from pytest_rum_replay.contract.conformance import Mismatch, check, listed
from pytest_rum_replay.emulators.environment import set_missing_credentials
from pytest_rum_replay.settings import Settings

__all__ = ["cassette_for", "cassette_session", "note_collected", "options_of", "save_cassette", "wide_fixtures_checked"]


def cassette_session(settings: Settings, root: Path, *, is_xdist_worker: bool) -> CassetteSession:
    """The cassettes of this process."""
    return CassetteSession(
        mode=Mode(settings.record),
        folder=settings.cassette_dir,
        root=root,
        pseudonyms=settings.pseudonyms,
        parallel=is_xdist_worker,
    )


def note_collected(
    cassettes: CassetteSession,
    tests: Iterable[pytest.Item],
    with_cassette: Iterable[Mapping[str, pytest.Item | pytest.Collector]],
) -> None:
    """Remember which cassettes the collected tests use, so that all others can be listed at the end.

    with_cassette: for each test that uses some, the scopes whose cassettes they are, with the nodes of these scopes.
    """
    for test in tests:
        cassettes.usage.collected(test.path, cassettes.folder)
    for scopes in with_cassette:
        try:
            for scope, node in scopes.items():
                cassettes.usage.uses(cassettes.path_of(node.path, node.nodeid, options_of(node), scope))
        except CassetteUsageError:
            # The test itself will fail with this error; until then it is unknown which cassette it uses.
            cassettes.usage.partial = True


@contextmanager
def cassette_for(node: pytest.Item | pytest.Collector, cassettes: CassetteSession, scope: str) -> Generator[Cassette]:
    """The cassette of a test, or of a class, a module or the session, until its fixture ends.

    Pass it to `save_cassette` once it is known whether the tests passed.
    """
    with (
        _failing(node),
        pytest.MonkeyPatch.context() as patch,
        cassettes.open(node.path, node.nodeid, options_of(node), scope=scope, save=False) as cassette,
    ):
        if cassette.replaying:
            set_missing_credentials(patch)
        yield cassette


def save_cassette(node: pytest.Item | pytest.Collector, cassette: Cassette, *, passed: bool) -> None:
    """Save what was recorded if the test, or every test meanwhile, passed in all its phases.

    Problems with the cassette, and answers that do not conform to the contract, are failures; nothing is saved then.
    """
    mismatches = [] if options_of(node).allow_mismatches else _mismatches(cassette)
    if mismatches or not passed:
        cassette.discard()
    with _failing(node):
        finish(cassette)
    if mismatches:
        found = listed(f"answers in the cassette {cassette.path} do not conform to the contract", mismatches)
        pytest.fail(f"{found}\nTo allow this: @pytest.mark.{MARKER}(allow_mismatches=True)", pytrace=False)


@contextmanager
def wide_fixtures_checked(test: pytest.Item, cassettes: CassetteSession) -> Generator[None]:
    """Refuse what fixtures of a wider scope send outside any cassette if the test's own cassette only replays."""
    try:
        options = options_of(test)
        file_exists = cassettes.path_of(test.path, test.nodeid, options).exists()
        records = (options.record or cassettes.mode).records(file_exists=file_exists)
    except CassetteUsageError:
        records = True  # the test fails with this error
    if records:
        yield
        return
    with refusing_outside(
        f"{shown_id(test.nodeid)} replays its cassette, and this was sent by a fixture that is set up before it or "
        "ends after it. Let that fixture use rum_replay_cassette_class, rum_replay_cassette_module or "
        "rum_replay_cassette_session, whose cassettes are open so long"
    ):
        yield


@contextmanager
def _failing(node: pytest.Item | pytest.Collector) -> Generator[None]:
    try:
        yield
    except CassetteError as error:
        raise pytest.fail.Exception(f"{shown_id(node.nodeid) or 'session'}: {error}", pytrace=False) from None


def options_of(node: pytest.Item | pytest.Collector) -> CassetteOptions:
    """Those of all markers, of the module, the class and the test; the nearest counts for each option."""
    markers = [CassetteOptions.named_in(marker.args, marker.kwargs) for marker in node.iter_markers(MARKER)]
    return CassetteOptions(**dict(ChainMap(*markers)))


def _mismatches(cassette: Cassette) -> list[Mismatch]:
    interactions = [*(played.interaction for played in cassette.played), *cassette.recorded]
    return [
        mismatch
        for interaction in interactions
        for mismatch in check(
            interaction.request.method,
            interaction.request.url,
            interaction.response.status,
            interaction.response.headers,
            interaction.response.body,
        )
    ]
