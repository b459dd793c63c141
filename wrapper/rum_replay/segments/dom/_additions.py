"""The nodes that change records add: most of a recording, so ordinary ones are added in one loop that calls nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..records import AttributePair, NodeAddition, StringOrIndex
from ._document import MAX_NAME, PARENTS, Document
from ._effects import NodeAdded
from ._form_fields import FORM_FIELDS, take_initial_state
from ._nodes import CDATA, DOCTYPE, DOCUMENT, ELEMENT, FRAGMENT, SHADOW_ROOT, TEXT, Node, NodeKind

__all__ = ["Additions"]

_Items = tuple[StringOrIndex | AttributePair, ...]
_TEXTS = (TEXT, CDATA)
_KINDS = {
    "#document": DOCUMENT,
    "#doctype": DOCTYPE,
    "#text": TEXT,
    "#cdata-section": CDATA,
    "#shadow-root": SHADOW_ROOT,
    "#document-fragment": FRAGMENT,
}
_MOST_ITEMS = 100
_MOST_NAMES = 1_000
_ordinary: dict[StringOrIndex, tuple[NodeKind, str, bool]] = {"#text": (TEXT, "#text", False)}
"""For recorded names of ordinary nodes, the kind and name of the node, and whether it is SVG."""


class Additions:
    """Adds nodes to a document; `strings` is the string table, and `string_of` finds a string in it."""

    def __init__(
        self, document: Document, strings: list[str], string_of: Callable[[StringOrIndex], str | None]
    ) -> None:
        self._document = document
        self._strings = strings
        self._string = string_of

    def add(self, additions: Iterable[NodeAddition]) -> None:
        """Add nodes in order; what cannot be added is a problem."""
        document, strings, ordinary = self._document, self._strings, _ordinary
        nodes, count = document.nodes, len(strings)
        effects = None if document.is_snapshot else document.effects
        # Ids of web views are in ranges of their own.
        most_nodes = 0 if document.base else document.most_nodes
        for addition in additions:
            node_id = document.next_id
            # A node that cannot be added uses up its id too, or all later ids would refer to the wrong nodes.
            document.next_id = node_id + 1
            point, name = addition[0], addition[1]
            left = document.repeats_left
            if type(name) is int and 0 <= name < count:
                name = strings[name]
                left -= len(name)
            known = ordinary.get(name) or _note_name(name)
            if point:
                parent = nodes.get(node_id - point) if point > 0 else None
            else:
                parent = None if point is None else _parent_of_last(nodes.get(node_id - 1))
            size = len(addition)
            if (
                known is None
                or parent is None
                or (parent.kind is not ELEMENT and parent.kind not in PARENTS)
                or size > _MOST_ITEMS
                or len(nodes) >= most_nodes
            ):
                self._add_special(node_id, addition)
                continue
            kind, name, is_svg = known
            text = ""
            attributes: dict[str, str] | None = None
            if size > 2:
                if kind is TEXT:
                    item = addition[2]
                    if type(item) is int and 0 <= item < count:
                        item = strings[item]
                        left -= len(item)
                    if type(item) is not str:
                        self._add_special(node_id, addition)
                        continue
                    text = item
                else:
                    attributes = {}
                    for item in addition[2:]:
                        if type(item) is not tuple:
                            break
                        attribute, value = item
                        if type(attribute) is int and 0 <= attribute < count:
                            attribute = strings[attribute]
                            left -= len(attribute)
                        if type(value) is int and 0 <= value < count:
                            value = strings[value]
                            left -= len(value)
                        if type(attribute) is not str or type(value) is not str:
                            break
                        attributes[attribute] = value
                    else:
                        item = None
                    if item is not None:
                        self._add_special(node_id, addition)
                        continue
            if left < 0:
                self._add_special(node_id, addition)
                continue
            document.repeats_left = left
            previous = parent.last_child
            node = Node(node_id, kind, name, is_svg, text, parent, previous, attributes, not is_svg and kind is ELEMENT)
            if previous is None:
                parent.first_child = node
            else:
                previous.next_sibling = node
            parent.last_child = node
            if parent.child_order is not None:
                parent.child_order.add(node)
            nodes[node_id] = node
            if attributes is not None:
                document.index(node, attributes)
            if effects is not None:
                effects.append(NodeAdded(node, parent.id, None))

    def _add_special(self, node_id: int, addition: NodeAddition) -> None:
        """Add any node: the way that the ordinary ones are a shortcut of."""
        document = self._document
        nodes = document.nodes
        node = self._node(node_id, addition)
        if node is None:
            return
        point = addition[0]
        if point is None:
            document.add(node, None, None)
            return
        reference = nodes.get(node_id - (abs(point) or 1))
        if reference is None:
            document.note_problem("an addition next to or below a node that does not exist")
        elif point > 0:
            document.add(node, reference, None)
        else:
            self._add_beside(node, reference, is_after=point == 0)

    def _add_beside(self, node: Node, reference: Node, *, is_after: bool) -> None:
        document, parent = self._document, reference.parent
        if parent is None:
            document.note_problem("an addition next to the root")
        elif not is_after:
            document.add(node, parent, reference)
        elif reference.kind is SHADOW_ROOT:
            # The children of the host come after its shadow root.
            document.add(node, parent, parent.first_child)
        else:
            document.add(node, parent, reference.next_sibling)

    def _node(self, id: int, addition: NodeAddition) -> Node | None:
        name, items = self._string(addition[1]), addition[2:]
        if name is None:
            return None
        kind = _KINDS.get(name)
        if kind is None:
            return self._element(id, name, items)
        if kind is DOCTYPE:
            return self._doctype(id, items)
        node = Node(id, kind, name)
        if items and kind in _TEXTS:
            node.text = self._text(items[0])
        return node

    def _text(self, item: StringOrIndex | AttributePair) -> str:
        return "" if isinstance(item, tuple) else self._string(item) or ""

    def _element(self, id: int, name: str, items: _Items) -> Node:
        is_svg = name.startswith("svg>")
        node = Node(id, ELEMENT, name[4:] if is_svg else name.lower(), is_svg)
        node.is_known_html = not is_svg and name != node.name  # It is in capitals.
        for item in items:
            if not isinstance(item, tuple):
                self._document.note_problem("an attribute without a value")
                continue
            attribute, value = self._string(item[0]), self._string(item[1])
            if attribute is not None and value is not None:
                node.attributes[attribute] = value
        if node.name in FORM_FIELDS:
            take_initial_state(node)
        return node

    def _doctype(self, id: int, items: _Items) -> Node:
        name, public_id, system_id = [*map(self._text, items[:3]), "", "", ""][:3]
        identifiers = {"publicId": public_id, "systemId": system_id}
        return Node(
            id, DOCTYPE, name, any_attributes={key: value for key, value in identifiers.items() if value} or None
        )


def _note_name(name: StringOrIndex) -> tuple[NodeKind, str, bool] | None:
    """What `_ordinary` has for a name from now on; None if what has it is not ordinary."""
    if type(name) is not str or len(name) > MAX_NAME or name in _KINDS:
        return None
    is_svg = name.startswith("svg>")
    of_node = name[4:] if is_svg else name.lower()
    if of_node in FORM_FIELDS or (of_node == name and not is_svg):
        return None
    if len(_ordinary) < _MOST_NAMES:
        _ordinary[name] = ELEMENT, of_node, is_svg
    return ELEMENT, of_node, is_svg


def _parent_of_last(node: Node | None) -> Node | None:
    """The parent of a node if that is its last child, but no shadow root."""
    return None if node is None or node.next_sibling is not None or node.kind is SHADOW_ROOT else node.parent
