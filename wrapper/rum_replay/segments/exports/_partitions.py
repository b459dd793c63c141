"""Where files of a data set stand, and how one is replaced as a whole.

    records/application_id=<id>/day=<YYYY-MM-DD>/<view id>-<digest>.parquet
    views/application_id=<id>/day=<YYYY-MM-DD>/<view id>-<digest>.parquet
    sessions/application_id=<id>/day=<YYYY-MM-DD>/<session id>-<digest>.parquet

The folders are Hive partitions: engines read `application_id` and `day` from them as columns. Ids come from
recordings, and whatever they hold, what becomes of them is letters, digits, `-`, `_` and `%`.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote

import attrs

from ..._errors import SegmentError

__all__ = ["Dataset", "NewFile", "file_stem", "partition"]

_NOT_STATED = "__HIVE_DEFAULT_PARTITION__"
"""What Hive, Spark and DuckDB read as null."""

_LONGEST_VALUE = 120
_LONGEST_NAME = 60


def partition(application_id: str | None, day: str | None) -> str:
    """The folder of a partition, relative to its table's. An id too long for a file name becomes its SHA-256."""
    return f"application_id={_value(application_id)}/day={_value(day)}"


def file_stem(*ids: str | None) -> str:
    """A file's name without its ending, from what it is about: the last id, and a digest of all of them.

    The digest keeps apart what a file system would not: upper and lower case, and ids that are cut.
    """
    digest = hashlib.sha256(repr(ids).encode()).hexdigest()[:16]
    encoded = _encoded(ids[-1] or "")
    if len(encoded) > _LONGEST_NAME:
        encoded = encoded[:_LONGEST_NAME].rsplit("%", 1)[0] if "%" in encoded else encoded[:_LONGEST_NAME]
    return f"{encoded}-{digest}"


def _value(text: str | None) -> str:
    if not text:
        return _NOT_STATED
    encoded = _encoded(text)
    return encoded if len(encoded) <= _LONGEST_VALUE else f"sha256-{hashlib.sha256(text.encode()).hexdigest()}"


def _encoded(text: str) -> str:
    return quote(text, safe="").replace(".", "%2E").replace("~", "%7E")


@attrs.define
class NewFile:
    """A file that is being written. Say its partition before it ends."""

    content: IO[bytes]
    path: Path
    """Where it stands once it is whole, after the partition is known."""

    partition: str = ""


@attrs.frozen
class Dataset:
    """A folder of tables whose files are written whole or not at all."""

    folder: Path
    ending: str

    @contextmanager
    def new_file(self, table: str, stem: str) -> Generator[NewFile]:
        """A file to write; put in its place at the end, instead of all files of that name in any partition.

        Raises SegmentError where it cannot be written.
        """
        name = f"{stem}.{self.ending}"
        folder = self.folder / table
        # No pattern that looks for data finds it.
        unfinished = folder / f".{uuid.uuid4().hex}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with unfinished.open("xb") as content:
                new = NewFile(content, unfinished)
                yield new
            new.path = folder / new.partition / name
            new.path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(unfinished, new.path)
            for old in folder.glob(f"application_id=*/day=*/{name}"):
                if old != new.path:
                    old.unlink()
        except OSError as error:
            reason = error.strerror or str(error)
        else:
            return
        finally:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
        raise SegmentError(f"{folder} cannot be written to: {reason}")
