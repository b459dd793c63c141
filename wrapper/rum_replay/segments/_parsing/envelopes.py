"""What segments may be wrapped in, told by their first bytes, since nothing documents it: gzip, zlib, raw deflate,
multipart, base64, JSON, each within the others, and several one behind the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .base64_text import decode_base64, head_of_base64
from .budget import Reading
from .compression import header_size, inflate, unpacks_to
from .events import Event
from .json_documents import find_records
from .multipart import first_boundary, parts
from .window import Window

__all__ = ["unpack"]

_HEAD = 1 << 12
_STEP = 1 << 16
_RAW = 1 << 12
# Between documents: blanks, zeros, the separator of JSON text sequences (RFC 7464), a byte order mark.
_BLANK = re.compile(rb"(?:[\s\x00\x1e]++|\xef\xbb\xbf)*+")
_JSON = re.compile(rb'\{\s*+["}]|\[\s*+[\[\]{"\d]|"[A-Za-z0-9+/_-]{16}')
# Where to look again behind something unreadable; fewer than `_kind` knows, as chance makes some of those.
_MARK = re.compile(rb'\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|\{\s*+"|\[\s*+\{|--[^\s-][^\r\n]{0,200}\r?\n')

_Reader = Callable[[Window, Reading, int], Iterator[Event]]


def unpack(window: Window, reading: Reading, depth: int = 0, boundary: bytes | None = None) -> Iterator[Event]:
    """All records in a stream, whatever they are wrapped in; what cannot be read is reported and passed over.

    `boundary` is that of a content type. Raises SegmentLimitError.
    """
    if depth > reading.limits.max_depth:
        reading.stop("max_depth", window.place(), "envelopes within envelopes")
    if boundary is not None and window.peek(_STEP).startswith(b"--" + boundary):
        yield from _read_parts(window, reading, depth, boundary)
    while window.skip_all(_BLANK):
        if depth == 0:
            reading.unit = window.position
        read = _reader_of(window.peek(_HEAD)) if reading.tries > 0 else None
        if read is None:
            _pass_over(window, reading)
            continue
        before = window.position
        yield from read(window, reading, depth)
        if window.position == before:
            _pass_over(window, reading)


def _reader_of(head: bytes) -> _Reader | None:
    """Who reads what begins like this; None where nobody does."""
    if _JSON.match(head) is not None:
        return _read_json
    size = header_size(head)
    if size is not None:
        begins = unpacks_to(head[size:])
        # A short head may hold no more than the tables of a compressed stream.
        if begins is not None and (not begins or _is_known(begins)):
            return _read_compressed
    if first_boundary(head) is not None:
        return _read_parts
    decoded = head_of_base64(head)
    if decoded is not None and _is_known(decoded):
        return _read_base64
    begins = unpacks_to(head)
    if begins and _is_known(begins):
        return _read_compressed
    return None


def _is_known(head: bytes) -> bool:
    head = head.lstrip()
    return (
        not head  # blanks, and more to come
        or _JSON.match(head) is not None
        or first_boundary(head) is not None
        or ((size := header_size(head)) is not None and unpacks_to(head[size:]) is not None)
        or ((decoded := head_of_base64(head)) is not None and _is_known(decoded))
    )


def _read_compressed(window: Window, reading: Reading, depth: int) -> Iterator[Event]:
    return unpack(Window(inflate(window, reading)), reading, depth + 1)


def _read_base64(window: Window, reading: Reading, depth: int) -> Iterator[Event]:
    return unpack(Window(decode_base64(window, reading)), reading, depth + 1)


def _read_json(window: Window, reading: Reading, depth: int) -> Iterator[Event]:
    return find_records(window, reading, lambda inner: unpack(inner, reading, depth + 1))


def _read_parts(window: Window, reading: Reading, depth: int, boundary: bytes | None = None) -> Iterator[Event]:
    boundary = boundary or first_boundary(window.peek(_HEAD))
    assert boundary is not None  # or this would not have been chosen
    for body in parts(window, boundary, reading):
        yield from unpack(body, reading, depth + 1)


def _pass_over(window: Window, reading: Reading) -> None:
    """Go to the next byte that something known might begin at, and report what lies between."""
    place, raw = window.place(), window.peek(_RAW)
    window.cursor += 1
    while True:
        window.fill(_STEP)
        mark = _MARK.search(window.data, window.cursor) if reading.tries > 0 else None
        if mark is None:
            # A mark may stand across the end of the window, whose last bytes are looked at again.
            window.cursor = len(window.data) if window.ended else max(window.cursor, len(window.data) - 256)
            if window.ended or not window.fill(_STEP):
                window.cursor = len(window.data)
                break
            continue
        window.cursor = mark.start()
        reading.tries -= 1
        if _reader_of(window.peek(_HEAD)) is not None:
            break
        window.cursor += 1
    length = window.position - place.unpacked
    reason = "nothing that is known" if reading.tries > 0 else "nothing that is known; too much of it to look further"
    reading.cannot_read(place, length, reason, raw[:length])
