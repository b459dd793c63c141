"""What commands print: tables for people, JSON, YAML or CSV for programs, and nothing that controls the terminal.

On a terminal, tables are colored and laid out for its width. Elsewhere they are plain, one line per row, and nothing is
cut off.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, Literal, Protocol, TypeVar, cast, final

import attrs
import click

from .._csv import csv_cell
from .._printable import UNSAFE, printable, printable_markup
from .._times import rfc3339
from .tables import Grid, paragraph, print_fields, print_grid

__all__ = [
    "ALL_COLUMNS",
    "Column",
    "Columns",
    "Form",
    "Output",
    "cell",
    "column_name",
    "counted",
    "milliseconds_column",
    "wire_form",
]

T = TypeVar("T")

Form = Literal["table", "lines", "json", "yaml", "csv"]
"""`lines` is one JSON object per line, `json` one document."""

ALL_COLUMNS = "all"
"""What `--columns` takes instead of names."""


@final
@attrs.frozen
class Column(Generic[T]):
    """A column whose value has a unit, which tables put beside it and CSV into the name of the column."""

    get: Callable[[T], object]
    worded: Callable[[T], object]
    """What tables show."""

    unit: str


def milliseconds_column(get: Callable[[T], float | None]) -> Column[T]:
    """A duration, which tables show in seconds."""

    def seconds(of: T) -> str | None:
        value = get(of)
        return None if value is None else f"{value / 1000:.1f} s"

    return Column(get, seconds, "ms")


Columns = Mapping[str, Callable[[T], object] | Column[T]]
"""What a table shows of each item, by column heading."""


def cell(value: Any) -> str:
    """A value as tables show it: times in UTC, `-` for a missing or empty one."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return rfc3339(value, "milliseconds" if value.microsecond else "seconds")
    return printable(str(value))


def counted(count: int, noun: str) -> str:
    """A number of things, such as `1 page` and `2 pages`; for nouns with a regular plural."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def column_name(heading: str, column: object = None) -> str:
    """The name of a column in CSV and for `--columns`, such as `created_at` for the heading `created at`."""
    name = re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")
    return f"{name}_{column.unit}" if isinstance(column, Column) else name


class _Resource(Protocol):
    def to_dict(self) -> dict[str, Any]: ...


def wire_form(resource: _Resource) -> dict[str, Any]:
    """An object of the API as the server sent it."""
    return resource.to_dict()


@attrs.define
class Output:
    """Prints results to standard output, and notes for people to standard error.

    Every command has a JSON form. Its keys are written out where the command is, or are those of the API.
    """

    form: Form = "table"
    _collected: list[Mapping[str, Any]] = attrs.field(factory=list[Mapping[str, Any]], init=False)
    """What a document of JSON or YAML, or a table of results as CSV, consists of; printed by `finish`."""

    _is_list: bool = attrs.field(default=False, init=False)
    """Whether that document is a list, however many objects it has."""

    @property
    def prints_objects(self) -> bool:
        """Whether results are printed as the objects that commands make for JSON, not as sentences or rows."""
        return self.form in ("lines", "json", "yaml")

    def items(
        self,
        items: Iterable[T],
        columns: Columns[T],
        to_json: Callable[[T], Mapping[str, Any]],
        chosen: Sequence[str] | None = None,
        *,
        first: Sequence[str] = (),
        keep_all: bool = False,
    ) -> None:
        """Print a list: a table, or an object for each item; as JSON lines and CSV, each as soon as it arrives.

        `chosen` are the headings that the user chose. Without any, a narrow terminal shows as many columns as fit,
        those in `first` before the others, unless `keep_all` says otherwise.
        """
        if self.prints_objects:
            self._is_list = True
            for item in items:
                self.json(to_json(item))
            return
        if chosen is not None and ALL_COLUMNS not in chosen:
            columns = {heading: columns[heading] for heading in chosen if heading in columns}
        if self.form == "csv":
            _print_csv(items, columns)
            return
        rows = [[_shown(column, item) for column in columns.values()] for item in items]
        if not rows:
            self.note("nothing found")
            return
        keep_all = keep_all or chosen is not None
        left_out = print_grid(Grid(list(columns), rows), _print, first=first, keep_all=keep_all)
        if left_out:
            self.note(
                f"not shown, for lack of space: {', '.join(left_out)}; choose with --columns NAMES, "
                f"or --columns {ALL_COLUMNS}"
            )

    def item(self, item: T, columns: Columns[T], to_json: Callable[[T], Mapping[str, Any]]) -> None:
        """Print one item: a line per field, or one object."""
        if self.prints_objects:
            self.json(to_json(item))
        elif self.form == "csv":
            _print_csv((item,), columns)
        else:
            print_fields(list(columns), [_shown(column, item) for column in columns.values()], _print)

    def result(self, sentence: str, as_json: Mapping[str, Any], *, one_of_several: bool = False) -> None:
        """Print what was done: a sentence, or an object. A command that may print several says so."""
        if self.form == "table":
            _print(printable(sentence))
        else:
            self._is_list = self._is_list or one_of_several
            self.json(as_json)

    def say(self, text: str = "") -> None:
        """Print lines that belong to tables; other forms of output leave them out."""
        if self.form == "table":
            _print("\n".join(printable(line) for line in text.split("\n")))

    def footnote(self, text: str) -> None:
        """Print a remark below a table, whose first word marks it."""
        self.say(paragraph(text))

    def heading(self, text: str) -> None:
        """Print a title that belongs to tables."""
        if self.form == "table":
            _print(click.style(printable(text), bold=True))

    def note(self, text: str) -> None:
        """Print a remark to standard error, in all forms of output."""
        click.echo(printable(text), err=True)

    def json(self, value: Mapping[str, Any]) -> None:
        """Print one object: at once as a JSON line, otherwise with the others by `finish`."""
        if self.form in ("json", "yaml", "csv"):
            self._collected.append(value)
        else:
            # ASCII, which every locale can write. `echo` flushes, so that a reader gets each line at once.
            _print(json.dumps(value))

    def finish(self, *, failed: bool = False) -> None:
        """Print the objects so far as one document; after a failure, only if there are some."""
        collected, self._collected = self._collected, []
        if not collected and (failed or not self._is_list):
            return
        if self.form == "csv":
            _print_flat(collected)
            return
        document = collected if self._is_list or len(collected) > 1 else collected[0]
        if self.form == "json":
            _print(json.dumps(document, indent=2))
        elif self.form == "yaml":
            _print(_yaml(document))

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
        from .._files import file_error

        raise file_error(error, "standard output", "written") from error


def _shown(column: Callable[[T], object] | Column[T], item: T) -> str:
    return cell(column(item) if callable(column) else column.worded(item))


def _print_csv(items: Iterable[T], columns: Columns[T]) -> None:
    getters = [column if callable(column) else column.get for column in columns.values()]
    _print_rows(
        [column_name(heading, column) for heading, column in columns.items()],
        ([get(item) for get in getters] for item in items),
    )


def _print_flat(objects: Sequence[Mapping[str, Any]]) -> None:
    """Objects as rows of CSV; the keys of nested ones are joined by dots."""
    rows = [dict(_flat(one)) for one in objects]
    names = list(dict.fromkeys(name for row in rows for name in row))
    _print_rows(names, ([row.get(name) for name in names] for row in rows))


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _flat(cast("Mapping[str, Any]", inner), f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", inner


def _print_rows(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    header: str | None = ",".join(map(_csv, names))
    for row in rows:
        if header is not None:  # once it is clear that there is an answer
            _print(header)
            header = None
        _print(",".join(map(_csv, row)))
    if header is not None:
        _print(header)


def _csv(value: object) -> str:
    if isinstance(value, datetime):
        return cell(value)
    if value is None or isinstance(value, int | float):
        return csv_cell(value)
    text = value if isinstance(value, str) else json.dumps(value)
    return csv_cell("\n".join(map(printable, text.split("\n"))))


def _yaml(value: object) -> str:
    import yaml

    plain = json.loads(json.dumps(value))  # without tuples, and without objects that occur twice, which get an alias

    def dump(*, allow_unicode: bool) -> str:
        text: str = yaml.safe_dump(plain, sort_keys=False, width=sys.maxsize, allow_unicode=allow_unicode)
        return text.removesuffix("\n")

    text = dump(allow_unicode=True)
    is_safe = not UNSAFE.search(text.replace("\n", "")) and _can_be_encoded(text)
    return text if is_safe else dump(allow_unicode=False)


def _can_be_encoded(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
