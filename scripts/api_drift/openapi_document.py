"""A parsed OpenAPI document whose parts are asked for as what they have to be."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from attrs import frozen

from .documents import Node
from .model import Place, UnreadableError

__all__ = ["Document", "flag", "text_of", "unescaped"]


@frozen
class Document:
    root: Node
    name: str
    """What messages call it."""

    def object(self, node: Node) -> Node:
        """The node; an error if it is something else than an object, or nothing."""
        if not isinstance(node.value, dict | None):
            raise UnreadableError(f"{self.place(node)}: an object is expected")
        return node

    def members(self, holder: Node, name: str) -> Mapping[str, Node]:
        """The members of an object in an object; none without it."""
        node = holder.get(name)
        if node is not None and not isinstance(node.value, dict | None):
            raise UnreadableError(f"{self.place(node)}: {name} is not an object")
        return {} if node is None else node.members()

    def items(self, holder: Node, name: str) -> list[Node]:
        """The items of an array in an object; none without it."""
        node = holder.get(name)
        if node is not None and not isinstance(node.value, list | None):
            raise UnreadableError(f"{self.place(node)}: {name} is not a list")
        return [] if node is None else node.items()

    def followed(self, node: Node) -> Node:
        """The target of references."""
        seen: list[str] = []
        while (reference := node.get("$ref")) is not None:
            pointer = str(reference.value)
            target = None
            if pointer.startswith("#/") and pointer not in seen:
                target = self.root.at(*map(unescaped, pointer[2:].split("/")))
            if target is None:
                raise UnreadableError(f"{self.place(node)}: the reference {pointer!r} leads nowhere in this document")
            seen.append(pointer)
            node = target
        return node

    def place(self, node: Node) -> Place:
        return Place(self.name, node.line)


def unescaped(step: str) -> str:
    """A step of a JSON pointer in a URL."""
    return unquote(step).replace("~1", "/").replace("~0", "~")


def text_of(node: Node | None) -> str:
    return "" if node is None or node.value is None else str(node.value)


def flag(node: Node | None) -> bool:
    return node is not None and node.value is True
