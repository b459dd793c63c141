"""Documents checked against the contract's schemas, with the place of the schema that each part does not fit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from attrs import frozen
from rum_replay._times import parse_rfc3339

from .documents import parse
from .misfits import Misfit, Pointer, is_word, json_type
from .model import Place
from .nodes import Node

__all__ = ["Document", "SchemaCheck", "types_of"]

_RANGES = {"int32": 31, "int64": 63}
_MAX_DEPTH = 60


class Document:
    """openapi.yaml, by pointers. Raises UnreadableError if it cannot be parsed."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.top = parse(text, name)

    def node(self, pointer: Pointer) -> Node:
        """What is at a pointer."""
        node = self.top
        for step in pointer:
            node = node.items()[int(step)] if isinstance(node.value, list) else node.value[step]
        return node

    def followed(self, pointer: Pointer) -> tuple[Pointer, Node]:
        """The target of references, and where it is."""
        node = self.node(pointer)
        while (reference := node.get("$ref")) is not None:
            pointer = tuple(step.replace("~1", "/").replace("~0", "~") for step in str(reference.value)[2:].split("/"))
            node = self.node(pointer)
        return pointer, node

    def place(self, pointer: Pointer) -> Place:
        """The line of what is at a pointer."""
        return Place(self.name, self.node(pointer).line)


@frozen
class SchemaCheck:
    """A document checked against a schema of the contract."""

    contract: Document
    operation: str
    place: str
    """What is said instead of a pointer, for a parameter."""

    def schema(
        self, stated: Pointer, value: Any, place: str, *, optional: bool = False, depth: int = 0
    ) -> Iterator[Misfit]:
        """What does not fit; `optional` says that null counts as absent."""
        pointer, node = self.contract.followed(stated)
        types = types_of(node)
        branches = next((word for word in ("anyOf", "oneOf") if node.get(word) is not None), None)
        if depth > _MAX_DEPTH or (value is None and (optional or "null" in types or (not types and not branches))):
            return
        if branches is not None:
            yield from self._alternatives(pointer, branches, value, place, depth)
        elif value is None:
            yield self._misfit("null", stated, "", place, value)
        elif types and not types & _fitting(value):
            yield self._misfit("type", pointer, "", place, value)
        else:
            yield from self._value(pointer, node, value, place)
            if isinstance(value, dict):
                yield from self._object(pointer, node, value, place, depth)
            elif isinstance(value, list) and node.get("items") is not None:
                for item in value:
                    yield from self.schema((*pointer, "items"), item, f"{place}/*", depth=depth + 1)

    def _alternatives(self, pointer: Pointer, word: str, value: Any, place: str, depth: int) -> Iterator[Misfit]:
        number = len(self.contract.node((*pointer, word)).items())
        attempts = [
            list(self.schema((*pointer, word, str(each)), value, place, depth=depth + 1)) for each in range(number)
        ]
        inside = [
            attempt
            for attempt in attempts
            if not any(each.kind in ("type", "null") and each.place == self._shown(place) for each in attempt)
        ]
        if inside:
            yield from min(inside, key=len)
        else:
            yield self._misfit("alternative", (*pointer, word), "", place, value)

    def _value(self, pointer: Pointer, node: Node, value: Any, place: str) -> Iterator[Misfit]:
        listed = node.get("enum")
        if listed is not None and value not in [item.value for item in listed.items()]:
            if isinstance(value, str) and is_word(value):
                yield self._misfit("value", pointer, value, place, value)
            else:
                yield self._misfit("free-value", pointer, "", place, value)
        form = node.get("format")
        if form is not None and not _has_format(value, str(form.value)):
            yield self._misfit("format", pointer, "", place, value)
        for word, is_within in _BOUNDS.items():
            bound = node.get(word)
            if bound is not None and not is_within(value, bound.value):
                yield self._misfit("bound", pointer, word, place, value)

    def _object(self, pointer: Pointer, node: Node, value: dict[str, Any], place: str, depth: int) -> Iterator[Misfit]:
        properties = node.get("properties")
        required = [str(item.value) for item in (node.get("required") or Node([], 1)).items()]
        for name in required:
            if name not in value:
                yield self._misfit("missing", pointer, name, f"{place}/{name}", None)
        for name, child in value.items():
            if properties is not None and name in properties.members():
                below = f"{place}/{name}"
                yield from self.schema(
                    (*pointer, "properties", name), child, below, optional=name not in required, depth=depth + 1
                )
            elif properties is None or node.get("additionalProperties") is not None:
                pass  # an object whose properties are not described
            elif is_word(name):
                yield self._misfit("property", pointer, name, f"{place}/{name}", child)
            else:
                yield self._misfit("map", pointer, "", place or "body", child)

    def _misfit(self, kind: str, pointer: Pointer, name: str, place: str, value: Any) -> Misfit:
        here = self.contract.place(pointer)
        values = [] if kind == "missing" else [value]
        return Misfit(kind, pointer, name, self.operation, self._shown(place), here, values)

    def _shown(self, place: str) -> str:
        return self.place + place or "body"


def _fitting(value: Any) -> set[str]:
    name = json_type(value)
    return {name, "number"} if name == "integer" else {name}


def types_of(node: Node) -> set[str]:
    """The types that a schema allows; none if it does not say."""
    stated = node.get("type")
    return set() if stated is None else {str(item.value) for item in stated.items()} or {str(stated.value)}


def _has_format(value: Any, form: str) -> bool:
    if form == "date-time" and isinstance(value, str):
        try:
            parse_rfc3339(value)
        except ValueError:
            return False
    if form in _RANGES and isinstance(value, int | float) and math.isfinite(value):
        end: int = 2 ** _RANGES[form]
        return -end <= value < end
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, bound: not _is_number(value) or value >= bound,
    "maximum": lambda value, bound: not _is_number(value) or value <= bound,
    "minLength": lambda value, bound: not isinstance(value, str) or len(value) >= bound,
    "maxLength": lambda value, bound: not isinstance(value, str) or len(value) <= bound,
    "minItems": lambda value, bound: not isinstance(value, list) or len(value) >= bound,
    "maxItems": lambda value, bound: not isinstance(value, list) or len(value) <= bound,
    "pattern": lambda value, bound: not isinstance(value, str) or re.search(bound, value) is not None,
}
