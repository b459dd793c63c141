"""Validates documents by `openapi.yaml`, with a different JSON Schema library than the one in the package."""

from __future__ import annotations

import copy
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import jsonschema  # type: ignore[import-untyped]  # It has no types, and stubs would be another package.
import yaml
from hypothesis import HealthCheck, Phase, settings

CONTRACT = cast(
    "dict[str, Any]", yaml.load((Path(__file__).parents[2] / "openapi.yaml").read_bytes(), yaml.CSafeLoader)
)
SCHEMAS = cast("dict[str, Any]", CONTRACT["components"]["schemas"])
OPERATIONS: dict[str, dict[str, Any]] = {
    operation["operationId"]: operation for item in CONTRACT["paths"].values() for operation in item.values()
}


def examples(count: int) -> settings:
    """Settings for this many examples, the same in every run, however slow the machine is."""
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        # The explain phase would take longer than generating and shrinking together.
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[HealthCheck.too_slow],
    )


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)  # type: ignore[untyped-decorator]
def _is_time(value: object) -> bool:
    """RFC 3339, within the limits of Python's calendar."""
    if not isinstance(value, str):
        return True
    return _TIME.fullmatch(value) is not None and datetime.fromisoformat(value.upper()).utcoffset() is not None


def conforms(name: str, document: object) -> bool:
    """Whether the document conforms to the schema."""
    return bool(_validator(name, relaxed=False).is_valid(document))


def is_legal(name: str, document: object) -> bool:
    """The same, with what the contract's text adds: unlisted values of enumerations, and null for absent fields."""
    return bool(_validator(name, relaxed=True).is_valid(document))


@cache
def _validator(name: str, *, relaxed: bool) -> Any:
    contract = copy.deepcopy(CONTRACT)
    for schema in contract["components"]["schemas"].values():
        _prepare(schema, relaxed)
    document = {"$ref": f"#/components/schemas/{name}", "components": contract["components"]}
    return jsonschema.Draft202012Validator(document, format_checker=_FORMATS)


def _prepare(schema: dict[str, Any], relaxed: bool) -> None:
    bits = {"int32": 31, "int64": 63}.get(schema.get("format", ""))
    if bits:
        schema |= {"minimum": -(2**bits), "maximum": 2**bits - 1}
    if relaxed:
        schema.pop("enum", None)
    for name, inner in schema.get("properties", {}).items():
        _prepare(inner, relaxed)
        if relaxed and name not in schema.get("required", ()):
            schema["properties"][name] = {"anyOf": [{"type": "null"}, inner]}
    if "items" in schema:
        _prepare(schema["items"], relaxed)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return cast("dict[str, Any]", SCHEMAS[schema["$ref"].rpartition("/")[2]])
    return schema


def meaning(schema: dict[str, Any], document: Any) -> Any:
    """The meaning of a document: null for an optional field means absent, and a time is its moment and its offset."""
    schema = resolved(schema)
    if "anyOf" in schema:
        return meaning(schema["anyOf"][isinstance(document, dict)], document)
    if isinstance(document, dict) and "properties" in schema:
        properties = schema["properties"]
        return {
            name: meaning(properties.get(name, {}), value)
            for name, value in document.items()
            if value is not None or name not in properties or name in schema.get("required", ())
        }
    if isinstance(document, list) and "items" in schema:
        return [meaning(schema["items"], item) for item in document]
    if schema.get("format") == "date-time":
        moment = datetime.fromisoformat(document.upper())
        return moment.replace(tzinfo=None), moment.utcoffset()
    # In Python 1, 1.0 and True are equal, as are -0.0 and 0.0; on the wire they differ.
    return repr(document)
