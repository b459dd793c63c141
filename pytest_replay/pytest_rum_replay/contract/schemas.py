"""The contract's schemas and operations as the document states them: the source of strategies and factories.

The document is the one packaged with the emulator; nothing of it is repeated here.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal, cast

import jsonschema_rs
import msgspec
from attrs import frozen
from rum_replay_emulator import contract

__all__ = [
    "Operation",
    "Parameter",
    "Schema",
    "flat_models",
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
    """One operation: the form of its requests."""

    id: str
    method: str
    path: str
    """The template, such as `/api/v2/rum/replay/playlists/{playlist_id}`."""

    parameters: tuple[Parameter, ...]
    body: Schema | None
    """None for an operation whose requests have no body; all bodies in the contract are required."""


def schema_names() -> tuple[str, ...]:
    """The names of all schemas, such as `PlaylistArray`."""
    return tuple(_document()["components"]["schemas"])


def schema(name: str) -> Schema:
    """The schema with that name. Raises ValueError, with a suggestion, for an unknown name."""
    if name not in schema_names():
        raise unknown_name("schema", name, schema_names())
    return cast(Schema, _document()["components"]["schemas"][name])


def flat_models() -> dict[str, str]:
    """The schema of each class that the client returns, by the name of the class."""
    schemas = cast("dict[str, Schema]", _document()["components"]["schemas"])
    return {each["x-rum-replay-model"]: name for name, each in schemas.items() if "x-rum-replay-model" in each}


def operation_ids() -> tuple[str, ...]:
    """The operationIds of all operations, such as `CreateRumReplayPlaylist`."""
    return tuple(_operations())


def operation(operation_id: str) -> Operation:
    """The operation with that operationId. Raises ValueError, with a suggestion, for an unknown one."""
    if operation_id not in _operations():
        raise unknown_name("operation", operation_id, _operations())
    return _operations()[operation_id]


def resolved(node: Schema) -> Schema:
    """The target of a reference; a schema that is not a reference is returned unchanged."""
    return contract.resolved(node, _document())


def problems(node: Schema, document: Any) -> list[str]:
    """Where a document violates its schema; each text begins with the path, such as `data.0.id`.

    Unlisted enumeration values are allowed, since the contract says that they occur, and so are unknown fields.
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
    """An error for an unknown name; it suggests similar names, or lists all of them."""
    names = list(known)
    near = get_close_matches(name, names)
    advice = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names) or 'none'}"
    return ValueError(f"there is no {kind} {name!r}; {advice}")


@cache
def _document() -> dict[str, Any]:
    return contract.contract_document()


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
