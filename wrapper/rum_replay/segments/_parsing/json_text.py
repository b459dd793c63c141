"""The parts that JSON is made of, as patterns, and how to get behind a value without building it.

The patterns are possessive: they never go back, so the time they take grows with the text and no faster. Each only
finds where something ends. Whether it is valid JSON within is for the decoder of records to say.
"""

from __future__ import annotations

import re

from .budget import Reading
from .window import Window

__all__ = [
    "BLANK",
    "ITEMS",
    "OBJECT",
    "SCALAR",
    "STRING",
    "VALUE",
    "MalformedError",
    "end_of_value",
    "skip_string",
    "skip_value",
]

_LEVELS = 16
_LIKELY = 1 << 16


def _balanced() -> bytes:
    """Brackets and all between them, nested up to a depth that few records exceed, in one pattern."""
    plain = rb'[^"{}\[\]]*+'
    inside = plain + rb"(?:%b%b)*+" % (_STRING, plain)
    for _ in range(_LEVELS):
        inside = plain + rb"(?:(?:%b|[\[{]%b[\]}])%b)*+" % (_STRING, inside, plain)
    return inside


# No line end: JSON has none in strings, so one that lacks its end costs no more than the document.
_STRING = rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
_INSIDE = _balanced()
BLANK = re.compile(rb"[ \t\r\n]*+")
STRING = re.compile(_STRING, re.DOTALL)
SCALAR = re.compile(rb"[-+.0-9A-Za-z]++")
OBJECT = re.compile(rb"[ \t\r\n]*+(\{%b\})[ \t\r\n]*+(,?)" % _INSIDE, re.DOTALL)
"""An object that stands whole in the window, and the comma behind it."""

VALUE = re.compile(rb"[\[{]%b[\]}]" % _INSIDE, re.DOTALL)
ITEMS = re.compile(
    rb"(?:[ \t\r\n]*+(?:[\[{]%b[\]}]|%b|[-+.0-9A-Za-z]++)[ \t\r\n]*+,)++" % (_INSIDE, _STRING), re.DOTALL
)
"""Items of a list, each with the comma behind it."""

_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|%b)*+([{}\[\]])' % _STRING, re.DOTALL)
_STRING_BODY = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_PLAIN = re.compile(rb'[^"{}\[\]]*+')


class MalformedError(Exception):
    """The text at the cursor is not what JSON allows there; never leaves `find_records`."""


def end_of_value(window: Window, reading: Reading) -> int | None:
    """The index behind the brackets that open at the cursor, growing the window; None beyond `max_record`, or where
    the stream ends before."""
    window.fill(_LIKELY)
    whole = VALUE.match(window.data, window.cursor)
    if whole is not None:
        return whole.end()
    depth, behind = 0, 0
    while True:
        match = _TO_BRACKET.match(window.data, window.cursor + behind)
        if match is None:
            if len(window.data) - window.cursor > reading.limits.max_record or not window.grow():
                return None
            continue
        behind = match.end() - window.cursor
        if match.group(1) in b"[{":
            depth += 1
            if depth > reading.limits.max_nesting:
                reading.stop("max_nesting", window.place(), "brackets nested deeper")
        else:
            depth -= 1
            if depth == 0:
                return match.end() if behind <= reading.limits.max_record else None


def skip_value(window: Window, reading: Reading) -> bool:
    """Move behind the brackets that open at the cursor in constant memory; False where the stream ends before."""
    depth = 0
    while window.skip_all(_PLAIN):
        byte = window.peek(1)
        window.cursor += 1
        if byte == b'"':
            if not skip_string(window):
                return False
        elif byte in b"[{":
            depth += 1
            if depth > reading.limits.max_nesting:
                reading.stop("max_nesting", window.place(), "brackets nested deeper")
        else:
            depth -= 1
            if depth <= 0:
                return True
    return False


def skip_string(window: Window) -> bool:
    """Move behind the end of the string that the cursor stands in; False where the stream ends before."""
    while True:
        match = _STRING_BODY.match(window.data, window.cursor)
        if match is not None:
            window.cursor = match.end()
        rest = window.peek(2)
        if rest[:1] == b'"':
            window.cursor += 1
            return True
        if len(rest) < 2:
            # The end, but for a last character or a backslash, which is then cut off from what it escapes.
            window.cursor += len(rest)
            return False
