"""Where a view begins in the player, and from where to where records of it are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from ..dom import Page
from ..records import Number
from ._events import custom

__all__ = ["ViewSpan"]


@attrs.define(eq=False)
class ViewSpan:
    """Marks the beginning of a view and its gaps; each lasts up to the next full snapshot."""

    page: Page
    view_id: str | None
    follows_page: bool
    """Whether the page of an earlier view is shown until there is a full snapshot of this one."""

    is_shown: bool = False
    """Whether its own page is shown."""

    has_begun: bool = False
    """Whether it has, if only over the page of an earlier view, because its full snapshot is missing."""

    _last_gap: str | None = None
    """What is missing since the last full snapshot."""

    def gap(self, reason: str | None, now: Number) -> Iterator[bytes]:
        """Something is missing here."""
        if reason is None:
            return
        if self.has_begun and reason != self._last_gap:
            yield custom(now, "gap", reason=reason)
        self._last_gap = reason

    def note(self, now: Number) -> Iterable[bytes]:
        """A record has been applied to the page, which may show that others are missing, such as the full snapshot."""
        missing = self.page.uncertain_because
        return () if missing is None else self._missing(missing, now)

    def _missing(self, missing: str, now: Number) -> Iterator[bytes]:
        if self.has_begun:
            yield from self.gap(missing if self._last_gap is None else None, now)
        elif self.follows_page:
            self.has_begun, self._last_gap = True, missing
            yield custom(now, "view", id=self.view_id, url=self.page.url)
            yield custom(now, "gap", reason=f"{missing}, so the page before is shown")

    def snapshot(self, now: Number) -> Iterator[bytes]:
        """There is a full snapshot."""
        if not self.has_begun:
            yield custom(now, "view", id=self.view_id, url=self.page.url)
        elif self._last_gap is not None:
            yield custom(now, "gap_end")
        self.has_begun, self.is_shown, self._last_gap = True, True, None
