"""What a well-formed OpenAPI document may still get wrong: one small check for each kind of mistake."""

import difflib
import keyword
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contract_grammar import COMPONENT_SECTIONS, GRAMMAR, Node, items_of, join, members_of, misfits, resolve, walk

FORMATS = {
    "integer": {"int32", "int64"},
    "number": {"double", "float"},
    "string": {"binary", "byte", "date", "date-time", "duration", "email", "password", "time", "uri", "uuid"},
}
TYPES = {"array", "boolean", "integer", "null", "number", "object", "string"}
# More than OpenAPI asks for: nothing goes undescribed, and the tools that read the contract find what they rely on.
NEEDED = {
    "document": ("openapi", "info", "servers", "security", "paths"),
    "info": ("title", "version", "description"),
    "server": ("url", "description"),
    "server variable": ("default", "enum", "description"),
    "tag": ("name", "description"),
    "operation": ("operationId", "tags", "summary", "description", "responses", "x-rum-replay-idempotent"),
    "parameter": ("name", "in", "schema", "description"),
    "header": ("schema", "description"),
    "request body": ("content", "description"),
    "media type": ("schema",),
    "response": ("description",),
    "example": ("summary",),
    "security scheme": ("type", "description"),
    "schema": ("description",),
}
# What may stand in for a schema's own type.
COMPOSITION = {"allOf", "anyOf", "oneOf"}
REFERENCE_KEYWORDS = dict.fromkeys(("$ref", "summary", "description"), "")
KEYWORD_HINTS = {"nullable": "OpenAPI 3.1 writes it as `type: [..., 'null']`"}


@dataclass(frozen=True, order=True)
class Finding:
    """A mistake, and the JSON pointer to where it is."""

    location: str
    message: str


class Contract:
    """The parsed document, and the ways in which the checks look at it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.components = members_of(document.get("components"))
        self.nodes = tuple(walk(document))

    def of(self, *kinds: str) -> Iterator[Node]:
        """The objects of these kinds, without references to them."""
        return (node for node in self.nodes if node.kind in kinds and not node.is_reference)

    def references(self) -> Iterator[tuple[Node, str]]:
        return ((node, str(node.value["$ref"])) for node in self.nodes if node.is_reference)

    def follow(self, value: Any) -> dict[str, Any]:
        """The object itself, or what it refers to; an empty one when that leads nowhere."""
        if "$ref" not in members_of(value):
            return members_of(value)
        try:
            return members_of(resolve(self.document, str(value["$ref"]).removeprefix("#")))
        except LookupError:
            return {}

    def parameters(self, operation: Node) -> Iterator[tuple[str, dict[str, Any]]]:
        """The operation's parameters with references followed: first those of its path, then its own."""
        path_pointer = operation.pointer.rpartition("/")[0]
        path_item = resolve(self.document, path_pointer)
        for pointer, owner in ((path_pointer, path_item), (operation.pointer, operation.value)):
            for index, parameter in enumerate(items_of(owner.get("parameters"))):
                yield join(pointer, "parameters", index), self.follow(parameter)

    def security_requirements(self) -> Iterator[tuple[str, str]]:
        """Pointer and name of every security scheme that is asked for."""
        for node in self.of("document", "operation"):
            for index, requirement in enumerate(items_of(node.value.get("security"))):
                for name in members_of(requirement):
                    yield node.at("security", index, name), name


def check_keywords(contract: Contract) -> Iterator[Finding]:
    """A misspelt keyword means nothing to anyone, and is passed over by everyone."""
    for node in contract.nodes:
        known = REFERENCE_KEYWORDS if node.is_reference and node.kind != "schema" else GRAMMAR[node.kind]
        for name in map(str, node.value):
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                hint = KEYWORD_HINTS.get(name) or (f"did you mean `{close[0]}`?" if close else "remove it")
                yield Finding(node.at(name), f"no keyword `{name}` in a {node.kind}: {hint}")


def check_json_types(contract: Contract) -> Iterator[Finding]:
    for node in contract.nodes:
        for name, kind in GRAMMAR[node.kind].items():
            if name in node.value:
                for location, wanted in misfits(node.value[name], kind, node.at(name)):
                    yield Finding(location, f"this must be {wanted}")


def check_needed_keywords(contract: Contract) -> Iterator[Finding]:
    for node in contract.of(*NEEDED):
        for name in NEEDED[node.kind]:
            if node.value.get(name) in (None, "", [], {}):
                yield Finding(node.pointer, f"the {node.kind} has no {name}")


def check_references(contract: Contract) -> Iterator[Finding]:
    for node, target in contract.references():
        section = COMPONENT_SECTIONS.get(node.kind, node.kind)
        if not target.startswith(f"#/components/{section}/"):
            yield Finding(node.at("$ref"), f"a {node.kind} reference must point into #/components/{section}/")
        elif not contract.follow(node.value):
            yield Finding(node.at("$ref"), f"nothing stands at {target}")


def check_unused_components(contract: Contract) -> Iterator[Finding]:
    used = {target.removeprefix("#") for _, target in contract.references()}
    used |= {join("/components/securitySchemes", name) for _, name in contract.security_requirements()}
    for section, components in contract.components.items():
        for name in members_of(components):
            pointer = join("/components", section, name)
            if pointer not in used:
                yield Finding(pointer, "nothing refers to this component")


def check_operation_ids(contract: Contract) -> Iterator[Finding]:
    """The generator names modules by operationId; of two equal ones it loses one."""
    seen: dict[str, str] = {}
    for operation in contract.of("operation"):
        name = str(operation.value.get("operationId"))
        if name in seen:
            yield Finding(operation.at("operationId"), f"{seen[name]} has the operationId {name} already")
        seen.setdefault(name, operation.pointer)


def check_tags(contract: Contract) -> Iterator[Finding]:
    declared = {str(tag.value.get("name")) for tag in contract.of("tag")}
    for operation in contract.of("operation"):
        for index, name in enumerate(items_of(operation.value.get("tags"))):
            if str(name) not in declared:
                yield Finding(operation.at("tags", index), f"the tag {name!r} is not declared under `tags`")


def check_security(contract: Contract) -> Iterator[Finding]:
    for pointer, name in contract.security_requirements():
        if name not in members_of(contract.components.get("securitySchemes")):
            yield Finding(pointer, f"the security scheme {name!r} is not declared")
    for operation in contract.of("operation"):
        if "security" in operation.value:
            yield Finding(operation.at("security"), "security stands at the top level only, not in an operation")


def check_server_variables(contract: Contract) -> Iterator[Finding]:
    for server in contract.of("server"):
        for name in re.findall(r"{(.+?)}", str(server.value.get("url"))):
            if name not in members_of(server.value.get("variables")):
                yield Finding(server.at("url"), f"the server variable {name!r} is not declared")
    for variable in contract.of("server variable"):
        default = variable.value.get("default")
        if "enum" in variable.value and default not in items_of(variable.value["enum"]):
            yield Finding(variable.at("default"), f"the default {default!r} is not one of the allowed values")


def check_repeated_descriptions(contract: Contract) -> Iterator[Finding]:
    """Documentation shows a parameter's own description, the generator the one in its schema."""
    for holder in contract.of("parameter", "header"):
        inner = contract.follow(holder.value.get("schema")).get("description")
        if inner is not None and inner != holder.value.get("description"):
            yield Finding(holder.at("schema", "description"), f"differs from the {holder.kind}'s own description")


def check_required_names(contract: Contract) -> Iterator[Finding]:
    for schema in contract.of("schema"):
        for index, name in enumerate(items_of(schema.value.get("required"))):
            if str(name) not in members_of(schema.value.get("properties")):
                yield Finding(schema.at("required", index), f"required, but there is no property {name!r}")


def check_types_and_formats(contract: Contract) -> Iterator[Finding]:
    for schema in contract.of("schema"):
        value = schema.value.get("type", [])
        types = [str(name) for name in (value if isinstance(value, list) else [value])]
        if not types and not COMPOSITION & schema.value.keys():
            yield Finding(schema.pointer, "the schema has no type")
        for name in types:
            if name not in TYPES:
                yield Finding(schema.at("type"), f"there is no type {name!r}")
        known = set[str]().union(*(FORMATS.get(name, ()) for name in types))
        if "format" in schema.value and str(schema.value["format"]) not in known:
            hint = ", ".join(sorted(known)) or "none"
            yield Finding(schema.at("format"), f"no format {schema.value['format']!r} for this type; there are: {hint}")


def check_open_objects(contract: Contract) -> Iterator[Finding]:
    for schema in contract.of("schema"):
        if schema.value.get("additionalProperties") is False:
            yield Finding(schema.at("additionalProperties"), "never false: fields that Datadog adds would be lost")


def check_path_parameters(contract: Contract) -> Iterator[Finding]:
    for operation in contract.of("operation"):
        wanted = set(re.findall(r"{(.+?)}", operation.pointer))
        found = contract.parameters(operation)
        declared = {str(value.get("name")): pointer for pointer, value in found if value.get("in") == "path"}
        for name in sorted(wanted - declared.keys()):
            yield Finding(operation.pointer, f"the path has {{{name}}}, but no parameter declares it")
        for name in sorted(declared.keys() - wanted):
            yield Finding(declared[name], f"the path has no {{{name}}}")


def check_python_names(contract: Contract) -> Iterator[Finding]:
    for parameter in contract.of("parameter"):
        name = parameter.value.get("x-python-name")
        if name is None and parameter.value.get("in") == "query" and "[" in str(parameter.value.get("name")):
            yield Finding(parameter.pointer, "a query parameter with brackets needs an x-python-name")
        if name is not None and (not str(name).isidentifier() or keyword.iskeyword(str(name))):
            yield Finding(parameter.at("x-python-name"), f"{name!r} cannot name a Python argument")
    for operation in contract.of("operation"):
        taken: dict[str, str] = {}
        for pointer, value in contract.parameters(operation):
            name = str(value.get("x-python-name", value.get("name")))
            if name in taken:
                yield Finding(pointer, f"{taken[name]} has the Python name {name} already")
            taken.setdefault(name, pointer)


Check = Callable[[Contract], Iterable[Finding]]

# The validation of examples and openapi-spec-validator rely on what these check, and stumble where it is wrong.
FOUNDATIONS: tuple[Check, ...] = (
    check_json_types,
    check_needed_keywords,
    check_references,
    check_types_and_formats,
)
CHECKS: tuple[Check, ...] = (
    check_keywords,
    check_unused_components,
    check_operation_ids,
    check_tags,
    check_security,
    check_server_variables,
    check_repeated_descriptions,
    check_required_names,
    check_open_objects,
    check_path_parameters,
    check_python_names,
)
