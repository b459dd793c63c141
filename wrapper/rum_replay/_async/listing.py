"""Lists that fetch themselves page by page while they are iterated."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from .._arguments import check_count
from .._calls import PageCalls
from .._paging import ListPage, Page, PageCursor
from .._runtime import AsyncLock
from .transport import AsyncTransport

__all__ = ["AsyncItems", "AsyncListing"]

T = TypeVar("T")


class AsyncListing(Generic[T]):
    """The items of a list, fetched as they are needed; each iteration starts at the first page asked for.

    Threads or tasks that share one iterator, of items or of pages, share what it gives: each item goes to one of them.

    Iterating raises a ReplayError if a page cannot be fetched.
    """

    def __init__(
        self,
        transport: AsyncTransport,
        calls: PageCalls[T],
        *,
        start_page: int = 0,
        limit: int | None = None,
        paged: bool = True,
    ) -> None:
        self._transport = transport
        self._calls = calls
        self._start_page = check_count("start_page", start_page, least=0)
        self._limit = None if limit is None else check_count("limit", limit, least=0)
        self._paged = paged

    def pages(self) -> AsyncIterator[ListPage[T]]:
        """The same items a page at a time; with `limit`, the last page is cut."""
        cursor = PageCursor[T](self._start_page, self._limit, paged=self._paged)
        return AsyncPages(self._transport, self._calls, cursor)

    def __aiter__(self) -> AsyncIterator[T]:
        return AsyncItems(self.pages())


# Iterators rather than generators: one left early needs no closing (trio warns of generators left behind), and one
# that raised an error goes on with the same page. Several threads or tasks may draw from one: each item goes to one.


class AsyncPages(Generic[T]):
    def __init__(self, transport: AsyncTransport, calls: PageCalls[T], cursor: PageCursor[T]) -> None:
        self._transport = transport
        self._calls = calls
        self._cursor = cursor
        self._lock = AsyncLock()

    def __aiter__(self) -> AsyncIterator[ListPage[T]]:
        return self

    async def __anext__(self) -> ListPage[T]:
        async with self._lock:
            while (number := self._cursor.next_number) is not None:
                items = await self._transport.send(self._calls(number))
                if (page := self._cursor.take(items)) is not None:
                    return page
        raise StopAsyncIteration


class AsyncItems(Generic[T]):
    def __init__(self, pages: AsyncIterator[Page[T]]) -> None:
        self._pages = pages
        self._items: list[T] = []
        self._lock = AsyncLock()

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        async with self._lock:
            while not self._items:
                page = await self._pages.__anext__()
                self._items = [*reversed(page.items)]
            return self._items.pop()
