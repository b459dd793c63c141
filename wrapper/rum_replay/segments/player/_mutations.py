"""Mutation events: effects on the DOM gathered into as few as keep their order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from ..records._base import Number
from ._events import Source, incremental

__all__ = ["Mutations"]


@attrs.define
class Mutations:
    """The mutations of one record. The player applies removals first, then additions, texts and attributes."""

    timestamp: Number
    _steps: list[tuple[list[Any], ...]] = attrs.field(factory=list[tuple[list[Any], ...]])
    _last: int = 3

    def remove(self, id: int, parent_id: int, *, is_shadow: bool) -> None:
        """Take out a node; ids are the player's."""
        self._put(0, {"id": id, "parentId": parent_id, **({"isShadow": True} if is_shadow else {})})

    def add(self, node: dict[str, Any], parent_id: int, next_id: int | None) -> None:
        """Put in a node without children."""
        self._put(1, {"node": node, "parentId": parent_id, "nextId": next_id})

    def set_text(self, id: int, text: str) -> None:
        """Give a text node another text."""
        self._put(2, {"id": id, "value": text})

    def set_attributes(self, id: int, attributes: dict[str, Any]) -> None:
        """Set attributes; None removes one."""
        self._put(3, {"id": id, "attributes": attributes})

    def events(self) -> Iterator[bytes]:
        """All of them so far, which are then forgotten."""
        for removes, adds, texts, attributes in self._steps:
            yield incremental(
                self.timestamp, Source.MUTATION, removes=removes, adds=adds, texts=texts, attributes=attributes
            )
        self._steps.clear()
        self._last = 3

    def _put(self, kind: int, mutation: dict[str, Any]) -> None:
        if not self._steps or kind < self._last:
            self._steps.append(([], [], [], []))
        self._last = kind
        self._steps[-1][kind].append(mutation)
