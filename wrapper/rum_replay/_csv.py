"""Cells of CSV: one rule for everything that writes some.

RFC 4180 with line feeds. A cell without a value is empty, empty text is `""`; text is always quoted, numbers, times and
truth values never. Spreadsheets run text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula,
and names and recordings contain text that anybody may have typed. Such text gets an apostrophe in front, even if it
already begins with some: remove one to get the text back.
"""

from __future__ import annotations

import re

__all__ = ["csv_cell"]

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def csv_cell(value: str | float | None) -> str:
    """A text, a number, True, False or None as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    guarded = f"'{value}" if _FORMULA.match(value) else value
    return '"' + guarded.replace('"', '""') + '"'
