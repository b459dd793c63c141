"""Text areas whose default text is their value: what scripts write there is only recorded as text in the element.

That is so as long as nobody typed anything, and React keeps it so: it writes by the setter of values that it found when
it drew a field, which is not recorded if that was before the SDK began, such as nothing when a message is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from .._effects import Effect, NodeAdded, NodeRemoved, TextSet
from .._nodes import Node, NodeKind

__all__ = ["DefaultTexts"]

_MAX_AREAS = 1_000
_MAX_TEXTS = 10
_MAX_EFFECTS = 1_000


class DefaultTexts:
    """The default texts of the text areas of a page, as far as they have changed."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def note(self, area: Node | None, effects: Sequence[Effect]) -> None:
        """Note the default text of an element, if it is a text area, before it changes; some effects of the record that
        changes it are there."""
        if area is not None and area.name == "textarea" and area.id not in self._texts:
            self._note(area, _text_of(area, without=_added_by(effects[-_MAX_EFFECTS:])))

    def followed(self, effects: Sequence[Effect], nodes: Mapping[int, Node]) -> list[tuple[Node, str]]:
        """The text areas whose default text was their value and has changed by a record, and their new value."""
        changed: dict[int, Node] = {}
        for effect in effects:
            if type(effect) is NodeAdded or type(effect) is NodeRemoved:
                area = None if effect.parent_id is None else nodes.get(effect.parent_id)
            elif type(effect) is TextSet:
                text = nodes.get(effect.id)
                area = None if text is None else text.parent
            else:
                continue
            if area is not None and area.name == "textarea":
                changed[area.id] = area
        added = _added_by(effects) if changed else set[int]()
        new = ((area, self._new_value(area, added)) for area in changed.values())
        # Those that are new have their value already.
        return [(area, text) for area, text in new if text is not None and area.id not in added]

    def _new_value(self, area: Node, added: AbstractSet[int]) -> str | None:
        before, text = self._texts.get(area.id), _text_of(area)
        self._note(area, text)
        if before is None:
            before = _text_of(area, without=added)
        return text if (area.value or "") == before != text else None

    def _note(self, area: Node, text: str) -> None:
        if len(self._texts) >= _MAX_AREAS:
            self._texts.clear()
        self._texts[area.id] = text


def _added_by(effects: Sequence[Effect]) -> set[int]:
    return {effect.node.id for effect in effects if isinstance(effect, NodeAdded)}


def _text_of(area: Node, without: AbstractSet[int] = frozenset()) -> str:
    texts = (one for one in area.children[:_MAX_TEXTS] if one.kind is NodeKind.TEXT and one.id not in without)
    return "".join(one.text for one in texts)
