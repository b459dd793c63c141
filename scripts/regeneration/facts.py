"""tests/data/operations.json: what the documentation says, with which tests compare the contract.

What is new in the contract gets an entry that is copied from it, which compares nothing. So it is listed under
`from_contract` until a source is found to say the same: scripts/regenerate PAGE takes it off that list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api_drift.model import Operation, Schema, Source

from .contract import Contract

__all__ = ["FACTS", "add_missing", "confirm", "mismatches"]

FACTS = "tests/data/operations.json"
UNCONFIRMED = "from_contract"
ERRORS = {"APIErrorResponse", "ErrorDetail", "ErrorResponse"}
"""Observed, not documented."""


def add_missing(contract: Contract, root: Path) -> list[str]:
    """Add entries for what the contract has and the facts do not; returns what was added, as it is listed."""
    facts = json.loads((root / FACTS).read_text(encoding="utf-8"))
    added: list[str] = []
    known = {each["operation"]: each for each in facts["operations"]}
    for name, fact in _operations(contract).items():
        if name not in known:
            facts["operations"].append(fact)
            added.append(name)
            continue
        have = {each["name"] for each in known[name]["parameters"]}
        for parameter in fact["parameters"]:
            if parameter["name"] not in have:
                known[name]["parameters"].append(parameter)
                added.append(f"{name} {parameter['name']}")
    for name, fact in _models(contract).items():
        if name not in facts["models"]:
            facts["models"][name] = fact
            added.append(name)
        elif "properties" in fact:
            added += _add_properties(name, facts["models"][name], fact)
    if added:
        facts[UNCONFIRMED] = sorted({*facts.get(UNCONFIRMED, ()), *added})
        _write(root, facts)
    return added


def _add_properties(name: str, known: dict[str, Any], fact: Mapping[str, Any]) -> Iterator[str]:
    for field, value in fact["properties"].items():
        if field not in known["properties"]:
            known["properties"][field] = value
            known["properties"] = dict(sorted(known["properties"].items()))
            for key in ("required", "read_only"):
                known[key] = sorted({*known[key], *({field} & set(fact[key]))})
            yield f"{name}.{field}"


def mismatches(contract: Contract, root: Path) -> list[str]:
    """Where the contract says something else than the facts, which a person decides; each with both lines."""
    text = (root / FACTS).read_text(encoding="utf-8")
    facts = json.loads(text)
    found: list[str] = []
    operations, models = _operations(contract), _models(contract)
    for fact in facts["operations"]:
        name = fact["operation"]
        where = _place(text, f'"operation": "{name}"')
        if name not in operations:
            found.append(f"{where}: {name} is not in the contract any more; if that is right, remove the entry")
        elif keys := [key for key in fact if _sorted(fact[key]) != _sorted(operations[name][key])]:
            place = f"openapi.yaml:{contract.endpoints()[name].line}"
            found.append(f"{where}: {', '.join(keys)} of {name} differ from {place}; correct one of the two")
    for name, fact in facts["models"].items():
        where = _place(text, f'"{name}": {{')
        if name not in models:
            found.append(f"{where}: {name} is not in the contract any more; if that is right, remove the entry")
        elif fact != models[name]:
            place = contract.place("components", "schemas", name)
            different = _different_properties(fact, models[name])
            found.append(f"{where}: {different} of {name} differ from {place}; correct one of the two")
    for entry in facts.get(UNCONFIRMED, ()):
        if not _is_there(entry, facts):
            where = _place(text, f'"{entry}"')
            found.append(f"{where}: {entry} is listed under {UNCONFIRMED}, but there is no entry; remove the line")
    return found


def confirm(root: Path, sources: list[Source]) -> list[str]:
    """Take what a source says as well off the list of what only the contract says; returns what was."""
    facts = json.loads((root / FACTS).read_text(encoding="utf-8"))
    listed: list[str] = facts.get(UNCONFIRMED, [])
    said = {name for source in sources for operation in source.operations for name in _said(operation, facts)}
    confirmed = [entry for entry in listed if entry in said]
    if confirmed:
        facts[UNCONFIRMED] = [entry for entry in listed if entry not in said]
        _write(root, facts)
    return confirmed


def _said(operation: Operation, facts: Mapping[str, Any]) -> Iterator[str]:
    """What a source says about an operation, in the words of the list."""
    known = {f"{each['method']} {each['path']}": each for each in facts["operations"]}
    ours = known.get(f"{operation.method} {operation.path}")
    if ours is None:
        return
    yield ours["operation"]
    yield from (f"{ours['operation']} {parameter.name}" for parameter in operation.parameters)
    body = None if operation.body is None else operation.body.schema
    answers = [operation.result, *(operation.answers or {}).values()]
    for name, schema in [(ours["body"], body), *((ours["response"], each.schema) for each in answers if each)]:
        if name is not None and schema is not None:
            yield from _said_of(name, schema, facts)


def _said_of(name: str, schema: Schema, facts: Mapping[str, Any]) -> Iterator[str]:
    yield name
    for field, inner in (schema.properties or {}).items():
        stated = facts["models"].get(name, {}).get("properties", {}).get(field)
        if stated is None or inner.is_only_example:
            continue
        yield f"{name}.{field}"
        target = inner.schema.items or inner.schema
        kind = stated["type"].removeprefix("array<").removesuffix(">")
        if kind in facts["models"]:
            yield from _said_of(kind, target, facts)


def _operations(contract: Contract) -> dict[str, dict[str, Any]]:
    """The contract's operations in the form of the facts."""
    schemes = contract.document["components"]["securitySchemes"]
    auth = [schemes[name].get("x-datadog-name", name) for each in contract.document["security"] for name in each]
    endpoints = contract.endpoints()
    found: dict[str, dict[str, Any]] = {}
    for _, _, declared in contract.operations():
        endpoint = endpoints[declared["operationId"]]
        success = {int(status): answer for status, answer in declared["responses"].items() if status.startswith("2")}
        bodies = {_body_name(contract, answer) for answer in success.values()}
        parameters = [contract.resolved(node) for node in declared.get("parameters", ())]
        found[endpoint.id] = {
            "area": endpoint.tag,
            "operation": endpoint.id,
            "method": endpoint.method,
            "path": endpoint.path,
            "parameters": [
                {
                    "name": each["name"],
                    "in": each["in"],
                    "type": type_name(each["schema"]),
                    "required": each.get("required", False),
                }
                for each in parameters
            ],
            "body": endpoint.body,
            "success": sorted(success),
            "response": next(iter(bodies), None),
            "auth": auth,
        }
    return found


def _body_name(contract: Contract, answer: Mapping[str, Any]) -> str | None:
    content = contract.resolved(answer).get("content", {}).get("application/json")
    return None if content is None else type_name(content["schema"])


def _models(contract: Contract) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, schema in contract.schemas.items():
        if name in ERRORS:
            continue
        properties = schema.get("properties", {})
        found[name] = (
            {"enum": schema["enum"]}
            if "enum" in schema
            else {
                "required": sorted(schema.get("required", ())),
                "properties": {key: {"type": type_name(value)} for key, value in sorted(properties.items())},
                "read_only": sorted(key for key, value in properties.items() if value.get("readOnly")),
            }
        )
    return found


def type_name(schema: Mapping[str, Any]) -> str:
    """A schema in the words of the facts."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema["type"] == "array":
        return f"array<{type_name(schema['items'])}>"
    return "date-time" if schema.get("format") == "date-time" else str(schema["type"])


def _different_properties(fact: Mapping[str, Any], model: Mapping[str, Any]) -> str:
    ours, theirs = model.get("properties", {}), fact.get("properties", {})
    names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    return ", ".join([*names, *(key for key in ("required", "read_only", "enum") if fact.get(key) != model.get(key))])


def _is_there(entry: str, facts: Mapping[str, Any]) -> bool:
    name, _, rest = entry.replace(".", " ", 1).partition(" ")
    operation = next((each for each in facts["operations"] if each["operation"] == name), None)
    if operation is not None:
        return not rest or rest in {each["name"] for each in operation["parameters"]}
    return name in facts["models"] and (not rest or rest in facts["models"][name].get("properties", {}))


def _sorted(value: Any) -> Any:
    """The order of parameters means nothing."""
    return sorted(value, key=json.dumps) if isinstance(value, list) else value


def _place(text: str, wanted: str) -> str:
    return f"{FACTS}:{text[: max(text.find(wanted), 0)].count(chr(10)) + 1}"


def _write(root: Path, facts: Mapping[str, Any]) -> None:
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    (root / FACTS).write_text(text, encoding="utf-8", newline="\n")
