"""What else than a key may close a dialog, menu or list: a pointer, scrolling, the window, another address."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

import attrs

from ..dom import Effect, FocusSet, Node, Scrolled, UrlSet, ViewportResized
from ..dom._roles import FIELDS, control_of, is_control, role_of, upwards
from ..records import Number
from ..summary._clicks import Click
from ._moment import Moment

__all__ = ["AT_ONCE", "ITEMS", "OtherCauses"]

ITEMS = frozenset({"gridcell", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "treeitem"})

AT_ONCE = 500
"""Milliseconds between a key or the like and what it causes: what closes may fade out first."""

_BY_POINTER = 400
"""The same after something in a layer was pressed or clicked, since people go on with keys there."""

_FROM_OUTSIDE = 1_000
"""The same after something beside it was, or after it was dragged."""

_BY_BUTTON = 10_000
"""The same after a click on a button in it, which may wait for an answer."""

_DRAGGED = 20
"""Pixels from where a pointer goes down to where it goes up, by which something may be thrown off the screen."""

_UNRECORDED = 200
"""Milliseconds from a press that a page prevents to be recorded to the release."""

_HELD = 60_000
_MAX_SCHEME = 20
_CLICKS_WITHIN = 100
"""Milliseconds after a pointer went up in which browsers make a click of that."""


@attrs.frozen
class _Use:
    """A pointer was used."""

    at: Number
    began: Number
    """When it was put down."""

    within: Number
    """Milliseconds for which it may close something."""


class OtherCauses:
    """What happened last in a view that may close layers."""

    def __init__(self, moment: Moment[Any]) -> None:
        self._moment = moment
        self._press: Click | None = None
        self._use: _Use | None = None
        self.used_on: int | None = None
        """The button, field or the like on which a pointer was used last, or a key as if it were one."""

        self.used_in: Number | None = None
        """When a pointer was used last in a layer."""

        self._clicked: tuple[Number, frozenset[int]] | None = None
        """When a button in layers was clicked last, and in which."""

        self._moved: Number | None = None
        """When something else was scrolled last, or the window was resized or left."""

        self.navigated: Number | None = None
        """When the address changed last."""

    def forget(self) -> None:
        """What ids refer to is not known any more."""
        self._press = self._use = self._clicked = self.used_in = None

    def note(self, effects: Sequence[Effect], layers: Collection[int]) -> None:
        """Note what a record did to the page while layers are open."""
        for effect in effects:
            if isinstance(effect, UrlSet):
                self.navigated = self._moment.now
            elif isinstance(effect, ViewportResized | FocusSet):
                self._moved = self._moment.now
            elif isinstance(effect, Scrolled):
                node = self._moment.find(effect.id)
                if node is not None and not any(one.id in layers for one in upwards(node)):
                    self._moved = self._moment.now

    def press(self, at: Click, node: Node | None, around: frozenset[int]) -> None:
        """A pointer went down."""
        self._press = at
        self._add_use(node, around)

    def release(self, at: Click, node: Node | None, around: frozenset[int]) -> None:
        """A pointer went up."""
        press, self._press = self._press, None
        is_dragged = press is not None and not at.is_near(press, pixels=_DRAGGED, ms=_HELD)
        began = self._moment.now - _UNRECORDED if press is None else press.time
        self._add_use(node, frozenset() if is_dragged else around, began)

    def click(self, node: Node | None, around: frozenset[int]) -> None:
        """Somebody clicked."""
        control = self._add_use(node, around)
        is_button = control is not None and is_control(control) and not (role_of(control) in ITEMS or _leads(control))
        if control is None or control.name not in FIELDS or not around:
            self._clicked = (
                self._moment.now,
                around - {control.id} if control is not None and is_button else frozenset(),
            )

    def _add_use(self, node: Node | None, around: frozenset[int], began: Number = math.inf) -> Node | None:
        control = None if node is None else control_of(node)
        self.used_on = None if control is None else control.id
        if around:
            self.used_in = self._moment.now
        if control is None or control.name not in FIELDS or not around:  # Fields in a layer do not close it.
            now = self._moment.now
            began = min(began, now)
            within: Number = _BY_POINTER if around else _FROM_OUTSIDE
            if self._use is not None and now - self._use.at <= _CLICKS_WITHIN:
                began, within = min(began, self._use.began), max(within, self._use.within)
            self._use = _Use(now, began, within)
        return control

    def is_used_since(self, time: Number) -> bool:
        """Whether a pointer was used since then, and not only moved."""
        return self._use is not None and self._use.at >= time

    def may_have_closed(self, layers: Collection[int], since: Number, *, is_dialog: bool) -> bool:
        """Whether something else than a key may have closed layers that are open since some time."""
        now, use = self._moment.now, self._use
        # What opened as soon as a pointer was put down is not what it closes later.
        if (
            use is not None
            and use.at >= since
            and now - use.at <= (use.within if use.began >= since else _CLICKS_WITHIN)
        ):
            return True
        if self._clicked is not None:
            at, clicked = self._clicked
            if at >= since and now - at <= _BY_BUTTON and clicked.intersection(layers):
                return True
        moved = None if is_dialog else self._moved
        return any(at is not None and since <= at and now - at <= AT_ONCE for at in (moved, self.navigated))


def _leads(control: Node) -> bool:
    """Whether it is a link that leads elsewhere, and waits for no answer; others are buttons in disguise."""
    href = control.attributes.get("href", "")[:_MAX_SCHEME].strip().lower()
    return role_of(control) == "link" and href not in ("", "#") and not href.startswith("javascript:")
