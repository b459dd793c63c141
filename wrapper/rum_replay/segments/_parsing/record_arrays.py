"""The list `records`: single records out of it, each as its bytes, and how to go on behind one that is damaged."""

from __future__ import annotations

import re

import msgspec

from .budget import Reading
from .events import Records
from .json_text import OBJECT, MalformedError, skip_string, skip_value
from .window import Window

__all__ = ["looks_like_record", "skip_damage", "skip_item", "whole_records"]

_LIKELY = 1 << 16
_RAW = 1 << 12
_TRIES = 64
# Looking for a record behind a damaged one may cost as much as a thousand looks at the head of something.
_COST = 1_000
# As many at once as there are: a list of a million numbers is one report, not a million.
_SCALARS = re.compile(rb"[-+.0-9A-Za-z]++(?:[ \t\r\n]*+,[ \t\r\n]*+[-+.0-9A-Za-z]++)*+")
_BETWEEN = re.compile(rb"\}[ \t\r\n]*,(?=[ \t\r\n]*\{[ \t\r\n]*\")")


def whole_records(window: Window, reading: Reading, end: int) -> Records:
    """Those that stand in the window one behind the other, the first of which has its end there."""
    match = OBJECT.match
    place, data, cursor, items = window.place(), window.data, window.cursor, list[bytes]()
    while (record := match(data, cursor)) is not None:
        items.append(record.group(1))
        cursor = record.end()
        if not record.group(2):
            break
    if not items:
        # It is nested more deeply than the pattern reaches.
        items, cursor = [data[window.cursor : end]], end
    elif not _is_json(b"[" + b",".join(items) + b"]"):
        items, cursor = _until_damage(window, reading, items)
    window.cursor = cursor
    reading.count_records(place, len(items))
    return Records(items)


def _until_damage(window: Window, reading: Reading, items: list[bytes]) -> tuple[list[bytes], int]:
    """The items up to the first that is no JSON, and where to go on.

    One with a quote too few or too many may have swallowed others: then it is passed over, else it is kept.
    """
    kept: list[bytes] = []
    cursor = window.cursor
    for item in items:
        window.cursor = window.data.index(item, cursor)
        cursor = window.cursor + len(item)
        if not _is_json(item) and skip_damage(window, reading, cursor):
            return kept, window.cursor
        kept.append(item)
    return kept, cursor


def skip_damage(window: Window, reading: Reading, end: int | None = None) -> bool:
    """Go to the next record in the window, or before an index in it; False where there is none.

    The cursor stands at a record whose end was not found: a byte of it is wrong, such as a missing quote, it is
    cut off, or it is very large.
    """
    # Without filling the window, which would move what indexes mean.
    place, raw = window.place(), window.data[window.cursor : window.cursor + _RAW]
    tries = range(min(reading.tries, _TRIES))
    commas = _BETWEEN.finditer(window.data, window.cursor, len(window.data) if end is None else end)
    for _, comma in zip(tries, commas, strict=False):
        reading.tries -= _COST
        record = OBJECT.match(window.data, comma.end())
        if record is not None and _is_record(record.group(1)):
            window.cursor = comma.end()
            length = window.position - place.unpacked
            reason = "a record that is damaged, or larger than Limits.max_record"
            reading.cannot_read(place, length, reason, raw[:length])
            return True
    return False


def skip_item(window: Window, reading: Reading, byte: bytes) -> None:
    """Go over an item of `records` that is no object, or one that is too large or cut off."""
    place, raw = window.place(), window.peek(_RAW)
    reason = "an item of records that is no object"
    if byte in b"{[":
        whole = skip_value(window, reading)
        reason = reason if byte == b"[" else "a record that is larger than Limits.max_record"
    elif byte == b'"':
        window.cursor += 1
        whole = skip_string(window)
    else:
        window.fill(_LIKELY)
        scalars = _SCALARS.match(window.data, window.cursor)
        if scalars is None:
            raise MalformedError(f"{byte!r} among records")
        window.cursor, whole = scalars.end(), True
    length = window.position - place.unpacked
    reading.cannot_read(place, length, reason if whole else "a record that is cut off", raw[:length])
    if not whole:
        raise MalformedError("JSON that is cut off")


class _Head(msgspec.Struct):
    type: int
    timestamp: float


_head = msgspec.json.Decoder(_Head)
_list = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder(msgspec.Raw)


def _is_json(text: bytes) -> bool:
    try:
        (_list if text.startswith(b"[") else _any).decode(text)
    except msgspec.MsgspecError:
        return False
    except RecursionError:
        return True  # nested deeply, which is not wrong
    return True


def _is_record(item: bytes) -> bool:
    try:
        _head.decode(item)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def looks_like_record(item: bytes) -> bool:
    """Also one that is damaged or nested too deeply to be decoded."""
    return _is_record(item) or (b'"type"' in item and b'"timestamp"' in item and b'"records"' not in item)
