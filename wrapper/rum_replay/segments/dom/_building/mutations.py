"""Mutation records, from browser SDKs up to 6, and from 7 with change records turned off: trees of nodes with ids."""

from __future__ import annotations

from ... import records
from ...records import AddedNode, MutationData
from .document import Document
from .trees import add_tree, set_recorded_attribute

__all__ = ["apply_mutation"]


def apply_mutation(document: Document, data: MutationData) -> None:
    """Apply removals first, because a node that moves is removed and added again; then additions, attributes, texts."""
    for removal in data.removes:
        document.remove_recorded(removal.id)
    _add(document, data.adds)
    for mutation in data.attributes:
        if (node := document.node(mutation.id)) is not None:
            for name, value in mutation.attributes.items():
                set_recorded_attribute(document, node, name, value)
    for text in data.texts:
        if (node := document.node(text.id)) is not None:
            document.set_text(node, text.value or "")


def _add(document: Document, additions: tuple[AddedNode, ...]) -> None:
    """Add nodes; one that refers to a parent or sibling that comes later is added once that one exists."""
    for addition in additions:
        # SDKs record the removal of a node that moves. If one did not, the page would have the node twice.
        if (moved := document.known(addition.node.id)) is not None:
            document.remove(moved)
    ids_to_come: set[int] | None = None
    waiting: dict[int, list[AddedNode]] = {}
    ready = list(reversed(additions))
    while ready:
        addition = ready.pop()
        missing = _missing(document, addition)
        if missing is not None:
            ids_to_come = _ids_in(additions) if ids_to_come is None else ids_to_come
            if missing in ids_to_come:
                waiting.setdefault(missing, []).append(addition)
                continue
            document.note_problem("an addition next to or below a node that does not exist")
        for node_id in _add_one(document, addition):
            ready.extend(reversed(waiting.pop(node_id - document.base, ())))
    for stuck in waiting.values():
        document.note_problem("additions that depend on one another", len(stuck))


def _missing(document: Document, addition: AddedNode) -> int | None:
    """The id of a node that must exist first; None if nothing is missing."""
    for node_id in (addition.parent_id, addition.next_id):
        if node_id is not None and document.known(node_id) is None:
            return node_id
    return None


def _add_one(document: Document, addition: AddedNode) -> list[int]:
    parent = document.known(addition.parent_id)
    if parent is None:
        return []
    before = None if addition.next_id is None else document.known(addition.next_id)
    return add_tree(document, addition.node, parent, before)


def _ids_in(additions: tuple[AddedNode, ...]) -> set[int]:
    ids: set[int] = set()
    pending: list[records.Node] = [addition.node for addition in additions]
    while pending:
        node = pending.pop()
        ids.add(node.id)
        if isinstance(node, records.DocumentNode | records.ElementNode | records.DocumentFragmentNode):
            pending.extend(node.child_nodes)
    return ids
