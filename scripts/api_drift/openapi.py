"""OpenAPI 3 documents as sources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

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
    Server,
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
_WORDING = {"$ref", "description", "title", "example", "examples", "externalDocs", "$comment"}
_SAYS_NOTHING = {("minLength", 0), ("minItems", 0), ("uniqueItems", False)}
_HOST = re.compile(r"https://api\.([\w.-]+?)/?")
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
        raise UnreadableError(f"{name} is not an OpenAPI 3 document: {_instead(document, text)}")
    reader = _Reader(document, name)
    try:
        operations = tuple(
            operation
            for operation in reader.operations()
            if ours is None
            or is_about_replays(operation.path)
            or operation.route[1] in routes
            or operation.key in {known.key for known in ours.operations}
            or (operation.area or "").lower().startswith("rum replay ")
        )
        sites, server = reader.servers(document)
    except RecursionError:
        raise UnreadableError(f"{name} cannot be read: its schemas are nested too deeply") from None
    if not operations:
        raise UnreadableError(f"{name} has no operation about replays, in its {len(reader.paths)} paths that were read")
    return Source("openapi", name, operations, sites, frozenset(_whole_areas(operations, text)), server)


def _instead(document: Node, text: str) -> str:
    """What a document is that is no OpenAPI 3."""
    for word in ("swagger", "openapi"):
        version = document.get(word)
        if version is not None:
            return f"it says `{word}: {version.value}`, in line {version.line}"
    return "it has no `openapi: 3.…`" if text.strip() else "it is empty"


def _whole_areas(operations: Iterable[Operation], text: str) -> set[str]:
    """A document with one operation about replays has all of them; the rest of RUM may have been cut off."""
    areas = {"*"} if any(is_about_replays(operation.path) for operation in operations) else set[str]()
    if re.search(r"\\?/api\\?/v2\\?/rum\\?/(?!replay\\?/)", text) is not None:
        areas.add("RUM")
    return areas


class _Reader:
    def __init__(self, document: Node, name: str) -> None:
        self._document = document
        self._name = name
        self._schemas: dict[str, Schema] = {}
        self._open: list[str] = []
        self.paths = self._members(document, "paths")

    def operations(self) -> Iterator[Operation]:
        for path, item in self.paths.items():
            target = self._object(self._followed(item))
            for method in _METHODS:
                declared = target.get(method)
                if declared is not None:
                    yield self._operation(method.upper(), path, self._object(declared), target)

    def servers(self, holder: Node) -> tuple[dict[str, Place] | None, Server | None]:
        """The sites, and the address with `{site}` in it, of a document or an operation that has servers of its own.

        Either a variable has the sites, or each has a server; other variables have the value that they have by default.
        """
        written = list(map(self._object, self._items(holder, "servers")))
        for server in written:
            values = server.at("variables", "site", "enum")
            if values is not None:
                sites = {str(value.value): self._place(value) for value in values.items()}
                return sites, Server(self._place(server), self._address(server))
        hosts = [(match[1], server) for server in written if (match := _HOST.fullmatch(self._address(server)))]
        if not hosts:
            return None, None
        sites = {site: self._place(server) for site, server in hosts}
        return sites, Server(self._place(hosts[0][1]), "https://api.{site}")

    def _address(self, server: Node) -> str:
        def value(match: re.Match[str]) -> str:
            stated = server.at("variables", match[1], "default")
            return match[0] if stated is None or match[1] == "site" else str(stated.value)

        return re.sub(r"\{(\w+)\}", value, _text(server.get("url")))

    def _operation(self, method: str, path: str, declared: Node, item: Node) -> Operation:
        parameters: dict[tuple[str, str], Parameter] = {}
        for node in [*self._items(item, "parameters"), *self._items(declared, "parameters")]:
            parameter = self._parameter(node)
            parameters[parameter.location, parameter.name] = parameter
        body = declared.get("requestBody")
        tags = self._items(declared, "tags")
        sites, server = self.servers(declared if declared.get("servers") is not None else item)
        return Operation(
            place=self._place(declared),
            method=method,
            path=path,
            name=_text(declared.get("operationId")) or f"{method} {path}",
            area=str(tags[0].value) if tags else None,
            parameters=tuple(parameters.values()),
            body=None if body is None else self._body(body),
            answers={
                int(status) if status.isdecimal() else status: self._answer(answer)
                for status, answer in self._members(declared, "responses").items()
                if not status.startswith("x-")
            },
            security=self._security(declared.get("security") or self._document.get("security")),
            sites=sites,
            deprecated=_flag(declared.get("deprecated")),
            server=server,
        )

    def _parameter(self, node: Node) -> Parameter:
        target = self._object(self._followed(node))
        schema = target.get("schema") or next(
            (content for kind in self._members(target, "content").values() if (content := kind.get("schema"))),
            Node({}, target.line),
        )
        return Parameter(
            place=self._place(node),
            name=_text(target.get("name")),
            location=_text(target.get("in")),
            required=_flag(target.get("required")) or _text(target.get("in")) == "path",
            schema=self._schema(schema),
            deprecated=_flag(target.get("deprecated")),
        )

    def _body(self, node: Node) -> Body:
        target = self._object(self._followed(node))
        schema, media_types = self._content(target)
        return Body(self._place(node), _flag(target.get("required")), schema, media_types)

    def _answer(self, node: Node) -> Answer:
        schema, media_types = self._content(self._object(self._followed(node)))
        return Answer(self._place(node), schema, media_types)

    def _content(self, node: Node) -> tuple[Schema | None, frozenset[str]]:
        """The schema of the first type, JSON before others, and all types without their parameters."""
        content = {
            name.partition(";")[0].strip().lower(): kind for name, kind in self._members(node, "content").items()
        }
        for name in sorted(content, key=lambda name: (name != "application/json", "json" not in name)):
            schema = content[name].get("schema") or Node({}, content[name].line)  # without one, it may be anything
            return self._schema(schema), frozenset(content)
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
        shared = re.fullmatch(r"#/components/schemas/([^/]+)", pointer)
        name = _unescaped(shared[1]) if shared else None
        if pointer in self._open:
            stated = self._followed(node).get("type")  # it contains itself
            return Schema(self._place(node), _text(stated) or "object", name=name)
        if pointer not in self._schemas:
            self._open.append(pointer)
            target = self._schema(self._followed(node))
            self._schemas[pointer] = evolve(target, name=name or target.name)
            self._open.pop()
        beside = {name: value for name, value in node.members().items() if name not in _WORDING}
        if any(not name.startswith("x-") for name in beside):
            return _combined(self._inline(Node(beside, node.line)), self._schemas[pointer])
        return self._schemas[pointer]

    def _inline(self, node: Node) -> Schema:
        if not isinstance(node.value, dict | bool | None):
            raise UnreadableError(f"{self._place(node)}: a schema is expected, which is an object")
        types = self._types(node)
        listed = {
            json.dumps(item.plain(), default=str): item
            for word in ("anyOf", "oneOf")
            for item in self._items(node, word)
        }
        alternatives = [self._schema(item) for item in listed.values()]
        nullable = (
            "null" in types or bool(_flag(node.get("nullable"))) or any(each.type == "null" for each in alternatives)
        )
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
            place=self._place(node),
            type=_described(types, alternatives, otherwise),
            format=_text(node.get("format")),
            enum=tuple(map(str, allowed)),
            nullable=nullable,
            bounds=_bounds(node),
            default=_default(node),
            read_only=bool(_flag(node.get("readOnly"))),
            write_only=bool(_flag(node.get("writeOnly"))),
            deprecated=bool(_flag(node.get("deprecated"))),
            closed=closed,
            values=None
            if closed
            else self._schema(further)
            if further is not None and is_described
            else Schema(self._place(node), ""),
            items=None if items is None else self._schema(items),
            properties=properties,
        )
        if items is None and schema.type == "array":
            schema = evolve(schema, items=Schema(schema.place, ""))
        for part in self._items(node, "allOf"):
            schema = _combined(schema, self._schema(part))
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
            raise UnreadableError(f"{self._place(stated)}: the type is neither a name nor a list of names")
        return types

    def _properties(self, node: Node) -> dict[str, Property]:
        """The properties; also required ones that another part of the schema describes, or none."""
        required = {str(item.value): item for item in (node.get("required") or Node([], 1)).items()}
        found = {
            name: Property(self._place(child), name in required, self._schema(child))
            for name, child in self._members(node, "properties").items()
        }
        for name, item in required.items():
            if name not in found:
                found[name] = Property(self._place(item), True, Schema(self._place(item), "", default="", enum=()))
        return found

    def _object(self, node: Node) -> Node:
        """The node; an error if it is something else than an object, or nothing."""
        if not isinstance(node.value, dict | None):
            raise UnreadableError(f"{self._place(node)}: an object is expected")
        return node

    def _members(self, holder: Node, name: str) -> Mapping[str, Node]:
        """The members of an object in an object; none without it."""
        node = holder.get(name)
        if node is not None and not isinstance(node.value, dict | None):
            raise UnreadableError(f"{self._place(node)}: {name} is not an object")
        return {} if node is None else node.members()

    def _items(self, holder: Node, name: str) -> list[Node]:
        """The items of an array in an object; none without it."""
        node = holder.get(name)
        if node is not None and not isinstance(node.value, list | None):
            raise UnreadableError(f"{self._place(node)}: {name} is not a list")
        return [] if node is None else node.items()

    def _followed(self, node: Node) -> Node:
        """The target of references."""
        seen: list[str] = []
        while (reference := node.get("$ref")) is not None:
            pointer = str(reference.value)
            target = None
            if pointer.startswith("#/") and pointer not in seen:
                target = self._document.at(*map(_unescaped, pointer[2:].split("/")))
            if target is None:
                raise UnreadableError(f"{self._place(node)}: the reference {pointer!r} leads nowhere in this document")
            seen.append(pointer)
            node = target
        return node

    def _place(self, node: Node) -> Place:
        return Place(self._name, node.line)


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


def _unescaped(step: str) -> str:
    """A step of a JSON pointer in a URL."""
    return unquote(step).replace("~1", "/").replace("~0", "~")


def _text(node: Node | None) -> str:
    return "" if node is None or node.value is None else str(node.value)


def _flag(node: Node | None) -> bool:
    return node is not None and node.value is True
