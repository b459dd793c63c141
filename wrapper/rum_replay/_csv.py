"""Cells of CSV: one rule for everything that writes some.

RFC 4180 with line feeds. A cell without a value is empty, empty text is `""`; text is always quoted, numbers, times and
truth values never.

Spreadsheets run text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula, in Japan also with
the full-width forms of these signs, and names and recordings contain text that anybody may have typed. Such text gets
an apostrophe in front. Where a spreadsheet separates cells by semicolons or tabs, as in most of Europe, it ignores
quotes within a cell, and what comes after a separator or line break within text begins a cell of its own: it is treated
in the same way. To get the text back, remove the first apostrophe wherever one precedes such a sign there, with nothing
but apostrophes and quotes between them.
"""

from __future__ import annotations

import re

__all__ = ["csv_cell"]

_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212"
_FORMULA = re.compile(rf"""(?:\A(?='*+[\t\r])|(?<![^;\t\r\n])(?=['"]*+[{_SIGNS}]))""")


def csv_cell(value: str | float | None) -> str:
    """A text, a number, True, False or None as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    return '"' + _FORMULA.sub("'", value).replace('"', '""') + '"'
