"""Where the files of a data set are.

    records/application_id=<id>/day=<YYYY-MM-DD>/<view id>-<digest>.parquet
    views/application_id=<id>/day=<YYYY-MM-DD>/<view id>-<digest>.parquet
    sessions/application_id=<id>/day=<YYYY-MM-DD>/<session id>-<digest>.parquet

The folders are Hive partitions: engines read `application_id` and `day` from them as columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import attrs

from ..._files import NewFile, file_errors, new_file
from ..._hive import encoded, partition

__all__ = ["Dataset", "file_stem", "partition"]

_MAX_NAME_LENGTH = 60


def file_stem(*ids: str | None) -> str:
    """A file's name without its ending: the last of the ids that identify its content, and a digest of all of them.

    The digest keeps apart what a file system would not: upper and lower case, and ids that are cut.
    """
    digest = hashlib.sha256(repr(ids).encode()).hexdigest()[:16]
    name = encoded(ids[-1] or "")
    if len(name) > _MAX_NAME_LENGTH:
        name = name[:_MAX_NAME_LENGTH].rsplit("%", 1)[0] if "%" in name else name[:_MAX_NAME_LENGTH]
    return f"{name}-{digest}"


@attrs.frozen
class Dataset:
    """A folder of tables whose files are written whole or not at all."""

    folder: Path
    ending: str

    @contextmanager
    def new_file(self, table: str, stem: str) -> Generator[NewFile]:
        """A file to write; when it is whole, it replaces all files of that name in any partition of the table.

        Its partition may be known only after its content, so the caller sets `path` to one that `path_in` gives.
        Raises FileError if it cannot be written.
        """
        name = f"{stem}.{self.ending}"
        folder = self.folder / table
        with file_errors(folder, "written"):
            folder.mkdir(parents=True, exist_ok=True)
            with new_file(folder / name) as new:
                yield new
                new.path.parent.mkdir(parents=True, exist_ok=True)
            for old in folder.glob(f"application_id=*/day=*/{name}"):
                if old != new.path:
                    old.unlink(missing_ok=True)  # another process may write the same view

    def path_in(self, partition: str, table: str, stem: str) -> Path:
        """Where a file of a table belongs."""
        return self.folder / table / partition / f"{stem}.{self.ending}"
