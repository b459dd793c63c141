"""What the element of a record is called: a CSS selector, and the text that people know it by."""

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

_LONGEST_TEXT = 100
_MOST_KNOWN = 1_000
# A name looks at the siblings of all that is above, which are at most all nodes: this is how many, over all names of a
# view. Recordings of large pages stay below a tenth of it; what is beyond has no names, so that none takes for ever.
_MOST_NODES = 1_000_000_000
_RENAMING = SnapshotTaken | NodeAdded | NodeRemoved | AttributeSet | TextSet


@attrs.frozen
class Element:
    """An element as it was when a record was made."""

    selector: str
    text: str | None


class Elements:
    """Names the nodes of one page; names last until the page changes."""

    def __init__(self) -> None:
        self._known: dict[int, Element | None] = {}
        self._nodes = 0

    def note(self, effects: Sequence[Effect]) -> None:
        """Forget names that no longer hold."""
        if any(isinstance(effect, _RENAMING) for effect in effects):
            self._known.clear()

    def find(self, page: Page, id: int) -> Element | None:
        """The element with this id, or the one that the text with this id is in; None where there is none."""
        if id not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._nodes += len(page.nodes)
            self._known[id] = _element(page.find(id)) if self._nodes <= _MOST_NODES else None
        return self._known[id]


def _element(node: Node | None) -> Element | None:
    while node is not None and node.kind is not NodeKind.ELEMENT:
        node = node.parent
    return None if node is None else Element(css_path(node), text_of(node, _LONGEST_TEXT) or None)
