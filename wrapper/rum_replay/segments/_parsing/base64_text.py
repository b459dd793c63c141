"""Base64, as text or as a JSON string, in constant memory; both alphabets, with or without line ends and padding."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from .budget import Reading
from .window import Piece, Window

__all__ = ["decode_base64", "head_of_base64"]

_STEP = 1 << 16
# A JSON string may hold its slashes and line ends as escapes.
_RUN = re.compile(rb"(?:[A-Za-z0-9+/_\s-]++|\\[/nr])*+")
_LINE_ENDS = re.compile(rb"\s+|\\[nr]")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_HEAD = re.compile(rb"[A-Za-z0-9+/_-]{16,64}")


def head_of_base64(text: bytes) -> bytes | None:
    """The first bytes of what the text holds if it is base64; None where it is none."""
    match = _HEAD.match(text)
    if match is None:
        return None
    characters = match.group()
    return binascii.a2b_base64(characters[: len(characters) // 4 * 4].translate(_URL_SAFE))


def decode_base64(window: Window, reading: Reading) -> Iterator[Piece]:
    """Decode up to the first padding or the first character that is none of base64, and leave the cursor behind it."""
    rest = b""
    while True:
        window.fill(_STEP)
        place = window.place()
        match = _RUN.match(window.data, window.cursor, window.cursor + _STEP)
        assert match is not None  # it matches nothing at all, too
        window.cursor = match.end()
        run = match.group()
        if b"\\" in run:
            run = run.replace(b"\\/", b"/")
        text = rest + _LINE_ENDS.sub(b"", run).translate(_URL_SAFE)
        whole = len(text) // 4 * 4
        rest = text[whole:]
        if whole:
            reading.unpack(place, whole // 4 * 3, 1, 0)
            yield Piece(binascii.a2b_base64(text[:whole]), place.offset, exact=False)
        if not run:
            break
    if len(rest) > 1:
        yield Piece(binascii.a2b_base64(rest + b"=="), place.offset, exact=False)
    elif rest:
        reading.cannot_read(window.place(), 0, "base64 with a character too many", b"")
    while window.peek(1) == b"=":
        window.cursor += 1
