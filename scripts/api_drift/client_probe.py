"""Print, as JSON, the endpoints and models that an installed datadog-api-client has for some operations.

usage: python client_probe.py PATTERN

Runs in the client's own interpreter, so it needs nothing but the standard library and the client. Only modules with a
path that matches the pattern, a regular expression, are imported: all of them would take a minute.
"""

from __future__ import annotations

import datetime
import importlib
import importlib.metadata
import inspect
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any

_FORMATS = {datetime.datetime: "date-time", datetime.date: "date", uuid.UUID: "uuid"}
_TYPES: dict[Any, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    dict: "object",
    list: "array",
}


class Probe:
    def __init__(self, package: Any) -> None:
        self.folder = Path(package.__file__).parent
        self.schemas: dict[str, Any] = {}

    def operations(self, pattern: str) -> list[dict[str, Any]]:
        wanted = re.compile(pattern)
        found = []
        for file in sorted(self.folder.glob("v2/api/*_api.py")):
            text = file.read_text(encoding="utf-8")
            if not any(wanted.search(path) for path in re.findall(r'"endpoint_path": "([^"]*)"', text)):
                continue
            module = importlib.import_module("datadog_api_client.v2.api." + file.stem)
            (api,) = (each for name, each in vars(module).items() if name.endswith("Api") and inspect.isclass(each))
            for endpoint in vars(api()).values():
                settings = getattr(endpoint, "settings", None)
                if settings and wanted.search(settings["endpoint_path"]):
                    found.append(self.operation(endpoint, file, text))
        return found

    def operation(self, endpoint: Any, file: Path, text: str) -> dict[str, Any]:
        settings = endpoint.settings
        at = max(text.find(f'"operation_id": "{settings["operation_id"]}"'), 0)
        end = text.find("api_client=", at)
        result = settings["response_type"]
        operation: dict[str, Any] = {
            "name": settings["operation_id"],
            "method": settings["http_method"],
            "path": settings["endpoint_path"],
            "place": [self.named(file), text.count("\n", 0, at) + 1],
            "security": settings["auth"],
            "result": None if result is None else self.schema(result),
            "body": None,
            "parameters": [],
        }
        for name, parameter in endpoint.params_map.items():
            there = max(text.find(f'"{name}": {{', at, end), at)
            stated = {
                "name": parameter.get("attribute", name),
                "location": parameter["location"],
                "required": parameter.get("required", False),
                "schema": self.schema(parameter["openapi_types"], parameter),
                "place": [self.named(file), text.count("\n", 0, there) + 1],
            }
            if parameter["location"] == "body":
                operation["body"] = stated
            else:
                operation["parameters"].append(stated)
        return operation

    def schema(self, types: Any, stated: Any = None) -> dict[str, Any]:
        """The schema of a tuple of types; models are only named, and described in `schemas`."""
        kinds = [kind for kind in (types if isinstance(types, tuple) else (types,)) if kind is not type(None)]
        made: dict[str, Any] = {"nullable": len(kinds) < len(types) if isinstance(types, tuple) else False}
        if stated and stated.get("validation"):
            made["bounds"] = bounds(stated["validation"])
        kind = kinds[0] if len(kinds) == 1 else None
        if isinstance(kind, list):
            made.update({"type": "array", "items": self.schema(tuple(kind))})
        elif isinstance(kind, dict):
            made.update({"type": "object", "properties": {}})
        elif kind in _FORMATS:
            made.update({"type": "string", "format": _FORMATS[kind]})
        elif kind in _TYPES:
            made["type"] = _TYPES[kind]
        elif hasattr(kind, "openapi_types"):
            self.model(kind)
            made["model"] = getattr(kind, "__name__", "")
        else:  # several types, or files
            made["type"] = None
        return made

    def model(self, model: Any) -> None:
        name = model.__name__
        if name in self.schemas:
            return
        self.schemas[name] = {}  # models may contain themselves
        file = Path(inspect.getfile(model))
        lines = file.read_text(encoding="utf-8").split("\n")
        first = next(number for number, line in enumerate(lines, 1) if line.startswith(f"class {name}("))
        made: dict[str, Any] = {
            "place": [self.named(file), first],
            "nullable": bool(getattr(model, "_nullable", False)),
        }
        composed = any(base.__name__ == "ModelComposed" for base in model.__mro__)
        types = {} if composed else model.openapi_types
        if composed:
            made["type"] = None
        elif "value" in types and any(base.__name__ == "ModelSimple" for base in model.__mro__):
            made.update(self.schema(types["value"]))
            made["enum"] = sorted(str(value) for value in getattr(model, "allowed_values", ()))
        else:
            attributes = model.attribute_map
            needed = {
                parameter.name
                for parameter in inspect.signature(model.__init__).parameters.values()
                if parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            }
            made["type"] = "object"
            made["closed"] = getattr(model, "additional_properties_type", ()) is None
            made["properties"] = {
                wire: {
                    "required": python in needed,
                    "place": [self.named(file), line_of(f'"{python}": ', lines, first)],
                    "schema": {
                        **self.schema(types[python]),
                        "read_only": python in getattr(model, "read_only_vars", ()),
                        "bounds": bounds(getattr(model, "validations", {}).get(python, {})),
                    },
                }
                for python, wire in attributes.items()
            }
        self.schemas[name] = made

    def named(self, file: Path) -> str:
        """The path from the folder that holds the package, wherever that is."""
        return "/".join(file.parts[len(file.parts) - file.parts[::-1].index(self.folder.name) - 1 :])


def line_of(text: str, lines: list[str], first: int) -> int:
    """Where the types of a model mention an attribute: after `openapi_types`, since validations come before."""
    types = next((number for number in range(first, len(lines)) if "def openapi_types" in lines[number]), first)
    return (
        next((number for number in range(types, len(lines)) if lines[number].lstrip().startswith(text)), first - 1) + 1
    )


def bounds(validation: Any) -> dict[str, str]:
    names = {
        "inclusive_maximum": "maximum",
        "inclusive_minimum": "minimum",
        "exclusive_maximum": "exclusiveMaximum",
        "exclusive_minimum": "exclusiveMinimum",
        "max_length": "maxLength",
        "min_length": "minLength",
        "max_items": "maxItems",
        "min_items": "minItems",
        "multiple_of": "multipleOf",
        "unique_items": "uniqueItems",
    }
    stated = {ours: str(validation[theirs]) for theirs, ours in names.items() if theirs in validation}
    if "regex" in validation:
        stated["pattern"] = validation["regex"]["pattern"].strip("/")
    return stated


def main() -> None:
    package = importlib.import_module("datadog_api_client")
    probe = Probe(package)
    configuration = importlib.import_module("datadog_api_client.configuration")
    file = Path(configuration.__file__ or "")
    lines = file.read_text(encoding="utf-8").split("\n")
    variables = [server["variables"].get("site", {}) for server in configuration.Configuration().get_host_settings()]
    sites: list[str] = next((site["enum_values"] for site in variables if "enum_values" in site), [])
    report = {
        "version": importlib.metadata.version("datadog-api-client"),
        "operations": probe.operations(sys.argv[1]),
        "schemas": probe.schemas,
        "sites": {site: [probe.named(file), line_of(f'"{site}",', lines, 1)] for site in sites},
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
