"""Every documented field of every resource, with a value of a wrong type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path as Files
from typing import Any

from attrs import frozen
from failure_operations import DOCUMENTED, OPERATIONS, Operation

__all__ = ["FIELDS", "Field", "Path", "resource_schema"]

Path = tuple[str, ...]
"""The keys from a resource (the object under `data` or in its list) to a field."""


@frozen
class Field:
    """One field of a resource."""

    path: Path
    is_required: bool
    """Whether the client guarantees a value; a missing optional field becomes None."""

    wrong: Any
    """A value of a wrong type."""

    def __str__(self) -> str:
        return ".".join(self.path)


WRONG: dict[str, tuple[Any, ...]] = {
    "string": (7, ["a", "list"], False, {}),
    "date-time": ("yesterday", 1_782_907_200_000, "2026-07-01T12:00:00", "2026-13-01T12:00:00Z"),
    "integer": ("three", 1.5, "7"),
    "boolean": ("true", 1),
    "object": ("an event", ["an", "event"]),
}
"""Values that are not of a type."""

ADDRESSED = {"PlaylistData", "PlaylistsSessionData", "SnapshotData", "ViewershipHistorySessionData"}
"""Resources whose ids methods take, so that one without an id is of no use."""

ECHOES = {"WatchData"}
"""The caller sent what is known about them, so the answer needs nothing but its type."""

MODELS: dict[str, Any] = json.loads((Files(__file__).parents[1] / "data" / "operations.json").read_text("utf-8"))[
    "models"
]


def _fields(schema: str) -> Iterator[Field]:
    """All fields of a resource."""
    yield Field(("type",), True, 7)
    if "id" in MODELS[schema]["properties"]:
        yield Field(("id",), schema in ADDRESSED or "id" in MODELS[schema]["required"], 7)
    attributes = MODELS[schema]["properties"]["attributes"]["type"]
    yield from _below(attributes, ("attributes",), guaranteed=schema not in ECHOES)


def _below(schema: str, above: Path, *, guaranteed: bool) -> Iterator[Field]:
    for number, (name, stated) in enumerate(MODELS[schema]["properties"].items()):
        kind = "object" if stated["type"] in MODELS else stated["type"]
        wrong = WRONG[kind][number % len(WRONG[kind])]
        yield Field((*above, name), guaranteed and name in MODELS[schema]["required"], wrong)
        if stated["type"] in MODELS:
            yield from _below(stated["type"], (*above, name), guaranteed=guaranteed)


def resource_schema(operation: Operation) -> str | None:
    """The schema of what an operation answers, once or in a list; None for no answer, bytes, and events."""
    answer = MODELS.get(str(DOCUMENTED[operation.operation_id]["response"]), {})
    schema = answer.get("properties", {}).get("data", {}).get("type", "").removeprefix("array<").removesuffix(">")
    return schema if "attributes" in MODELS.get(schema, {}).get("properties", {}) and schema != "RUMEvent" else None


FIELDS: dict[str, list[Field]] = {
    operation.name: list(_fields(schema))
    for operation in OPERATIONS
    if (schema := resource_schema(operation)) is not None
}
"""By the name of the operation; events have no required field: see tests/wrapper/test_event_search.py."""
