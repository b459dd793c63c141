"""RUM events as search finds them: flat, frozen, and with everything that the server sent. Pure."""

from __future__ import annotations

import copy
import inspect
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, cast

import attrs

from ._public import public
from ._resource import AwareDatetime

__all__ = ["EventPage", "MissingEvents", "PartialResultWarning", "RumEvent", "SearchWalk", "SearchWarning"]


@attrs.frozen(kw_only=True)
class RumEvent:
    """An event of RUM: a session, a view, an action, an error …

    Nothing is documented as always there, so any field may be None. So is the id of a session that no query can hold.
    """

    id: str | None
    """Whether it is what watches and snapshots name `event_id` is not documented."""

    type: str | None
    """`session`, `view`, `action`, `error`, `resource`, `long_task` …"""

    timestamp: AwareDatetime | None
    """When it happened; of a view or session, when that began."""

    session_id: str | None
    view_id: str | None
    """None for events of type `session`."""

    application_id: str | None
    attributes: dict[str, Any] = attrs.field(factory=dict[str, Any], hash=False, repr=False)
    """The event's own fields, such as `view` and `usr`; custom ones are under `context`. May contain personal data."""

    extra: dict[str, Any] = attrs.field(factory=dict[str, Any], hash=False, repr=False)
    """What the server sent beside them: `service`, `tags`, and what this release does not know."""

    _wire: dict[str, Any] | None = attrs.field(default=None, init=False, eq=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The wire form, `{"id": …, "type": "rum", "attributes": {"timestamp": …, "attributes": {…}}}`.

        In one that was not sent by the server, ids and type are those of the fields, whatever `attributes` holds.
        """
        if self._wire is not None:
            return copy.deepcopy(self._wire)
        own = {name: value for name, value in copy.deepcopy(self.attributes).items() if name != "type"}
        own |= {} if self.type is None else {"type": self.type}
        ids = {"session": self.session_id, "view": self.view_id, "application": self.application_id}
        for name, known in ids.items():
            given: Any = own.get(name)
            if known is not None:
                own[name] = {**(given if isinstance(given, dict) else {}), "id": known}
            elif isinstance(given, dict):
                own[name] = {key: value for key, value in cast("dict[str, Any]", given).items() if key != "id"}
        time = {} if self.timestamp is None else {"timestamp": self.timestamp.isoformat()}
        outer = {**copy.deepcopy(self.extra), **time, "attributes": own}
        return {**({} if self.id is None else {"id": self.id}), "type": "rum", "attributes": outer}


class PartialResultWarning(UserWarning):
    """A search did not return everything: it took too long, or parts of the data could not be searched."""


@attrs.frozen(kw_only=True)
class SearchWarning:
    """What the server says may be wrong with a page."""

    code: str | None = None
    title: str | None = None
    detail: str | None = None

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.title or self.code, self.detail))) or "a warning without a text"


@attrs.frozen(kw_only=True)
class EventPage:
    """One page of events: iterable, with a length."""

    items: Sequence[RumEvent]
    cursor: str | None
    """Continues after this page, as the argument `cursor` of the same search; None at the end, and of a page that was
    cut at the limit, since it would skip the rest."""

    status: str | None = None
    """`done`, or `timeout` if events are missing; None if the server does not say."""

    warnings: tuple[SearchWarning, ...] = ()

    @property
    def partial(self) -> tuple[str, ...]:
        """Why events may be missing from this page; empty if nothing is known to be."""
        timeout = () if self.status in (None, "done") else (f"the search ended with the status {self.status!r}",)
        return (*timeout, *map(str, self.warnings))

    def __iter__(self) -> Iterator[RumEvent]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class SearchWalk:
    """The position of a search: which cursor to ask with next.

    The end is a page without events, or one without a cursor; never a short one. A cursor that was used before ends
    the search too, since it would never end otherwise, and counts as missing events.
    """

    def __init__(self, cursor: str | None, limit: int | None) -> None:
        self.cursor = cursor
        """None for the first page."""
        self.has_ended = limit == 0
        self._left = limit
        self._used: set[str | None] = set()

    def take(self, page: EventPage) -> EventPage | None:
        """The page, cut at the limit; None at the end of the search, unless the server says that events are missing."""
        self._used.add(self.cursor)
        self.cursor = page.cursor
        repeated = page.cursor is not None and page.cursor in self._used
        self.has_ended = not page.items or page.cursor is None or repeated
        if repeated:
            page = attrs.evolve(page, cursor=None, warnings=(*page.warnings, _REPEATED))
        if self._left is not None:
            if len(page) > self._left:
                page = attrs.evolve(page, items=page.items[: self._left], cursor=None)
            self._left -= len(page)
            self.has_ended = self.has_ended or self._left == 0
        return page if page.items or page.partial else None


class MissingEvents:
    """What is known to be missing from the pages of one iteration: added to the reasons of its search, and warned of
    once."""

    def __init__(self, reasons: dict[str, None]) -> None:
        self._reasons = reasons
        self._has_warned = False

    def note(self, page: EventPage) -> None:
        """Take the reasons that a page gives; the first page with one issues a PartialResultWarning."""
        self._reasons.update(dict.fromkeys(page.partial))
        if page.partial and not self._has_warned:
            self._has_warned = True
            message = f"the search did not return everything: {'; '.join(page.partial)}"
            warnings.warn(message, PartialResultWarning, stacklevel=_level_of_caller())


def _level_of_caller() -> int:
    """The `stacklevel` of the first frame outside of this package, for warnings of the function that asks."""
    frame, level = inspect.currentframe(), 0
    while frame is not None and str(frame.f_globals.get("__name__")).startswith("rum_replay."):
        frame, level = frame.f_back, level + 1
    return level


_REPEATED = SearchWarning(title="the server sent a cursor again", detail="the pages after it cannot be fetched")


public(EventPage, PartialResultWarning, RumEvent, SearchWarning)
