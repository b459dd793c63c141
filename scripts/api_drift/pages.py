"""Pages of Datadog's API reference, in Markdown: with one operation each, or with all operations of an area.

Both have the same parts under each operation: a table of sites, tables of arguments, and in tabs the models, enums,
examples and statuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve, frozen

from .model import (
    Answer,
    Body,
    Operation,
    Parameter,
    Place,
    Property,
    Schema,
    Server,
    Source,
    UnreadableError,
    is_about_replays,
)
from .nodes import Node
from .page_layout import Model, Page, Row

__all__ = ["read_page"]

_ALLOWED = re.compile(r"Allowed enum values:\s*((?:`[^`]*`[,\s]*)+)")
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
    page = Page(name)
    page.read(text)
    if not page.operations:
        what = (
            "is empty"
            if not text.strip()
            else "is HTML; the page is needed in Markdown"
            if re.match(r"\s*<(?:!doctype|html)\b", text, re.IGNORECASE)
            else "has no table of sites with an API endpoint: is it a page of the API reference?"
        )
        raise UnreadableError(f"{name} {what}")
    known = {operation.route for operation in ours.operations}
    keys = {operation.key for operation in ours.operations}
    operations = tuple(
        operation
        for operation in _Operations(page).found()
        if is_about_replays(operation.path) or operation.route in known or operation.key in keys
    )
    if not operations:
        raise UnreadableError(f"{name} has no operation about replays, only {page.operations[0].title!r} and the like")
    sites = {site: place for operation in reversed(operations) for site, place in (operation.sites or {}).items()}
    areas = {page.area} if page.area and page.title == page.area else set[str]()
    return Source("page", name, operations, sites, frozenset(areas))


@frozen
class _Operations:
    """What a page says, as operations."""

    _page: Page

    def found(self) -> Iterator[Operation]:
        for draft in self._page.operations:
            if not draft.answers:
                raise UnreadableError(
                    f"{self._page.name}:{draft.line}: no answers were recognized below {draft.title!r}"
                )
            yield Operation(
                place=self._place(draft.line),
                method=draft.method,
                path=draft.path,
                name=draft.slug or draft.title,
                area=self._page.area or None,
                parameters=tuple(
                    Parameter(
                        self._place(row.line),
                        row.name,
                        where,
                        row.required,
                        self._argument(row),
                        row.deprecated or None,
                    )
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
                server=Server(self._place(draft.line), f"{draft.host}{{site}}"),
            )

    def _argument(self, row: Row) -> Schema:
        """Tables of arguments leave out formats, except for times."""
        schema = self._schema(row)
        return schema if schema.format else evolve(schema, format=None)

    def _body(self, model: Model) -> Schema | None:
        if not model.rows:
            if model.has_tab:
                raise UnreadableError(f"{self._page.name}:{model.line}: no table was recognized in the tab of a model")
            return None
        top = Row("", "object", "", required=False, line=model.line)
        top.fields.update({row.name: row for row in model.rows if row.parent is None})
        schema = self._schema(top)
        for example in model.examples:
            schema = self._with_example(schema, example)
        return schema

    def _schema(self, row: Row, type_name: str | None = None) -> Schema:
        """The schema of a row; of the items of an array, whose type is in brackets, too."""
        name = (row.type if type_name is None else type_name).strip("<> ")
        place = self._place(row.line)
        if name.startswith("[") and name.endswith("]"):
            items = self._schema(row, name[1:-1])
            deprecated = row.deprecated or None
            return Schema(place, "array", format="", enum=(), deprecated=deprecated, items=items, properties={})
        # A type that pages did not have so far is one that we do not have, either.
        kind, form = _FORMATS.get(name.lower(), (name, ""))
        allowed = _ALLOWED.search(row.description)
        values = tuple(re.findall("`([^`]*)`", allowed[1])) if allowed else ()
        properties = {
            child.name: Property(self._place(child.line), child.required, self._schema(child))
            for child in row.fields.values()
            if not re.search(r"any-key|any key", child.name)
        }
        deprecated = row.deprecated or None
        return Schema(place, kind, format=form, enum=values, deprecated=deprecated, properties=properties)

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
        return Place(self._page.name, line)
