"""Segments that stand in one line, as the SDK writes them, split by the decoder at once: faster than the walk.

Whatever is not exactly such a line is left to the walk, so that both give the same.
"""

from __future__ import annotations

import re

import msgspec

from .events import Records, SegmentEnd
from .record_arrays import looks_like_record
from .window import Window

__all__ = ["OF_INTEREST", "whole_document"]

_MOST = 1 << 19
_BEGINS = b'{"records":[{'
# A value without these holds neither records nor a segment's metadata, nor anything compressed.
OF_INTEREST = re.compile(rb'"records(?:_count)?"|"(?:H4sI|e[AFJN]|eyJyZWNvcmRz)[A-Za-z0-9+/_-]{12}')

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items = msgspec.json.Decoder(list[msgspec.Raw])


def whole_document(window: Window) -> tuple[Records, SegmentEnd] | None:
    """The segment at the cursor if all of it stands in one line; the cursor stays."""
    if window.peek(len(_BEGINS)) != _BEGINS:
        return None
    window.fill(_MOST)
    data, start = window.data, window.cursor
    end = data.find(b"\n", start, start + _MOST)
    if end < 0 and window.ended and len(data) - start <= _MOST:
        end = len(data)
    # A name that comes twice would hide the first of its values.
    if end < 0 or data.count(b'"records"', start, end) != 1:
        return None
    line = data[start:end].rstrip()
    try:
        members = _members.decode(line)
        items = [bytes(item) for item in _items.decode(members.pop("records"))]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    metadata = b"{" + b",".join([msgspec.json.encode(name) + b":" + bytes(raw) for name, raw in members.items()]) + b"}"
    # Of all bytes that a JSON value may begin with, the brace is the highest.
    if not looks_like_record(items[0]) or not min(items).startswith(b"{"):
        return None
    if any(match.group() != b'"records_count"' for match in OF_INTEREST.finditer(metadata)):
        return None
    return Records(items), SegmentEnd(metadata, window.place(), len(line), whole=True)
