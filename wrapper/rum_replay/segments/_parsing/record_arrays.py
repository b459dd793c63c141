"""The list `records`: its records one by one, each as its bytes, and how to go on after a damaged one."""

from __future__ import annotations

import re

import msgspec

from .budget import SAMPLE_SIZE, Budget
from .events import Records
from .json_text import LOOKAHEAD, OBJECT, MalformedError, skip_string, skip_value
from .window import Window

__all__ = ["complete_records", "looks_like_record", "skip_damage", "skip_item"]

# Objects to look at within a damaged record; each may take as long as a thousand looks at the head of something else.
_ATTEMPTS = 64
_COST_OF_ATTEMPT = 1_000
# All of them at once: a list of a million numbers is one report, not a million.
_SCALARS = re.compile(rb"[-+.0-9A-Za-z]++(?>[ \t\r\n]*+,[ \t\r\n]*+[-+.0-9A-Za-z]++)*+")
_BETWEEN = re.compile(rb"\}[ \t\r\n]*+,(?=[ \t\r\n]*+\{[ \t\r\n]*+\")")


def complete_records(window: Window, budget: Budget, end: int) -> Records:
    """The records from the cursor on that are complete in the window; `end` is the index after the first of them."""
    match, max_record = OBJECT.match, budget.limits.max_record
    location, data, cursor, items = window.location(), window.data, window.cursor, list[bytes]()
    while (record := match(data, cursor)) is not None:
        item = record.group(1)
        if len(item) > max_record:
            break
        items.append(item)
        cursor = record.end()
        if not record.group(2):
            break
    if not items:
        # It is nested deeper than the pattern goes.
        items, cursor = [data[window.cursor : end]], end
    elif not _is_json(b"[" + b",".join(items) + b"]"):
        count = len(items)
        items, cursor = _until_damage(window, budget, items)
        window.cursor = cursor
        budget.count_records(location, len(items))
        return Records(items, are_followed_by_damage=len(items) < count)
    window.cursor = cursor
    budget.count_records(location, len(items))
    return Records(items)


def _until_damage(window: Window, budget: Budget, items: list[bytes]) -> tuple[list[bytes], int]:
    """The items up to the first one that is not JSON, and the index to go on at; fewer items if that one is skipped.

    An item with a quote too few or too many may include others that follow it: then it is skipped, otherwise kept.
    """
    kept: list[bytes] = []
    cursor = window.cursor
    for item in items:
        window.cursor = window.data.index(item, cursor)
        cursor = window.cursor + len(item)
        if not _is_json(item) and skip_damage(window, budget, cursor):
            return kept, window.cursor
        kept.append(item)
    return kept, cursor


def skip_damage(window: Window, budget: Budget, end: int | None = None) -> bool:
    """Go to the next record in the window, or before the index `end` in it; False if there is none.

    The cursor is at a record whose end was not found: a byte of it is wrong or missing, such as a quote, it is
    truncated, or it is very large.
    """
    # Without filling the window, which would change the meaning of `end`.
    location, sample = window.location(), window.data[window.cursor : window.cursor + SAMPLE_SIZE]
    attempts = range(min(budget.attempts_left, _ATTEMPTS))
    commas = _BETWEEN.finditer(window.data, window.cursor, len(window.data) if end is None else end)
    for _, comma in zip(attempts, commas, strict=False):
        budget.attempts_left -= _COST_OF_ATTEMPT
        record = OBJECT.match(window.data, comma.end())
        if record is not None and _is_record(record.group(1)):
            window.cursor = comma.end()
            length = window.position - location.stream_offset
            reason = "a record that is damaged, or larger than Limits.max_record"
            budget.report(location, length, reason, sample[:length])
            return True
    return False


def skip_item(window: Window, budget: Budget, byte: bytes) -> None:
    """Go past an item of `records` that is not an object, or that is too large or truncated."""
    location, sample = window.location(), window.peek(SAMPLE_SIZE)
    reason = "an item of `records` that is not an object"
    if byte in b"{[":
        complete = skip_value(window, budget)
        reason = reason if byte == b"[" else "a record larger than Limits.max_record"
    elif byte == b'"':
        window.cursor += 1
        complete = skip_string(window)
    else:
        window.fill(LOOKAHEAD)
        scalars = _SCALARS.match(window.data, window.cursor)
        if scalars is None:
            raise MalformedError(f"{byte!r} among records")
        window.cursor, complete = scalars.end(), True
    length = window.position - location.stream_offset
    budget.report(location, length, reason if complete else "a truncated record", sample[:length])
    if not complete:
        raise MalformedError("truncated JSON")


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
        return True  # deeply nested, which is allowed
    return True


def _is_record(item: bytes) -> bool:
    try:
        _head.decode(item)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def looks_like_record(item: bytes) -> bool:
    """Whether this is a record, including one that is damaged or too deeply nested to be decoded."""
    return _is_record(item) or (b'"type"' in item and b'"timestamp"' in item and b'"records"' not in item)
