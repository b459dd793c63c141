"""Text that is safe to print: it cannot control a terminal, nor look like something else.

Names, messages and recordings contain text that anybody may have typed.
"""

from __future__ import annotations

import re

__all__ = ["UNSAFE", "one_line", "printable", "printable_markup"]

_CONTROLS = r"\x00-\x1f\x7f-\x9f"
"""C0 and C1 control characters and DEL."""

_OTHER_SCRIPTS = (
    r"\u0300-\u034e\u0350-\u115e\u1161-\u1fff\u2070-\u27ff\u2900-\u3163\u3165-\ufdff\ufe10-\ufefe\U00010000-\U0001fbff"
)
"""Characters beyond Latin letters. Invisible ones have a meaning beside them, as in Persian and in emoji."""

_CJK = r"\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

UNSAFE = re.compile(
    "["
    + _CONTROLS
    + r"\u2028\u2029"  # line and paragraph separators
    + r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, embeddings, overrides, isolates
    + r"\u206a-\u206f"  # deprecated: symmetric swapping, Arabic shaping, digit shapes
    + r"\ufff0-\ufffb"  # interlinear annotations, and unassigned ones before them
    # Invisible: two ids that differ would look the same.
    + r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u2800\u3164\ufeff\uffa0"
    + r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    + r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags: invisible text
    + r"\ud800-\udfff"  # surrogates, which no encoding can write
    + "]"
    # Invisible where they join nothing and change no shape.
    + rf"|(?<![{_OTHER_SCRIPTS}\ufe0f])[\u200c\u200d]|[\u200c\u200d](?![{_OTHER_SCRIPTS}])"
    + rf"|(?<![{_OTHER_SCRIPTS}\u00a9\u00ae\u203c\u2049])[\ufe00-\ufe0f](?!\u20e3)"
    + rf"|(?<![{_CJK}])[\U000e0100-\U000e01ef]"
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
