"""Files: written as a whole or not at all, never through a planted link, with one kind of error for all that fails.

Content goes into an unfinished file in the same folder: created exclusively under a random name, so that nothing that
was put there before can be opened, flushed to disk, and renamed to where it belongs, which replaces a link instead of
following it. The process that writes it holds its lock. A process that is killed leaves it behind without a lock, and
the next one that writes the same file removes it.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from io import FileIO
from itertools import takewhile
from pathlib import Path
from typing import IO, Self, cast

import attrs

from ._errors import FileError

__all__ = [
    "NewFile",
    "Unfinished",
    "file_error",
    "file_errors",
    "flush_to_disk",
    "lock",
    "missing_folders",
    "new_file",
    "open_regular",
    "remove_empty_folders",
    "remove_leftovers",
    "remove_unfinished",
    "replacing",
]

_READER_TIMEOUT = 5.0
"""Seconds in which another program must open a named pipe that is written to."""

_KINDS = {
    stat.S_IFDIR: "it is a folder",
    stat.S_IFIFO: "it is a named pipe",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFCHR: "it is a device",
    stat.S_IFBLK: "it is a device",
}
# Missing on Windows: O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_CLOEXEC. Missing elsewhere: O_BINARY.
_FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NOFOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
_NONBLOCK: int = getattr(os, "O_NONBLOCK", 0)
_NOCTTY: int = getattr(os, "O_NOCTTY", 0)


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


def open_regular(path: str | os.PathLike[str]) -> FileIO:
    """Open a regular file for reading, unbuffered; a named pipe or a device would make the reader wait forever.

    Raises OSError for anything else.
    """
    descriptor = os.open(path, os.O_RDONLY | _NONBLOCK | _NOCTTY | _FLAGS)
    try:
        _check_regular(os.fstat(descriptor))
    except OSError:
        os.close(descriptor)
        raise
    return FileIO(descriptor, "rb")


def _check_regular(status: os.stat_result) -> None:
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        number = errno.EISDIR if kind == stat.S_IFDIR else errno.EINVAL
        raise OSError(number, f"{_KINDS.get(kind, 'it is something else')}, not a regular file")


def lock(descriptor: int) -> bool | None:
    """Take the lock of an open file; it ends with the process. False if another has it, None if there are no locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None  # a file system without locks, such as some that are shared over a network
    return True


_unfinished: set[tuple[int, Path]] = set()
"""The ids of processes, and what they have not finished: a process that was forked has the names of another."""


@attrs.define
class Unfinished:
    """A file that is not yet where it belongs."""

    content: IO[bytes]
    """May be read as well."""

    path: Path | None
    """None once it was put in its place or discarded."""

    @classmethod
    def beside(cls, target: Path, buffering: int = -1) -> Self:
        """A new one in the folder of a target; raises OSError, also if the target is there and not a regular file.

        buffering: as of `open`.
        """
        with _naming(target):
            mode = 0o666 if _replaceable(target) is None else 0o600
            while True:
                path = target.with_name(f".{_cut(target.name)}-{secrets.token_hex(8)}.part")
                _unfinished.add((os.getpid(), path))
                try:
                    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NOFOLLOW | _FLAGS, mode)
                except OSError:
                    _unfinished.discard((os.getpid(), path))
                    raise
                file = cls(cast("IO[bytes]", os.fdopen(descriptor, "w+b", buffering)), path)
                # Between its creation and this lock, another process may have taken it for a leftover.
                if lock(descriptor) is not False and os.fstat(descriptor).st_nlink:
                    return file
                file.content.close()
                _unfinished.discard((os.getpid(), path))

    def put(self, target: Path) -> None:
        """Flush it to disk and replace the target, whose owner, group and permissions are kept where possible.

        The file stays open. Raises OSError, also if the target is not a regular file; a link is replaced.
        """
        assert self.path is not None
        with _naming(target):
            old = _replaceable(target)
            if old is not None:
                _keep_owner_and_mode(self.content.fileno(), old)
            flush_to_disk(self.content)
            if sys.platform == "win32":
                self.content.close()  # it lets nobody rename an open file
            os.replace(self.path, target)
            self._forget()

    def discard(self) -> None:
        """Close it, and delete it unless it was put in its place."""
        with suppress(OSError):  # in a folder that is gone nothing is left either
            if self.path is not None and sys.platform != "win32":
                self.path.unlink()
        with suppress(OSError):  # what is left is written only now, and there may be no room for it
            self.content.close()
        with suppress(OSError):
            if self.path is not None and sys.platform == "win32":
                self.path.unlink()
        self._forget()

    def _forget(self) -> None:
        if self.path is not None:
            _unfinished.discard((os.getpid(), self.path))
        self.path = None


def remove_unfinished() -> None:
    """Delete everything that this process has not finished, since it is about to end in the middle of it."""
    for process, path in list(_unfinished):
        if process == os.getpid():
            with suppress(OSError):
                path.unlink()


@contextmanager
def _naming(target: Path) -> Generator[None]:
    """Let each OSError name the target: the name of its unfinished file would say nothing to anybody."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(target), None
        raise


def _cut(name: str) -> str:
    """The beginning of a name. By bytes, of which file systems allow 255 in a name."""
    return os.fsencode(name)[:100].decode("utf-8", "ignore")


def _replaceable(target: Path) -> os.stat_result | None:
    """The regular file that would be replaced; None if there is none, or a link. Raises OSError for anything else."""
    try:
        status = target.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISLNK(status.st_mode):
        return None
    _check_regular(status)
    return status


def _keep_owner_and_mode(descriptor: int, old: os.stat_result) -> None:
    if sys.platform == "win32":
        return
    mode, new = old.st_mode & 0o777, os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(descriptor, old.st_uid, old.st_gid)
        except OSError:
            try:
                os.fchown(descriptor, -1, old.st_gid)
            except OSError:
                mode = mode & 0o707 | (mode & 0o007) << 3  # another group may do what everybody may
    with suppress(OSError):  # some file systems have no permissions
        os.fchmod(descriptor, mode)


def remove_leftovers(folder: Path, names: str) -> None:
    """Delete unfinished files that killed processes of this user left in a folder.

    names: a regular expression for the names of the files that they were to become.
    """
    unfinished: list[os.DirEntry[str]] = []
    with suppress(OSError), os.scandir(folder) as entries:  # a folder that cannot be used is reported by its user
        unfinished = [entry for entry in entries if entry.name.endswith(".part")]
    # Compiling the expression takes longer than everything else, and there is nearly never anything to match.
    name = re.compile(rf"\.({names})-[0-9a-f]{{16}}\.part") if unfinished else None
    for entry in unfinished:
        if name is not None and name.fullmatch(entry.name):
            _remove_leftover(entry.path)


def _remove_leftover(path: str) -> None:
    if sys.platform == "win32":
        return  # there are no locks to know them by
    with suppress(OSError):  # gone meanwhile, or not ours
        descriptor = os.open(path, os.O_RDONLY | _NOFOLLOW | _NONBLOCK | _FLAGS)
        try:
            status = os.fstat(descriptor)
            is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and status.st_nlink == 1
            if is_ours and lock(descriptor):
                Path(path).unlink()
        finally:
            os.close(descriptor)


@attrs.define
class NewFile:
    """A file that is being written."""

    content: IO[bytes]
    path: Path
    """Where it is put once it is whole; may be changed until then, within the same file system."""


@contextmanager
def new_file(path: str | os.PathLike[str]) -> Generator[NewFile]:
    """A file to write, put in the place of its `path` once it is whole and on disk.

    At any time, even after a crash, that path is the old file or the new one. A link there is replaced, and what it
    leads to stays as it is. Raises FileError where it cannot be written, and where something else than a file or link
    is; where anything is raised, the old file is as it was, and nothing is left beside it.
    """
    target = Path(path)
    if not target.name:  # `/`, `.` and the like
        raise FileError(f"{target} cannot be written: it is a folder", errno=errno.EISDIR, filename=str(target))
    remove_leftovers(target.parent, re.escape(_cut(target.name)))
    with file_errors(target, "written"):
        unfinished = Unfinished.beside(target)
        try:
            new = NewFile(unfinished.content, target)
            yield new
            unfinished.put(new.path)
        finally:
            unfinished.discard()


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Generator[IO[bytes]]:
    """The content of a file whose path a person chose; written as `new_file` does, with these differences.

    A link is followed, as editors and `cp` do: it stays, and the file that it leads to is replaced. A device, a named
    pipe, and a descriptor such as /dev/stdout are written to as the content comes. Raises FileError as well if nobody
    opens a named pipe for reading within five seconds.
    """
    target = Path(path)
    with file_errors(target, "written"):
        descriptor = _descriptor_of(target)
        if descriptor is None and target.is_symlink():
            target = Path(os.path.realpath(target))
    if descriptor is None:
        with new_file(target) as new:
            yield new.content
        return
    content = os.fdopen(descriptor, "wb")
    try:
        with file_errors(target, "written"):
            yield content
            content.flush()
    finally:
        with suppress(OSError):  # closing writes what is left, and fails again
            content.close()


_OPEN_DESCRIPTOR = re.compile(r"/dev/std(in|out|err)|/(?:dev|proc/self)/fd/(\d{1,9})")


def _descriptor_of(target: Path) -> int | None:
    """What to write to if the target is there and neither a regular file nor a folder; raises OSError."""
    if sys.platform == "win32":
        return None
    if match := _OPEN_DESCRIPTOR.fullmatch(str(target)):
        # Not opened anew: that would fail for sockets, and begin again at the start of a file.
        return os.dup(int(match[2]) if match[2] else ("in", "out", "err").index(match[1]))
    try:
        kind = stat.S_IFMT(target.stat().st_mode)
    except FileNotFoundError:
        return None
    if kind in (stat.S_IFREG, stat.S_IFDIR):
        return None
    if kind == stat.S_IFSOCK:
        raise OSError(errno.EINVAL, _KINDS[kind])
    # Without waiting, since a named pipe that nobody reads could be waited for forever.
    patience = time.monotonic() + _READER_TIMEOUT
    while True:
        try:
            descriptor = os.open(target, os.O_WRONLY | _NONBLOCK | _NOCTTY | _FLAGS)
        except OSError as error:
            if error.errno != errno.ENXIO or kind != stat.S_IFIFO:
                raise
            if time.monotonic() > patience:
                reason = f"it is a named pipe that nobody opened for reading within {_READER_TIMEOUT:g} s"
                raise OSError(errno.ENXIO, reason) from None
            time.sleep(0.01)
        else:
            os.set_blocking(descriptor, True)
            return descriptor
