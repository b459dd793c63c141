"""The parts of a page of Datadog's API reference: headings, tabs, tables and examples, for each operation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from attrs import Factory, define, field

from .documents import parse
from .model import UnreadableError
from .nodes import Node

__all__ = ["Draft", "Model", "Page", "Row"]

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*(?:\{%\s*#([\w-]+)\s*%\})?\s*$")
_TAB = re.compile(r"\{%\s*tab\s+title=(?:\"([^\"]*)\"|'([^']*)')\s*%\}")
_END_OF_TAB = re.compile(r"\{%\s*/tab\s*%\}")
_ENDPOINT = re.compile(r"(GET|PUT|POST|DELETE|PATCH)\s+(https://[\w-]+\.)([\w.-]+)(/\S*)")
# Beside a name: `[*required*]`, `[*deprecated*]`.
_MARK = re.compile(r"\\?\[\s*[*_]+([\w -]+?)[*_]+\s*\\?\]|\\?\[(required)\\?\]", re.IGNORECASE)
_ARGUMENTS = re.compile(r"(path|query|header|cookie) (?:parameters|strings?)")
_UNKNOWN = "arguments: "
_STATUS = re.compile(r"\d{3}|[1-5]XX|default", re.ASCII)


@define
class Row:
    """A row of a table of arguments or of a model, with the rows of its fields."""

    name: str
    type: str
    description: str
    required: bool
    line: int
    deprecated: bool = False
    parent: Row | None = None
    fields: dict[str, Row] = Factory(dict)


@define
class Model:
    """What tabs show about a body: rows, and an example that may show more."""

    line: int
    rows: list[Row] = Factory(list)
    examples: list[Node] = Factory(list)
    has_tab: bool = False


@define
class Draft:
    """An operation that is being read."""

    title: str
    slug: str
    line: int
    method: str
    host: str
    path: str
    sites: dict[str, int] = Factory(dict)
    arguments: list[tuple[str, Row]] = Factory(list)
    body: Model | None = None
    body_required: bool = False
    answers: dict[int | str, Model] = Factory(dict)


@define
class Page:
    name: str
    title: str = ""
    area: str = ""
    operations: list[Draft] = Factory(list)
    _heading: tuple[str, str] = ("", "")
    _section: str = ""
    _arguments_level: int = 0
    """Of the heading above the tables of arguments."""

    _tabs: list[str] = Factory(list)
    _columns: list[str] | None = None
    _fence: list[str] | None = field(default=None)
    _fence_line: int = 0

    def read(self, text: str) -> None:
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
            if line.lstrip().startswith("```"):
                self._end_or_begin_of_code(number)
            elif self._fence is not None:
                self._fence.append(line)
            elif line.lstrip().startswith("|"):
                self._row(_cells(line), number)
            else:
                self._columns = None
                self._other(line, number)

    def _other(self, line: str, number: int) -> None:
        if match := _HEADING.match(line):
            self._begin_section(match[2], match[3] or "", len(match[1]), number)
        elif match := _TAB.match(line):
            self._tabs.append(match[1] or match[2] or "")
            model = self._model(number)
            if self._tabs[-1] == "Model" and model is not None:
                model.has_tab = True
        elif _END_OF_TAB.match(line):
            del self._tabs[-1:]
        elif not self.operations and (match := re.match(r"(title|breadcrumbs):\s*(.*)", line)):
            if match[1] == "title":
                self.title = match[2].strip()
            else:
                self.area = match[2].rpartition(">")[2].strip()

    def _begin_section(self, title: str, slug: str, level: int, number: int) -> None:
        words = title.lower()
        arguments = _ARGUMENTS.fullmatch(words)
        within = level == self._arguments_level + 1 if self._arguments_level else False
        self._section = arguments[1] if arguments else f"{_UNKNOWN}{title}" if within else ""
        if level <= self._arguments_level or words == "arguments":
            self._arguments_level = level if words == "arguments" else 0
        if words.startswith("body data"):
            self._section = "body"
            if self.operations:
                self.operations[-1].body = Model(number)
                self.operations[-1].body_required = "(required)" in words
        elif words == "response":
            self._section = "response"
        elif level <= 2:
            self._heading = (title, slug)
            self._tabs.clear()

    def _end_or_begin_of_code(self, number: int) -> None:
        if self._fence is None:
            self._fence, self._fence_line = [], number
            return
        model = self._model(number)
        if self._tabs[-1:] == ["Example"] and model is not None:
            try:
                example = parse("\n".join(self._fence), "")
            except UnreadableError:
                example = None  # such as one in another language
            if example is not None:
                model.examples.append(_moved(example, self._fence_line))
        self._fence = None

    def _model(self, number: int) -> Model | None:
        """The body that the open tabs are about."""
        if not self.operations:
            return None
        draft = self.operations[-1]
        if self._section == "body":
            return draft.body
        if self._section == "response":
            stated = next((tab for tab in self._tabs if _STATUS.fullmatch(tab)), None)
            if stated is not None:
                return draft.answers.setdefault(int(stated) if stated.isdecimal() else stated, Model(number))
        return None

    def _row(self, cells: list[str], number: int) -> None:
        if self._columns is None:
            self._columns = [cell.lower() for cell in cells]
        elif all(set(cell) <= set("-: ") for cell in cells):
            return
        elif "api endpoint" in self._columns:
            self._site(cells, number)
        elif self.operations and self._section:
            made = self._made(cells, self._columns, number)
            row = dict(zip(self._columns, cells, strict=False))
            model = self._model(number)
            if self._section in ("response", "body") and model is None:
                raise UnreadableError(f"{self.name}:{number}: this table is in no tab of a status")
            if self._section.startswith(_UNKNOWN):
                title = self._section.removeprefix(_UNKNOWN)
                raise UnreadableError(f"{self.name}:{number}: what kind of arguments {title!r} are is not known")
            if model is None:
                self.operations[-1].arguments.append((self._section, made))
            else:
                self._attach(model, made, row.get("parent field", "").replace("\\", ""))

    def _made(self, cells: Sequence[str], columns: Sequence[str], number: int) -> Row:
        """A row of a table of fields; its description may be missing."""
        row = dict(zip(columns, cells, strict=False))
        heading = "field" if "field" in columns else "name"
        if not {heading, "type"} <= {*columns}:
            raise UnreadableError(f"{self.name}:{number}: the columns {', '.join(columns)} are not known")
        marks = {(match[1] or match[2]).lower() for match in _MARK.finditer(row.get(heading, ""))}
        name = _MARK.sub("", row.get(heading, "")).replace("\\", "").strip()
        kind = row.get("type", "").replace("\\", "")
        if not name or not kind:
            raise UnreadableError(f"{self.name}:{number}: this row has no {'type' if name else heading}")
        return Row(name, kind, row.get("description", ""), "required" in marks, number, "deprecated" in marks)

    def _attach(self, model: Model, row: Row, parent: str) -> None:
        """Add a row below the last one that has the name of its parent and may have fields."""
        row.parent = _parent(model.rows, parent) if parent else None
        if parent and row.parent is None:
            raise UnreadableError(
                f"{self.name}:{row.line}: the parent field {parent!r} of {row.name!r} is not above it"
            )
        if row.parent is not None:
            row.parent.fields[row.name] = row
        model.rows.append(row)

    def _site(self, cells: Sequence[str], number: int) -> None:
        match = _ENDPOINT.search(" ".join(cells))
        if match is None:
            raise UnreadableError(f"{self.name}:{number}: this row of sites has no API endpoint")
        method, host, site, path = match.groups()
        draft = self.operations[-1] if self.operations else None
        written = (method, host, path, self._heading[0])
        if draft is None or (draft.method, draft.host, draft.path, draft.title) != written:
            title, slug = self._heading
            draft = Draft(title, slug, number, method, host, path)
            self.operations.append(draft)
        draft.sites.setdefault(site, number)


def _parent(rows: Sequence[Row], name: str) -> Row | None:
    """The row above that a field belongs to, by the parent's name alone.

    Rows are sorted, with the fields of each below it. An object in one of the same name (`attributes` of `attributes`)
    is one whose fields are not listed: what follows belongs to the outer one.
    """
    for row in reversed(rows):
        if row.name == name:
            return row.parent if row.parent is not None and row.parent.name == name else row
    return None


def _cells(line: str) -> list[str]:
    inside = line.strip().removeprefix("|")
    inside = inside[:-1] if inside.endswith("|") and not inside.endswith("\\|") else inside
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inside)]


def _moved(node: Node, lines: int) -> Node:
    """The node, at a place further below."""
    value: Any = node.value
    if isinstance(value, dict):
        value = {name: _moved(member, lines) for name, member in value.items()}
    elif isinstance(value, list):
        value = [_moved(item, lines) for item in value]
    return Node(value, node.line + lines)
