"""The frames of a page, whose content is not recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dom import Effect, Node, NodeAdded, SnapshotTaken, nodes_below
from ..dom._names.selectors import is_hidden_by_markup
from ..dom._roles import upwards
from ._moment import Moment

__all__ = ["Frames"]

_MAX_FRAMES = 100
_NOTHING = frozenset({"0", "0px", "1", "1px"})


class Frames:
    """The frames that the page of a view shows."""

    def __init__(self, moment: Moment[Any]) -> None:
        self._moment = moment
        self._frames: list[int] = []

    def note(self, effects: Sequence[Effect]) -> None:
        """Note the frames that a record adds to the page."""
        for effect in effects:
            if isinstance(effect, SnapshotTaken):
                self._frames.clear()
                for node in () if effect.root is None else nodes_below(effect.root):
                    self._note(node)
            elif isinstance(effect, NodeAdded):
                self._note(effect.node)

    def _note(self, node: Node) -> None:
        if node.name == "iframe":
            self._frames = [*self._frames[1 - _MAX_FRAMES :], node.id]

    def shown(self) -> list[int]:
        """The frames in which somebody may click; pages have others for scripts only."""
        found = ((number, self._moment.find(number)) for number in self._frames)
        return [number for number, node in found if node is not None and not _is_hidden(node)]


def _is_hidden(frame: Node) -> bool:
    is_tiny = any(frame.attributes.get(side, "") in _NOTHING for side in ("width", "height"))
    return is_tiny or any(is_hidden_by_markup(node) for node in upwards(frame))
