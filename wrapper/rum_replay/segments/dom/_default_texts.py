"""Text areas whose default text follows their value, as React has it: what scripts write there is not always recorded.

React keeps the setter of values that it found when it drew a field. What it writes into one that was drawn before the
SDK began, such as nothing when a message is sent, is recorded as a change of the text in the element alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ._effects import Effect, NodeAdded, NodeRemoved, TextSet
from ._nodes import Node, NodeKind

__all__ = ["DefaultTexts"]

_MAX_AREAS = 1_000
_MAX_TEXTS = 10


class DefaultTexts:
    """The default texts of the text areas of a page, as far as they have changed."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def followed(self, effects: Sequence[Effect], nodes: Mapping[int, Node]) -> list[tuple[Node, str]]:
        """The text areas whose default text was their value and has changed by a record, and their new value."""
        changed: dict[int, Node] = {}
        for effect in effects:
            number: int | None = None
            if isinstance(effect, NodeAdded | NodeRemoved):
                number = effect.parent_id
            elif isinstance(effect, TextSet) and (node := nodes.get(effect.id)) is not None and node.parent is not None:
                number = node.parent.id
            area = None if number is None else nodes.get(number)
            if area is not None and area.name == "textarea":
                changed[area.id] = area
        return [(area, text) for area in changed.values() if (text := self._new_value(area)) is not None]

    def _new_value(self, area: Node) -> str | None:
        texts = [child.text for child in area.children[:_MAX_TEXTS] if child.kind is NodeKind.TEXT]
        before, text = self._texts.get(area.id), "".join(texts)
        if len(self._texts) >= _MAX_AREAS:
            self._texts.clear()
        self._texts[area.id] = text
        return text if area.value == before != text else None
