"""Folders that are Hive partitions: `application_id=<id>/day=<YYYY-MM-DD>`, which engines read as columns.

Ids may hold anything; in paths they consist of letters, digits, `-`, `_` and `%`. Capital letters of an application's
id are encoded too: file systems that ignore case would put two applications into one folder.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from string import ascii_uppercase
from urllib.parse import quote

__all__ = ["encoded", "partition"]

_NOT_STATED = "__HIVE_DEFAULT_PARTITION__"
"""What Hive, Spark and DuckDB read as null."""

_MAX_VALUE_LENGTH = 120


def partition(application_id: str | None, day: str | None) -> str:
    """The folder of a partition, relative to its table's. An id too long for a file name becomes its SHA-256."""
    return f"application_id={_value(application_id)}/day={_value(day)}"


@lru_cache  # Data sets have many files, and few of these.
def _value(text: str | None) -> str:
    if not text:
        return _NOT_STATED
    value = "".join(f"%{ord(one):X}" if one in ascii_uppercase else encoded(one) for one in text)
    return value if len(value) <= _MAX_VALUE_LENGTH else f"sha256-{hashlib.sha256(text.encode()).hexdigest()}"


def encoded(text: str) -> str:
    """A text of which only letters, digits, `-` and `_` are left as they are; the rest is percent-encoded."""
    return quote(text, safe="").replace(".", "%2E").replace("~", "%7E")
