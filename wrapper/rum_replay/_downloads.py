"""A view's segments on disk: pages in files that we name, and a manifest that says which of them are whole.

Each page is written to an unfinished file and renamed when it is whole and on disk, then added to the manifest. So
whenever the process dies, everything that the manifest lists is whole, and the next call continues after it. Names in
the folder are ours: a link in the place of one is replaced and never followed.
"""

import hashlib
import mmap
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import attrs

from ._errors import InvalidRequestError, SegmentError
from ._files import (
    Unfinished,
    file_errors,
    flush_to_disk,
    lock,
    missing_folders,
    remove_empty_folders,
    remove_leftovers,
)
from ._manifest import FILE_NAME, Manifest, ManifestWriter, PageFile, holds_page, page_name, read_manifest
from ._public import public
from ._segment_pages import PagingTokenFinder, SegmentWalk, found_token

__all__ = ["DownloadFolder", "DownloadProgress", "PageWriter", "Progress", "SegmentDownload"]

_BLOCK = 1 << 18
_BLOCKS_IN_FLIGHT = 16
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

    def __init__(self, directory: str, url: str, query: Mapping[str, Any], *, look_again: bool = False) -> None:
        """Create the directory if it is missing, and verify the pages that it holds.

        Pages that are missing or damaged do not count, nor do those after them. With `look_again`, the end of a
        finished download does not count either: the last page is requested once more, since it may have grown, or name
        a next one by now. Segments do not change, so a page that became smaller is not kept.

        Raises InvalidRequestError if the directory holds another download or one is running in it, FileError if it
        cannot be used.
        """
        self.directory = Path(directory)
        self._url = url
        self._query = dict(query)
        self._pages: list[PageFile] = []
        self._size = 0
        self._writer: PageWriter | None = None
        self._manifest: ManifestWriter | None = None
        self._lock: int | None = None
        self._looks_again = look_again
        self._earlier: PageFile | None = None
        """The page that is requested once more, as it was."""
        self._made = missing_folders(self.directory)
        try:
            with file_errors(self.directory, "used as a directory"):
                self.directory.mkdir(parents=True, exist_ok=True)
                self._lock = _locked(self.directory)
            remove_leftovers(self.directory, rf"page-\d+\.bin|{re.escape(FILE_NAME)}")
            self._walk = SegmentWalk(self._query.get("paging"))
            self._take_up(_manifest_in(self.directory))
        except BaseException:
            self.close()
            raise

    def _take_up(self, manifest: Manifest | None) -> None:
        if manifest is None:
            return
        if (manifest.url, manifest.query) != (self._url, self._query):
            raise InvalidRequestError(
                f"{self.directory} holds the download of {manifest.url} with {manifest.query}; use another directory"
            )
        looks_again = self._looks_again and manifest.end is not None
        for page in manifest.pages:
            if not holds_page(self.directory / page.file, page):
                return
            if looks_again and page is manifest.pages[-1] and manifest.end != "repeated page":
                self._earlier = page
                return
            self._take(page)
        self._walk.end = None if looks_again else manifest.end

    def _take(self, page: PageFile) -> None:
        self._walk.take(bytes.fromhex(page.sha256), page.next_paging)
        self._pages.append(page)
        self._size += page.size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Allow other downloads into this directory; what is not a whole page, and folders made for nothing, go."""
        if self._writer is not None:
            self._writer.discard()
        if self._manifest is not None:
            self._manifest.close()
        if not self._pages:
            remove_empty_folders(self._made)
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

    def open_page(self, headers: Mapping[str, str], status: int, *, ends_by_close: bool) -> "PageWriter":
        """Where to write the next page; what an earlier attempt wrote is deleted. Raises FileError."""
        if self._writer is not None:
            self._writer.discard()
        target = self.directory / page_name(len(self._pages))
        self._writer = PageWriter(target, headers, status, ends_by_close=ends_by_close)
        return self._writer

    def progress(self, writer: "PageWriter") -> DownloadProgress:
        """How far the download has come, while a page is being written."""
        return DownloadProgress(page=len(self._pages), page_bytes=writer.size, total_bytes=self._size + writer.size)

    def add(self, writer: "PageWriter", finder: PagingTokenFinder) -> None:
        """Keep a page that is whole, unless it repeats an earlier one, and record it in the manifest.

        Raises InvalidRequestError if the finder returns something that is not a token, FileError.
        """
        asked, found = self._walk.paging, writer.next_paging(finder)
        earlier, self._earlier = self._earlier, None
        if earlier is not None and not _has_grown(writer, found, earlier):
            writer.discard()
            self._take(earlier)
            return
        if not self._walk.take(bytes.fromhex(writer.sha256), found):
            writer.discard()
            self._record(None)
            return
        page = writer.page_file(asked, found)
        writer.keep()
        try:
            self._record(page)
        except BaseException:
            if earlier is None:
                with suppress(OSError):
                    writer.target.unlink()
            raise

    def _record(self, page: PageFile | None) -> None:
        if self._lock is not None:
            with suppress(OSError):  # some file systems cannot, and need not
                os.fsync(self._lock)  # a manifest must not reach the disk before the names of its pages
        if self._manifest is None:
            pages = (*self._pages, *(() if page is None else (page,)))
            manifest = Manifest(url=self._url, query=self._query, pages=pages, end=self._walk.end)
            self._manifest = ManifestWriter(self.directory, manifest)
        else:
            self._manifest.add(page, self._walk.end)
        if page is not None:
            self._pages.append(page)
            self._size += page.size

    def result(self) -> SegmentDownload:
        """What has been downloaded."""
        return SegmentDownload(
            directory=self.directory, url=self._url, query=self._query, pages=tuple(self._pages), end=self._walk.end
        )


def _has_grown(writer: "PageWriter", next_paging: str | None, earlier: PageFile) -> bool:
    is_same = (writer.sha256, next_paging) == (earlier.sha256, earlier.next_paging)
    return not is_same and writer.size >= earlier.size


def _locked(directory: Path) -> int | None:
    """A file descriptor that holds the lock of a directory until it is closed; None on systems without such locks."""
    if sys.platform == "win32":
        return None
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    if lock(descriptor) is False:
        os.close(descriptor)
        raise InvalidRequestError(f"another download is running in {directory}; wait for it, or use another directory")
    return descriptor


def _manifest_in(directory: Path) -> Manifest | None:
    try:
        return read_manifest(directory)
    except SegmentError as error:
        reason = str(error)
    raise InvalidRequestError(f"{reason}; use another directory")


class PageWriter:
    """Writes one page to an unfinished file, and hashes it in a thread beside the one that receives.

    SHA-256 takes longer than receiving and writing together, and releases the interpreter meanwhile. Memory stays
    constant: at most four mebibytes wait to be hashed, then `write_block` waits.
    """

    def __init__(self, target: Path, headers: Mapping[str, str], status: int, *, ends_by_close: bool) -> None:
        """Raises FileError if the file cannot be created, or something that is not a file is in the target's place."""
        self.target = target
        self.size = 0
        self._headers = dict(headers)
        self._status = status
        self._ends_by_close = ends_by_close
        with file_errors(target, "written"):
            self._unfinished = Unfinished.beside(target, buffering=0)
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
        with file_errors(self.target, "written"), memoryview(block) as rest:
            written = 0
            while written < len(block):
                written += self._unfinished.content.write(rest[written:])
        self._being_hashed.append(self._hasher.submit(self._hash.update, block))
        if len(self._being_hashed) >= _BLOCKS_IN_FLIGHT:
            self._being_hashed.popleft().result()

    def finish(self) -> None:
        """Wait until everything is on disk and hashed; raises FileError."""
        self.write_block()
        with file_errors(self.target, "written"):
            flush_to_disk(self._unfinished.content)
        while self._being_hashed:
            self._being_hashed.popleft().result()
        self._hasher.shutdown()

    def keep(self) -> None:
        """Put the page in its place; raises FileError."""
        with file_errors(self.target, "written"):
            self._unfinished.put(self.target)
        self.discard()

    def discard(self) -> None:
        """Release the thread and the file, and delete it unless it was kept."""
        self._hasher.shutdown(cancel_futures=True)
        self._unfinished.discard()

    @property
    def sha256(self) -> str:
        """The hash of all bytes, hexadecimal; valid once finished."""
        return self._hash.hexdigest()

    def next_paging(self, finder: PagingTokenFinder) -> str | None:
        """The token that the finder sees in the page; the file is mapped, not read into memory."""
        if not self.size:
            return found_token(finder, self._headers, b"")
        descriptor = self._unfinished.content.fileno()
        with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as content:
            return found_token(finder, self._headers, content)

    def page_file(self, paging: str | None, next_paging: str | None) -> PageFile:
        """The page as the manifest lists it."""
        return PageFile(
            file=self.target.name,
            size=self.size,
            sha256=self.sha256,
            paging=paging,
            next_paging=next_paging,
            status=self._status,
            headers={key: value for key, value in self._headers.items() if key not in _NEVER_KEPT},
            ends_by_close=self._ends_by_close,
        )


public(DownloadProgress, SegmentDownload)
