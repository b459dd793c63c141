"""Which page is meant, and in which layout it is shown."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import accumulate, islice

import attrs

from ..._errors import SegmentError
from ..dom import Page, page_at
from ..records import Number
from ._clicks import Visit

__all__ = ["SamePage", "page_last_seen", "page_seen_at"]


@attrs.frozen
class SamePage:
    """Which URLs are those of one page."""

    pattern: str
    """As people give it, or one URL without query and fragment."""

    is_literal: bool = False

    @classmethod
    def as_given(cls, pattern: str | None, visits: Sequence[Visit], at: Number | None) -> SamePage:
        """That of a pattern; without one, of the page shown at a time, or else of the one with the most clicks."""
        if pattern is not None:
            same = cls(pattern)
            if not any(same.has(visit.url) for visit in visits):
                addresses = _some(_address(visit.url) for visit in visits)
                raise SegmentError(f"no page matches {pattern!r}; there are: {addresses}")
            return same
        if at is not None:
            return cls(_address(page_seen_at(visits, at).url or ""), is_literal=True)
        clicks = Counter[str]()
        for visit in visits:
            clicks[_address(visit.url)] += len(visit.clicks)
        return cls(max(clicks, key=clicks.__getitem__), is_literal=True)

    def has(self, url: str) -> bool:
        """Whether a URL is one of these; only `*` is special, for URLs are full of what else patterns know."""
        if self.is_literal:
            return _address(url) == self.pattern
        pattern = re.sub(r"[\[?]", r"[\g<0>]", self.pattern)
        return fnmatchcase(url, pattern) or fnmatchcase(_address(url), pattern)


def page_seen_at(visits: Sequence[Visit], at: Number, same: SamePage | None = None) -> Page:
    """The page at a time, in the view that began last before; raises SegmentError where that is none of the same."""
    begun = [visit for visit in visits if visit.start <= at]
    if not begun:
        first = min(visit.start for visit in visits)
        raise SegmentError(f"the page was not recorded by {at}; the first recorded moment is {first}")
    page = page_at(max(begun, key=lambda visit: visit.start).view, at)
    if same is not None and not same.has(page.url or ""):
        raise SegmentError(f"at {at} the page was {page.url!r}, which does not match {same.pattern!r}")
    return page


def page_last_seen(visits: Sequence[Visit], width: Number | None, tolerance: Number) -> Page:
    """The page as it was last seen in the layout that is wanted, or in the one that takes in the most clicks.

    Raises SegmentError where nobody saw it in the one that is wanted.
    """
    if width is None:
        width = _most_clicked_width(visits, tolerance)
    near = [visit for visit in visits if abs(visit.width - width) <= tolerance]
    if not near:
        widths = _some(f"{one:g}" for one in sorted({visit.width for visit in visits}))
        raise SegmentError(f"no page was seen {width:g} px wide, give or take {tolerance:g} px; there are: {widths}")
    shown = max(near, key=lambda visit: (-abs(visit.width - width), visit.end))
    page = Page()
    for record in islice(shown.view.records(), shown.records):
        page.apply(record)
    return page


def _most_clicked_width(visits: Sequence[Visit], tolerance: Number) -> Number:
    """The width that takes in the most clicks; of several, the one with the most itself."""
    clicks = Counter[Number]()
    for visit in visits:
        clicks[visit.width] += len(visit.clicks)
    widths = sorted(clicks)
    below = list(accumulate((clicks[width] for width in widths), initial=0))

    def taken_in(width: Number) -> int:
        return below[bisect_right(widths, width + tolerance)] - below[bisect_left(widths, width - tolerance)]

    return max(widths, key=lambda width: (taken_in(width), clicks[width]))


def _address(url: str) -> str:
    """A URL without query and fragment."""
    return re.split("[?#]", url, maxsplit=1)[0]


def _some(names: Iterable[str]) -> str:
    different = list(dict.fromkeys(name[:200] for name in names))
    return ", ".join(different[:10]) + (f" and {len(different) - 10} more" if len(different) > 10 else "")
