"""Insertions into Python modules, at the places that `ast` names: nothing that is there is changed or removed."""

from __future__ import annotations

import ast
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from python_text import docstring_lines

__all__ = ["Module", "PlaceError", "calls_in", "formatted"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


_LENGTH = 110
"""Of a line, where a text is continued as another one."""


class PlaceError(Exception):
    """A place where something should be inserted is not as it was; the text begins with the file and a line."""


class Module:
    """A module and what is to be inserted into it; `write` does it.

    Places are offsets in its UTF-8 bytes, as `ast` counts columns.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content = path.read_bytes()
        self.tree = ast.parse(self.content)
        self._starts = [0]
        for line in self.content.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._insertions: list[tuple[int, str]] = []

    def __contains__(self, text: str) -> bool:
        return text.encode() in self.content

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def find(self, name: str) -> Function | ast.ClassDef | None:
        """The function or class of that name on the top level."""
        return next((n for n in self.tree.body if isinstance(n, Function | ast.ClassDef) and n.name == name), None)

    def display(self, name: str) -> ast.expr:
        """The value that a name on the top level is assigned; raises PlaceError."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                    return node.value
        raise PlaceError(f"{self.path}:1: nothing is assigned to {name}")

    def add_element(self, holder: ast.expr, text: str, *, after: str | None = None) -> None:
        """Add an element to the end of a list, tuple, set or dictionary; of a dictionary, behind the key `after`."""
        if isinstance(holder, ast.Dict):
            elements = holder.values
            keys = [key.value if isinstance(key, ast.Constant) else None for key in holder.keys]
            place = elements[-1] if after is None or after not in keys else elements[keys.index(after)]
        elif isinstance(holder, ast.List | ast.Tuple | ast.Set):
            place = holder.elts[-1]
        else:
            raise PlaceError(f"{self.path}:{holder.lineno}: this is no list or dictionary")
        self._insert(self._end(place), f", {text}")

    def add_argument(self, call: ast.Call, text: str) -> None:
        last = [*call.args, *(keyword.value for keyword in call.keywords)]
        if last:
            self._insert(max(map(self._end, last)), f", {text}")
        else:
            self._insert(self._end(call) - 1, text)

    def add_parameter(self, function: Function, name: str, annotation: str, default: str | None) -> None:
        """Add a keyword-only parameter."""
        arguments = function.args
        text = f"{name}: {annotation}" + ("" if default is None else f" = {default}")
        if not arguments.kwonlyargs:
            text = f"*, {text}"
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        values = [*arguments.defaults, *(value for value in arguments.kw_defaults if value is not None)]
        self._insert(max(map(self._end, [*every, *values])), f", {text}")

    def add_decorator(self, function: Function, text: str) -> None:
        """Add a decorator below those that add options, above those that come last."""
        place = next(
            (each for each in function.decorator_list if ast.unparse(each) in LAST), function.decorator_list[-1]
        )
        self._insert(self._starts[place.lineno - 1], f"@{text}\n")

    def add_to_docstring(self, function: Function, text: str) -> None:
        """Add a paragraph to the end of a docstring."""
        indentation = " " * function.body[0].col_offset
        end = self._end(function.body[0].value) - 3 if isinstance(function.body[0], ast.Expr) else 0
        written = self.content[:end].rstrip()
        lines = docstring_lines(text, 120 - len(indentation), quotes="")
        paragraph = textwrap.indent("\n".join(lines), indentation)
        closing = f"\n{indentation}" if len(written) == end else ""
        self._insert(len(written), f"\n\n{paragraph}{closing}")

    def add_import(self, module: str, name: str) -> None:
        """Add `from module import name`, or the name to the statement that is there; `module` may begin with dots."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and "." * node.level + (node.module or "") == module:
                if name not in {alias.asname or alias.name for alias in node.names}:
                    self._insert(self._end(node.names[-1]), f", {name}")
                return
        last = [node for node in self.tree.body if isinstance(node, ast.Import | ast.ImportFrom)][-1]
        self._insert(self._starts[last.end_lineno or 0], f"from {module} import {name}\n")

    def add_to_class(self, cls: ast.ClassDef, text: str) -> None:
        """Add methods at the end of a class."""
        self._insert(self._starts[cls.body[-1].end_lineno or 0], f"\n{text}")

    def add_before(self, node: ast.stmt, text: str) -> None:
        """Add statements before another one, above its decorators."""
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        self._insert(self._starts[first - 1], f"{text}\n")

    def add_after(self, node: ast.stmt, text: str) -> None:
        self._insert(self._starts[node.end_lineno or 0], f"\n{text}")

    def add_at_end(self, text: str) -> None:
        self._insert(len(self.content), f"\n\n{text}")

    def add_word(self, node: ast.expr, word: str) -> None:
        """Add a word to the end of a text."""
        written = self.content[: self._end(node)].rstrip(b"\"'").rstrip()
        length = len(written) - written.rfind(b"\n") + len(word)
        between = " " if length < _LENGTH or self.content[len(written) : len(written) + 1] != b'"' else '" " '
        self._insert(len(written), f"{between}{word}")

    def write(self) -> bool:
        """Write the module if anything is inserted; True if so."""
        content = self.content
        # The last place first, so that the others stay; at one place, in the order in which they were added.
        ordered = sorted(enumerate(self._insertions), key=lambda each: (each[1][0], each[0]), reverse=True)
        for _, (place, text) in ordered:
            content = content[:place] + text.encode() + content[place:]
        if content == self.content:
            return False
        ast.parse(content)
        self.path.write_bytes(content)
        return True

    def _insert(self, place: int, text: str) -> None:
        if (place, text) not in self._insertions:
            self._insertions.append((place, text))

    def _end(self, node: ast.AST) -> int:
        line, column = getattr(node, "end_lineno", 1), getattr(node, "end_col_offset", 0)
        return self._starts[line - 1] + int(column)


LAST = ("dry_run_option", "click.pass_obj", "paging_options")
"""Decorators of commands that come after the options of their own."""


def calls_in(node: ast.AST, name: str) -> Iterator[ast.Call]:
    """The calls of a function below a node; `name` is as the code writes it, from its last parts on."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and f".{ast.unparse(inner.func)}".endswith(f".{name}"):
            yield inner


def formatted(paths: Iterable[Path], root: Path) -> None:
    """Sort imports and names, and lay out, as the project's configuration says."""
    names = [str(path) for path in paths if path.suffix == ".py"]
    if names:
        ruff = [sys.executable, "-m", "ruff"]
        fix = [*ruff, "check", "--quiet", "--exit-zero", "--no-cache", "--select=I,RUF022", "--fix", *names]
        subprocess.run(fix, cwd=root, check=True)
        subprocess.run([*ruff, "format", "--quiet", "--no-cache", *names], cwd=root, check=True)
