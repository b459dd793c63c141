"""Roles by which people and assistive technology know elements: those of HTML-AAM (https://www.w3.org/TR/html-aam-1.0/)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ._nodes import Node, NodeKind, walk

__all__ = [
    "FIELDS",
    "LABELABLE",
    "MAX_DEPTH",
    "MAX_IN_LABEL",
    "NAMED_BY_CONTENT",
    "control_of",
    "is_control",
    "native_role_of",
    "role_of",
    "upwards",
]

MAX_DEPTH = 100
_MAX_LENGTH = 1_000
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
NAMED_BY_CONTENT = _EXPLICIT - {"combobox", "img", "listbox", "searchbox", "slider", "spinbutton", "textbox"}
_CONTROLS = _EXPLICIT - {"cell", "columnheader", "gridcell", "heading", "img", "rowheader"}
"""Roles of elements that people use, whatever they contain."""

FIELDS = frozenset({"input", "select", "textarea"})
LABELABLE = FIELDS | {"button", "meter", "output", "progress"}
MAX_IN_LABEL = 300
"""Nodes below a label that are looked at for its field."""

_TABLE_PARTS = frozenset({"table", "tbody", "tfoot", "thead", "tr"})
_MAX_CELL_DEPTH = 5


def role_of(node: Node) -> str | None:
    """The ARIA role of an element that people use or know by its name; None for others."""
    words = node.attributes.get("role", "")[:_MAX_LENGTH].lower().split()
    if words:
        return words[0] if words[0] in _EXPLICIT else None
    return native_role_of(node)


def native_role_of(node: Node) -> str | None:
    """The role of an element without the attribute `role`."""
    if node.name in ("a", "area"):
        return "link" if "href" in node.attributes else None
    if node.name == "input":
        return _input_role(node)
    if node.name == "select":
        is_list = "multiple" in node.attributes or node.attributes.get("size", "1")[:_MAX_TYPE] not in ("", "0", "1")
        return "listbox" if is_list else "combobox"
    if node.name == "td":
        return _cell_role(node)
    is_decoration = node.name == "img" and node.attributes.get("alt") == ""
    return None if is_decoration else _ROLES.get(node.name)


def _cell_role(cell: Node) -> str | None:
    """The role of a cell, which depends on what the page makes of its table."""
    for ancestor in islice(upwards(cell), 1, _MAX_CELL_DEPTH):
        if ancestor.name not in _TABLE_PARTS:
            break
        words = ancestor.attributes.get("role", "")[:_MAX_LENGTH].lower().split()
        if words and words[0] in ("none", "presentation"):
            return None
        if ancestor.name == "table":
            return "gridcell" if words and words[0] in ("grid", "treegrid") else "cell"
    return "cell"


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
    name: Node | None = None
    for ancestor in upwards(element):
        if ancestor.kind is NodeKind.ELEMENT and is_control(ancestor):
            if ancestor.name != "label" or _may_label(ancestor):
                return ancestor
            name = name or ancestor  # Only the name of what is around it, as in `<ion-radio role="radio">`.
    return name or element


def _may_label(label: Node) -> bool:
    """Whether a `<label>` may be that of a field in it or elsewhere."""
    below = islice(walk(label), MAX_IN_LABEL)
    return "for" in label.attributes or any(node.name in LABELABLE for node in below)


def is_control(element: Node) -> bool:
    """Whether people use an element: a button, link, field or the like."""
    return element.name in FIELDS or element.name in ("label", "summary") or role_of(element) in _CONTROLS


def upwards(node: Node) -> Iterator[Node]:
    """A node and what contains it, from the inside out; at most `MAX_DEPTH` of them."""
    current: Node | None = node
    for _ in range(MAX_DEPTH):
        if current is None:
            return
        yield current
        current = current.parent
