"""The tree of a page as dictionaries, lists and strings; `Page.to_dict` documents their form."""

from __future__ import annotations

from typing import Any

from ..._errors import SegmentError
from ._nodes import Node, NodeKind

__all__ = ["MAX_LENGTH", "tree_as_dict"]

MAX_LENGTH = 64 << 20
"""Characters in a page that is written out. A tiny recording can repeat a string of its string table many times."""

_MAX_DEPTH = 400


def tree_as_dict(root: Node) -> Any:
    """A node and its descendants; raises SegmentError if they hold more than `MAX_LENGTH` characters."""
    length = 0
    top: list[Any] = []
    pending: list[tuple[Node, list[Any], int]] = [(root, top, 0)]
    while pending:
        node, siblings, depth = pending.pop()
        length += len(node.text) + sum(map(len, node.attributes.values())) + len(node.value or "")
        length += sum(sheet.length for sheet in node.style_sheets)
        if length > MAX_LENGTH:
            raise SegmentError(f"the page holds more than {MAX_LENGTH:,} characters; convert parts of it instead")
        if node.kind in (NodeKind.TEXT, NodeKind.CDATA):
            siblings.append(node.text)
            continue
        entry = _as_dict(node)
        siblings.append(entry)
        if node.first_child is None and node.shadow_root is None:
            continue
        if depth == _MAX_DEPTH:
            entry["cut"] = True
            continue
        pending.extend((child, entry["c"], depth + 1) for child in reversed(node.children))
        if node.shadow_root is not None:
            shadow = entry["shadow"] = _as_dict(node.shadow_root)
            pending.extend((child, shadow["c"], depth + 1) for child in reversed(node.shadow_root.children))
    return top[0]


def _as_dict(node: Node) -> dict[str, Any]:
    sheets = [list(sheet.rules) for sheet in node.style_sheets]
    if node.kind is NodeKind.DOCTYPE:
        return {"n": "#doctype", "name": node.name, **node.attributes}
    entry: dict[str, Any] = {} if node.kind is NodeKind.SHADOW_ROOT else {"n": node.name}
    if node.kind is not NodeKind.ELEMENT:
        return {**entry, "c": [], "adopted": sheets} if sheets else {**entry, "c": []}
    entry |= {"id": node.id, "a": dict(node.attributes), "c": []}
    if node.is_svg:
        entry["svg"] = True
    if node.is_mathml:
        entry["mathml"] = True
    if sheets:
        entry["css"] = [rule for rules in sheets for rule in rules]
    if node.value is not None:
        entry["value"] = node.value
    if node.checked is not None:
        entry["selected" if node.name == "option" else "checked"] = node.checked
    if node.indeterminate:
        entry["indeterminate"] = True
    if node.scroll is not None:
        entry["scroll"] = [node.scroll.left, node.scroll.top]
    if node.size is not None:
        entry["size"] = [node.size.width, node.size.height]
    if node.playing is not None:
        entry["playing"] = node.playing
    if node.image_resource is not None:
        entry["image"] = node.image_resource
    return entry
