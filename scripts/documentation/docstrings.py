"""Docstrings as Markdown: a paragraph with a line for each argument becomes a list. Griffe loads this extension."""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension, Object

ARGUMENT = re.compile(r"([a-z_]\w*(?:, [a-z_]\w*)*): (?=\S)")


class ArgumentLists(Extension):
    """Rewrites the docstrings of everything that is loaded."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)


def as_markdown(docstring: str) -> str:
    return "\n\n".join(map(paragraph_as_markdown, docstring.split("\n\n")))


def paragraph_as_markdown(paragraph: str) -> str:
    """A list, if each line that is not indented begins with names and a colon; else the paragraph as it is."""
    lines = paragraph.splitlines()
    if not all(line.startswith("    ") or ARGUMENT.match(line) for line in lines) or lines[:1] == [""]:
        return paragraph
    if all(line.startswith("    ") for line in lines):
        return paragraph
    return "\n".join(ARGUMENT.sub(_item, line, count=1) if not line.startswith(" ") else line for line in lines)


def _item(found: re.Match[str]) -> str:
    return f"- {', '.join(f'`{name.strip()}`' for name in found[1].split(','))}: "
