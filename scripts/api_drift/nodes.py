"""Parsed documents with the line of everything in them, and which parts of a document matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from attrs import frozen

__all__ = ["Node", "Wanted", "closure"]

_REFERENCE = re.compile(r"#/components/([\w.-]+)/([\w.%~-]+)")

Wanted = Callable[[str, str], bool]
"""Whether a path matters, by its name and its text."""


@frozen
class Node:
    """A value with the line on which it, or its key, begins. Objects and arrays contain nodes."""

    value: Any
    line: int

    def get(self, name: str) -> Node | None:
        """The member of an object; None without it, and for anything else than an object."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    def at(self, *names: str) -> Node | None:
        """A member of a member; of an array, an item by its index."""
        node: Node | None = self
        for name in names:
            items = [] if node is None else node.items()
            if items and name.isdecimal():
                node = items[int(name)] if int(name) < len(items) else None
            else:
                node = None if node is None else node.get(name)
        return node

    def members(self) -> Mapping[str, Node]:
        """The members of an object; none for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> list[Node]:
        """The items of an array; none for anything else."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {name: member.plain() for name, member in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


def closure(texts: Mapping[tuple[str, ...], str], wanted: Wanted) -> set[tuple[str, ...]]:
    """The paths that are wanted, and the components that they refer to, directly or not."""
    found = {key for key, text in texts.items() if key[0] == "paths" and wanted(key[1], text)}
    waiting = list(found)
    while waiting:
        text = texts[waiting.pop()].replace("\\/", "/")  # strings in double quotes may escape it
        for section, name in _REFERENCE.findall(text):
            key = ("components", section, unquote(name).replace("~1", "/").replace("~0", "~"))
            if key in texts and key not in found:
                found.add(key)
                waiting.append(key)
    # Security schemes are referred to by name only.
    return found | {key for key in texts if key[:2] == ("components", "securitySchemes")}
