"""Marks on the timeline: what people did, and where in the page."""

from __future__ import annotations

from collections.abc import Iterator

from ..dom import Node
from ..dom._selectors import css_path, text_of
from ..records import FrustrationRecord, Number
from ._events import custom

__all__ = ["Marks"]

_SAME_INPUT = 2_000
"""Milliseconds between changes of one field that count as one input: somebody is typing."""

_MAX_LABEL = 60


class Marks:
    """The marks of one view."""

    def __init__(self) -> None:
        self._interactions: dict[int, Number] = {}
        self._field: int | None = None
        self._field_time: Number = 0

    def remember(self, record_id: int | None, now: Number) -> None:
        """Note an interaction that frustration may refer to: SDKs name the one that began a click, not the click."""
        if record_id is not None:
            self._interactions[record_id] = now

    def click(self, node: Node | None, now: Number) -> bytes:
        """A click on a node."""
        self._field = None
        return custom(now, "click", target=_label(node))

    def input(self, node: Node, now: Number) -> Iterator[bytes]:
        """A form field changed; changes that follow each other closely are one mark."""
        is_same = self._field == node.id and now - self._field_time < _SAME_INPUT
        self._field, self._field_time = node.id, now
        if not is_same:
            yield custom(now, "input", target=_label(node))

    def frustration(self, record: FrustrationRecord, now: Number) -> bytes:
        """What the SDK took for frustration, at the first of its clicks."""
        times = [self._interactions[one] for one in record.data.record_ids if one in self._interactions]
        kinds = ", ".join(kind.replace("_", " ") for kind in record.data.frustration_types)
        return custom(now, "frustration", target=kinds, time=min(times, default=now))


def _label(node: Node | None) -> str:
    """How people would name it: what is written on it, or else where it stands."""
    if node is None:
        return "something that is not in the recording"
    text = text_of(node, _MAX_LABEL)
    # What does not fit is the text of half a page.
    return f"{node.name} “{text}”" if text and not text.endswith("…") else css_path(node)
