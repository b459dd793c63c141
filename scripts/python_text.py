"""Texts and names of the contract in Python code: whatever they hold, the code means just that."""

from __future__ import annotations

import builtins
import json
import keyword
import re
import textwrap

__all__ = ["docstring_lines", "escaped", "is_argument", "is_attribute", "literal"]

_OF_RESOURCES = {"id", "type", "relationships", "links", "meta"}
"""JSON:API has these beside the attributes."""

_OF_MODELS = {"extra", "to_dict"}
_PIECE = 80
"""So that a piece fits its line, however deep that is."""


def escaped(text: str) -> str:
    """A text on one line, for the inside of a docstring."""
    text = " ".join(text.split()).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'{text[:-1]}\\"' if text.endswith('"') and not text.endswith('\\"') else text


def docstring_lines(text: str, width: int, *, quotes: str = '"""') -> list[str]:
    """A paragraph of a docstring, wrapped; `quotes` are around it. A word that is too long has a line of its own."""
    return textwrap.wrap(f"{quotes}{escaped(text)}{quotes}", width, break_long_words=False)


def literal(text: str) -> str:
    """A literal; of a long text, several in parentheses."""
    pieces = re.findall(rf".{{1,{_PIECE}}}(?:(?<=\s)|$)|.{{1,{_PIECE}}}", text, re.DOTALL) or [""]
    written = [json.dumps(piece, ensure_ascii=False) for piece in pieces]
    return written[0] if len(written) == 1 else f"({' '.join(written)})"


def is_argument(name: str) -> bool:
    """Whether functions can have an argument of that name, in the style of all others."""
    is_plain = re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None
    return is_plain and not keyword.iskeyword(name) and not hasattr(builtins, name) and name != "self"


def is_attribute(name: str, *, of_resource: bool) -> bool:
    """Whether a class of the client can have an attribute of that name; what it does not have, `to_dict()` has."""
    if name in _OF_RESOURCES:
        return not of_resource
    return is_argument(name) and name not in _OF_MODELS
