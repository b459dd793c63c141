"""The tree of a page as dictionaries, lists and strings; `Page.to_dict` says how they look."""

from __future__ import annotations

from typing import Any

from ..._errors import SegmentError
from ._nodes import Node, NodeKind

__all__ = ["MAX_LENGTH", "tree_as_dict"]

MAX_LENGTH = 64 << 20
"""Characters of a page written out. A recording of a few bytes can repeat a string of its string table many times."""

_MAX_DEPTH = 400


def tree_as_dict(root: Node) -> Any:
    """A node and all below it; raises SegmentError where it is longer than `MAX_LENGTH`."""
    length = 0
    top: list[Any] = []
    waiting: list[tuple[Node, list[Any], int]] = [(root, top, 0)]
    while waiting:
        node, siblings, depth = waiting.pop()
        length += len(node.text) + sum(map(len, node.attributes.values())) + len(node.value or "")
        length += sum(sheet.length for sheet in node.style_sheets)
        if length > MAX_LENGTH:
            raise SegmentError(f"the page holds more than {MAX_LENGTH:,} characters; take parts of it")
        if node.kind in (NodeKind.TEXT, NodeKind.CDATA):
            siblings.append(node.text)
            continue
        one = _as_dict(node)
        siblings.append(one)
        if node.first_child is None and node.shadow_root is None:
            continue
        if depth == _MAX_DEPTH:
            one["cut"] = True
            continue
        waiting.extend((child, one["c"], depth + 1) for child in reversed(node.children))
        if node.shadow_root is not None:
            shadow = one["shadow"] = _as_dict(node.shadow_root)
            waiting.extend((child, shadow["c"], depth + 1) for child in reversed(node.shadow_root.children))
    return top[0]


def _as_dict(node: Node) -> dict[str, Any]:
    sheets = [list(sheet.rules) for sheet in node.style_sheets]
    if node.kind is NodeKind.DOCTYPE:
        return {"n": "#doctype", "name": node.name, **node.attributes}
    one: dict[str, Any] = {} if node.kind is NodeKind.SHADOW_ROOT else {"n": node.name}
    if node.kind is not NodeKind.ELEMENT:
        return {**one, "c": [], "adopted": sheets} if sheets else {**one, "c": []}
    one |= {"id": node.id, "a": dict(node.attributes), "c": []}
    if node.is_svg:
        one["svg"] = True
    if sheets:
        one["css"] = [rule for rules in sheets for rule in rules]
    if node.value is not None:
        one["value"] = node.value
    if node.checked is not None:
        one["selected" if node.name == "option" else "checked"] = node.checked
    if node.indeterminate:
        one["indeterminate"] = True
    if node.scroll is not None:
        one["scroll"] = [node.scroll.left, node.scroll.top]
    if node.size is not None:
        one["size"] = [node.size.width, node.size.height]
    if node.playing is not None:
        one["playing"] = node.playing
    if node.image_resource is not None:
        one["image"] = node.image_resource
    return one
