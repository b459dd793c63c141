"""Where the files of a data set are.

    records/application_id=<id>/day=<YYYY-MM-DD>/<view id>-<digest>.parquet
    views/application_id=<id>/day=<YYYY-MM-DD>/<view id>-<digest>.parquet
    sessions/application_id=<id>/day=<YYYY-MM-DD>/<session id>-<digest>.parquet

The folders are Hive partitions: engines read `application_id` and `day` from them as columns. Ids come from
recordings and may hold anything; in paths they consist of letters, digits, `-`, `_` and `%`. Capital letters of an
application's id are encoded too: file systems that ignore case would put two applications into one folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from string import ascii_uppercase
from urllib.parse import quote

import attrs

from ..._files import NewFile, file_errors, new_file

__all__ = ["Dataset", "file_stem", "partition"]

_NOT_STATED = "__HIVE_DEFAULT_PARTITION__"
"""What Hive, Spark and DuckDB read as null."""

_MAX_VALUE_LENGTH = 120
_MAX_NAME_LENGTH = 60


def partition(application_id: str | None, day: str | None) -> str:
    """The folder of a partition, relative to its table's. An id too long for a file name becomes its SHA-256."""
    return f"application_id={_value(application_id)}/day={_value(day)}"


def file_stem(*ids: str | None) -> str:
    """A file's name without its ending: the last of the ids that identify its content, and a digest of all of them.

    The digest keeps apart what a file system would not: upper and lower case, and ids that are cut.
    """
    digest = hashlib.sha256(repr(ids).encode()).hexdigest()[:16]
    encoded = _encoded(ids[-1] or "")
    if len(encoded) > _MAX_NAME_LENGTH:
        encoded = encoded[:_MAX_NAME_LENGTH].rsplit("%", 1)[0] if "%" in encoded else encoded[:_MAX_NAME_LENGTH]
    return f"{encoded}-{digest}"


def _value(text: str | None) -> str:
    if not text:
        return _NOT_STATED
    encoded = "".join(f"%{ord(one):X}" if one in ascii_uppercase else _encoded(one) for one in text)
    return encoded if len(encoded) <= _MAX_VALUE_LENGTH else f"sha256-{hashlib.sha256(text.encode()).hexdigest()}"


def _encoded(text: str) -> str:
    return quote(text, safe="").replace(".", "%2E").replace("~", "%7E")


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
