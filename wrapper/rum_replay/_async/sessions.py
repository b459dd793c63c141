"""Sessions: found by searching, and the recorded segments of their views."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

from .._arguments import check_count, check_flag, check_function, check_hook, check_id, check_path
from .._calls import Call, events
from .._calls import sessions as calls
from .._downloads import DownloadFolder, PageWriter, Progress, SegmentDownload
from .._errors import NotFoundError
from .._found_sessions import FoundView, query_for_sessions, query_for_views
from .._manifest import FILE_NAME
from .._runtime import AsyncLock, async_run_blocking
from .._segment_pages import PagingTokenFinder, SegmentPage, SegmentWalk, digest_of, find_paging_token, found_token
from .._session_downloads import SessionDownload, SessionProgress, ViewDownload, view_ids, view_progress
from .found_sessions import AsyncSessionSearch, AsyncViewSearch
from .transport import AsyncTransport, Body

__all__ = ["RETENTION", "AsyncSessions", "downloaded"]

RETENTION = timedelta(days=30)
"""Of events, by the documentation."""


class AsyncSessions:
    """The search for sessions, and the operation on segments.

    Searching needs the permission `rum_apps_read`. The inside of an answer with segments is not documented: it is kept
    unchanged.
    """

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def search(
        self,
        query: str = "*",
        *,
        start: datetime | int | timedelta,
        end: datetime | int | None,
        completed: bool | None = None,
        has_replay: bool | None = True,
        limit: int | None = None,
    ) -> AsyncSessionSearch:
        """The sessions with an event that matches a query, by the time of the first such event, each with its views.

        `query` is about events of views, such as `@view.error.count:>0`, unless it says itself of which type, such as
        `@type:error @error.source:network`; `*` finds every session with a view. `rum_replay.query` puts values into
        it. `start` and `end` are those of `events.search`, and say when the event happened: a session may have begun
        before, and all of its views are found. `has_replay` False finds sessions without a replay, None both;
        `completed` True only those that have ended, which can be added to playlists, False only those that have not.
        `limit` is how many to return at most.

        Each 20 sessions take a second query, for the views that the first did not find. What `events.search` says of
        retention applies: finding nothing does not mean that there was nothing.

        Raises InvalidRequestError for arguments that make no search.
        """
        period = events.search_period(start, end, now=self._transport.now())
        return AsyncSessionSearch(
            self._transport,
            query_for_sessions(query, None if has_replay is None else check_flag("has_replay", has_replay)),
            period,
            completed=None if completed is None else check_flag("completed", completed),
            limit=None if limit is None else check_count("limit", limit, least=0),
        )

    def views(
        self,
        session_id: str,
        *,
        start: datetime | int | timedelta | None = None,
        end: datetime | int | None = None,
    ) -> AsyncViewSearch:
        """The views of a session, which `download` and `iter_segments` need: found by a search for their events.

        `start` and `end` are those of `events.search`; by default the last 30 days, as long as events are kept. Of a
        session whose replay is kept longer, no views are found after that: keep their ids.

        Raises InvalidRequestError for arguments that make no search.
        """
        query = query_for_views(check_id("session_id", session_id))
        period = events.search_period(RETENTION if start is None else start, end, now=self._transport.now())
        return AsyncViewSearch(self._transport, events.search_events(query, period=period))

    def link(self, session_id: str, *, view_id: str | None = None, at: datetime | int | None = None) -> str:
        """The URL of a replay in Datadog's web application; makes no request.

        `view_id` is the view to begin with, `at` the time to begin at, an aware datetime or milliseconds of Unix time.
        The form is that of the links which the browser SDK makes: they have both, and the time is the start of the
        view. What the application does with another time, or with only one of the two, is not documented.

        Raises InvalidRequestError for arguments that are neither, ConfigurationError if it is not known where the web
        application is, as with a `base_url` that is no site's.
        """
        return calls.link(self._transport.base_url, session_id, view_id=view_id, at=at)

    async def download(
        self,
        session_id: str,
        directory: str | os.PathLike[str],
        *,
        views: Iterable[str | FoundView] | None = None,
        progress: SessionProgress | None = None,
    ) -> SessionDownload:
        """Download the segments of all views of a session, each into a folder of its own that is named by its id.

        `views` are ids or what a search found; by default those that `views` finds. Each is downloaded as by
        `download_segments`, so that a call that was interrupted is resumed by the next one, and what is whole is not
        requested again. A view without segments is normal, since recording may begin late or stop: the result says
        which have none.

        Raises a ReplayError if the views cannot be found or a page cannot be fetched or written: what
        `download_segments` raises, except NotFoundError for a view of which nothing has arrived.
        """
        session_id = check_id("session_id", session_id)
        folder = Path(check_path("directory", directory))
        check_hook("progress", progress)
        partial: tuple[str, ...] = ()
        if views is None:
            search = self.views(session_id)
            views = [view async for view in search]
            partial = search.partial
        ids = view_ids(session_id, views)
        saved: list[ViewDownload] = []
        size = 0
        for number, view_id in enumerate(ids):
            report = view_progress(progress, view_id, number, len(ids), size)
            segments = await self._segments_of(session_id, view_id, folder / view_id, report)
            saved.append(ViewDownload(view_id=view_id, directory=folder / view_id, segments=segments))
            size += 0 if segments is None else segments.size
        return SessionDownload(session_id=session_id, directory=folder, views=tuple(saved), partial=partial)

    async def _segments_of(
        self, session_id: str, view_id: str, directory: Path, progress: Progress | None
    ) -> SegmentDownload | None:
        try:
            return await self.download_segments(session_id, view_id, directory, progress=progress)
        except NotFoundError:
            if await async_run_blocking((directory / FILE_NAME).exists):
                raise  # there were some, and not all have arrived
        return None

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
        max_page_size: int = 256 << 20,
    ) -> AsyncIterator[SegmentPage]:
        """The pages of a view's segments, fetched as they are iterated; one at a time is held in memory.

        `source` is `event_platform` or `blob`, `ts` an aware datetime or milliseconds of Unix time (documented only as
        "server-side timestamp"), `max_list_size` the bytes that a page should not exceed, `paging` a token to start at.
        `next_paging` finds the next page's token in an answer. Ends when none is found, or when a token or a page is
        repeated. Threads or tasks that share the iterator share its pages: each goes to one of them.

        A page of more than `max_page_size` bytes, as it arrives or unpacked, by default 256 MiB, is an
        UnexpectedResponseError, and so is an answer that is not the whole page, such as 206.
        """
        call = partial(
            calls.get_segments,
            session_id,
            view_id,
            source=source,
            ts=ts,
            max_list_size=max_list_size,
            max_page_size=max_page_size,
        )
        check_function("next_paging", next_paging)
        call(paging=paging)  # so that wrong arguments raise here, not at the first iteration
        return AsyncSegmentPages(self._transport, call, SegmentWalk(paging), next_paging)

    async def download_segments(
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
        max_page_size: int = 4 << 30,
    ) -> SegmentDownload:
        """Download the pages of a view's segments into a directory, in constant memory, whatever their size.

        The arguments are those of `iter_segments`. The directory gets `page-00000.bin` and so on, the unchanged
        bodies, and `manifest.json` with URL, query, status, headers, size and SHA-256 of each. A call that was
        interrupted, even by a kill, is resumed by the next one with the same arguments; a finished download is verified
        and returned without a request. A page that states no length and is not compressed ends with its connection: it
        may have been cut off, and the manifest says so (`ends_by_close`).

        A page of more than `max_page_size` bytes, as it arrives or unpacked, by default 4 GiB, is refused like an
        answer that is not the whole page, such as 206: with an UnexpectedResponseError, and nothing of it is kept. A
        first call that fails leaves no folder. `directory` may be a link to a folder; links in it are not followed when
        pages and the manifest are written.

        Raises a ReplayError if a page cannot be fetched: among them InvalidRequestError if the directory holds another
        download or one is running in it, FileError if it cannot be read or written.
        """
        call = partial(
            calls.get_segments,
            session_id,
            view_id,
            source=source,
            ts=ts,
            max_list_size=max_list_size,
            max_page_size=max_page_size,
        )
        first = call(paging=paging)
        check_function("next_paging", next_paging)
        check_hook("progress", progress)
        make_folder = partial(
            DownloadFolder,
            check_path("directory", directory),
            self._transport.base_url + first.request["url"],
            first.request["params"],
        )
        return await downloaded(self._transport, call, make_folder, next_paging, progress)


async def downloaded(
    transport: AsyncTransport,
    call: Callable[..., Call[bytes]],
    make_folder: Callable[[], DownloadFolder],
    next_paging: PagingTokenFinder,
    progress: Progress | None,
) -> SegmentDownload:
    """All pages of a view in a folder, of which those that it lacks are requested."""
    with await async_run_blocking(make_folder) as folder:
        while not folder.ended:
            consume = partial(_write, folder=folder, progress=progress)
            page = await transport.stream(call(paging=folder.paging), consume)
            await async_run_blocking(partial(folder.add, page, next_paging))
        return folder.result()


async def _write(body: Body, *, folder: DownloadFolder, progress: Progress | None) -> PageWriter:
    open_page = partial(folder.open_page, body.headers, body.status, ends_by_close=body.ends_by_close)
    page = await async_run_blocking(open_page)
    try:
        async for chunk in body.chunks:
            if page.feed(chunk):
                await async_run_blocking(page.write_block)
                if progress is not None:
                    progress(folder.progress(page))
        await async_run_blocking(page.finish)
    except BaseException:
        page.discard()
        raise
    if progress is not None:
        progress(folder.progress(page))
    return page


class AsyncSegmentPages:
    """An iterator that holds no page itself; like those of lists it needs no closing, and may be shared."""

    def __init__(
        self,
        transport: AsyncTransport,
        call: Callable[..., Call[bytes]],
        walk: SegmentWalk,
        finder: PagingTokenFinder,
    ) -> None:
        self._transport = transport
        self._call = call
        self._walk = walk
        self._finder = finder
        self._lock = AsyncLock()

    def __aiter__(self) -> AsyncIterator[SegmentPage]:
        return self

    async def __anext__(self) -> SegmentPage:
        async with self._lock:
            while self._walk.end is None:
                page = await self._transport.stream(self._call(paging=self._walk.paging), self._read)
                if self._walk.take(digest_of(page.content), page.next_paging):
                    return page
        raise StopAsyncIteration

    async def _read(self, body: Body) -> SegmentPage:
        buffer = BytesIO()  # a list of chunks to join would hold the page twice
        async for chunk in body.chunks:
            buffer.write(chunk)
        content = buffer.getvalue()
        found = found_token(self._finder, body.headers, content)
        return SegmentPage(content=content, headers=body.headers, next_paging=found)
