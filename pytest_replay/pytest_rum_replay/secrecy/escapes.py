"""Escapes undone in any bytes, at the speed of C: all become Python's, which one codec decodes.

No pattern here backtracks over more than a few bytes, so the time is linear, whatever the input.
"""

import codecs
import re
import unicodedata
from functools import lru_cache

__all__ = ["folded", "undone"]

_LATIN_1 = "rum-replay-latin-1"
_HEX = rb"[0-9a-fA-F]"
_TO_PYTHON = (
    (b"\\", re.compile(rb"\\\\+"), rb"\\"),  # JSON within a JSON string doubles them
    (b"\\u{", re.compile(rb"\\u\{0{0,6}(%b{2})\}" % _HEX), rb"\\x\1"),
    (b"\\0", re.compile(rb"\\0(?![0-7]{2})"), b""),  # in YAML and JavaScript, the zeros of UTF-16
    (b"\\", re.compile(rb"\\(?=/|(?!u%b{4}|x%b{2}|U000%b{5}|[01][0-7]{2}|[nrtbf]))" % (_HEX, _HEX, _HEX)), b""),
    (b"\\", re.compile(rb"\\[nrtbf]"), b"\n"),
    (b"%", re.compile(rb"%%(?:25){0,6}(?=%b{2})" % _HEX), rb"\\x"),
    (b"%u", re.compile(rb"%%u(?=%b{4})" % _HEX), rb"\\u"),
    (b"&", re.compile(rb"&(?:amp|AMP|#0{0,6}38|#[xX]0{0,6}26);"), b"&"),
    (b"&#", re.compile(rb"&#[xX]0{0,6}(?=%b{2};)" % _HEX), rb"\\x"),
    (b"&#", re.compile(rb"&#[xX]0{0,6}(?=%b{4};)" % _HEX), rb"\\u"),
    (b"x", re.compile(rb"\b0[xX](?=%b{2}\b)" % _HEX), rb"\\x"),
)
"""What must occur in the data, a pattern, and its replacement. The order matters: each sees what the others left."""

_QUOTED_PRINTABLE = ((re.compile(rb"=\r?\n"), b""), (re.compile(rb"=(?=[0-9A-Fa-f]{2})"), rb"\\x"))
_DECIMAL = re.compile(rb"&#0{0,6}([0-9]{2,6});")
_NAMED = re.compile(rb"&(?:lt|gt|quot|apos|sol|plus|equals|lowbar|num|percnt|colon|period|comma|quest|nbsp|shy);")
_PUNCTUATION = {
    b"&lt;": b"<",
    b"&gt;": b">",
    b"&quot;": b'"',
    b"&apos;": b"'",
    b"&sol;": b"/",
    b"&plus;": b"+",
    b"&equals;": b"=",
    b"&lowbar;": b"_",
    b"&num;": b"#",
    b"&percnt;": b"%",
    b"&colon;": b":",
    b"&period;": b".",
    b"&comma;": b",",
    b"&quest;": b"?",
}
# The blocks with letters and digits that only look different: superscripts, letterlike and enclosed ones, mathematical
# ones and those of full width.
_LOOK_ALIKE_BLOCKS = (
    range(0xAA, 0xBB),
    range(0x1D2C, 0x1D6B),
    range(0x2070, 0x20A0),
    range(0x2100, 0x2150),
    range(0x2460, 0x2500),
    range(0xFF00, 0xFFF0),
    range(0x1D400, 0x1D800),
    range(0x1F100, 0x1F200),
)


def undone(data: bytes, *, quoted_printable: bool = False) -> bytes:
    """The data with one layer of escapes undone: those of URLs, JSON, Python and HTML, and octal ones.

    Line ends that are escaped become line ends. With `quoted_printable`, those of that encoding as well, which look
    like any `name=value`. The same object if there was nothing to undo.
    """
    text = data
    for mark, pattern, replacement in _TO_PYTHON:
        if mark in text:
            text = pattern.sub(replacement, text)
    if b"&" in text:
        text = _NAMED.sub(lambda found: _PUNCTUATION.get(found.group(), b" "), text)
        text = _DECIMAL.sub(_character, text)
    if quoted_printable:
        for pattern, replacement in _QUOTED_PRINTABLE:
            text = pattern.sub(replacement, text)
    if b"\\" in text:
        text = text.decode("unicode_escape", "ignore").encode(_LATIN_1_ENCODING, _LATIN_1)
    return data if text == data else text


def folded(data: bytes) -> bytes:
    """The data with characters of other shapes, such as those of full width, in ASCII; all others are left out."""
    if data.isascii():
        return data
    return data.decode("utf-8", "ignore").translate(_look_alikes()).encode("ascii", "ignore")


@lru_cache(maxsize=1)
def _look_alikes() -> dict[int, str]:
    normal = ((code, unicodedata.normalize("NFKC", chr(code))) for block in _LOOK_ALIKE_BLOCKS for code in block)
    return {code: text for code, text in normal if text.isascii() and (text.isalnum() or len(text) == 1)}


@lru_cache(maxsize=4096)
def _of_code(code: int) -> bytes:
    return chr(code).encode("utf-8", "surrogatepass") if code < 0x110000 else b""


def _character(entity: re.Match[bytes]) -> bytes:
    return _of_code(int(entity[1]))


def _as_utf8(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-le", "surrogatepass")  # joins the pairs of JSON
    return units.decode("utf-16-le", "replace").encode(), error.end


_LATIN_1_ENCODING = "latin-1"
codecs.register_error(_LATIN_1, _as_utf8)
