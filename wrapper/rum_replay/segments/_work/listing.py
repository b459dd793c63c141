"""What there is to open: files and downloads, the sessions that they are likely to be of, and sums of their content."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, cast
from urllib.parse import unquote

import attrs

from ..._downloads import SegmentDownload
from ..._errors import FileError, ReplayError, SegmentError
from ..._files import file_errors, open_regular
from ..._manifest import FILE_NAME, Manifest, read_manifest
from ..._remote import LocalCopy, RemoteFile, RemotePlace, is_url
from .._parsing.segment_reader import read
from .._parsing.sources import checked_path, error_at, found_in, segments_in
from .._resources import image_type

__all__ = ["Part", "Seen", "UnlistedPart", "are_paths", "parts_in", "seen_in"]

_STEP = 1 << 18
_HEAD = 256
_LONGEST_ID = 512
_SESSION = re.compile(rb'"session"\s*+:\s*+\{\s*+"id"\s*+:\s*+"([^"\\]{1,256}+)"')
_TIME = re.compile(rb'"timestamp"\s*+:\s*+[\d.]++')
_SESSION_IN_URL = re.compile(r"/sessions/([^/?#]{1,512}+)/views/")
_MOST_SESSIONS = 1_000
"""Of one file; those of more are found when it is opened."""

_MANIFESTS_AT_ONCE = 256
_MOST_RATIO, _RATIO_CHECKED_ABOVE = 500, 16 << 20


@attrs.frozen
class Seen:
    """What a look at a file shows, without taking its records apart."""

    sessions: frozenset[str] = frozenset()
    sum: bytes = b""
    """SHA-256 of its bytes."""

    head: bytes = b""
    """A digest of what it begins with, unpacked; up to its first time, which a copy that has any records has too."""

    is_image: bool = False


@attrs.frozen
class Part:
    """A file, or a folder that is a download: the least that can be opened."""

    path: str
    size: int
    """Bytes."""

    is_download: bool
    seen: Seen = Seen()
    position: int = 0
    """Of the source that it belongs to, among those that were given."""

    index: int = 0
    """Of the part itself, in the order in which all are read."""


@attrs.frozen
class UnlistedPart:
    """What cannot be listed, and why."""

    path: str
    error: ReplayError


def are_paths(source: object) -> bool:
    """Whether a source consists of files and folders alone, which every process can open for itself."""
    if isinstance(source, list | tuple):
        return all(are_paths(item) for item in cast("Iterable[object]", source))
    return isinstance(source, str | os.PathLike | SegmentDownload)


def parts_in(source: object) -> Iterator[Part | UnlistedPart]:
    """The parts of a source of paths, in the order in which they are read; raises InvalidRequestError for no path."""
    if isinstance(source, list | tuple):
        for item in cast("Iterable[object]", source):
            yield from parts_in(item)
        return
    if is_url(source):
        yield from _remote_parts(source)
        return
    path = source.directory if isinstance(source, SegmentDownload) else checked_path(source)
    try:
        with file_errors(path, "read"):
            is_folder = path.is_dir()
    except FileError as error:
        yield UnlistedPart(str(path), error)
        return
    if not is_folder:
        yield _file(path)
        return
    for found in found_in(path):
        if found.error is not None:
            yield UnlistedPart(str(found.path), found.error)
        elif found.manifest is None:
            yield _file(found.path)
        else:
            yield _local_download(found.path, found.manifest)


def _file(path: Path) -> Part | UnlistedPart:
    try:
        with file_errors(path, "read"):
            return Part(str(path), path.stat().st_size, is_download=False)
    except FileError as error:
        return UnlistedPart(str(path), error)


def _local_download(folder: Path, manifest: Manifest) -> Part | UnlistedPart:
    sizes: list[int] = []
    try:
        for page in manifest.pages:
            path = folder / page.file
            with file_errors(path, "read"):
                sizes.append(path.stat().st_size)
    except FileError as error:
        return UnlistedPart(str(folder), error)
    return _download(str(folder), manifest, sizes)


def _download(path: str, manifest: Manifest, sizes: Sequence[int]) -> Part:
    """A download, whose manifest has the sums; whether its pages have them is found when they are opened."""
    stated = _SESSION_IN_URL.search(manifest.url)
    digest = hashlib.sha256()
    for page, size in zip(manifest.pages, sizes, strict=True):
        content_type = page.headers.get("content-type")
        digest.update(f"{page.sha256} {size == page.size} {content_type}\n".encode(errors="replace"))
    sessions = frozenset[str]() if stated is None else frozenset([unquote(stated[1])])
    return Part(path, sum(sizes), is_download=True, seen=Seen(sessions, digest.digest()))


def _remote_parts(url: str) -> Iterator[Part | UnlistedPart]:
    """The parts of what is at a URL; only manifests are copied."""
    try:
        place = RemotePlace(url)
        files = segments_in(place.files())
    except FileError as error:
        yield UnlistedPart(url, error)
        return
    manifests = {file.name.removesuffix(FILE_NAME): file for file in files if file.name.rpartition("/")[2] == FILE_NAME}
    sizes = {file.name: file.size for file in files}
    units: dict[str, RemoteFile] = {}
    """By name, in order: the manifests of downloads, and the files that are in none."""
    for file in files:
        within = next((folder for folder in _folders_of(file.name) if folder in manifests), None)
        units.setdefault(file.name if within is None else within, file if within is None else manifests[within])
    waiting = iter(units.items())
    while batch := list(islice(waiting, _MANIFESTS_AT_ONCE)):
        yield from _remote_batch(place, batch, sizes)


def _folders_of(name: str) -> Iterator[str]:
    """The folders that a file is in, from the outermost, which is the place itself."""
    yield ""
    for found in re.finditer("/", name):
        yield name[: found.end()]


def _remote_batch(
    place: RemotePlace, units: Sequence[tuple[str, RemoteFile]], sizes: Mapping[str, int]
) -> Iterator[Part | UnlistedPart]:
    copy = LocalCopy.new()
    try:
        place.copy([file for name, file in units if name != file.name], copy.path)
    except FileError as error:
        yield UnlistedPart(place.url, error)
        return
    for name, file in units:
        if name == file.name:
            url = place.url if file.path == place.path else place.url_of(name)
            yield Part(url, file.size, is_download=False)
            continue
        url = place.url_of(name).rstrip("/")
        try:
            manifest = read_manifest(copy.path / name)
            assert manifest is not None
            yield _download(url, manifest, [sizes.get(f"{name}{page.file}", -1) for page in manifest.pages])
        except (FileError, SegmentError) as error:
            yield UnlistedPart(url, error_at(place, copy, error))


@contextmanager
def _reading(path: str) -> Generator[IO[bytes]]:
    if is_url(path):
        with RemotePlace(path).reading() as stream:
            yield stream
    else:
        with file_errors(path, "read"), open_regular(path) as file:
            yield file


def seen_in(path: str) -> Seen:
    """Look at a file; raises FileError if it cannot be read, and SegmentLimitError for one that is a bomb."""
    digest = hashlib.sha256()
    with _reading(path) as file:
        chunks = _noted(iter(lambda: file.read(_STEP), b""), digest.update)
        sessions, head, is_image = _look(chunks)
        for _ in chunks:
            pass
    if not sessions and not is_image:
        # In an envelope that only the reader knows.
        try:
            metadata = (segment.metadata for segment in read(path))
            sessions = frozenset[str](one.session_id for one in metadata if one.session_id is not None)
        except SegmentError:
            sessions = frozenset[str]()  # which is reported when it is opened
    timed = _TIME.search(head)
    begins = head if timed is None else head[: timed.end()]
    return Seen(
        sessions, digest.digest(), hashlib.blake2b(begins, digest_size=16).digest() if begins else b"", is_image
    )


def _noted(chunks: Iterable[bytes], note: Callable[[bytes], object]) -> Iterator[bytes]:
    for chunk in chunks:
        note(chunk)
        yield chunk


def _look(chunks: Iterator[bytes]) -> tuple[frozenset[str], bytes, bool]:
    """The sessions that the text of a file names, its beginning, and whether it is an image."""
    sessions = set[str]()
    head = tail = b""
    is_image = False
    for number, text in enumerate(_unpacked(chunks)):
        if number == 0:
            is_image = image_type(text[:64]) is not None
        head += text[: _HEAD - len(head)]
        tail += text
        start = 0
        while (place := tail.find(b'"session"', start)) >= 0 and len(sessions) < _MOST_SESSIONS:
            named = _SESSION.match(tail, place)
            if named is not None:
                sessions.add(named[1].decode(errors="replace"))
            start = place + 1
        tail = tail[-_LONGEST_ID:]
    return frozenset(sessions), head, is_image


def _unpacked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What gzip and zlib hold, up to damage; anything else as it is. Also between: one may follow another."""
    inflater = None
    packed = unpacked = 0
    for number, chunk in enumerate(chunks):
        if number == 0 and not _is_compressed(chunk):
            yield chunk
            yield from chunks
            return
        packed += len(chunk)
        rest = chunk
        while rest:
            inflater = inflater or zlib.decompressobj(zlib.MAX_WBITS | 32)
            try:
                text = inflater.decompress(rest, _STEP)
            except zlib.error:
                return
            unpacked += len(text)
            if unpacked > _RATIO_CHECKED_ABOVE and unpacked > _MOST_RATIO * packed:
                return
            yield text
            if inflater.eof:
                rest, inflater = inflater.unused_data, None
            else:
                rest = inflater.unconsumed_tail
                if not text and not rest:
                    break


def _is_compressed(head: bytes) -> bool:
    try:
        zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(head, 64)
    except zlib.error:
        return False
    return True
