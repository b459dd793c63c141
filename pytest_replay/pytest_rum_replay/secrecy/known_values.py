"""Known secret values found anywhere in text: verbatim, percent-encoded, or escaped as in JSON, YAML or HTML."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape
from re import Pattern
from urllib.parse import unquote_to_bytes

__all__ = [
    "ENTITIES",
    "MIN_LENGTH",
    "PLACEHOLDER",
    "SHORT_ESCAPES",
    "KnownValues",
    "may_contain",
    "spelling_pattern",
    "unescaped",
]

PLACEHOLDER = "REDACTED"
"""The replacement for secrets; it needs no escaping in any format."""

MIN_LENGTH = 6
"""Shorter values are not searched for: they occur by chance, and replacing them would damage other text."""

ENTITIES = {'"': b"&quot;", "&": b"&amp;", "'": b"&apos;", "<": b"&lt;", ">": b"&gt;"}
"""The named entities that are recognized; all numeric ones are as well."""

SHORT_ESCAPES = {"\n": b"n", "\r": b"r", "\t": b"t", '"': b'"', "/": b"/"}
"""The characters with short escapes in JSON, after the backslash."""


@lru_cache(maxsize=4096)
def spelling_pattern(value: str) -> Pattern[bytes]:
    """A pattern for the value in which any character may be percent-encoded or escaped (JSON, YAML, HTML).

    Several backslashes in a row count as one, because JSON within a JSON string doubles them.
    """
    return re.compile(b"".join(map(_character_pattern, value)))


def _character_pattern(character: str) -> bytes:
    encoded = character.encode("utf-8", "surrogatepass")
    units = character.encode("utf-16-be", "surrogatepass").hex()
    code = ord(character)
    forms = [
        re.escape(encoded),
        b"".join(b"%%(?i:%02x)" % byte for byte in encoded),
        b"".join(rb"\\+u(?i:%s)" % units[start : start + 4].encode() for start in range(0, len(units), 4)),
        rb"&#0*%d;" % code,
        rb"&#[xX]0*(?i:%x);" % code,
    ]
    if code > 0xFFFF:
        forms.append(rb"\\+U(?i:%08x)" % code)
    if code < 0x100:
        forms.append(rb"\\+x(?i:%02x)" % code)
    if character in ENTITIES:
        forms.append(ENTITIES[character])
    if character in SHORT_ESCAPES:
        forms.append(rb"\\+" + SHORT_ESCAPES[character])
    if character == "\\":
        forms.append(rb"\\\\+")
    if character == "'":
        forms.append(b"''")
    if character == " ":
        forms.append(rb"\+")
    return b"(?:" + b"|".join(forms) + b")"


_ESCAPE = re.compile(rb"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrt/\"]))")
_ENTITY = re.compile(rb"&#?\w{1,8};")
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_AMBIGUOUS = frozenset(" '\\%&")  # have forms that `unescaped` does not undo


def unescaped(data: bytes) -> bytes:
    """The data with all escapes undone, for a quick check: a value absent from it does not match its pattern either."""
    if b"%" in data:
        data = unquote_to_bytes(data)
    if b"\\" in data:
        data = _ESCAPE.sub(_unescaped, data)
    return (
        _ENTITY.sub(lambda entity: unescape(entity.group().decode("latin-1")).encode(), data) if b"&" in data else data
    )


def may_contain(value: str, undone: bytes) -> bool:
    """Whether the value's pattern may match in the data whose unescaped form is `undone`."""
    return value.encode("utf-8", "surrogatepass") in undone or not value.isascii() or not _AMBIGUOUS.isdisjoint(value)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    digits = escape.group(1) or escape.group(2)
    if digits:
        return chr(int(digits, 16)).encode("utf-8", "surrogatepass")
    return _CONTROLS.get(escape.group(3), escape.group(3))


class KnownValues:
    """A growing set of secret values, and their replacement in bytes."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: frozenset[str] = frozenset()
        self._entries: list[tuple[bytes, str]] = []
        self.add(values)

    @property
    def values(self) -> frozenset[str]:
        """The values that are searched for."""
        return self._values

    def add(self, values: Iterable[str]) -> None:
        """Search for these values too, except those that are too short and the placeholder itself."""
        new = {value for value in values if len(value) >= MIN_LENGTH and value not in PLACEHOLDER} - self._values
        if new:
            self._values |= new
            # The longest first: otherwise a value that contains another one would only be replaced in part.
            longest_first = sorted(self._values, key=lambda value: (-len(value), value))
            self._entries = [(value.encode("utf-8", "surrogatepass"), value) for value in longest_first]

    def replace(self, data: bytes) -> bytes:
        """The data with every known value replaced by the placeholder; the same object if there is none."""
        for verbatim, _ in self._entries:
            if verbatim in data:
                data = data.replace(verbatim, PLACEHOLDER.encode())
        undone = unescaped(data)
        for _, value in self._entries:
            if may_contain(value, undone):
                data = spelling_pattern(value).sub(PLACEHOLDER.encode(), data)
        return data
