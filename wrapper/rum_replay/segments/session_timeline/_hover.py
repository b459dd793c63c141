"""What the mouse is over, and the menus that open because of that."""

from __future__ import annotations

from typing import Any

from ..dom import Node
from ..dom._roles import control_of, is_control, upwards
from ..records import Number
from ..records._incremental import MouseMoveData
from ..summary._clicks import Click
from ..summary._quantities import plausible_pixels
from ._moment import Moment

__all__ = ["Hover"]

_OPENS_WITHIN = 1_000
"""Milliseconds from when the mouse enters something to the menu that opens because of it."""

_MAX_CAME = 10_000


class Hover:
    """The mouse on the page of a view."""

    def __init__(self, moment: Moment[Any]) -> None:
        self.at: Click | None = None
        """Where the mouse was last, and on what."""

        self._moment = moment
        self._over: int | None = None
        self._entered: Number = 0
        """Since when the mouse is over that."""

        self._came: dict[int, int] = {}
        """Nodes that came when the mouse had just entered something, and what."""

    def forget(self) -> None:
        """What ids refer to is not known any more."""
        self._over = self.at = None
        self._came.clear()

    def move(self, data: MouseMoveData) -> None:
        """The mouse moved."""
        last = data.positions[-1] if data.positions else None
        over = None if last is None else last.id
        if last is not None:
            x, y = plausible_pixels(last.x), plausible_pixels(last.y)
            self.at = Click(time=self._moment.now, x=x, y=y, node_id=last.id)
        if over != self._over:
            self._over, self._entered = over, self._moment.now

    def note_added(self, node: Node, clicked: Number) -> None:
        """Note that a node was added to the page; what comes soon after a click may come because of that."""
        now = self._moment.now
        if self._over is None or now - self._entered > _OPENS_WITHIN or len(self._came) >= _MAX_CAME:
            return
        if now - clicked > _OPENS_WITHIN or (clicked < self._entered and self._opens_menu()):
            self._came[node.id] = self._over

    def _opens_menu(self) -> bool:
        """Whether what the mouse is over says that it opens a menu, such as one within a menu."""
        over = self._moment.find(self._over)
        return over is not None and "aria-haspopup" in control_of(over).attributes

    def opener_of(self, node_id: int | None) -> int | None:
        """The button, link or the like that the mouse entered when what is clicked came."""
        clicked = self._moment.find(node_id)
        around = () if clicked is None else upwards(clicked)
        over = next((self._came[node.id] for node in around if node.id in self._came), None)
        self._came.clear()
        opener = self._moment.find(over)
        return opener.id if opener is not None and is_control(control_of(opener)) else None

    @property
    def just_entered(self) -> Number | None:
        """When the mouse came onto what it is over, if what opens now may open because of it."""
        is_soon = self._over is not None and self._moment.now - self._entered <= _OPENS_WITHIN
        return self._entered if is_soon else None

    def frame_below(self) -> int | None:
        """The frame that the mouse is over: clicks in it take the focus, and are not recorded."""
        node = self._moment.find(self._over)
        return node.id if node is not None and node.name == "iframe" else None
