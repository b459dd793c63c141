"""What the reference shows of the code: docstrings as Markdown, and defaults as users mean them. Griffe loads these."""

from __future__ import annotations

import re
from typing import Any

from griffe import Attribute, Expr, ExprCall, ExprKeyword, Extension, Object

ARGUMENT = re.compile(r"([a-z_]\w*(?:, [a-z_]\w*)*): (?=\S)")


class ArgumentLists(Extension):
    """Makes a list of a paragraph with a line for each argument."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)


class Defaults(Extension):
    """Shows the default of an attribute, and not the code that makes it a field or copies an argument."""

    def on_attribute(self, *, attr: Attribute, **_: Any) -> None:
        if "instance-attribute" in attr.labels:
            attr.value = default_of(attr.value) if "class-attribute" in attr.labels else None


def default_of(value: str | Expr | None) -> str | Expr | None:
    """The default that a field has; None if each instance gets a value of its own."""
    if not isinstance(value, ExprCall) or value.function.canonical_name != "field":
        return value
    defaults = [each.value for each in value.arguments if isinstance(each, ExprKeyword) and each.name == "default"]
    return defaults[0] if defaults else None


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
