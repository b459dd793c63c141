"""Known secret values replaced in text: in any case, percent-encoded, escaped (JSON, YAML, HTML) or in UTF-16."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from re import Pattern

from pytest_rum_replay.secrecy.search import MIN_LENGTH, CredentialSearch

__all__ = [
    "ENTITIES",
    "MIN_LENGTH",
    "PLACEHOLDER",
    "SHORT_ESCAPES",
    "KnownValues",
    "spelling_pattern",
]

PLACEHOLDER = "REDACTED"
"""The replacement for secrets; it needs no escaping in any format."""

ENTITIES = {'"': b"&quot;", "&": b"&amp;", "'": b"&apos;", "<": b"&lt;", ">": b"&gt;"}
"""The named entities that are recognized; all numeric ones are as well."""

SHORT_ESCAPES = {"\n": b"n", "\r": b"r", "\t": b"t", '"': b'"', "/": b"/"}
"""The characters with short escapes in JSON, after the backslash."""

_ZEROS = re.compile(rb"\0{1,3}")


@lru_cache(maxsize=4096)
def spelling_pattern(value: str) -> Pattern[bytes]:
    """A pattern for the value in any case, in which any character may be percent-encoded or escaped (JSON, YAML, HTML).

    Several backslashes in a row count as one, because JSON within a JSON string doubles them, and percent signs may be
    encoded again. Zeros between the characters are those of UTF-16 and UTF-32.
    """
    return re.compile(rb"\0{0,3}".join(map(_character_pattern, value)))


def _character_pattern(character: str) -> bytes:
    cases = dict.fromkeys((character, character.lower(), character.upper()))
    forms = [form for case in cases if len(case) == 1 for form in _forms(case)]
    if character in ENTITIES:
        forms.append(ENTITIES[character])
    if character in SHORT_ESCAPES:
        forms.append(rb"\\{1,16}" + SHORT_ESCAPES[character])
    if character == "\\":
        forms.append(rb"\\{2,16}")
    if character == "'":
        forms.append(b"''")
    if character == " ":
        forms.append(rb"\+")
    return b"(?:" + b"|".join(dict.fromkeys(forms)) + b")"


def _forms(character: str) -> Iterator[bytes]:
    encoded = character.encode("utf-8", "surrogatepass")
    units = character.encode("utf-16-be", "surrogatepass").hex()
    code = ord(character)
    yield re.escape(encoded)
    yield b"".join(b"%%(?:25){0,8}%b" % _either_case(b"%02x" % byte) for byte in encoded)
    yield b"".join(
        rb"\\{1,16}u%b" % _either_case(units[start : start + 4].encode()) for start in range(0, len(units), 4)
    )
    yield rb"&#0{0,8}%d;" % code
    yield rb"&#[xX]0{0,8}%b;" % _either_case(b"%x" % code)
    if code > 0xFFFF:
        yield rb"\\{1,16}U%b" % _either_case(b"%08x" % code)
    if code < 0x100:
        yield rb"\\{1,16}x%b" % _either_case(b"%02x" % code)


def _either_case(digits: bytes) -> bytes:
    # Sets instead of a flag: with one, `re` would not look for the first characters first.
    return b"".join(b"[%c%c]" % (d, d - 32) if d >= 97 else b"%c" % d for d in digits)


_AMBIGUOUS = re.compile(r"\\|%[0-9A-Fa-f]{2}|&#?\w{1,8};|[^\x00-\x7f]")
"""What may be taken for an escape, or has forms that searching does not know."""


class KnownValues:
    """A growing set of secret values, and their replacement in bytes."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: frozenset[str] = frozenset()
        self._entries: list[tuple[bytes, str, CredentialSearch | None]] = []
        self._any = CredentialSearch(())
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
            self._entries = [
                (
                    value.encode("utf-8", "surrogatepass"),
                    value,
                    None if _AMBIGUOUS.search(value) else CredentialSearch([value]),
                )
                for value in longest_first
            ]
            self._any = CredentialSearch(self._values)

    def replace(self, data: bytes) -> bytes:
        """The data with every known value replaced by the placeholder; the same object if there is none."""
        for verbatim, _, _ in self._entries:
            if verbatim in data:
                data = data.replace(verbatim, PLACEHOLDER.encode())
        found = self._any.is_in_text(data)
        for _, value, search in self._entries:
            # The pattern takes ten times as long as the search.
            if search is None or (found and search.is_in_text(data)):
                data = spelling_pattern(value).sub(_placeholder, data)
        return data


def _placeholder(spelled: re.Match[bytes]) -> bytes:
    zeros = _ZEROS.search(spelled.group())
    return PLACEHOLDER.encode() if zeros is None else zeros.group().join(bytes([byte]) for byte in PLACEHOLDER.encode())
