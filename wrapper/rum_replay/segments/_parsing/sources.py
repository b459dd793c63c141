"""Where segments are read from: files, folders, downloads, pages, bytes, streams; each can be read again."""

from __future__ import annotations

import io
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Protocol, cast

import attrs

from ... import _manifest
from ..._downloads import SegmentDownload
from ..._errors import SegmentError
from ..._manifest import PageFile
from ..._segment_pages import SegmentPage
from .multipart import boundary_of
from .window import Piece

__all__ = ["ReadableSource", "Source", "sources_of"]

_STEP = 1 << 18
_IN_MEMORY = 8 << 20


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
"""A file, a folder, bytes, a download, one page, a binary stream, or several of these in a row."""


@attrs.frozen(kw_only=True)
class Source:
    """Bytes that can be read from any offset, any number of times."""

    name: str
    """The file's name, or `bytes`, `page` or `stream`."""

    boundary: bytes | None
    """Of multipart, as the answer's headers state it."""

    file: Path | IO[bytes]

    def pieces(self, offset: int = 0) -> Iterator[Piece]:
        """Its bytes from an offset on; raises SegmentError where they cannot be read."""
        reason = ""
        try:
            yield from self._pieces(offset)
        except (OSError, TypeError, ValueError) as error:  # ValueError: the stream was closed meanwhile
            reason = str(error)
            if isinstance(error, SegmentError):
                raise
        if reason:
            raise SegmentError(f"{self.name} cannot be read: {reason}")

    def _pieces(self, offset: int) -> Iterator[Piece]:
        if isinstance(self.file, Path):
            with self.file.open("rb") as file:
                yield from _steps(file, offset)
        else:
            yield from _steps(self.file, offset)


def _steps(file: IO[bytes], offset: int) -> Iterator[Piece]:
    while True:
        # Sought each time: several readings may share a stream.
        file.seek(offset)
        data = bytes(memoryview(file.read(_STEP)))  # which refuses text
        if not data:
            return
        yield Piece(data, offset, exact=True)
        offset += len(data)


def sources_of(source: ReadableSource) -> list[Source]:
    """What there is to read, in order; raises SegmentError for what is no source."""
    if isinstance(source, SegmentDownload):
        return _pages(source.directory, source.pages)
    if isinstance(source, SegmentPage):
        return [_bytes(source.content, "page", source.content_type)]
    if isinstance(source, bytes | bytearray | memoryview):
        return [_bytes(bytes(source), "bytes", None)]
    if isinstance(source, str | os.PathLike):
        return _path(Path(source))
    if hasattr(source, "read"):
        return [_stream(cast("IO[bytes]", source))]
    if isinstance(source, Iterable):
        return [one for several in source for one in sources_of(cast("ReadableSource", several))]
    raise SegmentError(f"segments cannot be read from {type(source).__name__}")


def _file(path: Path, content_type: str | None) -> Source:
    if not path.is_file():
        raise SegmentError(f"there is no file {path}")
    return Source(name=path.name, boundary=boundary_of(content_type), file=path)


def _pages(folder: Path, pages: Iterable[PageFile]) -> list[Source]:
    return [_file(folder / page.file, page.headers.get("content-type")) for page in pages]


def _bytes(content: bytes, name: str, content_type: str | None) -> Source:
    return Source(name=name, boundary=boundary_of(content_type), file=io.BytesIO(content))


def _path(path: Path) -> list[Source]:
    try:
        return _folder(path) if path.is_dir() else [_file(path, None)]
    except OSError as error:
        reason = str(error)
    raise SegmentError(f"{path} cannot be read: {reason}")


def _folder(folder: Path) -> list[Source]:
    """All files of a folder and of the folders in it, by name; of a download, the pages that its manifest lists.

    Links to folders are not followed: they may lead in circles.
    """
    found: list[Source] = []
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        manifest = _manifest.read(folder)
        if manifest is not None:
            found += _pages(folder, manifest.pages)
            continue
        entries = sorted(folder.iterdir())
        found += [_file(path, None) for path in entries if path.is_file()]
        waiting += [path for path in reversed(entries) if path.is_dir() and not path.is_symlink()]
    return found


def _stream(stream: IO[bytes]) -> Source:
    """A stream that can seek is read in place; any other is copied, beyond 8 MiB to a temporary file."""
    name = "stream"
    try:
        if stream.seekable():
            return Source(name=name, boundary=None, file=stream)
        copy = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when the source is no longer used
        while data := stream.read(_STEP):
            copy.write(data)
    except (AttributeError, OSError, TypeError, ValueError) as error:
        reason = str(error)
    else:
        source = Source(name=name, boundary=None, file=cast("IO[bytes]", copy))
        weakref.finalize(source, copy.close)
        return source
    raise SegmentError(f"the stream cannot be read: {reason}")
