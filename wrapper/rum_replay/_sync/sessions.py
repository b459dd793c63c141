# Derived from rum_replay/_async by scripts/unasync. Do not edit.
"""Sessions: the recorded segments of a session's views."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from io import BytesIO

from .._arguments import check_function, check_hook, check_path
from .._calls import Call
from .._calls import sessions as calls
from .._downloads import DownloadFolder, PageWriter, Progress, SegmentDownload
from .._runtime import Lock, run_blocking
from .._segment_pages import PagingTokenFinder, SegmentPage, SegmentWalk, digest_of, find_paging_token, found_token
from .transport import Body, Transport

__all__ = ["Sessions"]


class Sessions:
    """The operation on segments. The inside of the API's answer is not documented: it is kept unchanged."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def iter_segments(
        self,
        session_id: str,
        view_id: str,
        *,
        source: str | None = None,
        ts: datetime | int | None = None,
        max_list_size: int | None = None,
        paging: str | None = None,
        next_paging: PagingTokenFinder = find_paging_token,
    ) -> Iterator[SegmentPage]:
        """The pages of a view's segments, fetched as they are iterated; one at a time is held in memory.

        `source` is `event_platform` or `blob`, `ts` an aware datetime or milliseconds of Unix time (documented only as
        "server-side timestamp"), `max_list_size` the bytes that a page should not exceed, `paging` a token to start at.
        `next_paging` finds the next page's token in an answer. Ends when none is found, or when a token or a page is
        repeated. Threads or tasks that share the iterator share its pages: each goes to one of them.
        """
        call = partial(calls.get_segments, session_id, view_id, source=source, ts=ts, max_list_size=max_list_size)
        check_function("next_paging", next_paging)
        call(paging=paging)  # so that wrong arguments raise here, not at the first iteration
        return SegmentPages(self._transport, call, SegmentWalk(paging), next_paging)

    def download_segments(
        self,
        session_id: str,
        view_id: str,
        directory: str | os.PathLike[str],
        *,
        source: str | None = None,
        ts: datetime | int | None = None,
        max_list_size: int | None = None,
        paging: str | None = None,
        next_paging: PagingTokenFinder = find_paging_token,
        progress: Progress | None = None,
    ) -> SegmentDownload:
        """Download the pages of a view's segments into a directory, in constant memory, whatever their size.

        The arguments are those of `iter_segments`. The directory gets `page-00000.bin` and so on, the unchanged
        bodies, and `manifest.json` with URL, query, status, headers, size and SHA-256 of each. A call that was
        interrupted, even by a kill, is resumed by the next one with the same arguments; a finished download is verified
        and returned without a request. If the first page fails, no directory that was created for it is left.

        Raises a ReplayError if a page cannot be fetched: among them InvalidRequestError if the directory holds another
        download or one is running in it, FileError if it cannot be read or written.
        """
        call = partial(calls.get_segments, session_id, view_id, source=source, ts=ts, max_list_size=max_list_size)
        first = call(paging=paging)
        check_function("next_paging", next_paging)
        check_hook("progress", progress)
        directory = check_path("directory", directory)
        url = self._transport.base_url + first.request["url"]
        with run_blocking(partial(DownloadFolder, directory, url, first.request["params"])) as folder:
            while not folder.ended:
                consume = partial(self._write, folder=folder, progress=progress)
                page = self._transport.stream(call(paging=folder.paging), consume)
                run_blocking(partial(folder.add, page, next_paging))
            return folder.result()

    def _write(self, body: Body, *, folder: DownloadFolder, progress: Progress | None) -> PageWriter:
        page = run_blocking(partial(folder.open_page, body.headers, body.status))
        try:
            for chunk in body.chunks:
                if page.feed(chunk):
                    run_blocking(page.write_block)
                    if progress is not None:
                        progress(folder.progress(page))
            run_blocking(page.finish)
        finally:
            page.close()
        if progress is not None:
            progress(folder.progress(page))
        return page


class SegmentPages:
    """An iterator that holds no page itself; like those of lists it needs no closing, and may be shared."""

    def __init__(
        self,
        transport: Transport,
        call: Callable[..., Call[bytes]],
        walk: SegmentWalk,
        finder: PagingTokenFinder,
    ) -> None:
        self._transport = transport
        self._call = call
        self._walk = walk
        self._finder = finder
        self._lock = Lock()

    def __iter__(self) -> Iterator[SegmentPage]:
        return self

    def __next__(self) -> SegmentPage:
        with self._lock:
            while self._walk.end is None:
                page = self._transport.stream(self._call(paging=self._walk.paging), self._read)
                if self._walk.take(digest_of(page.content), page.next_paging):
                    return page
        raise StopIteration

    def _read(self, body: Body) -> SegmentPage:
        buffer = BytesIO()  # a list of chunks to join would hold the page twice
        for chunk in body.chunks:
            buffer.write(chunk)
        content = buffer.getvalue()
        found = found_token(self._finder, body.headers, content)
        return SegmentPage(content=content, headers=body.headers, next_paging=found)
