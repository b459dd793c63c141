"""Marks on the timeline: what people did, and on which element."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from .._gaps import Gap
from ..dom import CheckedSet, Effect, Page, ValueSet
from ..dom._names.element_names import Element, Elements
from ..records import FrustrationRecord, Number, Record
from ..summary._clicks import Click, Signal
from ..summary._fields import FieldStates
from ..summary._gestures import Clicks, is_movement
from ..summary._signals import Signals
from ..summary._taps import Taps
from ._events import custom

__all__ = ["Marks"]

_TYPING_PAUSE = 2_000
"""Milliseconds after which a further change of the same field is a new mark; before that, somebody is typing."""

_NOT_RECORDED = "something that is not in the recording"
_EMPTY_SCREEN = "the screen, where nothing is drawn"
_MAX_INTERACTIONS = 10_000
"""Frustration refers to interactions of the last seconds."""


@attrs.frozen(kw_only=True)
class _MarkedClick(Click):
    number: int | None
    """Its number among the marked clicks of the view; None before the page is known."""


class Marks:
    """The marks of one view."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._elements = Elements()
        self._interactions: dict[int, Number] = {}
        self._signals = Signals()
        self._taps = Taps(self._elements.find)
        self._pointers = Clicks()
        self.tap: Click | None = None
        """The tap on a mobile screen that the last record completes."""
        self._clicks = 0
        self._fields = FieldStates()
        self._last_field: int | None = None
        self._last_input: Number = 0

    def note_effects(self, effects: Sequence[Effect], now: Number) -> None:
        """Note what a record did to the page, before anything else of it."""
        self._elements.note(effects)
        self._fields.note(effects, self._page, now)

    def note_interaction(self, record_id: int | None, now: Number) -> None:
        """Note an interaction that frustration may refer to: SDKs name the one that started a click, not the click."""
        if record_id is None:
            return
        if len(self._interactions) >= _MAX_INTERACTIONS:
            self._interactions.clear()
        self._interactions[record_id] = now

    def note_gap(self) -> None:
        """Note that records are missing: what is entered next is a new mark."""
        self._last_field = None

    def clicks(
        self, record: Record, effects: Sequence[Effect], gap: Gap | None, now: Number, *, are_shown: bool
    ) -> Iterator[bytes]:
        """The click that a record contains, and the rage and dead clicks that it, or what is missing, makes certain."""
        self.tap = found = None
        if is_movement(record):
            self._pointers.note(record)
        else:
            self.tap = self._taps.tap_in(record, self._page)
            found = self.tap or self._pointers.click_in(record)
        click = None
        if found is not None:
            click = _MarkedClick(**attrs.asdict(found), number=self._clicks if are_shown else None)
        if found is not None and are_shown:
            self._clicks += 1
            self._last_field = None
            if self.tap is not None:
                at, target = min(now, self.tap.time), self._name(self._taps.element)
            else:
                at, target = now, self._label(self._pointers.clicked(found, self._page))
            yield custom(at, "click", target=target)
        for signal in self._signals.add(record, effects, self._page, click, gap):
            yield from _signal(signal, now)

    def end(self, now: Number, followed_at: Number | None) -> Iterator[bytes]:
        """The rage and dead clicks, and the tap, that the end of the view makes certain."""
        tap = self._taps.end(followed_at)
        if tap is not None:
            yield custom(min(now, tap.time), "click", target=self._name(self._taps.element))
        for signal in self._signals.end():
            yield from _signal(signal, now)

    def input(self, effect: ValueSet | CheckedSet, now: Number) -> Iterator[bytes]:
        """A form field was set; changes of the same field in quick succession are one mark."""
        if not self._fields.are_changed_by(effect, now) or (isinstance(effect, CheckedSet) and not effect.checked):
            return
        is_typing = self._last_field == effect.id and now - self._last_input < _TYPING_PAUSE
        self._last_field, self._last_input = effect.id, now
        if not is_typing:
            yield custom(now, "input", target=self._label(effect.id))

    def frustration(self, record: FrustrationRecord, now: Number) -> bytes:
        """Frustration that the SDK detected, at the first of its clicks."""
        times = [self._interactions[i] for i in record.data.record_ids if i in self._interactions]
        kinds = ", ".join(kind.replace("_", " ") for kind in record.data.frustration_types)
        return custom(now, "frustration", target=kinds, time=min(times, default=now))

    def _label(self, id: int | None) -> str:
        """A name for a node: its tag and the short text by which people know it, or else its CSS selector."""
        return self._name(None if id is None else self._elements.find(self._page, id))

    def _name(self, element: Element | None) -> str:
        if element is None:
            missing = self._page.uncertain_because
            if missing is not None:
                return f"an unknown element ({missing})"
            return _EMPTY_SCREEN if self._page.is_mobile else _NOT_RECORDED
        return element.selector if element.caption is None else f"{element.name} “{element.caption}”"


def _signal(signal: Signal, now: Number) -> Iterator[bytes]:
    """A rage or dead click, which refers to its first click."""
    first = signal.first
    if isinstance(first, _MarkedClick) and first.number is not None:
        yield custom(now, "signal", kind=signal.kind, clicks=signal.clicks, click=first.number)
