"""Tables as text: plain for pipes, or laid out for the width of a terminal.

On a terminal, cells are wrapped at spaces, and after a `-`, `/` or the like within long values; nothing is cut off. If
not all columns fit side by side, few rows are shown as one field per line, and of many rows only the columns that
fit, and the caller says which others there are. Headings are never broken within a word.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Grid", "paragraph", "print_fields", "print_grid", "wrap"]

_GAP = 2
_UNBROKEN = 36
"""Characters that stay in one line if at all possible: a UUID has as many."""

_NARROWEST = 10
"""Characters to which a column may shrink if its user chose it; headings may need more."""

_FEW_ROWS = 3
_BREAK_AFTER = "-_/.,:;=&?@"

Line = Callable[[str], None]


@attrs.frozen
class Grid:
    """Headings, and rows of as many cells; cells have no line feeds."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def part(self, indexes: Sequence[int]) -> Grid:
        """The columns with these indexes."""
        return Grid(
            [self.headings[index] for index in indexes], [[row[index] for index in indexes] for row in self.rows]
        )

    def columns(self) -> Iterator[list[str]]:
        """The cells of each column, without its heading."""
        return ([row[index] for row in self.rows] for index in range(len(self.headings)))

    def narrowest(self, unbroken: int) -> list[int]:
        """The least widths that break no word of a heading, nor any word of a cell that is at most so long."""
        return [
            max([_longest_word(heading), *(min(_longest_word(cell), unbroken) for cell in cells)])
            for heading, cells in zip(self.headings, self.columns(), strict=True)
        ]

    def widest(self) -> list[int]:
        """The widths at which nothing is wrapped."""
        return [
            max(map(_width, (heading, *cells))) for heading, cells in zip(self.headings, self.columns(), strict=True)
        ]


def print_grid(grid: Grid, line: Line, *, first: Sequence[str], keep_all: bool) -> list[str]:
    """Print a table to standard output; in a pipe, with the function `line`. Returns the headings left out for space.

    With `keep_all`, nothing is left out; otherwise room goes to the headings in `first` before the others.
    """
    if not sys.stdout.isatty():
        for text in _plain_lines([grid.headings, *grid.rows]):
            line(text)
        return []
    width = _terminal_width()
    if len(grid.rows) <= _FEW_ROWS and not _fits(grid.narrowest(_UNBROKEN), width):
        _print_records(grid, width)
        return []
    shown = grid if keep_all else grid.part(_fitting(grid, first, width))
    narrowest = shown.narrowest(_UNBROKEN)
    if not _fits(narrowest, width):
        narrowest = shown.narrowest(_NARROWEST)
    if not _fits(narrowest, width):
        _print_records(grid, width)
        return []
    widths = _spread(narrowest, shown.widest(), width)
    _print_styled([_wrapped(shown.headings, widths)], widths, header=True)
    _print_styled((_wrapped(row, widths) for row in shown.rows), widths)
    return [heading for heading in grid.headings if heading not in shown.headings]


def paragraph(text: str) -> str:
    """A text for standard output: on a terminal wrapped to its width, and indented below its first word."""
    if not sys.stdout.isatty():
        return text
    indentation = " " * (_width(text.split(" ", maxsplit=1)[0]) + 1)
    return f"\n{indentation}".join(wrap(text, _terminal_width() - len(indentation)))


def print_fields(names: Sequence[str], values: Sequence[str], line: Line) -> None:
    """Print the fields of one thing, one per line, to standard output; in a pipe, with the function `line`."""
    if sys.stdout.isatty():
        _print_records(Grid(names, [values]), _terminal_width())
    else:
        for text in _plain_lines(list(zip(names, values, strict=True))):
            line(text)


def _plain_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as lines of aligned columns, however long they get."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
        yield (" " * _GAP).join(padded).rstrip()


def wrap(text: str, width: int) -> list[str]:
    """The lines of a text that is wrapped at spaces and, within words that are too long, after punctuation."""
    lines = [""]
    for word in text.split(" "):
        candidate = f"{lines[-1]} {word}" if lines[-1] else word
        if _width(candidate) <= width:
            lines[-1] = candidate
            continue
        pieces = list(_pieces(word, width))
        if lines[-1]:
            lines += pieces
        else:
            lines[-1:] = pieces
    return lines


def _pieces(word: str, width: int) -> Iterator[str]:
    from rich.cells import chop_cells

    while _width(word) > width:
        piece = chop_cells(word, width)[0]
        # A break in the first half of the line would waste more room than it helps.
        at = max((piece.rfind(character) + 1 for character in _BREAK_AFTER), default=0)
        if at > len(piece) // 2:
            piece = piece[:at]
        yield piece
        word = word[len(piece) :]
    if word:
        yield word


def _fitting(grid: Grid, first: Sequence[str], width: int) -> list[int]:
    """The columns that fit side by side: of those named first any, then the others until one has no room."""
    narrowest = grid.narrowest(_UNBROKEN)
    named = [grid.headings.index(heading) for heading in first if heading in grid.headings]
    chosen: list[int] = []
    for index in [*named, *(index for index in range(len(narrowest)) if index not in named)]:
        if not chosen or _fits([narrowest[kept] for kept in (*chosen, index)], width):
            chosen.append(index)
        elif index not in named:
            break
    return sorted(chosen)


def _fits(widths: Sequence[int], width: int) -> bool:
    return sum(widths) + _GAP * (len(widths) - 1) <= width


def _spread(narrowest: Sequence[int], widest: Sequence[int], width: int) -> list[int]:
    """The widths of columns that together use the given one: what is left goes where text is still wrapped."""
    widths = list(narrowest)
    left = width - sum(widths) - _GAP * (len(widths) - 1)
    for index in sorted(range(len(widths)), key=lambda index: widest[index] - widths[index]):
        added = min(left, widest[index] - widths[index])
        widths[index] += added
        left -= added
    return widths


def _wrapped(cells: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
    return [wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]


def _print_records(grid: Grid, width: int) -> None:
    """One field per line, with an empty line between two rows."""
    name_width = min(max(map(_width, grid.headings)), max(width // 2, *map(_longest_word, grid.headings)))
    widths = [name_width, max(width - name_width - _GAP, _NARROWEST)]
    for number, row in enumerate(grid.rows):
        if number:
            _console().print()
        _print_styled((_wrapped(pair, widths) for pair in zip(grid.headings, row, strict=True)), widths)


def _print_styled(rows: Iterable[list[list[str]]], widths: Sequence[int], *, header: bool = False) -> None:
    """Print rows of wrapped cells: the first column colored, or all of them bold."""
    from rich.text import Text

    console = _console()
    for cells in rows:
        for number in range(max(map(len, cells))):
            line = Text()
            for index, (lines, width) in enumerate(zip(cells, widths, strict=True)):
                text = lines[number] if number < len(lines) else ""
                style = "bold" if header else "" if index else "cyan"
                line.append(text, style).append(" " * (width - _width(text) + _GAP))
            line.rstrip()
            console.print(line, soft_wrap=True)


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


def _terminal_width() -> int:
    return _console().width


def _longest_word(text: str) -> int:
    return max(map(_width, text.split(" ")))


def _width(text: str) -> int:
    from rich.cells import cell_len  # Chinese characters and the like are two columns wide

    return cell_len(text)
