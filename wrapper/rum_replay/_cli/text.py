"""Text that is safe to print: it cannot control a terminal, nor look like something else.

Names, messages and recordings contain text that anybody may have typed.
"""

from __future__ import annotations

import re

__all__ = ["UNSAFE", "one_line", "printable", "printable_markup"]

_CONTROLS = r"\x00-\x1f\x7f-\x9f"
"""C0 and C1 control characters and DEL."""

UNSAFE = re.compile(
    "["
    + _CONTROLS
    + r"\u2028\u2029"  # line and paragraph separators
    + r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, embeddings, overrides, isolates
    + r"\u206a-\u206f"  # deprecated: symmetric swapping, Arabic shaping, digit shapes
    + r"\ufff9-\ufffb"  # interlinear annotations
    + r"\u200b\u2060-\u2065\ufeff"  # invisible: two ids that differ would look the same
    + r"\U000e0000-\U000e007f"  # tags: invisible text
    + r"\ud800-\udfff"  # surrogates, which no encoding can write
    + "]"
)


def printable(text: str) -> str:
    """The text on one line, with control characters and the like escaped, such as `\\n` and `\\x1b`."""
    return UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def printable_markup(html: str) -> str:
    """HTML that is safe to print: tabs and line feeds stay, and the rest of what `printable` escapes is replaced.

    Control characters, which HTML has no use for, become U+FFFD, others a character reference, so that a browser still
    shows the same text.
    """
    return UNSAFE.sub(_markup_of, html)


def _markup_of(found: re.Match[str]) -> str:
    character = found[0]
    if character in "\t\n":
        return character
    return "\ufffd" if re.match(f"[{_CONTROLS}]", character) else f"&#x{ord(character):x};"


def one_line(text: str) -> str:
    """A message on one line: each run of white space becomes a space."""
    return printable(" ".join(text.split()))
