"""The API's contract, compiled: routes, parameters and validators as the packaged `openapi.json` states them.

The document is generated from the repository's `openapi.yaml`. It is read and compiled once per process.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, cast
from urllib.parse import unquote

import msgspec
from attrs import field, frozen

from rum_replay_emulator.extras import install_command

try:
    import jsonschema_rs
except ImportError as error:
    raise ImportError(
        f"the emulator needs jsonschema-rs ({error}): {install_command('emulator')}", name=error.name
    ) from error

__all__ = [
    "Contract",
    "Operation",
    "Parameter",
    "attributes_of",
    "contract",
    "contract_document",
    "first_problem",
    "integer_bounds",
    "problems",
    "resolved",
]

_DOCUMENT = "urn:rum-replay:contract"
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_INTEGER = re.compile(r"-?[0-9]{1,25}", re.ASCII)
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
_BITS = {"int32": 31, "int64": 63}


@frozen
class Parameter:
    """A path or query parameter: text on the wire, checked against its schema after conversion."""

    name: str
    required: bool
    is_integer: bool
    validator: jsonschema_rs.Validator

    def read(self, text: str) -> tuple[str | int, list[str]]:
        """The value, and the problems with it."""
        value: str | int = text
        if self.is_integer:
            if _INTEGER.fullmatch(text) is None:
                return text, [f"{self.name}: must be an integer"]
            value = int(text)
        if self.validator.is_valid(value):
            return value, []
        return value, [f"{self.name}: {error.message}" for error in self.validator.iter_errors(value)]


@frozen
class Operation:
    """One operation of the contract. `body` is None where a request has none.

    `answers` maps each documented status to the media types that its body may have (empty for a status without a body).
    The validator is None for bytes that the contract does not interpret, and whose media type it leaves open.
    """

    id: str
    method: str
    path_parameters: tuple[Parameter, ...]
    query_parameters: Mapping[str, Parameter]
    required_query: tuple[str, ...]
    body: jsonschema_rs.Validator | None
    body_required: bool
    answers: Mapping[int, Mapping[str, jsonschema_rs.Validator | None]]


@frozen
class _Route:
    pattern: re.Pattern[str]
    operations: Mapping[str, Operation]
    allow: str


@frozen
class Contract:
    """All operations by operationId, with their routes.

    `key_headers` are the header names, in lower case, of the two keys that are sent as a pair.
    """

    operations: Mapping[str, Operation]
    key_headers: tuple[bytes, ...]
    _routes: Mapping[int, list[_Route]] = field(repr=False)

    def route(self, method: str, path: str) -> tuple[Operation | None, tuple[str, ...], str]:
        """Find the operation for a path as sent (percent-encoded, without query).

        Returns the operation, the decoded path values in the template's order, and the value for the header `Allow`:
        without an operation, an empty `Allow` means that the path itself is unknown.
        """
        for route in self._routes.get(path.count("/"), ()):
            match = route.pattern.fullmatch(path)
            if match is not None:
                values = match.groups()
                if "%" in path:
                    values = tuple(unquote(value) for value in values)
                return route.operations.get(method), values, route.allow
        return None, (), ""


def problems(validator: jsonschema_rs.Validator, body: Any) -> list[str]:
    """The problems with a body, each beginning with the path of the field, such as `data.attributes.name`."""
    return [_described(error) for error in validator.iter_errors(body)]


def first_problem(validator: jsonschema_rs.Validator, body: Any) -> list[str]:
    """The same, for a large body: only one, because a million of them would take gigabytes."""
    try:
        validator.validate(body)
    except jsonschema_rs.ValidationError as error:
        return [_described(error)]
    return []


def _described(error: jsonschema_rs.ValidationError) -> str:
    place = [str(step) for step in error.instance_path]
    if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
        return f"{'.'.join([*place, error.kind.property])}: is required"
    return f"{'.'.join(place) or 'body'}: {error.message}"


def contract_document() -> dict[str, Any]:
    """A new copy of the packaged `openapi.json`, with the range of every integer written out.

    `format: int32` and `int64` imply ranges that JSON Schema validators do not check; here they are `minimum` and
    `maximum` as well.
    """
    packaged = files(__name__.rpartition(".")[0]).joinpath("openapi.json")
    document = cast(dict[str, Any], msgspec.json.decode(packaged.read_bytes()))
    _add_integer_bounds(document)
    return document


@cache
def attributes_of(schema: str) -> Mapping[str, bool]:
    """The names of the attributes in a schema, and whether only the server sets each, as documented or presumably."""
    found = contract_document()["components"]["schemas"][schema]
    presumed = found.get("x-rum-replay-set-by-server", ())
    return {name: name in presumed or "readOnly" in inner for name, inner in found["properties"].items()}


def integer_bounds(schema: Mapping[str, Any]) -> tuple[int, int]:
    """The smallest and the largest value of an integer schema; one without a format has 64 bits."""
    end = 2 ** _BITS[schema.get("format", "int64")]
    return schema.get("minimum", -end), schema.get("maximum", end - 1)


def resolved(node: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """The target of a reference within the document; a node that is not a reference is returned unchanged."""
    while "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _add_integer_bounds(node: Any) -> None:
    if isinstance(node, dict):
        schema = cast(dict[str, Any], node)
        if schema.get("type") == "integer":
            schema["minimum"], schema["maximum"] = integer_bounds(schema)
        for child in schema.values():
            _add_integer_bounds(child)
    elif isinstance(node, list):
        for child in cast(Iterable[Any], node):
            _add_integer_bounds(child)


@cache
def contract() -> Contract:
    """The compiled contract, the same object for every emulator of the process."""
    document = contract_document()
    registry = jsonschema_rs.Registry([(_DOCUMENT, document)], draft=jsonschema_rs.Draft202012)
    return _Compiler(document, registry).contract()


class _Compiler:
    def __init__(self, document: dict[str, Any], registry: jsonschema_rs.Registry) -> None:
        self._document = document
        self._registry = registry
        self._shared: dict[str, jsonschema_rs.Validator] = {}

    def contract(self) -> Contract:
        operations: dict[str, Operation] = {}
        routes: dict[int, list[_Route]] = {}
        for template, item in self._document["paths"].items():
            escaped = re.escape(template)
            here = {operation.method: operation for operation in self._operations(item, _PLACEHOLDER.findall(escaped))}
            operations.update((operation.id, operation) for operation in here.values())
            route = _Route(re.compile(_PLACEHOLDER.sub("([^/]+)", escaped)), here, ", ".join(here))
            routes.setdefault(template.count("/"), []).append(route)
        return Contract(operations, self._key_headers(), routes)

    def _operations(self, item: dict[str, Any], path_names: list[str]) -> Iterator[Operation]:
        for method in (method for method in _METHODS if method in item):
            declared = item[method]
            stated = [
                self._resolve(parameter) for parameter in [*item.get("parameters", []), *declared.get("parameters", [])]
            ]
            in_path = {
                parameter["name"]: self._parameter(parameter) for parameter in stated if parameter["in"] == "path"
            }
            query = [self._parameter(parameter) for parameter in stated if parameter["in"] == "query"]
            body = self._resolve(declared["requestBody"]) if "requestBody" in declared else None
            yield Operation(
                id=declared["operationId"],
                method=method.upper(),
                path_parameters=tuple(in_path[name] for name in path_names),
                query_parameters={parameter.name: parameter for parameter in query},
                required_query=tuple(parameter.name for parameter in query if parameter.required),
                body=None if body is None else self._validator(body["content"]["application/json"]["schema"]),
                body_required=body is not None and bool(body.get("required", False)),
                answers={
                    int(status): {
                        media_type: None
                        if content["schema"].get("format") == "binary"
                        else self._validator(content["schema"])
                        for media_type, content in self._resolve(answer).get("content", {}).items()
                    }
                    for status, answer in declared["responses"].items()
                },
            )

    def _parameter(self, declared: dict[str, Any]) -> Parameter:
        schema = declared["schema"]
        return Parameter(
            name=declared["name"],
            required=bool(declared.get("required", False)),
            is_integer=schema.get("type") == "integer",
            validator=self._validator(schema),
        )

    def _key_headers(self) -> tuple[bytes, ...]:
        schemes = self._document["components"]["securitySchemes"]
        for requirement in self._document["security"]:
            declared = [schemes[name] for name in requirement]
            if all(scheme["type"] == "apiKey" for scheme in declared):
                return tuple(scheme["name"].lower().encode() for scheme in declared)
        raise LookupError("the contract has no security requirement of a pair of keys")

    def _resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        return resolved(node, self._document)

    def _validator(self, schema: dict[str, Any]) -> jsonschema_rs.Validator:
        if "$ref" not in schema:
            return self._compiled(schema)
        name = schema["$ref"]
        if name not in self._shared:
            self._shared[name] = self._compiled({"$ref": _DOCUMENT + name})
        return self._shared[name]

    def _compiled(self, schema: dict[str, Any]) -> jsonschema_rs.Validator:
        # The mask keeps the caller's values, which may be large or secret, out of error texts.
        return jsonschema_rs.Draft202012Validator(
            schema, registry=self._registry, validate_formats=True, offline=True, mask="the value"
        )
