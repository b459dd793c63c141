"""Text that is edited on the page itself, by `contenteditable`."""

from __future__ import annotations

from itertools import islice

from ..dom import Node, NodeKind
from ..dom._names.selectors import INLINE
from ..dom._nodes import walk

__all__ = ["is_editable", "lines_in"]

_MAX_NODES = 2_000
_FILLERS = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
"""Characters without a width, which editors put where the cursor is; nobody types them."""


def is_editable(node: Node) -> bool:
    """Whether people edit what is in an element."""
    return node.attributes.get("contenteditable", "false") != "false"


def lines_in(editable: Node, limit: int) -> str:
    """The text that somebody edits, line by line; at most so many characters."""
    lines, line = list[str](), ""
    for node in islice(walk(editable), 1, _MAX_NODES):
        if node.kind is NodeKind.TEXT:
            line += node.text[:limit].translate(_FILLERS)
        elif (node.name == "br" and (node.next_sibling is not None or node.previous_sibling is None)) or (
            node.kind is NodeKind.ELEMENT and node.name not in INLINE and line.strip()
        ):
            lines, line = [*lines, line], ""
    return "\n".join(" ".join(one.split()) for one in [*lines, line]).strip()[:limit]
