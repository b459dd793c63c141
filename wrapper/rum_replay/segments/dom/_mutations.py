"""Mutations of browser SDKs up to 6, and of 7 where changes are off: nodes come as trees with their ids."""

from __future__ import annotations

from ..records import _nodes as recorded
from ..records._incremental import AddedNode, MutationData
from ._document import Document
from ._trees import add_tree, set_recorded_attribute

__all__ = ["apply_mutation"]


def apply_mutation(document: Document, data: MutationData) -> None:
    """Removals come first, for a node that moves is removed and added; then additions, attributes and texts."""
    for removal in data.removes:
        if (node := document.node(removal.id)) is not None:
            document.remove(node)
    _add(document, data.adds)
    for mutation in data.attributes:
        if (node := document.node(mutation.id)) is not None:
            for name, value in mutation.attributes.items():
                set_recorded_attribute(document, node, name, value)
    for text in data.texts:
        if (node := document.node(text.id)) is not None:
            document.set_text(node, text.value or "")


def _add(document: Document, additions: tuple[AddedNode, ...]) -> None:
    """Each may refer to a parent or next sibling that comes behind it, and then waits for that one."""
    for addition in additions:
        # Recorders say that a node left before they say where it is now. If one did not, it would be here twice.
        if (moved := document.nodes.get(addition.node.id)) is not None:
            document.remove(moved)
    coming: set[int] | None = None
    waiting: dict[int, list[AddedNode]] = {}
    ready = list(reversed(additions))
    while ready:
        addition = ready.pop()
        missing = _missing(document, addition)
        if missing is not None:
            coming = _ids_in(additions) if coming is None else coming
            if missing in coming:
                waiting.setdefault(missing, []).append(addition)
                continue
            document.problem("an addition beside or below a node that is not there")
        for node_id in _put(document, addition):
            ready.extend(reversed(waiting.pop(node_id, ())))
    for stuck in waiting.values():
        document.problem("additions that wait for one another", len(stuck))


def _missing(document: Document, addition: AddedNode) -> int | None:
    """The node that must be there first."""
    for node_id in (addition.parent_id, addition.next_id):
        if node_id is not None and node_id not in document.nodes:
            return node_id
    return None


def _put(document: Document, addition: AddedNode) -> list[int]:
    parent = document.nodes.get(addition.parent_id)
    if parent is None:
        return []
    before = None if addition.next_id is None else document.nodes.get(addition.next_id)
    return add_tree(document, addition.node, parent, before)


def _ids_in(additions: tuple[AddedNode, ...]) -> set[int]:
    ids: set[int] = set()
    waiting: list[recorded.Node] = [addition.node for addition in additions]
    while waiting:
        node = waiting.pop()
        ids.add(node.id)
        if isinstance(node, recorded.DocumentNode | recorded.ElementNode | recorded.DocumentFragmentNode):
            waiting.extend(node.child_nodes)
    return ids
