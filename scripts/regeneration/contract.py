"""What the contract says, in the words of the code that is made from it: methods, parameters, models, and lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api_drift.documents import parse
from attrs import frozen

__all__ = ["NAME", "Contract", "Endpoint", "Field", "Parameter", "snake_case"]

NAME = "openapi.yaml"
METHODS = ("get", "put", "post", "delete", "patch")
PAGING = {"page[number]", "page[size]", "page[limit]"}
"""Parameters that pagination takes care of."""


def snake_case(name: str) -> str:
    """A name of a class or an operation as the generator writes it in modules: `RUMEvent` is `rum_event`."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+", name)
    return "_".join(words).lower()


@frozen
class Field:
    """A property of an object, such as an attribute."""

    name: str
    type: str
    """`string`, `integer`, `boolean`, `number`, `date-time`, `enum`, `object` or `array`."""

    required: bool
    set_by_server: bool
    description: str
    line: int


@frozen
class Parameter:
    """A parameter in the path or the query."""

    name: str
    python_name: str
    """How the generated client calls it."""

    in_path: bool
    type: str
    required: bool
    description: str


@frozen
class Endpoint:
    """One operation."""

    id: str
    method: str
    path: str
    tag: str
    line: int
    summary: str
    description: str
    paging: str | None
    parameters: tuple[Parameter, ...]
    body: str | None
    """The schema of the request's body."""

    attributes: str | None
    """The schema of the attributes of the resource in the request's body."""

    answer: str | None
    """The schema of the resource that an answer has, once or in a list; None for no answer, or bytes."""

    is_list: bool
    group: str
    """The client's group, such as `playlists`; empty while the contract does not say."""

    name: str
    """The method's name in the group."""

    @property
    def snake(self) -> str:
        return snake_case(self.id)

    @property
    def paged(self) -> bool:
        return self.paging == "page"

    @property
    def own_parameters(self) -> list[Parameter]:
        """Those that callers give, without those of paging."""
        return [each for each in self.parameters if each.name not in PAGING]


class Contract:
    """A version of the document, parsed once. Raises UnreadableError for what cannot be parsed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = parse(text, NAME)
        self.document: Any = self.root.plain()

    @classmethod
    def of(cls, root: Path) -> Contract:
        return cls((root / NAME).read_text(encoding="utf-8"))

    @property
    def schemas(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document.get("components", {}).get("schemas", {})
        return found

    def line(self, *steps: str) -> int:
        """The line of a place, or of the last part of the way to it that there is."""
        node = self.root
        for step in steps:
            items = node.items()
            inner = items[int(step)] if items and step.isdecimal() else node.get(step)
            if inner is None:
                break
            node = inner
        return node.line

    def place(self, *steps: str) -> str:
        return f"{NAME}:{self.line(*steps)}"

    def resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a reference refers to; an empty object for one that leads nowhere, which linting reports."""
        while "$ref" in node:
            target: Any = self.document
            for step in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target.get(step, {}) if isinstance(target, dict) else {}
            node = target
        return node

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Method, path and declaration."""
        for path, item in self.document.get("paths", {}).items():
            for method in METHODS:
                if method in item:
                    yield method, path, item[method]

    def endpoints(self) -> dict[str, Endpoint]:
        return {
            declared["operationId"]: self._endpoint(method, path, declared)
            for method, path, declared in self.operations()
            if "operationId" in declared
        }

    def models(self) -> dict[str, str]:
        """The schema of each class that the client returns, by the name of the class."""
        return {each["x-rum-replay-model"]: name for name, each in self.schemas.items() if "x-rum-replay-model" in each}

    def attributes(self, schema: str) -> str | None:
        """The schema of the attributes of a resource."""
        reference = self.schemas.get(schema, {}).get("properties", {}).get("attributes", {}).get("$ref")
        return None if reference is None else str(reference).rpartition("/")[2]

    def fields(self, schema: str | None) -> list[Field]:
        """The properties of an object."""
        holder = self.schemas.get(schema or "", {})
        presumed = holder.get("x-rum-replay-set-by-server", ())
        return [
            Field(
                name,
                _type(self.resolved(inner)),
                name in holder.get("required", ()),
                name in presumed or bool(inner.get("readOnly")),
                _sentence(inner.get("description") or self.resolved(inner).get("description", "")),
                self.line("components", "schemas", schema or "", "properties", name),
            )
            for name, inner in holder.get("properties", {}).items()
        ]

    def _endpoint(self, method: str, path: str, declared: Mapping[str, Any]) -> Endpoint:
        success = [answer for status, answer in declared.get("responses", {}).items() if str(status).startswith("2")]
        answer, is_list = self._resource(_schema_in(self.resolved(success[0])) if success else None)
        body = _schema_in(self.resolved(declared["requestBody"])) if "requestBody" in declared else None
        group, _, name = str(declared.get("x-rum-replay-method", "")).rpartition(".")
        return Endpoint(
            id=declared["operationId"],
            method=method.upper(),
            path=path,
            tag=str((declared.get("tags") or [""])[0]),
            line=self.line("paths", path, method, "operationId"),
            summary=str(declared.get("summary", "")),
            description=_sentence(declared.get("description", "")),
            paging=declared.get("x-rum-replay-pagination"),
            parameters=tuple(map(self._parameter, declared.get("parameters", ()))),
            body=body,
            attributes=self.attributes(self._resource(body)[0] or ""),
            answer=answer,
            is_list=is_list,
            group=group,
            name=name,
        )

    def _parameter(self, node: Mapping[str, Any]) -> Parameter:
        node = self.resolved(node)
        return Parameter(
            node.get("name", ""),
            node.get("x-python-name", node.get("name", "")),
            node.get("in") == "path",
            _type(self.resolved(node.get("schema", {}))),
            bool(node.get("required")),
            _sentence(node.get("description", "")),
        )

    def _resource(self, schema: str | None) -> tuple[str | None, bool]:
        """The schema of what is in `data`, and whether it is a list."""
        data = self.schemas.get(schema or "", {}).get("properties", {}).get("data", {})
        reference = data.get("$ref") or data.get("items", {}).get("$ref")
        return (None if reference is None else str(reference).rpartition("/")[2]), "items" in data


def _schema_in(holder: Mapping[str, Any]) -> str | None:
    """The name of the schema that a request or an answer carries as JSON."""
    content = holder.get("content", {}).get("application/json", {})
    reference = content.get("schema", {}).get("$ref")
    return None if reference is None else str(reference).rpartition("/")[2]


def _type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return "enum"
    return "date-time" if schema.get("format") == "date-time" else str(schema.get("type", "string"))


def _sentence(text: str) -> str:
    return " ".join(str(text).split())
