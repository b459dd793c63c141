"""OpenAPI 3 documents as sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .documents import Node, parse
from .model import (
    Answer,
    Body,
    Operation,
    Parameter,
    Place,
    Schema,
    Server,
    Source,
    UnreadableError,
    is_about_replays,
)
from .openapi_document import Document, flag, text_of
from .openapi_schemas import Schemas

__all__ = ["read_openapi"]

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
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
    reader = _Reader(Document(document, name))
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
    def __init__(self, document: Document) -> None:
        self._document = document
        self._schemas = Schemas(document)
        self.paths = document.members(document.root, "paths")

    def operations(self) -> Iterator[Operation]:
        for path, item in self.paths.items():
            target = self._document.object(self._document.followed(item))
            for method in _METHODS:
                declared = target.get(method)
                if declared is not None:
                    yield self._operation(method.upper(), path, self._document.object(declared), target)

    def servers(self, holder: Node) -> tuple[dict[str, Place] | None, Server | None]:
        """The sites, and the address with `{site}` in it, of a document or an operation that has servers of its own.

        Either a variable has the sites, or each has a server; other variables have the value that they have by default.
        """
        written = list(map(self._document.object, self._document.items(holder, "servers")))
        for server in written:
            values = server.at("variables", "site", "enum")
            if values is not None:
                sites = {str(value.value): self._document.place(value) for value in values.items()}
                return sites, Server(self._document.place(server), self._address(server))
        hosts = [(match[1], server) for server in written if (match := _HOST.fullmatch(self._address(server)))]
        if not hosts:
            return None, None
        sites = {site: self._document.place(server) for site, server in hosts}
        return sites, Server(self._document.place(hosts[0][1]), "https://api.{site}")

    def _address(self, server: Node) -> str:
        def value(match: re.Match[str]) -> str:
            stated = server.at("variables", match[1], "default")
            return match[0] if stated is None or match[1] == "site" else str(stated.value)

        return re.sub(r"\{(\w+)\}", value, text_of(server.get("url")))

    def _operation(self, method: str, path: str, declared: Node, item: Node) -> Operation:
        parameters: dict[tuple[str, str], Parameter] = {}
        for node in [*self._document.items(item, "parameters"), *self._document.items(declared, "parameters")]:
            parameter = self._parameter(node)
            parameters[parameter.location, parameter.name] = parameter
        body = declared.get("requestBody")
        tags = self._document.items(declared, "tags")
        sites, server = self.servers(declared if declared.get("servers") is not None else item)
        return Operation(
            place=self._document.place(declared),
            method=method,
            path=path,
            name=text_of(declared.get("operationId")) or f"{method} {path}",
            area=str(tags[0].value) if tags else None,
            parameters=tuple(parameters.values()),
            body=None if body is None else self._body(body),
            answers={
                int(status) if status.isdecimal() else status: self._answer(answer)
                for status, answer in self._document.members(declared, "responses").items()
                if not status.startswith("x-")
            },
            security=self._security(declared.get("security") or self._document.root.get("security")),
            sites=sites,
            deprecated=flag(declared.get("deprecated")),
            server=server,
        )

    def _parameter(self, node: Node) -> Parameter:
        target = self._document.object(self._document.followed(node))
        schema = target.get("schema") or next(
            (content for kind in self._document.members(target, "content").values() if (content := kind.get("schema"))),
            Node({}, target.line),
        )
        return Parameter(
            place=self._document.place(node),
            name=text_of(target.get("name")),
            location=text_of(target.get("in")),
            required=flag(target.get("required")) or text_of(target.get("in")) == "path",
            schema=self._schemas.read(schema),
            deprecated=flag(target.get("deprecated")),
        )

    def _body(self, node: Node) -> Body:
        target = self._document.object(self._document.followed(node))
        schema, media_types = self._content(target)
        return Body(self._document.place(node), flag(target.get("required")), schema, media_types)

    def _answer(self, node: Node) -> Answer:
        schema, media_types = self._content(self._document.object(self._document.followed(node)))
        return Answer(self._document.place(node), schema, media_types)

    def _content(self, node: Node) -> tuple[Schema | None, frozenset[str]]:
        """The schema of the first type, JSON before others, and all types without their parameters."""
        content = {
            name.partition(";")[0].strip().lower(): kind
            for name, kind in self._document.members(node, "content").items()
        }
        for name in sorted(content, key=lambda name: (name != "application/json", "json" not in name)):
            schema = content[name].get("schema") or Node({}, content[name].line)  # without one, it may be anything
            return self._schemas.read(schema), frozenset(content)
        return None, frozenset()

    def _security(self, node: Node | None) -> frozenset[str] | None:
        if node is None:
            return None
        schemes = self._document.root.at("components", "securitySchemes") or Node({}, 1)
        return frozenset(
            text_of(schemes.at(name, "x-datadog-name")) or name
            for requirement in node.items()
            for name in requirement.members()
        )
