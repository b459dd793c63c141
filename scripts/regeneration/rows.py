"""Tables that are kept by hand, in tests and in the guide of the client: their rows, and new parameters in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .kinds import Argument
from .parameters import Gained
from .source import Module, PlaceError

__all__ = [
    "COMMAND_TABLE",
    "EVERY_FAILURE",
    "FORMATS",
    "GUIDE",
    "SURFACE",
    "add_parameter",
    "entry",
    "holder_of",
    "in_text",
]

GUIDE = "docs/client.md"
COMMAND_TABLE = "tests/cli/commands.py"
FORMATS = "tests/cli/test_formats.py"
SURFACE = "tests/wrapper/test_public_surface.py"
EVERY_FAILURE = "tests/project/test_every_failure.py"


def add_parameter(gained: Gained, root: Path) -> set[Path]:
    """Add what a method or a command got to the tables that list its parameters."""
    if " " in gained.owner:
        module = Module(root / COMMAND_TABLE)
        values = _keyword(entry(module, gained.owner), "values")
        if f'"{gained.argument.name}"' not in ast.unparse(values).replace("'", '"'):
            module.add_element(values, f'"{gained.argument.name}": None')
        return {module.path} if module.write() else set()
    group, _, name = gained.owner.partition(".")
    return {
        *in_text(root / GUIDE, lambda text: _in_guide(text, group, name, gained.argument)),
        *in_text(root / SURFACE, lambda text: _in_design(text, group, name, gained.argument)),
        *_in_every_failure(root, f"{group.title()}.{name}", gained.argument),
    }


def _in_guide(text: str, group: str, name: str, argument: Argument) -> str:
    """The row of the method, which is below the first one of its group; one that ends with an ellipsis stays."""
    start = text.index(f"| `{group}` | `")
    row = re.compile(rf"(?<=\| )`{name}\(([^`]*)\)`").search(text, start)
    if row is None or row[1].endswith("…") or f"{argument.name}=" in row[1]:
        return text
    return f"{text[: row.end() - 2]}{', ' if row[1] else ''}{argument.name}={text[row.end() - 2 :]}"


def _in_design(text: str, group: str, name: str, argument: Argument) -> str:
    start = text.index(f'    "{group}": ')
    row = re.compile(rf"\b{name}\(([^)]*)\)").search(text, start)
    if row is None or argument.name in re.findall(r"\w+", row[1]):
        return text
    star = "" if "*" in row[1] else "*, "
    added = f"{', ' if row[1] else ''}{star}{argument.name}"
    return _filled(text, row.end() - 1, added)


def _filled(text: str, place: int, added: str) -> str:
    """A text with an addition, on a new line if the present one would get too long."""
    start = text.rfind("\n", 0, place) + 1
    rest = text[place:].partition("\n")[0]
    if place - start + len(added) + len(rest) <= 120:
        return text[:place] + added + text[place:]
    comma = "," if added.startswith(", ") else ""
    return f"{text[:place]}{comma}\n            {added.removeprefix(', ')}{text[place:]}"


def _in_every_failure(root: Path, key: str, argument: Argument) -> set[Path]:
    module = Module(root / EVERY_FAILURE)
    row = entry(module, key)
    given = row.elts[1] if isinstance(row, ast.Tuple) else None
    if isinstance(given, ast.Dict) and argument.name not in {ast.unparse(k)[1:-1] for k in given.keys if k}:
        module.add_element(given, f'"{argument.name}": {argument.kind.example}')
    return {module.path} if module.write() else set()


# ---- Finding rows ---------------------------------------------------------------------------------------------------


def entry(module: Module, key: str) -> ast.expr:
    """The value of a key in any dictionary of a module; raises PlaceError."""
    holder, _ = holder_of(module, key.__eq__)
    return next(value for name, value in zip(holder.keys, holder.values, strict=True) if _is(name, key))


def holder_of(module: Module, fits: Callable[[str], Any]) -> tuple[ast.Dict, str]:
    """The table that has a key which fits, and the last such key. Smaller dictionaries only refer to its rows."""
    found: list[tuple[int, ast.Dict, str]] = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Dict):
            keys = [str(name.value) for name in node.keys if isinstance(name, ast.Constant)]
            found += [(len(keys), node, name) for name in keys if fits(name) is True]
    if not found:
        raise PlaceError(f"{module.path}:1: no row is like the one that should be there")
    largest = max(size for size, _, _ in found)
    _, holder, key = [each for each in found if each[0] == largest][-1]
    return holder, key


def _is(node: ast.expr | None, key: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == key


def _keyword(call: ast.expr, name: str) -> ast.expr:
    keywords: list[ast.keyword] = getattr(call, "keywords", [])
    return next(each.value for each in keywords if each.arg == name)


def in_text(path: Path, change: Callable[[str], str]) -> Iterator[Path]:
    text = path.read_text(encoding="utf-8")
    if (changed := change(text)) != text:
        path.write_text(changed, encoding="utf-8", newline="\n")
        yield path
