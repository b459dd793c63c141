"""Parts between boundary lines, as in HTTP and mail; the body of each part is a stream of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from .budget import Budget
from .window import Chunk, Window

__all__ = ["boundary_of", "first_boundary", "part_bodies"]

_STEP = 1 << 16
_LONGEST_HEADERS = 1 << 14
# A first line that begins with two dashes is a boundary if a header line or an empty line follows.
_FIRST_LINES = re.compile(rb"--([^\r\n]{1,200}+)\r?\n(?:[A-Za-z][A-Za-z0-9-]*+:|\r?\n)")
_FILE_NAME = re.compile(rb"; ?filename=(?:\"([^\"\r\n]{1,300})\"|([^\"\s;]{1,300}))", re.IGNORECASE)
_HEADERS = re.compile(rb"[ \t]*+\r?\n(?>[^\r\n]++\r?\n)*+\r?\n")


def boundary_of(content_type: str | None) -> bytes | None:
    """The boundary that a content type states; None if it is not multipart."""
    if content_type is None or not content_type.lower().startswith("multipart/"):
        return None
    header = Message()
    header["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    boundary = header.get_boundary()
    return boundary.encode("utf-8", "surrogateescape") if boundary else None


def first_boundary(head: bytes) -> bytes | None:
    """The boundary that a body seems to begin with."""
    match = _FIRST_LINES.match(head)
    return match.group(1).rstrip(b" \t") or None if match else None


def part_bodies(window: Window, boundary: bytes, budget: Budget) -> Iterator[tuple[str | None, Window]]:
    """The bodies between the boundaries, from the first boundary on, with the names of files that their headers state.

    Each must be read to its end before the next.
    """
    delimiter = b"--" + boundary
    while True:
        window.cursor += len(delimiter)
        if window.peek(2) == b"--":
            window.cursor += 2
            return
        window.fill(_LONGEST_HEADERS)
        headers = _HEADERS.match(window.data, window.cursor)
        if headers is None:
            return
        window.cursor = headers.end()
        name = _FILE_NAME.search(headers.group())
        body = Window(_body(window, delimiter))
        yield None if name is None else (name[1] or name[2]).decode("utf-8", "replace"), body
        if not window.fill(1):
            budget.report(window.location(), 0, "multipart without its closing boundary", b"")
            return


def _body(window: Window, delimiter: bytes) -> Iterator[Chunk]:
    """Everything up to the next boundary, where the cursor is left; the line end before it belongs to the boundary."""
    if window.peek(len(delimiter)) == delimiter:
        return
    needle = b"\n" + delimiter
    while True:
        window.fill(_STEP)
        start, location = window.cursor, window.location()
        found = window.data.find(needle, start)
        if found >= 0:
            end = found - 1 if found > start and window.data[found - 1 : found] == b"\r" else found
            window.cursor = found + 1
        else:
            # A boundary, with a carriage return before it, may lie across the end of the window.
            end = len(window.data) if window.ended else max(start, len(window.data) - len(needle) - 1)
            window.cursor = end
        yield Chunk(window.data[start:end], location.offset, location.exact)
        if found >= 0 or (window.ended and window.cursor == len(window.data)):
            return
