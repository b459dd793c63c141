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

MOST_CANDIDATES = 1 << 16
"""Places where a credential may begin. A text with more is cut there: it is hostile, or large and full of escapes."""

REDACTED = b"[redacted]"

# Bytes; more than any form of a credential needs, so that one which lies across the cut is found.
_MARGIN = 1 << 16

_LOWER = bytes(range(256)).lower()
_STANDARD_BASE64 = bytes.maketrans(b"-_", b"+/")

_NAMED = r"""excl! quot" QUOT" num# dollar$ percnt% amp& AMP& apos' lpar( rpar) ast* midast* plus+ comma, period. sol/
colon: semi; lt< LT< equals= gt> GT> quest? commat@ lsqb[ lbrack[ bsol\ rsqb] rbrack] Hat^ lowbar_ UnderBar_ grave`
DiacriticalGrave` lcub{ lbrace{ verbar| vert| VerticalLine| rcub} rbrace}"""
_NAMES = {named[:-1].encode(): named[-1] for named in _NAMED.split()}
"""HTML's names of printable ASCII, each with its character; importing Python's table of all names takes 10 ms."""

# What begins an escape may be escaped itself. Runs are bounded and never given back, so the time is linear.
_AGAIN = rb"(?:25){0,4}"
_ZEROS = rb"0{0,8}"
_HEXADECIMAL = rb"([2-7][\da-fA-F])"
_BACKSLASH = rb"(?:\\{1,16}+|%%%b5[cC]|=5C|&#(?:%b92|[xX]%b5[cC]);?|&bsol;?)" % (_AGAIN, _ZEROS, _ZEROS)
_AMPERSAND = rb"(?:&(?:(?:amp|AMP|#%b38|#[xX]%b26);?){0,4}|%b(?:u00|x)26|%%%b26|=26)" % (
    *(_ZEROS, _ZEROS),
    *(_BACKSLASH, _AGAIN),
)
_HASH = rb"(?:#|%%%b23|%bu0023)" % (_AGAIN, _BACKSLASH)
_SEMICOLON = rb"(?:;|%%%b3[bB]|%bu003[bB])?" % (_AGAIN, _BACKSLASH)

_PERCENT = re.compile(rb"%%|=25|%bu0025|&(?:#%b37|#[xX]%b25|percnt);?" % (_BACKSLASH, _ZEROS, _ZEROS))
_PERCENT_DIGITS = re.compile(rb"(?:u00)?" + _HEXADECIMAL)
# Only codes of printable ASCII, so that digits after an escape are not taken for a part of it.
_HEXADECIMAL_ESCAPE = re.compile(
    rb"=%b|%b%b[xX]%b%b%b" % (_HEXADECIMAL, _AMPERSAND, _HASH, _ZEROS, _HEXADECIMAL, _SEMICOLON)
    + rb"|%b(?:(?:u00|x|U000000)%b|[ux]\{%b%b\}?)" % (_BACKSLASH, _HEXADECIMAL, _ZEROS, _HEXADECIMAL)
)
_DECIMAL_ESCAPE = re.compile(rb"%b%b%b(1[0-2]\d|[3-9]\d)%b" % (_AMPERSAND, _HASH, _ZEROS, _SEMICOLON))
_OCTAL_ESCAPE = re.compile(rb"%b0?([01][0-7]{2})" % _BACKSLASH)
_NAME = re.compile(rb"%b(%b)%b" % (_AMPERSAND, b"|".join(sorted(_NAMES, reverse=True)), _SEMICOLON))
_STARTS = rb"%&\\="
"""What an escape begins with."""

_BACKSLASHES = re.compile(rb"\\{1,16}")
_BETWEEN = re.compile(rb"\x00{1,3}|=?\r?\n|(?:\\r)?\\n")
"""Between two characters: the zeros of UTF-16 and UTF-32, and the line ends in quoted-printable and Base64."""

_REST_OF_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]?(?:=|%%%b3[dD]|%bu003[dD]){0,2}" % (_AGAIN, _BACKSLASH))


@attrs.frozen
class _Form:
    """One way to write a credential, apart from the escapes of its characters."""

    text: bytes
    is_base64: bool = False
    """If not, case does not matter."""

    has_rest: bool = False
    """Whether a last digit of Base64 holds bits of the credential and of what follows it."""


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
        """The text with `[redacted]` for each credential; the end of one that is too long is cut off."""
        if not self._forms:
            return text[:LONGEST_TEXT]
        search = _Search(text[: LONGEST_TEXT + _MARGIN])
        pieces: list[bytes] = []
        kept_to = 0
        limit = LONGEST_TEXT
        for count, candidate in enumerate(self._starts.finditer(text, 0, LONGEST_TEXT)):
            start = candidate.start()
            if count == MOST_CANDIDATES:
                limit = max(start, kept_to)
                break
            if start >= kept_to and (end := self._longest(search, start)):
                pieces += (text[kept_to:start], REDACTED)
                kept_to = end
        return b"".join([*pieces, text[kept_to:limit]])

    def _longest(self, search: _Search, start: int) -> int:
        """Where the longest form that begins at `start` ends; 0 if none does."""
        codes = {code for code, _ in search.characters(start)}
        begins = {table[code] for code in codes for table in (_LOWER, _STANDARD_BASE64)}
        forms = (form for byte in begins if byte in self._forms for form in self._forms[byte])
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
    start, end = before * 8, (before + len(secret)) * 8
    return _Form(digits[-(-start // 6) : end // 6], is_base64=True, has_rest=end % 6 != 0)


class _Search:
    """A text, and what may be read in it."""

    def __init__(self, text: bytes) -> None:
        # The byte at the end belongs to no form, so that no index is out of range.
        self._text = text + b"\xff"

    def end_of(self, form: _Form, start: int) -> int:
        """Where the form ends if it begins at `start`, in the longest reading; 0 if it does not."""
        table = _STANDARD_BASE64 if form.is_base64 else _LOWER
        positions = {start}
        for index, wanted in enumerate(form.text):
            ends = {end for at in positions for code, end in self.characters(at) if table[code] == wanted}
            if not ends and index:
                between = (_BETWEEN.match(self._text, at) for at in positions)
                after = [found.end() for found in between if found]
                ends = {end for at in after for code, end in self.characters(at) if table[code] == wanted}
            if not ends:
                return 0
            positions = ends
        end = max(positions)
        rest = _REST_OF_BASE64.match(self._text, end) if form.has_rest else None
        return rest.end() if rest else end

    def characters(self, position: int) -> list[tuple[int, int]]:
        """What may be read at a position, each character with its end: an escape can also be read as it is."""
        text = self._text
        found = [(text[position], position + 1)]
        if text[position] not in _STARTS:
            return found
        for pattern, base in ((_HEXADECIMAL_ESCAPE, 16), (_DECIMAL_ESCAPE, 10), (_OCTAL_ESCAPE, 8)):
            if escape := pattern.match(text, position):
                found.append((int(next(filter(None, escape.groups())), base), escape.end()))
        if name := _NAME.match(text, position):
            found.append((ord(_NAMES[name[1]]), name.end()))
        if backslashes := _BACKSLASHES.match(text, position):  # as shells have them, before any character
            found.append((text[backslashes.end()], backslashes.end() + 1))
        if percent := _PERCENT.match(text, position):
            at = percent.end()
            for _ in range(5):
                if digits := _PERCENT_DIGITS.match(text, at):
                    found.append((int(digits[1], 16), digits.end()))
                if text[at : at + 2] != b"25":  # a percent sign that is escaped again
                    break
                at += 2
        return found
