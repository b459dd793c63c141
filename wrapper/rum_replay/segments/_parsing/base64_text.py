"""Base64, as text or as a JSON string, in constant memory; both alphabets, with or without line ends and padding."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from .budget import Budget
from .window import Chunk, Window

__all__ = ["decode_base64", "decode_base64_head"]

_STEP = 1 << 16
# In a JSON string, slashes and line ends may be escaped.
_RUN = re.compile(rb"(?:[A-Za-z0-9+/_\s-]++|\\[/nr])*+")
_LINE_ENDS = re.compile(rb"\s++|\\[nr]")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_HEAD = re.compile(rb"[A-Za-z0-9+/_-]{16}+(?:[A-Za-z0-9+/_\s-]|\\[/nr]){0,496}+")


def decode_base64_head(text: bytes) -> bytes | None:
    """Decode the first 512 bytes of a text; None if it does not begin with 16 characters of base64."""
    match = _HEAD.match(text)
    if match is None:
        return None
    characters = _characters(match.group())
    return binascii.a2b_base64(characters[: len(characters) // 4 * 4])


def decode_base64(window: Window, budget: Budget) -> Iterator[Chunk]:
    """Decode up to the first padding or other character that is not base64, and leave the cursor after the padding."""
    rest = b""
    while True:
        window.fill(_STEP)
        location = window.location()
        match = _RUN.match(window.data, window.cursor, window.cursor + _STEP)
        assert match is not None  # the pattern also matches nothing
        window.cursor = match.end()
        run = match.group()
        text = rest + _characters(run)
        whole = len(text) // 4 * 4
        rest = text[whole:]
        if whole:
            budget.count_unpacked(location, whole // 4 * 3)
            yield Chunk(binascii.a2b_base64(text[:whole]), location.offset, exact=False)
        if not run:
            break
    if len(rest) > 1:
        yield Chunk(binascii.a2b_base64(rest + b"=="), location.offset, exact=False)
    elif rest:
        budget.report(window.location(), 0, "base64 with one character too many", b"")
    while window.peek(1) == b"=":
        window.cursor += 1


def _characters(run: bytes) -> bytes:
    """The characters of the standard alphabet that a run means."""
    if b"\\" in run:
        run = run.replace(b"\\/", b"/")
    return _LINE_ENDS.sub(b"", run).translate(_URL_SAFE)
