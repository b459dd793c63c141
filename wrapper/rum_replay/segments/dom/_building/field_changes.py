"""What is entered into the form fields of a page, and chosen in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from .._effects import CheckedSet, Effect, ValueSet
from .._form_fields import option_value, owning_select
from .._nodes import Node, walk
from .default_texts import DefaultTexts

__all__ = ["FieldChanges"]

_SEARCH_BUDGET = 2_000
"""Nodes that one record may search through for the options that it selects by value."""


class FieldChanges:
    """The changes of the form fields of a page, whose nodes are those by id."""

    def __init__(self, nodes: Mapping[int, Node], note_problem: Callable[[str], None]) -> None:
        self._nodes = nodes
        self._note_problem = note_problem
        self._search_budget = _SEARCH_BUDGET
        self.fields: dict[int, Node] = {}
        """The form fields of the page, by id."""
        self.selected_options: dict[int, Node] = {}
        """The selected option of each select that allows only one, by the id of the select."""
        self.default_texts = DefaultTexts()
        self._has_text_areas = False

    def add(self, field: Node) -> None:
        """There is another form field."""
        self.fields[field.id] = field
        if field.name == "textarea":
            self._has_text_areas = True
        elif field.checked and field.name == "option" and (select := owning_select(field)) is not None:
            self.selected_options[select.id] = field

    def set_value(self, node: Node, value: str) -> Iterator[Effect]:
        """Set the value of a form field; in a select, this selects the option with that value."""
        if node.name not in ("input", "select", "textarea"):
            self._note_problem("a value for a node that is not a form field")
            return
        node.value = value
        yield ValueSet(node.id, value)
        if node.name == "select":
            option = self._option(node, value)
            if option is not None and "multiple" not in node.attributes:
                yield from self._select(node, option)
            elif option is not None or not value:
                yield from self._select_first(node, option)

    def _option(self, select: Node, value: str) -> Node | None:
        for node in islice(walk(select), self._search_budget):
            self._search_budget -= 1
            if node.name == "option" and option_value(node) == value:
                return node
        if self._search_budget == 0:
            self._note_problem("a selection from too many options")
        return None

    def set_checked(self, node: Node, checked: bool, indeterminate: bool = False) -> Iterator[Effect]:
        """Check or uncheck a form field; selecting an option deselects the other one, if the select allows only one."""
        if node.name not in ("input", "option"):
            self._note_problem("a checked state for a node that has none")
            return
        select = owning_select(node) if checked and node.name == "option" else None
        if select is None or "multiple" in select.attributes:
            yield _checked(node, checked, indeterminate)
            return
        yield from self._select(select, node)
        value = option_value(node)
        if value != select.value:
            select.value = value
            yield ValueSet(select.id, value)

    def _select(self, select: Node, option: Node) -> Iterator[Effect]:
        previous = self.selected_options.get(select.id)
        if (
            previous is not None
            and previous is not option
            and previous.checked
            and self._nodes.get(previous.id) is previous
        ):
            yield _checked(previous, False)
        self.selected_options[select.id] = option
        if not option.checked:
            yield _checked(option, True)

    def _select_first(self, select: Node, option: Node | None) -> Iterator[Effect]:
        """Select the first of several; the others are recorded nowhere, and stay only if this one was selected too."""
        was_selected = option is not None and option.checked
        for node in islice(walk(select), self._search_budget):
            self._search_budget -= 1
            if node is option and was_selected:
                return
            if node.name == "option" and node.checked != (node is option):
                yield _checked(node, node is option)

    def settle(self, effects: Sequence[Effect]) -> Iterator[Effect]:
        """A record was applied, with these effects; sets the values of text areas that follow their default text."""
        self._search_budget = _SEARCH_BUDGET
        if self._has_text_areas:
            for area, text in self.default_texts.followed(effects, self._nodes):
                yield from self.set_value(area, text)


def _checked(node: Node, checked: bool, indeterminate: bool = False) -> CheckedSet:
    node.checked, node.indeterminate = checked, indeterminate
    return CheckedSet(node.id, checked, indeterminate)
