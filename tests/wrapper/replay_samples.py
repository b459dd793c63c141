"""Wire forms from the examples of the contract, and responses that contain them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import yaml

ROOT = Path(__file__).parents[2]
CONTRACT: dict[str, Any] = yaml.load((ROOT / "openapi.yaml").read_bytes(), yaml.CSafeLoader)
EXAMPLES: dict[str, Any] = {name: entry["value"] for name, entry in CONTRACT["components"]["examples"].items()}

PLAYLIST: dict[str, Any] = EXAMPLES["PlaylistStored"]["data"]
PLAYLIST_SESSION: dict[str, Any] = EXAMPLES["PlaylistSession"]["data"]
SNAPSHOT: dict[str, Any] = EXAMPLES["SnapshotStored"]["data"]
WATCH: dict[str, Any] = EXAMPLES["WatchRecorded"]["data"]
WATCHER: dict[str, Any] = EXAMPLES["WatcherPage"]["data"][0]
WATCHED_SESSION: dict[str, Any] = EXAMPLES["ViewershipHistoryPage"]["data"][0]


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Method in upper case, path and description of each operation, in the order of the contract."""
    return [
        (method.upper(), path, operation)
        for path, item in CONTRACT["paths"].items()
        for method, operation in item.items()
        if method in ("get", "put", "post", "patch", "delete")
    ]


def parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """An operation's parameters, with references resolved."""
    return [resolved(parameter) for parameter in operation.get("parameters", [])]


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The node that a `$ref` refers to, or the node itself."""
    while "$ref" in node:
        target: Any = CONTRACT
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        node = target
    return node


def sample_of(schema: str) -> dict[str, Any]:
    """The first example of a resource in an answer, by the name of its schema."""
    for _, _, operation in operations():
        for status, answer in operation["responses"].items():
            content = resolved(answer).get("content", {}).get("application/json", {})
            data = resolved(content.get("schema", {})).get("properties", {}).get("data", {})
            reference = data.get("$ref") or data.get("items", {}).get("$ref")
            if status.startswith("2") and reference == f"#/components/schemas/{schema}":
                value = resolved(next(iter(content["examples"].values())))["value"]["data"]
                found: dict[str, Any] = value[0] if isinstance(value, list) else value
                return found
    raise LookupError(schema)


def item_response(data: dict[str, Any] | None = None, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"data": PLAYLIST if data is None else data})


def list_response(*data: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"data": list(data)})


def playlist_data(number: int) -> dict[str, Any]:
    return {"id": str(number), "type": "rum_replay_playlist", "attributes": {"name": f"playlist {number}"}}
