"""A cassette from its opening to its end."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_rum_replay.cassettes.cassette import Cassette
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
) -> Generator[Cassette]:
    """Answer httpx's requests from the file while the context lasts, or record them into it.

    An exception that leaves the context, or `cassette.discard()` within it, means that the test did not pass: then
    nothing is saved. Otherwise the end complains of what was missed or left unplayed, or saves what was recorded.
    Whatever happens, httpx is unpatched first.

    - `redactor`: takes out secrets; by default one that knows the credentials of the environment.
    - `pseudonyms`: say so when the redactor has them; it must then meet the replayed answers too.
    - `now`: gives the time as an aware datetime.
    - `node_id`: the test, for what messages tell to type.

    Recording reads each answer to its end before the client gets any of it, so a stream that never ends cannot be
    recorded: it ends with the client's deadline, if at all. A request that fails is not recorded.

    Raises the errors of `cassettes.errors`, each a CassetteError.
    """
    from pytest_rum_replay.cassettes.recorder import recording_with

    cassette = Cassette(
        path,
        mode,
        redactor or _environment_redactor(),
        now,
        allow_playback_repeats=allow_playback_repeats,
        pseudonyms=pseudonyms,
        node_id=node_id,
    )
    if max_age is not None:
        cassette.check_age(max_age)
    with recording_with(cassette):
        yield cassette
    finish(cassette, allow_unplayed=allow_unplayed)


def _environment_redactor() -> "Redactor":
    import os

    from pytest_rum_replay.secrecy.redaction import Redactor, environment_credentials

    return Redactor(environment_credentials(os.environ))
