"""What has the focus on the recorded page, as attributes in the player, where nothing in the page can have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import _inert as inert
from ..dom import Effect, NodeAdded, NodeRemoved, Page
from ..dom._page import focus_marks
from ..records import IncrementalSnapshotRecord, MouseInteractionData, Number, Record
from ..records._interactions import MOVES_FOCUS
from ._events import MutationBatch, shifted
from ._nodes import Serializer

__all__ = ["FocusEvents"]

_MOST_CHANGED = 200_000
"""Elements whose attributes change in one view; a short recording may move the focus between deep elements forever."""

_NOT_SHOWN = "changes of the focus that are not shown, since there are too many"


class FocusEvents:
    """Changes the attributes in the player whenever a record moves the focus."""

    def __init__(self, page: Page, serializer: Serializer) -> None:
        self._page, self._serializer = page, serializer
        self._left = _MOST_CHANGED

    def after(self, record: Record, effects: Iterable[Effect], now: Number) -> Iterable[bytes]:
        """The events for what a record did; most do nothing."""
        data = record.data if type(record) is IncrementalSnapshotRecord else None
        is_change = type(data) is MouseInteractionData and data.type in MOVES_FOCUS
        has_mark = bool(self._serializer.attributes.marks)
        if is_change or (has_mark and any(isinstance(one, NodeAdded | NodeRemoved) for one in effects)):
            return self._events(now, is_change=is_change)
        return ()

    def _events(self, now: Number, *, is_change: bool) -> Iterator[bytes]:
        marked = self._serializer.attributes.marks
        if self._left > 0:
            marked_nodes = focus_marks(self._page)
            marks = {node.id: attributes for node, attributes in marked_nodes.items()}
            framed = (node for node, of in marked_nodes.items() if of.get(inert.FOCUS) == inert.FOCUS_VISIBLE)
            self._serializer.attributes.with_rules.extend(framed)
        else:
            marks = dict[int, dict[str, str]]()
            self._serializer.attributes.notes[_NOT_SHOWN] += is_change
        if marks == marked:
            return
        mutations = MutationBatch(now)
        for number in marks.keys() | marked.keys():
            old, new = marked.get(number, {}), marks.get(number, {})
            if old != new and number in self._page.nodes and self._serializer.is_shown(number):
                mutations.set_attributes(shifted(number), {**dict.fromkeys(old), **new})
                self._left -= 1
        self._serializer.attributes.marks = marks
        yield from mutations.events()
