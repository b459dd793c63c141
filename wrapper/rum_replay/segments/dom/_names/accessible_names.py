"""Names by which people and assistive technology know elements, computed from the recorded page alone.

They are computed as in https://www.w3.org/TR/accname-1.2/, as far as recordings allow: content that style sheets
generate is not known, nor what they hide, unless somebody says so. Names of elements in whose text other fields are
embedded are not certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

import attrs

from .._nodes import Node, NodeKind, scope_of_ids, walk
from .._page import Page
from .._roles import FIELDS, LABELABLE, NAMED_BY_CONTENT, role_of, upwards
from .element_names import is_masked, is_masked_text
from .labels import elements_labelling, labels_of
from .selectors import INLINE, is_hidden_by_markup, short_text

__all__ = ["AccessibleName", "Styles", "is_hidden", "name_of"]

_MAX_NODES = 300
"""Nodes below an element that are read for its name."""

_MAX_LENGTH = 1_000
_LABEL_COST = 50
"""Nodes that count as read for each element that `aria-labelledby` names somewhere within."""
_MAX_READ = 100
_MAX_TYPE = 20

_WITH_PLACEHOLDER = frozenset({"", "email", "number", "password", "search", "tel", "text", "url"})
_UNREAD = frozenset({"head", "noscript", "script", "style", "template"})
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "br", "center", "dd", "details", "dialog", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup"),
        *("hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
"""Elements with space around them, unless style sheets say otherwise."""


@attrs.frozen
class AccessibleName:
    """The name of an element."""

    text: str
    """On one line; empty if it has none."""

    parts: tuple[str, ...] = ()
    """What of it certainly follows without other characters in between; style sheets decide whether there is space
    between two parts."""

    is_masked: bool = False
    """Whether some of it is hidden for privacy, so that the recorded text is not that of the page."""

    is_certain: bool = True
    """Whether the page itself has this name, as far as can be known."""

    without_doubtful: str | None = None
    """The name without what may be hidden; None if it is the same."""

    values: tuple[str, ...] = ()
    """What fields in its text hold, or may hold: a part of the name of which it is not known what it is."""


_NO_NAME = AccessibleName("")


class Styles(Protocol):
    """What is known of the style sheets of a page."""

    def may_hide(self, node: Node, page: Page, /) -> bool:
        """Whether they may hide an element, apart from those around it."""
        ...

    def may_be_inline(self, node: Node, page: Page, /) -> bool:
        """Whether they may take away the space around an element."""
        ...


def is_hidden(node: Node) -> bool:
    """Whether the page says in its markup that assistive technology should not see an element."""
    return any(_hides(ancestor) for ancestor in upwards(node))


def _hides(node: Node) -> bool:
    return node.name in _UNREAD or node.attributes.get("aria-hidden", "")[:_MAX_TYPE].lower() == "true"


def name_of(node: Node, page: Page, styles: Styles | None = None) -> AccessibleName:
    """The accessible name of an element; of what style sheets may hide it is not certain that it is part of it."""
    named = _labelled_by(node, page)
    if named is not None:
        return named
    for_screen_readers = node.attributes.get("aria-label", "")
    if for_screen_readers.strip():
        return _written(for_screen_readers, node)
    if node.name in LABELABLE:
        found = _field_name(node, page, styles)
        if found is not None:
            return found
    if node.name in ("img", "area"):
        return _written(node.attributes.get("alt", "").strip() or node.attributes.get("title", ""), node)
    if role_of(node) in NAMED_BY_CONTENT or node.name in ("label", "summary"):
        content = _content(node, page, styles=styles)
        if content.text or content.values:
            return content
    return _written(node.attributes.get("title", ""), node)


def _labelled_by(node: Node, page: Page) -> AccessibleName | None:
    names = [_name_as_label(element, page) for element in elements_labelling(node, page)]
    joined = _joined(names)
    return joined if joined.text else None


def _name_as_label(label: Node, page: Page) -> AccessibleName:
    """What an element contributes to the name of another that refers to it by `aria-labelledby`."""
    spoken = label.attributes.get("aria-label", "")
    return _written(spoken, label) if spoken.strip() else _content(label, page, follows=False)


def _joined(names: list[AccessibleName]) -> AccessibleName:
    without = [name.text if name.without_doubtful is None else name.without_doubtful for name in names]
    is_doubtful = any(name.without_doubtful is not None for name in names)
    return AccessibleName(
        " ".join(name.text for name in names if name.text),
        tuple(part for name in names for part in name.parts),
        any(name.is_masked for name in names),
        all(name.is_certain for name in names),
        " ".join(filter(None, without)) if is_doubtful else None,
        tuple(value for name in names for value in name.values),
    )


def _field_name(field: Node, page: Page, styles: Styles | None) -> AccessibleName | None:
    """The name that HTML gives a field; None if its content may name it."""
    attributes = field.attributes
    kind = attributes.get("type", "")[:_MAX_TYPE].lower() if field.name == "input" else ""
    if field.name == "input" and kind in ("button", "submit", "reset"):
        text = attributes.get("value", "").strip() or {"submit": "Submit", "reset": "Reset"}.get(kind, "")
        return _written(text or attributes.get("title", ""), field)
    labels = labels_of(field, page)
    if labels:
        spoken = [label.attributes.get("aria-label", "") for label in labels]
        joined = _joined(
            [
                _written(text, label) if text.strip() else _content(label, page, field, styles)
                for text, label in zip(spoken, labels, strict=True)
            ]
        )
        return attrs.evolve(joined, is_certain=len(labels) == 1 and joined.is_certain)
    if field.name == "button":
        return None
    if field.name == "input" and kind == "image":
        return _written(attributes.get("alt", "").strip() or attributes.get("title", "").strip() or "Submit", field)
    title = attributes.get("title", "")
    if title.strip() or field.name == "select" or (field.name == "input" and kind not in _WITH_PLACEHOLDER):
        return _written(title, field)
    return _written(attributes.get("placeholder", ""), field)


def _written(text: str, node: Node) -> AccessibleName:
    """A name that an attribute states."""
    text = " ".join(text[:_MAX_LENGTH].split())
    if not text:
        return _NO_NAME
    # Older SDKs leave attributes such as `aria-label` unmasked where the default is to mask, which no markup says.
    content = short_text(node, _MAX_READ, _MAX_READ)
    return AccessibleName(text, (text,), is_masked_text(text) or is_masked(node, content))


def _content(
    node: Node,
    page: Page,
    without: Node | None = None,
    styles: Styles | None = None,
    *,
    follows: bool = True,
) -> AccessibleName:
    """The name that the content of an element gives it."""
    reader = _ContentReader(page, without, styles, follows=follows)
    reader.read(node)
    text = reader.text()
    if not text and not reader.values:
        return _NO_NAME
    return AccessibleName(
        text,
        reader.parts(),
        reader.is_masked or is_masked(node, text),
        reader.is_certain,
        reader.text(with_doubtful=False) if reader.has_doubtful else None,
        tuple(reader.values),
    )


@attrs.frozen
class _Piece:
    """Some of the text of an element; parts of a name end before and after white space that may not be there."""

    text: str
    is_doubtful: bool
    is_separate: bool = False


class _ContentReader:
    """Joins what an element contains; where style sheets decide about space between two pieces, parts end."""

    def __init__(self, page: Page, without: Node | None, styles: Styles | None, *, follows: bool) -> None:
        self.is_masked = False
        self.is_certain = True
        self.has_doubtful = False
        self.values: list[str] = []
        self._page = page
        self._without = without
        self._styles = styles
        self._follows = follows
        """Whether `aria-labelledby` counts: not where that led here, or it could go on without end."""
        self._pieces: list[_Piece] = []
        self._left = _MAX_NODES

    def text(self, *, with_doubtful: bool = True) -> str:
        """The pieces on one line, with space around those that are separate."""
        pieces = [piece for piece in self._pieces if with_doubtful or not piece.is_doubtful]
        joined = "".join(f" {piece.text} " if piece.is_separate else piece.text for piece in pieces)
        return " ".join(joined.split())[:_MAX_LENGTH]

    def parts(self) -> tuple[str, ...]:
        """The certain pieces, joined where nothing else can be between them."""
        parts = [""]
        is_separate = False
        for piece in self._pieces:
            if piece.is_doubtful:
                is_separate = True
                continue
            begins = is_separate or piece.is_separate or (parts[-1][-1:].strip() and piece.text[:1].strip())
            if begins:
                parts.append(piece.text)
            else:
                parts[-1] += piece.text
            is_separate = piece.is_separate
        return tuple(filter(None, (" ".join(part.split()) for part in parts)))

    def read(self, top: Node) -> None:
        """Add the content of an element, which may be nested to any depth."""
        # What is left to read of each element that contains the current one, and whether it may be hidden.
        open_elements = [(top, self._children_of(top), False)]
        while open_elements:
            element, children, is_doubtful = open_elements[-1]
            node = next(children, None)
            if node is None:
                open_elements.pop()
                self._add_space(element, is_doubtful)
                continue
            self._left -= 1
            if self._left < 0:
                self.is_certain = False
                return
            if node.kind is NodeKind.TEXT:
                self._say(node.text, is_doubtful)
            elif node.kind is NodeKind.ELEMENT and not _is_skipped(node, self._without, top):
                is_doubtful = is_doubtful or self._may_be_hidden(node)
                self.has_doubtful = self.has_doubtful or is_doubtful
                if self._enter(node, is_doubtful):
                    open_elements.append((node, self._children_of(node), is_doubtful))

    def _children_of(self, node: Node) -> Iterator[Node]:
        """What is shown in an element: the content of its shadow root, or what is assigned to a slot, if there is."""
        host = None if node.name != "slot" else scope_of_ids(node)
        host = None if host is None or host.kind is not NodeKind.SHADOW_ROOT else host.parent
        if host is not None:
            name, is_empty = node.attributes.get("name", ""), True
            for child in _following(host.first_child):
                self._left -= 1
                if self._left < 0:
                    return
                slot = child.attributes.get("slot", "") if child.kind is NodeKind.ELEMENT else ""
                if slot == name:
                    is_empty = False
                    yield child
            if not is_empty:
                return
        yield from _following(node.first_child if node.shadow_root is None else node.shadow_root.first_child)

    def _enter(self, node: Node, is_doubtful: bool) -> bool:
        """Add what an element itself says; whether its content belongs to the name as well."""
        is_button = node.name == "input" and role_of(node) == "button"
        if node.name in FIELDS and not is_button:
            self.is_certain = False  # What is typed there belongs to the name.
            self._add_values(node)
            return False
        described = self._own_description(node, is_button=is_button)
        if described is not None:
            self._say(described.text, is_doubtful, is_separate=True)
            self.is_masked = self.is_masked or described.is_masked
            self.is_certain = self.is_certain and described.is_certain
            return False
        self._add_space(node, is_doubtful)
        return True

    def _add_values(self, field: Node) -> None:
        """Note what a field holds; of a select, all that it may hold."""
        value = field.value or field.attributes.get("value", "")
        below = islice(walk(field), max(self._left, 0))
        texts = [node.text for node in below if node.kind is NodeKind.TEXT]
        self._left -= len(texts)
        self.values += [text[:_MAX_LENGTH] for text in (value, *texts) if text.strip()]

    def _add_space(self, node: Node, is_doubtful: bool) -> None:
        if node.name in _BLOCKS and (node.name == "br" or not self._may_be_inline(node)):
            self._pieces.append(_Piece(" ", is_doubtful))
        elif node.name not in INLINE:
            self._pieces.append(_Piece("", is_doubtful, is_separate=True))

    def _may_be_hidden(self, node: Node) -> bool:
        return self._styles is not None and self._styles.may_hide(node, self._page)

    def _may_be_inline(self, node: Node) -> bool:
        return self._styles is not None and self._styles.may_be_inline(node, self._page)

    def _own_description(self, node: Node, *, is_button: bool) -> AccessibleName | None:
        """The name of an element that does not come from its content; None if it has none."""
        labels = elements_labelling(node, self._page) if self._follows else []
        if labels:
            self._left -= _LABEL_COST * len(labels)
            joined = _joined([_name_as_label(label, self._page) for label in labels])
            if joined.text:
                return joined
        spoken = node.attributes.get("aria-label", "")
        if spoken.strip():
            return _written(spoken, node)
        if node.name in ("img", "area") and node.attributes.get("alt", "").strip():
            return _written(node.attributes["alt"], node)
        if is_button:
            return _field_name(node, self._page, self._styles)
        return None

    def _say(self, text: str, is_doubtful: bool, *, is_separate: bool = False) -> None:
        text = text[:_MAX_LENGTH]
        self.is_masked = self.is_masked or is_masked_text(text.strip())
        self._pieces.append(_Piece(text, is_doubtful, is_separate))


def _following(node: Node | None) -> Iterator[Node]:
    while node is not None:
        yield node
        node = node.next_sibling


def _is_skipped(node: Node, without: Node | None, top: Node) -> bool:
    """Whether an element in another one is no part of its name; the group in an item of a tree has the items below."""
    is_group = node.attributes.get("role", "")[:_MAX_TYPE].lower() == "group" and role_of(top) == "treeitem"
    return node is without or is_group or _hides(node) or is_hidden_by_markup(node)
