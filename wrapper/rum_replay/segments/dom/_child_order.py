"""The places of very many children among those of the same name, kept while children come and go."""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._nodes import Node

__all__ = ["ChildOrder", "class_names"]

_BLOCK = 300
_name = attrgetter("name")
_LONGEST_CLASS_ATTRIBUTE = 10_000
"""Characters; those of utility frameworks have some hundred, and of components with many variants some thousand."""

_MOST_CLASSES = 20_000
"""Different classes of the children of one node. Lists where each item has its own have a few thousand."""


def class_names(node: Node) -> list[str] | None:
    """The classes of an element in order; None if there are too many to read them each time."""
    attribute = node.attributes.get("class", "")
    return attribute.split() if len(attribute) <= _LONGEST_CLASS_ATTRIBUTE else None


class _Block:
    """Some children in a row."""

    __slots__ = ("names", "nodes")

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.names = Counter(node.name for node in nodes)


class ChildOrder:
    """The children of one node in blocks, so that finding the place of one does not visit all others.

    A change of a child takes time for the children of its block, and for its classes.
    """

    __slots__ = ("_block_of", "_blocks", "_class_counts", "_counted", "_names", "_unread")

    def __init__(self, children: list[Node]) -> None:
        self._blocks = [_Block(children[start : start + _BLOCK]) for start in range(0, len(children), _BLOCK)]
        self._block_of = {node: block for block in self._blocks for node in block.nodes}
        self._names = Counter(node.name for node in children)
        self._class_counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """How many children of a name have a class, by the name."""
        self._counted: dict[Node, str | None] = {}
        """The `class` attributes whose classes were counted; None for children that may have any."""
        self._unread = Counter[str]()
        for node in children:
            self._add_classes(node)

    def add(self, node: Node) -> None:
        """Add a child that was linked to its siblings."""
        before = node.next_sibling
        if before is not None:
            block = self._block_of[before]
            block.nodes.insert(block.nodes.index(before), node)
        else:
            if not self._blocks:
                self._blocks.append(_Block([]))
            block = self._blocks[-1]
            block.nodes.append(node)
        block.names[node.name] += 1
        self._names[node.name] += 1
        self._block_of[node] = block
        self._add_classes(node)
        if len(block.nodes) > 2 * _BLOCK:
            self._divide(block)

    def remove(self, node: Node) -> None:
        """Remove a child."""
        block = self._block_of.pop(node)
        block.nodes.remove(node)
        _take(block.names, node.name)
        _take(self._names, node.name)
        self._remove_classes(node)
        if not block.nodes:
            self._blocks.remove(block)

    def note_classes(self, node: Node) -> None:
        """Note that the classes of a child changed."""
        self._remove_classes(node)
        self._add_classes(node)

    def position(self, node: Node) -> int:
        """The position of a child among those of the same name, from 1."""
        position = 0
        of_node = self._block_of[node]
        for block in self._blocks:
            if block is of_node:
                break
            position += block.names[node.name]
        before = of_node.nodes[: of_node.nodes.index(node)]
        return position + list(map(_name, before)).count(node.name) + 1

    def is_unique(self, node: Node, classes: list[str]) -> bool:
        """Whether no other child has the same name and all these classes of the child.

        If each of several classes is shared with others, the answer is no, even if nothing else has all of them.
        """
        if self._names[node.name] == 1:
            return True
        others_unread = self._unread[node.name] - (self._counted[node] is None)
        counts = self._class_counts[node.name]
        return others_unread == 0 and any(counts[name] == 1 for name in classes)

    def _add_classes(self, node: Node) -> None:
        names = class_names(node)
        counts = self._class_counts[node.name]
        if names is None or len(counts) + len(names) > _MOST_CLASSES:
            self._counted[node] = None
            self._unread[node.name] += 1
        else:
            self._counted[node] = node.attributes.get("class", "")
            counts.update(set(names))

    def _remove_classes(self, node: Node) -> None:
        attribute = self._counted.pop(node)
        if attribute is None:
            self._unread[node.name] -= 1
            return
        for name in set(attribute.split()):
            _take(self._class_counts[node.name], name)

    def _divide(self, block: _Block) -> None:
        second = _Block(block.nodes[_BLOCK:])
        del block.nodes[_BLOCK:]
        block.names -= second.names
        self._blocks.insert(self._blocks.index(block) + 1, second)
        self._block_of.update(dict.fromkeys(second.nodes, second))


def _take(counts: Counter[str], name: str) -> None:
    """Count one less."""
    counts[name] -= 1
    if not counts[name]:
        del counts[name]
