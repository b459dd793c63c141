"""Lists that fetch themselves page by page while they are iterated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

from ..arguments import check_count
from ..calls import Call
from ..paging import Page, PageCursor
from .transport import AsyncTransport

__all__ = ["AsyncListing"]

T = TypeVar("T")


class AsyncListing(Generic[T]):
    """The items of a list, fetched as they are needed; each iteration starts at the first page asked for.

    Iterating raises a ReplayError where a page cannot be had.
    """

    def __init__(
        self,
        transport: AsyncTransport,
        call: Callable[[int], Call[list[T]]],
        *,
        start_page: int = 0,
        limit: int | None = None,
        paged: bool = True,
    ) -> None:
        self._transport = transport
        self._call = call
        self._start_page = check_count("start_page", start_page, least=0)
        self._limit = None if limit is None else check_count("limit", limit, least=0)
        self._paged = paged
        call(start_page)  # what is wrong with the other arguments is said here and now, not at the first iteration

    async def pages(self) -> AsyncIterator[Page[T]]:
        """The same items a page at a time; with `limit`, the last page is cut."""
        cursor = PageCursor[T](self._start_page, self._limit, paged=self._paged)
        while (number := cursor.next_number) is not None:
            items = await self._transport.send(self._call(number))
            page = cursor.take(items)
            if page is not None:
                yield page

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page:
                yield item
