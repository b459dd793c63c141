"""The DOM that records build and change: this module checks every change, makes it, and notes its effect.

Anything invalid, such as an id that no node has, is counted in `problems` and skipped; nothing is raised.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from itertools import islice

from ..._resources import Resource
from ...records import Number
from ...records._interactions import MOVES_FOCUS
from .._effects import (
    AttributeSet,
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
)
from .._form_fields import holds_value, is_checkable
from .._nodes import CDATA, DOCUMENT, ELEMENT, FRAGMENT, SHADOW_ROOT, TEXT, Node, Scroll, Size, link, unlink, walk
from .._style_sheets import StyleSheet
from .._top_layer.shown import PRESSES, TopLayer
from .field_changes import FieldChanges
from .mathml import is_mathml

__all__ = ["IDS_OF_SLOT", "PARENTS", "Document"]

_MAX_NAME = 1_000  # Characters; outputs repeat names.
_MAX_ATTRIBUTES = 1_000
"""Attributes of an element: in browsers, setting one takes time for each that there is."""

_TOO_MANY_ATTRIBUTES = "an attribute of an element with more than 1,000"
_TOO_MANY_NODES = "a node of a page with more than 250,000"
_MAX_NODES = 250_000
"""Nodes of a page; each takes up to 600 bytes of memory. Browsers become slow at a tenth of it."""

_TOO_MANY_INNER_NODES = "a node of a web view with more than 60,000"
_MAX_INNER_NODES = 60_000
"""Nodes of the page of one slot of a mobile screen."""

IDS_OF_SLOT = 1 << 40
_USED_ID = "a node id that is already in use"
_ID_OUT_OF_RANGE = "a node of a web view with an id out of range"

_REPEATS = 128 << 20
_REPEATS_PER_BYTE = 32

PARENTS = frozenset({DOCUMENT, ELEMENT, SHADOW_ROOT, FRAGMENT})


class Document:
    """All nodes of a page by id, and the primitive changes to them."""

    def __init__(self, resources: Mapping[str, Resource], slot: int = 0) -> None:
        self._resources = resources
        self.base = slot * IDS_OF_SLOT
        """What is added to recorded ids: pages of the slots of a mobile screen have ids of their own."""
        self.most_nodes = _MAX_INNER_NODES if slot else _MAX_NODES
        self._too_many_nodes = _TOO_MANY_INNER_NODES if slot else _TOO_MANY_NODES
        self.problems: Counter[str] = Counter()
        self.effects: list[Effect] = []
        """The effects of the record that is being applied."""
        self.repeats_left = _REPEATS
        """Characters of recorded texts that may be used once more; see `may_repeat`."""
        self._removed: set[int] = set()
        """The nodes that the record that is being applied has removed."""
        self.is_snapshot = False
        self.begun_at: Number = -math.inf
        """When the page began, if it did so while it was used, as the routes of an app do."""
        self.now: Number = 0
        """The timestamp of the record that is being applied, in milliseconds of Unix time."""
        self.clear()

    def of_slot(self, number: int) -> Document:
        """The document of a slot of this mobile screen; slots are numbered from 1."""
        return Document(self._resources, number)

    @contextmanager
    def replaced(self) -> Generator[None]:
        """Start over, as each full snapshot does; the nodes that are then added have no effects of their own."""
        self.clear()
        self.is_snapshot = True
        try:
            yield
        finally:
            self.is_snapshot = False

    def clear(self) -> None:
        self.root: Node | None = None
        self.nodes: dict[int, Node] = {}
        self.next_id = self.base
        """One more than the highest id so far: the id of the next node in the format that does not write ids."""
        self.scroll = Scroll(0, 0)
        self.nodes_by_id_attribute: dict[str, set[Node]] = {}
        self.labels_by_for: dict[str, set[Node]] = {}
        self._fields = FieldChanges(self.nodes, self.note_problem)
        self.top_layer = TopLayer(self.begun_at)

    def note_problem(self, problem: str, count: int = 1) -> None:
        self.problems[problem] += count

    def allow_repeats(self, size: int) -> None:
        """Let the page hold more text that is recorded once and used often, since as many bytes were recorded."""
        self.repeats_left += _REPEATS_PER_BYTE * size

    def may_repeat(self, length: int) -> bool:
        """Whether a recorded text may be used once more; without a limit, a small recording could fill any disk."""
        if length > self.repeats_left:
            self.note_problem("a text that is used too often")
            return False
        self.repeats_left -= length
        return True

    def take_effects(self) -> tuple[Effect, ...]:
        if self.effects:
            self.effects += list(self._fields.settle(self.effects))
        effects = tuple(self.effects)
        self.effects.clear()
        self._removed.clear()
        return effects

    @property
    def fields(self) -> Mapping[int, Node]:
        """The form fields by id."""
        return self._fields.fields

    def node(self, id: int) -> Node | None:
        """The node that a record refers to; None, and a problem, if it does not exist."""
        node = self.nodes.get(self.base + id)
        if node is None:
            self.note_problem("a change to a node that does not exist")
        return node

    def known(self, id: int) -> Node | None:
        """The node that has this id in records."""
        return self.nodes.get(self.base + id)

    def add(self, node: Node, parent: Node | None, before: Node | None) -> bool:
        """Add one node, without children; without a parent it becomes the root. False if that is not possible."""
        # The path of ordinary nodes calls nothing that it need not, since pages have thousands of them.
        node_id, attributes, nodes = node.id, node.any_attributes, self.nodes
        if node_id >= self.next_id:
            self.next_id = node_id + 1
        if len(node.name) > _MAX_NAME or (attributes is not None and len(attributes) > _MAX_ATTRIBUTES):
            self._cut(node)
            attributes = node.any_attributes
        is_full = len(nodes) >= self.most_nodes
        problem = self._too_many_nodes if is_full else self._problem_with_adding(node, parent, before)
        if problem is not None:
            self.note_problem(problem)
            return False
        if (
            node.kind is ELEMENT
            and not node.is_known_html
            and (parent is None or parent.is_mathml or node.name == "math")
        ):
            node.is_mathml = is_mathml(node, parent)
        if parent is None:
            self.root = node
        else:
            link(node, parent, before)
        nodes[node_id] = node
        if attributes:
            self.index(node, attributes)
        if node.value is not None or node.checked is not None:
            self._fields.add(node)
        if self.is_snapshot:
            return True
        before_id = None if before is None or node.kind is SHADOW_ROOT else before.id
        self.effects.append(NodeAdded(node, None if parent is None else parent.id, before_id))
        return True

    def index(self, node: Node, attributes: Mapping[str, str]) -> None:
        """Note by which attributes a new node can be found."""
        if "id" in attributes:
            self._index_id_attribute(node)
        if "for" in attributes:
            self._index_label(node)
        if "open" in attributes or "popover" in attributes or "aria-expanded" in attributes:
            self.top_layer.add(node, None if self.is_snapshot else self.now)

    def _cut(self, node: Node) -> None:
        if len(node.name) > _MAX_NAME:
            node.name = node.name[:_MAX_NAME]
            self.note_problem("a name longer than 1,000 characters, which was cut")
        if (excess := len(node.attributes) - _MAX_ATTRIBUTES) > 0:
            node.any_attributes = dict(islice(node.attributes.items(), _MAX_ATTRIBUTES))
            self.note_problem(_TOO_MANY_ATTRIBUTES, excess)

    def _problem_with_adding(self, node: Node, parent: Node | None, before: Node | None) -> str | None:
        if node.id in self.nodes or (self.base and not 0 <= node.id - self.base < IDS_OF_SLOT):
            return _USED_ID if node.id in self.nodes else _ID_OUT_OF_RANGE
        if parent is None:
            return "a second root" if self.root is not None else None
        if parent.kind not in PARENTS or (self.base and parent.id not in self.nodes):
            return "a child of a node that cannot have children"
        # A shadow root has a parent too, but is no child of it.
        if before is not None and (before.parent is not parent or before.kind is SHADOW_ROOT):
            return "a node to insert before a node that has another parent"
        if node.kind is SHADOW_ROOT and (parent.kind is not ELEMENT or parent.shadow_root):
            return "a shadow root in an invalid place"
        return None

    def remove_recorded(self, id: int) -> None:
        """Remove the node that a record names; SDKs also name the descendants of nodes that they remove."""
        if self.base + id not in self._removed and (node := self.node(id)) is not None:
            self.remove(node)

    def remove(self, node: Node) -> None:
        """Remove a node and its descendants."""
        parent = node.parent
        self._fields.default_texts.note(parent, self.effects)
        nodes, ids, fields, selected = self.nodes, self._removed, self._fields.fields, self._fields.selected_options
        top_layer = self.top_layer if self.top_layer.dialogs or self.top_layer.popovers else None
        for removed in walk(node):
            node_id = removed.id
            del nodes[node_id]
            ids.add(node_id)
            if fields:
                fields.pop(node_id, None)
                selected.pop(node_id, None)
            if top_layer is not None:
                top_layer.remove(node_id)
            if removed.same_ids is not None:
                self._unindex_id_attribute(removed)
            if removed.name == "label":
                self._unindex_label(removed)
        unlink(node)
        if node is self.root:
            self.root = None
        self.effects.append(NodeRemoved(node.id, None if parent is None else parent.id))

    def set_attribute(self, node: Node, name: str, value: str | None) -> None:
        """Set an attribute; None removes it. SDKs also record changes of a form field's state as attributes."""
        if node.kind is not ELEMENT:
            self.note_problem("an attribute of a node that is not an element")
            return
        if name == "value" and holds_value(node):
            self.set_value(node, value or "")
            return
        if value is not None and len(node.attributes) >= _MAX_ATTRIBUTES and name not in node.attributes:
            self.note_problem(_TOO_MANY_ATTRIBUTES)
            return
        if name == "id":
            self._unindex_id_attribute(node)
        elif name == "for" and node.name == "label":
            self._unindex_label(node)
        before = node.attributes.get(name)
        if value is None:
            node.attributes.pop(name, None)
        else:
            node.attributes[name] = value
        self.effects.append(AttributeSet(node.id, name, value))
        self._follow_attribute(node, name, value, before)

    def _follow_attribute(self, node: Node, name: str, value: str | None, before: str | None) -> None:
        """Change what depends on an attribute that was set or removed."""
        if self.top_layer.popovers or name in ("open", "popover"):
            self.effects += self.top_layer.note_attribute(node, name, self.now, before)
        if name == "id":
            self._index_id_attribute(node)
        elif name == "for" and node.name == "label":
            self._index_label(node)
        elif name == "class" and node.parent is not None and node.parent.child_order is not None:
            node.parent.child_order.note_classes(node)
        elif name == "value" and node.name == "input":
            self.set_value(node, value or "")
        elif name == ("selected" if node.name == "option" else "checked") and is_checkable(node):
            self.set_checked(node, value is not None)

    def settle(self, pointed_at: Node | None, *, is_used: bool) -> None:
        """Show and hide what depends on all that a record changed, while the mouse is on something; `is_used` is
        whether people use the page.
        """
        added = {one.node.id: one.node for one in self.effects if type(one) is NodeAdded} if is_used else {}
        self.effects += self.top_layer.settle(self.now, pointed_at, self.nodes_by_id_attribute, added)

    def note_use(self, id: int, interaction: int | None, *, is_known: bool) -> None:
        """Something was done to a node, or a pointer is on it; `is_known` is whether the id surely means it."""
        if interaction in PRESSES:
            self.top_layer.note_press(self.nodes.get(self.base + id) if is_known else None, self.now)
        if is_known and (self.top_layer.dialogs or self.top_layer.popovers or interaction in MOVES_FOCUS):
            node = self.nodes.get(self.base + id)
            self.effects += self.top_layer.note_use(node, interaction, self.now, self.nodes_by_id_attribute)

    def set_text(self, node: Node, text: str) -> None:
        if node.kind not in (TEXT, CDATA):
            self.note_problem("text for a node that cannot hold text")
            return
        self._fields.default_texts.note(node.parent, self.effects)
        node.text = text
        self.effects.append(TextSet(node.id, text))

    def set_value(self, node: Node, value: str) -> None:
        """Set the value of a form field; in a select, this selects the option with that value."""
        self.effects += self._fields.set_value(node, value)

    def set_checked(self, node: Node, checked: bool, indeterminate: bool = False) -> None:
        """Check or uncheck a form field; selecting an option deselects the other one, if the select allows only one."""
        self.effects += self._fields.set_checked(node, checked, indeterminate)

    def set_scroll(self, node: Node, left: Number, top: Number) -> None:
        if node.parent is not None and node.parent is self.root:
            # When <html> scrolls, it is the document that scrolls, and SDKs record that under the document's id.
            return
        node.scroll = Scroll(left, top)
        if node is self.root:
            self.scroll = node.scroll
            self.top_layer.scrolled_at = self.now
        self.effects.append(Scrolled(node.id, left, top))

    def set_size(self, node: Node, width: Number, height: Number) -> None:
        node.size = Size(width, height)
        self.effects.append(SizeSet(node.id, width, height))

    def set_playing(self, node: Node, playing: bool) -> None:
        node.playing = playing
        self.effects.append(MediaSet(node.id, playing))

    def set_image(self, node: Node, resource: str) -> None:
        image = self._resources.get(resource)
        node.image_resource, node.image = resource, image if isinstance(image, Resource) else None
        self.effects.append(ImageSet(node.id, resource))

    def set_style_sheets(self, node: Node, sheets: tuple[StyleSheet, ...]) -> None:
        node.style_sheets = sheets
        self.effects.append(StyleSheetsSet(node.id, sheets))

    def insert_rule(self, node: Node, rule: str, index: tuple[int, ...]) -> None:
        if node.name not in ("style", "link"):
            self.note_problem("a style rule for a node that has no style sheet")
            return
        self._find_style_sheet(node)
        if node.style_sheets[0].insert(rule, index):
            self.effects.append(RuleInserted(node.id, rule, index))
        else:
            self.note_problem("a style rule at an index that does not exist")

    def _find_style_sheet(self, node: Node) -> None:
        """Give a `<style>` the style sheet that its text is, before its first change: SDKs record such a text once."""
        if not node.style_sheets:
            text = "".join(child.text for child in node.children if child.kind is TEXT)
            node.style_sheets = (StyleSheet(text or ()),)

    def delete_rule(self, node: Node, index: tuple[int, ...]) -> None:
        if node.name in ("style", "link"):
            self._find_style_sheet(node)
        if node.style_sheets and node.style_sheets[0].delete(index):
            self.effects.append(RuleDeleted(node.id, index))
        else:
            self.note_problem("a style rule at an index that does not exist")

    def _index_id_attribute(self, node: Node) -> None:
        if id_attribute := node.attributes.get("id"):
            node.same_ids = self.nodes_by_id_attribute.setdefault(id_attribute, set())
            node.same_ids.add(node)

    def _unindex_id_attribute(self, node: Node) -> None:
        if node.same_ids is not None:
            node.same_ids.discard(node)
            if not node.same_ids:
                del self.nodes_by_id_attribute[node.attributes["id"]]
            node.same_ids = None

    def _index_label(self, label: Node) -> None:
        field_id = label.attributes.get("for")
        if field_id and label.name == "label":
            self.labels_by_for.setdefault(field_id, set()).add(label)

    def _unindex_label(self, label: Node) -> None:
        labels = self.labels_by_for.get(label.attributes.get("for", ""), set())
        labels.discard(label)
        if not labels:
            self.labels_by_for.pop(label.attributes.get("for", ""), None)
