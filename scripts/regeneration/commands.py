"""The command for a new operation: a list with its columns, one resource, a change, or a deletion."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Sequence

from attrs import define, field
from python_text import docstring_lines, is_attribute, literal

from .contract import Contract, Endpoint, Field
from .kinds import KINDS, Argument
from .parameters import option
from .source import Module

__all__ = ["Command", "columns_of", "verb"]


def verb(endpoint: Endpoint) -> str:
    """The command's verb: `list_shares` is `shares`, `record_watch` is `record-watch`."""
    return re.sub(r"^(list|get)_(?=.)", "", endpoint.name).replace("_", "-")


def columns_of(contract: Contract, model: str) -> list[Field]:
    """The attributes that tables can show."""
    schema = contract.models()[model]
    return [
        each
        for each in contract.fields(contract.attributes(schema))
        if each.type not in ("object", "array") and is_attribute(each.name, of_resource=True)
    ]


@define
class Command:
    """A command on its way into the module of its group."""

    module: Module
    contract: Contract
    endpoint: Endpoint
    model: str | None
    decorators: list[str] = field(factory=list)
    parameters: list[str] = field(factory=list)
    given: list[str] = field(factory=list)
    """What the method of the client is given."""

    client: str = "settings.client()"

    def write(self, in_path: Sequence[Argument], others: Sequence[Argument]) -> None:
        """Add the command to the end of the module."""
        self.decorators.append(f'{self.endpoint.group}.command("{verb(self.endpoint)}")')
        self._arguments(in_path, others)
        if self.endpoint.is_list:
            self._paging()
        if self.endpoint.method != "GET":
            self._change()
        name = self.endpoint.name
        name = f"{name}_{self.endpoint.group}" if f"def {name}(" in self.module else name
        body = self._body(in_path)
        star = ["*"] if self.parameters else []
        lines = [
            "",
            *(f"@{each}" for each in [*self.decorators, "click.pass_obj"]),
            f"def {name}({', '.join(['settings: Settings', *star, *self.parameters])}) -> None:",
            textwrap.indent("\n".join(docstring_lines(f"{self.endpoint.summary}.", 112)), "    "),
            f"    with {self.client} as replay:",
            *(f"        {line}" for line in body),
        ]
        self.module.add_at_end("\n".join(lines) + "\n")

    def _arguments(self, in_path: Sequence[Argument], others: Sequence[Argument]) -> None:
        for each in in_path:
            shared, metavar = f"_{each.name}", each.name.removesuffix("_id").upper()
            own = f'click.argument("{each.name}", metavar="{metavar}")'
            self.decorators.append(shared if f"\n{shared} = " in self.module else own)
            self.parameters.append(f"{each.name}: str")
            self.given.append(each.name)
        for each in others:
            self.decorators.append(option(each))
            self.parameters.append(f"{each.name}: {each.annotation}")
            self.given.append(f"{each.name}={each.name}")
        if any(each.kind is KINDS["date-time"] for each in others):
            self.module.add_import(".arguments", "time_option")
            self.module.add_import("datetime", "datetime")

    def _paging(self) -> None:
        if self.endpoint.paged:
            self.decorators.append("paging_options")
            self.module.add_import(".arguments", "paging_options")
            names = {"page_size": "int | None", "start_page": "int", "limit": "int | None"}
        else:
            self.decorators.append('click.option("--limit", type=int, metavar="N", help="List at most N.")')
            names = {"limit": "int | None"}
        self.parameters += [f"{name}: {annotation}" for name, annotation in names.items()]
        self.given += [f"{name}={name}" for name in names]

    def _change(self) -> None:
        self.client = "changing(settings, dry_run=dry_run)"
        if self.endpoint.method == "DELETE":
            self.decorators.append("yes_option")
            self.parameters.append("yes: bool")
            self.module.add_import(".commands", "confirm")
            self.module.add_import(".commands", "yes_option")
        self.decorators.append("dry_run_option")
        self.parameters.append("dry_run: bool")
        self.module.add_import(".dry_run", "changing")
        self.module.add_import(".dry_run", "dry_run_option")

    def _body(self, in_path: Sequence[Argument]) -> list[str]:
        call = f"replay.{self.endpoint.group}.{self.endpoint.name}({', '.join(self.given)})"
        if self.model is None:
            ids = "".join(f', "{each.name}": {each.name}' for each in in_path)
            done, question = literal(f"done: {self.endpoint.summary}"), literal(f"{self.endpoint.summary}?")
            result = f'settings.output.result({done}, {{"type": "{self.endpoint.snake}"{ids}}})'
            asked = [f"confirm(lambda: {question}, yes=yes or dry_run)"] if self.endpoint.method == "DELETE" else []
            return [*asked, call, result]
        columns = self._columns(self.model)
        self.module.add_import(".output", "wire_form")
        self.module.add_import("..", self.model)
        if not self.endpoint.is_list:
            return [f"settings.output.item({call}, {columns}, wire_form)"]
        self.decorators.append(f"columns_option({columns})")
        self.parameters.append("columns: list[str] | None")
        self.module.add_import(".arguments", "columns_option")
        return [f"found = {call}", f"settings.output.items(found, {columns}, wire_form, columns)"]

    def _columns(self, model: str) -> str:
        """The name of the table that shows the model; a new one, with a column for each attribute, if there is none."""
        for node in self.module.tree.body:
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == f"Columns[{model}]":
                return ast.unparse(node.target)
        name = f"_{re.sub(r'(?<!^)(?=[A-Z])', '_', model).upper()}_COLUMNS"
        one = re.findall(r"[A-Z][a-z]+|[A-Z]+", model)[-1].lower()
        fields = ["id", *(each.name for each in columns_of(self.contract, model))]
        columns = ", ".join(f'"{each.replace("_", " ")}": lambda {one}: {one}.{each}' for each in fields)
        group = next(each for each in self.module.functions() if any(map(_makes_group, each.decorator_list)))
        self.module.add_before(group, f"{name}: Columns[{model}] = {{{columns}}}\n\n")
        self.module.add_import(".output", "Columns")
        return name


def _makes_group(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).startswith("click.group")
