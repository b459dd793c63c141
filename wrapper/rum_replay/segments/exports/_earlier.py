"""What earlier exports wrote, by the sums of what they read: a list beside the tables, a line for each session.

A line is added when the files of a session are in their places, so that an export which was ended goes on after what it
has done. It counts as long as all of its files are as they were then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

import attrs
import msgspec

from ..._errors import FileError
from ..._files import file_errors, open_regular
from ..._json import FAILURES
from ..._version import __version__

__all__ = ["FILE_NAME", "Earlier", "Written", "WrittenFile"]

FILE_NAME = "_rum_replay_export.manifest"
"""Its name and ending keep it out of what engines take for tables."""


class WrittenFile(msgspec.Struct, frozen=True, array_like=True):
    """A file of a table."""

    path: str
    """Below the folder of the export."""

    size: int
    modified: int
    """Nanoseconds of Unix time; at a URL, a number that is another one if the content is."""

    @classmethod
    def at(cls, path: Path, folder: Path) -> Self:
        """The file as it is now; one that is gone has the size -1, so that it never is as it was."""
        name = path.relative_to(folder).as_posix()
        try:
            status = path.stat()
        except FileNotFoundError:
            return cls(name, -1, 0)
        except OSError as error:
            raise FileError(
                f"{path} cannot be read: {error.strerror}", errno=error.errno, filename=str(path)
            ) from error
        return cls(name, status.st_size, status.st_mtime_ns)


class Written(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an export wrote of a session, or of everything."""

    sessions: frozenset[str | None]
    """All that were found; usually one."""

    files: tuple[WrittenFile, ...]
    """In the order in which they were written."""

    rows: dict[str, int]
    """By table."""

    reason: str | None = None
    """Why nothing was written, if that is known."""


class _Line(Written, frozen=True, kw_only=True):
    key: str
    parts: tuple[str, ...]
    """Sums of what was read, in hexadecimal."""


@attrs.define
class Earlier:
    """The list of one folder, for exports of one kind."""

    folder: Path
    kind: str
    """The format, and whether there is one file for each table."""

    _now: Callable[[str], WrittenFile]
    """Gives a file of a table, by its name below the folder, as it is now."""

    _places: dict[bytes, int] = attrs.field(factory=dict[bytes, int], init=False)
    """Where in the list a line begins, by its key."""

    together: Mapping[bytes, object] = attrs.field(factory=dict[bytes, object], init=False)
    """Sums of what was found to be of one session, as of `jobs_of`."""

    def __attrs_post_init__(self) -> None:
        together: dict[bytes, object] = {}
        place = 0
        for line in self._lines():
            if (known := _decoded(line)) is not None:
                self._places[bytes.fromhex(known.key)] = place
                if len(known.parts) > 1:
                    together |= dict.fromkeys(map(bytes.fromhex, known.parts), place)
            place += len(line)
        self.together = together

    def find(self, sum: bytes | None) -> Written | None:
        """What was written of a source with this sum, if all of it is there as it was."""
        place = None if sum is None else self._places.get(self._key(sum))
        if place is None:
            return None
        with file_errors(self._path, "read"), open_regular(self._path) as file:
            file.seek(place)
            known = _decoded(_first_line(iter(lambda: file.read(1 << 16), b"")))
        if known is None or any(self._now(one.path) != one for one in known.files):
            return None
        return known

    def note(self, sum: bytes | None, parts: Iterable[bytes], written: Written) -> None:
        """Add what was just written; nothing that was written earlier is taken back."""
        if sum is None:
            return
        line = _Line(
            key=self._key(sum).hex(),
            parts=tuple(part.hex() for part in parts),
            sessions=written.sessions,
            files=written.files,
            rows=written.rows,
            reason=written.reason,
        )
        with file_errors(self._path, "written"):
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                # What a line that was cut off lacks.
                file.write((b"\n" if self._is_cut() else b"") + msgspec.json.encode(line) + b"\n")

    @property
    def _path(self) -> Path:
        return self.folder / FILE_NAME

    def _key(self, sum: bytes) -> bytes:
        return hashlib.sha256(f"{__version__} {self.kind} ".encode() + sum).digest()[:16]

    def _lines(self) -> Iterable[bytes]:
        try:
            with self._path.open("rb") as file:
                yield from file
        except OSError:
            return  # what is wrong with it shows when something is written

    def _is_cut(self) -> bool:
        with self._path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 1))
            return file.read(1) not in (b"", b"\n")


def _first_line(chunks: Iterable[bytes]) -> bytes:
    line = bytearray()
    for chunk in chunks:
        end = chunk.find(b"\n")
        line += chunk if end < 0 else chunk[:end]
        if end >= 0:
            break
    return bytes(line)


def _decoded(line: bytes) -> _Line | None:
    """A line; None for one that was cut off, or is not ours."""
    try:
        known = msgspec.json.decode(line, type=_Line)
        bytes.fromhex(known.key + "".join(known.parts))
    except (*FAILURES, ValueError):
        return None
    is_within = all(one.path and not Path(one.path).is_absolute() and ".." not in one.path for one in known.files)
    return known if is_within else None
