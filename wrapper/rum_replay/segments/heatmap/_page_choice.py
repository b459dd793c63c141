"""Choosing the page of a heatmap, and the layout and time at which it is shown."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import accumulate, islice

import attrs

from ..._errors import InvalidRequestError
from .._web_views import InnerRecords
from ..dom import Page, page_at
from ..dom._page_at import page_of
from ..records import Number
from ._visits import Visit, address_of

__all__ = ["PagePattern", "page_last_seen", "page_seen_at"]


_ROUTE = re.compile(r"!?/[^?#]++")
"""A fragment by which an app names its page, as in `#/cart`."""


@attrs.frozen
class PagePattern:
    """The URLs that are taken as one page."""

    pattern: str
    """A pattern with `*`, or the address of one page."""

    is_literal: bool = False

    @classmethod
    def choose(cls, given: str | None, visits: Sequence[Visit], at: Number | None) -> PagePattern:
        """The given pattern; by default the page shown at a time, or else the one with the most clicks.

        Raises InvalidRequestError if no page matches, or if nothing was recorded by that time.
        """
        if given is not None:
            pattern = cls(given)
            if not any(pattern.matches(visit.url) for visit in visits):
                addresses = _some(_address(visit.url) for visit in visits)
                raise InvalidRequestError(f"no page matches {given!r}; there are: {addresses}")
            return pattern
        if at is not None:
            return cls(_address(page_seen_at(visits, at)[1]), is_literal=True)
        clicks = Counter[str]()
        for visit in visits:
            clicks[_address(visit.url)] += len(visit.clicks)
        return cls(max(clicks, key=clicks.__getitem__), is_literal=True)

    def matches(self, url: str) -> bool:
        """Whether a URL is one of them; only `*` is special, since URLs are full of other wildcards."""
        if self.is_literal:
            return _address(url) == self.pattern
        pattern = re.sub(r"[\[?]", r"[\g<0>]", self.pattern)
        return any(fnmatchcase(one, pattern) for one in (url, _address(url), _without_query_and_fragment(url)))


def page_seen_at(visits: Sequence[Visit], at: Number, pattern: PagePattern | None = None) -> tuple[Page, str]:
    """The page at a time, in the latest view that had begun by then, and its address.

    Raises InvalidRequestError if there is no such view, or if its page does not match the pattern.
    """
    begun = [visit for visit in visits if visit.start <= at]
    if not begun:
        first = min(visit.start for visit in visits)
        raise InvalidRequestError(f"the page was not recorded by {at}; the first recorded time is {first}")
    view = max(begun, key=lambda visit: visit.start).view
    page = page_at(view, at)
    address = address_of(page, view)
    if pattern is not None and not pattern.matches(address):
        raise InvalidRequestError(f"at {at} the page was {address!r}, which does not match {pattern.pattern!r}")
    return page, address


def page_last_seen(visits: Sequence[Visit], width: Number | None, tolerance: Number) -> tuple[Page, str]:
    """The page as it was last seen at the given width, or at the one that includes the most clicks; and its address.

    Raises InvalidRequestError if it was never seen at the given width.
    """
    if width is None:
        width = _most_clicked_width(visits, tolerance)
    near = [visit for visit in visits if abs(visit.width - width) <= tolerance]
    if not near:
        widths = _some(f"{one:g}" for one in sorted({visit.width for visit in visits}))
        raise InvalidRequestError(
            f"no page was seen {width:g} px wide, give or take {tolerance:g} px; there are: {widths}"
        )
    shown = max(near, key=lambda visit: (-abs(visit.width - width), not visit.is_uncertain, visit.end))
    view = shown.view
    page, inner = page_of(view), InnerRecords(view)
    for placed in islice(view.placed_records(), shown.records):
        for one in (*inner.before(placed.record), placed):
            page.apply(one.record, one.gap)
    return page, shown.url


def _most_clicked_width(visits: Sequence[Visit], tolerance: Number) -> Number:
    """The width that includes the most clicks; of several, the one that has the most itself."""
    clicks = Counter[Number]()
    for visit in visits:
        clicks[visit.width] += len(visit.clicks)
    widths = sorted(clicks)
    below = list(accumulate((clicks[width] for width in widths), initial=0))

    def included(width: Number) -> int:
        return below[bisect_right(widths, width + tolerance)] - below[bisect_left(widths, width - tolerance)]

    return max(widths, key=lambda width: (included(width), clicks[width]))


def _address(url: str) -> str:
    """A URL without query and fragment, unless the fragment is a route: pages of such an app have nothing else."""
    route = _ROUTE.match(url.partition("#")[2])
    return _without_query_and_fragment(url) + ("" if route is None else f"#{route[0]}")


def _without_query_and_fragment(url: str) -> str:
    return re.split("[?#]", url, maxsplit=1)[0]


def _some(values: Iterable[str]) -> str:
    different = list(dict.fromkeys(name[:200] for name in values))
    return ", ".join(different[:10]) + (f" and {len(different) - 10} more" if len(different) > 10 else "")
