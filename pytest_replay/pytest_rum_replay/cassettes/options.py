"""The arguments of the marker `rum_replay_cassette`, checked."""

import inspect
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from attrs import field, frozen

from pytest_rum_replay.cassettes.errors import CassetteUsageError
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.options import CASSETTE_MARKER

__all__ = ["MARKER", "CassetteOptions"]

MARKER = CASSETTE_MARKER

_AGE = re.compile(r"([1-9][0-9]{0,5})([hdw])", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def _mode(value: object) -> Mode | None:
    if value is None:
        return None
    try:
        return Mode(str(value))
    except ValueError:
        raise CassetteUsageError(f"record must be one of {', '.join(Mode)}, not {value!r}") from None


def _age(value: timedelta | str | None) -> timedelta | None:
    if isinstance(value, str) and (match := _AGE.fullmatch(value)):
        return int(match[1]) * _UNITS[match[2]]
    if value is None or (isinstance(value, timedelta) and value > timedelta()):
        return value
    raise CassetteUsageError(
        f"max_age must be a positive timedelta or text such as '12h', '90d' or '4w', not {value!r}"
    )


def _name(_: object, __: object, value: Any) -> None:
    if not isinstance(value, str | None):
        raise CassetteUsageError(f"a cassette's name must be text, not {value!r}")


def _boolean(_: object, attribute: Any, value: object) -> None:
    if not isinstance(value, bool) and not (value is None and attribute.default is None):
        raise CassetteUsageError(f"{attribute.name} must be True or False, not {value!r}")


@frozen
class CassetteOptions:
    """The arguments of `@pytest.mark.rum_replay_cassette(...)`. Raises CassetteUsageError for invalid ones."""

    name: str | None = field(default=None, validator=_name)
    """The name of a cassette that several tests share; without it each test has its own."""

    record: Mode | None = field(default=None, kw_only=True, converter=_mode)
    """The mode for this test, whatever the command line says."""

    max_age: timedelta | None = field(default=None, kw_only=True, converter=_age)
    """Fail if an entry is older: a timedelta, or hours, days or weeks as text, such as "12h", "90d" or "4w"."""

    allow_unplayed: bool = field(default=False, kw_only=True, validator=_boolean)
    """Let the test pass although it did not request everything that is recorded."""

    allow_playback_repeats: bool = field(default=False, kw_only=True, validator=_boolean)
    """Let the last answer to a request be replayed any number of times."""

    allow_mismatches: bool = field(default=False, kw_only=True, validator=_boolean)
    """Let the test pass, and keep its recording, although an answer does not conform to the contract."""

    pseudonyms: bool | None = field(default=None, kw_only=True, validator=_boolean)
    """Whether to replace personal fields, whatever the command line says."""

    @classmethod
    def named_in(cls, arguments: Sequence[object], named: Mapping[str, Any]) -> dict[str, Any]:
        """The options that a marker gives, by name; raises CassetteUsageError for invalid ones."""
        signature = inspect.signature(cls)
        try:
            given = signature.bind(*arguments, **named).arguments
        except TypeError as error:
            raise CassetteUsageError(f"{MARKER}: {error}; it takes {', '.join(signature.parameters)}") from None
        cls(**given)
        return given
