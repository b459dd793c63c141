"""Which elements label which: `<label>` and `aria-labelledby`."""

from __future__ import annotations

from itertools import islice

from .._nodes import Node, NodeKind, scope_of_ids, walk
from .._page import Page
from .._roles import LABELABLE, MAX_IN_LABEL, upwards

__all__ = ["elements_labelling", "labelled_by", "labels_of"]

_MAX_LENGTH = 1_000
_MAX_SAME = 10
_MAX_TYPE = 20


def labels_of(field: Node, page: Page) -> list[Node]:
    """The `<label>`s of a field: the one around it, and those that name its id."""
    if field.name not in LABELABLE:
        return []
    scope = scope_of_ids(field)
    by_id = islice(page.labels_by_for.get(field.attributes.get("id", ""), ()), _MAX_SAME)
    labels = [label for label in by_id if scope_of_ids(label) is scope and labelled_by(label, page) is field]
    for ancestor in upwards(field):
        if ancestor.kind is NodeKind.SHADOW_ROOT:
            break
        if ancestor.name == "label":
            return labels if "for" in ancestor.attributes else [*labels, ancestor]
    return sorted(labels, key=lambda label: label.id)


def labelled_by(label: Node, page: Page) -> Node | None:
    """The field that a `<label>` is for; None if it is for none that is recorded."""
    if "for" in label.attributes:
        return _with_id(label.attributes["for"], page, scope_of_ids(label))
    below = islice(walk(label), MAX_IN_LABEL)
    return next((node for node in below if node.name in LABELABLE and not _is_hidden_input(node)), None)


def _is_hidden_input(node: Node) -> bool:
    return node.name == "input" and node.attributes.get("type", "")[:_MAX_TYPE].lower() == "hidden"


def _with_id(value: str, page: Page, scope: Node | None) -> Node | None:
    same = islice(page.nodes_by_id_attribute.get(value, ()), _MAX_SAME)
    return min((node for node in same if scope_of_ids(node) is scope), key=lambda node: node.id, default=None)


def elements_labelling(node: Node, page: Page) -> list[Node]:
    """The elements that `aria-labelledby` names, as far as they are recorded."""
    ids = node.attributes.get("aria-labelledby", "")[:_MAX_LENGTH].split()[:_MAX_SAME]
    scope = scope_of_ids(node) if ids else None
    found = (_with_id(one, page, scope) for one in ids)
    return [element for element in found if element is not None]
