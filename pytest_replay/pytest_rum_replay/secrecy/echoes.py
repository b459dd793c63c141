"""Known values wherever they turn up in text: verbatim, percent-encoded, escaped as in JSON, YAML or HTML."""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape
from re import Pattern
from urllib.parse import unquote_to_bytes

__all__ = ["PLACEHOLDER", "SHORTEST", "Echoes", "may_spell", "spellings", "unescaped"]

PLACEHOLDER = "REDACTED"
"""What stands where a secret was; it needs no escaping anywhere."""

SHORTEST = 6
"""Values with fewer characters are not looked for: they occur by chance, and replacing them would destroy texts."""

_ENTITIES = {'"': b"&quot;", "&": b"&amp;", "'": b"&apos;", "<": b"&lt;", ">": b"&gt;"}
_SHORT_ESCAPES = {"\n": b"n", "\r": b"r", "\t": b"t", '"': b'"', "/": b"/"}


@lru_cache(maxsize=4096)
def spellings(value: str) -> Pattern[bytes]:
    """A pattern for the value where any of its characters may be percent-encoded or escaped (JSON, YAML, HTML).

    Several backslashes in a row count as one: JSON within a JSON string doubles them.
    """
    return re.compile(b"".join(map(_spellings_of_character, value)))


def _spellings_of_character(character: str) -> bytes:
    encoded = character.encode("utf-8", "surrogatepass")
    units = character.encode("utf-16-be", "surrogatepass").hex()
    code = ord(character)
    ways = [
        re.escape(encoded),
        b"".join(b"%%(?i:%02x)" % byte for byte in encoded),
        b"".join(rb"\\+u(?i:%s)" % units[start : start + 4].encode() for start in range(0, len(units), 4)),
        rb"&#0*%d;" % code,
        rb"&#[xX]0*(?i:%x);" % code,
    ]
    if code > 0xFFFF:
        ways.append(rb"\\+U(?i:%08x)" % code)
    if code < 0x100:
        ways.append(rb"\\+x(?i:%02x)" % code)
    if character in _ENTITIES:
        ways.append(_ENTITIES[character])
    if character in _SHORT_ESCAPES:
        ways.append(rb"\\+" + _SHORT_ESCAPES[character])
    if character == "\\":
        ways.append(rb"\\\\+")
    if character == "'":
        ways.append(b"''")
    if character == " ":
        ways.append(rb"\+")
    return b"(?:" + b"|".join(ways) + b")"


_ESCAPE = re.compile(rb"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrt/\"]))")
_ENTITY = re.compile(rb"&#?\w{1,8};")
_CONTROLS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_AMBIGUOUS = frozenset(" '\\%&")  # spelled in ways that `unescaped` does not undo


def unescaped(data: bytes) -> bytes:
    """The data with every escape undone, for a quick look: what this does not hold, `spellings` does not find."""
    if b"%" in data:
        data = unquote_to_bytes(data)
    if b"\\" in data:
        data = _ESCAPE.sub(_unescaped, data)
    return (
        _ENTITY.sub(lambda entity: unescape(entity.group().decode("latin-1")).encode(), data) if b"&" in data else data
    )


def may_spell(value: str, undone: bytes) -> bool:
    """Whether `spellings` may find the value in the data of which `undone` is the unescaped form."""
    return value.encode("utf-8", "surrogatepass") in undone or not value.isascii() or not _AMBIGUOUS.isdisjoint(value)


def _unescaped(escape: re.Match[bytes]) -> bytes:
    digits = escape.group(1) or escape.group(2)
    if digits:
        return chr(int(digits, 16)).encode("utf-8", "surrogatepass")
    return _CONTROLS.get(escape.group(3), escape.group(3))


class Echoes:
    """A growing set of secret values that can be replaced in bytes."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: frozenset[str] = frozenset()
        self._entries: list[tuple[bytes, str]] = []
        self.add(values)

    @property
    def values(self) -> frozenset[str]:
        """The values that are looked for."""
        return self._values

    def add(self, values: Iterable[str]) -> None:
        """Look for these values too, except for those that are too short and for the placeholder itself."""
        new = {value for value in values if len(value) >= SHORTEST and value not in PLACEHOLDER} - self._values
        if new:
            self._values |= new
            # The longest first: a value that contains another one would else be replaced in part only.
            longest_first = sorted(self._values, key=lambda value: (-len(value), value))
            self._entries = [(value.encode("utf-8", "surrogatepass"), value) for value in longest_first]

    def replace(self, data: bytes) -> bytes:
        """The data with the placeholder for every known value; the same object where there is none."""
        for verbatim, _ in self._entries:
            if verbatim in data:
                data = data.replace(verbatim, PLACEHOLDER.encode())
        undone = unescaped(data)
        for _, value in self._entries:
            if may_spell(value, undone):
                data = spellings(value).sub(PLACEHOLDER.encode(), data)
        return data
