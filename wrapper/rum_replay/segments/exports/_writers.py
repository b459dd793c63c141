"""Rows as JSON lines, CSV and Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Protocol

import attrs
import msgspec

from ..._csv import csv_cell
from ..._errors import ConfigurationError
from ..._extras import install_command
from ..._times import rfc3339
from ._columns import Column, ColumnType, Row, Value

__all__ = ["PIECES", "WRITERS", "PieceWriter", "Writer", "require_pyarrow"]

_STEP = 1 << 20


class Writer(Protocol):
    """Writes rows to a file, which its caller opens and closes."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""
        ...

    def copy(self, pieces: Path, start: int, end: int) -> None:
        """Write what a writer of pieces wrote between two of its positions, with the same result as from the rows."""
        ...

    def close(self) -> None:
        """Write anything that follows the last row; must always be called, before the file is closed."""
        ...


class PieceWriter(Protocol):
    """Writes rows to a file from which parts can be copied."""

    @property
    def position(self) -> int:
        """Where the next rows will be."""
        ...

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""
        ...

    def close(self) -> None:
        """Write anything that follows the last row."""
        ...


@attrs.frozen
class _LineWriter:
    """Lines that are the same wherever they are."""

    file: IO[bytes]
    columns: Sequence[Column[Any]]

    @property
    def position(self) -> int:
        """Bytes from the start of the file."""
        return self.file.tell()

    def copy(self, pieces: Path, start: int, end: int) -> None:
        """Write the bytes between two positions."""
        with pieces.open("rb") as file:
            file.seek(start)
            while start < end and (piece := file.read(min(_STEP, end - start))):
                start += self.file.write(piece)

    def close(self) -> None:
        """Nothing follows the last line."""


class JsonLinesWriter(_LineWriter):
    """One object per row, with all columns, null for absent values; in UTF-8."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""
        for row in rows:
            values = {
                column.name: rfc3339(value) if column.type is ColumnType.MOMENT and isinstance(value, int) else value
                for column, value in zip(self.columns, row, strict=True)
            }
            self.file.write(msgspec.json.encode(values) + b"\n")


class CsvWriter(_LineWriter):
    """A header and a line per row, in UTF-8, by the rules of `_csv`: text that a spreadsheet would run is guarded.

    The other formats hold all text unchanged.
    """

    def __init__(self, file: IO[bytes], columns: Sequence[Column[Any]]) -> None:
        super().__init__(file, columns)
        self.file.write(",".join(column.name for column in self.columns).encode() + b"\n")

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""
        for row in rows:
            cells = [_csv(column.type, value) for column, value in zip(self.columns, row, strict=True)]
            self.file.write(",".join(cells).encode() + b"\n")


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


class _ArrowBatches:
    """Batches of rows, with types, units and meanings in their schema."""

    def __init__(self, columns: Sequence[Column[Any]]) -> None:
        self.pyarrow = require_pyarrow()
        self.schema, self._types = _schema_and_types(tuple(columns))

    def of(self, rows: Iterable[Row]) -> Any:
        """The rows as one batch."""
        array = self.pyarrow.array
        arrays = [array(values, kind) for values, kind in zip(zip(*rows, strict=True), self._types, strict=True)]
        return self.pyarrow.record_batch(arrays, schema=self.schema)


@lru_cache  # There are few tables, and one file or more for each view.
def _schema_and_types(columns: tuple[Column[Any], ...]) -> tuple[Any, list[Any]]:
    pyarrow = require_pyarrow()
    types = {
        ColumnType.TEXT: pyarrow.string(),
        ColumnType.INTEGER: pyarrow.int64(),
        ColumnType.REAL: pyarrow.float64(),
        ColumnType.BOOLEAN: pyarrow.bool_(),
        ColumnType.MOMENT: pyarrow.timestamp("ms", tz="UTC"),
        ColumnType.TEXTS: pyarrow.list_(pyarrow.string()),
    }
    of_columns = [types[column.type] for column in columns]
    fields = [
        pyarrow.field(column.name, kind, metadata=_metadata(column))
        for column, kind in zip(columns, of_columns, strict=True)
    ]
    return pyarrow.schema(fields), of_columns


class ParquetWriter:
    """One row group per batch of rows, compressed with Zstandard."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column[Any]]) -> None:
        self._batches = _ArrowBatches(columns)
        self._writer = self._batches.pyarrow.parquet.ParquetWriter(file, self._batches.schema, compression="zstd")

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows as one row group."""
        self._writer.write_batch(self._batches.of(rows))

    def copy(self, pieces: Path, start: int, end: int) -> None:
        """Write each batch between two positions as a row group."""
        with pieces.open("rb") as file:
            batches = import_module("pyarrow.ipc").open_file(file)
            for number in range(start, end):
                self._writer.write_batch(batches.get_batch(number))

    def close(self) -> None:
        """Write the footer, without which the file is not Parquet."""
        self._writer.close()


class ArrowWriter:
    """Batches of rows in Arrow's own format: pieces of Parquet."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column[Any]]) -> None:
        self._batches = _ArrowBatches(columns)
        self._writer = import_module("pyarrow.ipc").new_file(file, self._batches.schema)
        self.position = 0
        """Batches so far."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows as one batch."""
        self._writer.write_batch(self._batches.of(rows))
        self.position += 1

    def close(self) -> None:
        """Write the places of the batches."""
        self._writer.close()


def _metadata(column: Column[Any]) -> dict[str, str]:
    return {"meaning": column.meaning} | ({"unit": column.unit} if column.unit else {})


WRITERS: Mapping[str, Callable[[IO[bytes], Sequence[Column[Any]]], Writer]] = {
    "jsonl": JsonLinesWriter,
    "csv": CsvWriter,
    "parquet": ParquetWriter,
}
"""The writer for each format, by the ending of its files."""

PIECES: Mapping[str, Callable[[IO[bytes], Sequence[Column[Any]]], PieceWriter]] = {
    "jsonl": JsonLinesWriter,
    "csv": CsvWriter,
    "parquet": ArrowWriter,
}
"""The writer of pieces for each format."""
