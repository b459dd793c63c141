"""Finds the mistakes in openapi.yaml that OpenAPI validators and the code generator let through.

Run as a script, it prints one line for each finding and exits with 1 when there is any.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from contract_checks import CHECKS, FOUNDATIONS, Contract, Finding
from contract_grammar import items_of, join, members_of
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

__all__ = ["CONTRACT", "Finding", "check_examples", "check_specification", "lint", "main"]

CONTRACT = Path(__file__).resolve().parent.parent / "openapi.yaml"
_CONTRACT_URI = "urn:contract"
_STRING = "tag:yaml.org,2002:str"
# The same reader in C is ten times as fast; PyYAML has it wherever it was built with libyaml.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_yaml_keys(root: yaml.Node) -> Iterator[Finding]:
    """Without a word, YAML readers keep the last of two equal keys and read `200:` as a number."""
    seen: set[int] = set()

    def visit(node: yaml.Node, pointer: str) -> Iterator[Finding]:
        # An alias stands for the very node of its anchor; mistakes in it are reported there, once.
        if id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                yield from visit(item, join(pointer, index))
        elif isinstance(node, yaml.MappingNode):
            counts = Counter(str(key.value) for key, _ in node.value)
            for name in (name for name, count in counts.items() if count > 1):
                yield Finding(join(pointer, name), f"the key {name!r} stands here {counts[name]} times")
            for key, value in node.value:
                location = join(pointer, str(key.value))
                if key.tag != _STRING:
                    yield Finding(location, f'this key is not a string; put it in quotes: "{key.value}"')
                yield from visit(value, location)

    yield from visit(root, "")


def check_examples(contract: Contract) -> Iterator[Finding]:
    registry: Registry[Any] = Registry().with_resource(_CONTRACT_URI, DRAFT202012.create_resource(contract.document))
    for schema, location, value in _examples(contract):
        # Validating against a reference into the document lets the references inside the schema resolve as well.
        target = {"$ref": f"{_CONTRACT_URI}#{quote(schema)}"}
        validator = OAS31Validator(target, registry=registry, format_checker=oas31_format_checker)
        for error in validator.iter_errors(value):
            yield Finding(join(location, *error.absolute_path), f"the example does not fit its schema: {error.message}")


def _examples(contract: Contract) -> Iterator[tuple[str, str, Any]]:
    """Pointer to the schema, pointer to the example, and the example."""
    for schema in contract.of("schema"):
        for index, value in enumerate(items_of(schema.value.get("examples"))):
            yield schema.pointer, schema.at("examples", index), value
        for name in ("default", "example"):
            if name in schema.value:
                yield schema.pointer, schema.at(name), schema.value[name]
    for holder in contract.of("media type", "parameter", "header"):
        if "schema" not in holder.value:
            continue
        if "example" in holder.value:
            yield holder.at("schema"), holder.at("example"), holder.value["example"]
        for name, example in members_of(holder.value.get("examples")).items():
            target = contract.follow(example)
            if "value" in target:
                # Several holders may share an example: the finding belongs where the example itself stands.
                shared = members_of(example).get("$ref")
                place = str(shared).removeprefix("#") if shared else holder.at("examples", name)
                yield holder.at("schema"), join(place, "value"), target["value"]


def check_specification(contract: Contract) -> Iterator[Finding]:
    for error in OpenAPIV31SpecValidator(contract.document).iter_errors():
        yield Finding(join("", *error.absolute_path), f"openapi-spec-validator: {error.message}")


def lint(document_text: str) -> list[Finding]:
    """The mistakes in the document, each once, sorted by location."""
    try:
        root = yaml.compose(document_text, Loader=_LOADER)
        if not isinstance(root, yaml.MappingNode):
            return [Finding("", "the document is not a mapping")]
        document: dict[str, Any] = _LOADER("").construct_document(root)
    # ValueError is what an impossible date without quotes gives.
    except (yaml.YAMLError, ValueError) as error:
        return [Finding("", f"not YAML: {error}")]
    contract = Contract(document)
    flaws = set(check_yaml_keys(root))
    flaws.update(finding for check in FOUNDATIONS for finding in check(contract))
    findings = flaws.union(*(check(contract) for check in CHECKS))
    if not flaws:
        findings.update(check_examples(contract))
    # The validator comes last: of a mistake found above it has only the same to say, less clearly and ten times slower.
    return sorted(findings or check_specification(contract))


def main(path: Path = CONTRACT) -> int:
    findings = lint(path.read_text(encoding="utf-8"))
    for finding in findings:
        print(f"{path.name}: {finding.location}: {finding.message}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
