"""The DOM that records build and change: every change passes through here, is checked, and leaves as an effect.

What does not fit, such as an id that no node has, is counted in `problems` and otherwise left out; nothing is raised.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice

from ..records._base import Number
from ._effects import (
    AttributeSet,
    CheckedSet,
    Effect,
    ImageSet,
    MediaSet,
    NodeAdded,
    NodeRemoved,
    RuleDeleted,
    RuleInserted,
    Scrolled,
    SizeSet,
    StyleSheetsSet,
    TextSet,
    ValueSet,
)
from ._form_fields import holds_value, is_checkable, option_value, owning_select
from ._nodes import Node, NodeKind, Scroll, Size, nodes_below
from ._style_sheets import StyleSheet

__all__ = ["Document"]

_MAX_SEARCHED = 2_000  # Nodes that one record may have looked at, to find the options that it names by value.
_PARENTS = frozenset({NodeKind.DOCUMENT, NodeKind.ELEMENT, NodeKind.SHADOW_ROOT, NodeKind.FRAGMENT})


class Document:
    """All nodes of a page, by id, with the primitive changes."""

    def __init__(self) -> None:
        self.problems: Counter[str] = Counter()
        self.effects: list[Effect] = []
        """Of the record that is being applied."""
        self._may_search = _MAX_SEARCHED
        self.clear()

    def clear(self) -> None:
        """Begin anew, as each full snapshot does."""
        self.root: Node | None = None
        self.nodes: dict[int, Node] = {}
        self.next_id = 0
        """One more than the highest id so far: the id of the next node where ids are not written."""
        self.scroll = Scroll(0, 0)
        self._by_attribute_id: dict[str, set[Node]] = {}
        self._chosen: dict[int, Node] = {}
        """The selected option of each select that has but one."""

    def problem(self, what: str, count: int = 1) -> None:
        self.problems[what] += count

    def take_effects(self) -> tuple[Effect, ...]:
        effects = tuple(self.effects)
        self.effects.clear()
        self._may_search = _MAX_SEARCHED
        return effects

    def node(self, id: int) -> Node | None:
        """The node that a record speaks of; one that is not there is counted."""
        node = self.nodes.get(id)
        if node is None:
            self.problem("a change of a node that is not there")
        return node

    def add(self, node: Node, parent: Node | None, before: Node | None) -> bool:
        """Put one node, without children, into the page; None as parent makes it the root. False where it cannot be."""
        self.next_id = max(self.next_id, node.id + 1)
        reason = self._obstacle(node, parent, before)
        if reason is not None:
            self.problem(reason)
            return False
        if parent is None:
            self.root = node
        else:
            node.link(parent, before)
        self.nodes[node.id] = node
        if node.name == "option" and node.checked and (select := owning_select(node)) is not None:
            self._chosen[select.id] = node
        self._remember(node)
        before_id = before.id if before is not None and node.kind is not NodeKind.SHADOW_ROOT else None
        self.effects.append(NodeAdded(node, None if parent is None else parent.id, before_id))
        return True

    def _obstacle(self, node: Node, parent: Node | None, before: Node | None) -> str | None:
        if node.id in self.nodes:
            return "an id given twice"
        if parent is None:
            return "a second root" if self.root is not None else None
        if parent.kind not in _PARENTS:
            return "a child of a node that can have none"
        if before is not None and before.parent is not parent:
            return "a node put before one that is elsewhere"
        if node.kind is NodeKind.SHADOW_ROOT and (parent.kind is not NodeKind.ELEMENT or parent.shadow_root):
            return "a shadow root that cannot be there"
        return None

    def remove(self, node: Node) -> None:
        """Take a node out with all that is below it."""
        parent = node.parent
        for gone in nodes_below(node):
            del self.nodes[gone.id]
            self._chosen.pop(gone.id, None)
            self._forget(gone)
        node.unlink()
        if node is self.root:
            self.root = None
        self.effects.append(NodeRemoved(node.id, None if parent is None else parent.id))

    def set_attribute(self, node: Node, name: str, value: str | None) -> None:
        """None removes it. Recorders say so too when a form field's state changes."""
        if node.kind is not NodeKind.ELEMENT:
            self.problem("an attribute of a node that has none")
            return
        if name == "value" and holds_value(node):
            self.set_value(node, value or "")
            return
        if name == "id":
            self._forget(node)
        if value is None:
            node.attributes.pop(name, None)
        else:
            node.attributes[name] = value
        self.effects.append(AttributeSet(node.id, name, value))
        if name == "id":
            self._remember(node)
        elif name == "value" and node.name == "input":
            self.set_value(node, value or "")
        elif name == ("selected" if node.name == "option" else "checked") and is_checkable(node):
            self.set_checked(node, value is not None)

    def set_text(self, node: Node, text: str) -> None:
        if node.kind not in (NodeKind.TEXT, NodeKind.CDATA):
            self.problem("a text of a node that has none")
            return
        node.text = text
        self.effects.append(TextSet(node.id, text))

    def set_value(self, node: Node, value: str) -> None:
        """Give a form field a value; a select's chooses the option that has it."""
        if node.name not in ("input", "select", "textarea"):
            self.problem("a value of a node that can have none")
            return
        node.value = value
        self.effects.append(ValueSet(node.id, value))
        if node.name == "select" and "multiple" not in node.attributes:
            chosen = self._option(node, value)
            if chosen is not None:
                self._choose(node, chosen)

    def _option(self, select: Node, value: str) -> Node | None:
        for node in islice(nodes_below(select), self._may_search):
            self._may_search -= 1
            if node.name == "option" and option_value(node) == value:
                return node
        if self._may_search == 0:
            self.problem("a choice among too many options")
        return None

    def set_checked(self, node: Node, checked: bool, indeterminate: bool = False) -> None:
        """Check or uncheck a form field; selecting an option makes its select forget the other one."""
        if node.name not in ("input", "option"):
            self.problem("a check of a node that can have none")
            return
        select = owning_select(node) if checked and node.name == "option" else None
        if select is None or "multiple" in select.attributes:
            self._check(node, checked, indeterminate)
            return
        self._choose(select, node)
        value = option_value(node)
        if value != select.value:
            select.value = value
            self.effects.append(ValueSet(select.id, value))

    def _choose(self, select: Node, chosen: Node) -> None:
        before = self._chosen.get(select.id)
        if before is not None and before is not chosen and before.checked and self.nodes.get(before.id) is before:
            self._check(before, False)
        self._chosen[select.id] = chosen
        if not chosen.checked:
            self._check(chosen, True)

    def _check(self, node: Node, checked: bool, indeterminate: bool = False) -> None:
        node.checked, node.indeterminate = checked, indeterminate
        self.effects.append(CheckedSet(node.id, checked, indeterminate))

    def set_scroll(self, node: Node, left: Number, top: Number) -> None:
        if node.parent is not None and node.parent is self.root:
            # The document scrolls for its first element, and is recorded itself.
            return
        node.scroll = Scroll(left, top)
        if node is self.root:
            self.scroll = node.scroll
        self.effects.append(Scrolled(node.id, left, top))

    def set_size(self, node: Node, width: Number, height: Number) -> None:
        node.size = Size(width, height)
        self.effects.append(SizeSet(node.id, width, height))

    def set_playing(self, node: Node, playing: bool) -> None:
        node.playing = playing
        self.effects.append(MediaSet(node.id, playing))

    def set_image(self, node: Node, resource: str) -> None:
        node.image_resource = resource
        self.effects.append(ImageSet(node.id, resource))

    def set_style_sheets(self, node: Node, sheets: tuple[StyleSheet, ...]) -> None:
        node.style_sheets = sheets
        self.effects.append(StyleSheetsSet(node.id, sheets))

    def insert_rule(self, node: Node, rule: str, index: tuple[int, ...]) -> None:
        if node.name not in ("style", "link"):
            self.problem("a style rule of a node that can have none")
            return
        if not node.style_sheets:
            node.style_sheets = (StyleSheet(()),)
        if node.style_sheets[0].insert(rule, index):
            self.effects.append(RuleInserted(node.id, rule, index))
        else:
            self.problem("a style rule at an index that is not there")

    def delete_rule(self, node: Node, index: tuple[int, ...]) -> None:
        if node.name in ("style", "link") and node.style_sheets and node.style_sheets[0].delete(index):
            self.effects.append(RuleDeleted(node.id, index))
        else:
            self.problem("a style rule at an index that is not there")

    def _remember(self, node: Node) -> None:
        if attribute_id := node.attributes.get("id"):
            node.same_ids = self._by_attribute_id.setdefault(attribute_id, set())
            node.same_ids.add(node)

    def _forget(self, node: Node) -> None:
        if node.same_ids is not None:
            node.same_ids.discard(node)
            if not node.same_ids:
                del self._by_attribute_id[node.attributes["id"]]
            node.same_ids = None
