"""Pages of Datadog's API reference, in Markdown: with one operation each, or with all operations of an area.

Both have the same parts under each operation: a table of sites, tables of arguments, and in tabs the models, enums,
examples and statuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import Factory, define, evolve, field

from .documents import Node, parse
from .model import (
    Answer,
    Body,
    Operation,
    Parameter,
    Place,
    Property,
    Schema,
    Source,
    UnreadableError,
    is_about_replays,
)

__all__ = ["read_page"]

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*(?:\{%\s*#([\w-]+)\s*%\})?\s*$")
_TAB = re.compile(r"\{%\s*tab\s+title=\"([^\"]*)\"\s*%\}")
_END_OF_TAB = re.compile(r"\{%\s*/tab\s*%\}")
_ENDPOINT = re.compile(r"(GET|PUT|POST|DELETE|PATCH)\s+https://api\.([\w.-]+)(/\S*)")
_REQUIRED = re.compile(r"\\?\[\s*[*_]*required[*_]*\s*\\?\]", re.IGNORECASE)
_ALLOWED = re.compile(r"Allowed enum values:\s*((?:`[^`]*`[,\s]*)+)")
_SECTIONS = {"path parameters": "path", "query strings": "query", "header parameters": "header"}
_FORMATS = {
    "int32": ("integer", "int32"),
    "int64": ("integer", "int64"),
    "double": ("number", "double"),
    "float": ("number", "float"),
    "enum": ("string", ""),
    **{name: ("string", name) for name in ("date-time", "date", "uuid", "binary", "byte", "email", "uri", "password")},
    **{name: (name, "") for name in ("string", "integer", "number", "boolean", "object")},
}


def read_page(text: str, name: str, ours: Source) -> Source:
    """The operations of a page that are about replays or that `ours` has.

    Raises UnreadableError for a page without any, and for one whose parts are not recognized.
    """
    page = _Page(name)
    page.read(text)
    if not page.operations:
        raise UnreadableError(f"{name} has no table of sites with an API endpoint: is it a page of the API reference?")
    known = {operation.route for operation in ours.operations}
    keys = {operation.key for operation in ours.operations}
    operations = tuple(
        operation
        for operation in page.finished()
        if is_about_replays(operation.path) or operation.route in known or operation.key in keys
    )
    if not operations:
        raise UnreadableError(f"{name} has no operation about replays, only {page.operations[0].title!r} and the like")
    sites = {site: place for operation in reversed(operations) for site, place in (operation.sites or {}).items()}
    areas = {page.area} if page.area and page.title == page.area else set[str]()
    return Source("page", name, operations, sites, frozenset(areas))


@define
class _Row:
    """A row of a table of arguments or of a model, with the rows of its fields."""

    name: str
    type: str
    description: str
    required: bool
    line: int
    parent: _Row | None = None
    fields: dict[str, _Row] = Factory(dict)


@define
class _Model:
    """What tabs show about a body: rows, and an example that may show more."""

    line: int
    rows: list[_Row] = Factory(list)
    examples: list[Node] = Factory(list)
    has_tab: bool = False


@define
class _Draft:
    """An operation that is being read."""

    title: str
    slug: str
    line: int
    method: str
    path: str
    sites: dict[str, int] = Factory(dict)
    arguments: list[tuple[str, _Row]] = Factory(list)
    body: _Model | None = None
    body_required: bool = False
    answers: dict[int, _Model] = Factory(dict)


@define
class _Page:
    name: str
    title: str = ""
    area: str = ""
    operations: list[_Draft] = Factory(list)
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
                self.operations[-1].body = _Model(number)
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

    def _model(self, number: int) -> _Model | None:
        """The body that the open tabs are about."""
        if not self.operations:
            return None
        draft = self.operations[-1]
        if self._section == "body":
            return draft.body
        if self._section == "response":
            status = next((int(tab) for tab in self._tabs if tab.isdecimal()), None)
            return None if status is None else draft.answers.setdefault(status, _Model(number))
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
            made = _Row(
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

    def _attach(self, model: _Model, row: _Row, parent: str) -> None:
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
            draft = _Draft(title, slug, number, method, path)
            self.operations.append(draft)
            self._section = ""
        draft.sites.setdefault(site, number)

    def finished(self) -> Iterator[Operation]:
        for draft in self.operations:
            if not draft.answers:
                raise UnreadableError(f"{self.name}:{draft.line}: no answers were recognized below {draft.title!r}")
            yield Operation(
                place=self._place(draft.line),
                method=draft.method,
                path=draft.path,
                name=draft.slug or draft.title,
                area=self.area or None,
                parameters=tuple(
                    Parameter(self._place(row.line), row.name, where, row.required, self._argument(row))
                    for where, row in draft.arguments
                ),
                body=None
                if draft.body is None
                else Body(self._place(draft.body.line), draft.body_required, self._body(draft.body)),
                answers={
                    status: Answer(self._place(model.line), self._body(model))
                    for status, model in draft.answers.items()
                },
                sites={site: self._place(line) for site, line in draft.sites.items()},
            )

    def _argument(self, row: _Row) -> Schema:
        """Tables of arguments leave out formats, except for times."""
        schema = self._schema(row)
        return schema if schema.format else evolve(schema, format=None)

    def _body(self, model: _Model) -> Schema | None:
        if not model.rows:
            if model.has_tab:
                raise UnreadableError(f"{self.name}:{model.line}: no table was recognized in the tab of a model")
            return None
        top = _Row("", "object", "", False, model.line)
        top.fields.update({row.name: row for row in model.rows if row.parent is None})
        schema = self._schema(top)
        for example in model.examples:
            schema = self._with_example(schema, example)
        return schema

    def _schema(self, row: _Row, type_name: str | None = None) -> Schema:
        """The schema of a row; of the items of an array, whose type is in brackets, too."""
        name = (row.type if type_name is None else type_name).strip("<> ")
        place = self._place(row.line)
        if name.startswith("[") and name.endswith("]"):
            return Schema(place, "array", format="", enum=(), items=self._schema(row, name[1:-1]), properties={})
        kind, form = _FORMATS.get(name, (None, None))
        allowed = _ALLOWED.search(row.description)
        values = tuple(re.findall("`([^`]*)`", allowed[1])) if allowed else ()
        properties = {
            child.name: Property(self._place(child.line), child.required, self._schema(child))
            for child in row.fields.values()
            if not re.search(r"any-key|any key", child.name)
        }
        return Schema(place, kind, format=form, enum=values, properties=None if kind is None else properties)

    def _with_example(self, schema: Schema, example: Node) -> Schema:
        """The schema with the fields that only an example shows. Values of examples are often only names of types."""
        if schema.items is not None and isinstance(example.value, list):
            for item in example.items():
                schema = evolve(schema, items=self._with_example(schema.items or schema, item))
        if not schema.properties:  # whose fields are not documented
            return schema
        properties = dict(schema.properties)
        for name, value in example.members().items():
            if name in properties:
                known = properties[name]
                properties[name] = evolve(known, schema=self._with_example(known.schema, value))
            else:
                place = self._place(value.line)
                properties[name] = Property(place, None, Schema(place, None), is_only_example=True)
        return evolve(schema, properties=properties)

    def _place(self, line: int) -> Place:
        return Place(self.name, line)


def _parent(rows: Sequence[_Row], name: str) -> _Row | None:
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
