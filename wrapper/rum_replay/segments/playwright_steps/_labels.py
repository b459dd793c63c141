"""The texts of an element's labels by which Playwright finds it.

It compares the text of each label, whatever is hidden in it, and not the accessible name that the labels give
(https://playwright.dev/python/docs/api/class-page#page-get-by-label).
"""

from __future__ import annotations

from itertools import islice

from ..dom import Node, NodeKind, Page
from ..dom._names.labels import elements_labelling, labels_of
from ..dom._nodes import walk

__all__ = ["label_texts", "text_within"]

_MAX_NODES = 300
_MAX_LENGTH = 1_000
_UNREAD = frozenset({"head", "noscript", "script", "style"})


def label_texts(element: Node, page: Page) -> list[str]:
    """The texts; none if it has no labels. What is typed into or selected in a field within a label is left out."""
    named = elements_labelling(element, page)
    if named:
        return list(map(text_within, named))
    spoken = element.attributes.get("aria-label", "")
    if spoken.strip():
        return [spoken[:_MAX_LENGTH]]
    return list(map(text_within, labels_of(element, page)))


def text_within(label: Node) -> str:
    """All text in an element, whatever is hidden in it."""
    below = islice(walk(label, _UNREAD), _MAX_NODES)
    return "".join(node.text[:_MAX_LENGTH] for node in below if node.kind is NodeKind.TEXT)
