"""The rage and dead clicks of a view, found while its records are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .._gaps import Gap
from ..dom import CheckedSet, Effect, Page, Scrolled, ValueSet
from ..records import (
    ChangeRecord,
    FrustrationRecord,
    FullSnapshotRecord,
    IncrementalSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Number,
    Record,
)
from ..records._incremental import MouseInteractionData, PointerInteractionData
from ..records._interactions import DOUBLE_CLICK, MOUSE_DOWN, MOUSE_UP, TOUCH_START
from ._click_targets import has_text, target_of
from ._clicks import Click, ClickRuns, Press, Signal
from ._gestures import changes_unknown_nodes, is_added_by_label, is_at_corner, is_reaction
from ._quantities import is_moment, plausible_pixels

__all__ = ["Signals"]

_WITHOUT_SIGNALS = frozenset({FrustrationRecord, MobileIncrementalSnapshotRecord})
_CHANGING = (ChangeRecord, FullSnapshotRecord, IncrementalSnapshotRecord)
"""A view may begin because of the press before it."""

_NONE: tuple[Signal, ...] = ()
_OF_POINTERS = frozenset({MouseInteractionData, PointerInteractionData})
_ENTRIES = (ValueSet, CheckedSet)
_TYPES = {"down": TOUCH_START, "up": MOUSE_UP}

_CLICK_DELAY = 1_000
"""Maximum number of milliseconds between the lifting of a pointer and its click; touch screens may wait for another."""


_UNRECORDED = 200
"""Maximum number of milliseconds from a reaction to a press that is not recorded to the release."""


class Signals:
    """Takes the records of a view in order, and gives each rage or dead click as soon as it is certain."""

    def __init__(self) -> None:
        self._runs = ClickRuns()
        self._press: Press | None = None
        self._has_presses = False
        self._last_click: Click | None = None
        self._last: Number | None = None
        self._changed: Number | None = None
        """When a record changed the page last."""

    def add(
        self, record: Record, effects: Sequence[Effect], page: Page, click: Click | None, gap: Gap | None = None
    ) -> Sequence[Signal]:
        """Add the next record, what `page.apply` returned for it, the click that it contains, and what is missing."""
        if gap is None:
            return self._added(record, effects, page, click)
        # What is missing at an unknown place in its segment may be on either side of the record.
        signals = [*self._miss(), *self._added(record, effects, page, click)]
        return signals if gap.within is None else [*signals, *self._miss(self._last)]

    def _miss(self, until: Number | None = None) -> Iterator[Signal]:
        """Records are missing here: of reactions to earlier clicks nothing is known, as at the end of a view.

        `until` is when they ended; otherwise they may be up to the next record.
        """
        yield from self.end()
        # The press of the next click may be among them, and the reaction to it.
        self._press, self._last_click = Press(has_effect=True, is_missing=True, released=until), None

    def _added(self, record: Record, effects: Sequence[Effect], page: Page, click: Click | None) -> Sequence[Signal]:
        time = record.timestamp
        # The timestamp of a frustration is that of its click, so it goes backwards. The rules are those for browsers.
        if type(record) in _WITHOUT_SIGNALS or page.is_mobile or not is_moment(time):
            return _NONE
        if self._last is None or time > self._last:
            self._last = time
        runs, press = self._runs, self._press
        has_changed = bool(effects) or changes_unknown_nodes(record, effects, page)
        if has_changed and isinstance(record, _CHANGING):
            self._changed = time
        signals = [*runs.advance_to(time)] if runs.are_open else _NONE
        if press is not None and press.is_missing and press.released is None:
            press.released = time
        # Most records have no effects, and are no reaction.
        if (has_changed or type(record) is not IncrementalSnapshotRecord) and (press is not None or runs.are_undecided):
            self._note_effects(record, effects, page)
        if type(record) is IncrementalSnapshotRecord and type(record.data) in _OF_POINTERS:
            self._note_pointer(record.data, time, page)
        if click is not None:
            self._add_click(click, page)
        return signals

    def end(self) -> Iterator[Signal]:
        """The rage and dead clicks that the end of the view makes certain."""
        if self._last is not None:
            yield from self._runs.end(self._last)

    def _note_effects(self, record: Record, effects: Sequence[Effect], page: Page) -> None:
        kinds = set(map(type, effects))
        has_scrolled = Scrolled in kinds
        if has_scrolled or not kinds.isdisjoint(_ENTRIES):
            if self._press is None:
                self._runs.engage(by_scrolling=has_scrolled)
            else:
                self._press.has_effect = True
                self._press.has_scrolled |= has_scrolled
        if is_reaction(record, effects, page):
            self._runs.react()
            if self._press is not None:
                self._press.has_effect = True

    def _note_pointer(self, data: object, time: Number, page: Page) -> None:
        is_on_text = False
        if type(data) is MouseInteractionData:
            what: int | None = data.type
            is_on_text = what == MOUSE_DOWN and has_text(page, data.id)
        elif type(data) is PointerInteractionData:
            what = _TYPES.get(data.pointer_event_type)
        else:
            return
        if what == MOUSE_UP:
            self._has_presses = True
            if self._press is None:
                # Pages can prevent the events of a mouse after that of its pointer, to which they react themselves.
                self._press = Press(has_effect=_follows(self._changed, time, _UNRECORDED))
            self._press.released = time
        elif what == TOUCH_START or (what == MOUSE_DOWN and not self._is_tap(time)):
            x, y = plausible_pixels(data.x), plausible_pixels(data.y)
            self._press = Press(x=x, y=y, is_touch=what == TOUCH_START, is_on_text=is_on_text)
        elif what == DOUBLE_CLICK and type(data) is MouseInteractionData:
            self._runs.add_double_click(data.id)

    def _is_tap(self, time: Number) -> bool:
        """Whether a touch has just ended: browsers send the events of a mouse after it."""
        press = self._press
        return press is not None and press.is_touch and _follows(press.released, time, _CLICK_DELAY)

    def _add_click(self, click: Click, page: Page) -> None:
        earlier, self._last_click = self._last_click, click
        press, self._press = self._press, None
        if press is not None and press.is_missing and not _follows(press.released, click.time, _CLICK_DELAY):
            press = None
        if press is None or (self._has_presses and not _follows(press.released, click.time, _CLICK_DELAY)):
            if is_at_corner(click) or (self._has_presses and is_added_by_label(click, earlier)):
                return  # It comes from the keyboard, from a script, or from a label that was clicked.
            press = press or Press()
        self._runs.add(click, target_of(page, click.node_id), press)


def _follows(earlier: Number | None, time: Number, delay: Number) -> bool:
    return earlier is not None and 0 <= time - earlier <= delay
