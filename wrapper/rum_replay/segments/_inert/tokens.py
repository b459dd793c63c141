"""How browsers split CSS into tokens; possessive throughout, so that no style sheet takes more than linear time.

Source: https://www.w3.org/TR/css-syntax-3/#tokenization
"""

from __future__ import annotations

import re

__all__ = ["COMMENT", "ESCAPE", "IDENT", "NAME_WITH_ESCAPES", "STRING", "STRINGS", "unescaped", "without_escapes"]

ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}+(?:\r\n|[ \t\r\n\f])?+|[^0-9a-fA-F\r\n\f])"
# What names do not consist of: a range up to the last character takes 6 ms to compile wherever case is ignored.
IDENT = r"[^\x00-,./:-@\[-^`{-\x7f]"
_IN_STRING = rf"{ESCAPE}|\\(?:\r\n|[\r\n\f])"
STRINGS = rf'"(?>[^"\\\r\n\f]++|{_IN_STRING})*+"', rf"'(?>[^'\\\r\n\f]++|{_IN_STRING})*+'"
STRING = "|".join(f"{string}?+" for string in STRINGS)
COMMENT = r"/\*[^*]*+(?>\*(?!/)[^*]*+)*+(?:\*/)?+"
NAME_WITH_ESCAPES = rf"{IDENT}*+(?>{ESCAPE}{IDENT}*+)++"

_CSS_ESCAPE = re.compile(ESCAPE)


def unescaped(text: str) -> str:
    """What an identifier of CSS, or what is between the quotes of a string, means."""
    return _CSS_ESCAPE.sub(_escaped_character, text) if "\\" in text else text


def without_escapes(name: str) -> str:
    """The name that an identifier of CSS means, in lower case."""
    return unescaped(name).lower()


def _escaped_character(escape: re.Match[str]) -> str:
    digits = escape.group()[1:].rstrip(" \t\r\n\f")
    if not re.fullmatch("[0-9a-fA-F]++", digits):
        return escape.group()[1:]
    number = int(digits, 16)
    return chr(number) if 0 < number <= 0x10FFFF else "\ufffd"
