"""openapi.yaml is well-formed, described throughout, and its examples are valid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

TEXT = (Path(__file__).resolve().parents[2] / "openapi.yaml").read_text(encoding="utf-8")
CONTRACT: dict[str, Any] = yaml.load(TEXT, yaml.CSafeLoader)
REGISTRY: Registry[Any] = Registry().with_resource("urn:contract", DRAFT202012.create_resource(CONTRACT))


def objects(value: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object outside examples, with the JSON pointer to it."""
    if isinstance(value, dict):
        yield pointer, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        if key != "examples":
            yield from objects(child, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


OBJECTS = dict(objects(CONTRACT))
SCHEMAS = {
    pointer: value for pointer, value in OBJECTS.items() if isinstance(value.get("type"), str) or "anyOf" in value
}
HOLDERS = {pointer: value for pointer, value in OBJECTS.items() if isinstance(value.get("schema"), dict)}
"""Parameters, headers and media types."""


def examples() -> Iterator[Any]:
    """Pointer to a schema and an example of it."""
    for pointer, schema in SCHEMAS.items():
        for value in schema.get("examples", ()):
            yield pytest.param(pointer, value, id=pointer)
    shared = CONTRACT["components"]["examples"]
    for pointer, holder in HOLDERS.items():
        for example in holder.get("examples", {}).values():
            value = shared[example["$ref"].rpartition("/")[2]]["value"]
            yield pytest.param(f"{pointer}/schema", value, id=pointer)


def test_the_document_is_valid_openapi() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(CONTRACT).iter_errors()] == []


def test_no_key_is_there_twice() -> None:
    """YAML readers keep the last of equal keys without a warning."""

    def visit(node: yaml.Node | None) -> Iterator[str]:
        if isinstance(node, yaml.MappingNode):
            for name, count in Counter(key.value for key, _ in node.value).items():
                if count > 1:
                    yield f"{name}, in the object at line {node.start_mark.line + 1}"
            for _, value in node.value:
                yield from visit(value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield from visit(item)

    assert list(visit(yaml.compose(TEXT, Loader=yaml.SafeLoader))) == []


@pytest.mark.parametrize(("schema", "value"), list(examples()))
def test_an_example_conforms_to_its_schema(schema: str, value: Any) -> None:
    # A reference into the document lets references inside the schema resolve as well.
    validator = OAS31Validator(
        {"$ref": f"urn:contract#{quote(schema)}"}, registry=REGISTRY, format_checker=oas31_format_checker
    )
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)] == []


def test_everything_is_described() -> None:
    """Documentation shows a parameter's description; the generator copies the one in its schema."""
    operations = {pointer: value for pointer, value in OBJECTS.items() if "operationId" in value}
    described = (
        SCHEMAS | operations | {pointer: value for pointer, value in HOLDERS.items() if "/content/" not in pointer}
    )
    assert [pointer for pointer, value in described.items() if not value.get("description")] == []
    assert [pointer for pointer, operation in operations.items() if not operation.get("summary")] == []
    assert [
        pointer
        for pointer, holder in HOLDERS.items()
        if "description" in holder and holder["description"] != holder["schema"]["description"]
    ] == []
