"""Files: written as a whole or not at all, and one kind of error for what the operating system refuses."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import IO

import attrs

from ._errors import FileError

__all__ = [
    "NewFile",
    "file_error",
    "file_errors",
    "flush_to_disk",
    "missing_folders",
    "new_file",
    "remove_empty_folders",
    "replacing",
]


def file_error(error: OSError, path: str | os.PathLike[str], action: str) -> FileError:
    """What to raise from an OSError: `PATH cannot be ACTION: REASON`; `action` is a participle such as `written`."""
    reason = error.strerror or str(error) or type(error).__name__
    return FileError(f"{os.fspath(path)} cannot be {action}: {reason}", errno=error.errno, filename=os.fspath(path))


@contextmanager
def file_errors(path: str | os.PathLike[str], action: str) -> Generator[None]:
    """Raise FileError for each OSError within; it names the path that the OSError names, or else `path`."""
    try:
        yield
    except FileError:
        raise  # explained where it occurred
    except OSError as error:
        named: object = error.filename
        raise file_error(error, named if isinstance(named, str) else path, action) from error


def missing_folders(folder: Path) -> list[Path]:
    """A folder and those above it that do not exist yet, innermost first; none if it cannot be found out."""
    with suppress(OSError):
        return list(takewhile(lambda path: not path.exists(), (folder, *folder.parents)))
    return []


def remove_empty_folders(made: list[Path]) -> None:
    """Remove the folders that `missing_folders` gave, if nothing but empty folders is in them; errors are ignored."""
    for path in made[:1]:
        for inner, _, _ in os.walk(path, topdown=False):
            with suppress(OSError):
                Path(inner).rmdir()
    for path in made[1:]:
        with suppress(OSError):
            path.rmdir()


def flush_to_disk(file: IO[bytes]) -> None:
    """Wait until everything that was written is on disk, and survives a power failure."""
    file.flush()
    os.fsync(file.fileno())


@attrs.define
class NewFile:
    """A file that is being written."""

    content: IO[bytes]
    path: Path
    """Where it is put once it is whole; may be changed until then, within the same file system."""


@contextmanager
def new_file(path: str | os.PathLike[str]) -> Generator[NewFile]:
    """A file to write, put in the place of its `path` once it is whole and on disk.

    At any time, even after a crash, that path is the old file or the new one. Raises FileError where it cannot be
    written; where anything is raised, the old file is as it was, and nothing is left beside it.
    """
    target = Path(path)
    if not target.name:  # `/`, `.` and the like
        raise FileError(f"{target} cannot be written: it is a folder", errno=errno.EISDIR, filename=str(target))
    # In the same folder, since only there is a rename atomic; hidden, and with an ending that nothing looks for.
    # Cut by bytes, of which file systems allow 255.
    beginning = os.fsencode(target.name)[:100].decode("utf-8", "ignore")
    unfinished = target.with_name(f".{beginning}-{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("xb") as file:
            new = NewFile(file, target)
            yield new
            target = new.path
            flush_to_disk(file)
        os.replace(unfinished, target)
    except FileError:
        raise
    except OSError as error:
        # The name of the unfinished file would say nothing to anybody.
        named = error.filename if isinstance(error.filename, str) and error.filename != str(unfinished) else target
        raise file_error(error, named, "written") from error
    finally:
        with suppress(OSError):  # it was never created, or renamed; in a folder that is gone nothing is left either
            unfinished.unlink()


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Generator[IO[bytes]]:
    """The content of a `new_file`, for a path that is known before."""
    with new_file(path) as new:
        yield new.content
