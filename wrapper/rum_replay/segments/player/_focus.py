"""What has the focus on the recorded page, as attributes in the player, where nothing in the page can have it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..dom import Effect, NodeAdded, NodeRemoved, Page
from ..dom._page import focus_marks
from ..records import IncrementalSnapshotRecord, MouseInteractionData, Number, Record
from ._events import MutationBatch, shifted
from ._nodes import Serializer

__all__ = ["FocusEvents"]


class FocusEvents:
    """Changes the attributes in the player whenever a record moves the focus."""

    def __init__(self, page: Page, serializer: Serializer) -> None:
        self._page, self._serializer = page, serializer

    def after(self, record: Record, effects: Iterable[Effect], now: Number) -> Iterator[bytes]:
        """The events for what a record did."""
        is_change = isinstance(record, IncrementalSnapshotRecord) and isinstance(record.data, MouseInteractionData)
        marked = self._serializer.marks
        if not is_change and not (marked and any(isinstance(one, NodeAdded | NodeRemoved) for one in effects)):
            return
        marks = {node.id: attributes for node, attributes in focus_marks(self._page).items()}
        if marks == marked:
            return
        mutations = MutationBatch(now)
        for number in marks.keys() | marked.keys():
            old, new = marked.get(number, {}), marks.get(number, {})
            if old != new and number in self._page.nodes and self._serializer.is_shown(number):
                mutations.set_attributes(shifted(number), {**dict.fromkeys(old), **new})
        self._serializer.marks = marks
        yield from mutations.events()
