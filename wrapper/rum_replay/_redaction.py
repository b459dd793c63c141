"""Credentials in what a server or proxy echoes, found in whatever form it wrote them. Pure.

A key may come back verbatim, in other case, escaped as in JSON, Python, a shell, HTML, a URL or quoted-printable, any
of its characters in another form and some escaped twice, in UTF-16, in hexadecimal or in Base64, also as a part of
something longer such as `Basic` credentials. Each form is compared with the text where it may begin. Undoing all
escapes first would lose keys: in `?key=6a09…` the first two digits would be taken for quoted-printable.

No regular expression is made from a credential: they are costly to compile, and `re` would keep them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable

import attrs

__all__ = ["Redaction"]

LEAST_LENGTH = 8
"""Shorter credentials are not searched for: real ones are longer, and "x" in a test occurs everywhere."""

LONGEST_TEXT = 1 << 20
"""Bytes; longer texts are cut."""

REDACTED = b"[redacted]"

# Bytes; more than any form of a credential needs, so that one which lies across the cut is found.
_MARGIN = 1 << 16

_LOWER = bytes(range(256)).lower()
_STANDARD_BASE64 = bytes.maketrans(b"-_", b"+/")

_NAMES: dict[bytes, str] = {
    **{b"excl": "!", b"quot": '"', b"QUOT": '"', b"num": "#", b"dollar": "$", b"percnt": "%", b"amp": "&", b"AMP": "&"},
    **{b"apos": "'", b"lpar": "(", b"rpar": ")", b"ast": "*", b"midast": "*", b"plus": "+", b"comma": ",", b"sol": "/"},
    **{b"period": ".", b"colon": ":", b"semi": ";", b"lt": "<", b"LT": "<", b"equals": "=", b"gt": ">", b"GT": ">"},
    **{b"quest": "?", b"commat": "@", b"lsqb": "[", b"lbrack": "[", b"bsol": "\\", b"rsqb": "]", b"rbrack": "]"},
    **{b"Hat": "^", b"lowbar": "_", b"UnderBar": "_", b"grave": "`", b"DiacriticalGrave": "`", b"lcub": "{"},
    **{b"lbrace": "{", b"verbar": "|", b"vert": "|", b"VerticalLine": "|", b"rcub": "}", b"rbrace": "}"},
}
"""HTML's names of printable ASCII; importing Python's table of all names takes 10 ms."""

# What begins an escape may be escaped itself. Runs are bounded and never given back, so the time is linear.
_AGAIN = rb"(?:25){0,4}"
_ZEROS = rb"0{0,8}"
_BACKSLASH = rb"(?:\\{1,16}+|%%%b5[cC]|=5C|&#(?:%b92|[xX]%b5[cC]);?|&bsol;?)" % (_AGAIN, _ZEROS, _ZEROS)
_PERCENT = rb"(?:%%|=25|%bu0025|&(?:#%b37|#[xX]%b25|percnt);?)%b" % (_BACKSLASH, _ZEROS, _ZEROS, _AGAIN)
_AMPERSAND = rb"(?:&(?:(?:amp|AMP|#%b38|#[xX]%b26);?){0,4}|%b(?:u00|x)26|%%%b26|=26)" % (
    *(_ZEROS, _ZEROS),
    *(_BACKSLASH, _AGAIN),
)
_HASH = rb"(?:#|%%%b23|%bu0023)" % (_AGAIN, _BACKSLASH)
_SEMICOLON = rb"(?:;|%%%b3[bB]|%bu003[bB])?" % (_AGAIN, _BACKSLASH)
_HEXADECIMAL = rb"([2-7][\da-fA-F])"
# One character of printable ASCII. Only these codes, so that digits after an escape are never taken for a part of it.
_ESCAPE = re.compile(
    rb"(?:%b(?:u00)?|=)%b" % (_PERCENT, _HEXADECIMAL)
    + rb"|%b(?:%b(?:%b(1[0-2]\d|[3-9]\d)|[xX]%b%b)|" % (_AMPERSAND, _HASH, _ZEROS, _ZEROS, _HEXADECIMAL)
    + rb"(%b))%b" % (b"|".join(sorted(_NAMES, key=len, reverse=True)), _SEMICOLON)
    + rb"|%b(?:(?:u00|x|U000000|[ux]\{%b)%b\}?|0?([01][0-7]{2}))" % (_BACKSLASH, _ZEROS, _HEXADECIMAL)
)
_STARTS = rb"%&\\="
"""What an escape begins with."""

_BACKSLASHES = re.compile(rb"\\{1,16}")
_BETWEEN = re.compile(rb"\x00{1,3}|=?\r?\n|(?:\\r)?\\n")
"""Between two characters: the zeros of UTF-16 and UTF-32, and the line ends in quoted-printable and Base64."""

_REST_OF_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]?={0,2}")


@attrs.frozen
class _Form:
    """One way to write a credential, apart from the escapes of its characters."""

    text: bytes
    is_base64: bool = False
    """If not, case does not matter."""


class Redaction:
    """Blanks out credentials of printable ASCII, those of at least `LEAST_LENGTH` characters."""

    __slots__ = ("_forms", "_starts")

    def __init__(self, credentials: Iterable[str]) -> None:
        self._forms: dict[int, list[_Form]] = defaultdict(list)
        """By the byte that they begin with."""

        for form in (form for secret in credentials if len(secret) >= LEAST_LENGTH for form in _forms_of(secret)):
            self._forms[form.text[0]].append(form)
        every = [form.text for forms in self._forms.values() for form in forms]
        firsts, seconds = (_spellings({text[index] for text in every}) or _STARTS for index in (0, 1))
        # Most first letters are followed by something else than the second or the start of an escape.
        self._starts = re.compile(rb"[%b](?=[%b%b\x00\r\n])|[%b]" % (firsts, seconds, _STARTS, _STARTS))

    def __call__(self, text: bytes) -> bytes:
        """The text, at most its first `LONGEST_TEXT` bytes, with `[redacted]` for each credential."""
        if not self._forms:
            return text[:LONGEST_TEXT]
        searched = text[: LONGEST_TEXT + _MARGIN] + b"\xff"  # which ends every form, so that no index is out of range
        search = _Search(searched, searched.translate(_LOWER), searched.translate(_STANDARD_BASE64))
        pieces: list[bytes] = []
        kept_to = 0
        for candidate in self._starts.finditer(searched, 0, len(searched) - 1):
            start = candidate.start()
            if start >= LONGEST_TEXT:
                break
            if start >= kept_to and (end := self._longest(search, start)):
                pieces += (text[kept_to:start], REDACTED)
                kept_to = end
        return b"".join([*pieces, text[kept_to:LONGEST_TEXT]]) if pieces else text[:LONGEST_TEXT]

    def _longest(self, search: _Search, start: int) -> int:
        """Where the longest form that begins at `start` ends; 0 if none does."""
        codes = {search.lower[start], search.base64[start]}
        if search.text[start] in _STARTS:
            codes |= {table[code] for code, _ in search.escapes(start) for table in (_LOWER, _STANDARD_BASE64)}
        forms = (form for code in codes if code in self._forms for form in self._forms[code])
        return max((search.end_of(form, start) for form in forms), default=0)


def _spellings(codes: set[int]) -> bytes:
    """The bytes that may be one of these codes, for a set of a regular expression."""
    found = bytes(byte for byte in range(256) if not codes.isdisjoint((_LOWER[byte], _STANDARD_BASE64[byte])))
    return re.escape(found)


def _forms_of(secret: str) -> list[_Form]:
    hexadecimal = secret.encode().hex()
    return [_Form(secret.lower().encode()), _Form(hexadecimal.encode()), *(_in_base64(secret, n) for n in range(3))]


def _in_base64(secret: str, before: int) -> _Form:
    """The Base64 of a secret that has `before` bytes in front of it, modulo 3.

    Without the digits at both ends that hold bits of what is around it.
    """
    digits = b64encode(bytes(before) + secret.encode())
    return _Form(digits[-(-before * 8 // 6) : (before + len(secret)) * 8 // 6], is_base64=True)


@attrs.frozen
class _Search:
    text: bytes
    lower: bytes
    base64: bytes

    def end_of(self, form: _Form, start: int) -> int:
        """Where the form ends if it begins at `start`; 0 if it does not."""
        position = start
        for wanted in form.text:
            end = self._end_of_character(form, wanted, position)
            if not end and position != start and (between := _BETWEEN.match(self.text, position)):
                end = self._end_of_character(form, wanted, between.end())
            if not end:
                return 0
            position = end
        rest = _REST_OF_BASE64.match(self.text, position) if form.is_base64 else None
        return rest.end() if rest else position

    def _end_of_character(self, form: _Form, wanted: int, position: int) -> int:
        view, table = (self.base64, _STANDARD_BASE64) if form.is_base64 else (self.lower, _LOWER)
        if self.text[position] in _STARTS:
            for code, end in self.escapes(position):
                if table[code] == wanted:
                    return end
        return position + 1 if view[position] == wanted else 0

    def escapes(self, position: int) -> list[tuple[int, int]]:
        """What the escape at a position may mean, a code of ASCII, and where it ends."""
        found: list[tuple[int, int]] = []
        if escape := _ESCAPE.match(self.text, position):
            percent, decimal, html, name, backslash, octal = escape.groups()
            digits = percent or html or backslash
            code = int(digits, 16) if digits else int(decimal) if decimal else int(octal, 8) if octal else ord(_NAMES[name])
            found.append((code, escape.end()))
        if backslashes := _BACKSLASHES.match(self.text, position):  # as shells have it, before any character
            found.append((self.text[backslashes.end()], backslashes.end() + 1))
        return found
