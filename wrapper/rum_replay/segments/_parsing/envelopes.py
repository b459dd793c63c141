"""What segments may be wrapped in, recognized by its first bytes, since nothing documents it: gzip, zlib, raw deflate,
multipart, base64, JSON, ZIP, tar, each within the others, and several one after another; and images beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..._gzip_zlib import LIKELY_START, header_at
from .archives import ArchivedFile, is_tar, is_zip, next_in_tar, next_in_zip
from .base64_text import decode_base64, decode_base64_head
from .budget import SAMPLE_SIZE, Budget, Restart
from .compression import inflate, inflate_head
from .events import Event
from .json_documents import find_records
from .multipart import first_boundary, part_bodies
from .resources import id_of_file, read_image
from .window import Window

__all__ = ["unpack"]

_HEAD = 1 << 12
_STEP = 1 << 16
# Longer than any start that `_LIKELY_START` finds, except for one with very many blanks.
_OVERLAP = 1 << 8
# Between documents: blanks, zeros, the separator of JSON text sequences (RFC 7464), a byte order mark.
_BLANK = re.compile(rb"(?:[\s\x00\x1e]++|\xef\xbb\xbf)*+")
_JSON = re.compile(rb'\{\s*+["}]|\[\s*+[\[\]{"\d]|"[A-Za-z0-9+/_-]{16}|"(?>\s|\\++["nrt])*+[\[{][\[{\s]*+\\')
# Where to try again after something unreadable; fewer than `_parser_of` knows, as some of those occur by chance.
_LIKELY_START = re.compile(LIKELY_START + rb'|PK\x03\x04|\{\s*+"|\[\s*+\{|--[^\s-][^\r\n]{0,200}\r?\n')

_Parser = Callable[[Window, Budget, int], Iterator[Event]]


def unpack(
    window: Window, budget: Budget, depth: int = 0, boundary: bytes | None = None, id: str | None = None
) -> Iterator[Event]:
    """All records in a stream, whatever they are wrapped in; what cannot be read is reported and skipped.

    `boundary` is that of a content type; `id` is for an image, if the stream is one. Raises SegmentLimitError.
    """
    if depth > budget.limits.max_depth:
        budget.stop("max_depth", window.location(), "envelopes within envelopes")
    if boundary is not None and window.peek(_STEP).startswith(b"--" + boundary):
        yield from _parse_multipart(window, budget, depth, boundary)
    if id is not None:
        yield from read_image(window, budget, id)
    while window.skip_all(_BLANK):
        if depth == 0:
            budget.restart = Restart(window.position, budget.attempts_left)
        parse = _parser_of(window.peek(_HEAD)) if budget.attempts_left > 0 else None
        if parse is None:
            _skip_unknown(window, budget)
            continue
        before = window.position
        yield from parse(window, budget, depth)
        if window.position == before:
            _skip_unknown(window, budget)


def _parser_of(head: bytes) -> _Parser | None:
    """The parser for what begins like this; None if it is unknown."""
    parse = _plain_parser_of(head)
    if parse is not None:
        return parse
    header = header_at(head)
    if header is not None:
        unpacked = inflate_head(head[header.size :])
        # A short head may hold no more than the tables of a compressed stream.
        if unpacked is not None and (not unpacked or _is_known(unpacked)):
            return _parse_compressed
    decoded = decode_base64_head(head)
    if decoded is not None and _is_known(decoded):
        return _parse_base64
    unpacked = inflate_head(head)
    if unpacked and _is_known(unpacked):
        return _parse_compressed
    return None


def _plain_parser_of(head: bytes) -> _Parser | None:
    """The same for what is neither compressed nor encoded."""
    if _JSON.match(head) is not None:
        return _parse_json
    if first_boundary(head) is not None:
        return _parse_multipart
    if is_zip(head):
        return _parse_zip
    return _parse_tar if is_tar(head) else None


def _is_known(head: bytes) -> bool:
    head = head.lstrip()
    return (
        not head  # blanks, and more to come
        or _plain_parser_of(head) is not None
        or ((header := header_at(head)) is not None and inflate_head(head[header.size :]) is not None)
        or ((decoded := decode_base64_head(head)) is not None and _is_known(decoded))
    )


def _parse_compressed(window: Window, budget: Budget, depth: int) -> Iterator[Event]:
    return unpack(Window(inflate(window, budget)), budget, depth + 1)


def _parse_base64(window: Window, budget: Budget, depth: int) -> Iterator[Event]:
    return unpack(Window(decode_base64(window, budget)), budget, depth + 1)


def _parse_json(window: Window, budget: Budget, depth: int) -> Iterator[Event]:
    return find_records(window, budget, lambda inner: unpack(inner, budget, depth + 1))


def _parse_multipart(window: Window, budget: Budget, depth: int, boundary: bytes | None = None) -> Iterator[Event]:
    boundary = boundary or first_boundary(window.peek(_HEAD))
    assert boundary is not None  # or this parser would not have been chosen
    for name, body in part_bodies(window, boundary, budget):
        yield from unpack(body, budget, depth + 1, id=name)


def _parse_zip(window: Window, budget: Budget, depth: int) -> Iterator[Event]:
    return _parse_files(next_in_zip(window, budget), budget, depth)


def _parse_tar(window: Window, budget: Budget, depth: int) -> Iterator[Event]:
    return _parse_files(next_in_tar(window), budget, depth)


def _parse_files(files: Iterator[ArchivedFile], budget: Budget, depth: int) -> Iterator[Event]:
    for file in files:
        yield from unpack(file.content, budget, depth + 1, id=id_of_file(file.name))


def _skip_unknown(window: Window, budget: Budget) -> None:
    """Go to the next byte that something known might begin at, and report the bytes before it."""
    location, sample = window.location(), window.peek(SAMPLE_SIZE)
    window.cursor += 1
    while True:
        window.fill(_STEP)
        start = _LIKELY_START.search(window.data, window.cursor) if budget.attempts_left > 0 else None
        if start is None:
            end = len(window.data)
            if window.ended:
                window.cursor = end
                break
            # A start may lie across the end of the window, so its last bytes are searched again with those that follow.
            window.cursor = max(window.cursor, end - _OVERLAP)
            continue
        window.cursor = start.start()
        budget.attempts_left -= 1
        if _parser_of(window.peek(_HEAD)) is not None:
            break
        window.cursor += 1
    length = window.position - location.stream_offset
    reason = "unknown format" if budget.attempts_left > 0 else "unknown format; too much of it to search further"
    budget.report(location, length, reason, sample[:length])
