"""Names for the element that a record concerns: a CSS selector, and the text by which people know it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from ..dom import (
    AttributeSet,
    Effect,
    Node,
    NodeAdded,
    NodeKind,
    NodeRemoved,
    Page,
    SnapshotTaken,
    TextSet,
    css_path,
    text_of,
)

__all__ = ["Element", "Elements"]

_MAX_TEXT_LENGTH = 100
_MAX_NAMES = 1_000
# To name an element, the siblings of all its ancestors are visited: at most all nodes of the page. This bounds the sum
# of those nodes over a view. Recordings of large pages stay below a tenth of it; beyond it elements get no names, so
# that a hostile recording cannot take forever.
_MAX_NODES_VISITED = 1_000_000_000
_RENAMING_EFFECTS = SnapshotTaken | NodeAdded | NodeRemoved | AttributeSet | TextSet


@attrs.frozen
class Element:
    """An element as it was when a record was made."""

    selector: str
    text: str | None


class Elements:
    """Names the nodes of one page; names are kept until the page changes."""

    def __init__(self) -> None:
        self._known: dict[int, Element | None] = {}
        self._nodes = 0

    def note(self, effects: Sequence[Effect]) -> None:
        """Forget names that may have changed."""
        if any(isinstance(effect, _RENAMING_EFFECTS) for effect in effects):
            self._known.clear()

    def find(self, page: Page, id: int) -> Element | None:
        """The element with this id, or the one that contains the text node with this id; None if there is no node."""
        if id not in self._known:
            if len(self._known) >= _MAX_NAMES:
                self._known.clear()
            self._nodes += len(page.nodes)
            self._known[id] = _element(page.find(id)) if self._nodes <= _MAX_NODES_VISITED else None
        return self._known[id]


def _element(node: Node | None) -> Element | None:
    while node is not None and node.kind is not NodeKind.ELEMENT:
        node = node.parent
    return None if node is None else Element(css_path(node), text_of(node, _MAX_TEXT_LENGTH) or None)
