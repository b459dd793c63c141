"""Which elements are dialogs, menus or lists, or what shows one, and whether they are open."""

from __future__ import annotations

import re
from itertools import islice

from ..dom import Node
from ..dom._roles import upwards
from ._writing import MAX_TEXT, may_say

__all__ = ["HIDING", "LAYERS", "SHOWING", "open_as"]

LAYERS = frozenset({"alertdialog", "dialog", "listbox", "menu"})
HIDING = frozenset({"aria-hidden", "hidden", "style"})
"""Attributes that may hide what they are on, and what is in it."""

SHOWING = HIDING | {"aria-expanded", "open", "role"}
"""Attributes that `open_as` depends on."""

_NOT_SHOWN = re.compile(r"display\s*+:\s*+none")

_MAX_STYLE = 1_000
_MAX_ABOVE = 4


def open_as(node: Node) -> str | None:
    """The role of a layer, or of what shows one, if it is open."""
    if not may_say(node, "open", "role"):
        return None
    attributes = node.attributes
    role = (attributes.get("role", "")[:MAX_TEXT].lower().split() or [""])[0]
    if attributes.get("aria-expanded") == "true" and (role == "combobox" or "aria-haspopup" in attributes):
        return role or "button"
    if node.name == "dialog":
        return "dialog" if "open" in attributes else None
    is_shown = role in LAYERS and not any(map(_is_hidden, islice(upwards(node), _MAX_ABOVE)))
    return role if is_shown else None


def _is_hidden(node: Node) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return _NOT_SHOWN.search(attributes.get("style", "")[:_MAX_STYLE].lower()) is not None
