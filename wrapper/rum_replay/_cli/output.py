"""What commands print: tables for people or JSON lines for programs, and nothing that controls the terminal.

On a terminal, tables are colored and wrapped to its width. Elsewhere they are plain, one line per row, and nothing is
cut off.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import attrs
import click

from .._files import file_error
from .._times import rfc3339

__all__ = ["Columns", "Output", "cell", "one_line", "printable"]

T = TypeVar("T")

Columns = Mapping[str, Callable[[T], object]]
"""What a table shows of each item, by column heading."""

_CONTROLS = r"\x00-\x1f\x7f-\x9f"
"""C0 and C1 control characters and DEL."""

_UNSAFE = re.compile(
    "["
    + _CONTROLS
    + r"\u2028\u2029"  # line and paragraph separators
    + r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, embeddings, overrides, isolates
    + r"\u206a-\u206f"  # deprecated: symmetric swapping, Arabic shaping, digit shapes
    + r"\ufff9-\ufffb"  # interlinear annotations
    + r"\u200b\u2060-\u2065\ufeff"  # invisible: two ids that differ would look the same
    + r"\U000e0000-\U000e007f"  # tags: invisible text
    + r"\ud800-\udfff"  # surrogates, which no encoding can write
    + "]"
)


def printable(text: str) -> str:
    """The text on one line, with control characters and the like escaped, such as `\\n` and `\\x1b`."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def printable_markup(html: str) -> str:
    """HTML that is safe to print: tabs and line feeds stay, and the rest of what `printable` escapes is replaced.

    Control characters, which HTML has no use for, become U+FFFD, others a character reference, so that a browser still
    shows the same text.
    """
    return _UNSAFE.sub(_markup_of, html)


def _markup_of(found: re.Match[str]) -> str:
    character = found[0]
    if character in "\t\n":
        return character
    return "\ufffd" if re.match(f"[{_CONTROLS}]", character) else f"&#x{ord(character):x};"


def one_line(text: str) -> str:
    """A message on one line: each run of white space becomes a space."""
    return printable(" ".join(text.split()))


def cell(value: Any) -> str:
    """A value as tables show it: times in UTC, `-` for a missing or empty one."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return rfc3339(value, "milliseconds" if value.microsecond else "seconds")
    return printable(str(value))


@attrs.frozen
class Output:
    """Prints results to standard output, and notes for people to standard error.

    Every command has a JSON form. Its keys are written out where the command is, or are those of the API.
    """

    as_json: bool

    def items(self, items: Iterable[T], columns: Columns[T], to_json: Callable[[T], Mapping[str, Any]]) -> None:
        """Print a list: a table, or one JSON object per line, each as soon as it arrives."""
        if self.as_json:
            for item in items:
                self.json(to_json(item))
            return
        rows = [[cell(get(item)) for get in columns.values()] for item in items]
        if rows:
            _table(list(columns), rows)
        else:
            self.note("nothing found")

    def item(self, item: T, columns: Columns[T], to_json: Callable[[T], Mapping[str, Any]]) -> None:
        """Print one item: a line per field, or one JSON object."""
        if self.as_json:
            self.json(to_json(item))
        else:
            _table(None, [[name, cell(get(item))] for name, get in columns.items()])

    def result(self, sentence: str, as_json: Mapping[str, Any]) -> None:
        """Print what was done: a sentence, or one JSON object."""
        if self.as_json:
            self.json(as_json)
        else:
            _print(printable(sentence))

    def say(self, text: str = "") -> None:
        """Print lines that JSON output leaves out."""
        if not self.as_json:
            _print("\n".join(printable(line) for line in text.split("\n")))

    def heading(self, text: str) -> None:
        """Print a title that JSON output leaves out."""
        if not self.as_json:
            _print(click.style(printable(text), bold=True))

    def note(self, text: str) -> None:
        """Print a remark to standard error, in both forms of output."""
        click.echo(printable(text), err=True)

    def json(self, value: Mapping[str, Any]) -> None:
        """Print one JSON object."""
        # ASCII, which every locale can write. `echo` flushes, so that a reader gets each line at once.
        _print(json.dumps(value))

    def markup(self, html: str) -> None:
        """Print HTML, whatever the form of output."""
        _print(printable_markup(html))


def _print(text: str) -> None:
    """Write a line to standard output; raises FileError if it cannot be written, BrokenPipeError if nobody reads it."""
    try:
        click.echo(text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise file_error(error, "standard output", "written") from error


def _table(headings: Sequence[str] | None, rows: list[list[str]]) -> None:
    if sys.stdout.isatty():
        _colored_table(headings, rows)
    else:
        _plain_table(headings, rows)


def _plain_table(headings: Sequence[str] | None, rows: list[list[str]]) -> None:
    from rich.cells import cell_len  # Chinese characters and the like are two columns wide

    lines = rows if headings is None else [list(headings), *rows]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (text + " " * (width - cell_len(text)) for text, width in zip(line, widths, strict=True))
        _print("  ".join(padded).rstrip())


def _colored_table(headings: Sequence[str] | None, rows: list[list[str]]) -> None:
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
