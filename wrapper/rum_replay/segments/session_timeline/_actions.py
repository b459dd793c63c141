"""What people did in a view, action by action, in order; what belongs together, such as one text typed, is one action.

Elements are described at the moment of each action by whatever reads the actions, since the page changes afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar, cast

from .._gaps import Gap
from .._recording import View
from .._timelines import TimelineClock
from ..dom import (
    CheckedSet,
    Effect,
    FocusSet,
    Node,
    NodeAdded,
    NodeKind,
    NodeRemoved,
    Scrolled,
    SnapshotTaken,
    TextSet,
    UrlSet,
    ValueSet,
    ViewportResized,
)
from ..dom._names.selectors import short_text
from ..dom._page import is_inner
from ..records import (
    ChangeRecord,
    FrustrationRecord,
    IncrementalSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Number,
    Record,
    ViewEndRecord,
)
from ..records._incremental import MouseInteractionData, MouseMoveData
from ..records._interactions import FOCUS, MOUSE_DOWN, MOUSE_UP, MOVES_FOCUS, TOUCH_END, TOUCH_START
from ..summary._clicks import Click, Signal
from ..summary._gestures import click_in, is_interaction
from ..summary._quantities import plausible_pixels
from ..summary._signals import Signals
from ..summary._taps import Taps
from ._fields import Fields
from ._frames import Frames
from ._layers import Layers
from ._moment import Action, Describer, Moment
from ._movements import Movements
from ._pointers import Pointers, TimelineClick
from ._secrets import Secrets

__all__ = ["actions_of"]

_HELD_FOR = 60_000
"""Milliseconds for which actions are held, because frustration is found later than the click that it is about."""

_TITLED_WITHIN = 2_000
"""Milliseconds from a new address to the title that belongs to it: scripts that change pages change titles last."""

_TITLED_BEFORE = 150
"""Milliseconds from a title to the new address that it belongs to: scripts may begin with the title."""

_TWICE_WITHIN = 100
"""Milliseconds in which a window gets the focus once, however often that is recorded."""

_MAX_TITLE = 200
_MAX_TITLE_NODES = 100
_RETITLING_EFFECTS = NodeAdded | NodeRemoved | TextSet

_NEEDING_A_PAGE = (IncrementalSnapshotRecord, ChangeRecord, MobileIncrementalSnapshotRecord)

_LOADED_BY_REASON = {"init": True, "view_change": False}

E = TypeVar("E")


def actions_of(view: View, clock: TimelineClock, describer: Describer[E]) -> Iterator[Action[E]]:
    """All actions of a view in order; reads its records once."""
    return _ViewActions(clock, describer).read(view)


class _ViewActions(Generic[E]):
    def __init__(self, clock: TimelineClock, describer: Describer[E]) -> None:
        self._clock = clock
        self._moment = Moment(describer)
        self._secrets = Secrets()
        self._pointers = Pointers(self._moment)
        self._fields = Fields(self._moment, self._secrets, self._pointers)
        self._layers = Layers(self._moment, self._pointers, self._secrets)
        self._movements = Movements(self._moment)
        self._frames = Frames(self._moment)
        self._signals = Signals()
        self._taps = Taps(lambda _, node_id: self._moment.element(node_id, {}))
        self._last_url: str | None = None
        self._has_page = self._is_mobile = self._is_screen = False
        self._is_loaded: bool | None = None
        """Whether the browser loaded the page when the view began, as far as its segments say why they begin."""

        self._shown: Action[E] | None = None
        """The page that was added last, until it is left."""

        self._retitled: tuple[Number, str | None] | None = None
        """When its title changed last, and which one it had before."""

        self._met: Number | None = None
        """When the address was recorded last, as before each snapshot."""

        self._has_focus = False
        self._left_at: Number | None = None
        """When the window lost focus."""

        self._back_at: Number = -math.inf
        """When it got it back."""

        self._has_begun = False
        self._last_gap: str | None = None
        """What is missing since the last full snapshot."""

        self._first_gap: str | None = None
        """What is missing before the first record, until its time is known."""

    def read(self, view: View) -> Iterator[Action[E]]:
        self._is_screen = view.source not in (None, "browser") and not view.is_in_slot
        first = next(iter(view.segments), None)
        if first is not None and first.metadata.index_in_view == 0:
            self._is_loaded = _LOADED_BY_REASON.get(first.metadata.creation_reason or "")
        for placed in view.placed_records():
            gap = placed.gap
            if gap is not None:
                self._gap(gap.before)
            self._record(placed.record, gap)
            if gap is not None and self._moment.page.root is not None:
                self._gap(gap.within)
            yield from self._moment.until(self._certain_until())
        self._gap(view.gap_at_end)
        if (tap := self._taps.end(view.followed_at)) is not None:
            self._click(tap, is_tap=True)
        self._add_gesture()
        self._add_signals(self._signals.end())
        if view.count:
            self._add_page()
        self._end_changes()
        self._pointers.drags.end()
        self._layers.end()
        yield from self._moment.rest()

    def _certain_until(self) -> Number:
        """No action before this time can be found any more."""
        began = [time - 1 for time in (self._fields.since, self._movements.since) if time is not None]
        return min(self._moment.now - _HELD_FOR, *began, self._moment.now)

    def _end_changes(self) -> None:
        self._fields.end()
        self._movements.end()

    def _record(self, record: Record, gap: Gap | None) -> None:
        moment = self._moment
        effects = moment.page.apply(record, gap)
        moment.note(effects)
        if isinstance(record, FrustrationRecord):
            self._frustration(record)
            self._add_signals(self._signals.add(record, effects, moment.page, None, gap))
            return
        if record.timestamp is not None:
            moment.now = self._clock.at(record.timestamp)
            self._has_begun = True
        if isinstance(record, ViewEndRecord):
            self._end_page()
            self._layers.leave()
            self._fields.navigate()
        if self._first_gap is not None and self._has_begun:
            moment.add(moment.action("gap", reason=self._first_gap))
            self._first_gap = None
        self._fields.pause()
        self._movements.pause()
        self._frames.note(effects)
        for effect in effects:
            self._effect(effect)
        if self._last_gap is None and isinstance(record, _NEEDING_A_PAGE):
            # The touch that ends a screen may be among the records of the next one, before its first snapshot.
            is_touch = isinstance(record, MobileIncrementalSnapshotRecord) and is_interaction(record)
            self._gap(None if is_touch else moment.page.uncertain_because)
        self._pointers.drags.note(effects)
        self._layers.note(effects)
        if self._layers.chosen is not None:
            self._fields.choose(*self._layers.chosen)
        self._states(effects)
        self._retitle(effects)
        self._add_signals(self._signals.add(record, effects, moment.page, self._pointer(record), gap))

    # Effects

    def _effect(self, effect: Effect) -> None:
        if isinstance(effect, SnapshotTaken):
            self._snapshot(effect.root)
        elif isinstance(effect, UrlSet):
            self._met = self._moment.now
            self._fields.navigate()
            if self._has_page:
                self._add_page()
        elif isinstance(effect, FocusSet):
            self._window(has_focus=effect.has_focus)
        elif isinstance(effect, ViewportResized):
            self._movements.resize(effect.width, effect.height, is_listed=self._has_page)

    def _states(self, effects: Sequence[Effect]) -> None:
        """Changes of fields and scroll positions; those of new nodes are their first state."""
        new: set[int] = set()
        focused = self._pointers.focus.node_id
        self._fields.note(effects)
        for effect in effects:
            if isinstance(effect, NodeAdded):
                new.add(effect.node.id)
                self._pointers.note_added(effect.node)
                self._fields.note_added(effect.node)
                self._movements.note_added()
                self._secrets.note(effect.node)
            elif isinstance(effect, NodeRemoved):
                self._fields.note_removed(effect)
            if isinstance(effect, ValueSet | CheckedSet | Scrolled) and effect.id not in new:
                self._add_page()
                if isinstance(effect, Scrolled):
                    self._movements.scroll(effect)
                else:
                    self._movements.end()
                    self._fields.change(effect)
            elif isinstance(effect, TextSet | NodeAdded | NodeRemoved) and focused is not None:
                self._fields.edit(effect, focused)
        self._fields.add_selections()
        if self._fields.since is not None:
            # Fields in lists of which only a part is drawn go as these are scrolled.
            by_key = self._movements.since is None and not self._layers.have_just_closed
            self._fields.leave(effects, by_key=by_key)

    def _snapshot(self, root: Node | None) -> None:
        self._movements.end()
        self._fields.start()
        self._pointers.forget()
        self._layers.forget()
        self._last_gap = None
        if self._moment.page.is_mobile and not (self._is_mobile or self._is_screen):
            # Until now, this seemed to be what a web view on the screen recorded.
            self._moment.forget()
            self._is_mobile, self._has_page, self._last_url = True, False, None
        if root is not None:
            self._secrets.start(root)
            self._layers.start(root)
            self._movements.start(root, self._moment.page.scroll)
            self._add_page()

    def _window(self, *, has_focus: bool) -> None:
        moment, frame, details = self._moment, self._pointers.hover.frame_below(), dict[str, Any]()
        # A window that has the focus loses it to a frame in it. That it has it is also recorded before a snapshot, and
        # perhaps twice when it gets it back; so it does when it is clicked while a frame has the focus from the start.
        is_within = has_focus and self._has_focus and self._left_at is None and not self._pointers.is_just_pressed
        is_said_anyway = self._met == moment.now or moment.now - self._back_at <= _TWICE_WITHIN
        frames = self._frames.shown() if is_within and not is_said_anyway else []
        is_frame = bool(frames)
        if is_frame:
            frame = frames[0] if len(frames) == 1 else frame
            details = {"is_frame": True} if len(frames) == 1 else {"is_frame": True, "frames": len(frames)}
        self._has_focus = has_focus
        is_gone = is_frame or not has_focus
        if is_gone == (self._left_at is not None):
            return
        if self._has_page:
            self._end_changes()
            if is_gone:
                moment.add(moment.action("focus_lost", frame, **details))
            elif self._left_at is not None:
                moment.add(moment.action("focus_back", away=moment.now - self._left_at))
                self._back_at = moment.now
        self._left_at = moment.now if is_gone else None

    def _add_page(self) -> None:
        """Add which page is shown, unless that was added."""
        url, size = self._moment.page.url, self._movements.size
        if self._has_page and (url is None or url == self._last_url):
            return
        self._end_changes()
        self._end_page()
        details: dict[str, Any] = {"url": url, "title": self._title(), "is_new_view": not self._has_page}
        if not self._has_page and self._is_loaded is not None:
            details["is_loaded"] = self._is_loaded
        if size is not None:
            details["viewport"] = list(size)
        if self._is_screen or self._moment.page.is_mobile:
            details["is_mobile"] = True
        self._last_url, self._has_page = url, True
        self._shown = self._moment.add(self._moment.action("page", **details))

    def _retitle(self, effects: Sequence[Effect]) -> None:
        """The page that was added last has the title that it gets soon afterwards, if it gets one."""
        shown = self._shown
        if shown is None or self._moment.is_lost or self._moment.now - shown.at > _TITLED_WITHIN:
            return
        if any(isinstance(effect, _RETITLING_EFFECTS) for effect in effects):
            before, shown.details["title"] = shown.details["title"], self._title()
            if before != shown.details["title"]:
                self._retitled = (self._moment.now, before)

    def _end_page(self) -> None:
        """The page that was added last is left; a title that it got just before is already that of the next one."""
        at, before = self._retitled or (None, None)
        if self._shown is not None and at is not None and self._moment.now - at <= _TITLED_BEFORE:
            self._shown.details["title"] = before
        self._shown = self._retitled = None

    def _title(self) -> str | None:
        """The title of the page; None if it is masked or not recorded."""
        parent = None if self._moment.is_lost else self._moment.page.root
        for name in ("html", "head", "title"):
            child = None if parent is None else parent.first_child
            for _ in range(_MAX_TITLE_NODES):
                if child is None or (child.name == name and child.kind is NodeKind.ELEMENT):
                    break
                child = child.next_sibling
            parent = child if child is not None and child.name == name else None
        if parent is None:
            return None
        title = short_text(parent, _MAX_TITLE, _MAX_TITLE_NODES)
        return title if title and not self._secrets.is_masked(parent, title) else None

    def _gap(self, reason: str | None) -> None:
        """Records are missing here: what is changed and clicked afterwards is uncertain until the next snapshot."""
        if reason is None:
            return
        if reason == self._last_gap:
            return
        self._last_gap = reason
        self._end_changes()
        self._pointers.forget()
        self._layers.forget()
        if self._has_begun:
            self._moment.add(self._moment.action("gap", reason=reason))
        else:
            self._first_gap = reason

    # Clicks

    def _pointer(self, record: Record) -> TimelineClick[E] | None:
        tap = self._taps.tap_in(record, self._moment.page)
        if tap is not None:
            return self._click(tap, is_tap=True)
        self._add_gesture()
        click = None if is_inner(self._moment.page, record) else click_in(record)
        found = None if click is None else self._click(click)
        if isinstance(record, IncrementalSnapshotRecord):
            if isinstance(record.data, MouseMoveData):
                self._pointers.hover.move(record.data)
            elif isinstance(record.data, MouseInteractionData):
                self._interaction(record.data, record.id)
        return found

    def _add_gesture(self) -> None:
        if (gesture := self._taps.gesture) is not None:
            self._add_page()
            self._pointers.add_gesture(gesture)

    def _interaction(self, data: MouseInteractionData, record_id: int | None) -> None:
        if data.type not in MOVES_FOCUS:
            self._pointers.note(data, record_id)
            at = Click(time=self._moment.now, x=plausible_pixels(data.x), y=plausible_pixels(data.y), node_id=data.id)
            if data.type in (MOUSE_DOWN, TOUCH_START):
                self._layers.press(at, is_mouse=data.type == MOUSE_DOWN)
            elif data.type in (MOUSE_UP, TOUCH_END):
                self._layers.release(at)
                self._fields.release()
            return
        focused = data.id if data.type == FOCUS else None
        self._layers.focus(data.id, is_lost=focused is None)
        self._pointers.focus.move(focused, self._moment.now)
        self._fields.focus(focused)

    def _click(self, click: Click, *, is_tap: bool = False) -> TimelineClick[E]:
        self._add_page()
        self._end_changes()
        self._layers.click(click.node_id)
        return self._pointers.tap(click, self._taps.element) if is_tap else self._pointers.click(click)

    def _add_signals(self, signals: Iterable[Signal]) -> None:
        for signal in signals:
            first = signal.first
            if isinstance(first, TimelineClick):
                found = cast("TimelineClick[E]", first)
                details: dict[str, Any] = {"clicks": signal.clicks}
                if found.unknown is not None:
                    details["unknown"] = found.unknown
                self._moment.add(Action(kind=signal.kind, at=found.at, element=found.element, details=details))

    def _frustration(self, record: FrustrationRecord) -> None:
        known = self._pointers.interactions
        found = [known[number] for number in record.data.record_ids if number in known]
        at, element = min(found, key=lambda one: one[0], default=(self._moment.now, None))
        details = {"types": list(record.data.frustration_types)}
        self._moment.add(Action(kind="frustration", at=at, element=element, details=details))
