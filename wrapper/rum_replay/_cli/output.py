"""What commands print: tables for people, or JSON lines for programs.

On a terminal tables are coloured and wrapped to its width. Elsewhere they are plain and nothing is cut, one line for
each row.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import attrs
import click

from .printable import cell, printable

__all__ = ["Columns", "Output"]

T = TypeVar("T")

Columns = Mapping[str, Callable[[T], object]]
"""What a table shows of each item, by the column's heading."""


@attrs.frozen
class Output:
    """Where results go: standard output. Notes to people go to standard error."""

    as_json: bool

    def items(self, items: Iterable[T], columns: Columns[T], to_json: Callable[[T], Mapping[str, Any]]) -> None:
        """A list: a table, or one JSON object a line, printed as it arrives."""
        if self.as_json:
            for item in items:
                self._json(to_json(item))
            return
        rows = [[cell(get(item)) for get in columns.values()] for item in items]
        if rows:
            _table(list(columns), rows)
        else:
            self.note("nothing found")

    def item(self, item: T, columns: Columns[T], to_json: Callable[[T], Mapping[str, Any]]) -> None:
        """One thing: its fields below each other, or one JSON object."""
        if self.as_json:
            self._json(to_json(item))
        else:
            _table(None, [[name, cell(get(item))] for name, get in columns.items()])

    def done(self, sentence: str, result: Mapping[str, Any]) -> None:
        """What was done: a sentence, or one JSON object."""
        if self.as_json:
            self._json(result)
        else:
            click.echo(printable(sentence))

    def say(self, text: str = "") -> None:
        """Lines for people alone."""
        if not self.as_json:
            click.echo("\n".join(printable(line) for line in text.split("\n")))

    def heading(self, text: str) -> None:
        """A title for people alone."""
        if not self.as_json:
            click.secho(printable(text), bold=True)

    def note(self, text: str) -> None:
        """A remark on standard error, whatever the format."""
        click.echo(printable(text), err=True)

    def _json(self, value: Mapping[str, Any]) -> None:
        # ASCII, which every pipe and every locale carries; flushed, so that a reader gets each line when it is there.
        click.echo(json.dumps(value))


def _table(headings: Sequence[str] | None, rows: list[list[str]]) -> None:
    if sys.stdout.isatty():
        _coloured_table(headings, rows)
    else:
        _plain_table(headings, rows)


def _plain_table(headings: Sequence[str] | None, rows: list[list[str]]) -> None:
    from rich.cells import cell_len  # Chinese characters and the like are two columns wide

    lines = rows if headings is None else [list(headings), *rows]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (text + " " * (width - cell_len(text)) for text, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _coloured_table(headings: Sequence[str] | None, rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=headings is not None)
    # Ids are there to be copied: wrapped where there is no room, never shortened.
    for index, heading in enumerate(headings or rows[0]):
        table.add_column(heading, overflow="fold", style="cyan" if index == 0 else "")
    for row in rows:
        table.add_row(*(Text(text) for text in row))
    Console(highlight=False, markup=False, emoji=False).print(table)
