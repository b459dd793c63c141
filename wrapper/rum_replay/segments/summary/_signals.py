"""The rage and dead clicks of a view, found while its records are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..dom import Effect, Page
from ..records import FrustrationRecord, Number, Record
from ._clicks import Click, DeadClicks, RageClicks, Signal
from ._gestures import is_reaction, takes_input
from ._quantities import is_moment

__all__ = ["Signals"]


class Signals:
    """Takes the records of a view in order, and gives each rage or dead click as soon as it is certain."""

    def __init__(self) -> None:
        self._rage = RageClicks()
        self._dead = DeadClicks()
        self._last: Number | None = None

    def add(self, record: Record, effects: Sequence[Effect], page: Page, click: Click | None) -> Iterator[Signal]:
        """Add the next record, what `page.apply` returned for it, and the click that it contains, if any."""
        time = record.timestamp
        # The timestamp of a frustration is that of its click, so it goes backwards.
        if isinstance(record, FrustrationRecord) or time is None or not is_moment(time):
            return
        self._last = time if self._last is None else max(self._last, time)
        yield from self._dead.advance_to(time)
        if is_reaction(record, effects):
            self._dead.react()
        if click is None:
            return
        rage = self._rage.add(click)
        if rage is not None:
            yield rage
        if not takes_input(None if click.node_id is None else page.find(click.node_id)):
            self._dead.add(click)

    def end(self) -> Iterator[Signal]:
        """The rage and dead clicks that the end of the view makes certain."""
        rage = self._rage.end()
        if rage is not None:
            yield rage
        if self._last is not None:
            yield from self._dead.advance_to(self._last)
