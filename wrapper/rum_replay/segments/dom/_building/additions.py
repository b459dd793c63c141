"""The nodes that change records add: most of a recording, so ordinary ones are added in one loop that calls nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from ...records import AttributePair, StringOrIndex
from .._effects import NodeAdded
from .._form_fields import FORM_FIELDS, take_initial_state
from .._nodes import CDATA, DOCTYPE, DOCUMENT, ELEMENT, FRAGMENT, SHADOW_ROOT, TEXT, Node, NodeKind
from .document import PARENTS, Document

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
_MOST_ITEMS, _LONGEST_NAME = 100, 100
"""Nodes with more are not ordinary; they may be beyond the limits of a page."""
_MOST_REMEMBERED = 10_000
_NONE = 1 << 62  # More characters than may be used.

_INDEXED = frozenset({"aria-expanded", "for", "id", "open", "popover"})
"""Attributes by which nodes are found."""

_Pair = tuple[str, str, int]
"""An attribute's name and value, and how many of their characters are used once more."""


class _Ordinary(NamedTuple):
    """What a recorded name means, if nodes with this name need no special treatment."""

    kind: NodeKind
    name: str
    is_svg: bool
    is_html: bool
    length: int
    """Characters that are used once more."""


class Additions:
    """Adds nodes to a document; `strings` is the string table, and `string_of` finds a string in it."""

    def __init__(
        self, document: Document, strings: list[str], string_of: Callable[[StringOrIndex], str | None]
    ) -> None:
        self._document = document
        self._strings = strings
        self._string = string_of
        # What indexes stand for, which holds as long as the string table only grows.
        self._names: dict[StringOrIndex, _Ordinary] = {}
        self._pairs: dict[StringOrIndex | AttributePair, _Pair] = {}

    def clear(self) -> None:
        """Forget what indexes stand for, as the string table was cleared."""
        self._names.clear()
        self._pairs.clear()

    def add(self, additions: Iterable[tuple[Any, ...]]) -> None:  # noqa: PLR0912, PLR0915 - calls take most of the time
        """Add nodes in order; what cannot be added is a problem."""
        document, names, pairs = self._document, self._names, self._pairs
        nodes, effects = document.nodes, None if document.is_snapshot else document.effects
        # Ids of web views are in ranges of their own.
        most_nodes = 0 if document.base else document.most_nodes
        next_id = document.next_id
        for addition in additions:
            node_id = next_id
            # A node that cannot be added uses up its id too, or all later ids would refer to the wrong nodes.
            next_id += 1
            point, name = addition[0], addition[1]
            if point:
                parent = nodes.get(node_id - point) if point > 0 else None
            else:
                parent = None if point is None else _parent_of_last(nodes.get(node_id - 1))
            ordinary = names.get(name) or self._ordinary(name)
            size = len(addition)
            if (
                ordinary is None
                or parent is None
                or (parent.kind is not ELEMENT and parent.kind not in PARENTS)
                or size > _MOST_ITEMS
                or len(nodes) >= most_nodes
            ):
                self._add_special(node_id, addition)
                continue
            kind, name, is_svg, is_html, length = ordinary
            text: str | None = ""
            attributes: dict[str, str] | None = None
            pair: _Pair | None = None
            if size > 2:
                if kind is TEXT:
                    item = addition[2]
                    if type(item) is str:
                        text = item
                    elif (text := self._known_string(item)) is not None:
                        length += len(text)
                elif size == 3:
                    item = addition[2]
                    pair = pairs.get(item) or self._pair(item)
                    if pair is None:
                        text = None
                    else:
                        length += pair[2]
                        if pair[0] in _INDEXED:
                            attributes = {pair[0]: pair[1]}
                else:
                    attributes = {}
                    length += self._read(addition[2:], attributes)
            if text is None or length > document.repeats_left:
                self._add_special(node_id, addition)
                continue
            document.repeats_left -= length
            previous = parent.last_child
            node = Node(node_id, kind, name, is_svg, text, parent, previous, attributes, pair, is_html)
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
        document.next_id = next_id

    def _ordinary(self, name: StringOrIndex) -> _Ordinary | None:
        string = self._known_string(name)
        ordinary = None if string is None or len(string) > _LONGEST_NAME else _ordinary(string)
        if ordinary is not None:
            if type(name) is str:
                ordinary = ordinary._replace(length=0)
            if len(self._names) >= _MOST_REMEMBERED:
                self._names.clear()
            self._names[name] = ordinary
        return ordinary

    def _read(self, items: _Items, attributes: dict[str, str]) -> int:
        """Read several attributes; returns how many characters are used once more, or `_NONE` if any is none."""
        length = 0
        for item in items:
            pair = self._pairs.get(item) or self._pair(item)
            if pair is None:
                return _NONE
            attributes[pair[0]] = pair[1]
            length += pair[2]
        return length

    def _pair(self, item: StringOrIndex | AttributePair) -> _Pair | None:
        """The attribute that an item is; None if it is none, or if an index is unknown."""
        if type(item) is not tuple:
            return None
        name, value = map(self._known_string, item)
        if name is None or value is None:
            return None
        length = (len(name) if type(item[0]) is int else 0) + (len(value) if type(item[1]) is int else 0)
        if type(item[1]) is int:  # Other values are nearly never used again.
            if len(self._pairs) >= _MOST_REMEMBERED:
                self._pairs.clear()
            self._pairs[item] = name, value, length
        return name, value, length

    def _known_string(self, string: StringOrIndex | AttributePair) -> str | None:
        """A string, without a note of a problem if it is none."""
        if type(string) is int:
            return self._strings[string] if 0 <= string < len(self._strings) else None
        return string if type(string) is str else None

    def _add_special(self, node_id: int, addition: tuple[Any, ...]) -> None:
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

    def _node(self, id: int, addition: tuple[Any, ...]) -> Node | None:
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


@lru_cache(maxsize=1_000)
def _ordinary(name: str) -> _Ordinary | None:
    """What a name in the string table means; None if it needs special treatment."""
    if name == "#text":
        return _Ordinary(TEXT, name, is_svg=False, is_html=False, length=len(name))
    is_svg = name.startswith("svg>")
    of_node = name[4:] if is_svg else name.lower()
    if name in _KINDS or of_node in FORM_FIELDS or (of_node == name and not is_svg):
        return None
    return _Ordinary(ELEMENT, of_node, is_svg, not is_svg, len(name))


def _parent_of_last(node: Node | None) -> Node | None:
    """The parent of a node if that is its last child, but no shadow root."""
    return None if node is None or node.next_sibling is not None or node.kind is SHADOW_ROOT else node.parent
