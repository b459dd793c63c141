"""Documents in JSON, whose own scanner skips what does not matter."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from .nodes import Node, Wanted, closure

__all__ = ["json_document"]


def json_document(text: str, wanted: Wanted | None) -> Node:
    """Parse a document; raises ValueError, StopIteration or IndexError if it is not JSON."""
    return _Json(text).document(wanted)


class _Json:
    """Finds members by letting JSON's own scanner skip what does not matter."""

    _space = re.compile(r"[ \t\r\n]*")

    def __init__(self, text: str) -> None:
        self._text = text
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._skip: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]

    def document(self, wanted: Wanted | None) -> Node:
        start = self._after_space(0)
        _, end = self._skip(self._text, start)  # so that what follows need not expect anything but JSON
        if self._after_space(end) != len(self._text):
            raise ValueError("something follows the document")
        if wanted is None or self._text[start] != "{":
            return self._node(start)[0]
        whole: dict[str, Node] = {}
        places: dict[tuple[str, ...], tuple[int, int, int]] = {}
        for name, key, value, _ in self._members(start):
            whole[name] = Node({}, self._line(key))
            if name == "paths":
                places.update({("paths", path): place for path, *place in self._members(value)})  # type: ignore[misc]
            elif name == "components":
                for section, at, inner, _ in self._members(value):
                    whole[name].value[section] = Node({}, self._line(at))
                    for part, *place in self._members(inner):
                        places["components", section, part] = (place[0], place[1], place[2])
            elif name != "tags":
                whole[name] = Node(self._node(value)[0].value, self._line(key))
        for chosen in closure({key: self._text[value:end] for key, (_, value, end) in places.items()}, wanted):
            key, value, _ = places[chosen]
            container = whole["paths"] if chosen[0] == "paths" else whole["components"].value[chosen[1]]
            container.value[chosen[-1]] = Node(self._node(value)[0].value, self._line(key))
        return Node(whole, self._line(start))

    def _line(self, offset: int) -> int:
        return bisect_right(self._newlines, offset - 1) + 1

    def _after_space(self, offset: int) -> int:
        match = self._space.match(self._text, offset)
        return match.end() if match else offset

    def _members(self, start: int) -> Iterator[tuple[str, int, int, int]]:
        """Name, offset of the key, of the value and of what follows, for each member of an object."""
        at = self._after_space(start + 1)
        if self._text[start] != "{" or self._text[at] == "}":
            return
        while True:
            key = at
            name, at = json.decoder.scanstring(self._text, key + 1)  # type: ignore[attr-defined]
            value = self._after_space(self._after_space(at) + 1)
            _, end = self._skip(self._text, value)
            yield name, key, value, end
            at = self._after_space(end)
            if self._text[at] != ",":
                return
            at = self._after_space(at + 1)

    def _node(self, start: int) -> tuple[Node, int]:
        """The value at an offset, and the offset after it."""
        opening = self._text[start]
        if opening not in "{[":
            value, end = self._skip(self._text, start)
            return Node(value, self._line(start)), end
        members: dict[str, Node] = {}
        items: list[Node] = []
        at = self._after_space(start + 1)
        while self._text[at] not in "}]":
            if opening == "[":
                item, at = self._node(at)
                items.append(item)
            else:
                name, end = json.decoder.scanstring(self._text, at + 1)  # type: ignore[attr-defined]
                inner, end = self._node(self._after_space(self._after_space(end) + 1))
                members[name] = Node(inner.value, self._line(at))
                at = end
            at = self._after_space(at)
            if self._text[at] == ",":
                at = self._after_space(at + 1)
        return Node(items if opening == "[" else members, self._line(start)), at + 1
