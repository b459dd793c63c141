"""OpenAPI documents in YAML or JSON, with the line of everything in them.

Parsing all of Datadog's document, 9 MB, takes seconds. So the text is cut into its paths and components first, by
indentation in YAML and by JSON's own scanner, and only those that matter are parsed, with what they refer to.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import yaml
from attrs import frozen

from .model import UnreadableError

__all__ = ["Node", "parse"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_REFERENCE = re.compile(r"#/components/([\w.-]+)/([\w.%~-]+)")
_ALIAS = re.compile(r"(?:^|(?<=[\s\[{,:-]))\*([A-Za-z0-9_-]+)", re.MULTILINE)
_ANCHOR = r"(?:^|(?<=[\s\[{{,:-]))&{}(?=\s|$)"
_CONSTRUCTOR: Any = yaml.constructor.SafeConstructor()

Wanted = Callable[[str, str], bool]
"""Whether a path matters, by its name and its text."""


@frozen
class Node:
    """A value with the line on which it, or its key, begins. Objects and arrays contain nodes."""

    value: Any
    line: int

    def get(self, name: str) -> Node | None:
        """The member of an object; None without it, and for anything else than an object."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    def at(self, *names: str) -> Node | None:
        """A member of a member."""
        node: Node | None = self
        for name in names:
            node = None if node is None else node.get(name)
        return node

    def members(self) -> Mapping[str, Node]:
        """The members of an object; none for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> list[Node]:
        """The items of an array; none for anything else."""
        return self.value if isinstance(self.value, list) else []

    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, dict):
            return {name: member.plain() for name, member in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


def parse(text: str, name: str, wanted: Wanted | None = None) -> Node:
    """Parse a document; with `wanted`, only the paths that are, and the components that they refer to.

    Raises UnreadableError that calls the document by its name.
    """
    try:
        if text.lstrip()[:1] in ("{", "["):
            try:
                return _Json(text).document(wanted)
            except (StopIteration, ValueError):
                if not _is_flow_yaml(text):
                    raise ValueError("it is not JSON") from None
        return _yaml_document(text, wanted)
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableError(f"{name} cannot be parsed: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise UnreadableError(f"{name} cannot be parsed: it is nested too deeply") from None


def _is_flow_yaml(text: str) -> bool:
    """YAML may have braces, too, but then keys need no quotes."""
    return re.match(r"\s*\{\s*[A-Za-z#]", text) is not None


def _closure(texts: Mapping[tuple[str, ...], str], wanted: Wanted) -> set[tuple[str, ...]]:
    """The paths that are wanted, and the components that they refer to, directly or not."""
    found = {key for key, text in texts.items() if key[0] == "paths" and wanted(key[1], text)}
    waiting = list(found)
    while waiting:
        for section, name in _REFERENCE.findall(texts[waiting.pop()]):
            key = ("components", section, name.replace("~1", "/").replace("~0", "~"))
            if key in texts and key not in found:
                found.add(key)
                waiting.append(key)
    # Security schemes are referred to by name only.
    return found | {key for key in texts if key[:2] == ("components", "securitySchemes")}


# ------------------------------------------------------------------------------------------------------------- YAML


def _yaml_document(text: str, wanted: Wanted | None) -> Node:
    if wanted is not None:
        try:
            reduced, lines = _reduced(text, wanted)
            return _Yaml(lines).node(yaml.compose(reduced, Loader=_LOADER))
        except (yaml.YAMLError, ValueError):
            pass  # a layout that cannot be cut by indentation
    return _Yaml(None).node(yaml.compose(text, Loader=_LOADER))


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
    chosen = _closure({key: text[block.start : block.end] for key, block in members.items()}, wanted)
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


# ------------------------------------------------------------------------------------------------------------- JSON


class _Json:
    """Finds members by letting JSON's own scanner skip what does not matter."""

    _space = re.compile(r"[ \t\r\n]*")

    def __init__(self, text: str) -> None:
        self._text = text
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._skip: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]

    def document(self, wanted: Wanted | None) -> Node:
        start = self._after_space(0)
        self._skip(self._text, start)  # so that what follows need not expect anything but JSON
        if wanted is None or self._text[start] != "{":
            return self._node(start)[0]
        whole: dict[str, Node] = {}
        places: dict[tuple[str, ...], tuple[int, int, int]] = {}
        for name, key, value, _ in self._members(start):
            whole[name] = Node({}, self._line(key))
            if name == "paths":
                places.update({("paths", path): place for path, *place in self._members(value)})  # type: ignore[misc]
            elif name == "components":
                for section, at, inner, _ in self._members(value):
                    whole[name].value[section] = Node({}, self._line(at))
                    for part, *place in self._members(inner):
                        places["components", section, part] = (place[0], place[1], place[2])
            elif name != "tags":
                whole[name] = Node(self._node(value)[0].value, self._line(key))
        for chosen in _closure({key: self._text[value:end] for key, (_, value, end) in places.items()}, wanted):
            key, value, _ = places[chosen]
            container = whole["paths"] if chosen[0] == "paths" else whole["components"].value[chosen[1]]
            container.value[chosen[-1]] = Node(self._node(value)[0].value, self._line(key))
        return Node(whole, self._line(start))

    def _line(self, offset: int) -> int:
        return bisect_right(self._newlines, offset - 1) + 1

    def _after_space(self, offset: int) -> int:
        match = self._space.match(self._text, offset)
        return match.end() if match else offset

    def _members(self, start: int) -> Iterator[tuple[str, int, int, int]]:
        """Name, offset of the key, of the value and of what follows, for each member of an object."""
        at = self._after_space(start + 1)
        if self._text[start] != "{" or self._text[at] == "}":
            return
        while True:
            key = at
            name, at = json.decoder.scanstring(self._text, key + 1)  # type: ignore[attr-defined]
            value = self._after_space(self._after_space(at) + 1)
            _, end = self._skip(self._text, value)
            yield name, key, value, end
            at = self._after_space(end)
            if self._text[at] != ",":
                return
            at = self._after_space(at + 1)

    def _node(self, start: int) -> tuple[Node, int]:
        """The value at an offset, and the offset after it."""
        opening = self._text[start]
        if opening not in "{[":
            value, end = self._skip(self._text, start)
            return Node(value, self._line(start)), end
        members: dict[str, Node] = {}
        items: list[Node] = []
        at = self._after_space(start + 1)
        while self._text[at] not in "}]":
            if opening == "[":
                item, at = self._node(at)
                items.append(item)
            else:
                name, end = json.decoder.scanstring(self._text, at + 1)  # type: ignore[attr-defined]
                inner, end = self._node(self._after_space(self._after_space(end) + 1))
                members[name] = Node(inner.value, self._line(at))
                at = end
            at = self._after_space(at)
            if self._text[at] == ",":
                at = self._after_space(at + 1)
        return Node(items if opening == "[" else members, self._line(start)), at + 1
