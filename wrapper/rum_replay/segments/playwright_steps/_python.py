"""Python source as `ruff format` lays it out, whatever text is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap

import attrs

from ..._printable import UNSAFE, printable

__all__ = ["INDENT", "PAGE", "Call", "comment", "literal", "name_from", "pattern", "statement", "whole"]

_MOST_ON_ONE_LINE = 2
"""Calls one after the other that are laid out without brackets around all of them."""

LINE_LENGTH = 88
"""Characters; the default of ruff."""

INDENT = "    "
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_PLAIN = re.compile(r"[ !#-&(-~]*+", re.ASCII)
"""ASCII without quotes."""

_SPACE_IN_QUOTE = "\0"
PAGE = "\0page"
"""The name that a statement begins with, in arguments; literals have no such character."""


@attrs.frozen
class Call:
    """A call of a function or method, or a list; its arguments or items are source, or calls."""

    name: str
    """Whatever precedes the brackets."""

    arguments: tuple[str | Call, ...] = ()
    brackets: str = "()"
    on: Call | None = None
    """The call whose result it is a method of."""

    def __str__(self) -> str:
        """The call on one line."""
        before = "" if self.on is None else f"{self.on}."
        return f"{before}{self.name}{self.brackets[0]}{', '.join(map(str, self.arguments))}{self.brackets[1]}"

    def lines(self, indent: str, before: str) -> Iterator[str]:
        """The call with each argument on a line of its own; `before` is what precedes it on its first line."""
        yield f"{before}{self.name}{self.brackets[0]}"
        inner = indent + INDENT
        for argument in self.arguments:
            if isinstance(argument, Call) and not _fits(f"{inner}{argument},"):
                *lines, last = argument.lines(inner, inner)
                yield from lines
                yield f"{last},"
            else:
                yield f"{inner}{argument},"
        yield f"{indent}{self.brackets[1]}"


def statement(subject: str, calls: Sequence[Call], indent: str = INDENT) -> Iterator[str]:
    """The lines of a statement: a name, and calls of methods on it; no name, to begin with a function."""
    first = f"{indent}{subject}." if subject else indent
    line = (first + ".".join(map(str, calls))).replace(PAGE, subject)
    if _fits(line) or not any(call.arguments for call in calls):
        yield line
        return
    chain = [one for call in calls for one in _chain(call)]
    if len(chain) > _MOST_ON_ONE_LINE:
        yield f"{indent}("
        for number, call in enumerate(chain):
            for one in _laid_out(call, indent + INDENT, f"{subject}." if number == 0 and subject else "."):
                yield one.replace(PAGE, subject)
        yield f"{indent})"
        return
    *earlier, last = calls
    before = first + "".join(f"{call}." for call in earlier)
    if last.arguments and _fits(f"{before}{last.name}("):
        yield from last.lines(indent, before)
        return
    *lines, closing = earlier[0].lines(indent, first) if earlier[0].arguments else iter((f"{first}{earlier[0]}",))
    yield from lines
    if _fits(f"{closing}.{last}") or not last.arguments:
        yield f"{closing}.{last}"
    else:
        yield from last.lines(indent, f"{closing}.")


def _chain(call: Call) -> Iterator[Call]:
    """The calls that lead to this one, and itself."""
    if call.on is not None:
        yield from _chain(call.on)
    yield attrs.evolve(call, on=None)


def _laid_out(call: Call, indent: str, before: str) -> Iterator[str]:
    line = f"{indent}{before}{call}"
    return iter((line,)) if _fits(line) or not call.arguments else call.lines(indent, indent + before)


def _fits(line: str) -> bool:
    """Whether a line is short enough, also if all characters beyond ASCII are two columns wide.

    What is laid out on more lines than needed stays so, because of the comma at the end.
    """
    return len(line) + sum(character > "\x7f" for character in line) <= LINE_LENGTH


def literal(text: str) -> str:
    """A text as a string literal: no character of it ends the literal, is invisible, or changes the direction."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return f"{quote}{''.join(_escaped(character, quote) for character in text)}{quote}"


def _escaped(character: str, quote: str) -> str:
    if character == quote:
        return f"\\{quote}"
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and not UNSAFE.match(character):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def pattern(regular_expression: str) -> str:
    """A regular expression as a literal: raw if it is plain."""
    is_plain = _PLAIN.fullmatch(regular_expression) is not None and not regular_expression.endswith("\\")
    if is_plain and "\\" in regular_expression:
        return f'r"{regular_expression}"'
    return literal(regular_expression)


def comment(*pieces: str, quoted: Sequence[str] = (), indent: str = INDENT) -> list[str]:
    """Lines of a comment: our words, with recorded texts in quotation marks between them, which are not wrapped.

    So no line of it begins with recorded text, which tools could take for an instruction.
    """
    texts = [f"“{printable(text)}”".replace(" ", _SPACE_IN_QUOTE) for text in quoted]
    words = "".join(piece + (texts[number] if number < len(texts) else "") for number, piece in enumerate(pieces))
    lines = wrap(words, LINE_LENGTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False)
    return [f"{indent}# {line}".replace(_SPACE_IN_QUOTE, " ") for line in lines]


def name_from(*hints: str | None, limit: int = 20) -> str:
    """The capital letters and digits of the first hint that has some, for the name of a constant; maybe empty."""
    for hint in hints:
        words = re.findall(r"[A-Z0-9]++", (hint or "")[:200].upper(), re.ASCII)
        name = "_".join(words)[:limit].strip("_")
        if name:
            return name
    return ""


def whole(length: float) -> int:
    """A length in pixels as a whole number."""
    return round(max(-1e9, min(length, 1e9)))
