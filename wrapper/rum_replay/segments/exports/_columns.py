"""Tables: columns with a name, a type, a unit and a meaning, and rows of plain values."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import Generic, TypeVar

import attrs

from ..._times import rfc3339
from ..summary._quantities import is_moment

__all__ = ["Column", "ColumnType", "Row", "Table", "Value", "batches", "day_of"]

T = TypeVar("T")

Value = str | int | float | bool | Sequence[str] | None
Row = Sequence[Value]

# A batch is a row group in Parquet; nearly all of it is text.
_BATCH_ROWS = 5_000
_BATCH_BYTES = 8 << 20

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


@attrs.frozen(eq=False)
class Column(Generic[T]):
    """One column, and how to get its value from the object that a row describes."""

    name: str
    type: ColumnType
    get: Callable[[T], Value] = attrs.field(repr=False)
    meaning: str
    unit: str | None = None
    """`ms`, `px` or `bytes`; None for counts and for anything that is not a number."""


_NUMBERS = (int, float)


def _moments(values: Iterable[Value]) -> Iterable[Value]:
    return [
        int(value) if value is not None and isinstance(value, _NUMBERS) and is_moment(value) else None
        for value in values
    ]


def _integers(values: Iterable[Value]) -> Iterable[Value]:
    return [
        int(value) if value is not None and isinstance(value, _NUMBERS) and -_INT64 <= value < _INT64 else None
        for value in values
    ]


def _reals(values: Iterable[Value]) -> Iterable[Value]:
    return [
        float(value) if value is not None and isinstance(value, _NUMBERS) and -_REAL <= value <= _REAL else None
        for value in values
    ]


_HOLD = {ColumnType.MOMENT: _moments, ColumnType.INTEGER: _integers, ColumnType.REAL: _reals}
"""The values that a column of a type holds; None where it cannot. Columns of other types hold any."""


@attrs.frozen
class Table(Generic[T]):
    """A table's name and columns."""

    name: str
    columns: tuple[Column[T], ...]

    def rows(self, items: Iterable[T]) -> Iterator[Row]:
        """A row for each item: the values in the order of the columns, None where the type cannot hold it.

        All of these items are in memory at a time.
        """
        several = list(items)  # Column by column, which takes a third of the time.
        return zip(*(self._values(column, several) for column in self.columns), strict=True)

    def rows_of(self, groups: Iterable[Iterable[T]]) -> Iterator[Row]:
        """The rows of items that come some at a time."""
        return chain.from_iterable(map(self.rows, groups))

    @staticmethod
    def _values(column: Column[T], items: Iterable[T]) -> Iterable[Value]:
        values, hold = map(column.get, items), _HOLD.get(column.type)
        return values if hold is None else hold(values)


def day_of(moment: float | None) -> str | None:
    """The day in UTC, as YYYY-MM-DD; None without a time between 1970 and 9999."""
    return rfc3339(int(moment))[:10] if moment is not None and is_moment(moment) else None


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows in lists that are small enough to be in memory."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum([len(value) for value in row if type(value) is str])
        if len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
