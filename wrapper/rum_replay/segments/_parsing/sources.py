"""Where segments are read from: files, folders, downloads, pages, bytes, streams; each can be read again."""

from __future__ import annotations

import errno
import io
import os
import stat
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol, cast

import attrs

from ..._archive.layout import BESIDE_SEGMENTS
from ..._downloads import SegmentDownload
from ..._errors import FileError, InvalidRequestError, SegmentError
from ..._files import file_errors
from ..._manifest import Manifest, PageFile, holds_page, read_manifest
from ..._remote import LocalCopy, RemoteFile, RemotePlace, is_url
from ..._segment_pages import SegmentPage
from .multipart import boundary_of
from .window import Chunk

__all__ = ["Found", "ReadableSource", "Source", "checked_path", "error_at", "found_in", "segments_in", "sources_of"]

_STEP = 1 << 18
_LARGEST_COPY_IN_MEMORY = 8 << 20
_DEEPEST_LISTS = 32


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes: ...


ReadableSource = (
    str
    | os.PathLike[str]
    | bytes
    | bytearray
    | memoryview
    | SegmentDownload
    | SegmentPage
    | Readable
    | Iterable["object"]
)
"""A file, a folder, their URL, bytes, a download, one page, a binary stream, or several of these in a row."""


@attrs.frozen(kw_only=True, eq=False)
class Source:
    """Bytes that can be read from any offset, any number of times."""

    name: str
    """The file's name, or `bytes`, `page` or `stream`."""

    boundary: bytes | None
    """Of multipart, as stated by the headers of the answer."""

    file: Path | IO[bytes]
    copy: LocalCopy | None = None
    """The folder that the file is in, if it was copied here and is to be removed when nothing reads it any more."""

    def chunks(self, offset: int = 0) -> Iterator[Chunk]:
        """The bytes from an offset on; raises FileError if a file, SegmentError if a stream cannot be read."""
        if isinstance(self.file, Path):
            with file_errors(self.file, "read"), self.file.open("rb") as file:
                file.seek(offset)
                while data := file.read(_size_at(offset)):
                    yield Chunk(data, offset, exact=True)
                    offset += len(data)
        else:
            # Each read seeks, since several iterators may share the stream.
            while data := _read(self.file, offset):
                yield Chunk(data, offset, exact=True)
                offset += len(data)

    def size(self) -> int | None:
        """The number of bytes, as the file system or the stream states it; None if it does not."""
        with suppress(Exception):  # a stream may raise anything; whether it can be read shows later
            size: Any = self.file.stat().st_size if isinstance(self.file, Path) else self.file.seek(0, io.SEEK_END)
            return size if isinstance(size, int) else None
        return None

    def changed_error(self) -> FileError | SegmentError:
        """What to raise if the bytes are not those that were read before."""
        reason = "it is not what it was when it was first read; open it again"
        if isinstance(self.file, Path):
            return FileError(f"{self.file} cannot be read: {reason}", filename=str(self.file))
        return SegmentError(f"the {self.name} cannot be read: {reason}")


def sources_of(source: ReadableSource) -> list[Source]:
    """What there is to read, in order.

    Raises InvalidRequestError for what is not a source, FileError for files and folders that cannot be read, and
    SegmentError for streams that cannot be read, manifests that are not manifests, and pages that have changed since
    they were downloaded.
    """
    return list(_sources(source, 0))


def _sources(source: Any, depth: int) -> Iterator[Source]:
    if isinstance(source, SegmentDownload):
        yield from _pages(source.directory, source.pages)
    elif isinstance(source, SegmentPage):
        yield _bytes(source.content, "page", source.content_type)
    elif isinstance(source, bytes | bytearray | memoryview):
        yield _bytes(bytes(cast("bytes", source)), "bytes", None)
    elif is_url(source):
        yield from _remote(source)
    elif isinstance(source, str | os.PathLike):
        yield from _path(cast("str | os.PathLike[str]", source))
    elif hasattr(source, "read") and not isinstance(source, type):
        yield _stream(cast("IO[bytes]", source))
    elif isinstance(source, Iterable) and depth < _DEEPEST_LISTS:
        for item in cast("Iterable[object]", source):
            yield from _sources(item, depth + 1)
    else:
        kind = f"lists nested {depth} deep" if depth == _DEEPEST_LISTS else type(cast("object", source)).__name__
        raise InvalidRequestError(
            f"segments cannot be read from {kind}; give a file, a folder, bytes, a download, "
            "a page, a binary stream, or a list of these"
        )


def _bytes(content: bytes, name: str, content_type: str | None) -> Source:
    return Source(name=name, boundary=boundary_of(content_type), file=io.BytesIO(content))


def _remote(url: str) -> Iterator[Source]:
    """What is at a URL, copied to a temporary folder that the sources keep."""
    place, copy = RemotePlace(url), LocalCopy.new()
    place.copy(segments_in(place.files()), copy.path)
    try:
        for source in _folder(copy.path):
            yield attrs.evolve(source, copy=copy)
    except (FileError, SegmentError) as error:
        raise error_at(place, copy, error) from error


def segments_in(files: Iterable[RemoteFile]) -> list[RemoteFile]:
    """The files that may have segments: in an archive, not all do."""
    return [file for file in files if file.name.rpartition("/")[2] not in BESIDE_SEGMENTS]


def error_at(place: RemotePlace, copy: LocalCopy, error: FileError | SegmentError) -> FileError | SegmentError:
    """An error about a copy as one about the place that it is a copy of."""
    message = str(error).replace(str(copy.path), place.shown)
    if isinstance(error, FileError):
        return FileError(message, errno=error.errno, filename=place.shown)
    return SegmentError(message)


def _path(given: str | os.PathLike[str]) -> Iterator[Source]:
    path = checked_path(given)
    return _folder(path) if stat.S_ISDIR(_mode(path)) else iter([_file(path, None)])


def checked_path(given: object) -> Path:
    """The path of a file or folder, which need not exist; raises InvalidRequestError for what cannot be one."""
    if given == "":
        raise InvalidRequestError("the path is empty; give '.' to read the current folder")
    try:
        path = Path(cast("str", given))
        with suppress(OSError):
            path.stat()
    except (TypeError, ValueError) as error:
        raise InvalidRequestError(f"{given!r:.80} is not a path: {error}") from error
    return path


def _mode(path: Path) -> int:
    with file_errors(path, "read"):
        return path.stat().st_mode


def _file(path: Path, content_type: str | None) -> Source:
    mode = _mode(path)
    if not stat.S_ISREG(mode):
        reason = "it is a folder" if stat.S_ISDIR(mode) else "it is not a regular file; open it and pass the stream"
        number = errno.EISDIR if stat.S_ISDIR(mode) else None
        raise FileError(f"{path} cannot be read: {reason}", errno=number, filename=str(path))
    return Source(name=path.name, boundary=boundary_of(content_type), file=path)


def _folder(folder: Path) -> Iterator[Source]:
    for found in found_in(folder):
        if found.error is not None:
            raise found.error
        if found.manifest is None:  # a regular file
            yield Source(name=found.path.name, boundary=None, file=found.path)
        else:
            yield from _pages(found.path, found.manifest.pages)


@attrs.frozen
class Found:
    """What a folder holds: a file, or a folder that is a download, or one that cannot be read."""

    path: Path
    manifest: Manifest | None = None
    error: FileError | SegmentError | None = None


def found_in(folder: Path) -> Iterator[Found]:
    """All files in a folder and in the folders below, by name; a download as a whole, with its manifest.

    Links to folders are not followed, since they may form circles.
    """
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        try:
            manifest = read_manifest(folder)
            if manifest is not None:
                yield Found(folder, manifest)
                continue
            with file_errors(folder, "read"):
                entries = sorted(folder.iterdir())
            modes = [_mode_in_folder(path) for path in entries]
        except (FileError, SegmentError) as error:
            yield Found(folder, error=error)
            continue
        yield from (Found(path) for path, mode in zip(entries, modes, strict=True) if stat.S_ISREG(mode))
        folders = [path for path, mode in zip(entries, modes, strict=True) if stat.S_ISDIR(mode)]
        waiting += [path for path in reversed(folders) if not path.is_symlink()]


def _mode_in_folder(path: Path) -> int:
    if path.name in BESIDE_SEGMENTS:
        return 0  # no segments, in the folders of an archive
    try:
        return _mode(path)
    except FileError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP):
            return 0  # a link that leads nowhere
        raise


def _pages(folder: Path, pages: Iterable[PageFile]) -> Iterator[Source]:
    for page in pages:
        path = folder / page.file
        source = _file(path, page.headers.get("content-type"))
        if not holds_page(path, page):
            raise SegmentError(
                f"{path} is not the page that the manifest lists: its size or its SHA-256 is another; "
                "download it again, or give the file itself to read it as it is"
            )
        yield source


def _stream(stream: IO[bytes]) -> Source:
    """A stream that can seek is read in place; any other is copied, to a temporary file if it exceeds 8 MiB."""
    if _can_seek(stream):
        return Source(name="stream", boundary=None, file=stream)
    copy = cast("IO[bytes]", tempfile.SpooledTemporaryFile(_LARGEST_COPY_IN_MEMORY))  # noqa: SIM115 - closed with `source`
    source = Source(name="stream", boundary=None, file=copy)
    weakref.finalize(source, copy.close)  # which is when nothing reads it any more
    while data := _read(stream):
        with file_errors(tempfile.gettempdir(), "written"):
            copy.write(data)
    return source


def _can_seek(stream: IO[bytes]) -> bool:
    seekable: Any = getattr(stream, "seekable", None)
    try:
        return seekable is not None and bool(seekable())
    except Exception as error:
        raise _stream_error(error) from error


def _read(stream: IO[bytes], offset: int | None = None) -> bytes:
    # A stream may be anything with a method `read`, and may raise anything.
    try:
        if offset is not None:
            stream.seek(offset)
        data: Any = stream.read(_size_at(offset or 0))
    except Exception as error:
        raise _stream_error(error) from error
    if isinstance(data, bytes):
        return data
    if isinstance(data, bytearray | memoryview):
        return bytes(cast("bytearray", data))
    raise SegmentError(
        f"the stream cannot be read: it gives {type(data).__name__} instead of bytes; open it in binary mode"
    )


def _size_at(offset: int) -> int:
    """How much to read: chunks end at the same offsets wherever reading starts, so what follows damage is the same."""
    return _STEP - offset % _STEP


def _stream_error(error: Exception) -> SegmentError:
    return SegmentError(f"the stream cannot be read: {str(error) or type(error).__name__}")
