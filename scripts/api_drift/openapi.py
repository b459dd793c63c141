"""OpenAPI 3 documents as sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve

from .documents import Node, parse
from .model import (
    Answer,
    Body,
    Operation,
    Parameter,
    Place,
    Property,
    Schema,
    Source,
    UnreadableError,
    is_about_replays,
)

__all__ = ["read_openapi"]

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
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
# The fastest way to see whether text is about one of our operations, wherever its path is now.
_AREA = re.compile(r"\bRum Replay ", re.IGNORECASE)


def read_openapi(text: str, name: str, ours: Source | None = None) -> Source:
    """The operations of a document that are about replays, and those that `ours` has; without it, all.

    Raises UnreadableError, also for a document without any such operation.
    """
    routes = {operation.route[1] for operation in ours.operations} if ours else set[str]()
    names = "|".join(operation.name for operation in ours.operations) if ours else ""
    named = re.compile(rf"operationId\"?: *[\"']?(?:{names})\b")

    def matters(path: str, block: str) -> bool:
        return (
            is_about_replays(path)
            or re.sub(r"\{[^}]*\}", "{}", path) in routes
            or named.search(block) is not None
            or _AREA.search(block) is not None
        )

    document = parse(text, name, None if ours is None else matters)
    version = document.get("openapi")
    if version is None or not str(version.value).startswith("3."):
        raise UnreadableError(f"{name} is not an OpenAPI 3 document: it has no `openapi: 3.…`")
    reader = _Reader(document, name)
    operations = tuple(
        operation
        for operation in reader.operations()
        if ours is None
        or is_about_replays(operation.path)
        or operation.route[1] in routes
        or operation.key in {known.key for known in ours.operations}
        or (operation.area or "").lower().startswith("rum replay ")
    )
    if not operations:
        raise UnreadableError(f"{name} has no operation about replays, in its {len(reader.paths)} paths that were read")
    return Source("openapi", name, operations, reader.sites(), frozenset(_whole_areas(operations, text)))


def _whole_areas(operations: Iterable[Operation], text: str) -> set[str]:
    """A document with one operation about replays has all of them; the rest of RUM may have been cut off."""
    areas = {"*"} if any(is_about_replays(operation.path) for operation in operations) else set[str]()
    if re.search(r"/api/v2/rum/(?!replay/)", text) is not None:
        areas.add("RUM")
    return areas


class _Reader:
    def __init__(self, document: Node, name: str) -> None:
        self._document = document
        self._name = name
        self._schemas: dict[str, Schema] = {}
        self._open: list[str] = []
        self.paths = (document.get("paths") or Node({}, 1)).members()

    def operations(self) -> Iterator[Operation]:
        for path, item in self.paths.items():
            target = self._followed(item)
            shared = (target.get("parameters") or Node([], 1)).items()
            for method in _METHODS:
                declared = target.get(method)
                if declared is not None:
                    yield self._operation(method.upper(), path, declared, shared)

    def sites(self) -> dict[str, Place] | None:
        """The values of the variable `site` of the first server that has one."""
        for server in (self._document.get("servers") or Node([], 1)).items():
            values = server.at("variables", "site", "enum")
            if values is not None:
                return {str(value.value): self._place(value) for value in values.items()}
        return None

    def _operation(self, method: str, path: str, declared: Node, shared: list[Node]) -> Operation:
        parameters: dict[tuple[str, str], Parameter] = {}
        for node in [*shared, *(declared.get("parameters") or Node([], 1)).items()]:
            parameter = self._parameter(node)
            parameters[parameter.location, parameter.name] = parameter
        body = declared.get("requestBody")
        tags = (declared.get("tags") or Node([], 1)).items()
        return Operation(
            place=self._place(declared),
            method=method,
            path=path,
            name=_text(declared.get("operationId")) or f"{method} {path}",
            area=str(tags[0].value) if tags else None,
            parameters=tuple(parameters.values()),
            body=None if body is None else self._body(body),
            answers={
                int(status): self._answer(answer)
                for status, answer in (declared.get("responses") or Node({}, 1)).members().items()
                if status.isdecimal()
            },
            security=self._security(declared.get("security") or self._document.get("security")),
            deprecated=_flag(declared.get("deprecated")),
        )

    def _parameter(self, node: Node) -> Parameter:
        target = self._followed(node)
        schema = target.get("schema") or next(
            (
                content
                for kind in (target.get("content") or Node({}, 1)).members().values()
                if (content := kind.get("schema"))
            ),
            Node({}, target.line),
        )
        return Parameter(
            place=self._place(node),
            name=_text(target.get("name")),
            location=_text(target.get("in")),
            required=_flag(target.get("required")),
            schema=self._schema(schema),
            deprecated=_flag(target.get("deprecated")),
        )

    def _body(self, node: Node) -> Body:
        target = self._followed(node)
        schema, media_types = self._content(target)
        return Body(self._place(node), _flag(target.get("required")), schema, media_types)

    def _answer(self, node: Node) -> Answer:
        schema, media_types = self._content(self._followed(node))
        return Answer(self._place(node), schema, media_types)

    def _content(self, node: Node) -> tuple[Schema | None, frozenset[str]]:
        """The schema of the first type, JSON before others, and all types."""
        content = (node.get("content") or Node({}, 1)).members()
        for name in sorted(content, key=lambda name: "json" not in name):
            schema = content[name].get("schema")
            return (None if schema is None else self._schema(schema)), frozenset(content)
        return None, frozenset()

    def _security(self, node: Node | None) -> frozenset[str] | None:
        if node is None:
            return None
        schemes = self._document.at("components", "securitySchemes") or Node({}, 1)
        return frozenset(
            _text(schemes.at(name, "x-datadog-name")) or name
            for requirement in node.items()
            for name in requirement.members()
        )

    def _schema(self, node: Node) -> Schema:
        reference = node.get("$ref")
        if reference is None:
            return self._inline(node)
        pointer = str(reference.value)
        name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        if pointer in self._open:
            stated = self._followed(node).get("type")  # it contains itself
            return Schema(self._place(node), _text(stated) or "object", name=name)
        if pointer not in self._schemas:
            self._open.append(pointer)
            self._schemas[pointer] = evolve(self._schema(self._followed(node)), name=name)
            self._open.pop()
        return self._schemas[pointer]

    def _inline(self, node: Node) -> Schema:
        stated = node.get("type")
        types = [] if stated is None else [str(item.value) for item in stated.items()] or [str(stated.value)]
        alternatives = [
            self._schema(item) for word in ("anyOf", "oneOf") for item in (node.get(word) or Node([], 1)).items()
        ]
        nullable = (
            "null" in types or bool(_flag(node.get("nullable"))) or any(each.type == "null" for each in alternatives)
        )
        alternatives = [each for each in alternatives if each.type != "null"]
        types = [kind for kind in types if kind != "null"]
        values = node.get("const")
        values = Node([values], values.line) if values else node.get("enum")
        items, properties = node.get("items"), node.get("properties")
        closed = node.get("additionalProperties")
        schema = Schema(
            place=self._place(node),
            type=_described(types, alternatives, "object" if properties else "array" if items else ""),
            format=_text(node.get("format")),
            enum=tuple(str(value.plain()) for value in values.items() if value.value is not None) if values else (),
            nullable=nullable,
            bounds={word: str(bound.plain()) for word in _BOUNDS if (bound := node.get(word)) is not None},
            read_only=bool(_flag(node.get("readOnly"))),
            deprecated=bool(_flag(node.get("deprecated"))),
            closed=closed is not None and closed.value is False,
            items=None if items is None else self._schema(items),
            properties=self._properties(node, properties),
        )
        for part in (node.get("allOf") or Node([], 1)).items():
            schema = _combined(schema, self._schema(part))
        return evolve(alternatives[0], nullable=nullable) if len(alternatives) == 1 and not types else schema

    def _properties(self, node: Node, properties: Node | None) -> dict[str, Property]:
        required = {str(item.value) for item in (node.get("required") or Node([], 1)).items()}
        return {
            name: Property(self._place(child), name in required, self._schema(child))
            for name, child in (properties or Node({}, 1)).members().items()
        }

    def _followed(self, node: Node) -> Node:
        """The target of references."""
        seen: list[str] = []
        while (reference := node.get("$ref")) is not None:
            pointer = str(reference.value)
            target = None
            if pointer.startswith("#/") and pointer not in seen:
                steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer[2:].split("/")]
                target = self._document.at(*steps)
            if target is None:
                raise UnreadableError(f"{self._place(node)}: the reference {pointer!r} leads nowhere in this document")
            seen.append(pointer)
            node = target
        return node

    def _place(self, node: Node) -> Place:
        return Place(self._name, node.line)


def _described(types: list[str], alternatives: list[Schema], otherwise: str) -> str:
    if alternatives and not types:
        return f"anyOf({', '.join(sorted({each.type or 'anything' for each in alternatives}))})"
    return types[0] if len(types) == 1 else f"anyOf({', '.join(sorted(types))})" if types else otherwise


def _combined(schema: Schema, part: Schema) -> Schema:
    """A schema with another one of its `allOf`."""
    own: Mapping[str, Property] = schema.properties or {}
    values: dict[str, Any] = {"type": schema.type or part.type, "properties": {**(part.properties or {}), **own}}
    for name in ("format", "enum", "bounds", "items"):
        values[name] = getattr(schema, name) or getattr(part, name)
    for name in ("nullable", "read_only", "deprecated", "closed"):
        values[name] = bool(getattr(schema, name) or getattr(part, name))
    return evolve(schema, **values)


def _text(node: Node | None) -> str:
    return "" if node is None or node.value is None else str(node.value)


def _flag(node: Node | None) -> bool:
    return node is not None and node.value is True
