"""Derive the classes that the client returns, in wrapper/rum_replay/_models.py, from the contract.

usage: scripts/models.py [--check]

A schema with `x-rum-replay-model` becomes a class: of a resource, `id` and `type` and its attributes side by side; of
another object, its properties. scripts/regenerate does it after each change of openapi.yaml.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from python_text import docstring_lines, is_attribute

ROOT = Path(__file__).resolve().parents[1]
CONTRACT = ROOT / "openapi.yaml"
MODULE = ROOT / "wrapper" / "rum_replay" / "_models.py"
HEADER = "# Derived from openapi.yaml by scripts/models.py. Do not edit.\n"

ADDRESSED = {"Playlist", "PlaylistSession", "HeatmapSnapshot", "WatchedSession"}
"""Methods take their ids, so an answer without one is of no use, although the contract allows it."""

ECHOES = {"Watch"}
"""Their values come from the caller: an answer that leaves one out must not hide that the resource was created."""

PLAIN = {"string": "str", "integer": "int", "boolean": "bool", "number": "float"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/models.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the classes are not up to date")
    check = parser.parse_args().check
    fresh = module(yaml.safe_load(CONTRACT.read_text(encoding="utf-8")))
    if MODULE.exists() and MODULE.read_text(encoding="utf-8") == fresh:
        return 0
    if not check:
        MODULE.write_text(fresh, encoding="utf-8", newline="\n")
        return 0
    print(f"{MODULE.relative_to(ROOT)} does not match openapi.yaml; run scripts/regenerate", file=sys.stderr)
    return 1


def module(contract: Mapping[str, Any]) -> str:
    """The text of the module."""
    schemas = contract["components"]["schemas"]
    models = {name: schema["x-rum-replay-model"] for name, schema in schemas.items() if "x-rum-replay-model" in schema}
    # A class comes after those that it holds.
    resources = [name for name in models if is_resource(schemas[name])]
    parts = [name for name in models if name not in resources]
    lines = [
        HEADER.rstrip(),
        '"""The API\'s answers as flat, frozen classes; `_resource` says what they have in common."""',
        "",
        "from typing import Any",
        "",
        "import attrs",
        "",
        "from ._public import public",
        "from ._resource import AwareDatetime, Part, Resource",
        "",
        f"__all__ = {['SET_BY_SERVER', *sorted(models.values())]!r}",
        "",
        *(line for name in [*parts, *resources] for line in class_of(name, schemas)),
        "",
        "SET_BY_SERVER: dict[type[Resource], frozenset[str]] = {",
        *(line for name in resources if (line := set_by_server(name, schemas))),
        "}",
        '"""Attributes that only the server sets, as documented or, for playlists, presumably."""',
        "",
        f"public({', '.join(sorted(models.values()))})",
    ]
    return formatted("\n".join(lines) + "\n")


def is_resource(schema: Mapping[str, Any]) -> bool:
    """Whether a schema is one of JSON:API's resources, with a type and attributes."""
    return {"type", "attributes"}.issubset(schema["properties"])


def class_of(name: str, schemas: Mapping[str, Any]) -> Iterator[str]:
    schema, model = schemas[name], schemas[name]["x-rum-replay-model"]
    yield from ["@attrs.frozen(kw_only=True)", f"class {model}({'Resource' if is_resource(schema) else 'Part'}):"]
    yield from docstring(schema["description"])
    fields, required = fields_of(schema, schemas)
    if is_resource(schema) and "id" in schema["properties"]:
        fields = {"id": schema["properties"]["id"], **fields}
        required |= {"id"} & {*schema.get("required", ()), *(["id"] if model in ADDRESSED else [])}
    if model in ECHOES:
        required = set()
    for field in sorted(fields, key=lambda field: field not in required):
        yield ""
        yield from annotated(field, fields[field], schemas, is_required=field in required)
    yield ""


def fields_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The attributes of a resource, or the properties of another object, and which of them are always there.

    What Python takes for no attribute is in `extra`, as if it were not known.
    """
    of_resource = is_resource(schema)
    holder = resolved(schema["properties"]["attributes"], schemas) if of_resource else schema
    fields = {name: each for name, each in holder["properties"].items() if is_attribute(name, of_resource=of_resource)}
    return fields, fields.keys() & set(holder.get("required", ()))


def annotated(field: str, schema: Mapping[str, Any], schemas: Mapping[str, Any], *, is_required: bool) -> Iterator[str]:
    kind, target = type_of(schema, schemas), resolved(schema, schemas)
    hash_option = "" if kind in {*PLAIN.values(), "AwareDatetime"} or kind.isidentifier() else ", hash=False"
    if is_required:
        yield f"    {field}: {kind}" + (f" = attrs.field({hash_option[2:]})" if hash_option else "")
    else:
        yield f"    {field}: {kind} | None = " + (f"attrs.field(default=None{hash_option})" if hash_option else "None")
    # What follows the first sentence about a class is about its use elsewhere.
    yield from docstring(schema.get("description") or target["description"].split(". ")[0].rstrip(".") + ".")


def type_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """The type of a field; unlisted values of enumerations occur, so these are text."""
    schema = resolved(schema, schemas)
    if schema.get("format") == "date-time":
        return "AwareDatetime"
    if schema["type"] == "array":
        return f"list[{type_of(schema['items'], schemas)}]"
    if schema["type"] == "object":
        return str(schema.get("x-rum-replay-model", "dict[str, Any]"))
    return PLAIN[schema["type"]]


def resolved(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return schema


def set_by_server(name: str, schemas: Mapping[str, Any]) -> str:
    holder = resolved(schemas[name]["properties"]["attributes"], schemas)
    names = {field for field, schema in holder["properties"].items() if schema.get("readOnly")}
    names |= {*holder.get("x-rum-replay-set-by-server", ())}
    listed = ", ".join(repr(each) for each in sorted(names))
    return f"    {schemas[name]['x-rum-replay-model']}: frozenset({{{listed}}})," if names else ""


def docstring(text: str) -> Iterator[str]:
    yield from (f"    {line}" for line in docstring_lines(text, 112))


def formatted(text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--line-length=120", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
