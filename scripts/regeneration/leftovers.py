"""What is left for a person: marks in skeletons, and code that uses what the contract does not have any more."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from api_drift.comparison import Difference

from .contract import Contract, Endpoint, snake_case
from .kinds import Argument

__all__ = ["lacking", "mark", "marks", "uses"]

FOLDERS = ("wrapper", "pytest_replay", "tests", "docs", "scripts")
DERIVED = (
    "wrapper/rum_replay/_sync/",
    "wrapper/rum_replay/_models.py",
    "scripts/regeneration/",
    "scripts/benchmarks/RESULTS.md",
    "tests/data/operations.json",
    "docs/operations.md",
    "docs/unknown.md",
)
"""Derived, or about something else; facts are compared one by one."""

MARK = re.compile(r'NotImplementedError\(\s*"fill in: ([^"\n]*)"\s*\)')
BREAKING = re.compile(
    r"^(?:(?:property|parameter|operation|body|answer-body)-removed|operation-renamed|type-\w+|path-changed|"
    r"method-changed|schema-renamed|became-\w+|\S+-added-required)$"
)


def mark(text: str, hint: str = "") -> str:
    """A statement that fails until somebody has replaced it, and a comment about what there is to use."""
    comment = textwrap.fill(hint, 108, initial_indent="# ", subsequent_indent="# ") + "\n" if hint else ""
    return f'{comment}raise NotImplementedError("fill in: {text}")'


def marks(root: Path) -> list[str]:
    """What skeletons say that is to be filled in, each with its file and line."""
    found: list[str] = []
    for path in _files(root):
        text = path.read_text(encoding="utf-8")
        for match in MARK.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(root).as_posix()}:{line}: write {' '.join(match[1].split())}")
    return found


def uses(before: Contract, differences: Iterable[Difference], root: Path) -> dict[str, list[str]]:
    """For each change that may break code, the places that use what changed, by all of its names."""
    found: dict[str, list[str]] = {}
    texts = {path: path.read_text(encoding="utf-8") for path in _files(root)}
    for difference in differences:
        if BREAKING.match(difference.kind) and (names := _names(before, difference)):
            pattern, about = names
            found[difference.text] = [
                f"{path.relative_to(root).as_posix()}:{number}: {text.splitlines()[number - 1].strip()[:100]}"
                for path, text in texts.items()
                if about is None or about.search(text)
                for number in dict.fromkeys(text.count("\n", 0, each.start()) + 1 for each in pattern.finditer(text))
            ]
    return found


def lacking(contract: Contract, differences: Iterable[Difference], root: Path) -> list[str]:
    """The calls that do not give what is required now, and the models that are made without it."""
    needed = {each for difference in differences for each in _needed(contract, difference)}
    found: list[str] = []
    for path in _files(root) if needed else ():
        text = path.read_text(encoding="utf-8") if path.suffix == ".py" else ""
        wanted = [each for each in needed if re.search(rf"\b{re.escape(each[0])}\(", text)]
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)] if wanted else []
        for call in sorted(calls, key=lambda call: call.lineno):
            for callee, argument in sorted(wanted):
                given = {keyword.arg for keyword in call.keywords}  # None is for `**`
                if f".{ast.unparse(call.func)}".endswith(f".{callee}") and not given & {argument, None}:
                    place = f"{path.relative_to(root).as_posix()}:{call.lineno}"
                    found.append(f"{place}: {callee} needs {argument} now; give it there")
    return found


def _needed(contract: Contract, difference: Difference) -> Iterator[tuple[str, str]]:
    """What is called, as code writes it, and the argument that it needs since a difference."""
    kind, _, subject = difference.subject.partition(" ")
    match = re.match(r"(?:property|parameter) ([^\s:]+)", difference.what)
    if match is None or not difference.kind.endswith("required"):
        return
    for endpoint in contract.endpoints().values():
        if not endpoint.group:
            continue
        callee = f"{endpoint.group}.{endpoint.name}"
        if kind == "schema" and endpoint.attributes == subject:
            fields = [each for each in contract.fields(subject) if each.name == match[1]]
            yield from ((callee, each.name) for each in map(Argument.of_field, fields) if each is not None)
        if kind == "operation" and endpoint.id == subject:
            named = [each for each in endpoint.parameters if each.name == match[1] and not each.in_path]
            yield from ((callee, each.name) for each in map(Argument.of_parameter, named) if each is not None)
    model = _model(contract, subject) if kind == "schema" else None
    if model is not None:
        yield model, match[1]


def _names(before: Contract, difference: Difference) -> tuple[re.Pattern[str], re.Pattern[str] | None] | None:
    """What to look for, and what a file must have to count, for names that may mean something else."""
    kind, _, name = difference.subject.partition(" ")
    if kind == "operation":
        endpoint = before.endpoints().get(name)
        if endpoint is None:
            return None
        if parameter := re.match(r"parameter (\S+)", difference.what):
            wire = parameter[1].rstrip(":")
            python = {each.name: each.python_name for each in endpoint.parameters}.get(wire, wire)
            words = {wire, python, python.removeprefix("filter_")}
            return _pattern(words), _pattern(_operation_names(endpoint))
        return _pattern(_operation_names(endpoint)), None
    if kind == "schema" and name in before.schemas:
        model = _model(before, name)
        about = _pattern({name, snake_case(name), *([model] if model else []), *_groups(before, name)})
        if field := re.match(r"property (\w+)", difference.what):
            return _pattern({field[1]}), about
        return _pattern({name, *([model] if model else [])}), None
    return None


def _operation_names(endpoint: Endpoint) -> set[str]:
    """An operation by the contract's, the generated client's and the wrapper's names."""
    names = {endpoint.id, endpoint.snake, endpoint.snake.upper(), f"{endpoint.snake}_kwargs"}
    if endpoint.group:
        names |= {f"{endpoint.group}.{endpoint.name}", f"{endpoint.group.title()}.{endpoint.name}"}
    return names


def _model(before: Contract, schema: str) -> str | None:
    """The class that has the properties of a schema as its attributes."""
    for model, name in before.models().items():
        if schema in (name, before.attributes(name)):
            return model
    return None


def _groups(before: Contract, schema: str) -> set[str]:
    """The client's groups whose requests or answers have a schema as attributes."""
    return {
        f"{each.group}.{each.name}"
        for each in before.endpoints().values()
        if each.group and schema in (each.attributes, each.answer, before.attributes(each.answer or ""))
    }


def _pattern(words: set[str]) -> re.Pattern[str]:
    """Whole words; the names of methods, such as `playlists.list`, end another name."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(words)))})(?!\w)")


def _files(root: Path) -> Iterator[Path]:
    if (root / "README.md").exists():
        yield root / "README.md"
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix in (".py", ".md") and "__pycache__" not in name and not name.startswith(DERIVED):
                yield path
