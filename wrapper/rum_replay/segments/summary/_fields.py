"""Key inputs and selections, inferred from changes of form fields: segments do not contain keys."""

from __future__ import annotations

from collections.abc import Sequence

from ..dom import CheckedSet, Effect, NodeAdded, Page, SnapshotTaken, ValueSet

__all__ = ["KEY_INPUT_RULE", "SELECTION_RULE", "FieldInputs"]

KEY_INPUT_RULE = (
    "key input: a change of the text of a field; usually one per typed character, one for any text that is pasted or "
    "filled in at once, and only one in a masked field, since its text is always ***"
)
SELECTION_RULE = (
    "selection: a check box was switched on or off, or a radio button or option was chosen; one that is switched off "
    "because another was chosen does not count"
)

# Fields that were changed; a page has a few hundred. More come from hostile recordings.
_MAX_FIELDS = 10_000


_COUNTED = (SnapshotTaken, ValueSet, CheckedSet)


class FieldInputs:
    """Takes the effects of records in order; those that change nothing do not count."""

    def __init__(self) -> None:
        self.key_inputs = 0
        self.selections = 0
        self._states: dict[int, str | bool] = {}

    def add(self, effects: Sequence[Effect], page: Page) -> bool:
        """Add the effects of a record; returns whether anything was entered or chosen."""
        if not effects:
            return False
        kinds = set(map(type, effects))
        if kinds.isdisjoint(_COUNTED):
            return False
        before = self.key_inputs + self.selections
        # Nobody entered the initial content of new nodes.
        new: set[int] = set()
        option_known = CheckedSet in kinds
        for effect in effects:
            if isinstance(effect, SnapshotTaken):
                self._states.clear()
            elif isinstance(effect, NodeAdded):
                new.add(effect.node.id)
            elif isinstance(effect, ValueSet) and effect.id not in new and self._is_new(effect.id, effect.value):
                if _name(page, effect.id) != "select":
                    self.key_inputs += 1
                elif not option_known:  # masked
                    self.selections += 1
            elif isinstance(effect, CheckedSet) and effect.id not in new and self._is_new(effect.id, effect.checked):
                self.selections += effect.checked or _is_check_box(page, effect.id)
        return self.key_inputs + self.selections > before

    def _is_new(self, id: int, state: str | bool) -> bool:
        if self._states.get(id) == state:
            return False
        if len(self._states) >= _MAX_FIELDS:
            self._states.clear()
        self._states[id] = state
        return True


def _name(page: Page, id: int) -> str | None:
    node = page.find(id)
    return None if node is None else node.name


def _is_check_box(page: Page, id: int) -> bool:
    node = page.find(id)
    return node is not None and node.name == "input" and node.attributes.get("type", "")[:20].lower() == "checkbox"
