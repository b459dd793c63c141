"""Form fields and editable text: what was typed, checked and selected, and whether a script did it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Generic, TypeVar

from ..dom import CheckedSet, Effect, Node, NodeAdded, NodeKind, NodeRemoved, TextSet, ValueSet
from ..dom._form_fields import owning_select
from ..dom._nodes import walk
from ..dom._roles import upwards
from ..records import Number
from ..summary._fields import MASKED, FieldStates
from ._editable import is_editable, lines_in
from ._moment import Moment
from ._pointers import Pointers
from ._secrets import Secrets
from ._typing import MAX_VALUE, Typing

__all__ = ["Fields"]

_MAX_TYPE = 20
_CHOSEN_WITHIN = 100
"""Milliseconds from the choice of an item until the text goes that was typed to find it."""

_MAX_OPTIONS = 2_000
"""Nodes of a select that are read for the options selected in it."""

_MAX_SELECTED = 100
_MAX_TEXTS = 10

_NOT_TYPED = frozenset({"button", "hidden", "image", "reset", "submit"})

E = TypeVar("E")


class Fields(Generic[E]):
    """The fields of a view."""

    def __init__(self, moment: Moment[E], secrets: Secrets, pointers: Pointers[E]) -> None:
        self._moment = moment
        self._secrets = secrets
        self._cause_of = pointers.cause_of_change
        self._typing = Typing(moment, secrets, pointers)
        self._states = FieldStates()
        self._chosen: tuple[int, Number] | None = None
        """In which field an item was chosen last, and when."""

        self._selects: dict[int, Node] = {}
        """The selects in which the record that is being read selected something."""

    @property
    def since(self) -> Number | None:
        """When the typing began that has not ended, in milliseconds of Unix time."""
        return self._typing.since

    def start(self) -> None:
        """A new page; ids begin anew."""
        self._typing.start()

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record adds to the page, before changes of it."""
        self._states.note(effects, self._moment.page, self._moment.now)

    def pause(self) -> None:
        """End typing that has paused by now."""
        self._typing.pause()

    def end(self) -> None:
        """End typing."""
        self._typing.end()

    def note_added(self, node: Node) -> None:
        """Note that a node was added to the page."""
        self._typing.note_added(node)

    def note_removed(self, effect: NodeRemoved) -> None:
        """Note that a node was removed from the page."""
        parent = None if effect.parent_id is None else self._moment.page.find(effect.parent_id)
        if parent is not None:
            self._typing.note_removed(parent)

    def change(self, effect: ValueSet | CheckedSet) -> None:
        """The state of a field was set; the same state as before is no change."""
        node = self._moment.page.find(effect.id)
        if node is None:
            self._change_unknown(effect)
            return
        self._secrets.note(node)
        before = self._states.get(effect.id)
        if not self._states.are_changed_by(effect, self._moment.now):
            return
        if isinstance(effect, ValueSet) and not effect.value and self._is_chosen_in(effect.id):
            return  # What was typed to find the item goes.
        select = node if node.name == "select" else owning_select(node) if node.name == "option" else None
        if select is not None:
            self._selects[select.id] = select
        elif isinstance(effect, CheckedSet):
            self._check(node, is_on=effect.checked)
        elif node.name != "input" or _type(node) not in _NOT_TYPED:
            self._typing.set(node, before, effect.value)

    def _change_unknown(self, effect: ValueSet | CheckedSet) -> None:
        """The state of a field was set that came while records were missing."""
        is_said = self._moment.page.uncertain_because is not None
        if not is_said or not self._states.are_changed_by(effect, self._moment.now):
            return
        if isinstance(effect, ValueSet):
            self._typing.set_unknown(effect.id)
        elif effect.checked:  # Otherwise it may be a radio button, and another one was chosen.
            self.end()
            self._moment.add(self._moment.action("check", effect.id, checked=True))

    def release(self) -> None:
        """A pointer went up."""
        self._typing.release()

    def choose(self, field_id: int, text: str, items: frozenset[str]) -> None:
        """An item was chosen, whose text is put into a field, perhaps after those of others: nobody types that."""
        self._typing.take_back(field_id, items)
        self.end()
        self._typing.choose(field_id)
        self._states.is_new(field_id, text)
        self._chosen = field_id, self._moment.now

    def _is_chosen_in(self, field_id: int) -> bool:
        number, at = self._chosen or (None, 0)
        return number == field_id and self._moment.now - at <= _CHOSEN_WITHIN

    def focus(self, focused: int | None) -> None:
        """Something got the focus: editors change their page then, but not the text in it."""
        node = None if focused is None else self._moment.page.find(focused)
        if node is not None and is_editable(node):
            self._states.is_new(node.id, lines_in(node, MAX_VALUE))

    def edit(self, effect: TextSet | NodeAdded | NodeRemoved, focused: int) -> None:
        """The page changed while something has focus: in a text that is `contenteditable`, somebody types."""
        if isinstance(effect, NodeAdded):
            changed: Node | None = effect.node
        else:
            number = effect.parent_id if isinstance(effect, NodeRemoved) else effect.id
            changed = None if number is None else self._moment.page.find(number)
        around = () if changed is None else upwards(changed)
        editable = next((node for node in around if node.id == focused), None)
        if editable is not None and is_editable(editable):
            text, before = lines_in(editable, MAX_VALUE), self._states.get(focused)
            if self._states.is_new(focused, text):
                is_masked = bool(text) and self._secrets.is_masked(editable, text)
                self._typing.set(editable, before, MASKED if is_masked else text)

    def leave(self, effects: Sequence[Effect], *, by_key: bool) -> None:
        """After a record, which may show that what was typed in was left, by a key if nothing else explains that."""
        self._typing.leave(effects, by_key=by_key)

    def navigate(self) -> None:
        """Another page is shown."""
        self._typing.navigate()

    def add_selections(self) -> None:
        """Add what is selected now, where the record that was read changed it."""
        for select in self._selects.values():
            self.end()
            options = [node for node in islice(walk(select), _MAX_OPTIONS) if node.name == "option"]
            selected = [option for option in options if option.checked]
            texts = [self._option_text(option) for option in selected[:_MAX_SELECTED]]
            details = self._cause_of(select)
            if not texts or None in texts or self._moment.is_lost or self._secrets.is_secret(select):
                details["is_masked"] = True
            else:
                details["labels"] = texts
                if len(selected) == 1 and [self._option_text(option) for option in options].count(texts[0]) > 1:
                    details["index"] = options.index(selected[0])
            self._moment.add(self._moment.action("select", select.id, **details))
        self._selects.clear()

    def _check(self, node: Node, *, is_on: bool) -> None:
        if not is_on and _type(node) == "radio":
            return  # Another one was chosen.
        self.end()
        self._moment.add(self._moment.action("check", node.id, checked=is_on, **self._cause_of(node)))

    def _option_text(self, option: Node) -> str | None:
        """The label of an option; None if it is masked."""
        texts = (child.text for child in option.children[:_MAX_TEXTS] if child.kind is NodeKind.TEXT)
        text = option.attributes.get("label") or " ".join(" ".join(text[:MAX_VALUE] for text in texts).split())
        return None if self._secrets.is_masked(option, text) else text[:MAX_VALUE]


def _type(field: Node) -> str:
    return field.attributes.get("type", "")[:_MAX_TYPE].lower()
