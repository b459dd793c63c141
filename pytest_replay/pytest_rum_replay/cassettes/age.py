"""How old a cassette may be."""

import re
from datetime import timedelta

from pytest_rum_replay.cassettes.errors import CassetteUsageError

__all__ = ["parse_age"]

_TEXT = re.compile(r"([1-9][0-9]{0,5})([hdw])", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def parse_age(age: timedelta | str) -> timedelta:
    """A maximum age from a positive timedelta or from text: hours, days or weeks, as in "12h", "90d" or "4w".

    Raises CassetteUsageError for anything else.
    """
    if isinstance(age, str) and (match := _TEXT.fullmatch(age)):
        return int(match[1]) * _UNITS[match[2]]
    if isinstance(age, timedelta) and age > timedelta():
        return age
    raise CassetteUsageError(f"max_age must be a positive timedelta or text such as '12h', '90d' or '4w', not {age!r}")
