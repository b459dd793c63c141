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
_TAB = re.compile(r"\{%\s*tab\s+title=\"([^\"]*)\"\s*%\}")
_END_OF_TAB = re.compile(r"\{%\s*/tab\s*%\}")
_ENDPOINT = re.compile(r"(GET|PUT|POST|DELETE|PATCH)\s+https://api\.([\w.-]+)(/\S*)")
_REQUIRED = re.compile(r"\\?\[\s*[*_]*required[*_]*\s*\\?\]", re.IGNORECASE)
_SECTIONS = {"path parameters": "path", "query strings": "query", "header parameters": "header"}


@define
class Row:
    """A row of a table of arguments or of a model, with the rows of its fields."""

    name: str
    type: str
    description: str
    required: bool
    line: int
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
    path: str
    sites: dict[str, int] = Factory(dict)
    arguments: list[tuple[str, Row]] = Factory(list)
    body: Model | None = None
    body_required: bool = False
    answers: dict[int, Model] = Factory(dict)


@define
class Page:
    name: str
    title: str = ""
    area: str = ""
    operations: list[Draft] = Factory(list)
    _heading: tuple[str, str] = ("", "")
    _section: str = ""
    _tabs: list[str] = Factory(list)
    _columns: list[str] | None = None
    _fence: list[str] | None = field(default=None)
    _fence_line: int = 0

    def read(self, text: str) -> None:
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
            if line.lstrip().startswith("```"):
                self._end_or_begin_of_code(number)
            elif self._fence is not None:
                self._fence.append(line)
            elif line.startswith("|"):
                self._row(_cells(line), number)
            else:
                self._columns = None
                self._other(line, number)

    def _other(self, line: str, number: int) -> None:
        if match := _HEADING.match(line):
            self._begin_section(match[2], match[3] or "", len(match[1]), number)
        elif match := _TAB.match(line):
            self._tabs.append(match[1])
            model = self._model(number)
            if match[1] == "Model" and model is not None:
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
        self._section = _SECTIONS.get(words, "")
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
            status = next((int(tab) for tab in self._tabs if tab.isdecimal()), None)
            return None if status is None else draft.answers.setdefault(status, Model(number))
        return None

    def _row(self, cells: list[str], number: int) -> None:
        if self._columns is None:
            self._columns = [cell.lower() for cell in cells]
        elif all(set(cell) <= set("-: ") for cell in cells):
            return
        elif "api endpoint" in self._columns:
            self._site(cells, number)
        elif self.operations and self._section:
            row = dict(zip(self._columns, cells, strict=False))
            name = row.get("field", row.get("name"))
            if name is None or "type" not in row:
                raise UnreadableError(f"{self.name}:{number}: the columns {', '.join(self._columns)} are not known")
            bare = _REQUIRED.sub("", name).strip()
            made = Row(
                bare.replace("\\", ""),
                row["type"].replace("\\", ""),
                row.get("description", ""),
                bare != name.strip(),
                number,
            )
            model = self._model(number)
            if model is None:
                self.operations[-1].arguments.append((self._section, made))
            else:
                self._attach(model, made, row.get("parent field", "").replace("\\", ""))

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
        method, site, path = match[1], match[2], match[3]
        draft = self.operations[-1] if self.operations else None
        if draft is None or (draft.method, draft.path, draft.title) != (method, path, self._heading[0]):
            title, slug = self._heading
            draft = Draft(title, slug, number, method, path)
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
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _moved(node: Node, lines: int) -> Node:
    """The node, at a place further below."""
    value: Any = node.value
    if isinstance(value, dict):
        value = {name: _moved(member, lines) for name, member in value.items()}
    elif isinstance(value, list):
        value = [_moved(item, lines) for item in value]
    return Node(value, node.line + lines)
