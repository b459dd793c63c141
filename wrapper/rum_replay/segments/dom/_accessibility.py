"""Roles and names by which people and assistive technology know elements, computed from the recorded page alone.

The roles are those of HTML-AAM (https://www.w3.org/TR/html-aam-1.0/), and names are computed as in
https://www.w3.org/TR/accname-1.2/, as far as recordings allow: neither content that style sheets generate nor elements
that they hide are known. Names of elements in whose text slots or other fields are embedded are not certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import attrs

from ._element_names import is_in_masked_part, is_masked_text
from ._nodes import Node, NodeKind, walk
from ._page import Page
from ._selectors import INLINE

__all__ = ["AccessibleName", "control_of", "is_hidden", "labelled_by", "labels_of", "name_of", "role_of"]

_MAX_DEPTH = 100
_MAX_NODES = 300
"""Nodes below an element that are read for its name."""

_MAX_LENGTH = 1_000
_MAX_SAME = 10
_MAX_TYPE = 20

_ROLES = {
    "button": "button",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
    "img": "img",
    "option": "option",
    "td": "cell",
    "textarea": "textbox",
}
_INPUT_ROLES = {
    "": "textbox",
    "button": "button",
    "checkbox": "checkbox",
    "email": "textbox",
    "image": "button",
    "number": "spinbutton",
    "radio": "radio",
    "range": "slider",
    "reset": "button",
    "search": "searchbox",
    "submit": "button",
    "tel": "textbox",
    "text": "textbox",
    "url": "textbox",
}
_WITHOUT_ROLE = frozenset({"color", "date", "datetime-local", "file", "hidden", "month", "password", "time", "week"})
_EXPLICIT = frozenset(
    [
        "button",
        "cell",
        "checkbox",
        "columnheader",
        "combobox",
        "gridcell",
        "heading",
        "img",
        "link",
        "listbox",
        "menuitem",
        "menuitemcheckbox",
        "menuitemradio",
        "option",
        "radio",
        "rowheader",
        "searchbox",
        "slider",
        "spinbutton",
        "switch",
        "tab",
        "textbox",
        "treeitem",
    ]
)
_NAMED_BY_CONTENT = _EXPLICIT - {"combobox", "img", "listbox", "searchbox", "slider", "spinbutton", "textbox"}
_CONTROLS = _EXPLICIT - {"cell", "columnheader", "gridcell", "heading", "img", "rowheader"}
"""Roles of elements that people use, whatever they contain."""

_FIELDS = frozenset({"input", "select", "textarea"})
_LABELABLE = _FIELDS | {"button", "meter", "output", "progress"}
_WITH_PLACEHOLDER = frozenset({"", "email", "number", "password", "search", "tel", "text", "url"})
_UNREAD = frozenset({"head", "noscript", "script", "style", "template"})


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


_NO_NAME = AccessibleName("")


def role_of(node: Node) -> str | None:
    """The ARIA role of an element that people use or know by its name; None for others."""
    words = node.attributes.get("role", "")[:_MAX_LENGTH].lower().split()
    if words:
        return words[0] if words[0] in _EXPLICIT else None
    if node.name in ("a", "area"):
        return "link" if "href" in node.attributes else None
    if node.name == "input":
        return _input_role(node)
    if node.name == "select":
        is_list = "multiple" in node.attributes or node.attributes.get("size", "1")[:_MAX_TYPE] not in ("", "0", "1")
        return "listbox" if is_list else "combobox"
    is_decoration = node.name == "img" and node.attributes.get("alt") == ""
    return None if is_decoration else _ROLES.get(node.name)


def _input_role(node: Node) -> str | None:
    kind = node.attributes.get("type", "")[:_MAX_TYPE].lower()
    if kind in _WITHOUT_ROLE:
        return None
    role = _INPUT_ROLES.get(kind, "textbox")
    return "combobox" if role in ("searchbox", "textbox") and "list" in node.attributes else role


def control_of(node: Node) -> Node:
    """The button, link, field or the like that contains a node; otherwise its element, or the node itself."""
    element = node
    if node.kind is NodeKind.TEXT and node.parent is not None:
        element = node.parent
    for ancestor in _upwards(element):
        if ancestor.kind is not NodeKind.ELEMENT:
            continue
        if ancestor.name in _FIELDS or ancestor.name in ("label", "summary") or role_of(ancestor) in _CONTROLS:
            return ancestor
    return element


def is_hidden(node: Node) -> bool:
    """Whether the page says in its markup that assistive technology should not see an element."""
    return any(_hides(ancestor) for ancestor in _upwards(node))


def _hides(node: Node) -> bool:
    return node.name in _UNREAD or node.attributes.get("aria-hidden", "")[:_MAX_TYPE].lower() == "true"


def name_of(node: Node, page: Page) -> AccessibleName:
    """The accessible name of an element."""
    named = _labelled_by(node, page)
    if named is not None:
        return named
    for_screen_readers = node.attributes.get("aria-label", "")
    if for_screen_readers.strip():
        return _written(for_screen_readers, node)
    if node.name in _LABELABLE:
        found = _field_name(node, page)
        if found is not None:
            return found
    if node.name in ("img", "area"):
        return _written(node.attributes.get("alt", "").strip() or node.attributes.get("title", ""), node)
    if role_of(node) in _NAMED_BY_CONTENT or node.name in ("label", "summary"):
        content = _content(node)
        if content.text:
            return content
    return _written(node.attributes.get("title", ""), node)


def labels_of(field: Node, page: Page) -> list[Node]:
    """The `<label>`s of a field: the one around it, and those that name its id."""
    if field.name not in _LABELABLE:
        return []
    scope = _scope(field)
    by_id = islice(page.labels_by_for.get(field.attributes.get("id", ""), ()), _MAX_SAME)
    labels = [label for label in by_id if _scope(label) is scope and labelled_by(label, page) is field]
    for ancestor in _upwards(field):
        if ancestor.kind is NodeKind.SHADOW_ROOT:
            break
        if ancestor.name == "label":
            return labels if "for" in ancestor.attributes else [*labels, ancestor]
    return sorted(labels, key=lambda label: label.id)


def labelled_by(label: Node, page: Page) -> Node | None:
    """The field that a `<label>` is for; None if it is for none that is recorded."""
    if "for" in label.attributes:
        return _with_id(label.attributes["for"], page, _scope(label))
    below = islice(walk(label), _MAX_NODES)
    return next((node for node in below if node.name in _LABELABLE and not _is_hidden_input(node)), None)


def _is_hidden_input(node: Node) -> bool:
    return node.name == "input" and node.attributes.get("type", "")[:_MAX_TYPE].lower() == "hidden"


def _with_id(value: str, page: Page, scope: Node | None) -> Node | None:
    same = islice(page.nodes_by_id_attribute.get(value, ()), _MAX_SAME)
    return min((node for node in same if _scope(node) is scope), key=lambda node: node.id, default=None)


def _labelled_by(node: Node, page: Page) -> AccessibleName | None:
    ids = node.attributes.get("aria-labelledby", "")[:_MAX_LENGTH].split()[:_MAX_SAME]
    scope = _scope(node) if ids else None
    names: list[AccessibleName] = []
    for one in ids:
        found = _with_id(one, page, scope)
        if found is not None:
            label = found.attributes.get("aria-label", "")
            names.append(_written(label, found) if label.strip() else _content(found))
    text = " ".join(name.text for name in names if name.text)
    if not text:
        return None
    return AccessibleName(
        text,
        tuple(part for name in names for part in name.parts),
        any(name.is_masked for name in names),
        all(name.is_certain for name in names),
    )


def _field_name(field: Node, page: Page) -> AccessibleName | None:
    """The name that HTML gives a field; None if its content may name it."""
    attributes = field.attributes
    kind = attributes.get("type", "")[:_MAX_TYPE].lower() if field.name == "input" else ""
    if field.name == "input" and kind in ("button", "submit", "reset"):
        text = attributes.get("value", "").strip() or {"submit": "Submit", "reset": "Reset"}.get(kind, "")
        return _written(text or attributes.get("title", ""), field)
    labels = labels_of(field, page)
    if labels:
        parts = [_content(label, without=field) for label in labels]
        return AccessibleName(
            " ".join(part.text for part in parts if part.text),
            tuple(text for part in parts for text in part.parts),
            any(part.is_masked for part in parts),
            len(parts) == 1 and parts[0].is_certain,
        )
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
    return AccessibleName(text, (text,), is_masked_text(text) or is_in_masked_part(node))


def _content(node: Node, without: Node | None = None) -> AccessibleName:
    """The name that the content of an element gives it."""
    reader = _ContentReader(without)
    reader.read(node)
    text = " ".join("".join(reader.pieces).split())[:_MAX_LENGTH]
    if not text:
        return _NO_NAME
    return AccessibleName(text, reader.parts(), reader.is_masked or is_in_masked_part(node), reader.is_certain)


class _ContentReader:
    """Joins what an element contains; where style sheets decide about space between two pieces, parts end."""

    def __init__(self, without: Node | None) -> None:
        self.pieces: list[str] = []
        self.is_masked = False
        self.is_certain = True
        self._without = without
        self._left = _MAX_NODES

    def parts(self) -> tuple[str, ...]:
        """The pieces, joined where nothing else can be between them."""
        parts = [""]
        for piece in self.pieces:
            if parts[-1][-1:].strip() and piece[:1].strip():
                parts.append(piece)
            else:
                parts[-1] += piece
        return tuple(filter(None, (" ".join(part.split()) for part in parts)))

    def read(self, top: Node) -> None:
        """Add the content of an element, which may be nested to any depth."""
        for node in _content_nodes(top, self._without):
            self._left -= 1
            if self._left < 0:
                self.is_certain = False
                return
            self._add(node)

    def _add(self, node: Node) -> None:
        if node.kind is NodeKind.TEXT:
            self._say(node.text)
            return
        if node.kind is not NodeKind.ELEMENT:
            return
        if node.shadow_root is not None or node.name == "slot" or node.name in _FIELDS:
            self.is_certain = False
        described = _own_description(node)
        if described:
            self._say(f" {described} ")
        elif node.name not in INLINE:
            self.pieces.append(" ")

    def _say(self, text: str) -> None:
        text = text[:_MAX_LENGTH]
        self.is_masked = self.is_masked or is_masked_text(text.strip())
        self.pieces.append(text)


def _own_description(node: Node) -> str:
    if node.attributes.get("aria-label", "").strip():
        return node.attributes["aria-label"]
    return node.attributes.get("alt", "") if node.name in ("img", "area") else ""


def _content_nodes(top: Node, without: Node | None) -> Iterator[Node]:
    """The nodes below an element, in order, except those that say nothing or are hidden by their markup."""
    current = top
    while True:
        following = None
        if current is top or not _is_skipped(current, without):
            if current is not top:
                yield current
            if current is top or not _own_description(current):
                following = current.first_child
        while following is None:
            if current is top:
                return
            following = current.next_sibling
            if following is None:
                if current.parent is None:
                    return
                current = current.parent
        current = following


def _is_skipped(node: Node, without: Node | None) -> bool:
    if node is without or _hides(node) or "hidden" in node.attributes:
        return True
    style = node.attributes.get("style", "")[:_MAX_LENGTH].lower().replace(" ", "")
    return "display:none" in style or "visibility:hidden" in style


def _upwards(node: Node) -> Iterator[Node]:
    current: Node | None = node
    for _ in range(_MAX_DEPTH):
        if current is None:
            return
        yield current
        current = current.parent


def _scope(node: Node) -> Node | None:
    """The document or shadow root that contains a node."""
    current = node
    for _ in range(_MAX_DEPTH * 4):
        if current.kind is NodeKind.SHADOW_ROOT or current.parent is None:
            return current
        current = current.parent
    return None
