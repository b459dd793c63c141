"""`rum-replay segments export`: records, views and sessions as tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from ..commands import Command, Settings
from .sources import opened, sources_argument

if TYPE_CHECKING:
    from ...segments.exports import Format

__all__ = ["export"]


@click.command("export", cls=Command)
@sources_argument
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), required=True, help="The folder to fill.")
@click.option("--format", type=click.Choice(["jsonl", "csv", "parquet"]), default="parquet", show_default=True)
@click.pass_obj
def export(settings: Settings, *, sources: tuple[str, ...], folder: Path, format: str) -> None:
    """Export records, views and sessions as tables.

    SOURCE is a folder that `segments download` filled, any folder or file of segments, or - for standard input.

    Files stand in Hive partitions by application and day (UTC), for DuckDB, Polars, Spark and the like. Views and
    sessions that were exported before are replaced. Parquet needs: pip install "rum-replay[analysis]".
    """
    settings.refuse_target("segments export")
    from ...segments.exports import export as export_recordings

    done = export_recordings(map(opened, sources), folder, format=cast("Format", format))
    rows = ", ".join(f"{count} {table}" for table, count in done.rows.items())
    settings.output.done(
        f"{rows} in {len(done.files)} files in {folder}",
        {"folder": str(folder), "format": format, "rows": done.rows, "files": [str(file) for file in done.files]},
    )
