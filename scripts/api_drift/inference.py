"""Schemas that recorded values fit, as lines of YAML. Of the values only types are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rum_replay._times import parse_rfc3339

from .misfits import is_word, json_type

__all__ = ["SEEN", "inferred", "merged_types", "yaml_lines", "yaml_member", "yaml_word"]

SEEN = "Seen in traffic; undocumented."
"""The description of everything that is added, since nothing more is known."""

_MAX_DEPTH = 20
"""What is nested deeper is left open."""

_ORDER = ("type", "format", "description", "additionalProperties", "properties", "items")


def inferred(values: Sequence[Any], depth: int = 0) -> dict[str, Any]:
    """A schema that recorded values fit; null says nothing."""
    values = [value for value in values if value is not None]
    types = merged_types({json_type(value) for value in values})
    schema: dict[str, Any] = {"type": types[0] if len(types) == 1 else types} if types else {}
    schema["description"] = SEEN
    if types == ["integer"] and all(-(2**63) <= value < 2**63 for value in values):
        schema["format"] = "int64"
    if types == ["string"] and all(map(_is_time, values)):
        schema["format"] = "date-time"
    objects = [value for value in values if isinstance(value, dict)]
    if objects:
        members: dict[str, list[Any]] = {}
        for value in objects:
            for name, member in value.items():
                members.setdefault(name, []).append(member)
        if members and all(map(is_word, members)) and depth < _MAX_DEPTH:
            schema["properties"] = {name: inferred(seen, depth + 1) for name, seen in members.items()}
        else:
            schema["additionalProperties"] = True
    arrays = [value for value in values if isinstance(value, list)]
    if arrays:
        items = [item for value in arrays for item in value]
        schema["items"] = inferred(items, depth + 1) if depth < _MAX_DEPTH else {"description": SEEN}
        if any(item is None for value in arrays for item in value):
            schema["items"].pop("type", None)
    return {name: schema[name] for name in _ORDER if name in schema}


def merged_types(types: set[str]) -> list[str]:
    return sorted(types - {"integer"} if "number" in types else types)


def _is_time(text: str) -> bool:
    try:
        parse_rfc3339(text)
    except ValueError:
        return False
    return "T" in text


def yaml_member(name: str, schema: Mapping[str, Any]) -> list[str]:
    return [f"{yaml_word(name)}:", *(f"  {line}" for line in yaml_lines(schema))]


def yaml_word(name: str) -> str:
    """A name or a value; words that YAML takes for something else are quoted."""
    special = name.startswith("-") or name.lower() in ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
    return f'"{name}"' if special else name


def yaml_lines(schema: Mapping[str, Any]) -> list[str]:
    """A schema as lines of YAML."""
    lines: list[str] = []
    for name, value in schema.items():
        if name == "properties":
            lines += [f"{name}:", *(f"  {line}" for each, inner in value.items() for line in yaml_member(each, inner))]
        elif name == "items":
            lines += yaml_member(name, value)
        elif name == "type":
            names = [f'"{each}"' if each == "null" else each for each in ([value] if isinstance(value, str) else value)]
            lines.append(f"type: {names[0] if len(names) == 1 else '[' + ', '.join(names) + ']'}")
        else:
            lines.append(f"{name}: {str(value).lower() if isinstance(value, bool) else value}")
    return lines
