"""Rows as JSON lines, CSV and Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from types import ModuleType
from typing import IO, Any, Protocol

import attrs
import msgspec

from ..._csv import csv_cell
from ..._errors import ConfigurationError
from ..._extras import install_command
from ..._times import rfc3339
from ._columns import Column, ColumnType, Row, Value

__all__ = ["CsvWriter", "JsonLinesWriter", "ParquetWriter", "Writer", "require_pyarrow"]


class Writer(Protocol):
    """Writes rows to a file, which its caller opens and closes."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""
        ...

    def close(self) -> None:
        """Write anything that follows the last row; must always be called, before the file is closed."""
        ...


@attrs.frozen
class JsonLinesWriter:
    """One object per row, with all columns, null for absent values; in UTF-8."""

    file: IO[bytes]
    columns: Sequence[Column[Any]]

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""
        for row in rows:
            values = {
                column.name: rfc3339(value) if column.type is ColumnType.MOMENT and isinstance(value, int) else value
                for column, value in zip(self.columns, row, strict=True)
            }
            self.file.write(msgspec.json.encode(values) + b"\n")

    def close(self) -> None:
        """Nothing follows the last line."""


@attrs.frozen
class CsvWriter:
    """A header and a line per row, in UTF-8, by the rules of `_csv`: text that a spreadsheet would run is guarded.

    The other formats hold all text unchanged.
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
        """Nothing follows the last row."""


def _csv(type: ColumnType, value: Value) -> str:
    if type is ColumnType.MOMENT and isinstance(value, int):
        return rfc3339(value)
    if value is None or isinstance(value, str | int | float):
        return csv_cell(value)
    return csv_cell(msgspec.json.encode(value).decode())


def require_pyarrow() -> ModuleType:
    """The package pyarrow, imported when first needed; raises ConfigurationError if it is not installed."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        reason = str(error)
    raise ConfigurationError(f"Parquet needs pyarrow ({reason}): {install_command('analysis')}")


class ParquetWriter:
    """One row group per batch of rows, compressed with Zstandard; types, units and meanings are in the schema."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column[Any]]) -> None:
        pyarrow = require_pyarrow()
        types = {
            ColumnType.TEXT: pyarrow.string(),
            ColumnType.INTEGER: pyarrow.int64(),
            ColumnType.REAL: pyarrow.float64(),
            ColumnType.BOOLEAN: pyarrow.bool_(),
            ColumnType.MOMENT: pyarrow.timestamp("ms", tz="UTC"),
            ColumnType.TEXTS: pyarrow.list_(pyarrow.string()),
        }
        self._pyarrow = pyarrow
        self._schema = pyarrow.schema(
            [pyarrow.field(column.name, types[column.type], metadata=_metadata(column)) for column in columns]
        )
        self._writer = pyarrow.parquet.ParquetWriter(file, self._schema, compression="zstd")

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows as one row group."""
        columns = zip(*rows, strict=True)
        arrays = [
            self._pyarrow.array(values, type=field.type) for values, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_batch(self._pyarrow.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        """Write the footer, without which the file is not Parquet."""
        self._writer.close()


def _metadata(column: Column[Any]) -> dict[str, str]:
    return {"meaning": column.meaning} | ({"unit": column.unit} if column.unit else {})
