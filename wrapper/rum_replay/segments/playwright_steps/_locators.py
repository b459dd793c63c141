"""The most robust locator for an element that finds nothing else in the recorded page, and what is known about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from urllib.parse import urljoin

import attrs

from ..dom import AttributeSet, Effect, Node, NodeAdded, NodeKind, NodeRemoved, Page, SnapshotTaken, TextSet, css_path
from ..dom._form_fields import form_of, owning_select, submits
from ..dom._names.accessible_names import AccessibleName, is_hidden, name_of
from ..dom._names.element_names import is_in_masked_part, is_masked
from ..dom._names.labels import labelled_by
from ..dom._names.selectors import is_hidden_by_markup
from ..dom._nodes import walk
from ..dom._roles import FIELDS, control_of, is_control, native_role_of, role_of, upwards
from ..dom._styles.possible_styles import PossibleStyles
from ._labels import label_texts, text_within
from ._name_matching import MAX_NAME, Names, by_name, compared, usable
from ._python import Call, literal
from ._selectors import (
    absolute_path,
    in_playwright_order,
    is_generated,
    matches_of,
    may_be_counted,
    may_not_last,
    playwright_path,
)
from ._texts import Texts, by_text, containing

__all__ = ["LOCATOR_RULE", "Locators", "Target"]

LOCATOR_RULE = (
    "locator: the first of these that finds one element only in the recorded page: role and accessible name, label, "
    "placeholder, test id, id without numbers, role (and name) in a row, card or the like with a text, text, text in "
    "such a row, CSS path, absolute CSS path, CSS path with the number of the match; a path with an id that scripts "
    "seem to make up, or a class for what has the focus, comes after the absolute one; names that are masked, empty or "
    "hidden from assistive technology are not used, nor is what of a name a style sheet may hide"
)
"""How elements are found."""

DEFAULT_TEST_ID = "data-testid"

_MAX_WITHIN = 1_000
_MAX_AROUND = 20
_MAX_WAITING = 3
_TEXT_ROLES = frozenset({"combobox", "searchbox", "spinbutton", "textbox"})
"""Fields that a click does nothing to but focus them, as one beside them may do, too."""

_LEADS_ON = re.compile(r" >{1,3} ")
_ROW_COST, _MAX_ROW_TEXTS = 5, 8
_NEVER_AROUND = FIELDS | {"label"}
_CELLS = frozenset({"td", "th"})
_CELL_ROLES = frozenset({"cell", "columnheader", "gridcell", "rowheader"})
_NO_ROLE = frozenset({"none", "presentation"})
_RELOCATING_EFFECTS = SnapshotTaken | NodeAdded | NodeRemoved | AttributeSet | TextSet
_MAX_KNOWN = 1_000
_MAX_DEPTH = 100
_MAX_URL = 2_000

_CREDIT, _MOST_CREDIT, _CREDIT_PER_RECORD, _NAME_COST = 3_000_000, 3_000_000, 500, 20
"""Nodes that may be looked at, at first, at most, and more with each record, so that time is linear in a recording;
reading a name counts as many."""


@attrs.frozen(kw_only=True)
class Target:
    """An element that something happened to, as it was then."""

    node_id: int
    locator: Call
    is_checked: bool
    """Whether the locator was found to be unique; pages can be too large to check it each time."""

    description: str
    """For comments: its role or tag."""

    name: str
    """For comments: its name or path; it may contain anything."""

    tag: str
    type: str
    hints: tuple[str | None, ...]
    """Texts that may name a constant."""

    labels: int | None
    """For a `<label>`, the id of its field."""

    list_box: Target | None
    """For an `<option>` that is always shown, the select that it is in."""

    is_around_others: bool
    """Whether other buttons, links or fields are in it, so that its middle may be one of them."""

    may_be_covered: bool
    """Whether the page may have hidden a field, and draw something else in its place."""

    shown_by: tuple[Call, ...]
    """What the pointer must be on, one after the other, before style sheets show it: menus that open by themselves."""

    can_be_edited: bool
    is_in_closed_dialog: bool
    is_in_shadow_tree: bool
    leads_to: str | None
    """The address of a link."""

    submits: bool
    """Whether it is a button that sends a form."""


class Locators:
    """Describes the elements of one view; locators are kept until the page changes."""

    def __init__(self, test_id_attribute: str) -> None:
        self._test_id_attribute = test_id_attribute
        self._credit = _CREDIT
        self._targets: dict[int, Target] = {}
        self._elements: list[Node] | None = None
        self._texts: Texts | None = None
        self._styles = PossibleStyles()
        self._names: dict[str, Names] = {}
        """The names of elements by role, or of all fields by label, as they are compared."""

    def note(self, effects: Sequence[Effect]) -> None:
        """Forget what may have changed."""
        self._credit = min(self._credit + _CREDIT_PER_RECORD, _MOST_CREDIT)
        self._styles.note(effects)
        if any(isinstance(effect, _RELOCATING_EFFECTS) for effect in effects):
            self._targets.clear()
            self._names.clear()
            self._elements = self._texts = None

    def describe(self, page: Page, node: Node) -> Target:
        """The button, link or field that contains a node, or its element."""
        if node.id not in self._targets:
            if len(self._targets) >= _MAX_KNOWN:
                self._targets.clear()
            self._targets[node.id] = self._target(page, *_to_click(node, page))
        return self._targets[node.id]

    def _target(self, page: Page, element: Node, is_around_others: bool) -> Target:
        name = name_of(element, page)
        locator, is_checked = self._locator(page, element)
        is_readable = bool(name.text) and not name.is_masked and not is_in_masked_part(element)
        field = labelled_by(element, page) if element.name == "label" else None
        select = owning_select(element) if element.name == "option" else None
        is_list = select is not None and native_role_of(select) == "listbox"
        attributes = element.attributes
        return Target(
            node_id=element.id,
            locator=locator,
            is_checked=is_checked,
            description=role_of(element) or ("element" if len(element.name) > MAX_NAME else element.name),
            name=name.text if is_readable else css_path(element),
            tag=element.name,
            type=attributes.get("type", "")[:20].lower() if element.name == "input" else "",
            hints=(
                *(text for text in map(attributes.get, ("name", "id")) if text and not is_generated(text)),
                name.text if is_readable else None,
            ),
            labels=None if field is None else field.id,
            list_box=self.describe(page, select) if select is not None and is_list and is_readable else None,
            is_around_others=is_around_others,
            may_be_covered=element.name == "input" and self._styles.may_be_covered(element, page),
            shown_by=tuple(self.describe(page, one).locator for one in self._waiting_parents(element, page)),
            can_be_edited="readonly" not in attributes and "disabled" not in attributes,
            is_in_closed_dialog=_is_in_closed_dialog(element),
            is_in_shadow_tree=any(one.kind is NodeKind.SHADOW_ROOT for one in upwards(element)),
            leads_to=_address_of(element, page),
            submits=form_of(element) is not None and submits(element),
        )

    def _waiting_parents(self, element: Node, page: Page) -> list[Node]:
        """Parents of the elements around this one, or of itself, that may wait for the pointer; the outermost first."""
        around = [one for one in islice(upwards(element), _MAX_AROUND) if one.kind is NodeKind.ELEMENT]
        parents = [one.parent for one in around if self._styles.may_wait_for_pointer(one, page)]
        return [one for one in reversed(parents[:_MAX_WAITING]) if one is not None and one.kind is NodeKind.ELEMENT]

    def _locator(self, page: Page, element: Node) -> tuple[Call, bool]:
        for locator in self._candidates(page, element):
            return locator, True
        path = css_path(element) or element.name
        nodes = self._all_elements(page)
        if nodes is None:
            return Call("locator", (literal(playwright_path(path)),)), False
        absolute = absolute_path(element)
        for candidate in (absolute, path) if may_not_last(path) else (path, absolute):
            if candidate is not None and matches_of(candidate, nodes) == [element]:
                return Call("locator", (literal(playwright_path(candidate)),)), True
        found = matches_of(path, nodes) or []
        locator = Call("locator", (literal(playwright_path(path)),))
        if element not in found:
            return locator, False
        in_order = in_playwright_order(path, found, nodes)
        return Call("nth", (str(in_order.index(element)),), on=locator), True

    def _candidates(self, page: Page, element: Node) -> Iterator[Call]:
        """Locators by what people know the element by, each unique in the page."""
        role, name = role_of(element), self._name(element, page)
        if role is not None and not is_hidden(element):
            for text, is_whole in usable(name):
                names = self._names_of_role(page, role)
                arguments = by_name(element, text, names, is_whole=is_whole)
                if arguments is not None:
                    first, *more = arguments
                    yield Call("get_by_role", (literal(role), f"name={first}", *more))
        labels = list(map(compared, label_texts(element, page)))
        for text, is_whole in usable(name) if labels else ():
            arguments = by_name(element, text, self._names_of_labels(page), is_whole=is_whole)
            if arguments is not None and any(map(compared(text).is_in, labels)):
                yield Call("get_by_label", arguments)
        placeholder = element.attributes.get("placeholder", "")
        if placeholder.strip() and len(placeholder) <= MAX_NAME and not is_masked(element, placeholder):
            # Playwright compares attributes with all their white space.
            arguments = by_name(element, placeholder, self._names_by_attribute(page, "placeholder"), is_whole=True)
            if arguments is not None:
                yield Call("get_by_placeholder", arguments)
        test_id = element.attributes.get(self._test_id_attribute, "")
        if test_id and not is_masked(element, test_id):
            same = {node: None for node, _ in self._names_by_attribute(page, self._test_id_attribute)}
            if [node for node in same if node.attributes[self._test_id_attribute] == test_id] == [element]:
                yield self._by_test_id(test_id)
        yield from self._by_id(page, element)
        yield from self._by_row(page, element, role, name)
        written = self._all_texts(page).text_of(element)
        if written is not None:
            text, is_within = written
            # Something may be drawn over what is in a label.
            yield containing(Call("locator", (literal("label"),)), text) if is_within else by_text(text)
        elif role is None:
            yield from self._by_text_in_row(page, element)

    def _by_id(self, page: Page, element: Node) -> Iterator[Call]:
        path, identifier = css_path(element), element.attributes.get("id", "")
        is_id = path.startswith("#") and not _LEADS_ON.search(path)
        lasts = not is_generated(identifier) and not may_be_counted(identifier)
        if is_id and lasts and matches_of(path, self._all_elements(page) or ()) == [element]:
            yield Call("locator", (literal(path),))

    def _by_row(self, page: Page, element: Node, role: str | None, name: AccessibleName) -> Iterator[Call]:
        """Locators within the part of a table or list that an element is in."""
        if role is None or is_hidden(element):
            return
        for row in islice(self._all_texts(page).rows_around(element), _MAX_ROW_TEXTS):
            names = [one for one in self._names_of_role(page, role) or () if not row.same.isdisjoint(upwards(one[0]))]
            self._credit -= len(names) * _ROW_COST
            there = row.locator
            for text, is_whole in usable(name):
                arguments = by_name(element, text, names, is_whole=is_whole)
                if arguments is not None:
                    first, *more = arguments
                    yield Call("get_by_role", (literal(role), f"name={first}", *more), on=there)
            if not name.text and {one for one, _ in names} == {element}:
                yield Call("get_by_role", (literal(role),), on=there)

    def _by_text_in_row(self, page: Page, element: Node) -> Iterator[Call]:
        """The same by the text of an element that scripts make a button."""
        texts = self._all_texts(page)
        for row in islice(texts.rows_around(element), _MAX_ROW_TEXTS):
            if (text := texts.text_within(row, element)) is not None:
                yield by_text(text, on=row.locator)

    def _by_test_id(self, test_id: str) -> Call:
        if self._test_id_attribute == DEFAULT_TEST_ID:
            return Call("get_by_test_id", (literal(test_id),))
        quoted = "".join(f"\\{ord(one):x} " if one in '"\\' or one < " " else one for one in test_id)
        return Call("locator", (literal(f'[{self._test_id_attribute}="{quoted}"]'),))

    # What else is on the page

    def _all_elements(self, page: Page) -> list[Node] | None:
        """All elements in order; None if looking at them would take too long."""
        if self._credit < len(page.nodes) or page.root is None:
            return None
        self._credit -= len(page.nodes)
        if self._elements is None:
            self._elements = [node for node in walk(page.root) if node.kind is NodeKind.ELEMENT]
        return self._elements

    def _all_texts(self, page: Page) -> Texts:
        if self._texts is None:
            elements = self._all_elements(page)
            if elements is None:
                return Texts(())
            self._credit -= len(page.nodes)
            self._texts = Texts(elements)
        return self._texts

    def _name(self, node: Node, page: Page) -> AccessibleName:
        return name_of(node, page, self._styles)

    def _names_of_role(self, page: Page, role: str) -> Names | None:
        def names(node: Node) -> Iterable[str]:
            if _may_have(node, role) and not is_hidden(node):
                name = self._name(node, page)
                yield name.text
                if name.without_doubtful is not None:
                    yield name.without_doubtful
                yield from name.values
                if role_of(node) != role:
                    yield text_within(node)

        return self._listed(page, f"role {role}", names)

    def _names_of_labels(self, page: Page) -> Names | None:
        return self._listed(page, "label", lambda node: label_texts(node, page))

    def _names_by_attribute(self, page: Page, attribute: str) -> Names:
        def names(node: Node) -> Iterable[str]:
            return (node.attributes[attribute],) if attribute in node.attributes else ()

        return self._listed(page, f"[{attribute}]", names) or []

    def _listed(self, page: Page, kind: str, names: Callable[[Node], Iterable[str]]) -> Names | None:
        """The names of some kind that elements have or may have; None if there are too many to look at."""
        if kind not in self._names:
            elements = self._all_elements(page)
            if elements is None:
                return None
            found: Names = []
            for node in elements:
                for text in names(node):
                    self._credit -= _NAME_COST
                    found.append((node, compared(text)))
            self._names[kind] = found
        self._credit -= len(self._names[kind])
        return self._names[kind]


def _to_click(node: Node, page: Page) -> tuple[Node, bool]:
    """The element to click, and whether others in it may be in its middle, where Playwright clicks.

    It is the button, link or field that contains a node, or only the part that was clicked of one that contains others.
    """
    control = control_of(node)
    if control.name in _NEVER_AROUND or not _is_around_others(control, page):
        return control, False
    own = node.parent if node.kind is NodeKind.TEXT and node.parent is not None else node
    return own, own is control or _is_around_others(own, page)


def _is_around_others(element: Node, page: Page) -> bool:
    if element.name in ("body", "html"):
        return True
    below = islice(walk(element, (), is_hidden_by_markup), 1, _MAX_WITHIN)
    return any(one.kind is NodeKind.ELEMENT and _reacts(one, page) for one in below)


def _reacts(element: Node, page: Page) -> bool:
    """Whether a click on an element does something else than one beside it."""
    if element.name == "label" and labelled_by(element, page) is None:
        return False  # A name, as that of a button.
    return is_control(element) and role_of(element) not in _TEXT_ROLES


def _may_have(node: Node, role: str) -> bool:
    """Whether an element has a role for Playwright, which also gives one to fields that have none by HTML-AAM.

    It ignores `none` and `presentation` where an element can have focus.
    """
    if node.name in _CELLS and role not in _CELL_ROLES and "role" not in node.attributes:
        return False  # The role of a cell takes a while to find.
    if role_of(node) == role:
        return True
    is_removed = _NO_ROLE.issuperset(node.attributes.get("role", "")[:MAX_NAME].lower().split())
    if is_removed and native_role_of(node) == role:
        return True
    return node.name == "input" and role in ("button", "textbox") and native_role_of(node) is None


def _address_of(element: Node, page: Page) -> str | None:
    href = element.attributes.get("href", "") if element.name == "a" else ""
    with suppress(ValueError):
        return urljoin(page.url or "", href[:_MAX_URL]) if href else None
    return None


def _is_in_closed_dialog(element: Node) -> bool:
    ancestor: Node | None = element
    for _ in range(_MAX_DEPTH):
        if ancestor is None:
            return False
        if ancestor.name == "dialog" and "open" not in ancestor.attributes:
            return True
        ancestor = ancestor.parent
    return False
