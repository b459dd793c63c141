"""Tests with a cassette: the options from a test's marker, and the effect of its result on the cassette."""

from collections import ChainMap
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_rum_replay.cassettes import Cassette
from pytest_rum_replay.cassettes.errors import CassetteError, CassetteUsageError
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.naming import shown_id
from pytest_rum_replay.cassettes.options import MARKER, CassetteOptions
from pytest_rum_replay.cassettes.saving import finish
from pytest_rum_replay.cassettes.session import CassetteSession
from pytest_rum_replay.contract.conformance import Mismatch, check, listed
from pytest_rum_replay.emulators.environment import set_missing_credentials
from pytest_rum_replay.settings import Settings

__all__ = ["cassette_for", "cassette_session", "note_collected", "options_of", "save_cassette"]


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
    cassettes: CassetteSession, tests: Iterable[pytest.Item], with_cassette: Iterable[pytest.Item]
) -> None:
    """Remember which cassettes the collected tests use, so that all others can be listed at the end."""
    for test in tests:
        cassettes.usage.collected(test.path, cassettes.folder)
    for test in with_cassette:
        try:
            cassettes.usage.uses(cassettes.path_of(test.path, test.nodeid, options_of(test)))
        except CassetteUsageError:
            # The test itself will fail with this error; until then it is unknown which cassette it uses.
            cassettes.usage.partial = True


@contextmanager
def cassette_for(test: pytest.Item, cassettes: CassetteSession) -> Generator[Cassette]:
    """The test's cassette, while the test uses it; pass it to `save_cassette` once the test's outcome is known."""
    with (
        _failing(test),
        pytest.MonkeyPatch.context() as patch,
        cassettes.open(test.path, test.nodeid, options_of(test), save=False) as cassette,
    ):
        if cassette.replaying:
            set_missing_credentials(patch)
        yield cassette


def save_cassette(test: pytest.Item, cassette: Cassette, *, passed: bool) -> None:
    """Save what a test recorded if it passed, in all its phases.

    Problems with the cassette, and answers that do not conform to the contract, fail the test; nothing is saved then.
    """
    mismatches = [] if options_of(test).allow_mismatches else _mismatches(cassette)
    if mismatches or not passed:
        cassette.discard()
    with _failing(test):
        finish(cassette)
    if mismatches:
        found = listed(f"answers in the cassette {cassette.path} do not conform to the contract", mismatches)
        pytest.fail(f"{found}\nTo allow this: @pytest.mark.{MARKER}(allow_mismatches=True)", pytrace=False)


@contextmanager
def _failing(test: pytest.Item) -> Generator[None]:
    try:
        yield
    except CassetteError as error:
        raise pytest.fail.Exception(f"{shown_id(test.nodeid)}: {error}", pytrace=False) from None


def options_of(test: pytest.Item) -> CassetteOptions:
    """Those of all markers, of the module, the class and the test; the nearest counts for each option."""
    markers = [CassetteOptions.named_in(marker.args, marker.kwargs) for marker in test.iter_markers(MARKER)]
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
