"""The shape of an OpenAPI 3.1 document: which object may stand where, and what each of its keywords holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


def _each(keywords: str, kind: str) -> dict[str, str]:
    return dict.fromkeys(keywords.split(), kind)


# A keyword holds a scalar, "any" value, or a kind of object. "tag[]" is a list of tags, "schema{}" a mapping from free
# names to schemas. JSON Schema takes a boolean for any schema; here it may stand only where it is of use.
_OR_BOOLEAN = " or boolean"
SCALARS: dict[str, type | tuple[type, ...]] = {"string": str, "boolean": bool, "number": (int, float)}

_PARAMETER_LIKE = (
    _each("description style", "string")
    | _each("required deprecated allowEmptyValue explode allowReserved", "boolean")
    | {"schema": "schema", "example": "any", "examples": "example{}", "content": "media type{}"}
)

# Extensions are listed like any other keyword, so that a misspelt one is found as well.
GRAMMAR: dict[str, dict[str, str]] = {
    "document": {
        "openapi": "string",
        "jsonSchemaDialect": "string",
        "info": "info",
        "servers": "server[]",
        "security": "any[]{}[]",
        "tags": "tag[]",
        "externalDocs": "external docs",
        "paths": "path item{}",
        "webhooks": "path item{}",
        "components": "components",
    },
    "info": _each("title summary description termsOfService version", "string")
    | {"contact": "contact", "license": "license"},
    "contact": _each("name url email", "string"),
    "license": _each("name identifier url", "string"),
    "external docs": _each("description url", "string"),
    "server": _each("url description", "string") | {"variables": "server variable{}"},
    "server variable": _each("default description", "string") | {"enum": "string[]"},
    "tag": _each("name description", "string") | {"externalDocs": "external docs"},
    "components": {
        "schemas": "schema{}",
        "responses": "response{}",
        "parameters": "parameter{}",
        "examples": "example{}",
        "requestBodies": "request body{}",
        "headers": "header{}",
        "securitySchemes": "security scheme{}",
        "links": "link{}",
        "callbacks": "path item{}{}",
        "pathItems": "path item{}",
    },
    "path item": _each("summary description", "string")
    | _each("get put post delete options head patch trace", "operation")
    | {"servers": "server[]", "parameters": "parameter[]"},
    "operation": _each("operationId summary description x-rum-replay-pagination x-rum-replay-permission", "string")
    | _each("deprecated x-rum-replay-idempotent", "boolean")
    | {
        "tags": "string[]",
        "externalDocs": "external docs",
        "security": "any[]{}[]",
        "parameters": "parameter[]",
        "requestBody": "request body",
        "responses": "response{}",
        "callbacks": "path item{}{}",
        "servers": "server[]",
    },
    "parameter": _PARAMETER_LIKE | _each("name in x-python-name", "string"),
    "header": _PARAMETER_LIKE,
    "request body": {"description": "string", "required": "boolean", "content": "media type{}"},
    "media type": {"schema": "schema", "example": "any", "examples": "example{}", "encoding": "encoding{}"},
    "encoding": _each("contentType style", "string")
    | _each("explode allowReserved", "boolean")
    | {"headers": "header{}"},
    "response": {"description": "string", "headers": "header{}", "content": "media type{}", "links": "link{}"},
    "example": _each("summary description externalValue", "string") | {"value": "any"},
    "link": _each("operationRef operationId description", "string")
    | {"parameters": "any{}", "requestBody": "any", "server": "server"},
    "security scheme": _each("type description name in scheme bearerFormat openIdConnectUrl x-datadog-name", "string")
    | {"flows": "any{}"},
    "schema": _each("$id $schema $ref $anchor $dynamicRef $dynamicAnchor $comment", "string")
    | _each("title description pattern format contentEncoding contentMediaType", "string")
    | _each("uniqueItems deprecated readOnly writeOnly", "boolean")
    | _each("multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength", "number")
    | _each("maxItems minItems maxContains minContains maxProperties minProperties", "number")
    | _each("type const default example", "any")
    | _each("enum examples", "any[]")
    | _each("$vocabulary discriminator xml", "any{}")
    | _each("items contains propertyNames if then else not contentSchema", "schema")
    | _each("additionalProperties unevaluatedItems unevaluatedProperties", "schema or boolean")
    | _each("prefixItems allOf anyOf oneOf", "schema[]")
    | _each("$defs properties patternProperties dependentSchemas", "schema{}")
    | {"required": "string[]", "dependentRequired": "string[]{}", "externalDocs": "external docs"},
}

# Where a reference to an object of this kind has to point.
COMPONENT_SECTIONS = {kind.removesuffix("{}"): section for section, kind in GRAMMAR["components"].items()}


@dataclass(frozen=True)
class Node:
    """One object of the document, with the JSON pointer that leads to it."""

    pointer: str
    kind: str
    value: dict[str, Any]

    @property
    def is_reference(self) -> bool:
        return "$ref" in self.value

    def at(self, *steps: str | int) -> str:
        """The pointer to something inside this object."""
        return join(self.pointer, *steps)


def join(pointer: str, *steps: str | int) -> str:
    return pointer + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def members_of(value: Any) -> dict[str, Any]:
    """The value if it is a mapping, as it should be, else an empty one: `misfits` is what tells of the mistake."""
    return value if isinstance(value, dict) else {}


def items_of(value: Any) -> list[Any]:
    """The same for lists."""
    return value if isinstance(value, list) else []


def walk(value: Any, kind: str = "document", pointer: str = "") -> Iterator[Node]:
    """Every object of the document, outermost first. What has the wrong JSON type is passed over."""
    kind = kind.removesuffix(_OR_BOOLEAN)
    if kind.endswith("[]"):
        for index, item in enumerate(items_of(value)):
            yield from walk(item, kind[:-2], join(pointer, index))
    elif kind.endswith("{}"):
        for name, item in members_of(value).items():
            yield from walk(item, kind[:-2], join(pointer, name))
    elif kind in GRAMMAR and isinstance(value, dict):
        yield Node(pointer, kind, value)
        for keyword, child in GRAMMAR[kind].items():
            if keyword in value:
                yield from walk(value[keyword], child, join(pointer, keyword))


def misfits(value: Any, kind: str, pointer: str) -> Iterator[tuple[str, str]]:
    """Where a value is not of the JSON type that its kind asks for, and what should stand there."""
    if kind.endswith(_OR_BOOLEAN) and isinstance(value, bool):
        return
    kind = kind.removesuffix(_OR_BOOLEAN)
    if kind.endswith("[]"):
        if not isinstance(value, list):
            yield pointer, "a list"
        for index, item in enumerate(items_of(value)):
            yield from misfits(item, kind[:-2], join(pointer, index))
    elif kind.endswith("{}"):
        if not isinstance(value, dict):
            yield pointer, "a mapping"
        for name, item in members_of(value).items():
            yield from misfits(item, kind[:-2], join(pointer, name))
    elif kind in SCALARS:
        if not isinstance(value, SCALARS[kind]):
            yield pointer, f"a {kind}"
    elif kind != "any" and not isinstance(value, dict):
        yield pointer, f"a {kind}, which is a mapping"


def resolve(document: dict[str, Any], pointer: str) -> Any:
    """What a JSON pointer leads to; raises LookupError when that is nothing."""
    value: Any = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) and name.isdecimal() else members_of(value)[name]
    return value
