"""Tests with a cassette: the options from a test's marker, and the effect of its result on the cassette."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_rum_replay.cassettes import Cassette
from pytest_rum_replay.cassettes.errors import CassetteError, CassetteUsageError
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.naming import shown_id
from pytest_rum_replay.cassettes.options import MARKER, CassetteOptions
from pytest_rum_replay.cassettes.session import CassetteSession
from pytest_rum_replay.contract.conformance import Mismatch, check, listed
from pytest_rum_replay.emulators.environment import set_missing_credentials
from pytest_rum_replay.settings import Settings

__all__ = ["cassette_for", "cassette_session", "note_collected"]


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
            cassettes.usage.uses(cassettes.path_of(test.path, test.nodeid, _options(test)))
        except CassetteUsageError:
            # The test itself will fail with this error; until then it is unknown which cassette it uses.
            cassettes.usage.partial = True


@contextmanager
def cassette_for(test: pytest.Item, cassettes: CassetteSession, has_passed: Callable[[], bool]) -> Generator[Cassette]:
    """The test's cassette. `has_passed` is called when the context ends; unless it returns True, nothing is saved.

    Problems with the cassette, and answers that do not conform to the contract, fail the test.
    """
    mismatches: list[Mismatch] = []
    try:
        options = _options(test)
        with (
            pytest.MonkeyPatch.context() as patch,
            cassettes.open(test.path, test.nodeid, options) as cassette,
        ):
            if cassette.replaying:
                set_missing_credentials(patch)
            yield cassette
            mismatches = [] if options.allow_mismatches else _mismatches(cassette)
            if mismatches or not has_passed():
                cassette.discard()
    except CassetteError as error:
        raise pytest.fail.Exception(f"{shown_id(test.nodeid)}: {error}", pytrace=False) from None
    if mismatches:
        found = listed(f"answers in the cassette {cassette.path} do not conform to the contract", mismatches)
        pytest.fail(f"{found}\nTo allow this: @pytest.mark.{MARKER}(allow_mismatches=True)", pytrace=False)


def _options(test: pytest.Item) -> CassetteOptions:
    marker = test.get_closest_marker(MARKER)
    return CassetteOptions() if marker is None else CassetteOptions.from_marker(marker.args, marker.kwargs)


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
