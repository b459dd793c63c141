"""Which records are clicks, which show that somebody is active, and which that the page reacted."""

from __future__ import annotations

from collections.abc import Sequence

from ..dom import Effect, FocusSet, MediaSet, Node, Page, SnapshotTaken, UrlSet, ViewportResized
from ..dom._roles import control_of, is_control, upwards
from ..records import (
    AddNodes,
    ChangeRecord,
    IncrementalSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Number,
    Record,
    RemoveNodes,
    SetAttributes,
    SetTexts,
    ViewEndRecord,
)
from ..records._incremental import (
    MouseInteractionData,
    MouseMoveData,
    MutationData,
    PointerInteractionData,
    ScrollData,
    TouchMoveData,
)
from ..records._interactions import CLICK, MOUSE_DOWN, MOUSE_UP, MOVES_FOCUS, TOUCH_END, TOUCH_START
from ..records._mobile import TouchData
from ._click_targets import changes_what_the_sdk_observes
from ._clicks import Click
from ._quantities import plausible_pixels

__all__ = [
    "LABEL_RULE",
    "MOVEMENT",
    "Clicks",
    "changes_unknown_nodes",
    "click_in",
    "is_added_by_label",
    "is_at_corner",
    "is_interaction",
    "is_movement",
    "is_reaction",
    "unrecorded_way",
]

_PRESS_DISTANCE = 3
"""Pixels between where the mouse is when its button goes down and the click."""

_LONGEST_WAY = 30

_LONG = 60_000
"""Milliseconds for which a button may be down, or the mouse rest."""

_CLICK_DISTANCE = 8
"""Pixels between where a pointer is pressed and its click; a browser may move the click of a finger a little."""

ADDED_WITHIN = 1_000
"""Milliseconds between the click on a label and the one that browsers add on its field; slow pages take their time."""

_ADDED_AT_ONCE = 100
"""The same at the corner of the viewport, where all clicks are that scripts and keys make."""

LABEL_RULE = (
    "click on a label: one click; the one that browsers add on its field, at the same place within "
    f"{ADDED_WITHIN / 1000:g} s without a press in between, does not count; all others that are recorded do, also "
    "those that keys and scripts make"
)

MOVEMENT: frozenset[type[object]] = frozenset({MouseMoveData, TouchMoveData})
"""The data of records that are nothing but positions of a pointer in a browser, as most records are."""

_INTERACTION: frozenset[type[object]] = frozenset({MouseMoveData, TouchMoveData, ScrollData, PointerInteractionData})
_REACTION: frozenset[type[object]] = frozenset({SnapshotTaken, UrlSet, MediaSet, ViewportResized})
"""Effects that come with what the SDK observes and segments lack: new views, requests, windows."""

_MUTATIONS = frozenset({AddNodes, RemoveNodes, SetAttributes, SetTexts})
_MOBILE_INTERACTION = (TouchData, PointerInteractionData)


def is_movement(record: Record) -> bool:
    """Whether the record is nothing but positions of a pointer in a browser; it has no effects on the page."""
    return type(record) is IncrementalSnapshotRecord and type(record.data) in MOVEMENT


def is_interaction(record: Record) -> bool:
    """Whether the record itself is an interaction; changes of form fields and of the size of the
    window are recognized by their effects instead."""
    if type(record) is IncrementalSnapshotRecord:
        data = record.data
        if type(data) in _INTERACTION:
            return True
        return type(data) is MouseInteractionData and data.type not in MOVES_FOCUS
    return isinstance(record, MobileIncrementalSnapshotRecord) and isinstance(record.data, _MOBILE_INTERACTION)


def is_reaction(record: Record, effects: Sequence[Effect], page: Page) -> bool:
    """Whether something happened that an earlier click may have caused, and that the SDK takes for a reaction."""
    if isinstance(record, ViewEndRecord) or changes_unknown_nodes(record, effects, page):
        return True
    return any(
        type(effect) in _REACTION
        or (type(effect) is FocusSet and not effect.has_focus)
        or changes_what_the_sdk_observes(effect, page)
        for effect in effects
    )


def changes_unknown_nodes(record: Record, effects: Sequence[Effect], page: Page) -> bool:
    """Whether a record changes only nodes that came while records were missing: that may be the reaction to a click."""
    if effects:
        return False
    if type(record) is ChangeRecord:
        is_change = not _MUTATIONS.isdisjoint(map(type, record.data))
    else:
        is_change = type(record) is IncrementalSnapshotRecord and type(record.data) is MutationData
    return is_change and page.uncertain_because is not None


def click_in(record: Record) -> Click | None:
    """The click that a record of a browser contains, if any."""
    if type(record) is not IncrementalSnapshotRecord:
        return None
    data = record.data
    if type(data) is not MouseInteractionData or data.type != CLICK:
        return None
    return Click(time=record.timestamp, x=plausible_pixels(data.x), y=plausible_pixels(data.y), node_id=data.id)


def unrecorded_way(clicked: Node | None, below: Node | None) -> Number:
    """How many pixels from its last recorded position, on a node, the mouse may be where no press is recorded.

    SDKs record a position each 0.05 s. A click on the whole page, without a press, is on what opened over it.
    """
    is_page = clicked is not None and clicked.name in ("body", "html")
    return _LONGEST_WAY if is_page and below is not None and is_control(control_of(below)) else _CLICK_DISTANCE


def is_at_corner(click: Click) -> bool:
    """Whether a click is at the corner of the viewport, as all are that keys and scripts make."""
    return (click.x, click.y) == (0, 0)


def is_added_by_label(click: Click, earlier: Click | None) -> bool:
    """Whether a click for which nothing was pressed is the one that a browser adds on the field of a clicked label."""
    if earlier is None or (earlier.x, earlier.y) != (click.x, click.y) or earlier.node_id == click.node_id:
        return False
    within = _ADDED_AT_ONCE if is_at_corner(click) else ADDED_WITHIN
    return 0 <= click.time - earlier.time <= within


class Clicks:
    """Finds the clicks of people in the records of a browser: see `LABEL_RULE`."""

    def __init__(self) -> None:
        self._pressed_at: tuple[Number | None, Number | None] | None = None
        """Where a pointer was pressed or released last; None if the recording has shown none so far."""
        self._is_pressed = self._is_held = False
        self._below: Click | None = None
        """What is below the mouse, or was when its button went down."""
        self._moved: tuple[IncrementalSnapshotRecord, MouseMoveData] | None = None
        """Its last movement, if that shows what is below it: most are never looked at."""
        self._last: Click | None = None
        self._last_is_of_press = False

    def click_in(self, record: Record) -> Click | None:
        """The click that a record contains, if any."""
        click = click_in(record)
        if click is None:
            self.note(record)
            return None
        earlier, self._last = self._last, click
        self._last_is_of_press, self._is_pressed = self._is_pressed, False
        is_added = self._pressed_at is not None and not self._last_is_of_press and is_added_by_label(click, earlier)
        return None if is_added else click

    def clicked(self, click: Click, page: Page) -> int | None:
        """The node that was clicked: what was there when the button went down, if the click that was found last is on
        what is around it.

        Pages open something as soon as a button goes down; browsers then click what is around both. The press itself is
        not recorded if they prevent what follows from `pointerdown`, but what the mouse was over before.
        """
        below = self._mouse_below()
        if below is None or below.node_id is None:
            return click.node_id
        node, clicked = page.find(below.node_id), None if click.node_id is None else page.find(click.node_id)
        pixels = _PRESS_DISTANCE if self._last_is_of_press else unrecorded_way(clicked, node)
        is_there = page.knows_elements and click.is_near(below, pixels=pixels, ms=_LONG)
        around = () if node is None or not is_there else upwards(node)
        return below.node_id if any(one.id == click.node_id for one in around) else click.node_id

    def is_by_pointer(self, click: Click, clicked: Node | None) -> bool:
        """Whether a pointer made the click that was found last, as far as that is known.

        Those that keys and scripts make are at the corner of the viewport, and those that Chromium adds when an option
        is chosen from the list of a select, at the corner of the select.
        """
        if self._pressed_at is None:
            return not is_at_corner(click)
        if clicked is not None and clicked.name == "select":
            return self._last_is_of_press
        return not is_at_corner(click) or all(one is not None and one <= _CLICK_DISTANCE for one in self._pressed_at)

    def note(self, record: Record) -> None:
        """Note a record without a click."""
        if type(record) is not IncrementalSnapshotRecord:
            return
        data = record.data
        if type(data) is MouseMoveData:
            if data.positions and not self._is_held:
                before = self._mouse_below() if self._is_pressed else None
                self._moved = record, data
                # What is below a pressed mouse may be another thing only because of the press.
                after = self._mouse_below() if before is not None else None
                if before is not None and after is not None and after.is_near(before, pixels=_PRESS_DISTANCE, ms=_LONG):
                    self._below = before
            return
        if type(data) is MouseInteractionData:
            is_press, is_release = data.type in (MOUSE_DOWN, TOUCH_START), data.type in (MOUSE_UP, TOUCH_END)
        elif type(data) is PointerInteractionData:
            is_press, is_release = data.pointer_event_type == "down", data.pointer_event_type == "up"
        else:
            return
        if is_press or is_release:
            self._pressed_at = plausible_pixels(data.x), plausible_pixels(data.y)
            self._is_held = is_press
        self._is_pressed |= is_press
        if is_press and type(data) is MouseInteractionData:
            self._below, self._moved = _below(record, data.id, data.x, data.y), None

    def _mouse_below(self) -> Click | None:
        if self._moved is not None:
            (record, data), self._moved = self._moved, None
            last = data.positions[-1]
            self._below = _below(record, last.id, last.x, last.y)
        return self._below


def _below(record: IncrementalSnapshotRecord, node_id: int, x: Number | None, y: Number | None) -> Click:
    return Click(time=record.timestamp, x=plausible_pixels(x), y=plausible_pixels(y), node_id=node_id)
