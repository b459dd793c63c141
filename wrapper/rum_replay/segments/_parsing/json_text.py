"""The parts of JSON as patterns, and how to get past a value without decoding it.

The patterns are possessive: they never backtrack, so they take linear time. Each only finds where something ends;
whether it is valid JSON is for the decoder of records to say.
"""

from __future__ import annotations

import re

from .budget import Budget
from .window import Window

__all__ = [
    "BLANK",
    "ITEMS",
    "LOOKAHEAD",
    "OBJECT",
    "SCALAR",
    "STRING",
    "VALUE",
    "MalformedError",
    "end_of_value",
    "skip_string",
    "skip_value",
]

LOOKAHEAD = 1 << 16
"""Bytes that a window should hold before a pattern is tried; few values are longer."""

_LEVELS = 16


def _balanced() -> bytes:
    """Everything within a pair of brackets, nested up to a depth that few records exceed, as one pattern."""
    plain = rb'[^"{}\[\]]*+'
    inside = plain + rb"(?:(?>%b)%b)*+" % (_STRING, plain)
    for _ in range(_LEVELS):
        inside = plain + rb"(?:(?>%b|[\[{]%b[\]}])%b)*+" % (_STRING, inside, plain)
    return inside


# Without line ends, which JSON strings cannot hold: a missing quote affects at most the rest of the line. For use in a
# group: strings without escapes, which most are, have an alternative of their own, since it is faster.
_STRING = rb'"[^"\\\n]*+"|"[^"\\\n]*+(?:\\.[^"\\\n]*+)++"'
_INSIDE = _balanced()
BLANK = re.compile(rb"[ \t\r\n]*+")
STRING = re.compile(_STRING, re.DOTALL)
SCALAR = re.compile(rb"[-+.0-9A-Za-z]++")
OBJECT = re.compile(rb"[ \t\r\n]*+(\{%b\})[ \t\r\n]*+(,?)" % _INSIDE, re.DOTALL)
"""An object that is complete in the window, and the comma after it."""

VALUE = re.compile(rb"[\[{]%b[\]}]" % _INSIDE, re.DOTALL)
ITEMS = re.compile(
    rb"(?>[ \t\r\n]*+(?:[\[{]%b[\]}]|%b|[-+.0-9A-Za-z]++)[ \t\r\n]*+,)++" % (_INSIDE, _STRING), re.DOTALL
)
"""Items of a list, each with the comma after it."""

_TO_BRACKET = re.compile(rb'[^"{}\[\]]*+(?:(?>%b)[^"{}\[\]]*+)*+([{}\[\]])' % _STRING, re.DOTALL)
_PAST_VALUES = re.compile(rb"%b([{}\[\]])" % _INSIDE, re.DOTALL)
"""As _TO_BRACKET, but past all brackets that are closed again."""

_STRING_BODY = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_PLAIN = re.compile(rb'[^"{}\[\]]*+')


class MalformedError(Exception):
    """The text at the cursor is not valid JSON; never leaves `find_records`."""


def end_of_value(window: Window, budget: Budget) -> int | None:
    """The index after the brackets that open at the cursor, growing the window; None if the value is larger than
    `max_record`, or the stream ends before."""
    max_record = budget.limits.max_record
    window.fill(LOOKAHEAD)
    complete = VALUE.match(window.data, window.cursor)
    if complete is not None:
        return complete.end() if complete.end() - window.cursor <= max_record else None
    depth, size, most_at_once = 0, 0, budget.limits.max_nesting - _LEVELS - 1
    while True:
        pattern = _PAST_VALUES if depth <= most_at_once else _TO_BRACKET
        match = pattern.match(window.data, window.cursor + size)
        if match is None:
            if len(window.data) - window.cursor > max_record or not window.grow():
                return None
            continue
        size = match.end() - window.cursor
        if match.group(1) in b"[{":
            depth += 1
            if depth > budget.limits.max_nesting:
                budget.stop("max_nesting", window.location(), "brackets nested deeper")
        else:
            depth -= 1
            if depth == 0:
                return match.end() if size <= max_record else None


def skip_value(window: Window, budget: Budget) -> bool:
    """Move past the brackets that open at the cursor, in constant memory; False if the stream ends before."""
    depth = 0
    while window.skip_all(_PLAIN):
        byte = window.peek(1)
        window.cursor += 1
        if byte == b'"':
            if not skip_string(window):
                return False
        elif byte in b"[{":
            depth += 1
            if depth > budget.limits.max_nesting:
                budget.stop("max_nesting", window.location(), "brackets nested deeper")
        else:
            depth -= 1
            if depth <= 0:
                return True
    return False


def skip_string(window: Window) -> bool:
    """Move past the end of the string that the cursor is in; False if the stream ends before."""
    while True:
        match = _STRING_BODY.match(window.data, window.cursor)
        if match is not None:
            window.cursor = match.end()
        rest = window.peek(2)
        if rest[:1] == b'"':
            window.cursor += 1
            return True
        if len(rest) < 2:
            # The end of the stream; a backslash here has lost the character that it escapes.
            window.cursor += len(rest)
            return False
