"""Derive docs/operations.md from the contract, and docs/unknown.md from what contract and emulator say is not known.

usage: scripts/contract_pages.py [--check]

scripts/site does it before it builds the site.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
from rum_replay_emulator import Assumptions, assumptions

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
CONTRACT: dict[str, Any] = json.loads(
    (ROOT / "pytest_replay" / "rum_replay_emulator" / "openapi.json").read_text(encoding="utf-8")
)
OPERATIONS: list[tuple[str, str, dict[str, Any]]] = [
    (method, path, operation) for path, methods in CONTRACT["paths"].items() for method, operation in methods.items()
]
MADE = "<!-- made by scripts/contract_pages.py; change openapi.yaml or the emulator's assumptions instead -->\n"
NOT_KNOWN = re.compile(r"undocumented|not documented|documentation says no more|as far as documented", re.IGNORECASE)
PAGING = {
    "page": "page by page, by number",
    "limit": "one list, up to a limit",
    "token": "page by page, by token",
    "cursor": "page by page, by cursor",
}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/contract_pages.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not up to date")
    check = parser.parse_args(arguments).check
    pages = {DOCS / "operations.md": operations_page(), DOCS / "unknown.md": unknown_page()}
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            print(f"docs/{path.name} is not up to date; run scripts/site", file=sys.stderr)
        else:
            path.write_text(pages[path], encoding="utf-8", newline="\n")
    return 1 if check and stale else 0


# ---- The operations -------------------------------------------------------------------------------------------------


def operations_page() -> str:
    return "\n".join([MADE, *operations()])


def operations() -> Iterator[str]:
    methods = client_methods((DOCS / "client.md").read_text(encoding="utf-8"))
    yield "# The operations of the API"
    yield ""
    yield (
        "This is what `openapi.yaml`, the contract that everything here is made from, says about each operation. It is "
        "written by hand from Datadog's public documentation; [what that leaves open](unknown.md) is said, "
        "not guessed. [The client](client.md#the-operations) has a method for each operation."
    )
    yield ""
    for tag in CONTRACT["tags"]:
        yield from [
            f"## {tag['name']}",
            "",
            f"{tag['description']} [Datadog's reference]({tag['externalDocs']['url']}).",
            "",
        ]
        rows = [row for row in OPERATIONS if tag["name"] in row[2]["tags"]]
        yield "| operation | method of the client |"
        yield "|---|---|"
        for method, path, operation in rows:
            name = operation["operationId"]
            used_by = ", ".join(f"`{each}`" for each in methods.get(name, ()))
            yield f"| [{name}](#{name.lower()})<br>`{method.upper()} {path}` | {used_by} |"
        yield ""
        for method, path, operation in rows:
            yield from one_operation(method, path, operation)


def client_methods(guide: str) -> dict[str, list[str]]:
    """The client's methods for each operation, as the guide of the client lists them."""
    found: dict[str, list[str]] = {}
    group = ""
    for row_group, name, asked in re.findall(r"^\| (?:`(\w+)`)? ?\| `(\w+)\(.*\| ([^|]*)\|$", guide, re.MULTILINE):
        group = row_group or group
        for operation in re.findall(r"[A-Z]\w+", asked):
            found.setdefault(operation, []).append(f"{group}.{name}")
    return found


def one_operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield from [f"### {operation['operationId']}", "", f"`{method.upper()} {path}`", ""]
    yield from [markdown(operation["description"]), ""]
    yield f"- Permission: `{operation['x-rum-replay-permission']}`."
    again = operation["x-rum-replay-idempotent"]
    yield f"- Sent again after a failure: {'yes' if again else 'only if it cannot have been carried out'}."
    if paging := operation.get("x-rum-replay-pagination"):
        yield f"- Answers: {PAGING[paging]}."
    if body := operation.get("requestBody"):
        (content,) = body["content"].values()
        yield f"- Body: `{content['schema']['$ref'].rpartition('/')[2]}`. {markdown(body['description'])}"
    yield f"- Statuses: {', '.join(operation['responses'])}."
    yield ""
    if parameters := [resolved(parameter) for parameter in operation.get("parameters", ())]:
        yield from ["| parameter | what it means |", "|---|---|"]
        for each in parameters:
            kind = f"{each['schema']['type']} in the {each['in']}{', required' if each.get('required') else ''}"
            yield f"| `{each['name']}`<br>{kind} | {markdown(each['description'])} |"
        yield ""


def resolved(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference in the contract refers to."""
    found: Any = CONTRACT
    if "$ref" not in value:
        return value
    for key in value["$ref"].removeprefix("#/").split("/"):
        found = found[key]
    return resolved(found)


def markdown(text: str) -> str:
    """A description on one line, fit for a table."""
    return " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;")


# ---- What is not known ----------------------------------------------------------------------------------------------


def unknown_page() -> str:
    return "\n".join([MADE, *unknown()])


def unknown() -> Iterator[str]:
    yield "# What is not known about the live API"
    yield ""
    yield (
        "Nobody who wrote this project had an account of Datadog's. This page lists what its public documentation "
        "leaves open, as the contract and the emulator state it. The client is written to work either way."
    )
    yield ""
    yield (
        "[Known gaps](segments.md#known-gaps) of recordings, and [what a search does not find](search.md#"
        "what-is-found-and-what-is-not), are on the pages of these."
    )
    yield ""
    yield "## What the emulator assumes"
    yield ""
    yield (
        "Each assumption is an option of `rum_replay_emulator.Assumptions`. The default is the choice that surprises a "
        "client least, and none is knowledge about Datadog's servers. "
        "[Set the one that your test depends on](testing.md#rate-limits-and-time)."
    )
    yield ""
    for name, default, text in assumed():
        yield from [f"### `{name}`", "", f"By default `{default}`.", "", text, ""]
    yield "## What the documentation does not say"
    yield ""
    yield "The contract's own sentences, in its order."
    yield ""
    for title, sentences in undocumented():
        yield from [f"### {title}", ""]
        yield from (f"- {where}{sentence}" for where, sentence in sentences)
        yield ""


def assumed() -> Iterator[tuple[str, str, str]]:
    """Each option of the emulator's assumptions: name, default as Python writes it, description in Markdown."""
    defaults = {field.name: field.default for field in attrs.fields(Assumptions)}
    (cls,) = (node for node in ast.parse(inspect.getsource(assumptions)).body if isinstance(node, ast.ClassDef))
    for option, below in zip(cls.body, cls.body[1:], strict=False):
        if isinstance(option, ast.AnnAssign) and isinstance(option.target, ast.Name):
            if not isinstance(below, ast.Expr) or not isinstance(below.value, ast.Constant):
                sys.exit(f"Assumptions.{option.target.id} has no description")
            text = inspect.cleandoc(str(below.value.value)).removeprefix("Assumption: ")
            yield option.target.id, repr(defaults[option.target.id]), text[0].upper() + text[1:]


def undocumented() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What the contract calls undocumented: by operation or schema, each sentence with the name that it is about."""
    paragraphs = re.findall(r"\*\*(.*?)\.\*\* (.*?)(?=\n\n|$)", CONTRACT["info"]["description"], re.DOTALL)
    yield "All operations", [(f"{about}: ", sentence) for about, text in paragraphs for sentence in not_known(text)]
    for _, _, operation in OPERATIONS:
        if rows := list(dict.fromkeys(sentences_below(operation))):
            yield operation["operationId"], rows
    shared = CONTRACT["components"]
    for kind, holder in (("parameters", shared["parameters"]), ("schemas", shared["schemas"])):
        for name, value in holder.items():
            if rows := list(dict.fromkeys(sentences_below(value))):
                yield (f"Parameter {value['name']}" if kind == "parameters" else f"Schema {name}"), rows


def sentences_below(value: Any, about: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield from ((about, sentence) for sentence in not_known(value.get("description")))
        for key, inner in value.items():
            # A parameter's description is also that of its schema.
            if not (key == "schema" and inner.get("description") == value.get("description")):
                yield from sentences_below(inner, f"`{key}`: " if is_name(key, inner) else named(value, about))
    elif isinstance(value, list):
        for item in value:
            yield from sentences_below(item, named(item, about) if isinstance(item, Mapping) else about)


def is_name(key: str, inner: Any) -> bool:
    """Whether this is the name of a property or a status, rather than a keyword of OpenAPI."""
    return isinstance(inner, Mapping) and "description" in inner and key not in ("schema", "requestBody", "items")


def named(value: Mapping[str, Any], about: str) -> str:
    return f"`{value['name']}`: " if "in" in value and "name" in value else about


def not_known(description: object) -> Iterator[str]:
    if isinstance(description, str):
        for sentence in re.split(r"(?<=[.])\s+(?=[A-Z`*])", description):
            if NOT_KNOWN.search(sentence):
                yield markdown(sentence)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
