"""The final check before anything is written: finished bytes searched for live credentials."""

import base64
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from re import Pattern

from attrs import frozen

from pytest_rum_replay.secrecy.known_values import MIN_LENGTH, PLACEHOLDER, may_contain, spelling_pattern, unescaped

__all__ = ["Leak", "find_leaks"]

_FOLD = re.compile(rb"\\?[ \t]*\r?\n[ \t]*\\?")
"""A line break where YAML folds long text or base64; it is not part of a credential."""


@frozen(order=True)
class Leak:
    """The position and form of a credential; never the credential itself."""

    line: int
    """From 1."""
    column: int
    """From 1, in bytes."""
    how: str
    """verbatim, URL-encoded, JSON-escaped, HTML-escaped, base64 or hex"""


def find_leaks(data: bytes, secrets: Iterable[str]) -> list[Leak]:
    """Every occurrence of one of the secrets, in order.

    Secrets are found verbatim, percent-encoded, escaped (JSON, YAML, HTML), as part of base64 (all three alignments,
    both alphabets) and as hexadecimal digits, even if the text is folded over several lines. Secrets with fewer than
    `known_values.MIN_LENGTH` characters are not searched for.
    """
    found: dict[int, Leak] = {}
    line_starts = [0, *(match.end() for match in re.finditer(rb"\n", data))]
    lines, origins = _unfolded(data)
    texts = [(data, unescaped(data), [(0, 0)]), (lines, unescaped(lines), origins)]
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) < MIN_LENGTH or secret in PLACEHOLDER:
            continue
        for text, undone, origins in texts:
            for how, pattern in _patterns(secret, undone):
                for match in pattern.finditer(text):
                    position = _origin(match.start(), origins)
                    line = bisect_right(line_starts, position)
                    leak = Leak(line, position - line_starts[line - 1] + 1, how or _how(match.group(), secret))
                    found.setdefault(position, leak)
    return sorted(found.values())


def _patterns(secret: str, undone: bytes) -> Iterator[tuple[str, Pattern[bytes]]]:
    encoded = secret.encode("utf-8", "surrogatepass")
    if may_contain(secret, undone):
        yield "", spelling_pattern(secret)
    yield "hex", re.compile(encoded.hex().encode(), re.IGNORECASE)
    for shift in range(3):
        # The first and last characters also depend on the bytes around the secret, so they are left out.
        first = (shift * 8 + 5) // 6
        last = (shift + len(encoded)) * 8 // 6
        characters = base64.b64encode(b"\0" * shift + encoded)[first:last]
        either_alphabet = re.escape(characters).replace(rb"\+", b"[+-]").replace(b"/", b"[/_]")
        yield "base64", re.compile(either_alphabet)


def _how(spelling: bytes, secret: str) -> str:
    if spelling == secret.encode("utf-8", "surrogatepass"):
        return "verbatim"
    if b"%" in spelling:
        return "URL-encoded"
    if b"\\" in spelling:
        return "JSON-escaped"
    return "HTML-escaped" if b"&" in spelling else "URL-encoded"


def _unfolded(data: bytes) -> tuple[bytes, list[tuple[int, int]]]:
    """The data as one line, and for each piece its offset in that line and in the original."""
    pieces: list[bytes] = []
    origins: list[tuple[int, int]] = []
    length = start = 0
    for fold in (*_FOLD.finditer(data), None):
        piece = data[start : fold.start() if fold else len(data)]
        pieces.append(piece)
        origins.append((length, start))
        length += len(piece)
        start = fold.end() if fold else len(data)
    return b"".join(pieces), origins


def _origin(position: int, origins: list[tuple[int, int]]) -> int:
    line_start, original_start = origins[bisect_right(origins, position, key=lambda piece: piece[0]) - 1]
    return original_start + position - line_start
