"""Names for the element that a record concerns: a CSS selector, and the text by which people know it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import attrs

from .._child_order import class_names
from .._effects import AttributeSet, Effect, NodeAdded, NodeRemoved, SnapshotTaken, TextSet
from .._nodes import Node, NodeKind, walk
from .._page import Page, words_on
from .._roles import FIELDS, upwards
from .labels import elements_labelling, labels_of
from .selectors import css_path, short_text

__all__ = ["Element", "Elements", "is_in_masked_part", "is_masked", "is_masked_text"]

_MAX_TEXT_LENGTH = 100
_MAX_CAPTION_LENGTH = 60
"""Characters. A longer text is the content of a whole section, by which nobody knows it."""

_MAX_NAMES = 1_000
# Naming an element takes constant time, since a hostile recording can ask for it after every change: what comes later
# in a text, or in an attribute, is not read.
_MAX_NODES_READ = 1_000
_RENAMING_EFFECTS = frozenset({SnapshotTaken, NodeAdded, NodeRemoved, AttributeSet, TextSet})

_CAPTIONS = ("aria-label", "title", "alt", "placeholder")
_MAX_DEPTH = 100
_PRIVACY = "data-dd-privacy"
_MASKING = frozenset({"mask", "hidden"})
_SHOWING = frozenset({"allow"})
_PRIVACY_CLASS = "dd-privacy-"
_MASKED_LETTER = "x"
_UNREAD = frozenset({"head", "noscript", "script", "style", "template"})
_MAX_WRITTEN = 500
_MASKED = re.compile(
    r"[x*\s]{2,}+|[x*\s]*+data:image/(?:svg\+xml,%3Csvg xmlns=|gif;base64,R0lGODlhAQABAIAAAMLCwg).*+", re.DOTALL
)
"""SDKs write an x for each masked character of a text, and `***` for a masked attribute, but for any of an image, such
as `alt`, the address of a silver one."""


@attrs.frozen
class Element:
    """An element as it was when a record was made."""

    name: str
    """Its tag."""

    selector: str
    text: str | None
    caption: str | None
    """The short text by which people know it: the label of a field, what is written on it, or an attribute that
    describes it. None if there is none, or if it is masked."""

    privacy: str | None
    """`masked` or `hidden`, if the recording lacks its text for privacy."""


class Elements:
    """Names the nodes of one page; names are kept until the page changes."""

    def __init__(self) -> None:
        self._known: dict[int, Element | None] = {}

    def note(self, effects: Sequence[Effect]) -> None:
        """Forget names that may have changed."""
        if self._known and not _RENAMING_EFFECTS.isdisjoint(map(type, effects)):
            self._known.clear()

    def find(self, page: Page, id: int) -> Element | None:
        """The element with this id, or the one that contains the text node with this id; None if it is not known."""
        if not page.knows_elements:
            return None
        if id not in self._known:
            if len(self._known) >= _MAX_NAMES:
                self._known.clear()
            self._known[id] = _element(page.find(id), page)
        return self._known[id]


def _element(node: Node | None, page: Page) -> Element | None:
    while node is not None and node.kind is not NodeKind.ELEMENT:
        node = node.parent
    if node is None:
        return None
    text = short_text(node, _MAX_TEXT_LENGTH, _MAX_NODES_READ) or words_on(page, node)
    privacy = _privacy(node, text)
    captions = _captions(node, text, page) if privacy is None else ()
    caption = next(filter(_identifies, captions), None)
    return Element(node.name, css_path(node), text or None, caption and " ".join(caption.split()), privacy)


def _captions(node: Node, text: str, page: Page) -> Iterator[str | None]:
    if node.name in FIELDS:
        for label in elements_labelling(node, page) or labels_of(node, page):
            written = short_text(label, _MAX_TEXT_LENGTH, _MAX_NODES_READ)
            if not is_masked(label, written):
                yield written
    yield text
    yield from map(node.attributes.get, _CAPTIONS)


def _identifies(caption: str | None) -> bool:
    return bool(caption and len(caption) <= _MAX_CAPTION_LENGTH and caption.strip() and not is_masked_text(caption))


def is_masked_text(text: str) -> bool:
    """Whether a text is what SDKs write in the place of a masked one."""
    return _MASKED.fullmatch(text) is not None


def is_masked(node: Node, text: str) -> bool:
    """Whether a text in an element is hidden for privacy."""
    said = _is_said_to_be_masked(node)
    return (
        is_masked_text(text) or said is True or (text == _MASKED_LETTER and said is None and _is_on_masked_page(node))
    )


def _is_on_masked_page(node: Node) -> bool:
    """Whether texts on the page are masked, and none can be read but in parts that the page says may be."""
    *_, top = islice(upwards(node), _MAX_DEPTH)
    shown = set[int]()
    is_masked_page = False
    for one in islice(walk(top, _UNREAD), _MAX_WRITTEN):
        if (one.parent is not None and one.parent.id in shown) or _says_masked(one) is False:
            shown.add(one.id)
        elif one.kind is NodeKind.TEXT and len(one.text.strip()) > 1:
            if not is_masked_text(one.text):
                return False
            is_masked_page = True
    return is_masked_page


def _privacy(node: Node, text: str) -> str | None:
    if node.size is not None:
        return "hidden"
    return "masked" if is_masked(node, text) else None


def is_in_masked_part(node: Node) -> bool:
    """Whether the page says so in its markup; older SDKs leave attributes such as `aria-label` unmasked."""
    return _is_said_to_be_masked(node) is True


def _is_said_to_be_masked(node: Node) -> bool | None:
    """Whether the page says that a part is masked, or that it is not; None if it says neither."""
    ancestor: Node | None = node
    for _ in range(_MAX_DEPTH):
        if ancestor is None:
            return None
        said = _says_masked(ancestor)
        if said is not None:
            return said
        ancestor = ancestor.parent
    return None


def _says_masked(node: Node) -> bool | None:
    classes = class_names(node)
    if classes is None:
        return True  # It may say so further on.
    # Frameworks have classes such as `hidden` and `mask` that mean something else.
    words = {name.removeprefix(_PRIVACY_CLASS) for name in classes if name.startswith(_PRIVACY_CLASS)}
    words.add(node.attributes.get(_PRIVACY, ""))
    if words & _MASKING:
        return True
    return False if words & _SHOWING else None
