"""Tables: columns with a name, a type, a unit and a meaning, and rows of plain values."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

import attrs

from ..._times import rfc3339
from ..summary._quantities import is_moment

__all__ = ["Column", "ColumnType", "Row", "Table", "Value", "day_of"]

T = TypeVar("T")

Value = str | int | float | bool | Sequence[str] | None
Row = Sequence[Value]

_INT64 = 1 << 63
_REAL = sys.float_info.max


class ColumnType(StrEnum):
    """The type of a column in all formats. Any value may be absent."""

    TEXT = "text"
    INTEGER = "integer"
    """64 bits, signed."""

    REAL = "real"
    """64 bits, finite."""

    BOOLEAN = "boolean"
    MOMENT = "moment"
    """Milliseconds of Unix time; in Parquet a timestamp in UTC, elsewhere RFC 3339 in UTC with three decimals."""

    TEXTS = "texts"
    """Any number of texts; in CSV, a JSON list."""


@attrs.frozen
class Column(Generic[T]):
    """One column, and how to get its value from the object that a row describes."""

    name: str
    type: ColumnType
    get: Callable[[T], Value] = attrs.field(repr=False)
    meaning: str
    unit: str | None = None
    """`ms`, `px` or `bytes`; None for counts and for anything that is not a number."""

    def value(self, item: T) -> Value:
        """The value for a row; None if the type cannot hold it."""
        value = self.get(item)
        if self.type is ColumnType.MOMENT:
            return int(value) if isinstance(value, int | float) and is_moment(value) else None
        if self.type is ColumnType.INTEGER:
            return int(value) if isinstance(value, int | float) and -_INT64 <= value < _INT64 else None
        if self.type is ColumnType.REAL:
            return float(value) if isinstance(value, int | float) and -_REAL <= value <= _REAL else None
        return value


@attrs.frozen
class Table(Generic[T]):
    """A table's name and columns."""

    name: str
    columns: tuple[Column[T], ...]

    def row(self, item: T) -> Row:
        """The values of one row, in the order of the columns."""
        return [column.value(item) for column in self.columns]


def day_of(moment: float | None) -> str | None:
    """The day in UTC, as YYYY-MM-DD; None without a time between 1970 and 9999."""
    return rfc3339(int(moment))[:10] if moment is not None and is_moment(moment) else None
