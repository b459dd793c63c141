"""Rows as Parquet, by pyarrow; it is imported when the first file is begun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from types import ModuleType
from typing import IO, Any

from ..._errors import ConfigurationError
from ._columns import Column, ColumnType, Row

__all__ = ["ParquetWriter", "require_pyarrow"]


def require_pyarrow() -> ModuleType:
    """The package pyarrow; raises ConfigurationError where it is not installed."""
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        reason = str(error)
    raise ConfigurationError(f'Parquet needs pyarrow ({reason}): pip install "rum-replay[analysis]"')


class ParquetWriter:
    """A row group for each batch of rows, compressed by Zstandard; types, units and meanings in the schema."""

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
            [pyarrow.field(column.name, types[column.type], metadata=_described(column)) for column in columns]
        )
        self._writer = pyarrow.parquet.ParquetWriter(file, self._schema, compression="zstd")

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows as a row group."""
        columns = zip(*rows, strict=True)
        arrays = [
            self._pyarrow.array(values, type=field.type) for values, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_batch(self._pyarrow.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        """Write the footer, without which a Parquet file is none."""
        self._writer.close()


def _described(column: Column[Any]) -> dict[str, str]:
    return {"meaning": column.meaning} | ({"unit": column.unit} if column.unit else {})
