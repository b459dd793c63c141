"""Segments on one line, as the SDK writes them, split by the JSON decoder at once: faster than walking through them.

Anything that is not exactly such a line is left to the walk in `json_documents`, so the result is always the same.
"""

from __future__ import annotations

import re

import msgspec

from .events import Records, SegmentEnd
from .record_arrays import looks_like_record
from .string_text import START_OF_UPLOAD
from .window import Window

__all__ = ["LONGEST_METADATA", "RELEVANT", "one_line_segment"]

LONGEST_METADATA = 1 << 18
"""Bytes of the members of a segment that are kept; no recorder writes as many."""

_LONGEST_LINE = 1 << 19
_LONGEST_START = 64
_BEGINS = re.compile(rb'\{[ \t]*+"records"[ \t]*+:[ \t]*+\[[ \t]*+\{')
RELEVANT = re.compile(
    rb'"records(?:_count)?\\*+"|"(?:H4sI|e[AFJN]|LS[0-3]|eyJyZWNvcmRz)[A-Za-z0-9+/_-]{12}|"' + START_OF_UPLOAD
)
"""A value without any of these holds no records, also in strings, no metadata of a segment, no upload as text, and no
base64 of gzip, zlib, multipart or a segment."""

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items = msgspec.json.Decoder(list[msgspec.Raw])


def one_line_segment(window: Window, max_record: int) -> tuple[Records, SegmentEnd] | None:
    """The segment at the cursor if all of it is on one line; the cursor does not move."""
    begins = _BEGINS.match(window.peek(_LONGEST_START))
    if begins is None:
        return None
    window.fill(_LONGEST_LINE)
    data, start = window.data, window.cursor
    # If the name occurred twice, the decoder would drop the first of its values.
    again = data.find(b'"records"', start + begins.end(), start + _LONGEST_LINE)
    end = data.find(b"\n", start, start + _LONGEST_LINE if again < 0 else again)
    if end < 0 and again < 0 and window.ended and len(data) - start <= _LONGEST_LINE:
        end = len(data)
    if end < 0:
        return None
    line = data[start:end].rstrip()
    try:
        members = _members.decode(line)
        items = [bytes(item) for item in _items.decode(members.pop("records"))]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    metadata = b"{" + b",".join([msgspec.json.encode(name) + b":" + bytes(raw) for name, raw in members.items()]) + b"}"
    is_too_large = len(metadata) > LONGEST_METADATA or (len(line) > max_record and max(map(len, items)) > max_record)
    # Of all bytes that a JSON value may begin with, the brace is the highest.
    if is_too_large or not looks_like_record(items[0]) or not min(items).startswith(b"{"):
        return None
    if any(match.group() != b'"records_count"' for match in RELEVANT.finditer(metadata)):
        return None
    return Records(items), SegmentEnd(metadata, window.location(), len(line), complete=True)
