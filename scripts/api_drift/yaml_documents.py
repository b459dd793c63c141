"""Documents in YAML, which are cut by indentation before what matters of them is parsed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

import yaml
from attrs import frozen

from .nodes import Node, Wanted, closure

__all__ = ["LOADER", "yaml_document"]

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, if PyYAML was built with it: about ten times as fast."""

_ALIAS = re.compile(r"(?:^|(?<=[\s\[{,:-]))\*([A-Za-z0-9_-]+)", re.MULTILINE)
_ANCHOR = r"(?:^|(?<=[\s\[{{,:-]))&{}(?=\s|$)"
_CONSTRUCTOR: Any = yaml.constructor.SafeConstructor()


def yaml_document(text: str, wanted: Wanted | None) -> Node:
    if wanted is not None:
        try:
            reduced, lines = _reduced(text, wanted)
            return _Yaml(lines).node(yaml.compose(reduced, Loader=LOADER))
        except (yaml.YAMLError, ValueError):
            pass  # a layout that cannot be cut by indentation
    return _Yaml(None).node(yaml.compose(text, Loader=LOADER))


@frozen
class _Block:
    """A member of a mapping in block style, from its key to the next one, as offsets into the text."""

    name: str
    start: int
    body: int
    end: int


def _blocks(text: str, start: int, end: int) -> list[_Block]:
    """The members of the block mapping that begins there; none if there is something else."""
    first = re.compile(r"^( *)(?![ #\r\n]|---|%|- )", re.MULTILINE).search(text, start, end)
    if first is None:
        return []
    key = re.compile(
        rf"^ {{{len(first[1])}}}(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s#'\"&*!|>%@`{{\[-][^#\n]*?)) *:(?=\s|$)[^\n]*\n?",
        re.MULTILINE,
    )
    found = list(key.finditer(text, start, end))
    ends = [*(match.start() for match in found[1:]), end][: len(found)]
    return [
        _Block(match[1] or match[2] or match[3], match.start(), match.end(), stop)
        for match, stop in zip(found, ends, strict=True)
    ]


def _reduced(text: str, wanted: Wanted) -> tuple[str, _Lines]:
    """The document without what does not matter, and its lines in the whole one. Raises ValueError if it is not cut."""
    text = text if text.endswith("\n") else text + "\n"
    whole: list[_Block] = []
    heads: list[_Block] = []
    members: dict[tuple[str, ...], _Block] = {}
    for block in _blocks(text, 0, len(text)):
        if block.name == "paths":
            heads.append(block)
            members.update({("paths", path.name): path for path in _blocks(text, block.body, block.end)})
        elif block.name == "components":
            heads.append(block)
            for section in _blocks(text, block.body, block.end):
                heads.append(section)
                inner = _blocks(text, section.body, section.end)
                members.update({("components", section.name, part.name): part for part in inner})
        elif block.name not in ("tags", "x-tagGroups"):
            whole.append(block)
    chosen = closure({key: text[block.start : block.end] for key, block in members.items()}, wanted)
    if not any(key[0] == "paths" for key in chosen):
        raise ValueError("nothing was recognized")
    spans = [(head.start, head.body) for head in heads] + [(block.start, block.end) for block in whole]
    spans += [(members[key].start, members[key].end) for key in chosen]
    spans.sort()
    anchors = _anchors(text, "".join(text[start:end] for start, end in spans))
    return _assembled(text, anchors, spans)


def _anchors(text: str, chosen: str) -> list[tuple[int, int]]:
    """The blocks of all anchors that the chosen text lacks, those that they need themselves first."""
    spans: list[tuple[int, int]] = []
    known: set[str] = set()
    while missing := set(_ALIAS.findall(chosen)) - known:
        added = ""
        for name in sorted(missing):
            known.add(name)
            anchor = re.compile(_ANCHOR.format(re.escape(name)))
            if anchor.search(chosen) is None and (match := anchor.search(text)) is not None:
                spans.insert(0, _block_at(text, text.rfind("\n", 0, match.start()) + 1))
                added += text[spans[0][0] : spans[0][1]]
        chosen += added
    return spans


def _block_at(text: str, start: int) -> tuple[int, int]:
    """The line that begins there, and the lines that belong to it because they are indented further."""
    line = text[start : text.index("\n", start)]
    indentation = len(line) - len(line.lstrip(" "))
    items = "" if line.lstrip(" ").startswith("-") else f"| {{{indentation}}}- "  # they may be as deep as their key
    after = re.compile(rf"^(?! {{{indentation + 1}}}| *#| *\r?${items})", re.MULTILINE)
    stop = after.search(text, start + len(line) + 1)
    return start, stop.start() if stop else len(text)


def _assembled(text: str, anchors: Iterable[tuple[int, int]], spans: Iterable[tuple[int, int]]) -> tuple[str, _Lines]:
    newlines = [match.start() for match in re.finditer("\n", text)]
    parts: list[str] = []
    lines = _Lines([], [])
    count = 0

    def add(piece: str, line: int) -> None:
        nonlocal count
        lines.here.append(count)
        lines.there.append(line)
        parts.append(piece if piece.endswith("\n") else piece + "\n")
        count += parts[-1].count("\n")

    for number, (start, end) in enumerate(anchors):
        add(f"x-anchor-{number}:\n", 0)
        add(text[start:end], bisect_right(newlines, start - 1))
    for start, end in spans:
        add(text[start:end], bisect_right(newlines, start - 1))
    return "".join(parts), lines


@frozen
class _Lines:
    """Which line of the whole document each line of a reduced one is, both counted from 0."""

    here: list[int]
    there: list[int]

    def original(self, line: int) -> int:
        index = bisect_right(self.here, line) - 1
        return self.there[index] + line - self.here[index]


class _Yaml:
    def __init__(self, lines: _Lines | None) -> None:
        self._lines = lines
        self._known: dict[int, Any] = {}

    def node(self, node: yaml.Node | None, line: int | None = None) -> Node:
        if node is None:
            return Node(None, 1)
        if line is None:
            line = node.start_mark.line
        if id(node) not in self._known:  # aliases are the same node again
            self._known[id(node)] = None
            self._known[id(node)] = self._value(node)
        return Node(self._known[id(node)], (self._lines.original(line) if self._lines else line) + 1)

    def _value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.MappingNode):
            members: dict[str, Node] = {}
            for key, value in node.value:
                if key.tag == "tag:yaml.org,2002:merge":
                    for base in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                        for name, member in self.node(base).members().items():
                            members.setdefault(name, member)
                else:
                    members[str(key.value)] = self.node(value, key.start_mark.line)
            return members
        if isinstance(node, yaml.SequenceNode):
            return [self.node(item) for item in node.value]
        if node.tag in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"):
            return node.value
        return _CONSTRUCTOR.construct_object(node)
