"""A view's segments on disk: pages in files of our own naming, and a manifest that tells what is whole.

Each page is written to a temporary file and renamed when it is whole, then the manifest is replaced. So whenever the
process dies, everything that the manifest lists is whole, and the next call goes on behind it.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import sys
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import attrs
import msgspec

from ._errors import InvalidRequestError
from ._segment_pages import PagingTokenFinder, SegmentWalk, found_token

__all__ = ["DirectoryLock", "DownloadProgress", "PageFile", "PageWriter", "SegmentDownload"]

MANIFEST = "manifest.json"
_BLOCK = 1 << 18
_BLOCKS_IN_FLIGHT = 16
_LONGEST_NAME = 64
_NEVER_KEPT = frozenset({"set-cookie"})


@attrs.frozen(kw_only=True)
class PageFile:
    """One page on disk."""

    file: str
    """The file's name within the directory."""

    size: int
    """Bytes."""

    sha256: str
    """Hexadecimal."""

    paging: str | None
    """The token that it was asked with."""

    next_paging: str | None
    """The token that was found in it."""

    status: int
    headers: dict[str, str] = attrs.field(hash=False, repr=False)
    """The answer's headers, names in lower case, without cookies."""


@attrs.frozen(kw_only=True)
class DownloadProgress:
    """What a `progress` callback receives, after each few hundred KiB and after each page."""

    page: int
    """The page that is arriving, counted from 0."""

    page_bytes: int
    """Bytes of it that have arrived."""

    total_bytes: int
    """Bytes of all pages so far, those of earlier calls included."""


class DirectoryLock:
    """Keeps a directory to one download at a time, as a context manager; a process that dies lets go of it.

    Windows has no such lock, but it lets nobody replace a file that is open, which ends the second download as well.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        """Create the directory where it is missing; raises InvalidRequestError where a download is running in it."""
        Path(directory).mkdir(parents=True, exist_ok=True)
        self._descriptor: int | None = None
        if sys.platform != "win32":
            self._descriptor = os.open(directory, os.O_RDONLY)
            if not _locked(self._descriptor):
                self.release()
                raise InvalidRequestError(
                    f"another download is running in {os.fspath(directory)}; wait for it, or use another directory"
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let the next one in."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _locked(descriptor: int) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks, such as some that are shared over a network
    return True


@attrs.define(kw_only=True)
class SegmentDownload:
    """The pages of one view in one directory; what `download_segments` gives, and what its manifest holds."""

    directory: Path
    url: str
    """Where they come from, without the query."""

    query: dict[str, Any]
    """The query of the first page."""

    pages: list[PageFile] = attrs.field(factory=list[PageFile])
    end: str | None = None
    """`no token found`, `repeated token` or `repeated page`; None while there is more. Never proof of completeness."""

    @property
    def files(self) -> list[Path]:
        """The pages' files, in order."""
        return [self.directory / page.file for page in self.pages]

    @property
    def size(self) -> int:
        """Bytes of all pages."""
        return sum(page.size for page in self.pages)

    @classmethod
    def open(cls, directory: str | os.PathLike[str], url: str, query: Mapping[str, Any]) -> Self:
        """What the directory holds already; pages that are missing or damaged, and those behind them, do not count.

        Raises InvalidRequestError where it holds the download of something else, OSError where it cannot be used.
        """
        place = Path(directory)
        found = cls(directory=place, url=url, query=dict(query))
        manifest = _read_manifest(place / MANIFEST)
        if manifest is None:
            return found
        if (manifest.url, manifest.query) != (found.url, found.query):
            raise InvalidRequestError(
                f"{place} holds the download of {manifest.url} with {manifest.query}; use another directory"
            )
        for page in manifest.pages:
            if not _is_whole(place / page.file, page):
                return found
            found.pages.append(page)
        found.end = manifest.end
        return found

    def walk(self) -> SegmentWalk:
        """Where to go on."""
        walk = SegmentWalk(self.query.get("paging"))
        for page in self.pages:
            walk.take(bytes.fromhex(page.sha256), page.next_paging)
        walk.end = self.end
        return walk

    def add(self, writer: PageWriter, paging: str | None, next_paging: str | None) -> None:
        """Give a whole page its name, and note it."""
        name = f"page-{len(self.pages):05}.bin"
        os.replace(writer.path, self.directory / name)
        self.pages.append(
            PageFile(
                file=name,
                size=writer.size,
                sha256=writer.sha256,
                paging=paging,
                next_paging=next_paging,
                status=writer.status,
                headers={key: value for key, value in writer.headers.items() if key not in _NEVER_KEPT},
            )
        )

    def save(self) -> None:
        """Replace the manifest in one step."""
        manifest = {
            "url": self.url,
            "query": self.query,
            "end": self.end,
            "pages": [attrs.asdict(page) for page in self.pages],
        }
        temporary = self.directory / f"{MANIFEST}.part"
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(manifest, indent=2) + "\n")
            _flush(file)
        os.replace(temporary, self.directory / MANIFEST)


class _Manifest(msgspec.Struct):
    url: str
    query: dict[str, Any]
    pages: list[PageFile]
    end: str | None = None


def _read_manifest(path: Path) -> _Manifest | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Manifest)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error)
    raise InvalidRequestError(f"{path} is not the manifest of a download: {reason}; use another directory")


def _is_whole(path: Path, page: PageFile) -> bool:
    # Names come from our own manifest, but a manifest can be edited: it must not lead out of the directory.
    if path.name != page.file or len(page.file) > _LONGEST_NAME:
        return False
    if not path.is_file() or path.stat().st_size != page.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == page.sha256


def _flush(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


class PageWriter:
    """Writes one page to a temporary file, and hashes it in a thread beside the one that receives.

    SHA-256 takes longer than receiving and writing together, and lets go of the interpreter meanwhile. Memory stays
    constant: at most four mebibytes wait to be hashed, then `write_block` waits.
    """

    def __init__(self, directory: Path, headers: Mapping[str, str], status: int) -> None:
        self.path = directory / "page.part"
        self.headers = dict(headers)
        self.status = status
        self.size = 0
        self._file = self.path.open("wb", buffering=0)
        self._hash = hashlib.sha256()
        self._hasher = ThreadPoolExecutor(1, "rum-replay-sha256")
        self._block: list[bytes] = []
        self._block_size = 0
        self._being_hashed: deque[Future[None]] = deque()

    def feed(self, chunk: bytes) -> bool:
        """Take bytes in; True when `write_block` must be called before the next ones."""
        self._block.append(chunk)
        self._block_size += len(chunk)
        self.size += len(chunk)
        return self._block_size >= _BLOCK

    def write_block(self) -> None:
        """Write what was fed, and wait until there is room for another block; raises OSError where writing fails."""
        # Joined, as the hash takes and gives back the interpreter once for each call: for chunks that costs more time.
        block = b"".join(self._block)
        self._block, self._block_size = [], 0
        with memoryview(block) as rest:
            written = 0
            while written < len(block):
                written += self._file.write(rest[written:])
        self._being_hashed.append(self._hasher.submit(self._hash.update, block))
        if len(self._being_hashed) >= _BLOCKS_IN_FLIGHT:
            self._being_hashed.popleft().result()

    def finish(self) -> None:
        """Wait until all is on disk and hashed."""
        self.write_block()
        os.fsync(self._file.fileno())
        while self._being_hashed:
            self._being_hashed.popleft().result()
        self.close()

    def close(self) -> None:
        """Let go of the thread and the file; what was written stays."""
        self._hasher.shutdown(cancel_futures=True)
        self._file.close()

    @property
    def sha256(self) -> str:
        """Of all bytes, hexadecimal; valid once finished."""
        return self._hash.hexdigest()

    def next_paging(self, finder: PagingTokenFinder) -> str | None:
        """The token that the finder sees in the page; the file is mapped, not read into memory."""
        if not self.size:
            return found_token(finder, self.headers, b"")
        with self.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return found_token(finder, self.headers, content)


Progress = Callable[[DownloadProgress], object]
