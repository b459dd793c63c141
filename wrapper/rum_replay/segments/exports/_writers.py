"""Rows as JSON lines and as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import IO, Any, Protocol

import attrs
import msgspec

from ._columns import Column, ColumnType, Row, Value, iso_of

__all__ = ["CsvWriter", "JsonLinesWriter", "Writer"]


class Writer(Protocol):
    """Writes rows to a file that somebody else opens and closes."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""
        ...

    def close(self) -> None:
        """Write what comes after the last row; to be called in any case, before the file is closed."""
        ...


@attrs.frozen
class JsonLinesWriter:
    """An object for each row, with all columns, null where there is nothing; in UTF-8."""

    file: IO[bytes]
    columns: Sequence[Column[Any]]

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""
        for row in rows:
            values = {
                column.name: iso_of(value) if column.type is ColumnType.MOMENT and isinstance(value, int) else value
                for column, value in zip(self.columns, row, strict=True)
            }
            self.file.write(msgspec.json.encode(values) + b"\n")

    def close(self) -> None:
        """Write nothing: each line stands alone."""


@attrs.frozen
class CsvWriter:
    """RFC 4180 in UTF-8 with a header and line feeds; nothing is empty, empty text is `""`.

    Spreadsheets run text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula, and recordings
    hold what anybody typed. Such text gets an apostrophe in front, also where it has some already: take one away to
    have it back. Numbers are no text and stay as they are. The other formats hold all text unchanged.
    """

    file: IO[bytes]
    columns: Sequence[Column[Any]]

    def __attrs_post_init__(self) -> None:
        self.file.write(",".join(column.name for column in self.columns).encode() + b"\n")

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""
        for row in rows:
            cells = [_csv(column.type, value) for column, value in zip(self.columns, row, strict=True)]
            self.file.write(",".join(cells).encode() + b"\n")

    def close(self) -> None:
        """Write nothing: each row stands alone."""


_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def _csv(type: ColumnType, value: Value) -> str:
    if value is None:
        return ""
    if type is ColumnType.MOMENT and isinstance(value, int):
        return iso_of(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    guarded = f"'{text}" if _FORMULA.match(text) else text
    return '"' + guarded.replace('"', '""') + '"'
