"""The lifecycle of a cassette: opened, used by httpx, checked and saved."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rum_replay._clock import wrap_clocks

from pytest_rum_replay.cassettes.cassette import Cassette
from pytest_rum_replay.cassettes.clock import CassetteClock
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.saving import finish

if TYPE_CHECKING:
    from pytest_rum_replay.secrecy.redaction import Redactor

__all__ = ["open_cassette"]


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def open_cassette(
    path: Path,
    *,
    mode: Mode = Mode.NONE,
    redactor: "Redactor | None" = None,
    max_age: timedelta | None = None,
    now: Callable[[], datetime] = _now,
    allow_unplayed: bool = False,
    allow_playback_repeats: bool = False,
    pseudonyms: bool = False,
    node_id: str | None = None,
    outlasts_tests: bool = False,
    save: bool = True,
) -> Generator[Cassette]:
    """Answer httpx's requests from the file within the context, or record them into it.

    An exception that leaves the context, or `cassette.discard()` within it, means that the test did not pass, and then
    nothing is saved. Otherwise, at the end, missed and unplayed requests raise an error, and new recordings are saved.
    In every case, httpx is unpatched first.

    - `redactor`: removes secrets; by default one that knows the credentials of the environment, also those set later.
    - `max_age`: raise CassetteTooOldError if an entry is older.
    - `now`: returns the time as an aware datetime.
    - `allow_unplayed`, `allow_playback_repeats`: see `CassetteOptions`.
    - `pseudonyms`: whether the redactor has pseudonyms, so that it must see the replayed answers too.
    - `node_id`: the test, for the commands in messages.
    - `outlasts_tests`: whether another cassette may be opened within, which then gets the requests.
    - `save`: if False, the end only closes the cassette, and `saving.finish` does the rest later.

    Recording reads each answer to its end before the client gets any of it, so an endless stream cannot be recorded: it
    ends with the client's deadline, if there is one. A request that fails is not recorded.

    Raises the errors of `cassettes.errors`, each a CassetteError.
    """
    from pytest_rum_replay.cassettes.recorder import recording_with

    cassette = Cassette(
        path,
        mode,
        redactor or _environment_redactor(),
        now,
        allow_unplayed=allow_unplayed,
        allow_playback_repeats=allow_playback_repeats,
        pseudonyms=pseudonyms,
        node_id=node_id,
        outlasts_tests=outlasts_tests,
    )
    if max_age is not None:
        cassette.check_age(max_age)
    with recording_with(cassette), wrap_clocks(partial(CassetteClock, cassette)):
        yield cassette
    if save:
        finish(cassette)


def _environment_redactor() -> "Redactor":
    import os

    from pytest_rum_replay.secrecy.redaction import Redactor

    return Redactor(environment=os.environ)
