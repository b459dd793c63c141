"""Records and summaries as JSON lines, CSV and Parquet, for DuckDB, Polars, Spark, Dask and spreadsheets.

    from rum_replay import segments

    segments.export(segments.open("downloads/9d2c7a60"), "replays", format="parquet")

writes three tables, one file per view or session, in Hive partitions by application and day (UTC):

    replays/records/application_id=…/day=2026-11-21/….parquet     one row per record
    replays/views/application_id=…/day=2026-11-21/….parquet       one row per view
    replays/sessions/application_id=…/day=2026-11-21/….parquet    one row per session

`TABLES` lists all columns with their types, units and meanings; the schema of Parquet files has them too.
"""

from typing import Any

from ..._public import public, public_exports
from ._columns import Column, ColumnType, Table
from ._exporting import FORMATS, Export, Format, export
from ._record_table import RECORDS
from ._summary_tables import SESSIONS, VIEWS

__all__ = [
    "FORMATS",
    "RECORDS",
    "SESSIONS",
    "TABLES",
    "VIEWS",
    "Column",
    "ColumnType",
    "Export",
    "Format",
    "Table",
    "export",
]

TABLES: tuple[Table[Any], ...] = (RECORDS, VIEWS, SESSIONS)
"""All tables, each with its columns in order."""

public_exports(globals(), __all__, __name__)
public(Export, module="rum_replay.segments")
