"""Lists that come in pages: what a page is, and which one is the last. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

import attrs

from ._public import public

__all__ = ["ListPage", "Page", "PageCursor"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Page(Protocol[T_co]):
    """Some items that were fetched together."""

    @property
    def items(self) -> Sequence[T_co]:
        """In order."""
        ...


@attrs.frozen
class ListPage(Generic[T]):
    """One page of a list: iterable, with a length."""

    number: int
    """Counted from 0; `start_page=page.number + 1` continues after it."""

    items: Sequence[T]

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class PageCursor(Generic[T]):
    """The position of a walk through the pages.

    The API states no total, and a server may lower the page size that it was asked for. So the end is an empty page or
    a page seen before (a server that ignores or clamps the page number), never a short one.
    """

    def __init__(self, start_page: int, limit: int | None, *, paged: bool = True) -> None:
        self._number = start_page
        self._left = limit
        self._seen: set[Any] = set()
        self._paged = paged
        self._ended = limit == 0

    @property
    def next_number(self) -> int | None:
        """The page to ask for, or None at the end."""
        return None if self._ended else self._number

    def take(self, items: Sequence[T]) -> ListPage[T] | None:
        """The items as a page, cut at the limit; None at the end of the list."""
        fingerprint = tuple(getattr(item, "id", None) or repr(item) for item in items)
        if not items or fingerprint in self._seen:
            self._ended = True
            return None
        self._seen.add(fingerprint)
        page = ListPage(self._number, items if self._left is None else items[: self._left])
        self._number += 1
        if self._left is not None:
            self._left -= len(page)
        self._ended = not self._paged or self._left == 0
        return page


public(ListPage)
