"""The marker's arguments, checked."""

import inspect
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Self

from attrs import field, frozen

from pytest_rum_replay.cassettes.age import parse_age
from pytest_rum_replay.cassettes.errors import CassetteUsageError
from pytest_rum_replay.cassettes.mode import Mode

__all__ = ["MARKER", "CassetteOptions"]

MARKER = "rum_replay_cassette"


def _mode(value: object) -> Mode | None:
    if value is None:
        return None
    try:
        return Mode(str(value))
    except ValueError:
        raise CassetteUsageError(f"record must be one of {', '.join(Mode)}, not {value!r}") from None


def _age(value: timedelta | str | None) -> timedelta | None:
    return None if value is None else parse_age(value)


def _name(_: object, __: object, value: Any) -> None:
    if not isinstance(value, str | None):
        raise CassetteUsageError(f"a cassette's name must be text, not {value!r}")


def _boolean(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, bool) and not (value is None and attribute.default is None):
        raise CassetteUsageError(f"{attribute.name} must be True or False, not {value!r}")


@frozen
class CassetteOptions:
    """What `@pytest.mark.rum_replay_cassette(...)` may say. Raises CassetteUsageError for what it may not."""

    name: str | None = field(default=None, validator=_name)
    """A cassette that several tests share; without it each test has its own."""

    record: Mode | None = field(default=None, kw_only=True, converter=_mode)
    """The mode for this test, whatever the command line says."""

    max_age: timedelta | None = field(default=None, kw_only=True, converter=_age)
    """Fail when an entry is older; a timedelta, or text such as "90d"."""

    allow_unplayed: bool = field(default=False, kw_only=True, validator=_boolean)
    """Let the test pass though it did not ask for all that is recorded."""

    allow_playback_repeats: bool = field(default=False, kw_only=True, validator=_boolean)
    """Let the last answer to a request be given again and again."""

    allow_mismatches: bool = field(default=False, kw_only=True, validator=_boolean)
    """Let the test pass, and keep its recording, though an answer does not fit the contract."""

    pseudonyms: bool | None = field(default=None, kw_only=True, validator=_boolean)
    """Replace personal fields, or do not, whatever the command line says."""

    @classmethod
    def from_marker(cls, arguments: Sequence[object], named: Mapping[str, Any]) -> Self:
        """From the marker's own arguments; raises CassetteUsageError that names those it takes."""
        signature = inspect.signature(cls)
        try:
            signature.bind(*arguments, **named)
        except TypeError as error:
            raise CassetteUsageError(f"{MARKER}: {error}; it takes {', '.join(signature.parameters)}") from None
        return cls(*arguments, **named)  # type: ignore[arg-type]
