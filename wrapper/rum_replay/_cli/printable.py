"""Text that is safe to show: what servers and users send must not steer the terminal. Pure."""

from __future__ import annotations

import unicodedata
from datetime import MAXYEAR, UTC, datetime
from typing import Any

__all__ = ["cell", "one_line", "printable"]

# Control characters, line and paragraph separators, halves of surrogate pairs.
_ESCAPED = frozenset({"Cc", "Zl", "Zp", "Cs"})
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """The text on one line, with `\\n`, `\\x1b` and the like written out."""
    if text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode()
        if unicodedata.category(character) in _ESCAPED or character in _BIDIRECTIONAL
        else character
        for character in text
    )


def one_line(text: str) -> str:
    """A message on one line: runs of white space become a space."""
    return printable(" ".join(text.split()))


def cell(value: Any) -> str:
    """A value as tables show it: times in UTC, `-` for what is absent."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        precision = "milliseconds" if value.microsecond else "seconds"
        # Years 1 and 9999 begin and end with moments that have no date in UTC.
        in_utc = value.astimezone(UTC) if 1 < value.year < MAXYEAR else value
        return in_utc.isoformat(timespec=precision).replace("+00:00", "Z")
    return printable(str(value))
