"""An OpenAPI document in the style of Datadog's, made from ours: with other wording, layout and neighbors."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from api_drift.model import Source
from api_drift.openapi import read_openapi

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
ELSEWHERE = {
    "get": {
        "operationId": "ListUsers",
        "tags": ["Users"],
        "parameters": [{"$ref": "#/components/parameters/UserId"}],
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}},
    }
}


@cache
def our_source() -> Source:
    return read_openapi(TEXT, "openapi.yaml")


@cache
def _document() -> str:
    document = yaml.safe_load(TEXT)
    document["openapi"] = "3.0.0"
    document["servers"] = [
        {
            "url": "https://{subdomain}.{site}",
            "variables": {
                "site": {"default": "datadoghq.com", "enum": document["servers"][0]["variables"]["site"]["enum"]},
                "subdomain": {"default": "api"},
            },
        },
        {"url": "{protocol}://{name}", "variables": {"name": {"default": "api.datadoghq.com"}}},
    ]
    schemes = document["components"]["securitySchemes"]
    schemes["AuthZ"] = {"type": "oauth2", "flows": {}}
    del schemes["bearerAuth"]
    del document["security"], document["tags"], document["components"]["examples"]
    parameters = document["components"].pop("parameters")
    for item in document["paths"].values():
        for operation in item.values():
            operation["security"] = [{"apiKeyAuth": [], "appKeyAuth": []}, {"AuthZ": []}]
            for number, parameter in enumerate(operation.get("parameters", ())):
                if "$ref" in parameter:  # Datadog's document has them in each operation
                    operation["parameters"][number] = parameters[parameter["$ref"].rpartition("/")[2]]
    document["paths"] = {"/api/v2/users": ELSEWHERE, **document["paths"], "/api/v2/zones": ELSEWHERE}
    document["components"]["parameters"] = {"UserId": {"name": "id", "in": "query", "schema": {"type": "string"}}}
    document["components"]["schemas"]["Tree"] = {"properties": {"child": {"$ref": "#/components/schemas/Tree"}}}
    return json.dumps(_reworded(document))


def official() -> dict[str, Any]:
    """A new copy."""
    document: dict[str, Any] = json.loads(_document())
    return document


def _reworded(node: Any) -> Any:
    """Without examples and extensions, with other descriptions, and names in another order."""
    if isinstance(node, dict):
        # Ours are in an extension, since the generated client would send them.
        plain = {key.removeprefix("x-rum-replay-") if key.endswith("-default") else key: node[key] for key in node}
        return {
            key: "Something." if key == "description" and isinstance(value, str) else _reworded(value)
            for key, value in sorted(plain.items())
            if key not in ("examples", "summary") and not key.startswith("x-")
        }
    return [_reworded(item) for item in node] if isinstance(node, list) else node
