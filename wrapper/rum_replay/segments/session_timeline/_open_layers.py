"""Which elements are dialogs, menus or lists, or what shows one, and whether they are open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

import attrs

from ..dom import Effect, Node, NodeKind, Page
from ..dom._nodes import walk
from ..dom._roles import is_control, role_of, upwards
from ..dom._styles.visibility import Visibility
from ..records import Number
from ._writing import MAX_TEXT, may_say

__all__ = ["DIALOGS", "HIDING", "LAYERS", "MAX_BELOW_DIALOG", "SHOWING", "Item", "Layer", "ShownLayers", "open_as"]

DIALOGS = frozenset({"alertdialog", "dialog"})
LAYERS = DIALOGS | {"listbox", "menu"}
HIDING = frozenset({"aria-hidden", "class", "hidden", "style"})
"""Attributes that may hide what they are on, and what is in it."""

SHOWING = HIDING | {"aria-expanded", "open", "role"}
"""Attributes that `open_as` depends on."""

_NOT_SHOWN = re.compile(r"display\s*+:\s*+none")

_MAX_STYLE = 1_000
_MAX_ABOVE = 4
MAX_BELOW_DIALOG = 500
_NAMING = 3
"""Letters of an item that are in another text by chance if they are fewer."""

E = TypeVar("E")


@attrs.frozen
class Layer(Generic[E]):
    """What is open."""

    node: Node
    element: E | None
    role: str
    since: Number
    opener: int | None
    """What had the focus when it opened."""

    used: int | None
    """What was clicked last before that."""

    text: str
    """What is written on what showed it."""

    is_by_mouse: bool
    """Whether it may have opened because the mouse came there."""

    @property
    def node_id(self) -> int:
        return self.node.id

    def may_be_left(self) -> bool:
        """Whether somebody may close it: what only shows that something is under way closes by itself."""
        nodes = islice(walk(self.node), MAX_BELOW_DIALOG)
        return self.role not in DIALOGS or any(one.kind is NodeKind.ELEMENT and is_control(one) for one in nodes)


@attrs.frozen
class Item(Generic[E]):
    """An item of a layer that a key would choose, or that was pressed."""

    layers: frozenset[int]
    element: E | None
    text: str
    at: Number
    node_id: int | None = None
    is_pressed: bool = False
    is_hovered: bool = False

    @property
    def details(self) -> dict[str, Any]:
        """What the details of an action say about it."""
        return {"labels": [self.text]} if self.text else {"is_masked": True}

    def is_named_in(self, text: str) -> bool:
        """Whether a text is about it; very short ones are in others by chance."""
        return len(self.text) >= _NAMING and self.text in text


class ShownLayers:
    """Which layers of one page are shown, as far as its markup and style sheets say it."""

    def __init__(self) -> None:
        self._visibility = Visibility()

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page."""
        self._visibility.note(effects)

    def open_as(self, node: Node, page: Page) -> str | None:
        """The role of a layer, or of what shows one, if it is open."""
        role = open_as(node)
        around = islice(upwards(node), _MAX_ABOVE) if role in LAYERS and node.name != "dialog" else ()
        return None if any(self._visibility.may_hide(one, page) for one in around) else role


def open_as(node: Node) -> str | None:
    """The role of a layer, or of what shows one, if it is open."""
    if not may_say(node, "aria-expanded", "open", "role"):
        return None
    attributes = node.attributes
    role = (attributes.get("role", "")[:MAX_TEXT].lower().split() or [""])[0]
    if attributes.get("aria-expanded") == "true" and (
        role == "combobox" or "aria-haspopup" in attributes or role_of(node) == "button"
    ):
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
