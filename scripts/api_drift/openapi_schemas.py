"""The schemas of OpenAPI 3 documents."""

from __future__ import annotations

import json
import re
from typing import Any

from attrs import evolve

from .documents import Node
from .model import Property, Schema, UnreadableError
from .openapi_document import Document, flag, text_of, unescaped

__all__ = ["Schemas"]

_BOUNDS = (
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
)
_WORDING = {"$ref", "description", "title", "example", "examples", "externalDocs", "$comment"}
_SAYS_NOTHING = {("minLength", 0), ("minItems", 0), ("uniqueItems", False)}


class Schemas:
    """Reads the schemas of a document, each shared one once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._shared: dict[str, Schema] = {}
        self._open: list[str] = []

    def read(self, node: Node) -> Schema:
        reference = node.get("$ref")
        if reference is None:
            return self._inline(node)
        pointer = str(reference.value)
        shared = re.fullmatch(r"#/components/schemas/([^/]+)", pointer)
        name = unescaped(shared[1]) if shared else None
        if pointer in self._open:
            stated = self._document.followed(node).get("type")  # it contains itself
            return Schema(self._document.place(node), text_of(stated) or "object", name=name)
        if pointer not in self._shared:
            self._open.append(pointer)
            target = self.read(self._document.followed(node))
            self._shared[pointer] = evolve(target, name=name or target.name)
            self._open.pop()
        beside = {name: value for name, value in node.members().items() if name not in _WORDING}
        if any(not name.startswith("x-") for name in beside):
            return _combined(self._inline(Node(beside, node.line)), self._shared[pointer])
        return self._shared[pointer]

    def _inline(self, node: Node) -> Schema:
        if not isinstance(node.value, dict | bool | None):
            raise UnreadableError(f"{self._document.place(node)}: a schema is expected, which is an object")
        types = self._types(node)
        listed = {
            json.dumps(item.plain(), default=str): item
            for word in ("anyOf", "oneOf")
            for item in self._document.items(node, word)
        }
        alternatives = [self.read(item) for item in listed.values()]
        nullable = "null" in types or flag(node.get("nullable")) or any(each.type == "null" for each in alternatives)
        alternatives = [each for each in alternatives if each.type != "null"]
        types = [kind for kind in types if kind != "null"] or types[:1]
        const = node.get("const")
        values = Node([const], const.line) if const else node.get("enum")
        allowed = [value.plain() for value in values.items() if value.value is not None] if values else []
        items, properties = node.get("items"), self._properties(node)
        further = node.get("additionalProperties")
        closed = further is not None and further.value is False
        is_described = further is not None and further.members()
        otherwise = (
            "object"
            if node.get("properties") or is_described
            else "array"
            if items
            else "string"
            if allowed and all(isinstance(value, str) for value in allowed)
            else ""
        )
        schema = Schema(
            place=self._document.place(node),
            type=_described(types, alternatives, otherwise),
            format=text_of(node.get("format")),
            enum=tuple(map(str, allowed)),
            nullable=nullable,
            bounds=_bounds(node),
            default=_default(node),
            read_only=flag(node.get("readOnly")),
            write_only=flag(node.get("writeOnly")),
            deprecated=flag(node.get("deprecated")),
            closed=closed,
            values=None
            if closed
            else self.read(further)
            if further is not None and is_described
            else Schema(self._document.place(node), ""),
            items=None if items is None else self.read(items),
            properties=properties,
        )
        if items is None and schema.type == "array":
            schema = evolve(schema, items=Schema(schema.place, ""))
        for part in self._document.items(node, "allOf"):
            schema = _combined(schema, self.read(part))
        if len(alternatives) == 1:
            schema = _combined(schema, alternatives[0])
        if schema.enum and len(schema.enum) == 1 and schema.default == json.dumps(schema.enum[0]):
            schema = evolve(schema, default="")  # the only value says no more
        return schema

    def _types(self, node: Node) -> list[str]:
        stated = node.get("type")
        if stated is None:
            return []
        types = [item.value for item in stated.items()] or [stated.value]
        if not all(isinstance(kind, str) for kind in types):
            raise UnreadableError(f"{self._document.place(stated)}: the type is neither a name nor a list of names")
        return types

    def _properties(self, node: Node) -> dict[str, Property]:
        """The properties; also required ones that another part of the schema describes, or none."""
        required = {str(item.value): item for item in (node.get("required") or Node([], 1)).items()}
        found = {
            name: Property(self._document.place(child), name in required, self.read(child))
            for name, child in self._document.members(node, "properties").items()
        }
        for name, item in required.items():
            if name not in found:
                found[name] = Property(
                    self._document.place(item), True, Schema(self._document.place(item), "", default="", enum=())
                )
        return found


def _described(types: list[str], alternatives: list[Schema], otherwise: str) -> str:
    if types:
        return types[0] if len(types) == 1 else f"anyOf({', '.join(sorted(types))})"
    if len(alternatives) > 1:
        return f"anyOf({', '.join(sorted({each.type or 'anything' for each in alternatives}))})"
    return otherwise


def _combined(schema: Schema, part: Schema) -> Schema:
    """A schema with another one that holds, too: of its `allOf`, or beside its reference."""
    properties = dict(part.properties or {})
    for name, own in (schema.properties or {}).items():
        other = properties.get(name)
        place = own.place if other is None or own.schema.type else other.place
        properties[name] = (
            own
            if other is None
            else Property(place, own.required or other.required, _combined(own.schema, other.schema))
        )
    values: dict[str, Any] = {
        "type": schema.type or part.type,
        "name": schema.name or part.name,
        "properties": properties,
        "bounds": {**(part.bounds or {}), **(schema.bounds or {})},
        "values": None
        if schema.values is None or part.values is None
        else schema.values
        if schema.values.type
        else part.values,
    }
    if not schema.type:
        values["place"] = part.place
    items = schema.items if part.items is None or (schema.items and schema.items.type) else part.items
    values["items"] = items
    for name in ("format", "enum", "default"):
        values[name] = getattr(schema, name) or getattr(part, name)
    for name in ("nullable", "read_only", "write_only", "deprecated", "closed"):
        values[name] = bool(getattr(schema, name) or getattr(part, name))
    return evolve(schema, **values)


def _bounds(node: Node) -> dict[str, str]:
    """The bounds in the words of OpenAPI 3.1, without those that allow everything."""
    stated = {word: bound.plain() for word in _BOUNDS if (bound := node.get(word)) and bound.value is not None}
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        flag = stated.get(exclusive)
        if flag is False or (flag is True and inclusive not in stated):
            del stated[exclusive]
        elif flag is True:  # as OpenAPI 3.0 says it
            stated[exclusive] = stated.pop(inclusive)
    return {word: str(bound) for word, bound in stated.items() if (word, bound) not in _SAYS_NOTHING}


def _default(node: Node) -> str:
    stated = node.get("default") or node.get("x-rum-replay-default")
    return "" if stated is None or stated.value is None else json.dumps(stated.plain(), ensure_ascii=False)
