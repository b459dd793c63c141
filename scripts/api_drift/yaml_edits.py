"""Edits of a YAML document by its lines: comments and layout stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from attrs import define, field, frozen

from .misfits import Pointer
from .yaml_documents import LOADER

__all__ = ["YamlEdits", "member", "of_lines"]


@frozen
class _Edit:
    """Lines to be replaced: none for an insertion before the first."""

    start: int
    end: int
    lines: tuple[str, ...]

    @property
    def indentation(self) -> int:
        return len(self.lines[0]) - len(self.lines[0].lstrip(" ")) if self.lines else 0


@define
class YamlEdits:
    """Edits that are collected, and then made at once."""

    _text: str
    _lines: list[str] = field(init=False)
    _root: yaml.Node | None = field(init=False)
    _edits: list[_Edit] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._lines = self._text.split("\n")
        self._root = yaml.compose(self._text, Loader=LOADER)

    def made(self) -> str:
        """The document with all edits."""
        lines = list(self._lines)
        # Of insertions at the same line, what is indented further belongs to what is above it.
        for edit in sorted(self._edits, key=lambda each: (each.start, each.end, -each.indentation), reverse=True):
            lines[edit.start : edit.end] = edit.lines
        return "\n".join(lines)

    def node(self, pointer: Pointer) -> Any:
        node: Any = self._root
        for step in pointer:
            if isinstance(node, yaml.SequenceNode):
                node = node.value[int(step)]
            else:
                node = next(value for key, value in node.value if key.value == step)
        return node

    def set(self, pointer: Pointer, name: str, value: str | None) -> None:
        """Change a member that is there, or remove it."""
        found = member(of_lines(self.node(pointer)), name)
        if found is None:
            return
        key, node = found
        line = key.start_mark.line
        written = () if value is None else (f"{' ' * key.start_mark.column}{name}: {value}",)
        self._edits.append(_Edit(line, self._last_line(key, node) + 1, written))

    def replace_line(self, line: int, *lines: str) -> None:
        """Put other lines, or none, in its place."""
        self._edits.append(_Edit(line, line + 1, lines))

    def extend_flow(self, node: Any, items: Sequence[str]) -> None:
        """Add items at the end of a sequence in brackets."""
        line = self._lines[node.end_mark.line]
        at = node.end_mark.column - 1
        self.replace_line(node.end_mark.line, f"{line[:at]}, {', '.join(items)}{line[at:]}")

    def insert(self, node: Any, block: Sequence[str]) -> None:
        """Add members to a mapping, or items to a sequence, at its end."""
        of_lines(node)
        if isinstance(node, yaml.MappingNode):
            key, value = node.value[-1]
            self._at(self._last_line(key, value) + 1, key.start_mark.column, block)
        else:
            last = node.value[-1]
            self._at(self._last_line(last, last) + 1, self._dash(last), block)

    def insert_after(self, node: Any, name: str, block: Sequence[str]) -> None:
        found = member(of_lines(node), name)
        if found is not None:
            self._at(self._last_line(*found) + 1, found[0].start_mark.column, block)

    def insert_before(self, node: Any, key: Any, block: Sequence[str]) -> None:
        of_lines(node)
        self._at(key.start_mark.line, key.start_mark.column, block)

    def _dash(self, item: Any) -> int:
        line = self._lines[item.start_mark.line]
        return len(line) - len(line.lstrip(" "))

    def _at(self, line: int, column: int, block: Sequence[str]) -> None:
        self._edits.append(_Edit(line, line, tuple(f"{' ' * column}{each}" for each in block)))

    def _last_line(self, key: Any, node: Any) -> int:
        """The last line of a member, whose value may be an alias of something above."""
        if node.start_mark.index < key.start_mark.index:
            return int(key.start_mark.line)
        if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
            last = node.end_mark.line - (1 if getattr(node, "style", None) in ("|", ">") else 0)
            while last > key.start_mark.line and not self._lines[last].strip():
                last -= 1
            return int(last)
        if isinstance(node, yaml.MappingNode):
            return self._last_line(*node.value[-1])
        # An item that is an alias begins elsewhere: its line is not known from the node, but from the next one before.
        last = key.start_mark.line
        for item in node.value:
            last = self._last_line(item, item) if item.start_mark.index > node.start_mark.index else last + 1
        return int(last)


def member(node: Any, name: str) -> tuple[Any, Any] | None:
    return next(((key, value) for key, value in node.value if key.value == name), None)


def of_lines(node: Any) -> Any:
    """The node; LookupError if it is within braces, where lines mean nothing, or empty."""
    if node.flow_style or not node.value:
        raise LookupError("not a block")
    return node
