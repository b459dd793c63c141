"""What an `<object>` or `<embed>` showed: something of its own, or, as browsers do where they can show nothing, what is
in it."""

from __future__ import annotations

from ... import _inert as inert
from .._nodes import ELEMENT, TEXT, Node

__all__ = ["is_plugin_box", "shows_fallback"]

_IGNORED = frozenset({"param", "script", "style", "template"})


def is_plugin_box(node: Node) -> bool:
    """Whether a box is in place of it."""
    if node.name not in ("embed", "object") or node.is_svg or (node.parent is not None and node.parent.name == "head"):
        return False
    return inert.is_box(node.name, node.attributes, has_fallback=node.name == "object" and _has_fallback(node))


def shows_fallback(node: Node) -> bool:
    """Whether it is an `<object>` of which browsers show what is in it."""
    if node.name != "object" or node.is_svg or (node.parent is not None and node.parent.name == "head"):
        return False
    return _has_fallback(node) and not is_plugin_box(node)


def _has_fallback(node: Node) -> bool:
    """Whether there is anything in it to show."""
    return any(
        child.name not in _IGNORED if child.kind is ELEMENT else child.kind is TEXT and bool(child.text.strip())
        for child in node.children
    )
