"""What is wrong with the contract: as OpenAPI, and by the grammar that the first lines of openapi.yaml describe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from openapi_spec_validator import OpenAPIV31SpecValidator
from python_text import is_argument

from .contract import NAME, PAGING, Contract, Endpoint, snake_case
from .facts import ERRORS

__all__ = ["problems"]

_MISSHAPEN = (TypeError, LookupError, AttributeError, ValueError)

PERMISSIONS = ("rum_session_replay_read", "rum_playlist_write", "rum_apps_read")
OTHER_MODELS = {"SearchRUMEvents"}
"""The client makes classes of its own of their answers."""

VERBS = {"List": "list", "Get": "get", "Create": "create", "Update": "update", "Delete": "delete", "Add": "add"}


def problems(contract: Contract) -> list[str]:
    """Each with its file, its line, and what to write there; in the order of their lines."""
    found = [*_repeated_keys(contract.text), *_references(contract)]
    if not found:
        found = [*_invalid(contract)]
        try:
            found += [*_operations(contract), *_schemas(contract)]
        except _MISSHAPEN:  # a part has another form than OpenAPI says, which is what to correct first
            if not found:
                raise
    return sorted(set(found), key=lambda text: int(text.split(":")[1]))


def _repeated_keys(text: str) -> Iterator[str]:
    """YAML readers keep the last of equal keys without a warning."""
    import yaml

    def visit(node: yaml.Node | None) -> Iterator[str]:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    yield f"{NAME}:{line}: {key.value} is there twice in the same object; keep one"
                seen.add(key.value)
                yield from visit(value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from visit(item)

    yield from visit(yaml.compose(text, Loader=yaml.CSafeLoader))


def _references(contract: Contract) -> Iterator[str]:
    for steps, value in _objects(contract.document):
        if isinstance(reference := value.get("$ref"), str) and not contract.resolved(value):
            yield f"{contract.place(*steps)}: {reference} leads nowhere; add it to the components, or correct the name"


def _objects(value: Any, *steps: str) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    if isinstance(value, dict):
        yield steps, value
        for key, inner in value.items():
            yield from _objects(inner, *steps, str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _objects(inner, *steps, str(number))


def _invalid(contract: Contract) -> Iterator[str]:
    try:
        for error in OpenAPIV31SpecValidator(contract.document).iter_errors():
            place = contract.place(*(str(step) for step in error.absolute_path))
            yield f"{place}: this is not valid OpenAPI 3.1: {error.message[:300]}"
    except _MISSHAPEN as error:  # the validator stumbles over some forms
        yield f"{contract.place('paths')}: somewhere below, this is not valid OpenAPI 3.1: {error}"


def _operations(contract: Contract) -> Iterator[str]:
    names: dict[str, Endpoint] = {}
    for method, path, declared in contract.operations():
        where = contract.place("paths", path, method)
        if "operationId" not in declared:
            yield f"{where}: the operation needs an operationId, such as ListRumReplayPlaylists"
            continue
        for key, value, why in _needed(method, path, declared):
            if key not in declared:
                yield f"{where}: {declared['operationId']} needs `{key}`{value}: {why}"
        yield from _parameters(contract, method, path, declared)
        yield from _examples(contract, method, path, declared)
    for endpoint in contract.endpoints().values():
        method = f"{endpoint.group}.{endpoint.name}"
        if method in names and method != ".":
            yield f"{NAME}:{endpoint.line}: {names[method].id} already has the method {method}; choose another one"
        names[method] = endpoint
        if endpoint.name and not re.fullmatch(r"[a-z]+\.[a-z][a-z_]*", method):
            yield f"{NAME}:{endpoint.line}: x-rum-replay-method is a group and a method, such as {_method(endpoint)}"
        yield from _model(contract, endpoint)


def _model(contract: Contract, endpoint: Endpoint) -> Iterator[str]:
    answer = endpoint.answer
    if not answer or not contract.attributes(answer) or endpoint.id in OTHER_MODELS:
        return
    if "x-rum-replay-model" not in contract.schemas[answer]:
        where = contract.place("components", "schemas", answer)
        proposal = f"`x-rum-replay-model: {answer.removesuffix('Data')}`, or another name,"
        yield f"{where}: {endpoint.id} answers {answer}, so it needs {proposal} for the class that the client returns"


def _needed(method: str, path: str, declared: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The keys that an operation needs, with a proposal."""
    yield "tags", " with one of the tags at the beginning of the file", "it is in the area of that name"
    yield "summary", "", "a few words"
    yield "description", "", "what it does, in your own words, and what is undocumented"
    again = "true" if method in ("get", "put", "delete") else "false"
    yield "x-rum-replay-idempotent", f" (true or false; probably {again})", "whether it may be sent twice"
    permissions = ", ".join(PERMISSIONS)
    yield "x-rum-replay-permission", f" (such as one of {permissions})", "errors 401 and 403 name it"
    yield "x-rum-replay-method", f" (such as {_proposed(path, declared)})", "the method that the client gets"
    yield "responses", "", "the statuses of success, and those of failures as the other operations have them"


def _method(endpoint: Endpoint) -> str:
    return _proposed(endpoint.path, {"operationId": endpoint.id})


def _proposed(path: str, declared: Mapping[str, Any]) -> str:
    """A method for an operation: its group from the path, its verb from the operationId."""
    parts = [part for part in path.removeprefix("/api/v2/").split("/") if not part.startswith("{")]
    groups = {"playlists": "playlists", "snapshots": "heatmaps", "watches": "viewership", "watchers": "viewership"}
    group = next((groups[part] for part in parts if part in groups), "sessions")
    verb = next((name for word, name in VERBS.items() if declared["operationId"].startswith(word)), "get")
    last = snake_case(parts[-1].replace("-", " ").title().replace(" ", ""))
    return f"{group}.{verb}" if parts[-1] in groups else f"{group}.{verb}_{last}"


def _parameters(contract: Contract, method: str, path: str, declared: Mapping[str, Any]) -> Iterator[str]:
    in_path: set[str] = set()
    for number, node in enumerate(declared.get("parameters", ())):
        parameter = contract.resolved(node)
        name = str(parameter.get("name"))
        here = ["paths", path, method, "parameters", str(number)]
        steps = str(node["$ref"]).removeprefix("#/").split("/") if "$ref" in node else here
        where = contract.place(*steps)
        if "[" in name and "x-python-name" not in parameter:
            python_name = re.sub(r"[\[\]]+", "_", name).strip("_")
            yield f"{where}: the parameter {name} needs `x-python-name: {python_name}`, as names with brackets do"
        else:
            yield from _unusable(where, name, str(parameter.get("x-python-name", name)), parameter.get("in"))
        if "schema" in parameter:
            yield from _type(where, f"the schema of {name}", parameter["schema"])
        if parameter.get("description") is None or parameter.get("schema", {}).get("description") is None:
            yield f"{where}: the parameter {name} needs a description, repeated by a YAML alias inside its schema"
        if parameter.get("in") == "path":
            in_path.add(name)
    for name in set(re.findall(r"\{([^{}]+)\}", path)) ^ in_path:
        yield f"{contract.place('paths', path, method)}: {{{name}}} is in the path or a parameter, but not both"
    names = {contract.resolved(node).get("name") for node in declared.get("parameters", ())}
    if names & PAGING and "x-rum-replay-pagination" not in declared:
        where, word = contract.place("paths", path, method), "limit" if "page[limit]" in names else "page"
        yield f"{where}: {declared['operationId']} needs `x-rum-replay-pagination: {word}`"


def _unusable(where: str, name: str, python_name: str, location: object) -> Iterator[str]:
    """A parameter whose name no argument can have."""
    if is_argument(python_name):
        return
    usable = snake_case(name) if is_argument(snake_case(name)) else f"{snake_case(name) or 'a'}_value"
    if location == "path":
        yield f"{where}: {{{name}}} needs another name, such as {usable}, which an argument can have"
    else:
        yield f"{where}: the parameter {name} needs `x-python-name: {usable}`, or another that an argument can have"


def _examples(contract: Contract, method: str, path: str, declared: Mapping[str, Any]) -> Iterator[str]:
    """Tests and factories take values from the examples of bodies and answers."""
    answers = {status: each for status, each in declared.get("responses", {}).items() if str(status).startswith("2")}
    holders = [(["requestBody"], declared.get("requestBody", {}))]
    holders += [(["responses", status], each) for status, each in answers.items()]
    for steps, holder in holders:
        content = contract.resolved(holder).get("content", {}).get("application/json")
        if content is not None and not content.get("examples"):
            where = contract.place("paths", path, method, *steps)
            yield f"{where}: {declared.get('operationId')} needs `examples` there, which refer to #/components/examples"


def _schemas(contract: Contract) -> Iterator[str]:
    for name, schema in contract.schemas.items():
        here = ("components", "schemas", name)
        if not schema.get("description"):
            yield f"{contract.place(*here)}: {name} needs a description"
        for field, inner in schema.get("properties", {}).items():
            where = contract.place(*here, "properties", field)
            if "$ref" not in inner and not inner.get("description"):
                yield f"{where}: {name}.{field} needs a description"
            if name not in ERRORS:
                yield from _type(where, f"{name}.{field}", inner)
            if inner.get("type") == "integer" and "format" not in inner:
                yield f"{where}: {name}.{field} needs `format: int32` or `format: int64`"
            if inner.get("type") == "object" and "properties" in inner:
                yield f"{where}: {name}.{field} has properties of its own: make it a schema, and refer to it"
        for field in schema.get("x-rum-replay-set-by-server", ()):
            if field not in schema.get("properties", {}):
                yield f"{contract.place(*here)}: x-rum-replay-set-by-server names {field}, which {name} does not have"
        if schema.get("additionalProperties") is False:
            yield f"{contract.place(*here)}: {name} must not forbid other properties: Datadog adds fields"


def _type(where: str, name: str, schema: Any) -> Iterator[str]:
    """Classes and arguments are made from one type."""
    if isinstance(schema, dict) and "$ref" in schema:
        return
    kind = schema.get("type") if isinstance(schema, dict) else None
    if not isinstance(kind, str):
        yield f"{where}: {name} needs one `type`; null is allowed wherever a property is not required"
    elif kind == "array" and "items" not in schema:
        yield f"{where}: {name} needs `items`"
    elif kind == "array":
        yield from _type(where, f"{name}[]", schema["items"])
