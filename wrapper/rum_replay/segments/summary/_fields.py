"""Key inputs and selections, inferred from changes of form fields: segments do not contain keys."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..dom import CheckedSet, Effect, Node, NodeAdded, Page, SnapshotTaken, ValueSet
from ..records import Number

__all__ = ["KEY_INPUT_RULE", "MASKED", "SELECTION_RULE", "FieldInputs", "FieldStates"]

MASKED = "***"
"""What SDKs record in the place of a masked value."""

_DRAWN_WITHIN = 100
"""Milliseconds from a snapshot to values that scripts set as they draw the page. Nobody types that early."""

KEY_INPUT_RULE = (
    "key input: a change of the text of a field; usually one per typed character, one for any text that is pasted or "
    "filled in at once, and only one in a masked field after the page is drawn, since its text is always ***"
)
SELECTION_RULE = (
    "selection: a check box was switched on or off, or a radio button or option was chosen; one that is switched off "
    "because another was chosen does not count"
)

# A page has a few hundred. More come from hostile recordings.
_MAX_FIELDS = 10_000

_COUNTED = (SnapshotTaken, NodeAdded, ValueSet, CheckedSet)


class FieldStates:
    """What the fields of a page hold: scripts that draw one set what it holds anyway, which changes nothing."""

    def __init__(self) -> None:
        self._states: dict[int, str | bool] = {}
        self._started: Number = -math.inf
        """When the page was recorded as a whole."""

    def note(self, effects: Sequence[Effect], page: Page, now: Number) -> None:
        """Note the fields that a record, made at a time, adds to the page."""
        fields = page.fields
        for effect in effects:
            if type(effect) is NodeAdded:
                if effect.node.id in fields:
                    self._note_field(effect.node)
            elif type(effect) is SnapshotTaken:
                self._states.clear()
                self._started = now
                for field in fields.values():
                    self._note_field(field)

    def _note_field(self, field: Node) -> None:
        state = field.value if field.checked is None else field.checked
        if state is not None and state != MASKED:  # What is typed into a masked field is recorded as the same.
            self.is_new(field.id, state)

    def get(self, node_id: int) -> str | bool | None:
        """The state of a field, if that is known."""
        return self._states.get(node_id)

    def are_changed_by(self, effect: ValueSet | CheckedSet, now: Number) -> bool:
        """Whether a field gets another state than before, as far as that is known."""
        state = effect.value if isinstance(effect, ValueSet) else effect.checked
        # What a masked field holds is not known.
        is_early = 0 <= now - self._started <= _DRAWN_WITHIN
        is_drawn = is_early and state == MASKED and effect.id not in self._states
        return self.is_new(effect.id, state) and not is_drawn

    def is_new(self, node_id: int, state: str | bool) -> bool:
        """Note the state of a field, and return whether it is another one than before."""
        if self._states.get(node_id) == state:
            return False
        if len(self._states) >= _MAX_FIELDS:
            self._states.clear()
        self._states[node_id] = state
        return True


class FieldInputs:
    """Takes the effects of records in order; those that change nothing do not count."""

    def __init__(self) -> None:
        self.key_inputs = 0
        self.selections = 0
        self._states = FieldStates()

    def add(self, effects: Sequence[Effect], page: Page, now: Number) -> bool:
        """Add the effects of a record, made at a time; returns whether anything was entered or chosen."""
        if not effects:
            return False
        kinds = set(map(type, effects))
        if kinds.isdisjoint(_COUNTED):
            return False
        before = self.key_inputs + self.selections
        self._states.note(effects, page, now)
        # Nobody entered the initial content of new nodes.
        new: set[int] = set()
        option_known = CheckedSet in kinds
        for effect in effects:
            if isinstance(effect, NodeAdded):
                new.add(effect.node.id)
            elif (
                not isinstance(effect, ValueSet | CheckedSet)
                or effect.id in new
                or not self._states.are_changed_by(effect, now)
            ):
                continue
            elif isinstance(effect, CheckedSet):
                self.selections += effect.checked or _is_check_box(page, effect.id)
            elif _name(page, effect.id) != "select":
                self.key_inputs += 1
            elif not option_known:  # masked
                self.selections += 1
        return self.key_inputs + self.selections > before


def _name(page: Page, id: int) -> str | None:
    node = page.find(id)
    return None if node is None else node.name


def _is_check_box(page: Page, id: int) -> bool:
    node = page.find(id)
    return node is not None and node.name == "input" and node.attributes.get("type", "")[:20].lower() == "checkbox"
