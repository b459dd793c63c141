"""A view's segments on disk: pages in files that we name, and a manifest that says which of them are whole.

Each page is written to a temporary file and renamed when it is whole, then the manifest is replaced. So whenever the
process dies, everything that the manifest lists is whole, and the next call continues after it.
"""

import hashlib
import mmap
import os
import sys
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import attrs

from ._errors import InvalidRequestError, SegmentError
from ._files import file_errors, flush_to_disk, missing_folders, remove_empty_folders
from ._manifest import Manifest, PageFile, read_manifest, write_manifest
from ._public import public
from ._segment_pages import PagingTokenFinder, SegmentWalk, found_token

__all__ = ["DownloadFolder", "DownloadProgress", "PageWriter", "Progress", "SegmentDownload"]

_BLOCK = 1 << 18
_BLOCKS_IN_FLIGHT = 16
_UNFINISHED = "page.part"
_NEVER_KEPT = frozenset({"set-cookie"})


@attrs.frozen(kw_only=True)
class DownloadProgress:
    """What a `progress` callback receives, after each few hundred KiB and after each page."""

    page: int
    """The page that is arriving, counted from 0."""

    page_bytes: int
    """Bytes of it that have arrived."""

    total_bytes: int
    """Bytes of all pages so far, including those of earlier calls."""


Progress = Callable[[DownloadProgress], object]


@attrs.frozen(kw_only=True)
class SegmentDownload:
    """The pages of one view in one directory: what `download_segments` returns, and what its manifest holds."""

    directory: Path
    url: str
    """Where the pages come from, without the query."""

    query: Mapping[str, Any] = attrs.field(hash=False)
    """The query of the first page."""

    pages: tuple[PageFile, ...]
    end: str | None
    """`no token found`, `repeated token` or `repeated page`; None while there is more. Never proof of completeness."""

    @property
    def files(self) -> list[Path]:
        """The pages' files, in order."""
        return [self.directory / page.file for page in self.pages]

    @property
    def size(self) -> int:
        """Bytes of all pages."""
        return sum(page.size for page in self.pages)


class DownloadFolder:
    """A directory while a view is downloaded into it: what it holds already, and what to request next.

    As a context manager it keeps the directory to one download at a time; the lock of a process that dies is released.
    Windows has no such lock, but it lets nobody replace an open file, which ends the second download as well.
    """

    def __init__(self, directory: str, url: str, query: Mapping[str, Any]) -> None:
        """Create the directory if it is missing, and verify the pages that it holds.

        Pages that are missing or damaged do not count, nor do those after them. Raises InvalidRequestError if the
        directory holds another download or one is running in it, FileError if it cannot be used.
        """
        self.directory = Path(directory)
        self._url = url
        self._query = dict(query)
        self._pages: list[PageFile] = []
        self._made = missing_folders(self.directory)
        self._lock: int | None = None
        try:
            with file_errors(self.directory, "used as a directory"):
                self.directory.mkdir(parents=True, exist_ok=True)
                self._lock = _locked(self.directory)
            self._walk = SegmentWalk(self._query.get("paging"))
            self._take_up(_manifest_in(self.directory))
        except BaseException:
            self.close()
            self._remove_what_was_made()
            raise

    def _take_up(self, manifest: Manifest | None) -> None:
        if manifest is None:
            return
        if (manifest.url, manifest.query) != (self._url, self._query):
            raise InvalidRequestError(
                f"{self.directory} holds the download of {manifest.url} with {manifest.query}; use another directory"
            )
        for page in manifest.pages:
            if not _is_whole(self.directory / page.file, page):
                return
            self._walk.take(bytes.fromhex(page.sha256), page.next_paging)
            self._pages.append(page)
        self._walk.end = manifest.end

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close()
        if kind is not None:
            self._remove_what_was_made()

    def _remove_what_was_made(self) -> None:
        """Leave no directory behind that was created for this download and is empty; errors are ignored."""
        if self._made:
            with suppress(OSError):
                (self.directory / _UNFINISHED).unlink()
            remove_empty_folders(self._made)

    def close(self) -> None:
        """Allow other downloads into this directory."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @property
    def ended(self) -> bool:
        """Whether there is no page left to request."""
        return self._walk.end is not None

    @property
    def paging(self) -> str | None:
        """The token of the page to request next; None for the first page."""
        return self._walk.paging

    def open_page(self, headers: Mapping[str, str], status: int) -> "PageWriter":
        """Where to write the next page; raises FileError."""
        return PageWriter(self.directory, headers, status)

    def progress(self, writer: "PageWriter") -> DownloadProgress:
        """How far the download has come, while a page is being written."""
        total = sum(page.size for page in self._pages) + writer.size
        return DownloadProgress(page=len(self._pages), page_bytes=writer.size, total_bytes=total)

    def add(self, writer: "PageWriter", finder: PagingTokenFinder) -> None:
        """Keep a page that is whole, unless it repeats an earlier one, and record it in the manifest.

        Raises InvalidRequestError if the finder returns something that is not a token, FileError.
        """
        asked, found = self._walk.paging, writer.next_paging(finder)
        with file_errors(self.directory, "written"):
            if self._walk.take(bytes.fromhex(writer.sha256), found):
                name = f"page-{len(self._pages):05}.bin"
                os.replace(writer.path, self.directory / name)
                self._pages.append(writer.page_file(name, asked, found))
            else:
                writer.path.unlink()
        result = self.result()
        write_manifest(self.directory, Manifest(url=result.url, query=self._query, pages=result.pages, end=result.end))

    def result(self) -> SegmentDownload:
        """What has been downloaded."""
        return SegmentDownload(
            directory=self.directory, url=self._url, query=self._query, pages=tuple(self._pages), end=self._walk.end
        )


def _locked(directory: Path) -> int | None:
    """A file descriptor that holds the lock of a directory until it is closed; None on systems without such locks."""
    if sys.platform == "win32":
        return None
    import fcntl

    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        is_free = False
    except OSError:
        is_free = True  # a file system without locks, such as some that are shared over a network
    else:
        is_free = True
    if not is_free:
        raise InvalidRequestError(f"another download is running in {directory}; wait for it, or use another directory")
    return descriptor


def _manifest_in(directory: Path) -> Manifest | None:
    try:
        return read_manifest(directory)
    except SegmentError as error:
        reason = str(error)
    raise InvalidRequestError(f"{reason}; use another directory")


def _is_whole(path: Path, page: PageFile) -> bool:
    with file_errors(path, "read"):
        if not path.is_file() or path.stat().st_size != page.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == page.sha256


class PageWriter:
    """Writes one page to a temporary file, and hashes it in a thread beside the one that receives.

    SHA-256 takes longer than receiving and writing together, and releases the interpreter meanwhile. Memory stays
    constant: at most four mebibytes wait to be hashed, then `write_block` waits.
    """

    def __init__(self, directory: Path, headers: Mapping[str, str], status: int) -> None:
        """Raises FileError if the temporary file cannot be created."""
        self.path = directory / _UNFINISHED
        self.size = 0
        self._headers = dict(headers)
        self._status = status
        with file_errors(self.path, "written"):
            self._file = self.path.open("wb", buffering=0)
        self._hash = hashlib.sha256()
        self._hasher = ThreadPoolExecutor(1, "rum-replay-sha256")
        self._block: list[bytes] = []
        self._block_size = 0
        self._being_hashed: deque[Future[None]] = deque()

    def feed(self, chunk: bytes) -> bool:
        """Add bytes; True when `write_block` must be called before the next ones."""
        self._block.append(chunk)
        self._block_size += len(chunk)
        self.size += len(chunk)
        return self._block_size >= _BLOCK

    def write_block(self) -> None:
        """Write what was fed, and wait until there is room for another block; raises FileError."""
        # Joined, because the hash releases and takes back the interpreter once for each call, which costs time.
        block = b"".join(self._block)
        self._block, self._block_size = [], 0
        with file_errors(self.path, "written"), memoryview(block) as rest:
            written = 0
            while written < len(block):
                written += self._file.write(rest[written:])
        self._being_hashed.append(self._hasher.submit(self._hash.update, block))
        if len(self._being_hashed) >= _BLOCKS_IN_FLIGHT:
            self._being_hashed.popleft().result()

    def finish(self) -> None:
        """Wait until everything is on disk and hashed; raises FileError."""
        self.write_block()
        with file_errors(self.path, "written"):
            flush_to_disk(self._file)
        while self._being_hashed:
            self._being_hashed.popleft().result()
        self.close()

    def close(self) -> None:
        """Release the thread and the file, which stays."""
        self._hasher.shutdown(cancel_futures=True)
        self._file.close()

    @property
    def sha256(self) -> str:
        """The hash of all bytes, hexadecimal; valid once finished."""
        return self._hash.hexdigest()

    def next_paging(self, finder: PagingTokenFinder) -> str | None:
        """The token that the finder sees in the page; the file is mapped, not read into memory."""
        if not self.size:
            return found_token(finder, self._headers, b"")
        with file_errors(self.path, "read"):
            file = self.path.open("rb")
        with file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return found_token(finder, self._headers, content)

    def page_file(self, name: str, paging: str | None, next_paging: str | None) -> PageFile:
        """The page as the manifest lists it."""
        return PageFile(
            file=name,
            size=self.size,
            sha256=self.sha256,
            paging=paging,
            next_paging=next_paging,
            status=self._status,
            headers={key: value for key, value in self._headers.items() if key not in _NEVER_KEPT},
        )


public(DownloadProgress, SegmentDownload)
