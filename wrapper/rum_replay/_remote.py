"""Places that fsspec reaches, such as `s3://bucket/archive`: their files are listed, copied here, and copied there.

What is read is copied to a temporary folder first, since it is read several times. fsspec and the package for the kind
of place are only imported for URLs. Which account is used, and at which endpoint, is configured as for fsspec.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, TypeGuard
from urllib.parse import urlsplit

import attrs

from ._errors import ConfigurationError, FileError, InvalidRequestError
from ._extras import install_command
from ._files import file_errors

__all__ = ["LocalCopy", "RemoteFile", "RemotePlace", "is_url"]

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
"""A scheme of one letter is a drive of Windows."""

_UNSAFE_NAME = re.compile(r'[\\:*?"<>|\x00-\x1f]' if os.name == "nt" else r"\x00")


def is_url(place: object) -> TypeGuard[str]:
    """Whether a place is none of this machine's files and folders, but a URL."""
    return isinstance(place, str) and _URL.match(place) is not None


@attrs.frozen
class RemoteFile:
    """A file of a place, as its list has it."""

    name: str
    """Below the place, with `/`; the last part of the URL if the place is this file itself."""

    size: int
    """Bytes; -1 if the place does not say."""

    version: bytes
    """Another one as soon as the content is another, as far as the place knows."""

    path: str = attrs.field(repr=False)
    """For fsspec."""


@attrs.define(eq=False)
class LocalCopy:
    """A temporary folder, which is removed when nothing needs this object any more."""

    path: Path

    def __attrs_post_init__(self) -> None:
        weakref.finalize(self, _remove, str(self.path), os.getpid())

    @classmethod
    def new(cls) -> LocalCopy:
        """An empty one; raises FileError."""
        with file_errors(tempfile.gettempdir(), "written"):
            return cls(Path(tempfile.mkdtemp(prefix="rum-replay-")))

    def __reduce__(self) -> tuple[object, ...]:
        return type(None), ()  # other processes read the files; this one removes them


def _remove(path: str, process: int) -> None:
    if os.getpid() == process:  # and not one that was forked
        shutil.rmtree(path, ignore_errors=True)


class RemotePlace:
    """A file or folder at a URL.

    Making one raises InvalidRequestError for a URL that cannot be one, and ConfigurationError if the package for its
    kind is not installed. All methods raise FileError, whatever fsspec raises; its text is without credentials.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/") if not _URL.fullmatch(url) else url
        self.shown = _without_credentials(self.url)
        self._system, self.path = _connected(self.url, self.shown)
        """A file system of fsspec, which has no types."""

    def files(self, *, may_be_missing: bool = False) -> list[RemoteFile]:
        """All files below, folder by folder: first those in a folder, then its folders, each by name."""
        with self._errors("read"):
            self._system.invalidate_cache()
            found: dict[str, dict[str, Any]] = self._system.find(self.path, detail=True)
            if not found and not may_be_missing and not self._system.isdir(self.path):
                raise FileNotFoundError(2, "there is no such file or folder")
            files = [self._file(path, details) for path, details in found.items()]
        return sorted((file for file in files if file is not None), key=lambda file: _place_in_order(file.name))

    def url_of(self, name: str) -> str:
        """The URL of a file or folder below."""
        return f"{self.url}/{name}" if name else self.url

    def copy(self, files: Iterable[RemoteFile], folder: Path) -> None:
        """Copy files into a folder here, under their names; several at a time."""
        pairs = [(file.path, str(_target(folder, file.name, self.shown))) for file in files]
        with self._errors("read"):
            for _, target in pairs:
                Path(target).parent.mkdir(parents=True, exist_ok=True)
            if pairs:
                self._system.get([path for path, _ in pairs], [target for _, target in pairs])

    @contextmanager
    def reading(self) -> Generator[Any]:
        """The content of the file at the URL, as a binary stream."""
        with self._errors("read"), self._system.open(self.path, "rb") as file:
            yield file

    def put(self, names: Sequence[str], folder: Path) -> list[RemoteFile]:
        """Copy files from a folder here to the same names below; says what they are there."""
        paths = [self._path_of(name) for name in names]
        with self._errors("written"):
            for path in paths:
                self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
            if paths:
                self._system.put([str(folder / name) for name in names], paths)
            self._system.invalidate_cache()
            there = [self._file(path, self._system.info(path)) for path in paths]
        return [file for file in there if file is not None]

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; those that are gone are fine."""
        with self._errors("written"):
            for name in names:
                try:
                    self._system.rm_file(self._path_of(name))
                except FileNotFoundError:
                    continue

    def _path_of(self, name: str) -> str:
        return f"{self.path.rstrip('/')}/{name}"

    def _file(self, path: str, details: dict[str, Any]) -> RemoteFile | None:
        name = path.removeprefix(self.path.rstrip("/")).lstrip("/") or self.path.rpartition("/")[2]
        if details.get("type") == "directory" or path.endswith("/"):
            return None
        size: Any = details.get("size")
        known: Any = next((details[name] for name in _VERSIONS if details.get(name)), None)
        # Lists of files and answers about one of them have a time in different zones.
        stated = known.timestamp() if isinstance(known, datetime) else known
        version = hashlib.sha256(f"{size} {stated}".encode()).digest()
        return RemoteFile(name, size if isinstance(size, int) else -1, version, path)

    @contextmanager
    def _errors(self, action: str) -> Generator[None]:
        try:
            yield
        except (FileError, InvalidRequestError):
            raise
        except Exception as error:  # noqa: BLE001 - the packages of fsspec raise anything
            number = error.errno if isinstance(error, OSError) else None
            message = f"{self.shown} cannot be {action}: {_reason(error)}"
            # What the exceptions and frames below this say of URLs and accounts is not known.
            raise FileError(message, errno=number, filename=self.shown) from None


_VERSIONS = ("ETag", "etag", "md5Hash", "content_md5", "mtime", "LastModified", "last_modified", "created")
"""What file systems of fsspec say about the content, each under its own name; the first counts."""


def _connected(url: str, shown: str) -> tuple[Any, str]:
    """The file system for a URL, and the path in it."""
    if "::" in url:
        raise InvalidRequestError(f"{shown} is several URLs in one, which is not supported: give the one of the files")
    problem: InvalidRequestError | ConfigurationError
    try:
        url_to_fs: Any = import_module("fsspec.core").url_to_fs  # it has no types
        connected: tuple[Any, str] = url_to_fs(url)
    except ImportError as error:
        if error.name == "fsspec":
            problem = ConfigurationError(f"{shown} needs the extra `remote`: {install_command('remote')}")
        else:  # fsspec says which package it needs for this kind of place
            problem = ConfigurationError(f"{shown} cannot be used: {_reason(error)}")
    except Exception as error:  # noqa: BLE001 - the packages of fsspec raise anything
        problem = InvalidRequestError(f"{shown} cannot be used: {_reason(error)}")
    else:
        return connected
    raise problem


def _reason(error: Exception) -> str:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return " ".join(reason.split())[:300]


def _without_credentials(url: str) -> str:
    """A URL without a user, a password and a query, which may be a signature."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _place_in_order(name: str) -> list[tuple[bool, str]]:
    *folders, last = name.split("/")
    return [*((True, folder) for folder in folders), (False, last)]


def _target(folder: Path, name: str, shown: str) -> Path:
    """Where to copy a file; raises FileError for a name that would lead elsewhere."""
    parts = name.split("/")
    if any(part in ("", ".", "..") or _UNSAFE_NAME.search(part) for part in parts):
        message = f"{shown} cannot be read: it has the file {name!r:.200}, which cannot have this name here"
        raise FileError(message, filename=shown)
    return folder.joinpath(*parts)
