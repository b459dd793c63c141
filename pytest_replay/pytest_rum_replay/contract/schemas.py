"""The contract's schemas and operations as they are written: what strategies and factories are made from.

They are those of the document that is packaged with the emulator; nothing here repeats any of it.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, cast

import jsonschema_rs
import msgspec
from attrs import frozen
from rum_replay_emulator.document import contract_document

__all__ = [
    "Operation",
    "Parameter",
    "Schema",
    "operation",
    "operation_ids",
    "problems",
    "resolved",
    "schema",
    "schema_names",
    "unknown_name",
]

Schema = dict[str, Any]
"""A JSON Schema, or a reference to one of the contract's."""

_METHODS = ("get", "put", "post", "delete", "patch")


@frozen
class Parameter:
    """A parameter in the path or the query."""

    name: str
    location: Literal["path", "query"]
    required: bool
    schema: Schema


@frozen
class Operation:
    """One operation: how its requests look."""

    id: str
    method: str
    path: str
    """The template, such as `/api/v2/rum/replay/playlists/{playlist_id}`."""

    parameters: tuple[Parameter, ...]
    body: Schema | None
    """None where a request has no body; all bodies of the contract are required."""


def schema_names() -> tuple[str, ...]:
    """The names of all schemas, such as `PlaylistArray`."""
    return tuple(_document()["components"]["schemas"])


def schema(name: str) -> Schema:
    """The schema of that name. Raises ValueError, with a suggestion, when there is none."""
    if name not in schema_names():
        raise unknown_name("schema", name, schema_names())
    return cast(Schema, _document()["components"]["schemas"][name])


def operation_ids() -> tuple[str, ...]:
    """The operationIds of all operations, such as `CreateRumReplayPlaylist`."""
    return tuple(_operations())


def operation(operation_id: str) -> Operation:
    """The operation of that operationId. Raises ValueError, with a suggestion, when there is none."""
    if operation_id not in _operations():
        raise unknown_name("operation", operation_id, _operations())
    return _operations()[operation_id]


def resolved(node: Schema) -> Schema:
    """What a reference leads to; anything else as it is."""
    while "$ref" in node:
        target: Any = _document()
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def problems(node: Schema, document: Any) -> list[str]:
    """What in a document goes against its schema, each text beginning with the place, such as `data.0.id`.

    Unlisted values of enumerations are no problem, since the contract says that they occur; unknown fields neither.
    """
    found: list[str] = []
    try:
        errors = list(_validator(msgspec.json.encode(node)).iter_errors(document))
    except (TypeError, ValueError) as failure:
        return [f"body: is not JSON ({failure})"]
    for error in errors:
        place = [str(step) for step in error.instance_path]
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
            found.append(f"{'.'.join([*place, error.kind.property])}: is required")
        elif not (isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Enum) and isinstance(error.instance, str)):
            found.append(f"{'.'.join(place) or 'body'}: {error.message}")
    return found


def unknown_name(kind: str, name: str, known: Iterable[str]) -> ValueError:
    """An error for a name that is none of the known ones; it suggests those that are alike, or tells all."""
    names = list(known)
    near = get_close_matches(name, names)
    advice = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names) or 'none'}"
    return ValueError(f"there is no {kind} {name!r}; {advice}")


@cache
def _document() -> dict[str, Any]:
    return contract_document()


@cache
def _operations() -> dict[str, Operation]:
    return {
        declared["operationId"]: _operation(method, path, item, declared)
        for path, item in _document()["paths"].items()
        for method, declared in item.items()
        if method in _METHODS
    }


def _operation(method: str, path: str, item: dict[str, Any], declared: dict[str, Any]) -> Operation:
    stated = [resolved(node) for node in [*item.get("parameters", []), *declared.get("parameters", [])]]
    parameters = [
        Parameter(node["name"], node["in"], node.get("required", False), resolved(node["schema"])) for node in stated
    ]
    body = resolved(declared["requestBody"]) if "requestBody" in declared else None
    return Operation(
        id=declared["operationId"],
        method=method.upper(),
        path=path,
        parameters=tuple(parameters),
        body=None if body is None else body["content"]["application/json"]["schema"],
    )


@cache
def _validator(node: bytes) -> jsonschema_rs.Validator:
    compiled = {**msgspec.json.decode(node), "components": _document()["components"]}
    return jsonschema_rs.Draft202012Validator(compiled, validate_formats=True, offline=True, mask="the value")
