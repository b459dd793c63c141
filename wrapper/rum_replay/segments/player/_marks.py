"""Marks on the timeline: what people did, and on which element."""

from __future__ import annotations

from collections.abc import Iterator

from ..dom import Node, css_path, text_of
from ..records import FrustrationRecord, Number
from ._events import custom

__all__ = ["Marks"]

_TYPING_PAUSE = 2_000
"""Milliseconds after which a further change of the same field is a new mark; before that, somebody is typing."""

_MAX_LABEL = 60  # Characters.


class Marks:
    """The marks of one view."""

    def __init__(self) -> None:
        self._interactions: dict[int, Number] = {}
        self._last_field: int | None = None
        self._last_input: Number = 0

    def note_interaction(self, record_id: int | None, now: Number) -> None:
        """Note an interaction that frustration may refer to: SDKs name the one that started a click, not the click."""
        if record_id is not None:
            self._interactions[record_id] = now

    def click(self, node: Node | None, now: Number) -> bytes:
        """A click on a node."""
        self._last_field = None
        return custom(now, "click", target=_label(node))

    def input(self, node: Node, now: Number) -> Iterator[bytes]:
        """A form field changed; changes of the same field in quick succession are one mark."""
        is_typing = self._last_field == node.id and now - self._last_input < _TYPING_PAUSE
        self._last_field, self._last_input = node.id, now
        if not is_typing:
            yield custom(now, "input", target=_label(node))

    def frustration(self, record: FrustrationRecord, now: Number) -> bytes:
        """Frustration that the SDK detected, at the first of its clicks."""
        times = [self._interactions[i] for i in record.data.record_ids if i in self._interactions]
        kinds = ", ".join(kind.replace("_", " ") for kind in record.data.frustration_types)
        return custom(now, "frustration", target=kinds, time=min(times, default=now))


def _label(node: Node | None) -> str:
    """A name for a node: its text, or else its CSS selector."""
    if node is None:
        return "something that is not in the recording"
    text = text_of(node, _MAX_LABEL)
    # A longer text is not a label but the content of a whole section.
    return f"{node.name} “{text}”" if text and not text.endswith("…") else css_path(node)
