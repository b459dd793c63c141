"""A column for a new attribute, in the tables that show its model, and in the tests that list their headings."""

from __future__ import annotations

import ast
from pathlib import Path

from .parameters import COMMANDS, command_name
from .rows import COMMAND_TABLE, FORMATS, entry
from .source import Function, Module

__all__ = ["add_column"]


def add_column(model: str, attribute: str, root: Path) -> set[Path]:
    """Show an attribute: among the details of a resource if a table has these, otherwise in its list."""
    written: set[Path] = set()
    for path in sorted((root / COMMANDS).glob("*.py")):
        module = Module(path)
        tables = {name: value for name, value in _tables(module, model) if isinstance(value, ast.Dict)}
        if not tables or f".{attribute}," in module:
            continue
        name = next((name for name in tables if "DETAIL" in name), next(iter(tables)))
        heading = attribute.replace("_", " ")
        one = next(node.args.args[0].arg for node in ast.walk(tables[name]) if isinstance(node, ast.Lambda))
        module.add_element(tables[name], f'"{heading}": lambda {one}: {one}.{attribute}')
        commands = [command for each in module.functions() if (command := _command_with(each, name, path.stem))]
        if module.write():
            written |= {path, *_add_headings(commands, heading, root)}
    return written


def _tables(module: Module, model: str) -> list[tuple[str, ast.expr | None]]:
    return [
        (ast.unparse(node.target), node.value)
        for node in module.tree.body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == f"Columns[{model}]"
    ]


def _command_with(function: Function, table: str, group: str) -> str | None:
    """The name of a command that prints a table."""
    name = command_name(function)
    shown = any(isinstance(node, ast.Name) and node.id == table for node in ast.walk(function))
    return f"{group} {name}" if name and shown else None


def _add_headings(commands: list[str], heading: str, root: Path) -> set[Path]:
    table, formats = Module(root / COMMAND_TABLE), Module(root / FORMATS)
    for command in commands:
        row = entry(table, command)
        headings = next((each.value for each in getattr(row, "keywords", ()) if each.arg == "headings"), None)
        if isinstance(headings, ast.Name):
            headings = table.display(headings.id)
        if headings is not None:
            table.add_element(headings, f'"{heading}"')
        names = dict(_constants(formats.display("CSV_NAMES")))
        if command in names:
            formats.add_word(names[command], heading.replace(" ", "_"))
    return {module.path for module in (table, formats) if module.write()}


def _constants(table: ast.expr) -> list[tuple[str, ast.expr]]:
    holder = table if isinstance(table, ast.Dict) else ast.Dict([], [])
    pairs = zip(holder.keys, holder.values, strict=True)
    return [(str(name.value), value) for name, value in pairs if isinstance(name, ast.Constant)]
